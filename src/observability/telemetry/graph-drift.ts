import type { Logger } from 'pino';
import type { Watch } from './watched-numbers.ts';

/** How an object of Graph's can differ from what the gateway knows of its type. A closed set: it labels a metric. */
export type DriftKind = (typeof driftKinds)[number];

const driftKinds = ['unknown_property', 'unknown_member', 'wrong_type', 'missing_annotation'] as const;

/** Graph's beta changes without asking: each difference is counted, and each name of one is logged once. */
export interface GraphDrift {
  /** @param name of the property, member or annotation; never a value */
  note(kind: DriftKind, name: string): void;
}

export interface GraphDriftOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly watch?: Watch | undefined;
}

/** A release of Graph brings a few. Objects with names made up by the thousand must not fill memory or the log. */
const MAX_NAMES = 100;

/** What OData takes for a name, and an annotation's. Anything else could be a value in the place of a name. */
const NAME = /^(?:@odata\.)?[A-Za-z_]\w{0,47}$/;

export function createGraphDrift({ logger, watch }: GraphDriftOptions): GraphDrift {
  const counts: Record<DriftKind, number> = {
    unknown_property: 0,
    unknown_member: 0,
    wrong_type: 0,
    missing_annotation: 0,
  };
  for (const kind of driftKinds) watch?.(`drift.${kind}`, () => counts[kind]);
  const known = new Set<string>();
  return {
    note(kind, given) {
      counts[kind] += 1;
      if (known.size === MAX_NAMES) return;
      const name = NAME.test(given) ? given : 'no name';
      const difference = `${kind} ${name}`;
      if (known.has(difference)) return;
      known.add(difference);
      logger.warn({ drift: kind, name }, 'Microsoft Graph answers what this gateway does not know: see npm run drift');
    },
  };
}
