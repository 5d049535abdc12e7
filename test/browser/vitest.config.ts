import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** `npm run test:browser`: what only a browser shows. Not part of `npm test`, which needs none. */
const config = mergeConfig(base, { test: { testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false } });
config.test.include = ['test/browser/**/*.test.ts'];
config.test.exclude = [];

export default config;
