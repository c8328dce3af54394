// Code that docs/components.md says to copy, so that tests can.
import { readFile } from 'node:fs/promises';

/** The blocks of code below a heading of "On any page". */
export async function blocks(heading) {
  const docs = await readFile(new URL('../../docs/components.md', import.meta.url), 'utf8');
  const section = docs.split('\n## On any page\n')[1].split(`\n### ${heading}\n`)[1].split(/\n##/)[0];
  return [...section.matchAll(/```\w+\n([^]*?)```/g)].map(([, code]) => code);
}
