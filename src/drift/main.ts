import { settings } from '../config.ts';
import { drift } from './drift.ts';
import { knownResource } from './known-resource.ts';

/**
 * `npm run drift -- FILE`: compares what the gateway knows of its resource with Graph's published `$metadata`, from the
 * file or, without one, from GRAPH_BASE_URL. Exit code 1 when something that the gateway uses is gone, 2 when there is
 * nothing to compare with.
 */
const { GRAPH_BASE_URL, GRAPH_SESSIONS_PATH } = process.env;
const [file] = process.argv.slice(2);
const { text, exitCode } = await drift({
  known: knownResource(GRAPH_SESSIONS_PATH || String(settings.GRAPH_SESSIONS_PATH.default)),
  file,
  graphBaseUrl: (GRAPH_BASE_URL || String(settings.GRAPH_BASE_URL.default)).replace(/\/+$/, ''),
});
process.stdout.write(text);
process.exitCode = exitCode;
