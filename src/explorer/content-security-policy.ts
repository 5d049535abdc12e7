/** Apollo's own addresses: the script that embeds Sandbox, and the frame that it opens. */
export const SANDBOX_SCRIPT_ORIGIN = 'https://embeddable-sandbox.cdn.apollographql.com';
const SANDBOX_FRAME_ORIGIN = 'https://sandbox.embed.apollographql.com';

const NOTHING_ELSE = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];

/** What GraphiQL needs, all of it from here: Monaco makes style elements, and its fonts and icons are in its style. */
export const graphiqlPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  ...NOTHING_ELSE,
].join('; ');

/** The same, for a page that may fall back to GraphiQL, and Apollo's two addresses. The page sends the operations itself. */
export const sandboxPolicy = graphiqlPolicy
  .replace("script-src 'self'", `script-src 'self' ${SANDBOX_SCRIPT_ORIGIN}`)
  .concat(`; frame-src ${SANDBOX_FRAME_ORIGIN}`);
