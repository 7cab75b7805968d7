// Runs commands: a shell for blocks, programs that run on beside it, and waiting for what they say.

import { spawn } from 'node:child_process';
import { openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd, temporaryFolder } from './place.mjs';

/** No block takes longer, in milliseconds. */
const PATIENCE = 180_000;

/** Only this, so that nothing in the environment of the check helps a command. */
const environment = (more) => ({ PATH: process.env.PATH, LANG: 'C.UTF-8', COLUMNS: '200', ...more });

/** A shell that blocks are run in, one after the other; the first command that fails ends it. */
export class Shell {
  #child;
  #files = temporaryFolder();
  #ended;

  /**
   * @param {string} folder  where its commands run
   * @param {Record<string, string>} env
   */
  constructor(folder, env) {
    const output = (name) => openSync(join(this.#files, name), 'w');
    this.#child = spawn('bash', [], { cwd: folder, env: environment({ TMPDIR: this.#files, ...env }), stdio: ['pipe', output('out'), output('err')] });
    this.#ended = new Promise((done) => this.#child.once('exit', (code, signal) => done(code ?? signal)));
    this.#child.stdin.on('error', () => {});
    this.#child.stdin.write('set -euo pipefail\n');
    atEnd(() => this.end());
  }

  /**
   * Runs a script and returns what it printed, or fails with the end of that.
   *
   * @param {string} script
   * @returns {Promise<{ stdout: string, stderr: string }>}
   */
  async run(script) {
    const from = { out: this.#read('out').length, err: this.#read('err').length };
    const [file, done] = [join(this.#files, 'script'), join(this.#files, 'done')];
    writeFileSync(file, script);
    rmSync(done, { force: true });
    this.#child.stdin.write(`. '${file}' </dev/null\n: >'${done}'\n`);
    const printed = () => ({ stdout: this.#read('out').slice(from.out), stderr: this.#read('err').slice(from.err) });
    for (const deadline = Date.now() + PATIENCE; ; ) {
      if (readOr(done) !== undefined) return printed();
      const code = await Promise.race([this.#ended, sleep(50)]);
      if (readOr(done) !== undefined) return printed();
      if (code === undefined && Date.now() < deadline) continue;
      const { stdout, stderr } = printed();
      const why = code === undefined ? `it is not done after ${PATIENCE / 1000} s` : `it ended with ${code}`;
      throw Object.assign(new Error(`${why}: ${last(stderr || stdout)}`), { stdout, stderr });
    }
  }

  end() {
    this.#child.kill('SIGKILL');
  }

  #read(name) {
    return readFileSync(join(this.#files, name), 'utf8');
  }
}

/** A program that runs on, such as a node. */
export class Running {
  #child;
  #files = temporaryFolder();
  #log = join(this.#files, 'log');
  #line;

  /**
   * Starts a line of a script, in the place of its shell.
   *
   * @param {string} line
   * @param {string} folder
   * @param {Record<string, string>} env
   */
  constructor(line, folder, env) {
    this.#line = line;
    const log = openSync(this.#log, 'w');
    this.#child = spawn('bash', ['-c', `exec ${line}`], { cwd: folder, env: environment({ TMPDIR: this.#files, ...env }), stdio: ['ignore', log, log] });
    atEnd(() => this.end());
  }

  /** @returns {string} all that it has printed until now */
  get log() {
    return readFileSync(this.#log, 'utf8');
  }

  /**
   * Waits until it has logged this.
   *
   * @param {RegExp} pattern
   * @returns {Promise<void>}
   */
  async until(pattern) {
    await wait(() => pattern.test(this.log), () => `\`${this.#line}\` does not say ${pattern}: ${last(this.log)}`, () => this.#child.exitCode !== null);
  }

  end() {
    this.#child.kill('SIGKILL');
  }
}

/**
 * Waits until something holds, and fails with a sentence if it does not, or if `never` is true.
 *
 * @param {() => unknown} holds  may be asynchronous
 * @param {() => string} sentence
 * @param {() => boolean} [never]
 * @returns {Promise<void>}
 */
export async function wait(holds, sentence, never = () => false) {
  for (const deadline = Date.now() + PATIENCE; !(await holds()); await sleep(100)) {
    if (never() || Date.now() > deadline) throw new Error(sentence());
  }
}

/**
 * Whether something at this address says that all is well.
 *
 * @param {string} url
 * @returns {Promise<boolean>}
 */
export const answers = (url) => fetch(url).then(({ ok }) => ok, () => false);

/**
 * The last lines of an output, for a sentence.
 *
 * @param {string} text
 * @returns {string}
 */
export const last = (text) => text.trim().split('\n').slice(-3).join(' | ');

/**
 * A pattern for an output that is shown: numbers may be others, `…` stands for anything, and so
 * does what is around it.
 *
 * @param {string} shown
 * @returns {RegExp}
 */
export function shape(shown) {
  return new RegExp(shown.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\d+(\\\.\d+)?/g, '[\\d.]+').replaceAll('…', '.*'));
}

function readOr(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
