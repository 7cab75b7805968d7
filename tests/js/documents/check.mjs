// Every command in every document is run: by this check, as it is written there, or by a test that
// a mark before the block names. What no test runs says so to readers, with the reason. Prints a
// line for each thing proven and a sentence for each fault; exits 1 if there is one.
//
// Usage: node tests/js/documents/check.mjs --binaries FOLDER
//   FOLDER    where poq-node, poq and ocw-scorer are, such as target/release
//   POQ_NODE  URL of a node of a network of the chain `local`; without it what needs one is not run
//
// The marks, in the line before a block of commands:
//   <!-- run by: FILE -->                 that test runs it; a file of this folder does so with the
//                                         very words of the block
//   <!-- run by: FILE, as "TEXT" -->      it runs it in other words, which are in it
//   *Not run by a test: REASON*           what the test machine lacks; readers see this
//   <!-- not run by a test: REASON -->    the same, where the section's text says so to readers
// A command of another program in a text, between backticks, is in a block that is run, or has such
// a mark in its paragraph. A document may say once, of all blocks with the word `runnable` after
// `sh`: <!-- runnable blocks are run by: FILE -->

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Programs } from '../lib/programs.mjs';
import { fault, faultCount, giveUpAfter, prove, say } from '../lib/report.mjs';
import { files as listed, ROOT } from '../lib/repository.mjs';
import { commands } from '../lib/shell.mjs';
import { isShell, looksLikeShell, read } from './blocks.mjs';
import { checkClaim } from './claims.mjs';
import * as operator from './operator.mjs';
import { checkOther } from './others.mjs';
import { checkText } from './prose.mjs';
import * as scorer from './scorer.mjs';
import * as users from './users.mjs';
import { Words } from './words.mjs';

const HERE = 'tests/js/documents/';
/** What runs blocks itself: which document, with what, and whether it needs a running network. */
const RUNNERS = {
  'operator.mjs': { document: 'docs/operations.md', run: operator.run, network: true },
  'scorer.mjs': { document: 'ocw-scorer/README.md', run: scorer.run },
  'users.mjs': { document: 'docs/users.md', run: users.run },
};

const [flag, binaries] = process.argv.slice(2);
if (flag !== '--binaries' || !binaries) {
  console.error('Usage: [POQ_NODE=URL] node tests/js/documents/check.mjs --binaries FOLDER');
  process.exit(2);
}
const node = process.env.POQ_NODE;
giveUpAfter(30);

const files = listed();
const programs = new Programs(binaries);
await prove('the programs are there', () => programs.check());
if (faultCount() > 0) process.exit(1);

const words = new Words(programs, ROOT, files);
const documents = files.filter((path) => path.endsWith('.md')).map((path) => read(path, readFileSync(join(ROOT, path), 'utf8')));
await prove('words, comments and sentences are as docs/glossary.md and docs/style.md have them', () => {
  const { files: count, faults } = checkText();
  faults.forEach(fault);
  return `${count} files`;
});
let marked = [];
await prove('every block of commands in every document has one mark', () => {
  marked = documents.flatMap(({ blocks }) => blocks).flatMap(markOf);
  return `${documents.length} documents, ${marked.length} blocks`;
});
const byFile = (test) => marked.filter(({ mark: { file } }) => file !== undefined && test(file));
const elsewhere = byFile((file) => !file.startsWith(HERE));
const unrun = marked.filter(({ mark: { reason } }) => reason);

await prove('what is said to be run by other tests is', () => {
  elsewhere.forEach((block) => checkClaim(block, words, ROOT));
  return `${elsewhere.length} blocks`;
});
await prove('subcommands, flags, targets, packages and modules in blocks exist', async () => {
  let known = 0;
  for (const block of marked) known += await words.checkScript(block.script, `${block.path}:${block.line}`, block.mark.reason !== undefined);
  return `${known} commands`;
});
await prove('so do those in the text', async () => {
  let known = 0;
  for (const code of documents.flatMap(({ codes }) => codes)) known += await words.checkInline(code);
  return `${known} commands`;
});
await prove('commands of other programs in the text are run by a test, or say why not', () => {
  const run = marked.filter(({ mark: { file } }) => file !== undefined).flatMap(({ script }) => commands(script));
  return documents.flatMap(({ codes }) => codes).reduce((count, code) => count + checkOther(code, run, words, ROOT), 0);
});
for (const { path, line, mark } of unrun) say(`not run: ${path}:${line}: ${mark.reason}`);
for (const block of byFile((file) => file.startsWith(HERE))) {
  if (RUNNERS[block.mark.file.slice(HERE.length)]?.document !== block.path) fault(`${block.path}:${block.line}: ${block.mark.file} does not run blocks of this document`);
}
// All at once, as they mostly wait for blocks.
for (const { skipped, line, ended } of Object.entries(RUNNERS).map(begin)) {
  if (skipped) say(skipped);
  else {
    await prove(line, async () => {
      const { seen, fault: sentence } = await ended;
      if (sentence) fault(sentence);
      return seen;
    });
  }
}

console.log(faultCount() === 0 ? 'The documents keep their word.' : `${faultCount()} faults.`);
process.exit(faultCount() === 0 ? 0 : 1);

/** The block with its one mark, if it holds commands; a fault if it has none, or several. */
function markOf(block) {
  const where = `${block.path}:${block.line}`;
  if (looksLikeShell(block)) fault(`${where}: this looks like commands: write \`\`\`sh, and a mark before it`);
  if (!isShell(block)) return [];
  if (block.marks.length === 1) return [{ ...block, mark: block.marks[0] }];
  if (block.marks.length > 1) fault(`${where}: this block of commands has several marks: keep one`);
  else fault(`${where}: this block of commands has no mark: write <!-- run by: FILE --> before it, or for readers *Not run by a test: REASON*`);
  return [];
}

/**
 * Begins to run the blocks of one document that are to be run here; tells its line, and what comes
 * of it.
 */
function begin([name, { document, run, network }]) {
  const { blocks: all } = documents.find(({ path }) => path === document);
  const blocks = byFile((file) => file === HERE + name).filter(({ path }) => path === document);
  const line = `the commands of ${document} work as they are written`;
  if (network && !node) return { skipped: `NOT RUN, as POQ_NODE is not set: ${blocks.length} blocks of ${document}` };
  if (blocks.length === 0) return { line, ended: Promise.resolve({ fault: `${document} has no block for ${HERE}${name}` }) };
  /** The block of output that has this. */
  const shown = (part) => {
    const block = all.find((block) => !isShell(block) && block.script.includes(part));
    if (!block) throw new Error(`no block shows "${part}"`);
    return block;
  };
  const ended = run({ blocks, shown, root: ROOT, binaries, node }).then(
    (seen) => ({ seen }),
    ({ line: at, message }) => ({ fault: `${document}:${at ?? blocks[0].line}: ${message}` }),
  );
  return { line, ended };
}
