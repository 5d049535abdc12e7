import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * The process edge, and the only reader of its environment. Node keeps what it has compiled, types taken off, for the
 * next start; that must be asked for before anything else is loaded, hence the import below, and written while the
 * process runs, because not every process ends in peace. It is kept with the code and not, as is Node's default, in a
 * folder for temporary files that others may write to.
 */
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node-compile-cache', import.meta.url)));
const { runGateway } = await import('./run-gateway.ts');
await runGateway(process.env);
flushCompileCache();
