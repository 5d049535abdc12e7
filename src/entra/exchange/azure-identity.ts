import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Azure's libraries, loaded when first called for: not every process and test has an exchange. In their CommonJS form, because
 * Node loads it in half the time: 55 ms for the two instead of 110.
 */
export function azureIdentity(): typeof import('@azure/identity') {
  return require('@azure/identity');
}

export function azureRestPipeline(): typeof import('@azure/core-rest-pipeline') {
  return require('@azure/core-rest-pipeline');
}
