// Checks that wallets and scripts can read the chain: blocks with judging transactions decode in polkadot.js and in
// PAPI, and both libraries read the same calls with the same arguments.
//
// Usage: node check.mjs [URL]    URL of a node on which a task was judged; POQ_NODE or ws://127.0.0.1:9944 if left out.

import assert from 'node:assert/strict';
import { askWithPolkadotJs, readWithPolkadotJs } from './polkadot-js.mjs';
import { readWithPapi } from './papi.mjs';

const url = process.argv[2] ?? process.env.POQ_NODE ?? 'ws://127.0.0.1:9944';
const CALLS = ['submit_task', 'submit_answer', 'seal_answer', 'open_answer', 'commit_scores', 'reveal_scores'];

// The tasks of the demo want several answers, which are sealed; this one wants a single one.
const asked = await askWithPolkadotJs(url, '//Ferdie', 'Bees make honey from nectar.\n\nQuestion: What do bees make?');
console.log(`polkadot.js asked and followed the events: ${asked.join(', ')}`);
assert.deepEqual(asked.slice(0, 3), ['TaskSubmitted', 'AnswerSubmitted', 'CommitteeDrawn']);
assert.equal(asked.at(-1), 'TaskSettled');

const polkadotJs = await readWithPolkadotJs(url);
const papi = await readWithPapi(url, polkadotJs.blocks);

for (const call of CALLS) {
  const seen = polkadotJs.calls.filter(({ name }) => name === call);
  assert.ok(seen.length > 0, `no finalized block of the node carries ${call}: was a task judged?`);
  console.log(`polkadot.js reads ${call} ${seen.length} times; the first: ${shorten(seen[0].args)}`);
}

for (const { name, args, general } of polkadotJs.calls) {
  const judging = name === 'commit_scores' || name === 'reveal_scores';
  assert.equal(general, judging, `${name}: judging calls, and only those, are general (version 5) extrinsics`);
  if (name === 'submit_task') {
    assert.match(args.prompt, /\w+ \w+/, 'a prompt must read as text');
    assert.ok(polkadotJs.prompts.includes(args.prompt), 'the prompt in the call must be the one in storage');
  }
  if (judging) {
    assert.ok(polkadotJs.evaluatorKeys.includes(args.evaluator), `${args.evaluator} is no evaluator's key`);
    for (const task of args.tasks) {
      assert.ok(BigInt(task) < polkadotJs.taskCount, `task ${task} was never submitted`);
    }
  }
}
console.log('polkadot.js: methods, task numbers, evaluator keys and prompts are right');

assert.deepEqual(papi.calls, polkadotJs.calls, 'PAPI and polkadot.js must read the same');
console.log(`PAPI: the same ${papi.calls.length} calls with the same arguments`);
assert.deepEqual(papi.outcome, polkadotJs.outcome, 'both libraries must read the same outcome of task 0');
console.log(`both read the outcome of task 0 from storage: ${shorten(papi.outcome)}`);
process.exit(0);

function shorten(value) {
  const text = JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner));
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
