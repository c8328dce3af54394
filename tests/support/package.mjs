// The npm package where apps of tests look for it: packed as npm would publish it, and unpacked without asking the registry.
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where the packages of the frameworks are, and what builds with them. */
export const FRAMEWORKS = new URL('../embed/frameworks/', import.meta.url).pathname;
export const PACKAGE = process.env.LOOP_PACKAGE;

/** Runs a program; what it says, or all that it said when it failed. */
export async function run(program, words, cwd = FRAMEWORKS) {
  const { stdout } = await promisify(execFile)(program, words, { cwd, env: { ...process.env, NO_COLOR: '1' } }).catch((error) => {
    throw new Error(`${program} ${words.join(' ')}:\n${error.stdout}\n${error.stderr}`);
  });
  return stdout;
}

/** The same for a script of the packages: `vite/bin/vite.js`. */
export const runScript = (name, words, cwd) => run(process.execPath, [join(FRAMEWORKS, 'node_modules', name), ...words], cwd);

/** Packs into `folder` and installs from there. Gives the packed file. */
export async function install(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const [{ filename }] = JSON.parse(await run('npm', ['pack', PACKAGE, '--json', '--pack-destination', folder]));
  const target = join(FRAMEWORKS, 'node_modules/loop-partner');
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await run('tar', ['-xzf', join(folder, filename), '-C', target, '--strip-components=1']);
  return join(folder, filename);
}
