import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { codeIn, tableBelow } from './markdown.ts';
import { readProjectFile } from './project.ts';

const page = readProjectFile('docs/operating.md');
/** What pino puts into every line. */
const PINO = ['level', 'time', 'msg'];

async function linesOfAnUpdate() {
  const { query, logs } = await startGateway();
  await query(
    'mutation Name { updateRemoteHelpSessionResponse(id: "no-such-session", input: { deviceName: "x" }) { remoteHelpSessionResponse { id } } }',
    { headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } },
  );
  const line = async (msg: string) => {
    await expect.poll(() => logs().some((each) => each.msg === msg)).toBe(true);
    return logs().find((each) => each.msg === msg) as Record<string, unknown>;
  };
  return { operation: await line('operation'), update: await line('update') };
}

test('the page for operators names the fields of the line that an operation writes', async () => {
  const { operation } = await linesOfAnUpdate();
  const fields = tableBelow(page, 'Operation lines', 'field').flatMap(([cell = '']) => codeIn(cell));
  // They are there only when there is something to say.
  const rare = ['clientGone', 'causes', 'clientRequestIds'];
  const always = Object.keys(operation).filter((name) => !rare.includes(name));
  expect([...always, ...rare].sort()).toEqual([...fields, ...PINO].sort());
});

test('the page for operators names the fields of the line that an update writes', async () => {
  const { update } = await linesOfAnUpdate();
  const told = tableBelow(page, 'Audit lines', 'field').flatMap(([cell = '']) => codeIn(cell));
  // They are there only when there is something to say.
  const rare = ['read', 'unknownSessions'];
  expect([...Object.keys(update.audit as object), ...rare].sort()).toEqual(told.sort());
});
