// A committee of three that judges badly, played by this check: Alice seals scores and opens them,
// Bob seals nothing and opens that, Charlie stays away and tries to leave. On the way each judging
// call that comes at a wrong moment, or has something wrong in it, is refused for that.

import { account, eventually } from '../lib/chain.mjs';
import { commitScores, refusalOfJudging, revealScores, sendJudging } from './judging.mjs';
import { checked, send } from './refusals.mjs';
import { emptySeal, scoresAsBytes, scoresContext, seal, sealOfLength, SOME_HASH } from './sealing.mjs';

const [ALICE, BOB, CHARLIE, STRANGER] = ['//Alice', '//Bob', '//Charlie', '//Dave'];
/**
 * The keys of the seals. Alice's node would publish one that follows from its keystore by itself.
 */
const [ALICES, BOBS] = [1, 2].map((byte) => new Uint8Array(32).fill(byte));
const ANSWER = 'Plants give off oxygen.';
const UNKNOWN = 1_000_000_000;
/** A node takes what was sent up to 16 blocks ahead of it. */
const FAR_AHEAD = 1_000;

/**
 * Answers the task, plays its committee until the task expires, and returns what calls were refused
 * for.
 */
export async function judgeBadly(api, task) {
  const { submitAnswer, withdrawBond, leave } = api.tx.proofOfQuality;
  const nothing = { task, context: SOME_HASH, seal: sealOfLength(20) };
  const early = await tryAll(api, [
    ['CommitTooEarly', commit(api, ALICE, [nothing])],
    ['RevealTooEarly', reveal(api, ALICE, task, ALICES)],
  ]);
  await send(api, account('//Inference1'), [[undefined, submitAnswer(task, ANSWER)]]);

  await reach(api, task, 'Committing');
  const good = await sealScores(api, task, ALICE);
  const [wrong, leaving] = await Promise.all([
    tryAll(api, callsWhileCommitting(api, task, good)),
    send(api, account(CHARLIE), [[undefined, leave('Evaluator')], ['DutiesOpen', withdrawBond('Evaluator')]]),
  ]);
  await sendJudging(api, (sentAfter) => commit(api, ALICE, [good], { sentAfter }));
  await seatIs(api, task, ALICE, 'Committed');
  const again = await tryAll(api, [['AlreadyCommitted', commit(api, ALICE, [good])]]);
  const empty = await sealNothing(api, task, BOB);
  await sendJudging(api, (sentAfter) => commit(api, BOB, [empty], { sentAfter }));

  await reach(api, task, 'Revealing');
  const revealing = await tryAll(api, [
    ['CommitTooLate', commit(api, CHARLIE, [nothing])],
    ['NotCommitted', reveal(api, CHARLIE, task, ALICES)],
    ['NoSeat', reveal(api, STRANGER, task, ALICES)],
    ['WrongKey', reveal(api, ALICE, task, BOBS)],
    // Knowing the key is not enough to send it in another batch.
    ['BadSignature', reveal(api, ALICE, task, ALICES, { signer: BOB })],
  ]);
  await sendJudging(api, (sentAfter) => reveal(api, ALICE, task, ALICES, { sentAfter }));
  await seatIs(api, task, ALICE, 'Revealed');
  const opened = await tryAll(api, [['AlreadyRevealed', reveal(api, ALICE, task, ALICES)]]);
  await sendJudging(api, (sentAfter) => reveal(api, BOB, task, BOBS, { sentAfter }));

  await reach(api, task, 'Expired');
  const late = await tryAll(api, [
    ['CommitTooLate', commit(api, ALICE, [good])],
    ['RevealTooLate', reveal(api, ALICE, task, ALICES)],
  ]);
  // Nothing keeps Charlie any more.
  await send(api, account(CHARLIE), [[undefined, withdrawBond('Evaluator')]]);
  return [early, wrong, leaving, again, revealing, opened, late].flat();
}

function callsWhileCommitting(api, task, good) {
  const key = account(ALICE, 'ed25519');
  return [
    ['EmptyBatch', commit(api, ALICE, [])],
    ['EmptyBatch', revealScores(api, key, 0, [])],
    ['BatchNotAscending', commit(api, ALICE, [good, good])],
    ['UnknownTask', commit(api, ALICE, [{ ...good, task: UNKNOWN }])],
    ['UnknownTask', reveal(api, ALICE, UNKNOWN, ALICES)],
    ['NoSeat', commit(api, STRANGER, [good])],
    ['WrongContext', commit(api, ALICE, [{ ...good, context: SOME_HASH }])],
    ['WrongSealLength', commit(api, ALICE, [{ ...good, seal: sealOfLength(24) }])],
    ['BadSignature', commit(api, ALICE, [good], { signer: BOB })],
    ['SentTooFarAhead', commit(api, ALICE, [good], { sentAfter: FAR_AHEAD })],
    ['SentTooFarAhead', revealScores(api, key, FAR_AHEAD, [{ task, key: ALICES }])],
    ['RevealTooEarly', reveal(api, ALICE, task, ALICES)],
    // And one that is as it should be.
    [undefined, commit(api, ALICE, [good])],
  ];
}

async function tryAll(api, calls) {
  return checked(calls, await Promise.all(calls.map(([, call]) => refusalOfJudging(api, call))));
}

function commit(api, secret, commits, { signer = secret, sentAfter = 0 } = {}) {
  const [key, signing] = [secret, signer].map((name) => account(name, 'ed25519'));
  return commitScores(api, key, sentAfter, commits, signing);
}

function reveal(api, secret, task, key, { signer = secret, sentAfter = 0 } = {}) {
  const [evaluator, signing] = [secret, signer].map((name) => account(name, 'ed25519'));
  return revealScores(api, evaluator, sentAfter, [{ task, key }], signing);
}

async function sealScores(api, task, secret) {
  const context = await contextOf(api, task, secret);
  return { task, context, seal: seal(context, ALICES, scoresAsBytes(api, [900_000])) };
}

async function sealNothing(api, task, secret) {
  const context = await contextOf(api, task, secret);
  return { task, context, seal: emptySeal(context, BOBS, 20) };
}

async function contextOf(api, task, secret) {
  const { model } = (await api.query.proofOfQuality.tasks(task)).unwrap().parameters;
  const prompt = (await api.query.proofOfQuality.prompts(task)).unwrap().toUtf8();
  const { index } = await seatOf(api, task, secret);
  return scoresContext(api, { task, seat: index, who: account(secret), model, prompt, answers: [ANSWER] });
}

async function seatOf(api, task, secret) {
  const seats = await api.query.proofOfQuality.seats.entries(task);
  const { address } = account(secret);
  const [{ args: [, index] }, seat] = seats.find(([, seat]) => seat.unwrap().account.eq(address));
  return { index: index.toNumber(), state: seat.unwrap().state };
}

function seatIs(api, task, secret, state) {
  const look = async () => (await seatOf(api, task, secret)).state.type === state;
  return eventually(look, `the state ${state} of the seat of ${secret}`);
}

function reach(api, task, phase) {
  const look = async () => (await api.query.proofOfQuality.tasks(task)).unwrap().phase.type === phase;
  return eventually(look, `the phase ${phase} of task ${task}`);
}
