// Starts a full node beside the network that light clients can connect to from anywhere, browsers included: over
// WebSocket. A full node listens for that unless told otherwise, a validator only if told to.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from './chain.mjs';

const TARGET = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));
/** The node's program, where Cargo puts it. */
export const PROGRAM = `${TARGET}/release/poq-node`;
/** How long it may take to start. */
const PATIENCE = 30_000;

/** Starts one for a chain of this name that meets the others at `bootnode`. Returns its address for light clients, and how to stop it. */
export async function startFullNode(chain, bootnode) {
  if (!existsSync(PROGRAM)) throw new Error(`there is no ${PROGRAM}: build it with \`make build\``);
  const port = await freePort();
  const quiet = ['--no-mdns', '--no-prometheus', '--no-telemetry', '--no-scorer'];
  const places = ['--listen-addr', '/ip4/127.0.0.1/tcp/0/ws', '--rpc-port', `${port}`, '--bootnodes', bootnode];
  const child = spawn(PROGRAM, ['--chain', chain, '--tmp', ...quiet, ...places], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text) => (log = (log + text).slice(-3_000)));
  const closed = once(child, 'close');
  process.once('exit', () => child.kill());
  const stop = async () => {
    child.kill();
    await closed;
  };

  const deadline = Date.now() + PATIENCE;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${PROGRAM} does not start; its log ends with:\n${log}`);
    }
    await sleep(200);
  }
  const api = await connect(`ws://127.0.0.1:${port}`);
  const [address] = await api.rpc.system.localListenAddresses();
  await api.disconnect();
  return { address: address.toString(), stop };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port) {
  const socket = createConnection(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}
