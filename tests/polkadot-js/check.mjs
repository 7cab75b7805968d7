// Uses the chain as wallets and scripts do, and checks all that they are told: with polkadot.js, with PAPI and its
// generated types, through a light client, and with the script that docs/users.md shows.
//
// Usage: node check.mjs [URL]    URL of a node of the local network with inference nodes; POQ_NODE or ws://127.0.0.1:9944
// if left out. Development accounts ask and pay. The check can be run again on the same chain.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compareBlocks } from './blocks.mjs';
import { connect } from './chain.mjs';
import { compileScripts, generateDescriptors } from './descriptors.mjs';
import { checkDocument } from './document.mjs';
import { breakRules } from './errors.mjs';
import { findEntrance, readWithLightClient } from './light-client.mjs';
import { askWithPapi } from './papi.mjs';
import { part } from './report.mjs';
import { askTwice } from './tasks.mjs';

const url = process.argv[2] ?? process.env.POQ_NODE ?? 'ws://127.0.0.1:9944';
/** The whole check, in milliseconds: about three times what it takes. */
const PATIENCE = 180_000;

// So that what was started is ended, too: nothing runs at the end of a process that a signal ends.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
setTimeout(() => fail(new Error(`the check is not done after ${PATIENCE / 1000} s`)), PATIENCE);
const begun = Date.now();
await run().catch(fail);
console.log(`\nWallets and scripts can use this chain. This took ${Math.round((Date.now() - begun) / 1000)} s.`);
process.exit(0);

async function run() {
  const api = await connect(url);
  await part('docs/users.md', (say) => checkDocument(api, say));
  // What does not submit anything runs beside the tasks, which mostly wait for blocks.
  const [tasks, poq, entrance] = await Promise.all([
    part('polkadot.js: tasks from prompt to payout', (say) => askTwice(api, say)),
    part('PAPI: a task with generated types', askTyped),
    part('An entrance for light clients', (say) => openEntrance(api, say)),
    part('The first script of docs/users.md', runFirstTask),
  ]);
  try {
    await Promise.all([
      part('polkadot.js: calls that break a rule', (say) => breakRules(api, tasks, say)),
      part('smoldot: a light client', (say) => readWithLightClient(url, entrance, poq, tasks.sealed, say)),
    ]);
  } finally {
    await entrance.stop();
  }
  await part('Blocks in both libraries', (say) => compareBlocks(url, api, tasks, say));

  async function askTyped(say) {
    const poq = await generateDescriptors(api, say);
    await Promise.all([compileScripts(say), askWithPapi(url, poq, say)]);
    return poq;
  }
}

async function openEntrance(api, say) {
  const entrance = await findEntrance(api);
  say(entrance.address);
  return entrance;
}

async function runFirstTask(say) {
  const script = fileURLToPath(new URL('first-task.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env: { ...process.env, POQ_NODE: url } });
  assert.match(stdout, /^The best answer, .*: Plants give off oxygen\.$/m, stdout);
  for (const line of stdout.trim().split('\n')) say(line);
}

function fail(error) {
  console.error(error);
  process.exit(1);
}
