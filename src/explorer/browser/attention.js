/** How often the person has typed or pressed something in this page. */
let acts = 0;
const countAct = (event) => {
  if (!event.repeat) acts += 1;
};
addEventListener('keydown', countAct, true);
addEventListener('pointerdown', countAct, true);

/** A moment, for `isIdleSince`. */
export function now() {
  return acts;
}

/**
 * Whether the focus may be moved: nobody has typed or pressed anything since. Of a frame that is not known.
 * @param {number} moment
 */
export function isIdleSince(moment) {
  return acts === moment && !(document.activeElement instanceof HTMLIFrameElement);
}
