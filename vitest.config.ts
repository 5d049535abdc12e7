import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node does: Vite would take graphql's `module`, a second copy beside the one that Apollo loads, and `instanceof`
  // would not hold between the two.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/soak/**', 'test/bench/**', 'test/browser/**'],
    testTimeout: 20_000,
  },
});
