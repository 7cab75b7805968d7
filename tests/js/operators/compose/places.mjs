// Where things of a container are on this machine: its paths lie below a folder, each of its ports
// is another one, and its name is an address. With these in their places, its command can be run
// here.

import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, cp, link, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../lib/place.mjs';
import { freePorts } from '../../lib/ports.mjs';
import { commandOf } from '../compose.mjs';
import { PROGRAMS } from '../../lib/programs.mjs';
import { healthOf, oursOf } from './project.mjs';

/** A container's own loopback, which its health check asks. */
const INSIDE = '127.0.0.1';
/**
 * Where containers and the engine find each other: what listens on its own loopback alone cannot be
 * reached there.
 */
const OUTSIDE = process.platform === 'linux' ? '127.0.0.2' : INSIDE;
/** Where a node listens if its command does not say it. */
const NODE_PORTS = [['--rpc-port', 9944], ['--prometheus-port', 9615]];
/** As many ports as all containers together can have. */
const PORTS = 64;

export class Places {
  #project;
  #image;
  #folder = temporaryFolder();
  #free;
  #ports = new Map();

  /** `prepared` is where prepare.sh has made the secrets, `binaries` where our programs are. */
  static async make({ root, binaries, prepared, project, image }) {
    const places = new Places();
    places.#project = project;
    places.#image = image;
    places.#free = await freePorts(PORTS);
    // Another user goes through these folders.
    process.umask(0o022);
    await chmod(places.#folder, 0o711);
    await places.#makeImage(root, binaries);
    for (const name of oursOf(project)) {
      await places.#makeSecrets(name, prepared);
      await places.#makeVolumes(name);
    }
    return places;
  }

  /** Where others reach a port of a container. */
  address(name, port) {
    return `${OUTSIDE}:${this.#port(name, port)}`;
  }

  /** What is here at a path in a container. */
  path(name, inside) {
    const { folder } = this.#image;
    if (inside === folder || inside.startsWith(`${folder}/`)) return join(this.#folder, 'image', inside);
    for (const [volume, target] of this.#volumes(name)) if (inside === target) return join(this.#folder, 'volumes', volume);
    const [, secret] = inside.match(/^\/run\/secrets\/([\w-]+)$/) ?? [];
    if (this.#project.services[name].secrets?.includes(secret)) return join(this.#folder, 'containers', name, inside);
    throw new Error(`the container of ${name} has no ${inside}`);
  }

  /** The words of a container's command. */
  command(name) {
    const words = commandOf(this.#project.services[name]).map((word) => {
      const [, flag = '', value] = word.match(/^(--[\w-]+=)?([^]*)$/);
      return flag + this.#value(name, value, flag);
    });
    if (words[0] !== 'poq-node') return words;
    const unsaid = NODE_PORTS.filter(([flag]) => !words.some((word) => word.startsWith(`${flag}=`)));
    return [...words, ...unsaid.map(([flag, port]) => `${flag}=${this.#port(name, port)}`)];
  }

  /** The words of its health check, which must run packaging/health, and how long that may take. */
  health(name) {
    const { test: [kind, program, port = this.#image.healthPort, ...rest], timeout = '30s' } = healthOf(this.#project.services[name], this.#image);
    if (kind !== 'CMD' || program !== basename(this.#image.health)) throw new Error(`the health check of ${name} does not run ${this.#image.health}`);
    return { words: [program, `${this.#port(name, port)}`, ...rest], timeout };
  }

  /** Where, with what environment and as whom its programs run, in the words of `spawn`. */
  surroundings(name) {
    const { user, group, programs, folder, home } = this.#image;
    const hasHome = this.#volumes(name).some(([, target]) => target === home);
    return {
      cwd: join(this.#folder, 'image', folder),
      env: {
        ...this.#project.services[name].environment,
        HOME: hasHome ? this.path(name, home) : join(this.#folder, 'containers', name),
        PATH: `${join(this.#folder, 'image', programs)}:/usr/bin:/bin`,
      },
      // Only root can take another user; for anybody else prepare.sh makes secrets that all can
      // read.
      ...(process.getuid() === 0 && { uid: user, gid: group }),
    };
  }

  #port(name, inside) {
    const key = `${name}:${inside}`;
    if (!oursOf(this.#project).includes(name)) throw new Error(`there is no container of ours with the name ${name}`);
    if (!this.#ports.has(key)) this.#ports.set(key, this.#free.pop());
    return this.#ports.get(key);
  }

  #value(name, value, flag) {
    const [, multiaddress, named, at, identity = ''] = value.match(/^\/(ip4|dns)\/([^/]+)\/tcp\/(\d+)(\/p2p\/\w+)?$/) ?? [];
    if (multiaddress) {
      const [host, port] = this.#host(name, named, at);
      return `/ip4/${host}/tcp/${port}${identity}`;
    }
    const [, scheme = '', host, port] = value.match(/^(\w+:\/\/)?([\w.-]+):(\d+)$/) ?? [];
    if (host) return scheme + this.#host(name, host, port).join(':');
    if (flag.endsWith('-port=')) return this.#port(name, value);
    return value.startsWith('/') ? this.path(name, value) : value;
  }

  /**
   * The address and the port that stand for a host and its port, as this container sees them; other
   * hosts stay as they are.
   */
  #host(name, host, port) {
    if (host === '0.0.0.0' || host === INSIDE) return [host, this.#port(name, port)];
    if (!this.#project.services[host]) return [host, port];
    const networks = (service) => this.#project.services[service].networks ?? [];
    if (!networks(name).some((network) => networks(host).includes(network))) throw new Error(`no network joins ${name} and ${host}`);
    return [OUTSIDE, this.#port(host, port)];
  }

  #volumes(name) {
    return (this.#project.services[name].volumes ?? []).map((volume) => volume.split(':'));
  }

  async #makeImage(root, binaries) {
    const { programs, health, model, modelInside } = this.#image;
    const inside = async (path) => {
      const here = join(this.#folder, 'image', path);
      await mkdir(dirname(here), { recursive: true });
      return here;
    };
    for (const program of PROGRAMS) await copyFile(join(resolve(binaries), program), await inside(join(programs, program)));
    await copyFile(join(root, 'packaging/health'), await inside(health));
    await cp(join(root, model), await inside(modelInside), { recursive: true });
    await promisify(execFile)('chmod', ['-R', 'a+rX', join(this.#folder, 'image')]);
  }

  /** A container's secrets: the very files, with their owners and modes, as compose mounts them. */
  async #makeSecrets(name, prepared) {
    const folder = join(this.#folder, 'containers', name, 'run/secrets');
    await mkdir(folder, { recursive: true });
    for (const secret of this.#project.services[name].secrets ?? []) {
      await link(join(prepared, this.#project.secrets[secret].file), join(folder, secret));
    }
  }

  /** A container's volumes, which belong to its user at first, as the folder in the image does. */
  async #makeVolumes(name) {
    for (const [volume] of this.#volumes(name)) {
      if (volume.startsWith('.')) throw new Error(`${name} mounts ${volume}: this check knows only volumes`);
      const folder = join(this.#folder, 'volumes', volume);
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o700);
      if (process.getuid() === 0) await chown(folder, this.#image.user, this.#image.group);
    }
  }
}
