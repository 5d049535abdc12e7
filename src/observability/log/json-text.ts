/** What JSON writes as it is, between quotes; most of what a line holds is made of it. */
const PLAIN = /^[\w.:/+ -]*$/;

/** A text as `JSON.stringify` writes it. */
export function jsonText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** A list of texts as `JSON.stringify` writes it. */
export function jsonTexts(texts: readonly string[]): string {
  if (texts.length === 0) return '[]';
  let json = `[${jsonText(texts[0] ?? '')}`;
  for (let index = 1; index < texts.length; index += 1) json += `,${jsonText(texts[index] ?? '')}`;
  return `${json}]`;
}
