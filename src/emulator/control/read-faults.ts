import type { Fault } from '../faults.ts';
import type { WaitingFault } from '../http/fault-queue.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { NO_JSON } from './control-body.ts';
import { type Member, problemWith } from './members.ts';

/** Faults by name. They hold until they are cleared. */
export type Presets = Readonly<Record<string, WaitingFault>>;

/** Reads a list of faults, or one, or says what is wrong with it: then nothing of the list counts. */
export function readFaults(value: unknown, presets: Presets): { faults: WaitingFault[] } | { problem: string } {
  if (value === NO_JSON) return { problem: 'the body is no JSON; expected a list of faults' };
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const faults: WaitingFault[] = [];
  for (const [index, one] of list.entries()) {
    const place = `fault ${index + 1}`;
    if (!isJsonObject(one)) return { problem: `${place}: expected a JSON object` };
    const problem = problemWith(one, MEMBERS, place) ?? problemWith(matchOf(one), MATCH, `"match" of ${place}`);
    if (problem !== undefined) return { problem };
    const { preset: name, ...fault } = one as JsonObject & Fault;
    const preset = typeof name === 'string' && Object.hasOwn(presets, name) ? presets[name] : undefined;
    if (name !== undefined && preset === undefined) {
      return {
        problem: `unknown preset "${name}" of ${place}; this server knows ${Object.keys(presets).join(', ')}`,
      };
    }
    const times = fault.times === null ? Number.POSITIVE_INFINITY : fault.times;
    faults.push({ ...preset, ...fault, ...(times === undefined ? {} : { times }) });
  }
  return { faults };
}

const matchOf = ({ match = {} }: JsonObject): JsonObject => match as JsonObject;

const text: Member = { check: (value) => typeof value === 'string', expected: 'text' };
const flag: Member = { check: (value) => typeof value === 'boolean', expected: 'true or false' };

const MATCH: Readonly<Record<keyof NonNullable<Fault['match']>, Member>> = {
  method: text,
  path: text,
  oid: text,
  inBatch: flag,
};

const MEMBERS: Readonly<Record<keyof Fault | 'preset', Member>> = {
  preset: text,
  match: { check: isJsonObject, expected: 'an object' },
  times: {
    // null is what JSON makes of Infinity
    check: (value) => value === null || (Number.isInteger(value) && (value as number) > 0),
    expected: 'a whole number above 0, or null for any number of times',
  },
  status: {
    check: (value) => Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599,
    expected: 'an HTTP status from 200 to 599',
  },
  headers: {
    check: (value) => isJsonObject(value) && Object.values(value).every((one) => typeof one === 'string'),
    expected: 'an object of texts',
  },
  body: { check: () => true, expected: 'anything' },
  delayMs: {
    check: (value) => typeof value === 'number' && value >= 0 && value <= 2_147_483_647,
    expected: 'milliseconds',
  },
  apply: flag,
  drop: {
    check: (value) => value === 'before-headers' || value === 'mid-body',
    expected: '"before-headers" or "mid-body"',
  },
  hang: { check: (value) => value === true, expected: 'true' },
};
