import { PRODUCT_NAME } from '../explorer-page.ts';
import { dataBlock, html } from '../html.ts';
import { type PlainPage, plainPage } from '../page-shell.ts';

/**
 * The page that a sign-in ends on: its script takes the token into the tab's own storage and goes on to where the person
 * came from, leaving no address with a code behind. It must not be stored.
 */
export function signedInPage(page: {
  readonly assets: string;
  readonly token: string;
  readonly returnTo: string;
  /** What the explorer's tabs held when sign-in began, as text. */
  readonly kept?: string | undefined;
}): PlainPage {
  const { token, returnTo, kept } = page;
  return plainPage({
    title: `Signed in: ${PRODUCT_NAME}`,
    script: `${page.assets}/signed-in.js`,
    body: html`<body class="plain">
<main>
<p class="brand">${PRODUCT_NAME}</p>
<h1>Signed in</h1>
<p><a href="${returnTo}">Go on to the explorer</a></p>
</main>
${dataBlock('signed-in-data', { token, returnTo, kept })}
</body>`,
  });
}
