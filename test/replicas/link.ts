import { onTestFinished } from 'vitest';
import { createLogger } from '../../src/observability/log/logger.ts';
import { createRedisLink, type RedisLink } from '../../src/replicas/redis-link.ts';

export interface TestLink extends RedisLink {
  /** Lines so far, as "level message". */
  lines(): string[];
  logText(): string;
}

/** A logger that keeps what it is told. */
export function createTestLogger() {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'info',
    sensitiveFields: [],
    scrub: (line) => line,
    destination: { write: (line) => void lines.push(line) },
  });
  const levels: Record<number, string> = { 30: 'info', 40: 'warn', 50: 'error' };
  return {
    logger,
    logText: () => lines.join(''),
    lines: () =>
      lines.map((line) => {
        const { level, msg } = JSON.parse(line) as { level: number; msg: string };
        return `${levels[level]} ${msg}`;
      }),
  };
}

/** A link that ends with the test. */
export function openLink(url: string): TestLink {
  const { logger, logText, lines } = createTestLogger();
  const link = createRedisLink({ url, logger });
  onTestFinished(() => link.close());
  return Object.defineProperties(Object.create(link), {
    lines: { value: lines },
    logText: { value: logText },
  }) as TestLink;
}
