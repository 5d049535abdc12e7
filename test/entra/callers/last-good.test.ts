import { expect, it } from 'vitest';
import { createLastGood } from '../../../src/entra/callers/last-good.ts';

/** A value whose loads a test ends by hand. */
function scene() {
  const time = { now: 0 };
  const loads: PromiseWithResolvers<string>[] = [];
  const value = createLastGood({
    load: () => {
      const load = Promise.withResolvers<string>();
      loads.push(load);
      return load.promise;
    },
    refreshMs: 60_000,
    retryMs: 10_000,
    spacingMs: 1_000,
    clock: () => time.now,
  });
  const end = async (index: number, how: string | Error) => {
    if (typeof how === 'string') loads[index]?.resolve(how);
    else loads[index]?.reject(how);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { time, loads, value, end };
}

const down = new Error('down');

it('loads once for all who ask, and then answers at once', async () => {
  const { value, loads, end } = scene();
  const asked = [value.get(), value.get(), value.refresh()];
  await end(0, 'first');
  expect(await Promise.all(asked)).toEqual(['first', 'first', 'first']);
  expect([value.get(), loads.length]).toEqual(['first', 1]);
});

it('begins one load a second while they fail, and shares its failure meanwhile', async () => {
  const { value, loads, end, time } = scene();
  const first = value.refresh();
  await Promise.all([expect(first).rejects.toBe(down), end(0, down)]);
  await expect(value.refresh()).rejects.toBe(down);
  expect([loads.length, value.failing]).toEqual([1, true]);
  time.now = 1_000;
  const second = value.refresh();
  await end(1, 'back');
  expect([await second, value.failing, loads.length]).toEqual(['back', false, 2]);
});

it('frees those who wait for a load that hangs as soon as another succeeds', async () => {
  const { value, loads, end, time } = scene();
  const stuck = value.refresh();
  time.now = 1_000;
  const next = value.refresh();
  expect(loads).toHaveLength(2);
  await end(1, 'fresh');
  expect([await stuck, await next]).toEqual(['fresh', 'fresh']);
  // What the first says at last is older.
  await end(0, 'old');
  expect([value.current, value.failing]).toEqual(['fresh', false]);
});

it('lets no older failure hide a newer success', async () => {
  const { value, end, time } = scene();
  value.refresh().catch(() => {});
  time.now = 1_000;
  value.refresh().catch(() => {});
  await end(1, 'fresh');
  await end(0, down);
  expect(value.failing).toBe(false);
});

it('goes on with an old value while it is loaded anew, one load in ten seconds', async () => {
  const { value, loads, end, time } = scene();
  value.get();
  await end(0, 'first');
  time.now = 60_000;
  expect([value.get(), value.get(), loads.length]).toEqual(['first', 'first', 2]);
  await end(1, down);
  expect([value.get(), value.failing, loads.length]).toEqual(['first', true, 2]);
  time.now = 70_000;
  expect([value.get(), loads.length]).toEqual(['first', 3]);
});

it('is not stopped by a clock that is set back', async () => {
  const { value, loads, end, time } = scene();
  time.now = 3_600_000;
  value.refresh().catch(() => {});
  await end(0, down);
  time.now = 0;
  value.refresh().catch(() => {});
  expect(loads).toHaveLength(2);
});
