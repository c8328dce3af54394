// How long somebody who works on the app waits: from saving a file to the page that has it.
//
//   cargo xtask bench reload [--json] [--runs N]
//
// It saves files of this folder, and puts them back. Nothing else may be building meanwhile.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { table, tell } from './report.mjs';
import { PAGE, launch, progress, root, words } from './setup.mjs';
import { Figures } from './statistics.mjs';

/** What is changed in a file, so that it ends up in the app: another text each time. */
const EDITS = {
  'a view': { file: 'crates/ui/src/views/biomarker_list/row.rs', from: '"row__unit"', to: (run) => `"row__unit${'x'.repeat(run)}"` },
  'what all depend on': { file: 'crates/contracts/src/clinical.rs', from: '"urgent"', to: (run) => `"urgent${'x'.repeat(run)}"` },
  'a style': { file: 'style/base.css', from: 'body {', to: (run) => `body { --run: ${run};` },
};
const PATIENCE = 300_000;

const wanted = words({ runs: '5' });
const before = new Map(Object.values(EDITS).map(({ file }) => [file, readFileSync(join(root, file), 'utf8')]));
for (const { file, from } of Object.values(EDITS)) if (!before.get(file).includes(from)) throw new Error(`${file} has no ${from} any more`);

// In a group of its own, so that what it has started ends with it.
const demo = spawn('cargo', ['xtask', 'demo', '--watch', '--port', '18080'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
process.on('exit', () => {
  for (const [file, text] of before) writeFileSync(join(root, file), text);
  try {
    process.kill(-demo.pid, 'SIGINT');
  } catch {
    // It has ended.
  }
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Where the app is, once the demo says it. */
async function started() {
  for await (const line of createInterface({ input: demo.stdout })) {
    const [, address] = /^ {2}The app +(\S+)$/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('the demo did not start');
}

const address = await started();
const browser = await launch();
const page = await browser.newPage(PAGE);
await page.goto(address);
const figures = new Figures();
// The first round compiles what the last session left.
for (let run = 0; run <= wanted.runs; run += 1) {
  for (const [name, { file, from, to }] of Object.entries(EDITS)) {
    progress(`reload: run ${run} of ${wanted.runs}, ${name}`);
    const shown = page.waitForEvent('load', { timeout: PATIENCE });
    const saved = performance.now();
    writeFileSync(join(root, file), before.get(file).replace(from, to(run + 1)));
    await shown;
    await page.locator('main button.button--primary').waitFor();
    if (run > 0) figures.add(name, { save_to_page_ms: performance.now() - saved });
  }
}
progress('');
await browser.close();
const summary = figures.summary();
tell(wanted.json, 'reload', { runs: wanted.runs, figures: summary, tables: [table('after saving', summary)] });
process.exit();
