const element = document.getElementById('notice');

/**
 * Says something between the header and the tool.
 * @param {{ text: string, detail: string, urgent?: boolean, action?: HTMLElement }} notice an urgent one is read out at
 *   once, and its action has the focus
 */
export function showNotice({ text, detail, urgent = false, action }) {
  const words = document.createElement('p');
  words.setAttribute('role', urgent ? 'alert' : 'status');
  const strong = document.createElement('strong');
  strong.textContent = text;
  words.append(strong, ` ${detail}`);
  const dismiss = button('Dismiss', 'quiet', hideNotice);
  element.className = urgent ? 'urgent' : '';
  element.replaceChildren(words, ...(action === undefined ? [] : [action]), dismiss);
  element.hidden = false;
  if (urgent) action?.focus();
}

export function hideNotice() {
  element.hidden = true;
  element.replaceChildren();
}

/**
 * @param {string} label
 * @param {'primary' | 'quiet'} look
 * @param {() => void} run
 */
export function button(label, look, run) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = `button ${look}`;
  made.textContent = label;
  made.addEventListener('click', run);
  return made;
}
