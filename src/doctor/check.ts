/** The checks, in the order in which they are made and listed. */
export const CHECKS = [
  'settings',
  'cloud',
  'discovery',
  'keys',
  'clock',
  'credential',
  'redis',
  'caller-token',
  'exchange',
  'graph-scope',
  'graph-path',
  'graph-batch',
] as const;

export type CheckId = (typeof CHECKS)[number];

/** What a check found. No text holds a token, a secret or a value of a session. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** What to do about it: a setting, or the place in the Entra admin center. */
  readonly fix?: string | undefined;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warning = (message: string, fix: string): Finding => ({ status: 'warning', message, fix });
export const failed = (message: string, fix: string): Finding => ({ status: 'failed', message, fix });
export const skipped = (message: string): Finding => ({ status: 'skipped', message });
