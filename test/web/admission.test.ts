import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { type AdmissionOptions, createAdmission } from '../../src/web/admission.ts';
import { answerError } from '../../src/web/error-answers.ts';

/** A server with nothing but the door; what is inside stays until `release`. */
async function scene(options: AdmissionOptions, { stays = true } = {}) {
  const admission = createAdmission(options);
  const app = Fastify();
  const releases: (() => void)[] = [];
  app.setErrorHandler(answerError);
  const stay = () => new Promise<void>((resolve) => releases.push(resolve));
  const handler = admission.track(async (_request, reply) => {
    if (stays) await stay();
    return reply.send('served');
  });
  app.get('/', { onRequest: admission.admit }, handler);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    for (const release of releases) release();
    await app.close();
  });
  return { admission, releases, ask: (signal?: AbortSignal) => fetch(url, signal === undefined ? {} : { signal }) };
}

const calm = () => false;

it('refuses who comes when the house is full, and takes in who comes when there is room again', async () => {
  const { ask, releases } = await scene({ maxInside: 1, isUnderPressure: calm });
  const first = ask();
  await expect.poll(() => releases.length, { interval: 1 }).toBe(1);
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toStrictEqual([503, '1']);
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }],
  });
  releases[0]?.();
  expect(await (await first).text()).toBe('served');
  const next = ask();
  await expect.poll(() => releases.length, { interval: 1 }).toBe(2);
  releases[1]?.();
  expect((await next).status).toBe(200);
});

it('answers all whom it refuses, however many come at once', async () => {
  const { ask } = await scene({ maxInside: 0, isUnderPressure: calm });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask()));
  expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([503]));
});

it('gives the place of a client that has gone to the next one, and still knows of its work', async () => {
  const { admission, ask, releases } = await scene({ maxInside: 1, isUnderPressure: calm });
  const leaving = new AbortController();
  const gone = ask(leaving.signal).catch(() => 'gone');
  await expect.poll(() => releases.length, { interval: 1 }).toBe(1);
  leaving.abort();
  expect(await gone).toBe('gone');
  let settled = false;
  void admission.settled().then(() => {
    settled = true;
  });
  const next = async () => {
    void ask().catch(() => {});
    return releases.length;
  };
  await expect.poll(next, { interval: 5 }).toBe(2);
  expect(settled).toBe(false);
  for (const release of releases) release();
  await expect.poll(() => settled, { interval: 1 }).toBe(true);
});

it('sheds when the process cannot keep up for longer than a pause', async () => {
  let [now, pressed] = [0, true];
  const options = { maxInside: 9, isUnderPressure: () => pressed, clock: () => now };
  const { ask } = await scene(options, { stays: false });
  const admitted = async () => (await ask()).status;
  expect(await admitted()).toBe(200);
  now = 1_000;
  expect(await admitted()).toBe(200);
  now = 2_000;
  expect(await admitted()).toBe(503);
  pressed = false;
  expect(await admitted()).toBe(200);
  pressed = true;
  expect(await admitted(), 'a new pause').toBe(200);
});
