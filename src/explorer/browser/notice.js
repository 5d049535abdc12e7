const element = document.getElementById('notice');

/**
 * Says something between the header and the tool.
 * @param {{ text: string, detail?: string, urgent?: boolean, actions?: { label: string, href?: string, run?: () => void }[] }} notice
 */
export function showNotice({ text, detail, urgent = false, actions = [] }) {
  const words = document.createElement('p');
  words.setAttribute('role', urgent ? 'alert' : 'status');
  const strong = document.createElement('strong');
  strong.textContent = text;
  words.append(strong, ...(detail === undefined ? [] : [` ${detail}`]));
  const close = button('Dismiss', hideNotice);
  element.className = urgent ? 'urgent' : '';
  element.replaceChildren(words, ...actions.map(control), close);
  element.hidden = false;
  // Read out first, then within reach of the next key.
  if (urgent) element.querySelector('a, button')?.focus();
}

export function hideNotice() {
  element.hidden = true;
  element.replaceChildren();
}

function control({ label, href, run }) {
  if (href === undefined) return button(label, run);
  const link = document.createElement('a');
  link.className = 'button primary';
  link.href = href;
  link.textContent = label;
  if (run !== undefined) {
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      run();
    });
  }
  return link;
}

function button(label, run) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = label === 'Dismiss' ? 'button quiet' : 'button primary';
  made.textContent = label;
  made.addEventListener('click', run);
  return made;
}
