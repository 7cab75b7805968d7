// Blocks must decode in both libraries, those with general (version 5) transactions too, and both
// must read the same.

import assert from 'node:assert/strict';
import { readBlocksWithPapi } from './blocks-papi.mjs';
import { readBlocks } from './blocks-polkadot-js.mjs';
import { shorten } from '../lib/format.mjs';

const JUDGING = ['commit_scores', 'reveal_scores'];
const CALLS = ['submit_task', 'submit_answer', 'commit_answer', 'reveal_answer', ...JUDGING];

export async function compareBlocks(url, api, tasks, say) {
  const { blocks, calls } = await readBlocks(api);
  for (const name of CALLS) {
    const found = calls.filter((call) => call.name === name);
    assert.ok(found.length > 0, `no finalized block of the node carries ${name}: was a task judged?`);
    say(`${found.length} times ${name}; the first: ${shorten(found[0].args, 80)}`);
  }
  for (const { id, prompt } of Object.values(tasks)) {
    const asked = calls.some(({ name, args }) => name === 'submit_task' && args.prompt === prompt);
    assert.ok(asked, `no block has the prompt of task ${id} as it was typed`);
  }
  await checkJudging(api, calls);
  assert.deepEqual(await readBlocksWithPapi(url, blocks), calls, 'PAPI and polkadot.js must read the same');
  say(`polkadot.js and PAPI read the same ${calls.length} calls with the same arguments in ${blocks.length} blocks`);
}

/**
 * Judging calls, and only those, are general (version 5) transactions; what they name must exist.
 */
async function checkJudging(api, calls) {
  const { evaluatorKeys, taskCount } = api.query.proofOfQuality;
  const keys = (await evaluatorKeys.entries()).map(([, key]) => key.unwrap().toHex());
  const count = (await taskCount()).toBigInt();
  for (const { name, args, general } of calls) {
    const judging = JUDGING.includes(name);
    assert.equal(general, judging, `${name} is ${general ? 'a' : 'no'} general transaction`);
    if (!judging) continue;
    assert.ok(keys.includes(args.evaluator), `${args.evaluator} is no evaluator's key`);
    for (const task of args.tasks) assert.ok(task < count, `task ${task} was never submitted`);
  }
}
