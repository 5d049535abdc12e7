/** Begins all that is stored: who it belongs to, and in which form. Another form needs another number. */
export const KEY_PREFIX = 'rhg1:';
