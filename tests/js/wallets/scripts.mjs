// Runs the first script of docs/users.md as a user does, against any node and for any development
// account.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Returns the lines that it printed. */
export async function runFirstTask(url, variables = {}) {
  const script = fileURLToPath(new URL('first-task.mjs', import.meta.url));
  const env = { ...process.env, ...variables, POQ_NODE: url };
  const running = promisify(execFile)(process.execPath, [script], { env });
  // It would wait for its node for ever.
  process.once('exit', () => running.child.kill());
  const { stdout } = await running;
  return stdout.trim().split('\n');
}
