// What our programs accept, from their own --help.

import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fault } from './report.mjs';

/**
 * What a command accepts. The value of a flag: whether it takes one, or that it is a command.
 *
 * @typedef {object} Help
 * @property {Map<string, boolean | 'command'>} flags
 * @property {Set<string>} subcommands
 * @property {string[]} needed
 * @property {boolean} takesArguments
 */

/** All programs that the image and the services run. */
export const PROGRAMS = ['poq-node', 'poq', 'ocw-scorer'];

/** Our programs in one folder, with what each accepts. */
export class Programs {
  #folder;
  #known = new Map();

  /** @param {string} folder  where the programs are, such as target/release */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Reports a fault for each program that is missing, and returns the names of all.
   *
   * @returns {Promise<string>}
   */
  async check() {
    for (const name of PROGRAMS) {
      await access(join(this.#folder, name)).catch(() => fault(`there is no program ${name} in ${this.#folder}`));
    }
    return PROGRAMS.join(', ');
  }

  /**
   * What a command, such as ['poq', 'evaluator', 'join'], says of itself.
   *
   * @param {string[]} command
   * @returns {Promise<Help>}
   */
  async #help(command) {
    const key = command.join(' ');
    if (!this.#known.has(key)) {
      const [name, ...rest] = command;
      const run = promisify(execFile)(join(this.#folder, name), [...rest, '--help'], { env: { PATH: process.env.PATH, COLUMNS: '200' } });
      this.#known.set(key, run.then(({ stdout }) => read(stdout)));
    }
    return this.#known.get(key);
  }

  /**
   * Checks the words of a command line. Returns whether they are all known.
   *
   * @param {string[]} words
   * @param {string} where  for the sentence of a fault
   * @returns {Promise<boolean>}
   */
  async accepts(words, where) {
    const command = [words[0]];
    let help = await this.#help(command);
    let ok = true;
    const given = new Set();
    const wrong = (sentence) => {
      fault(`${where}: ${sentence}`);
      ok = false;
    };
    for (let at = 1; at < words.length; at += 1) {
      const word = words[at];
      if (word.startsWith('-') && word !== '-') {
        const [name] = word.split('=');
        given.add(name);
        const takesValue = help.flags.get(name);
        if (takesValue === undefined) wrong(`\`${command.join(' ')}\` has no flag ${name}`);
        // A command for another program.
        if (takesValue === 'command') break;
        if (takesValue && word === name) {
          at += 1;
          if (at >= words.length) wrong(`${name} of \`${command.join(' ')}\` has no value`);
        } else if (takesValue === false && word !== name) {
          wrong(`${name} of \`${command.join(' ')}\` takes no value`);
        }
      } else if (help.subcommands.has(word)) {
        command.push(word);
        help = await this.#help(command);
      } else if (!help.takesArguments) {
        wrong(`\`${command.join(' ')}\` has no subcommand and takes no argument ${word}`);
        break;
      }
    }
    // A command that is only named says nothing of its flags.
    if (given.size === 0 || given.has('--help')) return ok;
    for (const name of help.needed.filter((name) => !given.has(name))) wrong(`\`${command.join(' ')}\` needs ${name}`);
    return ok;
  }
}

function read(text) {
  const flags = new Map();
  const subcommands = new Set();
  let section = '';
  for (const line of text.split('\n')) {
    const heading = line.match(/^(\w[\w ]*):$/);
    if (heading) section = heading[1];
    const flag = line.match(/^ {2,8}(?:(-\w), )?(--[\w-]+)(.*)$/);
    if (flag) {
      const takesValue = flag[3].startsWith(' <COMMAND>...') ? 'command' : /^ (<|\[)/.test(flag[3]);
      flags.set(flag[2], takesValue);
      if (flag[1]) flags.set(flag[1], takesValue);
    }
    for (const [, names] of line.matchAll(/\[alias(?:es)?: ([^\]]+)\]/g)) {
      names.split(/,\s*/).filter((name) => name.startsWith('--')).forEach((name) => flags.set(name, true));
    }
    const subcommand = section === 'Commands' && line.match(/^ {2}([\w-]+)(?: |$)/);
    if (subcommand) subcommands.add(subcommand[1]);
  }
  // What stands outside of brackets.
  const [, usage = ''] = text.match(/^Usage: (.*)$/m) ?? [];
  const needed = [...usage.replace(/\[[^\]]*\]/g, '').matchAll(/(--[\w-]+)/g)].map(([, name]) => name);
  return { flags, subcommands, needed, takesArguments: /^Arguments:$/m.test(text) };
}
