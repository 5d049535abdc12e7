import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogOutput } from '../../../src/observability/log/log-output.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A place to write to that takes so many bytes and then fails, as the kernel would. */
function scene() {
  const kernel = { text: '', writes: 0, room: Number.POSITIVE_INFINITY, code: 'EAGAIN' };
  const standStill = vi.fn();
  const output = createLogOutput({
    standStill,
    clock: () => 1000,
    writeSome(bytes, offset) {
      if (kernel.room === 0) throw Object.assign(new Error('no'), { code: kernel.code });
      const part = bytes.subarray(offset, offset + kernel.room);
      kernel.text += part;
      kernel.writes += 1;
      kernel.room -= part.length;
      return part.length;
    },
  });
  return { kernel, output, standStill };
}

const line = (text: string) => `${text}\n`;
const MEGABYTE = 1024 * 1024;
const settled = async (promise: Promise<void> | undefined) => {
  let done = false;
  void promise?.then(() => {
    done = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return promise === undefined || done;
};

describe('while all is well', () => {
  it('writes ordinary lines together, within a tenth of a second', () => {
    const { kernel, output } = scene();
    for (const text of ['a', 'b', 'c']) output.write(line(text));
    vi.advanceTimersByTime(99);
    expect(kernel.text).toBe('');
    vi.advanceTimersByTime(1);
    expect(kernel).toMatchObject({ text: 'a\nb\nc\n', writes: 1 });
  });

  it('does not wait that long when there are many', () => {
    const { kernel, output } = scene();
    output.write(line('x'.repeat(48 * 1024)));
    expect(kernel.text).toHaveLength(48 * 1024 + 1);
  });

  it('has written an audit line, and all before it in one write, when it is back', () => {
    const { kernel, output } = scene();
    output.write(line('before'));
    expect(output.writeNow(line('audit'))).toBeUndefined();
    expect(kernel).toMatchObject({ text: 'before\naudit\n', writes: 1 });
  });

  it('writes on where a write ended in the middle of a letter', () => {
    const { kernel, output } = scene();
    const written: Buffer[] = [];
    const other = createLogOutput({
      writeSome(bytes, offset) {
        written.push(bytes.subarray(offset, offset + 1));
        return 1;
      },
    });
    other.writeNow(line('é€𝄞'));
    expect(Buffer.concat(written).toString()).toBe('é€𝄞\n');
    expect(kernel.text).toBe('');
    output.end();
  });
});

describe('a reader that stands still', () => {
  it('has an audit line waited for until it reads on', async () => {
    const { kernel, output } = scene();
    kernel.room = 3;
    const written = output.writeNow(line('audit'));
    expect(await settled(written)).toBe(false);
    kernel.room = Number.POSITIVE_INFINITY;
    await vi.advanceTimersByTimeAsync(20);
    expect(await settled(written)).toBe(true);
    expect(kernel.text).toBe('audit\n');
  });

  it('has it waited for no longer than a quarter of a second, and only once', async () => {
    const { kernel, output } = scene();
    kernel.room = 0;
    const [first, second] = [output.writeNow(line('1')), output.writeNow(line('2'))];
    await vi.advanceTimersByTimeAsync(249);
    expect([await settled(first), await settled(second)]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([await settled(first), await settled(second)]).toEqual([true, true]);
    expect(output.writeNow(line('3'))).toBeUndefined();
    kernel.room = Number.POSITIVE_INFINITY;
    await vi.advanceTimersByTimeAsync(20);
    expect(kernel.text).toBe('1\n2\n3\n');
    kernel.room = 0;
    expect(output.writeNow(line('4'))).toBeInstanceOf(Promise);
  });

  it('has only what was before it waited for', async () => {
    const { kernel, output } = scene();
    kernel.room = 0;
    const first = output.writeNow(line('1'));
    output.write(line('x'.repeat(60 * 1024)));
    const last = output.writeNow(line('2'));
    kernel.room = 61 * 1024;
    await vi.advanceTimersByTimeAsync(20);
    kernel.room = 0;
    expect([await settled(first), await settled(last)]).toEqual([true, true]);
    output.write(line('y'));
    const behind = output.writeNow(line('3'));
    expect(await settled(behind)).toBe(false);
  });

  it('costs no more than a megabyte of ordinary lines, and four with audit lines', () => {
    const { kernel, output } = scene();
    kernel.room = 0;
    const kilobyte = line('x'.repeat(1023));
    for (let count = 0; count < 3000; count += 1) output.write(kilobyte);
    expect(output.lost.ordinary).toBeGreaterThanOrEqual(3000 - 1024 - 50);
    expect(output.lost.audit).toBe(0);
    for (let count = 0; count < 6000; count += 1) void output.writeNow(kilobyte);
    expect(output.lost.audit).toBeGreaterThanOrEqual(6000 - 4096);
    kernel.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(20);
    expect(kernel.text.length).toBeLessThan(4.2 * MEGABYTE);
  });

  it('is told what it missed, once, when it reads on', () => {
    const { kernel, output } = scene();
    kernel.room = 0;
    const kilobyte = line('x'.repeat(1023));
    for (let count = 0; count < 1100; count += 1) output.write(kilobyte);
    for (let count = 0; count < 3100; count += 1) void output.writeNow(kilobyte);
    const { ordinary, audit } = output.lost;
    expect(ordinary).toBeGreaterThan(0);
    expect(audit).toBeGreaterThan(0);
    kernel.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(20);
    output.writeNow(line('{}'));
    const told = kernel.text.split('\n').filter((each) => each.startsWith('{"'));
    expect(told.map((each) => JSON.parse(each))).toEqual([
      {
        level: 50,
        time: 1000,
        linesLost: ordinary,
        auditLinesLost: audit,
        cause: 'EAGAIN',
        msg: 'log lines were lost',
      },
    ]);
  });

  it('is told so too when it never catches up', () => {
    const { kernel, output } = scene();
    kernel.room = 0;
    const kilobyte = line('x'.repeat(1023));
    for (let count = 0; count < 1200; count += 1) output.write(kilobyte);
    for (let turn = 0; turn < 40; turn += 1) {
      kernel.room = 40 * 1024;
      vi.advanceTimersByTime(20);
      kernel.room = 0;
      for (let count = 0; count < 100; count += 1) output.write(kilobyte);
    }
    expect(kernel.text).toContain('log lines were lost');
  });

  it('cannot keep the process from ending', () => {
    const { kernel, output, standStill } = scene();
    kernel.room = 0;
    output.write(line('last'));
    output.end();
    const stood = standStill.mock.calls.reduce((sum, [milliseconds]) => sum + milliseconds, 0);
    expect(stood).toBeLessThanOrEqual(500);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gets the last lines when it reads on at the end', () => {
    const { kernel, output, standStill } = scene();
    kernel.room = 0;
    standStill.mockImplementation(() => {
      kernel.room = 100;
    });
    output.write(line('last'));
    output.end();
    expect(kernel.text).toBe('last\n');
    expect(standStill).toHaveBeenCalledOnce();
  });
});

describe.each(['ENOSPC', 'EPIPE', 'EIO'])('%s', (code) => {
  it('is no reason to stop, to fail or to forget what may be written later', async () => {
    const { kernel, output } = scene();
    Object.assign(kernel, { room: 0, code });
    output.write(line('before'));
    const written = output.writeNow(line('audit'));
    await vi.advanceTimersByTimeAsync(250);
    expect(await settled(written)).toBe(true);
    kernel.room = Number.POSITIVE_INFINITY;
    await vi.advanceTimersByTimeAsync(500);
    expect(kernel.text).toBe('before\naudit\n');
  });

  it('does not keep the process from ending for a moment', () => {
    const { kernel, output, standStill } = scene();
    Object.assign(kernel, { room: 0, code });
    output.write(line('last'));
    output.end();
    expect(standStill).not.toHaveBeenCalled();
  });
});
