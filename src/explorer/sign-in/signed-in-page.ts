import { PRODUCT_NAME } from '../explorer-page.ts';
import { dataBlock, html } from '../html.ts';
import { type PlainPage, plainPage } from '../page-shell.ts';

interface WayBack {
  /** Address of the folder with the page's own files. */
  readonly assets: string;
  readonly returnTo: string;
  /** What the explorer's tabs held when sign-in began, as text. */
  readonly kept?: string | undefined;
}

/**
 * The page that a sign-in ends on: its script takes the token into the tab's own storage and goes on to where the person
 * came from, leaving no address with a code behind. It must not be stored.
 */
export function signedInPage(page: WayBack & { readonly token: string }): PlainPage {
  const { assets, ...data } = page;
  return wayBackPage('Signed in', assets, data);
}

/** The same without a sign-in: it only brings the work back to the tab. */
export function workBackPage(page: WayBack): PlainPage {
  const { assets, ...data } = page;
  return wayBackPage('Not signed in', assets, data);
}

function wayBackPage(title: string, assets: string, data: { readonly returnTo: string }): PlainPage {
  return plainPage({
    title: `${title}: ${PRODUCT_NAME}`,
    script: `${assets}/signed-in.js`,
    body: html`<body class="plain">
<main>
<p class="brand">${PRODUCT_NAME}</p>
<h1>${title}</h1>
<p id="not-kept" role="alert" hidden>But this browser keeps nothing for this page, because its storage is refused or full. Allow it, or close this tab and sign in from another one.</p>
<p><a href="${data.returnTo}">Go on to the explorer</a></p>
</main>
${dataBlock('signed-in-data', data)}
</body>`,
  });
}
