// Runs what docs/users.md tells somebody who wants a chain to try things on, and then its first
// script against that chain. The ports are others, as those may be taken.

import { freePorts } from '../lib/ports.mjs';
import { repository } from '../lib/place.mjs';
import { Running, shape, Shell } from '../lib/processes.mjs';

/** Runs the blocks and returns what was seen. */
export async function run({ blocks, shown, root, binaries }) {
  const folder = await repository(root, binaries);
  const [rpc, scorer] = await freePorts(2);
  const env = { POQ_NODE: `ws://127.0.0.1:${rpc}`, POQ_SCORER_URL: `http://127.0.0.1:${scorer}` };
  const started = [];
  for (const { script } of blocks) {
    for (const line of script.trim().split('\n')) {
      const isNode = /\bpoq-node /.test(line);
      const other = line.replace('9955', scorer) + (isNode ? ` --rpc-port ${rpc} --port 0 --no-prometheus --no-mdns` : '');
      const program = new Running(other, folder, env);
      await program.until(isNode ? /Running JSON-RPC server/ : / answering on /);
      started.push(program);
    }
  }
  const shell = new Shell(folder, env);
  const { stdout } = await shell.run('node tests/js/wallets/first-task.mjs');
  const lines = shown('Task 0 is submitted').script.trim().split('\n');
  for (const line of lines.filter((line) => !shape(line).test(stdout))) throw new Error(`it does not print "${line}": ${stdout}`);
  [shell, ...started].forEach((one) => one.end());
  return `${started.length} programs; the first script asked them and printed what is shown`;
}
