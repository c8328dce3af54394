// `cargo xtask gallery`: a picture of every page and state, on a phone and a desktop, light and dark, and one page with all of
// them. With `--docs`, renews the pictures of docs/gallery/ as well.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { startPlatform } from '../support/platform.mjs';
import { HOSTILE, SCENES } from '../support/scenes.mjs';

const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
};
const THEMES = ['light', 'dark'];
/** Nobody scrolls through more than this in a gallery. */
const TALLEST = 2400;
/** What docs/components.md shows: scene, size, theme, and how much of it. */
const DOCS = [
  ['results', 'desktop', 'light', 1500],
  ['results', 'phone', 'dark', 1700],
  ['biomarker', 'desktop', 'light', 1500],
  ['biomarker', 'phone', 'dark', 1700],
  ['report', 'desktop', 'light', 1180],
  ['report-two-draws', 'phone', 'light', 1700],
  ['care', 'phone', 'light', 1700],
  ['check-in-form', 'desktop', 'light', 1500],
  ['german-results', 'phone', 'light', 1700],
  ['right-to-left-biomarker', 'phone', 'dark', 1700],
  ['hostile-results', 'phone', 'light', 1700],
  ['permission-missing', 'phone', 'dark', 844],
  ['results-empty', 'phone', 'dark', 844],
];

const words = process.argv.slice(2);
const [only] = words.filter((word) => !word.startsWith('--'));
const docs = words.includes('--docs');
const unknown = words.find((word) => word.startsWith('--') && word !== '--docs');
const scenes = SCENES.filter(({ name }) => !only || name.includes(only));
if (unknown || !scenes.length) {
  console.error(unknown ? `\`gallery\` knows no \`${unknown}\`.` : `No scene has \`${only}\` in its name: ${SCENES.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

const root = new URL('../../', import.meta.url).pathname;
const out = join(root, 'target/gallery');
if (!only) await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const shown = join(root, 'docs/gallery');
if (docs) await mkdir(shown, { recursive: true });

const folder = await mkdtemp(join(tmpdir(), 'loop-gallery-'));
await writeFile(join(folder, 'results.json'), JSON.stringify(HOSTILE));
// A fixed day, so that two runs show the same.
const platform = await startPlatform(['--today', '2026-01-15', '--data', join(folder, 'results.json')]);
const browser = await chromium.launch({ executablePath: process.env.LOOP_CHROMIUM, args: ['--disable-gpu', '--hide-scrollbars'] });
const failed = [];
for (const { name, open } of scenes) {
  await platform.reset();
  const context = await browser.newContext({ viewport: SIZES.phone, locale: 'en-US', timezoneId: 'UTC', reducedMotion: 'reduce' });
  const page = await context.newPage();
  try {
    await open({ page, platform, context, forgive: () => {} });
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        // What depends on the size of a part is laid out a frame later.
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        const inDocs = docs && DOCS.find((one) => one[0] === name && one[1] === size && one[2] === colorScheme);
        const picture = async (path, tallest) => {
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width: viewport.width, height: Math.min(Math.max(height, viewport.height), tallest) } });
        };
        await picture(join(out, `${name}-${size}-${colorScheme}.png`), TALLEST);
        if (inDocs) await picture(join(shown, `${name}-${size}-${colorScheme}.png`), inDocs[3]);
      }
    }
  } catch (error) {
    failed.push(`${name}: ${error.message.split('\n')[0]}`);
  }
  await context.close();
}
await browser.close();
await platform.stop();
await rm(folder, { recursive: true });

const pictures = scenes.map(({ name }) => {
  const images = Object.keys(SIZES).flatMap((size) => THEMES.map((theme) => `<a href="${name}-${size}-${theme}.png"><img src="${name}-${size}-${theme}.png" alt="${size}, ${theme}" loading="lazy"></a>`));
  return `<h2>${name}</h2><div>${images.join('')}</div>`;
});
await writeFile(join(out, 'index.html'), `<!doctype html><meta charset="utf-8"><title>Gallery</title><style>body{font:1rem system-ui;margin:2rem}div{display:flex;gap:1rem;align-items:start}img{height:24rem;border:1px solid #ccc}</style>${pictures.join('\n')}`);
for (const line of failed) console.error(`not reached: ${line}`);
console.log(`${scenes.length - failed.length} of ${scenes.length} scenes are in ${join(out, 'index.html')}`);
process.exit(failed.length ? 1 : 0);
