import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A headless Chromium that is installed on this machine: `CHROMIUM`, or one of the usual places.
 * @throws Error that says what is missing; nothing is skipped in silence
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      `No Chromium was found at ${PLACES.join(', ')}. Install one (Debian: apt-get install chromium), or name it in CHROMIUM.`,
    );
  }
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}
