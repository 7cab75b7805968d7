// What the operators' documents say: commands that exist, and every line of our logs.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAMS } from '../lib/programs.mjs';
import { fault } from '../lib/report.mjs';
import { commands } from '../lib/shell.mjs';

/** Where our own code logs. */
const SOURCES = ['pallets', 'node', 'embedded-scorer', 'client', 'ocw-scorer', 'runtime', 'mechanism'];
/** So many letters of a log line find it in the document. */
const ENOUGH = 30;

/** The shell blocks: their scripts, and whether they are marked as runnable. */
export function blocks(text) {
  return [...text.matchAll(/^( *)```sh([^\n]*)\n(.*?)^\1```/gms)].map(([, indent, mark, body]) => ({
    runnable: mark.trim().startsWith('runnable'),
    script: body.split('\n').map((line) => line.slice(indent.length)).join('\n'),
  }));
}

/** Checks the commands in these blocks; tells how many of our own there are. */
export async function checkBlocks(all, programs) {
  let checked = 0;
  for (const { path, script } of all) {
    for (const words of commands(script).filter(([name]) => PROGRAMS.includes(name))) {
      checked += 1;
      await programs.accepts(words, `${path}, \`${words.join(' ').slice(0, 60)}\``);
    }
  }
  return `${all.length} blocks, ${checked} commands of ours`;
}

/** Checks commands between backticks, in prose and in annotations. */
export async function checkProse(text, where, programs) {
  let checked = 0;
  for (const [, code] of text.matchAll(/`([^`\n]+)`/g)) {
    if (!PROGRAMS.includes(code.split(' ')[0]) || !code.includes(' ') || code.includes('…')) continue;
    checked += 1;
    await programs.accepts(commands(code)[0], `${where}, \`${code}\``);
  }
  return checked;
}

async function sources(folder) {
  const found = await readdir(folder, { recursive: true }).catch(() => []);
  return found.filter((path) => path.endsWith('.rs') && !path.includes('target/')).map((path) => join(folder, path));
}

/** The texts of all warnings and errors that a source logs. */
function logged(source) {
  return [...source.matchAll(/\b(?:log::|tracing::)?(?:warn|error)!\(/g)].flatMap(({ index }) => {
    const [, text] = source.slice(index).match(/^[^"]*?"((?:\\.|[^"\\])*)"/s) ?? [];
    return text === undefined ? [] : [text.replace(/\\\n\s*/g, '')];
  });
}

/** Checks that the document explains every warning and error of our own code. */
export async function checkLogLines(text, root) {
  let explained = 0;
  for (const path of (await Promise.all(SOURCES.map((name) => sources(join(root, name))))).flat()) {
    for (const line of logged(await readFile(path, 'utf8'))) {
      const fixed = line.split(/\{[^}]*\}/).map((part) => part.replace(/^[^\p{L}`]+/u, '').trim());
      const part = fixed.find((piece) => piece.length >= 12);
      if (part === undefined) continue;
      explained += 1;
      if (!text.includes(part.slice(0, ENOUGH).trim())) fault(`docs/log-lines.md does not explain the log line "${line}"`);
    }
  }
  return explained;
}
