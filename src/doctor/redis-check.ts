import { pino } from 'pino';
import { createRedisLink } from '../replicas/redis-link.ts';
import { type Finding, failed, ok } from './check.ts';

/** Whether the Redis that replicas share answers, over the very connection that they would use. */
export async function checkRedis(url: string): Promise<Finding> {
  const fix =
    'Look at REDIS_URL: host, port, user, password, redis:// or rediss://. The gateway serves without it, and shares nothing.';
  let said = '';
  const write = (line: string) => {
    said ||= reasonIn(line);
  };
  const logger = pino({ level: 'warn', base: null }, { write });
  try {
    const link = createRedisLink({ url, logger });
    await link.tried;
    const answer = await link.ask(['PING'], (reply) => reply === 'PONG' || String(reply) === 'PONG');
    await link.close();
    return answer === true
      ? ok('Redis answers')
      : failed(`Redis cannot be reached${said === '' ? '' : ` (${said})`}`, fix);
  } catch {
    return failed('REDIS_URL cannot be used', fix);
  }
}

function reasonIn(line: string): string {
  const { reason } = JSON.parse(line) as { reason?: unknown };
  return typeof reason === 'string' ? reason : '';
}
