import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** One page of a headless Chromium, driven over its DevTools protocol. */
export interface BrowserPage {
  /** Goes to the address and returns when the page has loaded. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page; a promise is awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Everything the page's console and the browser said about it. */
  readonly said: readonly string[];
  close(): Promise<void>;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
];

/** @param extraFlags such as `--host-resolver-rules=...` */
export async function startChromium(executable: string, extraFlags: readonly string[] = []): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const flags = [...FLAGS, ...extraFlags, `--user-data-dir=${profile}`, 'about:blank'];
  const browser = spawn(executable, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(browser, 'exit');
  const port = await debuggingPort(createInterface({ input: browser.stderr }));
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
    type: string;
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(targets.find(({ type }) => type === 'page')?.webSocketDebuggerUrl ?? '');
  await once(socket, 'open');

  const said: string[] = [];
  const answers = new Map<number, (result: unknown) => void>();
  let loaded = () => {};
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result, method, params } = JSON.parse(String(data));
    if (id !== undefined) answers.get(id)?.(result);
    if (method === 'Page.loadEventFired') loaded();
    if (method === 'Log.entryAdded') said.push(`${params.entry.source}: ${params.entry.text}`);
    if (method === 'Runtime.exceptionThrown') said.push(`exception: ${params.exceptionDetails.exception?.description}`);
    if (method === 'Runtime.consoleAPICalled') {
      said.push(`console: ${params.args.map((each: { value?: unknown }) => String(each.value)).join(' ')}`);
    }
  });
  const send = (method: string, params: Record<string, unknown> = {}) =>
    new Promise<unknown>((resolve) => {
      lastId += 1;
      answers.set(lastId, resolve);
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
  await Promise.all(['Page.enable', 'Log.enable', 'Runtime.enable'].map((method) => send(method)));

  return {
    said,
    async open(url) {
      const done = new Promise<void>((resolve) => {
        loaded = resolve;
      });
      await send('Page.navigate', { url });
      await done;
    },
    async evaluate(expression) {
      const result = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      return (result as { result: { value?: unknown } }).result.value;
    },
    async close() {
      socket.close();
      browser.kill();
      await exited;
      rmSync(profile, { recursive: true, maxRetries: 5 });
    },
  };
}

async function debuggingPort(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const port = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error('Chromium ended before it listened');
}
