/** Text that is HTML already. Everything else is escaped where it meets HTML. */
export interface Html {
  readonly html: string;
}

type Piece = string | number | undefined | Html | readonly Html[];

/** A template of HTML: what is put into it is text, and escaped, unless it is `Html` itself. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { html: strings.reduce((before, text, index) => before + render(pieces[index - 1]) + text) };
}

/**
 * Data for a script of the page, which reads it with `JSON.parse`. It is never run, so no policy has to allow it; and no
 * text in it can end the element.
 */
export function dataBlock(id: string, data: unknown): Html {
  const json = JSON.stringify(data).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return { html: `<script type="application/json" id="${id}">${json}</script>` };
}

function render(piece: Piece): string {
  if (piece === undefined) return '';
  if (typeof piece === 'string' || typeof piece === 'number') return escapeText(String(piece));
  return 'html' in piece ? piece.html : piece.map((each) => each.html).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
