import type { Logger } from 'pino';

/** A silence that Graph asked for, as `msgraph/` tells of it. */
interface HoldBackStep {
  readonly step: 'begins' | 'grows' | 'ends';
  readonly milliseconds: number;
  readonly askedOf: string;
}

/** One line when Graph's silence begins and one when it ends, whatever number of calls meets it in between. */
export function logHoldBack(log: Pick<Logger, 'info' | 'warn'>, { step, milliseconds, askedOf }: HoldBackStep): void {
  if (step === 'begins') {
    log.warn({ milliseconds, askedOf }, 'Microsoft Graph throttles: calls are held back');
  } else if (step === 'ends') log.info('calls to Microsoft Graph go out again');
}
