import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startChromium } from './chromium.ts';
import {
  answerOf,
  CLAIMS,
  graphiqlReady,
  keptBy,
  keptTabs,
  openExplorer,
  openTabs,
  places,
  STEP_UP,
  sendAgain,
  sentFrom,
  signInAs,
  updateUntilStepUp,
  write,
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

const onTenant = { path: '/graphql?explorer=graphiql', emulator: false };
const MINE = 'query Mine { remoteHelpSessionResponses(first: 1) { nodes { deviceName } } }';
const BY_ID = 'query S($id: ID!) { remoteHelpSessionResponse(id: $id) { deviceName } }';
const NOBODY = 'Nobody is signed in.';

describe('what a person has written is not lost to what waits', () => {
  it.each(places)('a tab that was changed since stays as it is (page at %s)', async (_place, atLocalhost) => {
    const explorer = await openExplorer(browser, { ...onTenant, atLocalhost });
    const { page } = explorer;
    await graphiqlReady(page);
    await write(page, MINE);
    await page.keyboard.press('Control+Enter');
    await page.getByText(NOBODY).waitFor();
    await write(page, `${MINE} # an hour of work`);
    await keptBy(page, 'an hour of work');
    const before = await keptTabs(page);
    await signInAs(explorer);
    const { tabs, front } = await keptTabs(page);
    expect(tabs.slice(0, -1)).toEqual(before.tabs);
    expect(front).toEqual({ query: MINE, variables: '' });
    await sendAgain(page).click();
    await answerOf(page).getByText('Reception tablet').waitFor();
    expect(await page.locator('#notice').isVisible()).toBe(false);
  });

  it('of two tabs with one operation, the one with its variables is in front, comments and all', async () => {
    const explorer = await openExplorer(browser, { ...onTenant, atLocalhost: true });
    const { page } = explorer;
    const tabs = [
      { query: BY_ID, variables: '{"id": "session-1"}' },
      { query: BY_ID, variables: '{\n  // the tablet\n  "id": "session-2",\n}' },
    ];
    await openTabs(page, tabs, 1);
    await page.keyboard.press('Control+Enter');
    await page.getByText(NOBODY).waitFor();
    await signInAs(explorer);
    expect(await keptTabs(page)).toEqual({ front: tabs[1], tabs });
  });
});

describe('Send again', () => {
  it('sends what waited, with the headers that went with it, whatever tab is in front', async () => {
    const explorer = await openExplorer(browser, { ...onTenant, atLocalhost: true });
    const { page, gateway } = explorer;
    await openTabs(page, [
      { query: MINE },
      { query: 'mutation M { deleteRemoteHelpSessionResponse(input: { id: "session-1" }) { deletedId } }' },
    ]);
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-line').first().click();
    await page.keyboard.insertText('{"x-request-id":"mine-1"}');
    const sent = sentFrom(page);
    await page.keyboard.press('Control+Enter');
    await page.getByText(NOBODY).waitFor();
    await signInAs(explorer);
    await page.getByRole('tab').nth(1).click();
    await page.locator('.graphiql-query-editor').getByText('mutation').waitFor();
    await sendAgain(page).click();
    await answerOf(page).getByText('Reception tablet').waitFor();
    expect(sent.map(({ body, headers }) => [body.query, headers['x-request-id']])).toEqual([
      [MINE, 'mine-1'],
      [MINE, 'mine-1'],
    ]);
    expect(sent[1]?.headers.authorization).toMatch(/^Bearer eyJ/);
    expect(gateway.emulator.graph.sessions.has('session-1')).toBe(true);
  });

  it('sends the one of several operations that waited; Ctrl+Enter outside the editor runs one too', async () => {
    const explorer = await openExplorer(browser, { ...onTenant, atLocalhost: true });
    const { page } = explorer;
    await openTabs(page, [{ query: `${MINE}\nquery Two { remoteHelpSessionResponses(first: 2) { nodes { id } } }` }]);
    const sent = sentFrom(page);
    await page.locator('.graphiql-query-editor .view-line').last().click();
    await page.keyboard.press('Control+Enter');
    await page.getByText(NOBODY).waitFor();
    await signInAs(explorer);
    await sendAgain(page).click();
    await answerOf(page).getByText('session-1').waitFor();
    expect(sent.map(({ body }) => body.operationName)).toEqual(['Two', 'Two']);
    await page.locator('header h1').click();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => sent.length).toBe(3);
  });

  it('is offered until any operation was sent, a reload between', async () => {
    const explorer = await openExplorer(browser, { path: '/graphql?explorer=graphiql', atLocalhost: true });
    const { page } = explorer;
    await updateUntilStepUp(explorer);
    await signInAs(explorer);
    await page.reload();
    await sendAgain(page).waitFor();
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Pixel 9 of Ada').waitFor();
    expect(await page.locator('#notice').isVisible()).toBe(false);
    await page.reload();
    await graphiqlReady(page);
    expect(await sendAgain(page).isVisible()).toBe(false);
  });

  it('is offered no more once it was dismissed', async () => {
    const explorer = await openExplorer(browser, { path: '/graphql?explorer=graphiql', atLocalhost: true });
    const { page } = explorer;
    await updateUntilStepUp(explorer);
    await signInAs(explorer);
    await sendAgain(page).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.reload();
    await page.locator('.graphiql-response .view-lines').waitFor();
    expect(await sendAgain(page).isVisible()).toBe(false);
  });

  it('stays when GraphiQL could not run, and GraphiQL says why', async () => {
    const explorer = await openExplorer(browser, { ...onTenant, atLocalhost: true });
    const { page } = explorer;
    await openTabs(page, [{ query: MINE }, { query: BY_ID, variables: '{"id": ' }]);
    await page.keyboard.press('Control+Enter');
    await page.getByText(NOBODY).waitFor();
    await signInAs(explorer);
    await page.getByRole('tab').nth(1).click();
    await page.locator('.graphiql-query-editor').getByText('remoteHelpSessionResponse', { exact: true }).waitFor();
    await sendAgain(page).click();
    await answerOf(page).getByText('Variables').waitFor();
    expect(await sendAgain(page).isVisible()).toBe(true);
  });
});

it('who comes back from Entra without a sign-in is offered it again, for the same claims', async () => {
  const explorer = await openExplorer(browser, { path: '/graphql?explorer=graphiql', atLocalhost: true });
  const { page } = explorer;
  await updateUntilStepUp(explorer);
  await page.locator('#notice').getByRole('link', { name: 'Sign in' }).click();
  await page.waitForURL(/authorize/);
  await page.goBack();
  await page.getByText(STEP_UP).waitFor();
  const link = page.locator('#notice').getByRole('link', { name: 'Sign in' });
  expect(new URL((await link.getAttribute('href')) ?? '').searchParams.get('claims')).toBe(CLAIMS);
  await signInAs(explorer);
  await sendAgain(page).click();
  await answerOf(page).getByText('Pixel 9 of Ada').waitFor();
});
