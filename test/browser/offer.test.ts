import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startChromium } from './chromium.ts';
import {
  answerOf,
  CLAIMS,
  graphiqlReady,
  openExplorer,
  openTabs,
  SANDBOX_SCRIPT,
  STEP_UP,
  updateUntilStepUp,
} from './explorer.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

const [ada, bjorn] = samplePeople;
const graphiql = { path: '/graphql?explorer=graphiql', atLocalhost: true };
const EXPIRED = 'Your sign-in has expired';

const notice = (page: Page) => page.locator('#notice');
const offerLink = (page: Page) => notice(page).getByRole('link', { name: 'Sign in' });
const isFocused = (page: Page) => offerLink(page).evaluate((element) => element.matches(':focus'));

/** From now on the gateway refuses every token. */
const refuseTokens = (page: Page) =>
  page.route('**/graphql', (route) => {
    const { authorization, ...headers } = route.request().headers();
    return route.continue({
      headers: { ...headers, ...(authorization && { authorization: 'Bearer no.token.atall' }) },
    });
  });

describe('the focus', () => {
  it('stays with who types when an answer comes late', async () => {
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { page } = await openExplorer(browser, { ...graphiql, emulator: false });
    await graphiqlReady(page);
    await page.locator('.graphiql-query-editor .view-line').first().click();
    await page.route('**/graphql', async (route) => {
      await late;
      await route.continue();
    });
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+End');
    await page.keyboard.type('# my next');
    answer();
    await page.getByRole('alert').getByText('Nobody is signed in.').waitFor();
    await page.keyboard.type(' thought');
    await page.locator('.graphiql-query-editor').getByText('# my next thought').waitFor();
    expect(await isFocused(page)).toBe(false);
  });

  it('is not moved for what a tool asks by itself', async () => {
    const { page } = await openExplorer(browser, graphiql);
    await graphiqlReady(page);
    await refuseTokens(page);
    const refetch = page.getByRole('button', { name: /Re-fetch/ });
    await refetch.click();
    await page.getByRole('alert').getByText(EXPIRED).waitFor();
    expect(await isFocused(page)).toBe(false);
  });
});

describe('an offer', () => {
  it('is not taken back by an answer with errors', async () => {
    const explorer = await openExplorer(browser, graphiql);
    const { page } = explorer;
    await updateUntilStepUp(explorer);
    await page.route('**/graphql', (route) =>
      route.fulfill({ json: { data: { remoteHelpSessionResponses: null }, errors: [{ message: 'something else' }] } }),
    );
    await page.keyboard.press('Escape');
    await page.locator('header h1').click();
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('something else').waitFor();
    expect(await page.getByText(STEP_UP).isVisible()).toBe(true);
    expect(new URL((await offerLink(page).getAttribute('href')) ?? '').searchParams.get('claims')).toBe(CLAIMS);
  });

  it('is not taken back by the answer to an older request, but by that to a newer one', async () => {
    let answer = () => {};
    const late = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const explorer = await openExplorer(browser, graphiql);
    const { page, gateway } = explorer;
    await openTabs(page, [
      { query: '{ __typename }' },
      { query: '{ remoteHelpSessionResponses(first: 1) { nodes { id } } }' },
    ]);
    await page.route('**/graphql', async (route) => {
      const isOlder = route.request().postData()?.includes('"{ __typename }"');
      if (isOlder) await late;
      await route.continue();
    });
    await page.keyboard.press('Control+Enter');
    await page.getByRole('tab').nth(1).click();
    gateway.emulator.entra.requireClaimsFor(ada?.oid ?? '', CLAIMS);
    await page.locator('.graphiql-query-editor').getByText('nodes').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText(STEP_UP).waitFor();
    const older = page.waitForResponse(
      (response) => response.request().postData()?.includes('"{ __typename }"') === true,
    );
    answer();
    await (await older).finished();
    await page.getByRole('tab').nth(0).click();
    await page.locator('.graphiql-query-editor').getByText('__typename').waitFor();
    expect(await page.getByText(STEP_UP).isVisible()).toBe(true);
    await page.keyboard.press('Control+Enter');
    await notice(page).waitFor({ state: 'hidden' });
  });

  it('is not overwritten by what the page says of its tools', async () => {
    const { page, gateway } = await openExplorer(browser, {
      atLocalhost: true,
      prepare: (page) => page.route(SANDBOX_SCRIPT, (route) => route.abort()),
    });
    await graphiqlReady(page);
    const expired = gateway.emulator.entra.mintToken({
      oid: bjorn?.oid ?? '',
      exp: Math.floor(Date.now() / 1000) - 600,
    });
    await page.evaluate((token) => sessionStorage.setItem('explorer.token', token), expired);
    await page.reload();
    await answerOf(page).waitFor();
    await page.getByText(EXPIRED).waitFor();
    // The tool has said by then what it says.
    await page.waitForTimeout(500);
    expect(await page.getByText(EXPIRED).isVisible()).toBe(true);
  });
});

describe('who is signed in', () => {
  it('is drawn anew when the token is dropped while a sign-in is wanted already', async () => {
    const explorer = await openExplorer(browser, graphiql);
    const { page } = explorer;
    await updateUntilStepUp(explorer);
    await refuseTokens(page);
    await page.getByRole('button', { name: /Re-fetch/ }).click();
    await expect.poll(() => page.locator('#person').textContent()).toBe('');
    expect(await page.getByText(STEP_UP).isVisible()).toBe(true);
  });

  it('does not become another person without a word when a sign-in has expired', async () => {
    const { page, gateway } = await openExplorer(browser, graphiql);
    await graphiqlReady(page);
    const expired = (oid: string | undefined = '') =>
      gateway.emulator.entra.mintToken({ oid, exp: Math.floor(Date.now() / 1000) - 600 });
    const reloadWith = async (token: string) => {
      await page.evaluate((token) => sessionStorage.setItem('explorer.token', token), token);
      await page.reload();
      await graphiqlReady(page);
    };
    await reloadWith(expired(bjorn?.oid));
    await page.getByText(EXPIRED).waitFor();
    expect(await page.locator('#person').textContent()).toBe('');
    // The same person as the page's own token is signed in as before.
    await reloadWith(expired(ada?.oid));
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Reception tablet').waitFor();
    expect(await page.locator('#person').textContent()).toBe(ada?.name);
  });
});
