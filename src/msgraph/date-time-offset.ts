/** Edm.DateTimeOffset as this gateway takes it: RFC 3339 with upper-case T and Z, and at most 7 fractional digits. */
const FORM =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,7}))?(?:Z|([+-])(0\d|1[0-4]):([0-5]\d))$/;

/** Whether the text is a real point in time with an offset. It is never converted: a Date would lose digits and offset. */
export function isDateTimeOffset(text: string): boolean {
  return ticksOf(text) !== undefined;
}

/** Whether two texts name the same point in time, to the 100 ns that Graph keeps. */
export function isSameInstant(one: string, other: string): boolean {
  const ticks = ticksOf(one);
  return ticks !== undefined && ticks === ticksOf(other);
}

/** Ticks of 100 ns since 1970; undefined when the text is not a DateTimeOffset. */
function ticksOf(text: string): bigint | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHours = '0', offsetMinutes = '0'] = parts;
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  if (offset > 14 * 60) return undefined;
  // setUTCFullYear, because Date.UTC takes years below 100 for 19xx.
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  date.setUTCHours(Number(hour), Number(minute) - (sign === '-' ? -offset : offset), Number(second));
  return BigInt(date.getTime()) * 10_000n + BigInt(fraction.padEnd(7, '0'));
}
