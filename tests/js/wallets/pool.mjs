// What a node answers to transactions that its pool does not take. docs/users.md lists all such
// answers, as they are.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { u8aToHex } from '@polkadot/util';
import { account, eventually, explainIndex, finalizedState } from '../lib/chain.mjs';
import { readDocument } from './document.mjs';
import { judgingTransaction, revealScores } from './judging.mjs';
import { attempt, checked } from './refusals.mjs';
import { shorten } from '../lib/format.mjs';
import { SOME_HASH } from './sealing.mjs';

const UNKNOWN = 1_000_000_000;

/** `who` has some tokens, and nothing of it waits in the pool. `ended` is a task that has. */
export async function checkPool(api, who, ended, say) {
  await isUpToDate(api, who);
  const answers = [
    ...(await sendWithoutTokens(api)),
    await sendTooLongPrompt(api, who),
    await refusalOf(api, await sign(api.tx.system.remark('late'), who, 0)),
    ...(await sendWhileAnotherWaits(api, who)),
    ...(await sendJudging(api, who, ended)),
  ];
  const rows = await explainedAnswers();
  say(`${answers.length} transactions were refused before they were in a block, each as docs/users.md has it:`);
  for (const answer of answers) {
    say(`  ${shorten(answer, 100)}`);
    assert.ok(rows.some(({ pattern }) => pattern.test(answer)), `docs/users.md does not explain "${answer}"`);
  }
  for (const { text, pattern } of rows) assert.ok(answers.some((answer) => pattern.test(answer)), `no node said "${text}"`);
}

/**
 * What docs/users.md says one sees. A `…` there stands for any text, and `<number>` for a number.
 */
async function explainedAnswers() {
  const [, table] = (await readDocument()).split('## Refusals before a call is in a block');
  const texts = [...table.split('\n## ')[0].matchAll(/^\| `([^`]+)` \|/gm)].map(([, text]) => text);
  return texts.map((text) => {
    const source = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ ?… ?/g, '.*').replaceAll('<number>', '\\d+');
    return { text, pattern: new RegExp(`^${source}`, 's') };
  });
}

/**
 * An account that does not exist pays no fee, and what was refused once is not looked at again for
 * a while.
 */
async function sendWithoutTokens(api) {
  const nobody = account(`//nobody-${Date.now()}`);
  const bytes = await sign(api.tx.system.remark('a'), nobody, 0);
  return [await refusalOf(api, bytes), await refusalOf(api, bytes)];
}

/**
 * The longest prompt is a valid call; one byte more cannot be read as a call at all, so no error
 * has a name for it.
 */
async function sendTooLongPrompt(api, who) {
  const most = api.consts.proofOfQuality.maxPromptLen.toNumber();
  const { minBounty } = await api.query.proofOfQuality.currentParameters();
  const ask = (length) =>
    api.tx.proofOfQuality.submitTask('x'.repeat(length), minBounty, { responders: 1, model: null });
  assert.equal(await attempt(api, api, who, ask(most)), undefined, `${most} bytes are allowed`);
  const { nonce } = await api.query.system.account(who.address);
  return refusalOf(api, await sign(ask(most + 1), who, nonce));
}

/**
 * The same again, and another one with the same nonce: both while the first still waits, right
 * after a block.
 */
async function sendWhileAnotherWaits(api, who) {
  for (let attempt = 1; ; attempt += 1) {
    await isUpToDate(api, who);
    await nextBlock(api);
    const nonce = (await api.rpc.system.accountNextIndex(who.address)).toNumber();
    const [first, other] = await Promise.all(['first', 'other'].map((text) => sign(api.tx.system.remark(text), who, nonce)));
    await api._rpcCore.provider.send('author_submitExtrinsic', [first]);
    const answers = await Promise.all([refusalOf(api, first), refusalOf(api, other)]);
    // On a busy machine the next block may have come in between.
    const waited = (await api.query.system.account(who.address)).nonce.eq(nonce);
    if (waited || attempt === 5) return answers;
  }
}

/** Judging calls pay no fee, so they are refused here: the code is the number of the error. */
async function sendJudging(api, who, ended) {
  const reveal = (sentAfter, ...tasks) =>
    revealScores(api, who, sentAfter, tasks.map((task) => ({ task, key: SOME_HASH })));
  const calls = [
    ['EmptyBatch', reveal(0)],
    ['BatchNotAscending', reveal(0, ended, ended)],
    ['UnknownTask', reveal(0, UNKNOWN)],
    ['RevealTooLate', reveal(0, ended)],
    ['SentTooFarAhead', reveal(UNKNOWN, ended)],
  ];
  const answers = await Promise.all(calls.map(([, call]) => refusalOf(api, u8aToHex(judgingTransaction(call)))));
  const codes = answers.map((answer) => (/Custom error: (\d+)/.exec(answer) ?? assert.fail(`no code: ${answer}`))[1]);
  checked(calls, codes.map((code) => explainIndex(api, code)));
  return answers;
}

/**
 * Waits until all that `who` has sent is finalized. A pool looks at each fork that may still win,
 * and takes what fits to one of them: in a fork without the last transactions of `who`, an old
 * nonce is not used yet.
 */
function isUpToDate(api, who) {
  const look = async () => {
    const { nonce } = await (await finalizedState(api)).query.system.account(who.address);
    return nonce.eq(await api.rpc.system.accountNextIndex(who.address));
  };
  return eventually(look, `the last transaction of ${who.address} in a finalized block`);
}

async function sign(call, who, nonce) {
  return (await call.signAsync(who, { nonce })).toHex();
}

/**
 * What the node says to a transaction that its pool does not take. Right after a reorganisation the
 * pool may still look at the block that was given up, and says so; a moment later it looks at
 * another one.
 */
async function refusalOf(api, bytes) {
  for (let attempt = 1; ; attempt += 1) {
    // Past polkadot.js, which prints such refusals and cannot read general (version 5) transactions
    // from bytes.
    const sent = api._rpcCore.provider.send('author_submitExtrinsic', [bytes]);
    const refusal = await sent.then(() => assert.fail('the pool took it'), ({ message }) => message);
    if (attempt === 10 || !/State already discarded|unknown Block/i.test(refusal)) return refusal;
    await sleep(500);
  }
}

function nextBlock(api) {
  return new Promise((resolve, reject) => {
    let seen = 0;
    // The subscription begins with the block that is the best already.
    const hear = () => (seen += 1) === 2 && unsubscribe.then((stop) => resolve(stop()), reject);
    const unsubscribe = api.rpc.chain.subscribeNewHeads(hear);
    unsubscribe.catch(reject);
  });
}
