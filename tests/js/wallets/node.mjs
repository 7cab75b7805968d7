// Starts a node of its own beside the network, and stops it. Each part that needs one says how it
// is to be started.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../lib/chain.mjs';
import { freePorts } from '../lib/ports.mjs';
import { ROOT } from '../lib/repository.mjs';

const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
/** The node's program, where Cargo puts it. */
export const PROGRAM = `${TARGET}/release/poq-node`;
const QUIET = ['--no-mdns', '--no-prometheus', '--no-telemetry', '--no-scorer'];
/** How long it may take to start, also where other networks run on the same machine. */
const PATIENCE = 180_000;

/** Starts a node without a scorer. Returns its URL, a connection to it, and how to stop it. */
export async function startNode(options) {
  if (!existsSync(PROGRAM)) throw new Error(`there is no ${PROGRAM}: build it with \`make build\``);
  const [port] = await freePorts(1);
  const folder = await mkdtemp(join(tmpdir(), 'poq-wallets-'));
  const places = ['--base-path', folder, '--rpc-port', `${port}`];
  const child = spawn(PROGRAM, [...QUIET, ...places, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => (log = (log + text).slice(-3_000)));
  const closed = once(child, 'close');
  const clear = () => rmSync(folder, { recursive: true, force: true });
  // Nothing can be waited for then, so a node that writes while it ends shall not.
  process.once('exit', () => {
    child.kill('SIGKILL');
    clear();
  });
  const end = async () => {
    child.kill();
    await closed;
    clear();
  };

  const deadline = Date.now() + PATIENCE;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      await end();
      throw new Error(`${PROGRAM} does not start; its log ends with:\n${log}`);
    }
    await sleep(200);
  }
  const url = `ws://127.0.0.1:${port}`;
  const api = await connect(url);
  const stop = async () => {
    await api.disconnect();
    await end();
  };
  return { url, api, stop };
}

async function accepts(port) {
  const socket = createConnection(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}
