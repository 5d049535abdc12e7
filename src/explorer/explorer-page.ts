import { SANDBOX_SCRIPT_ORIGIN } from './content-security-policy.ts';
import { dataBlock, type Html, html } from './html.ts';
import type { ReadyOperation } from './operations.ts';
import { pageShell } from './page-shell.ts';

/** Which of the two the page shows; `auto` is Sandbox, or GraphiQL where Sandbox cannot be loaded. */
export type ExplorerChoice = 'sandbox' | 'graphiql' | 'auto';

export interface ExplorerPage {
  readonly choice: ExplorerChoice;
  /** What the gateway talks to: "Emulator", or tenant and authority. */
  readonly talksTo: string;
  /** Addresses of the folders with the page's own files and with GraphiQL's. */
  readonly assets: string;
  readonly graphiql: string;
  /** Where sign-in begins, on the origin whose redirect URI is registered. */
  readonly signIn: string;
  readonly operations: readonly ReadyOperation[];
  /** A token to open with, on the emulator. The page must not be stored then. */
  readonly token: string | undefined;
}

export const PRODUCT_NAME = 'Remote Help GraphQL gateway';

/** `_latest` is what Apollo Server's own landing page loads. */
const SANDBOX_SCRIPT = `${SANDBOX_SCRIPT_ORIGIN}/_latest/embeddable-sandbox.umd.production.min.js`;

/** The explorer. All that differs from view to view is in one block of data, which the page's script reads. */
export function explorerPage(page: ExplorerPage): string {
  const data = {
    choice: page.choice,
    signIn: page.signIn,
    graphiql: page.graphiql,
    sandboxScript: SANDBOX_SCRIPT,
    operations: page.operations,
    token: page.token,
  };
  const current = (choice: ExplorerChoice) =>
    choice === (page.choice === 'auto' ? 'sandbox' : page.choice) ? html` aria-current="page"` : undefined;
  return pageShell({
    title: `${PRODUCT_NAME}: explorer`,
    head: html`<link rel="icon" href="${page.assets}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${page.assets}/explorer.css">
${page.choice === 'graphiql' ? preloads(page.graphiql) : undefined}
<script type="module" src="${page.assets}/explorer.js"></script>`,
    body: html`<body class="explorer">
<a class="skip" href="#tool">Skip to the editor</a>
<header>
<div class="product">
<img src="${page.assets}/icon.svg" alt="" width="24" height="24">
<h1>${PRODUCT_NAME}</h1>
<p class="talks-to"><span class="visually-hidden">Talks to </span>${page.talksTo}</p>
</div>
<nav aria-label="Explorer">
<ul class="choice">
<li><a href="?explorer=sandbox" data-choice="sandbox"${current('sandbox')}>Sandbox</a></li>
<li><a href="?explorer=graphiql" data-choice="graphiql"${current('graphiql')}>GraphiQL</a></li>
</ul>
<ul>
<li><a href="/schema.graphql">Schema</a></li>
<li><a href="/readme">README</a></li>
</ul>
</nav>
<div class="account">
<p id="person" role="status"></p>
<a id="sign-in" class="button" href="${page.signIn}">Sign in</a>
</div>
</header>
<section id="notice" aria-label="Notice" hidden></section>
<main id="tool" tabindex="-1"><p class="waiting">Loading…</p></main>
<noscript><p class="message">The explorer needs JavaScript. GraphQL itself does not: send a POST to /graphql.</p></noscript>
${dataBlock('explorer-data', data)}
</body>`,
  });
}

/** Where it is known that they will be needed. */
function preloads(folder: string): Html {
  return html`<link rel="preload" as="style" href="${folder}/graphiql.css">
<link rel="preload" as="script" href="${folder}/graphiql.js">`;
}
