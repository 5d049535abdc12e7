// #region date-time-offset
/** For the eye only: a Date has three fractional digits and no offset, so never send one back. */
export function showDateTimeOffset(text: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(text));
}

/** Compares moments, also of different offsets. */
export function isBefore(text: string, moment: Date): boolean {
  return new Date(text) < moment;
}
// #endregion
