// Checks the words and the width of the repository's text: no word that docs/glossary.md replaces by another, none that
// docs/style.md rules out, and no comment beyond column 100. Prints each place; exits 1 if there is one.
//
// Usage: node tests/documents/prose.mjs

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WIDTH = 100;
const GLOSSARY = 'docs/glossary.md';
/** What is text of ours: by the ends of names. */
const TEXT = /\.(rs|mjs|py|sh|md|yml|toml|json)$/;
/** Text whose words are history, data, or made by a program. */
const LEFT_OUT = [
  /^CHANGELOG\.md$/,
  /^docs\/(glossary|style)\.md$/,
  /^docs\/simulation\//,
  /^models\/(eval|train\/parts)\//,
  /^models\/REPORT/,
  /\.jsonl$/,
  /package-lock\.json$/,
  /^ocw-scorer\/tests\/layouts\//,
  // They speak of the chain as it was.
  /^tests\/network\/tests\/upgrade\.rs$/,
  /^tests\/documents\/prose\.mjs$/,
];
/** Comments that are wide with a reason: measured weights are written by a program. */
const WIDE = [/^runtime\/src\/weights\.rs$/];
/** Words that docs/style.md rules out in documents. */
const ARCHAIC = ['whoever', 'mended', 'anew'];

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
const files = listed.trim().split('\n').filter((path) => existsSync(join(ROOT, path)) && TEXT.test(path) && !LEFT_OUT.some((pattern) => pattern.test(path)));
const replaced = glossary(readFileSync(join(ROOT, GLOSSARY), 'utf8'));
const faults = files.flatMap(check);
for (const fault of faults) console.error(fault);
console.log(`${files.length} files, ${replaced.length} replaced words, ${faults.length} faults.`);
process.exit(faults.length === 0 ? 0 : 1);

/** The replaced words of the glossary's table, each with the term that takes its place and where it is refused. */
function glossary(text) {
  const rows = text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.flatMap(([, term, , , replaces = '']) =>
    [...replaces.matchAll(/`([^`]+)`(?: \((prose|code)\))?/g)].map(([, word, only]) => ({ term, word, only })));
}

function check(path) {
  const isDocument = path.endsWith('.md');
  const words = replaced.filter(({ only }) => only === undefined || (only === 'prose') === isDocument);
  return readFileSync(join(ROOT, path), 'utf8').split('\n').flatMap((line, index) => {
    const where = `${path}:${index + 1}`;
    const found = words.filter(({ word }) => has(line, word)).map(({ term, word }) => `${where}: "${word}" is "${term}" in ${GLOSSARY}`);
    const archaic = isDocument ? ARCHAIC.filter((word) => has(line, word)).map((word) => `${where}: docs/style.md rules out "${word}"`) : [];
    const wide = isWide(path, line) ? [`${where}: a comment of ${line.length} columns; ${WIDTH} are the most`] : [];
    return [...found, ...archaic, ...wide];
  });
}

/** Whether a word stands in a line, not as a part of a longer one. */
function has(line, word) {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w])${escaped}(?![\\w])`).test(line);
}

/** Whether a comment of Rust goes beyond the width; a line without a space cannot be broken. */
function isWide(path, line) {
  if (!path.endsWith('.rs') || WIDE.some((pattern) => pattern.test(path))) return false;
  const comment = /^\s*\/\/[/!]? ?(.*)$/.exec(line);
  return comment !== null && line.length > WIDTH && /^(?!\||#|.*`[^`]{60,}`|.*await\?|let )/.test(comment[1]);
}
