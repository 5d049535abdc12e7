import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What an operation asks of Graph and answers. */
const AGAIN = [
  'changes',
  'create.answers',
  'delete',
  'errors.values',
  'limits',
  'read.batch',
  'read.batch-errors',
  'read.connection',
  'read.selection',
  'read.single',
  'step-up.graph',
  'throttling',
  'update.answers',
  'update.bad-input',
  'update.failures',
  'update.repeated',
  'update.several',
].map((name) => `test/end-to-end/${name}.test.ts`);

export default defineConfig({
  // As Node does: Vite would take graphql's `module`, a second copy beside the one that Apollo loads, and `instanceof`
  // would not hold between the two.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    testTimeout: 20_000,
    // By itself it leaves a core free, which is half of a small machine. Many tests wait for an answer or a timer.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'gateway',
          include: ['test/**/*.test.ts'],
          exclude: ['test/soak/**', 'test/bench/**', 'test/browser/**'],
        },
      },
      {
        // The same again with every document known before it is sent: then it is executed without Apollo.
        extends: true,
        test: { name: 'known documents', include: AGAIN, env: { DOCUMENTS_KNOWN: 'true' } },
      },
    ],
  },
});
