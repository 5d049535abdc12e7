import fc from 'fast-check';

const two = (number: number) => String(number).padStart(2, '0');

/** Any DateTimeOffset that the contract allows; leap days, the widest offsets and all lengths of fractions often. */
export function dateTimeOffsets(): fc.Arbitrary<string> {
  const anyDay = fc
    .date({ min: new Date('0001-01-01Z'), max: new Date('9999-12-31Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const leapDay = fc
    .integer({ min: 1, max: 2499 })
    .map((quarter) => quarter * 4)
    .filter((year) => year % 100 !== 0 || year % 400 === 0)
    .map((year) => `${String(year).padStart(4, '0')}-02-29`);
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map(two).join(':'));
  const fraction = fc.stringMatching(/^\d{0,7}$/).map((digits) => (digits === '' ? '' : `.${digits}`));
  const minutes = fc.oneof(fc.constantFrom(0, 840), fc.integer({ min: 0, max: 840 }));
  const offset = fc.oneof(
    fc.constant('Z'),
    fc
      .tuple(fc.constantFrom('+', '-'), minutes)
      .map(([sign, all]) => `${sign}${two(Math.trunc(all / 60))}:${two(all % 60)}`),
  );
  return fc
    .tuple(fc.oneof(anyDay, leapDay), time, fraction, offset)
    .map(([day, clock, digits, zone]) => `${day}T${clock}${digits}${zone}`);
}
