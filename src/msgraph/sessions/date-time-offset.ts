/**
 * Edm.DateTimeOffset as this gateway takes it: RFC 3339 with upper-case T and Z, an offset of at most 14:00, and at most
 * 7 fractional digits.
 */
const FORM =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$/;

/** Whether the text is a real point in time with an offset. It is never converted: a Date would lose digits and offset. */
export function isDateTimeOffset(text: string): boolean {
  return (
    FORM.test(text) && Number(text.slice(8, 10)) <= daysInMonth(Number(text.slice(0, 4)), Number(text.slice(5, 7)))
  );
}

/** Whether two texts name the same point in time, to the 100 ns that Graph keeps. */
export function isSameInstant(one: string, other: string): boolean {
  return isDateTimeOffset(one) && isDateTimeOffset(other) && ticksOf(one) === ticksOf(other);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Ticks of 100 ns since 1970. Date itself keeps milliseconds only, so the fraction is added by hand. */
function ticksOf(text: string): bigint {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return BigInt(Date.parse(text.replace(/\.\d+/, ''))) * 10_000n + BigInt(fraction.padEnd(7, '0'));
}
