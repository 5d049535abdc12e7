const element = document.getElementById('notice');

/**
 * Says something between the header and the tool.
 * @param {object} notice
 * @param {string} notice.text
 * @param {string} notice.detail
 * @param {boolean} [notice.urgent] it is read out at once
 * @param {HTMLElement} [notice.action]
 * @param {boolean} [notice.focus] its action gets the focus
 * @param {() => void} [notice.onDismiss]
 * @returns {() => void} takes it away, unless something else is said by then
 */
export function showNotice({ text, detail, urgent = false, action, focus = false, onDismiss }) {
  const words = document.createElement('p');
  words.setAttribute('role', urgent ? 'alert' : 'status');
  const strong = document.createElement('strong');
  strong.textContent = text;
  words.append(strong, ` ${detail}`);
  const close = () => {
    if (!element.contains(words)) return;
    element.hidden = true;
    element.replaceChildren();
  };
  const dismiss = button('Dismiss', 'quiet', () => {
    close();
    onDismiss?.();
  });
  element.className = urgent ? 'urgent' : '';
  element.replaceChildren(words, ...(action === undefined ? [] : [action]), dismiss);
  element.hidden = false;
  if (focus) action?.focus();
  return close;
}

/** Whether something is said at the moment. */
export function isNoticeShown() {
  return !element.hidden;
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
