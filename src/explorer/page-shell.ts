import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Html, html } from './html.ts';

export interface PlainPage {
  readonly page: string;
  /** The policy that it is to be sent with. */
  readonly policy: string;
}

/** One HTML document. */
export function pageShell(page: { readonly title: string; readonly head: Html; readonly body: Html }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
${page.head}
</head>
${page.body}
</html>
`.html;
}

/**
 * A page that only says something. Its style is in it, because `npm run token` serves one page and is gone.
 * @param page `script` is the address of the one script that it may run
 */
export function plainPage(page: { readonly title: string; readonly body: Html; readonly script?: string }): PlainPage {
  const style = readFileSync(new URL('./browser/explorer.css', import.meta.url), 'utf8');
  const script = page.script === undefined ? undefined : html`<script type="module" src="${page.script}"></script>`;
  return {
    page: pageShell({ ...page, head: html`<style>${{ html: style }}</style>${script}` }),
    policy: [
      "default-src 'none'",
      ...(page.script === undefined ? [] : ["script-src 'self'"]),
      `style-src 'sha256-${hash('sha256', style, 'base64')}'`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}
