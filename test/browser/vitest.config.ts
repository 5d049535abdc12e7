import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** `npm run test:browser`: what only a browser shows. Not part of `npm test`, which needs none. */
export default defineConfig({
  ...(base.resolve !== undefined && { resolve: base.resolve }),
  test: { include: ['test/browser/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
});
