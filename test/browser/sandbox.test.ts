import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from './chromium.ts';
import { graphiqlReady, openExplorer, SANDBOX_SCRIPT } from './explorer.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

/** What the embedding script of Apollo is to this page: a constructor that is told how to begin, and how to send. */
const STAND_IN = `globalThis.EmbeddedSandbox = class {
  constructor(options) {
    globalThis.told = options;
    document.querySelector(options.target).append('a sandbox');
  }
};`;
const serveSandbox = (page: Page) =>
  page.route(SANDBOX_SCRIPT, (route) => route.fulfill({ contentType: 'text/javascript', body: STAND_IN }));

describe("where Apollo's script can be had", () => {
  it('the page is Sandbox, which is given no token and sends through the page', async () => {
    const { page, gateway, complaints, whereTokensMayNotBe } = await openExplorer(browser, { prepare: serveSandbox });
    await page.getByText('a sandbox').waitFor();
    const told = await page.evaluate('JSON.parse(JSON.stringify(globalThis.told))');
    expect(JSON.stringify(told)).not.toMatch(/eyJ|authorization/i);
    expect(told).toMatchObject({
      initialEndpoint: `${gateway.url}/graphql`,
      initialState: {
        document: expect.stringMatching(/^query Sessions.*mutation UpdateSession/s),
        variables: { id: 'session-1' },
      },
    });
    // Whatever address it names, what is sent goes here.
    const answer = await page.evaluate(`globalThis.told.handleRequest('https://evil.example/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ remoteHelpSessionResponses(first: 1) { nodes { deviceName } } }' }),
    }).then((response) => response.json())`);
    expect(answer).toEqual({ data: { remoteHelpSessionResponses: { nodes: [{ deviceName: 'Reception tablet' }] } } });
    expect(await page.locator('[data-choice=sandbox]').getAttribute('aria-current')).toBe('page');
    expect(await whereTokensMayNotBe()).not.toMatch(/eyJ[\w-]+\.eyJ/);
    expect(complaints).toEqual([]);
  });

  it('on a real tenant it is not asked for unless it is chosen', async () => {
    const { page, asked } = await openExplorer(browser, { emulator: false, prepare: serveSandbox });
    await graphiqlReady(page);
    expect(asked).toEqual([]);
    await page.getByRole('link', { name: 'Sandbox' }).click();
    await page.getByText('a sandbox').waitFor();
  });
});

describe("where Apollo's script cannot be had", () => {
  it.each(['blockedbyclient', 'connectionrefused', 'namenotresolved'])(
    '(%s) the page is GraphiQL at once',
    async (reason) => {
      const { page } = await openExplorer(browser, {
        prepare: (page) => page.route(SANDBOX_SCRIPT, (route) => route.abort(reason)),
      });
      await graphiqlReady(page);
      expect(await page.locator('[data-choice=graphiql]').getAttribute('aria-current')).toBe('page');
    },
  );

  it('because a server answers with an error, the page is GraphiQL', async () => {
    const { page } = await openExplorer(browser, {
      prepare: (page) => page.route(SANDBOX_SCRIPT, (route) => route.fulfill({ status: 503, body: 'no' })),
    });
    await graphiqlReady(page);
  });

  it('because nobody answers, the page is GraphiQL after a while', async () => {
    const { page } = await openExplorer(browser, {
      prepare: async (page) => {
        await page.clock.install();
        await page.route(SANDBOX_SCRIPT, () => new Promise(() => {}));
      },
    });
    await page.clock.runFor(10_000);
    await page.locator('.graphiql-container').first().waitFor();
  });

  it('and it was asked for, the page says so, and offers GraphiQL', async () => {
    const { page } = await openExplorer(browser, {
      path: '/graphql?explorer=sandbox',
      prepare: (page) => page.route(SANDBOX_SCRIPT, (route) => route.abort()),
    });
    await page.getByRole('alert').getByText('Apollo Sandbox cannot be loaded').waitFor();
    expect(await page.locator('.graphiql-container').count()).toBe(0);
    await page.getByRole('link', { name: 'Open GraphiQL' }).click();
    await graphiqlReady(page);
  });
});
