import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const NO_PRETENURING = '--no-allocation-site-pretenuring';

/**
 * The process edge, and the only reader of its environment and of the file that its one argument names, which the
 * environment overrules. Node keeps what it has compiled, types taken off, for the next start. That must be asked for
 * before anything else is loaded, hence the import below, and written while the process runs, because not every process
 * ends in peace. It is kept with the code and not, as is Node's default, in a folder for temporary files that others may
 * write to.
 */
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node-compile-cache', import.meta.url)));
// V8 takes what lives as long as a request for what lives long, and places it among that. There it keeps all that it
// refers to from being collected young: under load the heap grows by half, and collecting takes half as long again.
// `npm start` and the image say so on V8's command line, where Node wants its flags. Whoever starts this file by itself
// should have the same program, and V8 looks at these two anew each time that they matter.
if (!process.execArgv.includes(NO_PRETENURING)) setFlagsFromString(NO_PRETENURING);
// On a single core its four helpers collect in turns with the thread that waits for them: 5 to 8 % of all CPU. No command
// line knows how many cores there are.
if (availableParallelism() === 1) setFlagsFromString('--no-parallel-scavenge');
// Not Node's own --env-file-if-exists: that says each time that there is no such file.
const [, , envFile] = process.argv;
if (envFile !== undefined && existsSync(envFile)) process.loadEnvFile(envFile);
const { runGateway } = await import('./run-gateway.ts');
await runGateway(process.env);
flushCompileCache();
