import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { projectFile } from '../documents/project.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';

/** The project as `npm ci --omit=dev` leaves it, as far as the explorer goes. */
function projectWithoutDevelopmentPackages(): string {
  const root = mkdtempSync(join(tmpdir(), 'omit-dev-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const name of ['src', 'schema.graphql', 'package.json', 'README.md']) {
    cpSync(projectFile(name), join(root, name), { recursive: true });
  }
  mkdirSync(join(root, 'node_modules'));
  const missing = ['openid-client', '@graphql-yoga', '.cache', '.bin'];
  for (const name of readdirSync(projectFile('node_modules'))) {
    if (missing.includes(name)) continue;
    symlinkSync(projectFile(`node_modules/${name}`), join(root, 'node_modules', name));
  }
  return root;
}

it('an install without development packages starts, serves the page, and says what is missing for the rest', async () => {
  const root = projectWithoutDevelopmentPackages();
  const gateway = startGatewayProcess({}, { main: join(root, 'src/main.ts') });
  const url = await gateway.url();
  const page = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  const signIn = await fetch(`${url}/sign-in`, { redirect: 'manual' });
  expect(signIn.status).toBe(424);
  expect(await signIn.text()).toContain('openid-client is not installed');
  const folder = /"graphiql":"([^"]+)"/.exec(await page.text())?.[1];
  const script = await fetch(`${url}${folder}/graphiql.js`);
  expect(script.status).toBe(404);
  expect(gateway.stderr()).toBe('');
});
