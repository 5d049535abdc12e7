import type { Attack } from './attack.ts';
import { aliasedSecretsAttack } from './attacks/aliased-secrets.ts';
import { connections } from './attacks/connections.ts';
import { costlyDocumentAttacks } from './attacks/costly-documents.ts';
import { descriptors } from './attacks/descriptors.ts';
import { failingIds } from './attacks/failing-ids.ts';
import { htmlBatches } from './attacks/html-batches.ts';
import { inventedKeys } from './attacks/invented-keys.ts';
import { largeBodies } from './attacks/large-bodies.ts';
import { lists } from './attacks/lists.ts';
import { manyIds } from './attacks/many-ids.ts';
import { unreadAnswers } from './attacks/unread-answers.ts';

/** Every way that was found in which one caller could hurt others. */
export const attacks: readonly Attack[] = [
  ...costlyDocumentAttacks,
  lists,
  aliasedSecretsAttack,
  unreadAnswers,
  largeBodies,
  manyIds,
  htmlBatches,
  inventedKeys,
  failingIds,
  descriptors,
  connections,
];
