/**
 * Loads a classic script.
 * @param {string} src
 * @param {number} withinMs
 * @returns {Promise<boolean>} false when it was refused, or did not come in time
 */
export function loadScript(src, withinMs) {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    const limit = setTimeout(() => settle(false), withinMs);
    const settle = (loaded) => {
      clearTimeout(limit);
      if (!loaded) script.remove();
      resolve(loaded);
    };
    script.addEventListener('load', () => settle(true));
    script.addEventListener('error', () => settle(false));
    script.src = src;
    document.head.append(script);
  });
}

/**
 * @param {string} href
 * @returns {Promise<boolean>}
 */
export function loadStyle(href) {
  return new Promise((resolve) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.addEventListener('load', () => resolve(true));
    link.addEventListener('error', () => resolve(false));
    link.href = href;
    document.head.prepend(link);
  });
}
