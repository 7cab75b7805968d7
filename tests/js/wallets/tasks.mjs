// polkadot.js: a task with one answer and a task with three, from prompt to payout. All that the
// chain tells of them is followed by events, read from storage and from view functions, and added
// up to the last unit.

import { compactAddLength, stringToU8a } from '@polkadot/util';
import assert from 'node:assert/strict';
import { account, finalizedBlocks, finalizedNumber, submit } from '../lib/chain.mjs';
import { percent, shorten, tokens } from '../lib/format.mjs';
import { view } from './view.mjs';

/** Letters, lines and signs that are easily lost on the way. */
const PROMPTS = {
  plain: 'Bees — „Bienen“, 蜜蜂 — make honey from nectar. 🐝\n\nQuestion: What do bees make?',
  sealed: '0xAB is a number.\tIt is 171 in decimal; "0x" marks hexadecimal.\r\n\r\nQuestion: What does "0x" mark?',
};
const ENDS = ['TaskSettled', 'TaskExpired'];
/**
 * What happens to each task, in this order. What else may happen depends on who was drawn and on
 * who is up.
 */
const STORIES = {
  plain: ['TaskSubmitted', 'AnswerSubmitted'],
  sealed: ['TaskSubmitted', 'AnswerCommitted', 'AnswerRevealPhaseStarted', 'AnswerRevealed'],
};
const JUDGED = ['CommitteeDrawn', 'ScoresCommitted', 'ScoreRevealPhaseStarted', 'ScoresRevealed', 'Refunded', 'TaskSettled'];

/** Returns both tasks with their events, for the parts that look at them again. */
export async function askTwice(api, say) {
  readMetadata(api, say);
  const active = (await api.query.proofOfQuality.rosterSize('Inference')).toNumber();
  assert.ok(active >= 3, `three answers need three active inference nodes, but only ${active} are (others were chilled?)`);
  const user = account('//Ferdie');
  const from = (await finalizedNumber(api)) + 1;
  const before = await total(api, user.address);
  const bounty = (await api.query.proofOfQuality.currentParameters()).minBounty.toBigInt() * 100n;

  const nonce = (await api.rpc.system.accountNextIndex(user.address)).toNumber();
  const { submitTask } = api.tx.proofOfQuality;
  const calls = [
    submitTask(PROMPTS.plain, bounty, { responders: 1, model: null }),
    submitTask(PROMPTS.sealed, bounty, { responders: 3, model: null }),
  ];
  // The polkadot.js app makes bytes with their length of what is typed, and takes only ASCII for
  // text.
  const typed = submitTask(compactAddLength(stringToU8a(PROMPTS.sealed)), `${bounty}`, { responders: '3', model: null });
  assert.equal(typed.method.toHex(), calls[1].method.toHex(), 'what is typed into the app must be the same call');
  const refusals = await Promise.all(calls.map((call, index) => submit(api, call, user, nonce + index)));
  assert.deepEqual(refusals, [undefined, undefined], 'a task was refused');

  const { stories, fees } = await follow(api, from, user.address, 2);
  const [plain, sealed] = stories.map((events, index) => {
    const kind = ['plain', 'sealed'][index];
    return { id: events[0].data.task.toBigInt(), kind, prompt: PROMPTS[kind], bounty, events };
  });
  await checkHold(api, user.address, sealed, bounty * 2n);
  await checkSealing(api, sealed);
  for (const task of [plain, sealed]) await checkTask(api, task, say);

  const end = [plain, sealed].map(({ events }) => events.at(-1)).sort((one, other) => one.number - other.number).at(-1);
  const at = await api.at(end.hash);
  const spent = [plain, sealed].reduce((sum, { refunded }) => sum + bounty - refunded, 0n);
  assert.equal(before - (await total(at, user.address)), spent + fees, 'the account paid something that no event explains');
  const { reserved } = (await at.query.system.account(user.address)).data;
  assert.equal(reserved.toBigInt(), 0n, 'nothing stays on hold after the end');
  say(`the submitter paid ${tokens(spent)} for both tasks and ${tokens(fees)} of fees; nothing is on hold any more`);
  await callAllViews(api, sealed, say);
  return { plain, sealed };
}

function readMetadata(api, say) {
  const { version } = api.runtimeMetadata;
  const pallet = api.registry.metadata.pallets.find(({ name }) => name.eq('ProofOfQuality'));
  const { length: calls } = Object.keys(api.tx.proofOfQuality);
  const errors = Object.values(api.errors.proofOfQuality).map(({ meta }) => meta);
  for (const { name, docs } of errors) assert.match(docs.join(' '), /\.$/, `${name} has no sentence in the metadata`);
  say(`metadata version ${version}: ${calls} calls, ${errors.length} errors, ${pallet.viewFunctions.length} view functions`);
}

/**
 * All events of the account's next `count` tasks up to their ends, and the fees it paid meanwhile.
 */
export async function follow(api, from, address, count) {
  const stories = new Map();
  let fees = 0n;
  for await (const { number, hash } of finalizedBlocks(api, from)) {
    for (const { event } of await (await api.at(hash)).query.system.events()) {
      const { section, method, data } = event;
      if (method === 'TransactionFeePaid' && data.who.eq(address)) fees += data.actualFee.toBigInt();
      if (section !== 'proofOfQuality' || !data.task) continue;
      const task = data.task.toString();
      if (method === 'TaskSubmitted' && data.submitter.eq(address)) stories.set(task, []);
      stories.get(task)?.push({ name: method, data, number, hash: hash.toHex() });
    }
    const ended = [...stories.values()].filter((events) => ENDS.includes(events.at(-1).name));
    if (ended.length === count) return { stories: [...stories.values()], fees };
  }
}

