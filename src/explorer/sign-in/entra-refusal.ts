/** What Entra answered instead of a code or a token. All of it is hostile text until it is escaped. */
export interface EntraRefusal {
  /** OAuth's word, such as `access_denied`. */
  readonly error: string;
  readonly description: string;
  /** AADSTS numbers, the most telling first. */
  readonly numbers: readonly number[];
}

/** Entra's descriptions are a few lines; more than this is no description. */
const MAX_DESCRIPTION = 1_000;

/** @param fields `error` and `error_description` of a redirect or of a token endpoint's answer, `error_codes` of the latter */
export function entraRefusal(fields: {
  readonly error: unknown;
  readonly error_description?: unknown;
  readonly error_codes?: unknown;
}): EntraRefusal {
  const description = typeof fields.error_description === 'string' ? fields.error_description : '';
  const told = [...description.slice(0, MAX_DESCRIPTION).matchAll(/\bAADSTS(\d{4,9})\b/g)].map(([, digits]) =>
    Number(digits),
  );
  const listed = Array.isArray(fields.error_codes) ? fields.error_codes.filter(Number.isSafeInteger) : [];
  return {
    error: typeof fields.error === 'string' ? fields.error.slice(0, 100) : 'unknown',
    description: description.slice(0, MAX_DESCRIPTION),
    numbers: [...new Set<number>([...told, ...listed])],
  };
}
