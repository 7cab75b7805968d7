// Checks the words and the width of the repository's text, and the sentences of its documents: no
// word that docs/glossary.md replaces by another, no comment beyond column 100, and what
// docs/style.md asks of sentences. Prints each place; exits 1 if there is one.
//
// Usage: node tests/js/documents/prose.mjs [PATH...]
//   PATH   checks only files whose path begins with one of these, such as docs/

import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { files, ROOT } from '../lib/repository.mjs';

const GLOSSARY = 'docs/glossary.md';
const STYLE = 'docs/style.md';
/** Columns of a line of a comment, and words of a sentence, at most. */
const [WIDTH, WORDS] = [100, 25];

/** What is text of ours: by the ends of names. */
const TEXT = /\.(rs|mjs|py|sh|md|yml|toml|json)$/;
/** Text that is left out: its words are history, data, or made by a program. */
const LEFT_OUT = [
  /^CHANGELOG\.md$/,
  /(^|\/)LICENSE/,
  /(^|\/)node_modules\//,
  /(^|\/)(package-lock\.json|Cargo\.lock)$/,
  /\.jsonl$/,
  /^docs\/simulation\//,
  /^models\/(eval|train\/parts)\//,
  /^models\/REPORT/,
  /^ocw-scorer\/tests\/layouts\//,
  /^tests\/network\/runtimes\//,
];
/** Text that names replaced words, and why: the table of them, and the chain as it was. */
const NAMES_THEM = [/^docs\/(glossary|style)\.md$/, /^tests\/network\/tests\/upgrade\.rs$/, /^tests\/js\/documents\/prose\.mjs$/];
/** Comments that a program writes, beside the weights that it measured. */
const WIDE = [/^runtime\/src\/weights\.rs$/];
/** Documents whose sentences are checked, and the READMEs of crates besides. */
const DOCUMENTS = [/^(README|CONTRIBUTING|SECURITY|RELEASING)\.md$/, /^docs\/.*\.md$/];

