// A machine that is only a folder: `/etc`, `/usr` and `/var` lie below it, ports are others, and the programs in `machine/`
// stand for those that would change a real one.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd, freePorts, repository, temporaryFolder } from './place.mjs';
import { answers, last, Running, Shell, wait } from './processes.mjs';

const STAND_INS = fileURLToPath(new URL('machine', import.meta.url));
const MODELS = '/usr/local/share/proof-of-quality/models';

export class Machine {
  #folder = temporaryFolder();
  #repository;
  #ports;
  #daemons = [];
  #env;

  static async make(root, binaries) {
    const machine = new Machine();
    machine.#repository = await repository(root, binaries);
    machine.#ports = await freePorts(4);
    await machine.#prepare(root);
    atEnd(() => machine.end());
    return machine;
  }

  async #prepare(root) {
    for (const folder of ['etc/systemd/system', 'usr/local/bin', 'usr/local/share', 'var/lib', 'root', 'run']) {
      await mkdir(join(this.#folder, folder), { recursive: true });
    }
    await rm(join(this.#repository, 'packaging'));
    for (const unit of ['poq-node.service', 'ocw-scorer.service']) {
      const text = await readFile(join(root, 'packaging/systemd', unit), 'utf8');
      await mkdir(join(this.#repository, 'packaging/systemd'), { recursive: true });
      await writeFile(join(this.#repository, 'packaging/systemd', unit), this.stand(text));
    }
    this.#env = {
      HOME: join(this.#folder, 'root'),
      PATH: [STAND_INS, join(this.#folder, 'usr/local/bin'), process.env.PATH].join(':'),
      POQ_NODE: `ws://127.0.0.1:${this.#ports[0]}`,
      POQ_MACHINE: this.#folder,
      POQ_STAND_INS: STAND_INS,
    };
    this.shell = new Shell(this.#repository, this.#env);
  }

  /** A text in which paths and ports are those of this machine, and placeholders are filled in. */
  stand(text) {
    const [rpc, metrics, network, other] = this.#ports;
    return text
      .replace(/(?<![\w./~-])\/(?=(etc|usr|var)\/)/g, `${this.#folder}/`)
      .replace(/(--directory|\bcd) \/(?=\s)/g, `$1 ${this.#folder}`)
      .replaceAll('127.0.0.1:9944', `127.0.0.1:${rpc}`)
      .replaceAll('--rpc-port=9944', `--rpc-port=${rpc}`)
      .replaceAll('--prometheus-port=9615', `--prometheus-port=${metrics}`)
      .replaceAll('/ip4/0.0.0.0/tcp/30333', `/ip4/127.0.0.1/tcp/${network}`)
      .replaceAll('127.0.0.1:9956', `127.0.0.1:${other}`)
      .replaceAll('PORT-OF-THE-EMBEDDED-SCORER', () => this.log().match(/embedded scorer listens on http:\/\/[^:]+:(\d+)/)[1])
      .replaceAll('$(seq 23)', '$(seq 1)')
      .replaceAll('sleep 4;', ':;');
  }

  /** Runs a block and returns what it printed; a daemon runs on. */
  async run(script) {
    if (script.includes('models/NEW')) await this.#makeNewModel();
    if (script.startsWith('ocw-scorer serve')) {
      const daemon = new Running(this.stand(script).trim(), this.#repository, this.#env);
      this.#daemons.push(daemon);
      await daemon.until(/judges on/);
      return '';
    }
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

  /** What the node has logged since it was installed. */
  log() {
    const file = join(this.#folder, 'run/poq-node.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** The file of the chain names the nodes of the network, as it would on a real one. */
  async addBootNodes(api) {
    const file = join(this.#folder, 'etc/proof-of-quality/chain.json');
    const chain = JSON.parse(await readFile(file, 'utf8'));
    chain.bootNodes = (await api.rpc.system.localListenAddresses()).map(String);
    await writeFile(file, JSON.stringify(chain));
  }

  end() {
    this.#daemons.forEach((daemon) => daemon.end());
    spawnSync(join(STAND_INS, 'systemctl'), ['stop', 'poq-node'], { env: { ...process.env, ...this.#env } });
    this.shell.end();
  }

  async #makeNewModel() {
    await cp(`${this.#folder}${MODELS}/minilm-l6-judge`, `${this.#folder}${MODELS}/NEW`, { recursive: true });
  }

  /** Waits until the node that a unit has started answers. */
  async #ready() {
    const log = () => this.log();
    if (log() !== '') await wait(() => answers(`http://127.0.0.1:${this.#ports[0]}/health/readiness`), () => `the node is not ready: ${last(log())}`);
  }
}
