import { execFile, execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { type LoggingProcess, startLoggingProcess } from '../observability/logging-process.ts';

const OPERATIONS = [
  'mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "x" }) { remoteHelpSessionResponse { deviceName } } }',
  '{ remoteHelpSessionResponse(id: "session-1") { acsHelperUserToken } }',
  '{ remoteHelpSessionResponsesById(ids: ["session-1", "session-2"]) { deviceName sessionKey } }',
];
const ANSWERS = 300;

/** Keeps many operations going, and kills the gateway in the middle. @returns the ids of those that were answered */
async function killedWhileAnswering(gateway: LoggingProcess): Promise<string[]> {
  const answered: string[] = [];
  const callers = Array.from({ length: 24 }, async (_, caller) => {
    for (let turn = caller; ; turn += 1) answered.push(await gateway.ask(OPERATIONS[turn % 3] ?? ''));
  });
  while (answered.length < ANSWERS) await new Promise(setImmediate);
  gateway.child.kill('SIGKILL');
  await Promise.allSettled(callers);
  expect(await gateway.ended).toEqual({ code: null, signal: 'SIGKILL' });
  return answered;
}

function expectAudited(log: string, answered: readonly string[]) {
  const told = new Set<string>();
  // The last line may be half of one: its operation was not answered.
  for (const line of log.split('\n').slice(0, -1)) {
    if (!line.startsWith('{')) continue;
    const { reqId, audit } = JSON.parse(line) as { reqId: string; audit?: unknown };
    if (audit !== undefined) told.add(reqId);
  }
  expect(answered.length).toBeGreaterThanOrEqual(ANSWERS);
  expect(answered.filter((id) => !told.has(id))).toEqual([]);
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'gateway-audit-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it.each(['info', 'silent'])(
  'after a kill -9 no answered operation lacks its audit line in a file, at LOG_LEVEL=%s',
  async (level) => {
    const file = join(folder(), 'log');
    const descriptor = openSync(file, 'w');
    onTestFinished(() => closeSync(descriptor));
    const gateway = await startLoggingProcess(descriptor, { LOG_LEVEL: level });
    const answered = await killedWhileAnswering(gateway);
    expectAudited(readFileSync(file, 'utf8'), answered);
  },
);

it('nor in a pipe', async () => {
  const path = join(folder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const log = promisify(execFile)('cat', [path], { maxBuffer: 100 * 1024 * 1024 });
  const writer = openSync(path, constants.O_WRONLY);
  const gateway = await startLoggingProcess(writer);
  closeSync(writer);
  const answered = await killedWhileAnswering(gateway);
  expectAudited((await log).stdout, answered);
});

it('nor in a socket', async () => {
  const gateway = await startLoggingProcess('pipe');
  let log = '';
  gateway.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const closed = new Promise((resolve) => gateway.child.stdout?.once('close', resolve));
  const answered = await killedWhileAnswering(gateway);
  await closed;
  expectAudited(log, answered);
});
