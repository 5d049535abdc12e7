import { expect, it } from 'vitest';
import { createAdmission } from '../../src/web/admission.ts';

const calm = { milliseconds: () => 0 };
const refusal = (admission: ReturnType<typeof createAdmission>) =>
  new Promise<{ readonly code: string; readonly retryAfterSeconds: number | undefined }>(admission.refuse);

it('has so many places, and a place again when one is left', () => {
  const admission = createAdmission({ maxInside: 2, eventLoop: calm });
  expect([admission.enter(), admission.enter(), admission.enter()]).toStrictEqual([true, true, false]);
  admission.leave();
  expect([admission.enter(), admission.enter()]).toStrictEqual([true, false]);
});

it('tells all whom it refuses to come back, however many come at once', async () => {
  const admission = createAdmission({ maxInside: 0, eventLoop: calm });
  const refusals = await Promise.all(Array.from({ length: 100 }, () => refusal(admission)));
  for (const error of refusals) expect(error).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1 });
});

it('knows when nothing runs any more', async () => {
  const admission = createAdmission({ maxInside: 1, eventLoop: calm });
  await admission.settled();
  admission.begin();
  admission.begin();
  let settled = false;
  const waiting = admission.settled().then(() => {
    settled = true;
  });
  admission.end();
  await new Promise(setImmediate);
  expect(settled).toBe(false);
  admission.end();
  await waiting;
});

it('sheds when the process cannot keep up for longer than a pause', () => {
  let [now, delay] = [0, 501];
  const admission = createAdmission({ maxInside: 9, eventLoop: { milliseconds: () => delay }, clock: () => now });
  expect(admission.enter()).toBe(true);
  now = 1_000;
  expect(admission.enter()).toBe(true);
  now = 2_000;
  expect(admission.enter()).toBe(false);
  delay = 500;
  expect(admission.enter()).toBe(true);
  delay = 501;
  expect(admission.enter(), 'a new pause').toBe(true);
});
