/** What a browser does for a sign-in, without one: it keeps cookies, and is led from page to page. */
export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<BrowserAnswer>;
  /** Goes to the gateway's sign-in and chooses the n-th person at the emulator; the address that Entra sends back to. */
  toCallback(signIn: string, person?: number): Promise<string>;
}

export interface BrowserAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly location: string;
  readonly text: string;
}

export function createBrowser(): Browser {
  const cookies = new Map<string, string>();
  const get: Browser['get'] = async (url, headers = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...(cookie !== '' && { cookie }), ...headers },
    });
    for (const each of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (/Max-Age=0/.test(each)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = answer.headers.get('location') ?? '';
    return { status: answer.status, headers: answer.headers, location, text: await answer.text() };
  };
  return {
    get,
    async toCallback(signIn, person = 0) {
      const authorize = (await get(signIn)).location;
      const page = await get(authorize);
      const links = [...page.text.matchAll(/<a href="([^"]*)">/g)].map(([, href = '']) =>
        href.replaceAll('&amp;', '&'),
      );
      const answer = await get(new URL(links[person] ?? '', authorize).href);
      return answer.location;
    },
  };
}

/** The data that a page holds for its script. */
// biome-ignore lint/suspicious/noExplicitAny: each test asserts on its shape
export function pageData(text: string): any {
  return JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(text)?.[1] ?? 'null');
}
