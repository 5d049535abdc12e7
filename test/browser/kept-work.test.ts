import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startChromium } from './chromium.ts';
import {
  answerOf,
  CLAIMS,
  type Explorer,
  graphiqlReady,
  keptBy,
  keptTabs,
  openExplorer,
  openTabs,
  places,
  STEP_UP,
  sendAgain,
  signInAs,
  updateUntilStepUp,
  write,
} from './explorer.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

const [, bjorn] = samplePeople;
const path = '/graphql?explorer=graphiql';
const MINE = 'query MyLongWork { __typename }';

async function writeMine(page: Page): Promise<void> {
  await graphiqlReady(page);
  await write(page, MINE);
  await keptBy(page, 'MyLongWork');
}

async function toEntra({ page }: Explorer): Promise<void> {
  await page.locator('#notice').getByRole('link', { name: 'Sign in' }).click();
  await page.waitForURL(/authorize/);
}

const isMineThere = async (page: Page) => (await keptTabs(page)).tabs.some(({ query }) => query === MINE);

describe('who cancels at Entra', () => {
  it.each(places)('and goes back has all as it was, and the offer (page at %s)', async (_place, atLocalhost) => {
    const explorer = await openExplorer(browser, { path, atLocalhost });
    const { page, origin } = explorer;
    await writeMine(page);
    await updateUntilStepUp(explorer);
    await toEntra(explorer);
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Back to the explorer' }).click();
    await page.waitForURL(`${origin}${path}`);
    await page.getByText(STEP_UP).waitFor();
    await graphiqlReady(page);
    expect(await isMineThere(page)).toBe(true);
    await toEntra(explorer);
    expect(new URL(page.url()).searchParams.get('claims')).toBe(CLAIMS);
  });

  it.each(places)('and signs in after all sends again what waited (page at %s)', async (_place, atLocalhost) => {
    const explorer = await openExplorer(browser, { path, atLocalhost });
    const { page, origin } = explorer;
    await writeMine(page);
    await updateUntilStepUp(explorer);
    await toEntra(explorer);
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.waitForURL(/authorize/);
    expect(new URL(page.url()).searchParams.get('claims')).toBe(CLAIMS);
    await page.getByRole('link', { name: /Ada/ }).click();
    await page.waitForURL(`${origin}${path}`);
    await sendAgain(page).click();
    await answerOf(page).getByText('Pixel 9 of Ada').waitFor();
    expect(await isMineThere(page)).toBe(true);
  });
});

it('who takes longer than the sign-in lasts has the work with the next one', async () => {
  const explorer = await openExplorer(browser, { path });
  const { page, origin } = explorer;
  await writeMine(page);
  await page.getByRole('link', { name: /Sign in/ }).click();
  await page.waitForURL(/authorize/);
  // As when their ten minutes are over.
  await page.context().clearCookies();
  await page.getByRole('link', { name: /Ada/ }).click();
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('link', { name: /Ada/ }).click();
  await page.waitForURL(`${origin}${path}`);
  await graphiqlReady(page);
  expect(await isMineThere(page)).toBe(true);
});

