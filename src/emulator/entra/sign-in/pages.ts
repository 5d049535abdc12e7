import type { Answer } from '../../http/outcome.ts';
import type { Person } from '../people.ts';

/** The page on which a person is chosen. Links only: it needs no script and no mouse. */
export function signInPage(options: {
  people: readonly (Person & { href: string })[];
  /** The user name that the app hopes for. */
  hinted: string | undefined;
  /** JSON text of a step-up, shown as it came. */
  claims: string | undefined;
  cancel: string;
}): Answer {
  const { hinted, claims } = options;
  const isHinted = ({ username }: Person) => username.toLowerCase() === hinted?.toLowerCase();
  const people = [...options.people].sort((one, other) => Number(isHinted(other)) - Number(isHinted(one)));
  const unknown = hinted !== undefined && !people.some(isHinted);
  return page(
    'Sign in',
    [
      '<h1>Sign in</h1>',
      '<p>This is the emulator of Microsoft Entra ID. Nobody here is real, and no password is asked for.</p>',
      unknown ? `<p>The app suggested <b>${escaped(hinted)}</b>, who is not one of these people.</p>` : '',
      claims === undefined ? '' : `<p>The app asks for more than usual (a step-up):</p><pre>${escaped(claims)}</pre>`,
      '<p id="choose">Choose who signs in:</p><ul aria-labelledby="choose">',
      ...people.map(
        ({ name, username, href }) =>
          `<li><a href="${escaped(href)}"><b>${escaped(name)}</b><br>${escaped(username)}</a></li>`,
      ),
      `</ul><p><a href="${escaped(options.cancel)}">Cancel</a></p>`,
    ].join('\n'),
    200,
  );
}

/** The page of a sign-in that cannot go back to the app. */
export const refusalPage = (text: string, status: number): Answer =>
  page(
    'Sign in: error',
    `<h1>Sorry, but we’re having trouble signing you in.</h1>\n<p>${escaped(text)}</p>\n<p>(This is the emulator of Microsoft Entra ID.)</p>`,
    status,
  );

/** The page after signing out. Nobody stays signed in here, so there is nothing else to do. */
export const signedOutPage = (): Answer => page('Signed out', '<h1>You are signed out</h1>', 200);

const STYLE = `body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:10vh auto;padding:0 1rem;color:#1b1b1b;background:#fff}
ul{list-style:none;padding:0}li a{display:block;padding:.75rem 1rem;margin:.5rem 0;border:1px solid #767676;border-radius:.25rem;text-decoration:none}
a{color:#0b57a4}a:hover,a:focus-visible{background:#eef4fb;outline:2px solid #0b57a4}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f3f3f3;padding:.5rem}`;

function page(title: string, content: string, status: number): Answer {
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
      'Referrer-Policy': 'no-referrer',
    },
    body: `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} (emulator)</title><style>${STYLE}</style></head>
<body><main>
${content}
</main></body></html>
`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
