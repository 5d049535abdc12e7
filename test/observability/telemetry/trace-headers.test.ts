import { describe, expect, it } from 'vitest';
import { readTraceHeaders } from '../../../src/observability/telemetry/trace-headers.ts';
import { startGateway } from '../../support/gateway.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${PARENT}-01`;
const tracestate = 'vendor=opaque,other=1';

describe('W3C trace context in', () => {
  it.each([
    ['both headers', { traceparent, tracestate }, { traceparent, tracestate }],
    ['a trace that is not sampled', { traceparent: `00-${TRACE}-${PARENT}-00` }, {}],
    ['no tracestate', { traceparent }, { traceparent }],
    ['a later version', { traceparent: `cc-${TRACE}-${PARENT}-01` }, {}],
  ])('takes %s as they came', (_, headers, expected) => {
    expect(readTraceHeaders(headers)).toStrictEqual({ ...headers, ...expected });
  });

  it.each([
    ['nothing', {}],
    ['a tracestate alone', { tracestate }],
    ['upper case', { traceparent: traceparent.toUpperCase() }],
    ['a trace of zeros', { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` }],
    ['a parent of zeros', { traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` }],
    ['version ff', { traceparent: `ff-${TRACE}-${PARENT}-01` }],
    ['something longer', { traceparent: `${traceparent}-x` }],
    ['two of them', { traceparent: [traceparent, traceparent] }],
    ['a second line', { traceparent: `${traceparent}\r\nx: y` }],
  ])('ignores %s', (_, headers) => {
    expect(readTraceHeaders(headers)).toStrictEqual({});
  });

  it.each([
    ['too long', 'a'.repeat(513)],
    ['not ASCII', 'a=é'],
    ['a second line', 'a=1\r\nx: y'],
    ['empty', ''],
  ])('leaves out a tracestate that is %s', (_, state) => {
    expect(readTraceHeaders({ traceparent, tracestate: state })).toStrictEqual({ traceparent });
  });
});

describe('W3C trace context out, with telemetry off', () => {
  it('passes on to Graph what came', async () => {
    const { query, emulator } = await startGateway();
    const headers = { traceparent, tracestate, baggage: 'user=somebody' };
    await query('{ remoteHelpSessionResponse(id: "session-1") { deviceName } }', { headers });
    expect(emulator.graph.requests[0]?.headers).toMatchObject({ traceparent, tracestate });
    expect(emulator.graph.requests[0]?.headers).not.toHaveProperty('baggage');
  });

  it('sends none of its own', async () => {
    const { query, emulator } = await startGateway();
    await query('{ remoteHelpSessionResponse(id: "session-1") { deviceName } }', { headers: { traceparent: 'x' } });
    expect(emulator.graph.requests[0]?.headers).not.toHaveProperty('traceparent');
  });
});
