// What every measurement begins with: the words of the command line, where things are, and a browser.
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const onPath = (name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)).find(existsSync);
process.env.LOOP_APP ??= join(root, 'dist');
process.env.LOOP_SANDBOX ??= join(root, 'target/native/loop-sandbox');
process.env.LOOP_CHROMIUM ??= ['chromium', 'chromium-browser', 'google-chrome'].map(onPath).find(Boolean) ?? '';
const { launchOptions, locale, timezoneId } = (await import('../playwright.config.mjs')).default.use;

/** Every page is of the same kind. */
export const PAGE = { locale, timezoneId, viewport: { width: 1280, height: 900 } };

/**
 * The browser that measures what a page does draws as often as it can: otherwise half of each figure would be the wait for the
 * next of 60 frames a second, which no code of a page can shorten. Where loading is measured, it draws as for a person.
 */
export function launch({ unlimited = false, flags = [] } = {}) {
  const args = [...launchOptions.args, ...(unlimited ? ['--disable-frame-rate-limit'] : []), ...flags];
  return chromium.launch({ ...launchOptions, args });
}

/** The words of the command line; `more` are those of one measurement alone. */
export function words({ runs = '11', ...more } = {}) {
  const options = { json: { type: 'boolean', default: false }, runs: { type: 'string', default: runs }, peers: { type: 'string', default: 'all' }, ...more };
  const { values } = parseArgs({ options });
  return { ...values, runs: whole('runs', values.runs, 1, 100) };
}

/** A number of the command line. */
export function whole(name, text, least, most) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most) throw new Error(`--${name} takes a number from ${least} to ${most}`);
  return number;
}

/** Shows on standard error how far it is, where somebody looks. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
