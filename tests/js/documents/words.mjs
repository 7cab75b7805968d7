// Checks commands without running them: that programs, subcommands, flags, targets, packages,
// modules and files exist.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fault } from '../lib/report.mjs';
import { commands } from '../lib/shell.mjs';

/** All programs that the build makes for people. */
const OURS = ['poq', 'poq-node', 'ocw-scorer', 'poq-demo', 'poq-simulation'];
/** What code in a text begins with to be a command. */
const INLINE = [...OURS, 'make', 'cargo', 'python'];
const CARGO = ['build', 'test', 'run', 'fmt', 'clippy', 'bench', 'check', 'doc'];

export class Words {
  #programs;
  #root;
  #makefile;
  #packages;
  #folders;

  /** `programs` knows our programs; `tracked` are the repository's files. */
  constructor(programs, root, tracked) {
    this.#programs = programs;
    this.#root = root;
    this.#makefile = this.#read('Makefile');
    const manifests = tracked.filter((path) => /(^|\/)Cargo\.toml$/.test(path)).map((path) => this.#read(path));
    this.#packages = new Set(manifests.flatMap((text) => text.match(/^\[package\][^[]*?^name = "([^"]+)"/m)?.[1] ?? []));
    this.#folders = new Set(tracked.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
  }

  /**
   * Checks a whole script; tells how many of its commands are known here. With `files`, what they
   * name must exist.
   */
  async checkScript(script, where, files) {
    let checked = 0;
    for (const words of commands(script)) {
      checked += await this.check(words, where);
      if (files) words.filter((word) => this.#isMissing(word)).forEach((word) => fault(`${where}: there is no ${word} in this repository`));
    }
    return checked;
  }

  /**
   * Checks code in a text: what it names, and all of it where it is a command; tells whether it is.
   */
  async checkInline({ path, line, code }) {
    for (const word of code.split(' ').filter((word) => /^[\w./-]+$/.test(word) && this.#isMissing(word))) {
      if (!existsSync(join(this.#root, dirname(path), word))) fault(`${path}:${line}: there is no ${word} in this repository`);
    }
    const [name, ...rest] = code.replace(/^\.?\/?target\/release\//, '').split(' ');
    if (!INLINE.includes(name) || rest.length === 0 || code.includes('…')) return 0;
    return this.checkScript([name, ...rest].join(' '), `${path}:${line}, \`${code}\``, false);
  }

  /** Checks one command; tells 1 if it is one that is known here. */
  async check(words, where) {
    const name = words[0].split('/').at(-1);
    if (OURS.includes(name)) await this.#programs.accepts([name, ...words.slice(1)], where);
    else if (name === 'make') words.slice(1).forEach((target) => this.#target(target, where));
    else if (name === 'cargo') this.#cargo(words, where);
    else if (/^python3?$/.test(name)) this.#python(words, where);
    else return 0;
    return 1;
  }

  /**
   * The script that a target of the Makefile runs; a fault if there is no such target or script.
   */
  recipe(target, where) {
    const [, script] = this.#makefile.match(new RegExp(`^${target}:.*\n\t@?(\\S+)`, 'm')) ?? [];
    if (script === undefined) fault(`${where}: the Makefile has no target ${target}`);
    else if (script.includes('/') && !existsSync(join(this.#root, script))) fault(`${where}: there is no ${script}, which the target ${target} runs`);
    else return script;
    return undefined;
  }

  #target(word, where) {
    if (!/^-|=/.test(word)) this.recipe(word, where);
  }

  #cargo(words, where) {
    const command = words.slice(1).find((word) => !/^[-+]/.test(word));
    if (!CARGO.includes(command)) fault(`${where}: \`cargo ${command}\` is not known to this check`);
    words.forEach((word, at) => {
      if (!['-p', '--package'].includes(word)) return;
      if (!this.#packages.has(words[at + 1])) fault(`${where}: there is no package ${words[at + 1]}`);
    });
  }

  /** The module exists, and its source has each flag. */
  #python(words, where) {
    const at = words.indexOf('-m');
    const module = words[at + 1];
    if (at < 0 || !this.#folders.has(module.split('.')[0])) return;
    const path = module.replaceAll('.', '/');
    const file = [`${path}.py`, `${path}/__main__.py`].find((candidate) => existsSync(join(this.#root, candidate)));
    if (file === undefined) {
      fault(`${where}: there is no module ${module}`);
      return;
    }
    const source = this.#read(file);
    for (const flag of words.slice(at + 2).filter((word) => word.startsWith('--')).map((word) => word.split('=')[0])) {
      if (flag !== '--help' && !source.includes(`"${flag}"`)) fault(`${where}: ${file} has no flag ${flag}`);
    }
  }

  /** A word that names a file of the repository that there is not. */
  #isMissing(word) {
    return /^[\w.-]+\//.test(word) && this.#folders.has(word.split('/')[0]) && !existsSync(join(this.#root, word));
  }

  #read(path) {
    return readFileSync(join(this.#root, path), 'utf8');
  }
}