/** How the comments of a language begin. */
const COMMENTS = {
  rs: /^\s*\/\/[/!]?(.*)$/,
  mjs: /^\s*(?:\/\/|\/\*\*?|\* )(.*)$/,
  py: /^\s*#(.*)$/,
  sh: /^\s*#(.*)$/,
};
/** What docs/style.md rules out in documents. */
const ARCHAIC = /\b(whoever|shall|mend|mends|mended|mending|anew)\b/gi;
/** What ends with a full stop and ends no sentence. */
const ABBREVIATION = /(^|[\s("])(e\.g|i\.e|etc|vs|cf|ca|approx|al|No|Fig|Sec|[A-Z])\.$/;

const any = (patterns, path) => patterns.some((pattern) => pattern.test(path));

/**
 * Checks all files whose path begins with one of these, or all.
 *
 * @param {string[]} [only]
 * @returns {{ files: number, faults: string[] }} the number of files, and each place at fault
 */
export function checkText(only = ['']) {
  const all = files();
  const texts = all.filter((path) => TEXT.test(path) && !any(LEFT_OUT, path) && only.some((begin) => path.startsWith(begin)));
  const replaced = glossary(readFileSync(join(ROOT, GLOSSARY), 'utf8'));
  const found = texts.flatMap((path) => {
    const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
    const faults = [...words(path, lines, replaced), ...widths(path, lines), ...(isDocument(path, all) ? sentences(lines) : [])];
    return faults.sort((one, other) => one.line - other.line).map(({ line, fault }) => `${path}:${line}: ${fault}`);
  });
  return { files: texts.length, faults: found };
}

/** Whether sentences of this file are checked. */
function isDocument(path, all) {
  return any(DOCUMENTS, path) || (path.endsWith('/README.md') && all.includes(path.replace(/README\.md$/, 'Cargo.toml')));
}

/**
 * The replaced words of the glossary's table, each with its term, a pattern, and where it is
 * refused.
 */
function glossary(text) {
  const rows = text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.flatMap(([, term, , , replaces = '']) =>
    [...replaces.matchAll(/`([^`]+)`(?: \((prose|code)\))?/g)].map(([, word, only]) => ({ term, word, only, pattern: whole(word) })));
}

/** A pattern for a word that is not a part of a longer one. */
function whole(word) {
  return new RegExp(`(?<!\\w)${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\w)`);
}

/** The words of a file that another word replaces. */
function words(path, lines, replaced) {
  if (any(NAMES_THEM, path)) return [];
  const here = path.endsWith('.md') ? 'prose' : 'code';
  const refused = replaced.filter(({ only }) => only === undefined || only === here);
  return lines.flatMap((text, index) => refused.filter(({ pattern }) => pattern.test(text))
    .map(({ word, term }) => ({ line: index + 1, fault: `"${word}" is "${term}" in ${GLOSSARY}` })));
}

/** Lines of comments that are too long, but for code, tables and addresses in them. */
function widths(path, lines) {
  const comment = COMMENTS[path.split('.').at(-1)];
  if (comment === undefined || any(WIDE, path)) return [];
  let isCode = false;
  return lines.flatMap((text, index) => {
    const [, said] = text.match(comment) ?? [];
    if (said === undefined) return (isCode = false, []);
    if (/^\s*(```|~~~)/.test(said)) isCode = !isCode;
    const { length } = [...text];
    if (length <= WIDTH || isCode || /^\s*\|/.test(said) || /https?:\/\/|`[^`]{60,}`/.test(said) || !said.trim().includes(' ')) return [];
    return [{ line: index + 1, fault: `a comment of ${length} columns; ${WIDTH} are the most` }];
  });
}

/** What is wrong with the sentences of a document. */
function sentences(lines) {
  const faults = [];
  for (const paragraph of paragraphs(lines)) {
    let sentence = { words: 0 };
    for (const { line, text } of paragraph) {
      for (const [word] of text.matchAll(ARCHAIC)) faults.push({ line, fault: `${STYLE} rules out "${word}"` });
      const parts = split(text);
      if (parts.length > 1) faults.push({ line, fault: `${parts.length} sentences in one line` });
      for (const part of parts) {
        if (sentence.words === 0) sentence.line = line;
        sentence.words += part.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
        if (!/[.!?][)\]"'*_]*$/.test(part)) continue;
        faults.push(...tooLong(sentence));
        sentence = { words: 0 };
      }
    }
    faults.push(...tooLong(sentence));
  }
  return faults;
}

function tooLong({ line, words }) {
  return words > WORDS ? [{ line, fault: `a sentence of ${words} words; ${WORDS} are the most` }] : [];
}

/** The sentences in a line. */
function split(text) {
  const parts = [];
  let from = 0;
  for (const { 0: end, index } of text.matchAll(/[.!?][)\]"'*_]*(?=\s+["'([*_]*\p{Lu})/gu)) {
    if (ABBREVIATION.test(text.slice(from, index + 1))) continue;
    parts.push(text.slice(from, index + end.length).trim());
    from = index + end.length;
  }
  return [...parts, text.slice(from).trim()].filter((part) => part !== '');
}

/**
 * The paragraphs and items of a document, each a list of lines, without blocks of code, tables,
 * headings and comments. A code span counts as one word, and a link is its text.
 */
function paragraphs(lines) {
  const found = [[]];
  let fence;
  let isComment = false;
  lines.forEach((whole, index) => {
    const [, mark] = whole.match(/^\s*(?:>\s*)*(`{3,}|~{3,})/) ?? [];
    if (mark && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      found.push([]);
      return;
    }
    if (fence !== undefined) return;
    let text = whole.replace(/<!--.*?-->/g, '');
    if (isComment) {
      const end = text.indexOf('-->');
      if (end < 0) return;
      text = text.slice(end + 3);
    }
    isComment = text.includes('<!--');
    text = text.replace(/<!--.*$/, '').replace(/^\s*(>\s*)+/, '');
    const isOwn = /^\s*(\||#|<|\[[^\]]+\]:\s|[-*_=]{3,}\s*$)/.test(text);
    const item = text.match(/^\s*([-*+]|\d+[.)])\s+(\[[ x]\]\s+)?/);
    if (isOwn || item || text.trim() === '') found.push([]);
    if (isOwn || text.trim() === '') return;
    const plain = text.slice(item?.[0].length ?? 0)
      // A heading that runs into its paragraph.
      .replace(/^\s*\*\*[^*]+[.:?!]\*\*\s+/, '')
      .replace(/(`+)(.+?)\1/g, 'Code')
      .replace(/!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
      .trim();
    if (plain !== '') found.at(-1).push({ line: index + 1, text: plain });
  });
  return found.filter((paragraph) => paragraph.length > 0);
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { files: count, faults } = checkText(process.argv.length > 2 ? process.argv.slice(2) : undefined);
  for (const fault of faults) console.error(fault);
  console.log(`${count} files, ${faults.length} faults.`);
  process.exit(faults.length === 0 ? 0 : 1);
}
