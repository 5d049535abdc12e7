import { createPrivateKey, X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { EnvError, makeValidator } from 'envalid';

/** The forms that settings may have. Each refusal says what was expected, and never what was given: it may be a secret. */

/** This machine, by any of its names. */
export const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

export function integer(min: number, max: number) {
  return makeValidator((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new EnvError(`expected a whole number from ${min} to ${max}`);
    }
    return value;
  });
}

export function flag() {
  return makeValidator((text) => {
    if (text !== 'true' && text !== 'false') throw new EnvError('expected true or false');
    return text === 'true';
  });
}

export function oneOf(choices: readonly string[]) {
  return makeValidator((text) => {
    if (!choices.includes(text)) throw new EnvError(`expected one of ${choices.join(', ')}`);
    return text;
  });
}

/** One tenant only: the many-tenant endpoints would accept anybody's users, and Entra refuses them for this grant. */
export function tenant() {
  return makeValidator((text) => {
    if (!/^[0-9a-zA-Z.-]+$/.test(text)) throw new EnvError('expected a tenant id (GUID) or a verified domain');
    if (/^(common|organizations|consumers)$/i.test(text)) throw new EnvError(`expected one tenant, not "${text}"`);
    return text;
  });
}

/**
 * Tokens travel there, so https; http only to this machine, and to `emulatorHost`, where an emulator is said to be. `root`
 * may have a path, `origin` not.
 */
export function secureUrl(form: 'origin' | 'root', emulatorHost?: string) {
  return makeValidator((text) => {
    const url = URL.parse(text);
    const isNear = url !== null && (LOCAL_ORIGIN.test(url.origin) || url.hostname === emulatorHost?.toLowerCase());
    if (
      url === null ||
      (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNear)) ||
      url.username ||
      url.password ||
      url.search ||
      url.hash
    ) {
      throw new EnvError(
        'expected an https URL (http only for this machine, or outside production for the host that EMULATOR_PUBLIC_HOST names), without user, query and fragment',
      );
    }
    if (form === 'origin' && url.pathname !== '/') throw new EnvError('expected an origin, without a path');
    return form === 'origin' ? url.origin : url.href.replace(/\/+$/, '');
  });
}

export function redisUrl() {
  return makeValidator((text) => {
    const url = URL.parse(text);
    if (url === null || (url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '') {
      throw new EnvError('expected redis://host:port or rediss://host:port, with user and password if needed');
    }
    return text;
  });
}

/** Without a scheme it is http, as for curl. Its user and password are secrets, so the value is never quoted. */
export function proxyUrl() {
  return makeValidator((text) => {
    const url = URL.parse(text.includes('://') ? text : `http://${text}`);
    if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
      throw new EnvError('expected the address of a proxy, such as http://proxy.example.com:8080');
    }
    return url.href;
  });
}

export function path() {
  return makeValidator((text) => {
    const segments = text.replace(/^\//, '').split('/');
    if (segments.some((segment) => !/^[\w.~()='@-]+$/.test(segment) || /^\.+$/.test(segment))) {
      throw new EnvError('expected path segments below the Graph root, such as RemoteHelpSessionRetrieveResponse');
    }
    return segments.join('/');
  });
}

export function list() {
  return makeValidator((text) => {
    const parts = text.split(',').map((part) => part.trim());
    if (parts.includes('')) throw new EnvError('expected values separated by commas');
    return parts;
  });
}

/** As browsers send them; the WHATWG gives no origin for the schemes of hybrid apps, whose views send one all the same. */
export function origins() {
  return makeValidator((text) => {
    const parts = text.split(',').map((part) => part.trim());
    if (!parts.every(isOrigin)) {
      throw new EnvError('expected exact origins such as https://app.example.com, comma separated');
    }
    return parts;
  });
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.host === '' || url.host.includes('*')) return false;
  return text === (url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin);
}

/** Checked at the start, so that a wrong mount shows then and not at the first caller. */
export function readablePaths() {
  return makeValidator((text) => {
    const paths = text.split(',').map((part) => part.trim());
    for (const path of paths) {
      try {
        accessSync(path, constants.R_OK);
      } catch {
        throw new EnvError('expected files or folders that can be read, separated by commas');
      }
    }
    return paths;
  });
}

export function readableFile() {
  return makeValidator((file) => {
    try {
      accessSync(file, constants.R_OK);
    } catch {
      throw new EnvError('expected the path of a file that can be read');
    }
    return file;
  });
}

/**
 * A PEM file with a certificate and the private key that belongs to it, not encrypted: the gateway has no way to be given
 * a password. What Entra thinks of it, and whether it has expired, shows only there.
 */
export function certificateFile() {
  return makeValidator((file) => {
    const expected = 'expected a PEM file with a certificate and its private key';
    let pem: string;
    try {
      pem = readFileSync(file, 'utf8');
    } catch {
      throw new EnvError(`${expected}, which can be read`);
    }
    if (!/-----BEGIN CERTIFICATE-----/.test(pem)) throw new EnvError(`${expected}; it holds no certificate`);
    if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
      throw new EnvError(`${expected}; its key is encrypted, so write it without a password`);
    }
    if (!/-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(pem)) throw new EnvError(`${expected}; it holds no private key`);
    if (!belongTogether(pem)) throw new EnvError(`${expected}; the key does not belong to the certificate`);
    return file;
  });
}

function belongTogether(pem: string): boolean {
  try {
    return new X509Certificate(pem).checkPrivateKey(createPrivateKey(pem));
  } catch {
    throw new EnvError('expected a PEM file with a certificate and its private key; one of them cannot be read');
  }
}