/** While tasks run, their bounties stay on the account, on hold and with the reason. */
async function checkHold(api, address, task, amount) {
  const at = await api.at(task.events[0].hash);
  const holds = (await at.query.balances.holds(address)).map(({ id, amount }) => [id.toString(), amount.toBigInt()]);
  assert.deepEqual(holds, [['{"proofOfQuality":"Bounty"}', amount]], 'both bounties are on hold');
}

/** Before the answers are opened, nobody can read one. */
async function checkSealing(api, { id, events }) {
  const hash = events.find(({ name }) => name === 'AnswerRevealPhaseStarted').hash;
  const at = await api.at(hash);
  assert.equal((await at.query.proofOfQuality.answers.entries(id)).length, 0, 'an answer can be read too early');
  assert.equal((await at.query.proofOfQuality.sealedAnswers.entries(id)).length, 3, 'three answers are sealed');
  assert.equal((await at.query.proofOfQuality.tasks(id)).unwrap().phase.type, 'RevealingAnswers');
}

async function checkTask(api, task, say) {
  const { id, kind, prompt, bounty, events } = task;
  const names = [...new Set(events.map(({ name }) => name))];
  const expected = [...STORIES[kind], ...JUDGED];
  assert.deepEqual(names.filter((name) => expected.includes(name)), expected, `the story of task ${id}`);
  const blocks = expected.map((name) => `${name} ${events.find((event) => event.name === name).number}`);
  say(`task ${id} wants ${kind === 'plain' ? 'one answer' : 'three answers, sealed'}; its events, by block:`);
  say(`  ${blocks.slice(0, -5).join(', ')},`);
  say(`  ${blocks.slice(-5).join(', ')}`);

  const { hash, data } = events.at(-1);
  const at = await api.at(hash);
  const stored = at.query.proofOfQuality;
  assert.equal((await stored.tasks(id)).unwrap().phase.type, 'Settled');
  assert.equal((await stored.prompts(id)).unwrap().toUtf8(), prompt, 'the prompt must arrive as it was typed');
  const outcome = (await stored.outcomes(id)).unwrap();
  assert.equal(outcome.toHex(), data.outcome.toHex(), 'event and storage must tell the same outcome');
  const texts = [];
  for (const index of outcome.answers.keys()) texts.push((await stored.answers(id, index)).unwrap().toUtf8());
  assert.equal(texts.length, kind === 'plain' ? 1 : 3, `answers of task ${id}`);

  const seen = await Promise.all(['task', 'prompt', 'answers', 'outcome'].map((name) => view(at, name, id)));
  assert.equal(seen[0].unwrap().toHex(), (await stored.tasks(id)).unwrap().toHex());
  assert.equal(seen[1].unwrap().toUtf8(), prompt);
  assert.deepEqual(seen[2].map(({ text }) => text.toUtf8()), texts);
  assert.equal(seen[3].unwrap().toHex(), outcome.toHex());

  const sum = (list) => list.reduce((total, { paid }) => total + paid.toBigInt(), 0n);
  task.refunded = outcome.refunded.toBigInt();
  assert.equal(sum(outcome.answers) + sum(outcome.seats) + task.refunded, bounty, 'the bounty is paid out or comes back');
  const paid = events.filter(({ name }) => name === 'Paid').map(({ data }) => ({ paid: data.amount }));
  assert.equal(sum(paid), bounty - task.refunded, 'each payment has an event');
  for (const seat of outcome.seats.filter(({ offence }) => offence.isNone)) {
    assert.equal(seat.scores.length, texts.length, 'a seat scores each answer');
  }

  for (const [index, { quality, paid }] of outcome.answers.entries()) {
    const scores = outcome.seats.map((seat) => seat.scores[index]).filter(Boolean);
    say(`  answer ${index}: "${shorten(texts[index], 60)}"`);
    say(`    scores ${scores.map(percentOf).join(', ')}; quality ${percentOf(quality.unwrap())}; paid ${tokens(paid)}`);
  }
  say(`  of the bounty of ${tokens(bounty)}, ${tokens(task.refunded)} came back`);
}

/** The view functions that are not about one task, and those of it once more: each must decode. */
async function callAllViews(api, { id, bounty, events }, say) {
  const [author, judge] = ['AnswerRevealed', 'ScoresRevealed'].map((name) => events.find((event) => event.name === name));
  const who = author.data.author;
  const evaluator = judge.data.evaluator;
  const calls = [
    ['task', id], ['prompt', id], ['answers', id], ['outcome', id], ['open_work', who], ['participant', 'Inference', who],
    ['reputation', evaluator], ['baseline'], ['seat_quote', evaluator, bounty], ['parameters'],
  ];
  const pallet = api.registry.metadata.pallets.find(({ name }) => name.eq('ProofOfQuality'));
  assert.deepEqual(pallet.viewFunctions.map(({ name }) => name.toString()), calls.map(([name]) => name));
  const told = Object.fromEntries(await Promise.all(calls.map(async (call) => [call[0], await view(api, ...call)])));
  assert.ok(told.participant.unwrap().standing.isActive, 'an inference node that answered is active');
  assert.ok(told.seat_quote.unwrap().cap.toBigInt() > 0n, 'a seat is worth something');
  assert.equal(told.parameters.toHex(), (await api.query.proofOfQuality.currentParameters()).toHex());
  say(`all ${calls.length} view functions answer: ${calls.map(([name]) => name).join(', ')}`);
}

/** All that an account has, also on hold. */
export async function total({ query }, address) {
  const { free, reserved } = (await query.system.account(address)).data;
  return free.toBigInt() + reserved.toBigInt();
}

function percentOf(share) {
  return percent(share.toNumber());
}
