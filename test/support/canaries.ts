/** Values that must never be seen where they do not belong, and a way to look for them. */
export interface Canaries {
  /** A new one, which says in a failing test where it came from. */
  plant(where: string): string;
  /** One more, for a secret that exists anyway. */
  watch(where: string, secret: string): void;
  /** Where the canaries come from that `text` holds, as they are or in the usual disguises. */
  foundIn(text: string): string[];
}

export function createCanaries(): Canaries {
  const planted = new Map<string, string>();
  return {
    plant(where) {
      const canary = `canary${planted.size}x${crypto.randomUUID().replaceAll('-', '')}`;
      planted.set(canary, where);
      return canary;
    },
    watch(where, secret) {
      planted.set(secret, where);
    },
    foundIn: (text) =>
      [...planted]
        .filter(([secret]) => disguises(secret).some((form) => text.includes(form)))
        .map(([, where]) => where),
  };
}

function disguises(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // A part is as bad as the whole; base64 depends on what stands before, so its middle is looked for.
  const part = secret.slice(0, 24);
  return [part, encodeURIComponent(part), bytes.toString('hex'), bytes.toString('base64').slice(0, 24)];
}
