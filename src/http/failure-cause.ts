import { HttpFailure } from './http-failure.ts';

/**
 * Why there was no answer, in a word that an operator can look up: the errno (`ENOTFOUND`, `ECONNREFUSED`), the TLS code
 * (`DEPTH_ZERO_SELF_SIGNED_CERT`), else undici's code or the kind of the failure. Nothing of a request is in it.
 */
export function failureCause(failure: unknown): string {
  const codes: string[] = [];
  let each = failure;
  for (let depth = 0; depth < 6 && each instanceof Error; depth += 1) {
    const { code } = each as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^[A-Z][A-Z\d_]{2,63}$/.test(code)) codes.push(code);
    each = each instanceof AggregateError ? each.errors[0] : each.cause;
  }
  // undici wraps what the system says, and the system says it better.
  const said = codes.find((code) => !code.startsWith('UND_ERR_')) ?? codes[0];
  return said ?? (failure instanceof HttpFailure ? failure.kind : 'unknown');
}
