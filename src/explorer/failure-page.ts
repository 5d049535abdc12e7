import type { Config } from '../config.ts';
import { credentialSetting } from '../entra/exchange/aadsts.ts';
import { PRODUCT_NAME } from './explorer-page.ts';
import { type Html, html } from './html.ts';
import { type PlainPage, plainPage } from './page-shell.ts';
import type { SignInFailure } from './sign-in-failure.ts';
import { signInRemedy } from './sign-in-remedies.ts';

/** A failed sign-in in words: what happened, what to mend, and what Entra itself said. */
export interface FailureWords {
  readonly status: number;
  readonly what: string;
  readonly remedy: string;
  /** Entra's own words. Hostile: to be escaped, or not shown. */
  readonly said?: string;
}

export function failureWords(failure: SignInFailure, entra: Config['entra'], redirectUri: string): FailureWords {
  const { refusal } = failure;
  const number = refusal?.numbers[0];
  switch (failure.kind) {
    case 'stale':
      return {
        status: 400,
        what: `This sign-in was not begun in this browser, was used before, or took too long${number === undefined ? '' : ` (AADSTS${number})`}.`,
        remedy:
          number === undefined || refusal === undefined ? 'Start again.' : signInRemedy(refusal, entra, redirectUri),
      };
    case 'refused':
      return {
        status: 400,
        what: `Microsoft Entra ID refused the sign-in${number === undefined ? '' : ` (AADSTS${number})`}.`,
        remedy: refusal === undefined ? 'Start again.' : signInRemedy(refusal, entra, redirectUri),
        ...(refusal !== undefined && { said: [refusal.error, refusal.description].filter(Boolean).join(': ') }),
      };
    case 'unreachable':
      return {
        status: 424,
        what: 'Microsoft Entra ID gave no answer that makes sense.',
        remedy: `Look at AZURE_AUTHORITY_HOST (${entra.authorityHost}), AZURE_TENANT_ID and HTTPS_PROXY, then start again.`,
      };
    case 'senseless':
      return {
        status: 400,
        what: 'What came back from Microsoft Entra ID does not belong to this sign-in, so it was not accepted.',
        remedy:
          'Start again. If it stays so, look at AZURE_AUTHORITY_HOST and at what stands between this gateway and Entra.',
      };
    case 'credential':
      return {
        status: 424,
        what: 'The gateway could not read what proves it to Microsoft Entra ID.',
        remedy: `Look at ${credentialSetting[entra.credential.kind]}.`,
      };
    case 'not-installed':
      return {
        status: 424,
        what: 'Sign-in is not installed.',
        remedy: failure.cause instanceof Error ? failure.cause.message : 'Install the development dependencies.',
      };
    default:
      return failure.kind satisfies never;
  }
}

/**
 * The same as a page.
 * @param actions what to do next
 */
export function failurePage(words: FailureWords, actions: Html): PlainPage {
  return plainPage({
    title: `Sign-in failed: ${PRODUCT_NAME}`,
    body: html`<body class="plain">
<main>
<p class="brand">${PRODUCT_NAME}</p>
<h1>Sign-in failed</h1>
<p>${words.what}</p>
<p class="remedy">${words.remedy}</p>
${words.said === undefined ? undefined : html`<h2>Microsoft Entra ID said</h2>\n<pre>${words.said}</pre>`}
<p class="actions">${actions}</p>
</main>
</body>`,
  });
}
