import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { startGateway } from '../support/gateway.ts';
import { projectFile, readProjectFile } from './project.ts';

/** Instructions of the Dockerfile, one each, continued lines joined, comments left out. */
const instructions = readProjectFile('Dockerfile')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
/** The part behind the words that an instruction of the last stage begins with. */
const told = (words: string) => lastStage.find((line) => line.startsWith(`${words} `))?.slice(words.length + 1) ?? '';

describe('the image', () => {
  test('is made from the Node that package.json asks for', () => {
    const { engines } = JSON.parse(readProjectFile('package.json')) as { engines: { node: string } };
    const major = /^>=(\d+)/.exec(engines.node)?.[1];
    const bases = instructions.filter((line) => line.startsWith('FROM '));
    expect(bases.length).toBe(2);
    for (const base of bases) expect(base).toMatch(new RegExp(`^FROM node:${major}-slim\\b`));
  });

  test('holds production dependencies only, exactly those of the lock file', () => {
    expect(instructions).toContain('RUN npm ci --omit=dev');
    expect(told('ENV')).toBe('NODE_ENV=production');
  });

  test('runs as a numbered user without rights, and Node itself gets the signals', () => {
    expect(told('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(JSON.parse(told('CMD'))).toEqual(['node', 'src/main.ts']);
  });

  test('is copied from files that exist and that .dockerignore lets in', () => {
    const ignore = readProjectFile('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(ignore[0]).toBe('*');
    const letIn = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = instructions
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect([...new Set(copied)].sort()).toEqual(letIn.sort());
    expect(copied.filter((file) => !existsSync(projectFile(file)))).toEqual([]);
    expect(ignore.at(-1)).toBe('src/emulator');
  });

  test('needs no file beyond those, the emulator least of all', async () => {
    const root = mkdtempSync(join(tmpdir(), 'image-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    for (const path of ['package.json', 'schema.graphql', 'src']) {
      cpSync(projectFile(path), join(root, path), { recursive: true });
    }
    rmSync(join(root, 'src/emulator'), { recursive: true });
    symlinkSync(projectFile('node_modules'), join(root, 'node_modules'));
    const emulator = await startEmulator();
    onTestFinished(() => emulator.close());
    const env = { ...emulator.env, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0', SHUTDOWN_DRAIN_MS: '0' };
    const gateway = spawn(process.execPath, ['src/main.ts'], { cwd: root, env });
    onTestFinished(() => void gateway.kill('SIGKILL'));
    const exited = once(gateway, 'exit');
    let said = '';
    for await (const chunk of gateway.stdout) {
      said += String(chunk);
      if (said.includes('GraphQL at ')) break;
    }
    expect(said).toContain('GraphQL at ');
    gateway.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  test('tells by its health check whether the gateway lives, with nothing but Node', async () => {
    const [, command = '[]'] = /CMD (\[.*\])$/.exec(told('HEALTHCHECK')) ?? [];
    const [program, ...args] = JSON.parse(command) as string[];
    expect(program).toBe('node');
    const check = (port: string) =>
      new Promise((resolve) => {
        execFile(process.execPath, args, { env: { PORT: port } }, (error) => resolve(error?.code ?? 0));
      });
    const { url, server } = await startGateway();
    const { port } = new URL(url);
    expect(await check(port)).toBe(0);
    await server.app.close();
    expect(await check(port)).toBe(1);
  });
});
