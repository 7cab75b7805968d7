// A machine that is only a folder: `/etc`, `/usr` and `/var` lie below it, ports are others, and
// the programs in `machine/` stand for those that would change a real one.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../lib/ports.mjs';
import { atEnd, repository, temporaryFolder } from '../lib/place.mjs';
import { last, Shell, wait } from '../lib/processes.mjs';

const STAND_INS = fileURLToPath(new URL('machine', import.meta.url));
const MODELS = '/usr/local/share/proof-of-quality/models';
const UNITS = ['poq-node', 'ocw-scorer'];

export class Machine {
  #folder = temporaryFolder();
  #repository;
  #ports;
  #env;

  /** `network` is the URL of a node of the network that the machine's node joins. */
  static async make(root, binaries, network) {
    const machine = new Machine();
    machine.#repository = await repository(root, binaries);
    machine.#ports = await freePorts(4);
    await machine.#prepare(root, network);
    atEnd(() => machine.end());
    return machine;
  }

  async #prepare(root, network) {
    for (const folder of ['etc/systemd/system', 'usr/local/bin', 'usr/local/share', 'var/lib', 'root', 'run']) {
      await mkdir(join(this.#folder, folder), { recursive: true });
    }
    await rm(join(this.#repository, 'packaging'));
    for (const unit of UNITS) {
      const path = `packaging/systemd/${unit}.service`;
      await mkdir(join(this.#repository, dirname(path)), { recursive: true });
      await writeFile(join(this.#repository, path), this.stand(await readFile(join(root, path), 'utf8')));
    }
    this.#env = {
      HOME: join(this.#folder, 'root'),
      PATH: [STAND_INS, join(this.#folder, 'usr/local/bin'), process.env.PATH].join(':'),
      POQ_NODE: `ws://127.0.0.1:${this.#ports[0]}`,
      POQ_MACHINE: this.#folder,
      POQ_STAND_INS: STAND_INS,
      // What the document has the reader set.
      NETWORK: network,
      SCORER: '127.0.0.1',
      NODE: '127.0.0.1',
    };
    this.shell = new Shell(this.#repository, this.#env);
  }

  /** A text in which paths and ports are those of this machine. */
  stand(text) {
    const [rpc, metrics, network, scorer] = this.#ports;
    return text
      .replace(/(?<![\w./~-])\/(?=(etc|usr|var)\/)/g, `${this.#folder}/`)
      .replace(/(--directory|\bcd) \/(?=\s)/g, `$1 ${this.#folder}`)
      .replaceAll('127.0.0.1:9944', `127.0.0.1:${rpc}`)
      .replaceAll('--rpc-port=9944', `--rpc-port=${rpc}`)
      .replaceAll('--prometheus-port=9615', `--prometheus-port=${metrics}`)
      .replaceAll('/ip4/0.0.0.0/tcp/30333', `/ip4/127.0.0.1/tcp/${network}`)
      .replace(/(127\.0\.0\.1|\$SCORER):9955/g, `$1:${scorer}`);
  }

  /** Runs a block and returns what it printed. */
  async run(script) {
    const { stdout } = await this.shell.run(this.stand(script)).catch((error) => {
      throw this.log() === '' ? error : new Error(`${error.message} (the node says: ${last(this.log())})`);
    });
    if (script.includes('systemctl ')) await this.#ready();
    return stdout;
  }

  /** Runs a block in a shell of its own; it must fail and say this. */
  async refused(script, why) {
    const shell = new Shell(this.#repository, this.#env);
    const error = await shell.run(this.stand(script)).then(() => undefined, (error) => error);
    if (error === undefined) throw new Error(`it is not refused with ${why}`);
    if (!error.stderr?.includes(why)) throw new Error(`it is not refused with ${why}: ${error.message}`);
  }

  /** A file of this machine. */
  file(path) {
    return readFileSync(join(this.#folder, path), 'utf8');
  }

  /**
   * Where these lie, from the machine's root: all files and folders below a path, and itself. `*`
   * is any one name.
   */
  paths(path) {
    const [before, after] = path.split('/*');
    if (after !== undefined) return readdirSync(join(this.#folder, before)).flatMap((name) => this.paths(`${before}/${name}${after}`));
    const whole = join(this.#folder, path);
    if (!existsSync(whole)) throw new Error(`there is no ${path}`);
    return [path, ...(statSync(whole).isDirectory() ? readdirSync(whole, { recursive: true }).map((name) => join(path, name)) : [])];
  }

  /** Deletes a file or a folder, as a broken disk does. */
  lose(path) {
    rmSync(join(this.#folder, path), { recursive: true });
  }

  /** What others than the owner may do with a file or a folder. */
  modeOfOthers(path) {
    return statSync(join(this.#folder, path)).mode & 0o077;
  }

  /** What the node, or another unit, has logged since it was installed. */
  log(unit = 'poq-node') {
    const path = `run/${unit}.log`;
    return existsSync(join(this.#folder, path)) ? this.file(path) : '';
  }

  /** What the node answers to a call. */
  async rpc(method, params) {
    const body = JSON.stringify({ id: 1, jsonrpc: '2.0', method, params });
    const response = await fetch(`http://127.0.0.1:${this.#ports[0]}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return response.json();
  }

  /** The series of a metric of the node, each with its value. */
  async metric(name) {
    const text = await (await fetch(`http://127.0.0.1:${this.#ports[1]}/metrics`)).text();
    return [...text.matchAll(new RegExp(`^(${name}(?:\\{.*\\})?) (\\S+)$`, 'gm'))].map(([, series, value]) => [series, Number(value)]);
  }

  /** What the scorer that the node started last says of itself. */
  async health() {
    const [, url] = [...this.log().matchAll(/embedded scorer listens on (http:\S+)/g)].at(-1);
    return (await fetch(`${url}/health`)).json();
  }

  /**
   * Unpacks another model in ~/NEW, as somebody who got it would: the same one under another name.
   * Tells its digest.
   */
  async bringNewModel() {
    const folder = join(this.#folder, 'root/NEW');
    await cp(`${this.#folder}${MODELS}/mpnet-judge`, folder, { recursive: true });
    const file = join(folder, 'manifest.json');
    const text = (await readFile(file, 'utf8')).replace('"name": "mpnet-judge"', '"name": "next-judge"');
    await writeFile(file, text);
    return `0x${createHash('sha256').update(text).digest('hex')}`;
  }

  end() {
    spawnSync(join(STAND_INS, 'systemctl'), ['stop', ...UNITS], { env: { ...process.env, ...this.#env } });
    this.shell.end();
  }

  /** Waits until the node that a unit has started sees others and has caught up with them. */
  async #ready() {
    if (this.log() === '') return;
    const own = `http://127.0.0.1:${this.#ports[0]}`;
    const goal = await bestNumber(this.#env.NETWORK.replace(/^ws/, 'http'));
    const isReady = async () => {
      const health = await fetch(`${own}/health`).then((response) => response.json(), () => undefined);
      return health?.peers > 0 && !health.isSyncing && (await bestNumber(own)) >= goal;
    };
    await wait(isReady, () => `the node is not ready: ${last(this.log())}`);
  }
}

/** The number of the best block of a node. */
async function bestNumber(url) {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chain_getHeader', params: [] });
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return Number((await response.json()).result.number);
}
