// A language for tests: every text in brackets, from right to left. What stands outside of brackets comes from no language file.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const ENGLISH = new URL('../../crates/ui/languages/en.txt', import.meta.url);
/** Written from right to left, with more forms of a plural than two. */
export const TAG = 'ar';
const FILE = `/${TAG}-test.txt`;

/** As `cargo xtask build` makes it of a language file. */
function built() {
  const lines = readFileSync(ENGLISH, 'utf8').split('\n');
  const texts = lines.filter((line) => /^[A-Z]\w* = /.test(line)).map((line) => line.slice(line.indexOf(' = ') + 3));
  const bracketed = texts.map((text) => text.split('|').map((form) => `[${form}]`).join('|'));
  return [[TAG, 'Brackets', 'rtl', 'one other', 'no'].join('\t'), ...bracketed, ''].join('\n');
}

/** From now on each page of the context offers the language, and has it chosen. */
export async function speakInBrackets(context, platform) {
  const file = built();
  const meta = { name: 'app-language', content: FILE, tag: TAG, label: 'Brackets', integrity: `sha384-${createHash('sha384').update(file).digest('base64')}` };
  // Before boot.js, which waits until the page has been read. A page that a test hands to the browser may not ask for anything on localhost.
  await context.addInitScript(({ name, content, tag, label, integrity }) => {
    if (!location.hostname) return;
    localStorage.setItem('loop.language.v1', tag);
    document.addEventListener('readystatechange', () => {
      const offer = Object.assign(document.createElement('meta'), { name, content });
      Object.assign(offer.dataset, { tag, name: label, integrity });
      if (document.readyState === 'interactive') document.head.append(offer);
    });
  }, meta);
  await context.route(platform.app + FILE, (route) => route.fulfill({ contentType: 'text/plain; charset=utf-8', body: file }));
  await context.route(`${platform.app}/catalogue.${TAG}.json`, async (route) => route.fulfill({ response: await route.fetch({ url: `${platform.app}/catalogue.json` }) }));
}

/** All that the page says, to whoever sees or hears it, without what stands in brackets. */
export function outsideOfBrackets(page) {
  return page.evaluate(() => {
    const said = [];
    const add = (text) => text && said.push(text);
    const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.currentNode; node; node = walk.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.parentElement.closest('script, style, noscript')) add(node.data);
      } else {
        for (const name of ['aria-label', 'aria-valuetext', 'aria-description', 'title', 'alt', 'placeholder', 'label']) add(node.getAttribute(name));
      }
    }
    const without = (text) => {
      for (let before; before !== text;) [before, text] = [text, text.replace(/\[[^[\]]*\]/g, '')];
      // A text with a link in it is in three parts.
      return text.replace(/\[[^[\]]*$/, '').replace(/^[^[\]]*\]/, '').trim();
    };
    return [...new Set(said.map(without))].filter((text) => /\p{Script=Latin}/u.test(text));
  });
}
