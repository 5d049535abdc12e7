import type { Config } from '../config.ts';

/** Values that no line may hold. */
export function secretsOf({ entra: { credential }, redis, proxies }: Config): string[] {
  const secrets = [credential.kind === 'secret' ? credential.secret : '', redis?.secret ?? ''];
  for (const address of [redis?.url, proxies.https, proxies.http]) {
    const password = URL.parse(address ?? '')?.password ?? '';
    secrets.push(password, decoded(password));
  }
  return [...new Set(secrets)].filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
