import { ErrorReply } from '@redis/client';

/** One word, for the log. Never a message: old servers quote what they were sent, the password too. */
export function failureReason(error: unknown): string {
  if (error instanceof ErrorReply) return /^[A-Z]{2,20}(?= )/.exec(error.message)?.[0] ?? 'ERR';
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.constructor.name;
}
