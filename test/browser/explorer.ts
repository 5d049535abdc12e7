import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { samplePeople } from '../../src/emulator/entra/people.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** Apollo's script, as far as this page goes. */
export const SANDBOX_SCRIPT = 'https://embeddable-sandbox.cdn.apollographql.com/**';

/** A step-up as the emulator demands it, and what the page says of it. */
export const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
export const STEP_UP = 'Microsoft Entra ID wants you to sign in again.';

/** The page may be at 127.0.0.1, as `npm start` prints it, or where sign-in is; from the one to the other its work goes along. */
export const places = [
  ['127.0.0.1', false],
  ['localhost', true],
] as const;

export interface Explorer {
  readonly page: Page;
  readonly gateway: TestGateway;
  /** The gateway at the origin of sign-in; `gateway.url` is 127.0.0.1. */
  readonly origin: string;
  /** Addresses that were asked of other origins than the gateway's. */
  readonly asked: string[];
  /** What the browser complained of: refused by the policy, uncaught, errors on the console. */
  readonly complaints: string[];
  /** Everything that was in localStorage, in cookies or in an address that was asked for. */
  whereTokensMayNotBe(): Promise<string>;
}

/** A gateway as `npm start` starts it on the emulator, and a page of a browser that has seen nothing yet. */
export async function openExplorer(
  browser: Browser,
  options: {
    readonly path?: string;
    /** By default as on the embedded emulator; false as on a real tenant. */
    readonly emulator?: boolean;
    readonly context?: BrowserContextOptions;
    readonly prepare?: (page: Page, gateway: TestGateway) => Promise<unknown>;
    /** Opens the page at localhost, where sign-in is, instead of 127.0.0.1. */
    readonly atLocalhost?: boolean;
  } = {},
): Promise<Explorer> {
  const emulator = await startEmulator();
  const start = {
    sessionId: [...emulator.graph.sessions.keys()][0] ?? '',
    mintToken: async () => emulator.entra.mintToken(),
  };
  const gateway = await startGateway({
    emulator,
    dependencies: options.emulator === false ? {} : { explorer: start },
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options.context });
  onTestFinished(async () => {
    await context.close();
    await emulator.close();
  });
  const page = await context.newPage();
  const origin = gateway.url.replace('127.0.0.1', 'localhost');
  const own = [gateway.url, origin, emulator.entra.origin];
  const asked: string[] = [];
  const addresses: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    addresses.push(request.url());
    const isOwn = own.some((each) => request.url().startsWith(`${each}/`));
    if (!isOwn && !/^(data|blob|about):/.test(request.url())) asked.push(request.url());
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await options.prepare?.(page, gateway);
  await page.goto(`${options.atLocalhost ? origin : gateway.url}${options.path ?? '/graphql'}`);
  return {
    page,
    gateway,
    origin,
    asked,
    complaints,
    async whereTokensMayNotBe() {
      const { cookies, origins } = await context.storageState();
      return JSON.stringify([cookies, origins, addresses, page.url()]);
    },
  };
}

/** GraphiQL, once it can be used. */
export async function graphiqlReady(page: Page): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
}

/** The text of the answer on the screen. */
export const answerOf = (page: Page) => page.locator('.graphiql-response .view-lines');

/** Puts a text in place of the query in front. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

interface Tab {
  readonly query: string;
  readonly variables?: string;
}

const TAB_STATE = 'explorer.work.graphiql:tabState';

/** Opens GraphiQL with these tabs. */
export async function openTabs(page: Page, tabs: readonly Tab[], activeTabIndex = 0): Promise<void> {
  const whole = tabs.map(({ query, variables = '' }, index) => ({
    ...{ id: `${index}`, title: `Operation ${index}`, query, variables },
    ...{ headers: null, operationName: null, response: null },
  }));
  const state = JSON.stringify({ activeTabIndex, tabs: whole });
  const address = page.url();
  // GraphiQL would write its own over them.
  await page.goto(new URL('/readme', address).href);
  await page.evaluate(([key, text]) => sessionStorage.setItem(key, text), [TAB_STATE, state] as const);
  await page.goto(address);
  await graphiqlReady(page);
}

/** GraphiQL's tabs as it has kept them, and which is in front. */
export async function keptTabs(page: Page): Promise<{ front: Tab; tabs: Tab[] }> {
  const { tabs, activeTabIndex } = JSON.parse(
    (await page.evaluate((key) => sessionStorage.getItem(key), TAB_STATE)) ?? 'null',
  );
  const plain = tabs.map(({ query, variables }: Tab) => ({ query, variables }));
  return { front: plain[activeTabIndex], tabs: plain };
}

/** Waits until GraphiQL has kept what was written. */
export async function keptBy(page: Page, text: string): Promise<void> {
  await page.waitForFunction(([key, text]) => sessionStorage.getItem(key)?.includes(text), [TAB_STATE, text] as const);
}

export const sendAgain = (page: Page) => page.getByRole('button', { name: 'Send again' });

/** Takes the offer, and signs in at Entra. */
export async function signInAs({ page, origin }: Pick<Explorer, 'page' | 'origin'>, name = 'Ada'): Promise<void> {
  await page.locator('#notice').getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: new RegExp(name) }).click();
  await page.waitForURL(`${origin}/graphql?explorer=graphiql`);
  await graphiqlReady(page);
}

export interface Sent {
  readonly body: { readonly query: string; readonly operationName?: string };
  readonly headers: Record<string, string>;
}

/** The operations that are sent from now on, without what a tool asks by itself. */
export function sentFrom(page: Page): Sent[] {
  const sent: Sent[] = [];
  page.on('request', (request) => {
    const text = request.postData() ?? '';
    if (!request.url().endsWith('/graphql') || request.method() !== 'POST' || text.includes('__schema')) return;
    sent.push({ body: JSON.parse(text), headers: request.headers() });
  });
  return sent;
}

/** Sends the update as a person for whom Entra wants a step-up, until that is offered. */
export async function updateUntilStepUp({ page, gateway }: Explorer): Promise<void> {
  await graphiqlReady(page);
  gateway.emulator.entra.requireClaimsFor(samplePeople[0]?.oid ?? '', CLAIMS);
  await page.getByRole('tab', { name: /Update/ }).click();
  await page.locator('.graphiql-query-editor').getByText('updateRemoteHelpSessionResponse', { exact: true }).waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByText(STEP_UP).waitFor();
}
