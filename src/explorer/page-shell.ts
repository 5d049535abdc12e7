import { type Html, html } from './html.ts';

/** One HTML document in the project's looks. */
export function pageShell(page: {
  readonly title: string;
  /** Address of the folder with the page's own files. */
  readonly assets: string;
  /** The script of the page, if it has one: a file of that folder. */
  readonly script?: string;
  readonly body: Html;
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<link rel="icon" href="${page.assets}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${page.assets}/explorer.css">
${page.script === undefined ? undefined : html`<script type="module" src="${page.assets}/${page.script}"></script>`}
</head>
${page.body}
</html>
`.html;
}
