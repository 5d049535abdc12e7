import type { Config } from '../../config.ts';

/** A shorter one would be cut out of all that holds it by chance. */
const MIN_LENGTH = 8;
/** Entra makes secrets of 40 characters, tests shorter ones; one of a few letters would shred every line. */
const MIN_OWN_LENGTH = 4;

/** Values that no line may hold. */
export function secretsOf({ entra: { credential }, redis, proxies }: Config): string[] {
  const passwords = [redis?.url, proxies.https, proxies.http].map(
    (address) => URL.parse(address ?? '')?.password ?? '',
  );
  const shared = [redis?.secret ?? '', ...passwords, ...passwords.map(decoded)];
  const own = credential.kind === 'secret' && credential.secret.length >= MIN_OWN_LENGTH ? [credential.secret] : [];
  return [...new Set([...own, ...shared.filter(({ length }) => length >= MIN_LENGTH)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
