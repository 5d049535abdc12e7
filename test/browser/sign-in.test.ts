import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startChromium } from './chromium.ts';
import { answerOf, CLAIMS, graphiqlReady, openExplorer, places, updateUntilStepUp } from './explorer.ts';

const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

const [ada, bjorn] = samplePeople;

it.each(places)('the second person signs in with the keyboard alone (page at %s)', async (_place, atLocalhost) => {
  const { page, origin, whereTokensMayNotBe, complaints } = await openExplorer(browser, {
    path: '/graphql?explorer=graphiql',
    atLocalhost,
  });
  await graphiqlReady(page);
  await page.getByRole('link', { name: /Sign in/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /Björn/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${origin}/graphql?explorer=graphiql`);
  await graphiqlReady(page);
  expect(await page.locator('#person').textContent()).toBe(bjorn?.name);
  await page.keyboard.press('Control+Enter');
  await answerOf(page).getByText('Reception tablet').waitFor();
  expect(await whereTokensMayNotBe()).not.toMatch(TOKEN);
  expect(complaints).toEqual([]);
  // And stays so when the page is loaded again.
  await page.reload();
  await graphiqlReady(page);
  expect(await page.locator('#person').textContent()).toBe(bjorn?.name);
});

it('an operation without a token leads to sign-in, and what was written is there afterwards', async () => {
  const { page, origin } = await openExplorer(browser, { emulator: false });
  await graphiqlReady(page);
  expect(await page.locator('#person').textContent()).toBe('');
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('query Mine { remoteHelpSessionResponses(first: 1) { nodes { deviceName } } }');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Nobody is signed in.').waitFor();
  await page.locator('#notice').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: /Ada/ }).click();
  await page.waitForURL(`${origin}/graphql`);
  await page.locator('.graphiql-query-editor').getByText('Mine').waitFor();
  await page.getByRole('button', { name: 'Send again' }).click();
  await answerOf(page).getByText('Reception tablet').waitFor();
  expect(await page.locator('#person').textContent()).toBe(ada?.name);
});

it.each(places)(
  'claims that Entra wants are met, and the operation is sent again (page at %s)',
  async (_place, atLocalhost) => {
    const explorer = await openExplorer(browser, { path: '/graphql?explorer=graphiql', atLocalhost });
    const { page, origin } = explorer;
    await updateUntilStepUp(explorer);
    // Whatever control it is taken by, the sign-in is for these claims.
    for (const control of await page.getByRole('link', { name: /Sign in/ }).all()) {
      expect(new URL((await control.getAttribute('href')) ?? '').searchParams.get('claims')).toBe(CLAIMS);
    }
    // The offer has the focus.
    await page.keyboard.press('Enter');
    await page.waitForURL(/authorize/);
    expect(new URL(page.url()).searchParams.get('claims')).toBe(CLAIMS);
    await page.getByRole('link', { name: /Ada/ }).click();
    await page.waitForURL(`${origin}/graphql?explorer=graphiql`);
    await page
      .locator('.graphiql-query-editor')
      .getByText('updateRemoteHelpSessionResponse', { exact: true })
      .waitFor();
    await page.getByRole('button', { name: 'Send again' }).click();
    await answerOf(page).getByText('Pixel 9 of Ada').waitFor();
  },
);

it('a token that expired while the page was open leads to a new sign-in', async () => {
  const { page, gateway } = await openExplorer(browser, { path: '/graphql?explorer=graphiql' });
  await graphiqlReady(page);
  const expired = gateway.emulator.entra.mintToken({ exp: Math.floor(Date.now() / 1000) - 600 });
  await page.route('**/graphql', (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: `Bearer ${expired}` } }),
  );
  await page.keyboard.press('Control+Enter');
  await page.getByText('Your sign-in has expired').waitFor();
  expect(await page.locator('#person').textContent()).toBe('');
  expect(await page.locator('#notice').getByRole('link', { name: 'Sign in' }).isVisible()).toBe(true);
  expect(await page.locator('body').innerText()).not.toMatch(/\bat .*\.(ts|js):/);
});
