import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { projectFile, readProjectFile } from '../documents/project.ts';
import { startGateway } from '../support/gateway.ts';

/** Instructions of the Dockerfile, one each, continued lines joined, comments left out. */
const instructions = readProjectFile('Dockerfile')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** The instructions of a stage, without its FROM. */
function stage(name: string): string[] {
  const start = instructions.findIndex((line) => line.startsWith('FROM ') && line.endsWith(` AS ${name}`));
  const rest = instructions.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('FROM '));
  return end === -1 ? rest : rest.slice(0, end);
}
const told = (name: string, word: string) =>
  stage(name)
    .filter((line) => line.startsWith(`${word} `))
    .map((line) => line.slice(word.length + 1));

describe('the image', () => {
  test('is made from the very Node that package.json pins, by digest, in each stage', () => {
    const { devDependencies } = JSON.parse(readProjectFile('package.json')) as { devDependencies: { node: string } };
    expect(instructions[0]).toMatch(
      new RegExp(`^ARG NODE=node:${devDependencies.node.replaceAll('.', '\\.')}-slim@sha256:[0-9a-f]{64}$`),
    );
    const bases = instructions.filter((line) => line.startsWith('FROM '));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's own placeholder
    for (const base of bases) expect(base).toContain('FROM ${NODE} AS ');
    expect(bases.at(-1), 'without --target it is the gateway').toMatch(/ AS gateway$/);
  });

  test.each(['gateway', 'emulator'])(
    'runs the %s as a numbered user without rights, and Node itself gets the signals',
    (name) => {
      expect(told(name, 'USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      const flags = name === 'gateway' ? ['--no-allocation-site-pretenuring'] : [];
      expect(JSON.parse(told(name, 'CMD')[0] ?? '')).toEqual(['node', ...flags, `dist/${name}/main.js`]);
      expect(told(name, 'LABEL').join(' ')).toMatch(/image\.title=.*image\.description=.*image\.licenses="MIT"/);
    },
  );

  test('is production for the gateway, and never for the emulator', () => {
    expect(told('gateway', 'ENV')).toContain('NODE_ENV=production');
    expect(told('emulator', 'ENV').join(' ')).not.toContain('NODE_ENV');
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
  });

  test('tells by its health check whether the gateway lives, wherever it listens, and starts no Node for it', async () => {
    const [, check = ''] = /CMD \["(.*)"\]$/.exec(told('gateway', 'HEALTHCHECK')[0] ?? '') ?? [];
    expect(readProjectFile(check)).not.toMatch(/\bnode\b/);
    const code = (env: Record<string, string>) =>
      new Promise((resolve) => {
        execFile(projectFile(check), { env: { PATH: process.env.PATH, ...env } }, (error) => resolve(error?.code ?? 0));
      });
    const { url, server } = await startGateway();
    const { port: PORT } = new URL(url);
    expect(await code({ PORT })).toBe(0);
    expect(await code({ PORT, HOST: '127.0.0.1' })).toBe(0);
    expect(await code({ PORT, HOST: '127.0.0.2' })).toBe(1);
    await server.app.close();
    expect(await code({ PORT })).toBe(1);
    const broken = createServer((_request, response) => response.writeHead(500).end());
    broken.listen(0, '127.0.0.1');
    onTestFinished(() => void broken.close());
    await once(broken, 'listening');
    expect(await code({ PORT: String((broken.address() as AddressInfo).port) })).toBe(1);
  });
});

describe('what is in the image', () => {
  let root = '';
  /** Somebody who may write nowhere in there; root cannot be kept from it. */
  const nobody = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};
  const readOnly = (mode: number, folder = root) => {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? mode : 0o555);
    }
    chmodSync(folder, mode);
  };

  beforeAll(() => {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: projectFile('.'), stdio: 'pipe' });
    root = mkdtempSync(join(tmpdir(), 'image-'));
    execFileSync(process.execPath, ['deploy/image/open-telemetry.ts', join(root, 'dist')], { cwd: projectFile('.') });
    for (const path of ['package.json', 'schema.graphql', 'deploy/image', 'dist/gateway', 'dist/emulator']) {
      cpSync(projectFile(path), join(root, path), { recursive: true });
    }
    try {
      linkSync(process.execPath, join(root, 'node'));
    } catch {
      copyFileSync(process.execPath, join(root, 'node'));
    }
    return () => {
      readOnly(0o755);
      rmSync(root, { recursive: true });
    };
  }, 60_000);

  const run = (name: string, env: Record<string, string>) => {
    const [, ...argv] = JSON.parse(told(name, 'CMD')[0] ?? '') as string[];
    const child = spawn(join(root, 'node'), argv, { cwd: root, env, ...nobody });
    onTestFinished(() => void child.kill('SIGKILL'));
    return { child, exited: once(child, 'exit') };
  };

  test('is enough for the gateway, with traces, as a user who may write nothing; and what it compiled is used', async () => {
    readOnly(0o777);
    const path = `${root}:${process.env.PATH}`;
    execFileSync(join(root, 'deploy/image/warm-up.sh'), { env: { PATH: path }, ...nobody, stdio: 'pipe' });
    readOnly(0o555);
    const emulator = await startEmulator();
    onTestFinished(() => emulator.close());
    const { child, exited } = run('gateway', {
      ...emulator.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      SHUTDOWN_DRAIN_MS: '0',
      OTEL_TRACES_EXPORTER: 'console',
      NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
    });
    let compiled = '';
    child.stderr.on('data', (chunk) => {
      compiled += String(chunk);
    });
    const said = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += String(chunk);
        if (text.includes('GraphQL at ')) resolve(text);
      });
    });
    const [, url = ''] = /GraphQL at (\S+)/.exec(said) ?? [];
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await emulator.entra.mintToken()}` },
      body: JSON.stringify({ query: '{ remoteHelpSessionResponse(id: "session-1") { deviceName } }' }),
    });
    expect(await answer.json()).toEqual({ data: { remoteHelpSessionResponse: { deviceName: 'Reception tablet' } } });
    expect(compiled).toMatch(/run-gateway\.js.*\baccepted/);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  }, 60_000);

  test('says in one line that it is for production only', async () => {
    const { child, exited } = run('gateway', { NODE_ENV: 'development' });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += String(chunk);
    });
    expect(await exited).toEqual([1, null]);
    expect(said).toMatch(/^NODE_ENV: expected production;.*\n$/);
  });

  test('is enough for the emulator, which refuses to run in production', async () => {
    const refused = run('emulator', { NODE_ENV: 'production' });
    expect(await refused.exited).toEqual([1, null]);
    const { child, exited } = run('emulator', {});
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(said)).toContain('AZURE_AUTHORITY_HOST=');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  test('names the licence of each package that is bundled', () => {
    const licences = readFileSync(join(root, 'dist/gateway/THIRD-PARTY-LICENCES.txt'), 'utf8');
    for (const name of ['@apollo/server', '@azure/identity', 'fastify', 'graphql', 'undici']) {
      expect(licences).toMatch(new RegExp(`^==== ${name} \\d`, 'm'));
    }
  });
});
