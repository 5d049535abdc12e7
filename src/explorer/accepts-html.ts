/**
 * Whether a browser asks for a page: `text/html` is named, and nothing that GraphQL answers with is liked better.
 * @param accept the `Accept` header
 */
export function acceptsHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const liked = (wanted: (type: string) => boolean) =>
    Math.max(
      0,
      ...accept.split(',').map((part) => {
        const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
        if (!wanted(type)) return 0;
        const quality = parameters.find((parameter) => parameter.startsWith('q='));
        return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
      }),
    );
  const html = liked((type) => type === 'text/html');
  return html > 0 && html >= liked((type) => /^application\/(graphql-response\+)?json$/.test(type));
}
