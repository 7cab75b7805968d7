// Whether a mark tells the truth, as far as can be seen: the test is there, `make test` runs it,
// and it has these commands.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fault } from '../lib/report.mjs';
import { commands } from '../lib/shell.mjs';

const ALL = 'scripts/test.sh';
const CI = '.ci/run';

/** Checks the mark of a block that another test runs. */
export function checkClaim({ path, line, script, mark: { file, texts } }, words, root) {
  const where = `${path}:${line}`;
  const read = (name) => readFileSync(join(root, name), 'utf8');
  if (!existsSync(join(root, file))) {
    fault(`${where}: the mark says that ${file} runs this, and there is no such file`);
    return;
  }
  if (!isRunByAll(file, root)) fault(`${where}: the mark says that ${file} runs this, and ${ALL} does not run that file`);
  const source = read(file);
  for (const text of texts.filter((text) => !source.includes(text))) fault(`${where}: the mark says that "${text}" is in ${file}, and it is not`);
  // A test that reads the document runs what it finds there.
  if (source.includes(path)) return;
  for (const [name, ...rest] of commands(script)) {
    const whole = [name, ...rest].join(' ');
    const recipe = name === 'make' ? words.recipe(rest[0], where) : undefined;
    const seen = texts.length === 0 ? source.includes(name === 'make' ? whole : name) : recipe === undefined || texts.some((text) => read(recipe).includes(text));
    if (!seen) fault(`${where}: nothing shows that ${file} runs \`${whole}\`: name what it runs in the mark, as in <!-- run by: ${file}, as "…" -->`);
  }
}

/**
 * Whether all tests together run this file: by its name, by the folder of its package, or by the
 * check of its folder.
 */
export function isRunByAll(file, root) {
  const all = readFileSync(join(root, ALL), 'utf8');
  if ([ALL, CI].includes(file) || all.includes(file)) return true;
  if (file.endsWith('.mjs')) return all.includes(`${dirname(file)}/check.mjs`);
  for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
    if (existsSync(join(root, folder, 'Cargo.toml'))) return new RegExp(`(^|[\\s"'/])${folder}([\\s"'/;]|$)`, 'm').test(all);
  }
  return false;
}
