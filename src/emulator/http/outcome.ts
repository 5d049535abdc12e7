/** An answer not yet written: an object body goes out as JSON, text as it is. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What becomes of a request: an answer, or the lack of one. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'drop'; readonly at: 'before-headers' }
  | { readonly kind: 'drop'; readonly at: 'mid-body'; readonly answer: Answer }
  | { readonly kind: 'hang' };
