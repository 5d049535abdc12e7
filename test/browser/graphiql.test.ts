import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startChromium } from './chromium.ts';
import { answerOf, graphiqlReady, keptBy, openExplorer, write } from './explorer.ts';

const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

const [ada] = samplePeople;

describe('the explorer without internet', () => {
  it('is GraphiQL, signed in as the first sample person, and its first operation runs with Ctrl+Enter', async () => {
    const { page, complaints } = await openExplorer(browser);
    await graphiqlReady(page);
    expect(await page.locator('#person').textContent()).toBe(ada?.name);
    expect(await page.locator('header').getByText('Emulator').isVisible()).toBe(true);
    expect(await page.locator('#notice').textContent()).toContain('Apollo Sandbox cannot be loaded');
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Reception tablet').waitFor();
    // The browser says so itself when a script cannot be had; nothing else.
    expect(complaints.filter((each) => !/net::ERR/.test(each))).toEqual([]);
  });

  it('runs it with Ctrl+Enter in the editor as well, once', async () => {
    const { page, gateway } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
    await graphiqlReady(page);
    await page.locator('.graphiql-query-editor .view-lines').click();
    gateway.emulator.graph.clear();
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Reception tablet').waitFor();
    expect(gateway.emulator.graph.requests).toHaveLength(1);
  });

  it('runs the update, with its variables, and shows its result', async () => {
    const { page, gateway } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
    await graphiqlReady(page);
    await page.getByRole('tab', { name: /Update/ }).click();
    await page
      .locator('.graphiql-query-editor')
      .getByText('updateRemoteHelpSessionResponse', { exact: true })
      .waitFor();
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Pixel 9 of Ada').waitFor();
    await answerOf(page).getByText('TAKE_FULL_CONTROL').waitFor();
    expect(gateway.emulator.graph.sessions.get('session-1')).toMatchObject({ deviceName: 'Pixel 9 of Ada' });
  });

  it('asks no other origin for anything, and its policy refuses nothing that it needs', async () => {
    const { page, asked, complaints } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
    await graphiqlReady(page);
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Reception tablet').waitFor();
    // The workers have been at it: completion comes from one.
    await page.locator('.graphiql-query-editor .view-line').nth(3).click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget.visible').getByText('acsGroupId').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Documentation Explorer/ }).click();
    await page.locator('.graphiql-doc-explorer').waitFor();
    expect(asked).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('refuses what it does not need: a script in the page, another address', async () => {
    const { page, gateway, complaints } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
    await graphiqlReady(page);
    const { origin } = gateway.emulator.graph;
    const fetched = await page.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { text: 'globalThis.planted = 1' }));
       fetch('${origin}/beta/').then(() => 'sent', () => 'refused')`,
    );
    expect(fetched).toBe('refused');
    expect(await page.evaluate('typeof globalThis.planted')).toBe('undefined');
    expect(complaints.join()).toMatch(/Content Security Policy/);
  });

  it('has no token in localStorage, a cookie or an address, nor in its own storage of tabs', async () => {
    const { page, whereTokensMayNotBe } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
    await graphiqlReady(page);
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-line').first().click();
    await page.keyboard.insertText('{"authorization":"Bearer eyJhbGciOiJub25lIn0.e30.c2ln"}');
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('UNAUTHENTICATED').waitFor();
    expect(await whereTokensMayNotBe()).not.toMatch(TOKEN);
    expect(await page.locator('header').innerHTML()).not.toMatch(TOKEN);
    expect(await page.locator('#explorer-data').count()).toBe(0);
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
    expect(await page.evaluate("sessionStorage.getItem('explorer.work.graphiql:tabState')")).not.toMatch(TOKEN);
  });
});

describe('what cannot be', () => {
  it.each(['{"x device": "1"}', '{"x-name": "Łukasz"}'])('is told as that: the headers %s', async (headers) => {
    const { page } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
    await graphiqlReady(page);
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-line').first().click();
    await page.keyboard.insertText(headers);
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Nothing was sent').waitFor();
  });

  it('is told as that: a script that did not come, and one whose package is missing', async () => {
    const path = '/graphql?explorer=graphiql';
    const cut = await openExplorer(browser, {
      path,
      prepare: (page) => page.route('**/graphiql-*/graphiql.js', (route) => route.abort()),
    });
    await cut.page.getByText('Is the gateway still running?').waitFor();
    await cut.page.unroute('**/graphiql-*/graphiql.js');
    await cut.page.getByRole('link', { name: 'Load again' }).click();
    await graphiqlReady(cut.page);
    const missing = await openExplorer(browser, {
      path,
      prepare: (page) => page.route('**/graphiql-*/graphiql.js', (route) => route.fulfill({ status: 404 })),
    });
    await missing.page.getByText('npm ci').waitFor();
  });
});

it('an operation runs whose name is behind a comment', async () => {
  const { page } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
  await graphiqlReady(page);
  await write(page, 'query # mine\nOne { one: __typename }\nquery Two { __typename }');
  await keptBy(page, 'query Two');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+Enter');
  await answerOf(page).getByText('one').waitFor();
});

it("a tab's × closes it at the first press", async () => {
  const { page } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
  await graphiqlReady(page);
  const close = page.getByRole('button', { name: 'Close Tab' }).filter({ visible: true }).first();
  const box = await close.boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
  await page.mouse.down();
  // As long as a hand takes.
  await page.waitForTimeout(120);
  await page.mouse.up();
  await expect.poll(() => page.getByRole('tab').allInnerTexts()).toEqual(['UpdateSession']);
});
