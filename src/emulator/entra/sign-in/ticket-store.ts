import { randomBytes } from 'node:crypto';

/** Texts that stand for something kept here: authorization codes, refresh tokens. */
export interface TicketStore<Content> {
  /** A new text that stands for `content` until it expires. */
  issue(content: Content): string;
  /** What a text stands for, or why it stands for nothing. Expired ones are forgotten after a while: unknown too. */
  look(ticket: string): Content | 'used' | 'unknown';
  /** From now on `look` answers that it was used. */
  use(ticket: string): void;
  clear(): void;
}

/** Who only issues must not grow the memory: beyond this the oldest is forgotten. */
const MOST_TICKETS = 10_000;

/** An empty store. `clock` in milliseconds since 1970. */
export function createTicketStore<Content>(options: { clock: () => number; lifetimeMs: number }): TicketStore<Content> {
  const tickets = new Map<string, { content: Content; expires: number; used: boolean }>();
  return {
    issue(content) {
      const [oldest] = tickets.keys();
      if (tickets.size >= MOST_TICKETS && oldest !== undefined) tickets.delete(oldest);
      const ticket = `1.${randomBytes(48).toString('base64url')}`;
      tickets.set(ticket, { content, expires: options.clock() + options.lifetimeMs, used: false });
      return ticket;
    },
    look(ticket) {
      const found = tickets.get(ticket);
      if (found === undefined || found.expires <= options.clock()) return 'unknown';
      return found.used ? 'used' : found.content;
    },
    use(ticket) {
      const found = tickets.get(ticket);
      if (found !== undefined) found.used = true;
    },
    clear: () => tickets.clear(),
  };
}
