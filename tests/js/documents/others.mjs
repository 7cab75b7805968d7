// Commands of other programs in a text, between backticks: each is in a block that is run, or its
// paragraph says which test runs it, or to readers why none does.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fault, say } from '../lib/report.mjs';
import { commands } from '../lib/shell.mjs';
import { checkClaim, isRunByAll } from './claims.mjs';

/** Programs that are nobody's of this repository, and that people type. */
const PROGRAMS = ['apt-get', 'chmod', 'chown', 'curl', 'docker', 'journalctl', 'jq', 'node', 'npm', 'npx', 'openssl', 'promtool', 'rustup', 'ssh', 'systemctl', 'tar', 'timedatectl', 'wg'];

const RUN = /<!-- run by: ([^\s,]+)(.*?) -->/;
const NOT_RUN = /\*not run by a test: (.+?)\*/i;

/**
 * Checks one; tells whether it is such a command. `run` are all commands that are run in blocks, as
 * lists of words.
 */
export function checkOther({ path, line, code, paragraph }, run, words, root) {
  const [program, ...rest] = code.split(' ');
  if (!PROGRAMS.includes(program) || rest.length === 0) return 0;
  const where = `${path}:${line}, \`${code}\``;
  const [claim, excuse] = [paragraph.match(RUN), paragraph.match(NOT_RUN)];
  if (excuse) say(`not run: ${where}: ${excuse[1]}`);
  else if (claim) checkClaim({ path, line, script: code, mark: { file: claim[1], texts: [...claim[2].matchAll(/"([^"]+)"/g)].map(([, text]) => text) } }, words, root);
  else if (!isRunFile(program, rest[0], where, root) && !run.some((command) => isPart(commands(code)[0], command))) {
    fault(`${where}: nothing shows that this is run: write <!-- run by: FILE, as "TEXT" --> into its paragraph, or for readers *not run by a test: REASON*`);
  }
  return 1;
}

/** Whether this starts a script that all tests together start. */
function isRunFile(program, file, where, root) {
  if (program !== 'node' || !file.includes('/')) return false;
  if (!existsSync(join(root, file))) fault(`${where}: there is no ${file} in this repository`);
  return isRunByAll(file, root);
}

/** Whether the words of a command are among those of another one, in their order. */
function isPart(words, command) {
  let at = 0;
  for (const word of command) if (word === words[at]) at += 1;
  return at === words.length && command[0] === words[0];
}
