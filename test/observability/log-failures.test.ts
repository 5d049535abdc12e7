import { execFile, execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LoggingProcess, startLoggingProcess } from './logging-process.ts';

const UPDATE = `mutation { updateRemoteHelpSessionResponse(id: "session-1", input: { deviceName: "Tablet" }) {
  remoteHelpSessionResponse { deviceName } } }`;
const READ = '{ remoteHelpSessionResponse(id: "session-1") { sessionKey } }';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'gateway-log-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A pipe as a shell makes one: blocking, with a reader that does nothing unless it is told to. */
function pipe() {
  const path = join(folder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const open = new Set<number>();
  const opened = (flags: number) => {
    const descriptor = openSync(path, flags);
    open.add(descriptor);
    return descriptor;
  };
  const close = (descriptor: number) => {
    if (open.delete(descriptor)) closeSync(descriptor);
  };
  const reader = opened(constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = opened(constants.O_WRONLY);
  onTestFinished(() => {
    for (const descriptor of [...open]) close(descriptor);
  });
  return {
    writer,
    /** Nobody reads any more. */
    leave: () => close(reader),
    /** Takes all the room that there is. */
    fill() {
      const filler = opened(constants.O_WRONLY | constants.O_NONBLOCK);
      expect(writeSync(filler, `${'x'.repeat(64 * 1024 - 1)}\n`)).toBe(64 * 1024);
      close(filler);
    },
    /** All that comes until the gateway has ended. */
    async read() {
      const all = promisify(execFile)('cat', [path], { maxBuffer: 100 * 1024 * 1024 });
      // The reader of this test keeps the pipe alive until `cat` has opened it, and its writer until then too.
      await new Promise((resolve) => setTimeout(resolve, 50));
      close(writer);
      return (await all).stdout;
    },
  };
}

async function ask(gateway: LoggingProcess, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let done = 0; done < count; done += 20) {
    const some = Array.from({ length: Math.min(20, count - done) }, (_, index) =>
      gateway.ask(index % 2 ? READ : UPDATE),
    );
    ids.push(...(await Promise.all(some)));
  }
  return ids;
}

async function endsInPeace(gateway: LoggingProcess) {
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
}

/** The request ids of audit lines; each line must be whole. */
function audited(log: string): string[] {
  return log.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    const { reqId, audit } = JSON.parse(line) as { reqId: string; audit?: unknown };
    return audit === undefined ? [] : [reqId];
  });
}

describe('a log that cannot be written', () => {
  it('on a full disk stops no answer, and not the end', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const gateway = await startLoggingProcess(full);
    expect(await ask(gateway, 60)).toHaveLength(60);
    await endsInPeace(gateway);
  });

  it('because its reader has gone stops no answer, and not the end', async () => {
    const { writer, leave } = pipe();
    const gateway = await startLoggingProcess(writer);
    leave();
    expect(await ask(gateway, 60)).toHaveLength(60);
    await endsInPeace(gateway);
  });

  it('because its reader, of a socket, has gone stops no answer, and not the end', async () => {
    const gateway = await startLoggingProcess('pipe');
    gateway.child.stdout?.destroy();
    expect(await ask(gateway, 60)).toHaveLength(60);
    await endsInPeace(gateway);
  });

  it('because its reader, of a socket, stands still stops no answer, and not the end', async () => {
    const gateway = await startLoggingProcess('pipe', { LOG_LEVEL: 'trace' });
    gateway.child.stdout?.pause();
    expect(await ask(gateway, 1000)).toHaveLength(1000);
    await endsInPeace(gateway);
  });

  it('because its reader stands still stops no answer, and not the end', async () => {
    const { writer, fill } = pipe();
    fill();
    const gateway = await startLoggingProcess(writer);
    expect(await ask(gateway, 100)).toHaveLength(100);
    await endsInPeace(gateway);
  });

  it('is written in full when its reader reads on', async () => {
    const { writer, fill, read } = pipe();
    fill();
    const gateway = await startLoggingProcess(writer);
    const ids = await ask(gateway, 100);
    const log = read();
    ids.push(...(await ask(gateway, 20)));
    await endsInPeace(gateway);
    expect(audited(await log).sort()).toEqual(ids.sort());
  });
});