describe('from 127.0.0.1', () => {
  it('the work comes to what the tab has at localhost, and replaces none of it', async () => {
    const { page, gateway, origin } = await openExplorer(browser, { path, atLocalhost: true });
    await writeMine(page);
    await page.goto(`${gateway.url}${path}`);
    await graphiqlReady(page);
    await write(page, 'query Another { __typename }');
    await keptBy(page, 'Another');
    await page.getByRole('link', { name: /Sign in/ }).click();
    await page.getByRole('link', { name: /Ada/ }).click();
    await page.waitForURL(`${origin}${path}`);
    await graphiqlReady(page);
    const { front, tabs } = await keptTabs(page);
    expect(front?.query).toBe('query Another { __typename }');
    expect(await isMineThere(page)).toBe(true);
    // Both had the update as it was.
    expect(tabs).toHaveLength(3);
  });

  it('what a stranger left is not said to be sent by a person who has not signed in', async () => {
    const { page, origin } = await openExplorer(browser, { path, atLocalhost: true });
    await graphiqlReady(page);
    const body = JSON.stringify({
      query: 'mutation Theirs { deleteRemoteHelpSessionResponse(id: "session-1") { deletedId } }',
    });
    const answer = await page.request.post(`${origin}/sign-in/kept`, {
      data: { waiting: JSON.stringify({ body, signedIn: true }) },
    });
    await page.goto(
      `${origin}/sign-in/back?${new URLSearchParams({ kept: (await answer.json()).kept, return: path })}`,
    );
    await page.waitForURL(`${origin}${path}`);
    await graphiqlReady(page);
    await page.locator('#notice').getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await sendAgain(page).isVisible()).toBe(false);
  });

  it('the longest document goes along, in two tabs and as what waits', async () => {
    const explorer = await openExplorer(browser, { path, emulator: false });
    const { page } = explorer;
    const read = 'query Big { remoteHelpSessionResponses(first: 1) { nodes { deviceName } } }\n';
    const line = `# "${'x'.repeat(96)}"\n`;
    const big = read + line.repeat((64 * 1024 - read.length) / line.length - 1);
    await openTabs(page, [{ query: big }, { query: `${big}#` }]);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Nobody is signed in.').waitFor();
    await signInAs(explorer);
    expect((await keptTabs(page)).tabs.map(({ query }) => query.length)).toEqual([big.length, big.length + 1]);
    await sendAgain(page).click();
    await answerOf(page).getByText('Reception tablet').waitFor();
  });

  it.each(['is refused', 'is not answered'])('who goes on is the person, when the work %s', async (how) => {
    const { page, origin } = await openExplorer(browser, { path });
    await writeMine(page);
    await page.route('**/sign-in/kept', (route) =>
      how === 'is refused' ? route.fulfill({ status: 413 }) : new Promise(() => {}),
    );
    await page.getByRole('link', { name: /Sign in/ }).click();
    await page.getByText('What you wrote cannot be taken along.').waitFor();
    expect(page.url()).not.toContain('authorize');
    await page.getByRole('link', { name: 'Sign in without it' }).click();
    await page.getByRole('link', { name: /Björn/ }).click();
    await page.waitForURL(`${origin}${path}`);
  });
});

it('the tool that was chosen stays, whatever else is in the address', async () => {
  const { page, origin } = await openExplorer(browser, { path: `${path}&filter[a]={"b"|}`, atLocalhost: true });
  await graphiqlReady(page);
  await page.getByRole('link', { name: /Sign in/ }).click();
  await page.getByRole('link', { name: /Ada/ }).click();
  await page.waitForURL(`${origin}${path}`);
});

describe('where the storage of the tab', () => {
  const KEEPS_NOTHING = 'This browser keeps nothing for this page,';

  it('is refused, the page works, and says what it does not keep', async () => {
    const { page, complaints } = await openExplorer(browser, {
      path,
      atLocalhost: true,
      prepare: (page) =>
        page.addInitScript(`Object.defineProperty(window, 'sessionStorage', {
          get() { throw new DOMException('Access is denied for this document.', 'SecurityError'); },
        })`),
    });
    await graphiqlReady(page);
    await page.getByText(KEEPS_NOTHING).waitFor();
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Reception tablet').waitFor();
    expect(complaints).toEqual([]);
    await page.getByRole('link', { name: /Sign in/ }).click();
    await page.getByRole('link', { name: /Björn/ }).click();
    await page.getByText('its storage is refused or full').waitFor();
  });

  it('is full, neither a sign-in nor the page fails without a word', async () => {
    const { page } = await openExplorer(browser, { path, atLocalhost: true });
    await graphiqlReady(page);
    await page.evaluate(() => {
      for (let length = 4_000_000, count = 0; length >= 1; count += 1) {
        try {
          sessionStorage.setItem(`other-${count}`, 'x'.repeat(length));
        } catch {
          length = Math.floor(length / 2);
        }
      }
    });
    await page.getByRole('link', { name: /Sign in/ }).click();
    await page.getByRole('link', { name: /Björn/ }).click();
    await page.getByText('its storage is refused or full').waitFor();
    await page.getByRole('link', { name: 'Go on to the explorer' }).click();
    await graphiqlReady(page);
    await page.getByText(KEEPS_NOTHING).waitFor();
    expect(await page.locator('#person').textContent()).not.toBe(bjorn?.name);
    await page.keyboard.press('Control+Enter');
    await answerOf(page).getByText('Reception tablet').waitFor();
  });
});
