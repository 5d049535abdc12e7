import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { textOrNothing } from '../../src/replicas/text-or-nothing.ts';
import { createSelfSignedCertificate } from '../emulator/self-signed-certificate.ts';
import { openLink } from './link.ts';
import { describeWithRedis, redisForTest } from './redis-for-test.ts';
import { freePort } from './redis-server.ts';

/** A server that also speaks TLS, with a certificate of its own making for `localhost`. */
async function startTlsRedis() {
  const folder = await mkdtemp(join(tmpdir(), 'redis-tls-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { certificate, privateKey } = createSelfSignedCertificate('localhost');
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certificateFile, certificate), writeFile(keyFile, privateKey)]);
  const tlsPort = await freePort();
  await redisForTest({
    args: [
      ...['--tls-port', String(tlsPort), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', certificateFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certificateFile],
    ],
  });
  return { url: `rediss://localhost:${tlsPort}`, certificate };
}

describeWithRedis('a Redis with TLS', () => {
  test('is not talked to when its certificate is not trusted', async () => {
    const { url } = await startTlsRedis();
    const link = openLink(url);
    await expect.poll(() => link.lines()).toHaveLength(1);
    expect(link.logText()).toMatch(/"reason":"\w*SELF_SIGNED\w*"/);
    expect(link.usable).toBe(false);
  });

  test('is asked as any other when it is (NODE_EXTRA_CA_CERTS)', async () => {
    const { url, certificate } = await startTlsRedis();
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, certificate]);
    onTestFinished(() => setDefaultCACertificates(before));
    const link = openLink(url);
    await expect.poll(() => link.usable, { timeout: 5_000 }).toBe(true);
    expect(await link.ask(['SET', 'k', 'v', 'PX', '10000'], textOrNothing)).toBe('OK');
    expect(await link.ask(['GET', 'k'], textOrNothing)).toBe('v');
    expect(link.lines()).toEqual([]);
  });
});
