// Free ports on loopback for programs that have to be told theirs.
//
// The system's own choice for port 0 would do for a moment only: it gives the same port to the next
// program that asks, or to a connection, before ours listens on it. So these come from below that
// range, and each process begins elsewhere in it. tests/network/src/ports.rs does the same.

import { once } from 'node:events';
import { createServer } from 'node:net';

/** How many ports a process takes before it comes to those of the next. */
const PROCESS = 64;
/** The lowest of these ports, and how many there are. The system's own begin at 32768. */
const [FIRST, COUNT] = [10_000, 355 * PROCESS];

let next = (process.pid * PROCESS) % COUNT;

/**
 * This number of different ports that nothing listens on. A process gets each port once.
 *
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const ports = [];
  for (let looked = 0; looked < COUNT && ports.length < count; looked += 1) {
    const port = FIRST + next;
    next = (next + 1) % COUNT;
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`${count} free ports are needed on loopback, and ${ports.length} are there`);
  return ports;
}

async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
