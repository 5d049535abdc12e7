import { setTimeout as sleep } from 'node:timers/promises';
import { type AliasedSecrets, addSecrets, aliasedSecrets } from '../../support/aliased-secrets.ts';
import type { Attack } from '../attack.ts';

const OPERATIONS: readonly AliasedSecrets[] = Object.values(aliasedSecrets);
const AT_ONCE = 40;

/** Small queries whose answers would be a hundred megabytes and more. */
export const aliasedSecretsAttack: Attack = {
  name: 'aliased-secrets',
  prepare: addSecrets,
  async turn({ ask, token, next }) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, () => {
        const use = next();
        const { query, variables } = OPERATIONS[use % OPERATIONS.length] as AliasedSecrets;
        return ask(token(use), query, variables);
      }),
    );
    // Each is refused after up to 50 ms of work: what is asked here is whether the heap bears them, not a processor.
    await sleep(2_000);
  },
};
