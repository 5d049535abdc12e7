import type { Config } from '../config.ts';

/** Why the gateway cannot listen, in a line that names the setting; undefined for a failure that is none of listening. */
export function listenFailure(error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): string | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `PORT: ${port} is taken; stop the other program, or set another PORT (0 takes a free one).`;
    case 'EACCES':
      return `PORT: this user may not listen on ${port}; set a PORT of 1024 or more.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `HOST: "${host}" is no address of this machine (${code}); set 0.0.0.0 for all of them, or leave it out.`;
    default:
      return `HOST, PORT: cannot listen on ${host}, port ${port} (${code}).`;
  }
}
