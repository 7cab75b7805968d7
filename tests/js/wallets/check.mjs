// Uses the chain as wallets and scripts do, and checks all that they are told: with polkadot.js,
// with PAPI and its generated types, through a light client, and with the script that docs/users.md
// shows. What a network that works does not show, such as tasks that are not judged, is played on a
// chain that the check starts for itself.
//
// Usage: node tests/js/wallets/check.mjs [URL]
//   URL   of a node of the local network with inference nodes; POQ_NODE or ws://127.0.0.1:9944 if
//         left out
//
// Development accounts ask and pay. The check can be run again on the same chain.

import assert from 'node:assert/strict';
import { compareBlocks } from './blocks.mjs';
import { connect } from '../lib/chain.mjs';
import { compileScripts, generateDescriptors } from './descriptors.mjs';
import { checkDocument } from './document.mjs';
import { breakRules } from './errors.mjs';
import { findEntrance, readWithLightClient } from './light-client.mjs';
import { failTasks } from './not-judged.mjs';
import { askWithPapi } from './papi.mjs';
import { demandEveryError } from './refusals.mjs';
import { part } from './report.mjs';
import { runFirstTask } from './scripts.mjs';
import { askTwice } from './tasks.mjs';

const url = process.argv[2] ?? process.env.POQ_NODE ?? 'ws://127.0.0.1:9944';
/**
 * The whole check, in milliseconds: about ten times what it takes, for slow machines that do other
 * things, too.
 */
const PATIENCE = 600_000;

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
  const descriptors = part('PAPI: generated types', (say) => generateDescriptors(api, say));
  // All of these mostly wait for blocks.
  const [tasks, poq, entrance, , refusals] = await Promise.all([
    part('polkadot.js: tasks from prompt to payout', (say) => askTwice(api, say)),
    part('PAPI: a task from prompt to payout', askTyped),
    part('An entrance for light clients', (say) => openEntrance(api, say)),
    part('The first script of docs/users.md', askWithScript),
    part('Tasks that are not judged, on a chain of their own', (say) => failTasks(descriptors, say)),
  ]);
  try {
    const [more] = await Promise.all([
      part('polkadot.js: calls that break a rule', (say) => breakRules(api, tasks, say)),
      part('smoldot: a light client', (say) => readWithLightClient(url, entrance, poq, tasks.sealed, say)),
    ]);
    await part('Every error of the pallet', (say) => demandEveryError(api, [...refusals, ...more], say));
  } finally {
    await entrance.stop();
  }
  await part('Blocks in both libraries', (say) => compareBlocks(url, api, tasks, say));

  async function askTyped(say) {
    const poq = await descriptors;
    await Promise.all([compileScripts(say), askWithPapi(url, poq, say)]);
    return poq;
  }
}

async function openEntrance(api, say) {
  const entrance = await findEntrance(api);
  say(entrance.address);
  return entrance;
}

async function askWithScript(say) {
  const lines = await runFirstTask(url);
  assert.match(lines[1], /^The best answer, .*: Plants give off oxygen\.$/);
  for (const line of lines) say(line);
}

function fail(error) {
  console.error(error);
  process.exit(1);
}
