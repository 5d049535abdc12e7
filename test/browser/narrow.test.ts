import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startChromium } from './chromium.ts';
import { graphiqlReady, openExplorer, STEP_UP, updateUntilStepUp } from './explorer.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
});
afterAll(() => browser?.close());

/** A browser's zoom of 200 % and 400 % of 1280 x 1024 is for a page a smaller window. */
const windows = [
  ['narrow', { width: 400, height: 800 }],
  ['at 200 %', { width: 640, height: 512 }],
  ['at 400 %', { width: 320, height: 256 }],
] as const;

/** Whether it can be scrolled to, and all of its width is seen. */
async function isReachable(page: Page, element: Locator): Promise<boolean> {
  await element.scrollIntoViewIfNeeded();
  const [box, size] = [await element.boundingBox(), page.viewportSize()];
  if (box === null || size === null) return false;
  return box.x >= 0 && box.x + box.width <= size.width && box.y < size.height && box.y + box.height > 0;
}

it.each(windows)(
  'a window that is %s has all of the page, editor and answer below each other',
  async (_name, viewport) => {
    const explorer = await openExplorer(browser, { path: '/graphql?explorer=graphiql', context: { viewport } });
    const { page } = explorer;
    await graphiqlReady(page);
    const answer = page.locator('.graphiql-response');
    const all = [
      page.getByRole('link', { name: /Sign in/ }),
      page.locator('.graphiql-execute-button'),
      page.getByRole('button', { name: 'Open settings dialog' }),
      page.getByRole('button', { name: 'Headers' }),
      page.locator('.graphiql-query-editor'),
      answer,
    ];
    for (const element of all) expect(await isReachable(page, element)).toBe(true);
    const editor = await page.locator('.graphiql-editors').boundingBox();
    expect((await answer.boundingBox())?.y).toBeGreaterThanOrEqual((editor?.y ?? 0) + (editor?.height ?? 0));
    for (const each of [await answer.boundingBox(), editor]) expect(each?.width).toBeGreaterThan(viewport.width * 0.8);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
    await updateUntilStepUp(explorer);
    expect(await isReachable(page, page.getByText(STEP_UP))).toBe(true);
    expect(await isReachable(page, page.locator('#notice').getByRole('button', { name: 'Dismiss' }))).toBe(true);
  },
);

it('the documentation can be read in a narrow window, and closed again', async () => {
  const { page } = await openExplorer(browser, {
    path: '/graphql?explorer=graphiql',
    context: { viewport: { width: 400, height: 800 } },
  });
  await graphiqlReady(page);
  await page.getByRole('button', { name: /Documentation Explorer/ }).click();
  const root = page.locator('.graphiql-doc-explorer').getByText('Mutation', { exact: true });
  await root.waitFor();
  expect(await isReachable(page, root)).toBe(true);
  await page.getByRole('button', { name: /Documentation Explorer/ }).click();
  await root.waitFor({ state: 'hidden' }).catch(() => undefined);
  expect((await page.locator('.graphiql-query-editor').boundingBox())?.width).toBeGreaterThan(320);
});
