/**
 * Opens the Sandbox page of a gateway on the emulator in a headless Chromium and checks that it works there.
 *
 *   node test/browser/sandbox.ts [path of Chromium, by default "chromium"] [more flags for it]
 *
 * Where Apollo's CDN cannot be reached the page shows Apollo's own text for that, and the rest is checked all the same:
 * what the page would open with, and that its policy lets the page itself, and only it, do what the Sandbox does.
 */
import { strict as assert } from 'node:assert';
import { loadConfig } from '../../src/config.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { firstInput, firstOperation } from '../../src/graphql/sandbox.ts';
import { loadSchemaSource } from '../../src/graphql/schema.ts';
import { createLog } from '../../src/observability/create-log.ts';
import { buildServer } from '../../src/server.ts';
import { startChromium } from './chromium.ts';

const emulator = await startEmulator();
const schema = loadSchemaSource();
const authorization = async () => `Bearer ${await emulator.entra.mintToken()}`;
const { app } = await buildServer(loadConfig({ ...emulator.env, HOST: '127.0.0.1', PORT: '0' }), {
  ...createLog({
    level: 'silent',
    sensitiveFields: [],
    secrets: [],
    output: { write: () => {}, writeNow: () => undefined },
  }),
  schema,
  sandbox: { sessionId: 'session-1', authorization },
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });
const [executable = 'chromium', ...flags] = process.argv.slice(2);
const page = await startChromium(executable, flags);

/** In the page: the prefilled operation, sent as the Sandbox sends it. */
const SEND_FIRST_OPERATION = `fetch(location.href, {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...embeddedSandboxConfig.initialState.headers },
  body: JSON.stringify({
    query: embeddedSandboxConfig.initialState.document,
    variables: embeddedSandboxConfig.initialState.variables,
  }),
}).then((answer) => answer.json())`;

try {
  // By the way that a person takes.
  await page.open(`${url}/`);
  assert.equal(await page.evaluate('location.pathname'), '/graphql');

  const embedded = (await page.evaluate('typeof EmbeddedSandbox')) === 'function';
  if (embedded) assert.equal(await page.evaluate("document.querySelectorAll('#embeddableSandbox iframe').length"), 1);
  else assert.match(String(await page.evaluate('document.body.innerText')), /Apollo Sandbox cannot be loaded/);

  const { document, variables, headers } = (await page.evaluate('embeddedSandboxConfig.initialState')) as {
    document: string;
    variables: unknown;
    headers: { Authorization: string };
  };
  assert.equal(document, firstOperation);
  assert.deepEqual(variables, { id: 'session-1', input: firstInput });
  assert.match(headers.Authorization, /^Bearer eyJ/);
  assert.deepEqual(await page.evaluate(SEND_FIRST_OPERATION), {
    data: {
      updateRemoteHelpSessionResponse: {
        remoteHelpSessionResponse: {
          id: 'session-1',
          ...firstInput,
          sessionExpirationDateTime: '2031-03-01T09:30:00.1234567-08:00',
        },
      },
    },
  });
  // Apollo's styles are let in: the fallback is indented by 1em.
  assert.equal(await page.evaluate("getComputedStyle(document.querySelector('.fallback')).paddingLeft"), '16px');
  const violations = () => page.said.filter((line) => /Content Security Policy|Refused to/.test(line));
  assert.deepEqual(violations(), []);

  // What the Sandbox does not need is refused: other scripts, other addresses.
  await page.evaluate(
    "document.body.append(Object.assign(document.createElement('script'), { text: 'var planted = 1' }))",
  );
  assert.equal(await page.evaluate('typeof planted'), 'undefined');
  assert.equal(await page.evaluate(`fetch('${emulator.graph.origin}').then(() => 'sent', () => 'refused')`), 'refused');
  assert.ok(violations().length >= 2);
  process.stdout.write(
    `The Sandbox page works in Chromium${embedded ? '' : ' (without the Sandbox itself: the CDN was not reached)'}.\n`,
  );
} finally {
  await page.close();
  await app.close();
  await emulator.close();
}
