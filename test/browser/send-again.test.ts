import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startChromium } from './chromium.ts';
import {
  answerOf,
  type Explorer,
  graphiqlReady,
  openExplorer,
  places,
  STEP_UP,
  updateUntilStepUp,
} from './explorer.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

const [ada] = samplePeople;
/** Runs in the page. */
const PRESS_AT_ONCE = `
  const observer = new MutationObserver(() => {
    const button = [...document.querySelectorAll('#notice button')].find((each) => each.textContent === 'Send again');
    if (button === undefined) return;
    observer.disconnect();
    button.click();
  });
  observer.observe(document, { childList: true, subtree: true });
`;

it.each(places)(
  'an operation that was sent at once, before GraphiQL kept it, is sent again (page at %s)',
  async (_place, atLocalhost) => {
    const explorer = await openExplorer(browser, {
      path: '/graphql?explorer=graphiql',
      atLocalhost,
      // GraphiQL keeps its tabs after half a second. A person may be quicker.
      prepare: (page) =>
        page.addInitScript(() => {
          const original = globalThis.setTimeout;
          const patient = (work: () => void, ms?: number) => original(work, ms === 500 ? 600_000 : ms);
          Object.assign(globalThis, { setTimeout: patient });
        }),
    });
    await updateUntilStepUp(explorer);
    await signInAs(explorer, 'Ada');
    await sendAgain(explorer.page).click();
    await answerOf(explorer.page).getByText('Pixel 9 of Ada').waitFor();
  },
);

it('Send again can be pressed as soon as it is there', async () => {
  const explorer = await openExplorer(browser, { path: '/graphql?explorer=graphiql', atLocalhost: true });
  await updateUntilStepUp(explorer);
  await explorer.page.addInitScript(PRESS_AT_ONCE);
  await signInAs(explorer, 'Ada');
  await answerOf(explorer.page).getByText('Pixel 9 of Ada').waitFor();
});

it('what a tool asks for itself takes no offer back', async () => {
  let answerSchema = () => {};
  const asked = new Promise<void>((resolve) => {
    answerSchema = resolve;
  });
  const explorer = await openExplorer(browser, {
    path: '/graphql?explorer=graphiql',
    prepare: (page) =>
      page.route('**/graphql', async (route) => {
        if (route.request().postData()?.includes('__schema')) await asked;
        await route.continue();
      }),
  });
  const { page } = explorer;
  await updateUntilStepUp(explorer);
  const answered = page.waitForResponse((response) => response.request().postData()?.includes('__schema') === true);
  answerSchema();
  await (await answered).finished();
  // GraphiQL knows the schema: its documentation has a root type.
  await page.getByRole('button', { name: /Documentation Explorer/ }).click();
  await page.getByRole('link', { name: 'Mutation' }).waitFor();
  expect(await page.getByText(STEP_UP).isVisible()).toBe(true);
});

it('a token that expired before the page was loaded leads to sign-in, and what was written is there afterwards', async () => {
  const explorer = await openExplorer(browser, { emulator: false, atLocalhost: true });
  const { page, gateway } = explorer;
  await graphiqlReady(page);
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('query Mine { remoteHelpSessionResponses(first: 1) { nodes { deviceName } } }');
  await page.waitForFunction(() => sessionStorage.getItem('explorer.work.graphiql:tabState')?.includes('query Mine'));
  const expired = gateway.emulator.entra.mintToken({ exp: Math.floor(Date.now() / 1000) - 600 });
  await page.evaluate((token) => sessionStorage.setItem('explorer.token', token), expired);
  await page.reload();
  await page.getByText('Your sign-in has expired').waitFor();
  await page.locator('#notice').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: /Ada/ }).click();
  await page.waitForURL(`${explorer.origin}/graphql`);
  await page.locator('.graphiql-query-editor').getByText('Mine').waitFor();
  expect(await page.locator('#person').textContent()).toBe(ada?.name);
  await page.keyboard.press('Control+Enter');
  await answerOf(page).getByText('Reception tablet').waitFor();
  // The question about the schema was no work of theirs.
  expect(await sendAgain(page).isVisible()).toBe(false);
});

const sendAgain = (page: Page) => page.getByRole('button', { name: 'Send again' });

async function signInAs({ page, origin }: Explorer, name: string): Promise<void> {
  await page.locator('#notice').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: new RegExp(name) }).click();
  await page.waitForURL(`${origin}/graphql?explorer=graphiql`);
}
