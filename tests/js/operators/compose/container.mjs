// One process that stands for a container: its log, its health, and its end.

import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, temporaryFolder } from '../../lib/place.mjs';
import { last, wait } from '../../lib/processes.mjs';

export class Container {
  #name;
  #place;
  #child;
  #log = join(temporaryFolder(), 'log');
  #begun = Date.now();
  /** How it ended, once it has. */
  #ended;
  #healthy;

  /**
   * Starts the program that the first word names; `place` is where and as whom, in the words of
   * `spawn`.
   */
  constructor(name, words, place) {
    this.#name = name;
    this.#place = place;
    const log = openSync(this.#log, 'w');
    this.#child = spawn(words[0], words.slice(1), { ...place, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child.once('error', (error) => { this.#ended = error.message; });
    this.#child.once('exit', (code, signal) => { this.#ended = `it ended with ${code ?? signal}`; });
    atEnd(() => this.#child.kill('SIGKILL'));
  }

  get log() {
    return readFileSync(this.#log, 'utf8');
  }

  /** Fails if it has ended. */
  check() {
    if (this.#ended) throw new Error(`${this.#name} does not run: ${this.#ended}: ${last(this.log)}`);
  }

  /** Waits until something holds, for as long as it runs. */
  async until(holds, what) {
    await wait(() => { this.check(); return holds(); }, () => `${this.#name} ${what}: ${last(this.log)}`);
  }

  /** Waits until its health check succeeds. */
  healthy(words, timeout) {
    const probe = () => new Promise((done) => {
      execFile(words[0], words.slice(1), { ...this.#place, timeout: timeout * 1000, killSignal: 'SIGKILL' }, (error) => done(!error));
    });
    this.#healthy ??= this.until(probe, `is not healthy: \`${words.join(' ')}\` fails`).then(() => {
      this.healthyAfter = (Date.now() - this.#begun) / 1000;
    });
    return this.#healthy;
  }

  /** Asks it to end, which it must within so many seconds. Tells how many it took. */
  async stop(grace) {
    this.check();
    const begun = Date.now();
    this.#child.kill('SIGTERM');
    const took = () => (Date.now() - begun) / 1000;
    await wait(() => this.#ended !== undefined, () => '', () => took() > grace).catch(() => {
      throw new Error(`${this.#name} has not ended ${grace} s after SIGTERM: ${last(this.log)}`);
    });
    return took();
  }
}
