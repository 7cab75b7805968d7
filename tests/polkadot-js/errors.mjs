// polkadot.js: calls that break a rule. Each must be refused for that rule, with the error's name and its sentence.
//
// Most are sent and paid for like any call. Those that break a rule of one moment, such as the block in which answers
// begin to be opened, are tried on the state of that block with the runtime call that builds blocks. That costs nothing
// and changes nothing; a wallet can do it before it sends a call.

import { setTimeout as sleep } from 'node:timers/promises';
import { compactAddLength, u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';
import assert from 'node:assert/strict';
import { account, explain, submit } from './chain.mjs';
import { shorten } from './report.mjs';

const UNKNOWN = 1_000_000_000;
const SOME_HASH = `0x${'07'.repeat(32)}`;
const UNIT = 1_000_000_000_000n;

export async function breakRules(api, { plain, sealed }, say) {
  // New accounts each time, so that the check can be run again on the same chain.
  const [newcomer, poor] = ['newcomer', 'poor'].map((name) => account(`//Ferdie//${name}-${Date.now()}`));
  await send(api, account('//Ferdie//stash'), [
    [undefined, api.tx.balances.transferKeepAlive(newcomer.address, UNIT * 1_000n)],
    [undefined, api.tx.balances.transferKeepAlive(poor.address, UNIT)],
  ]);
  const parameters = await api.query.proofOfQuality.currentParameters();
  const groups = await Promise.all([
    send(api, newcomer, callsOfNewcomer(api, newcomer, parameters)),
    send(api, account('//Alice'), callsOfEvaluator(api, parameters)),
    send(api, poor, [['FundsUnavailable', ask(api, 'More than I have?', UNIT * 2n)]]),
    tryAt(api, sealed, 'TaskSubmitted', callsWhileAnswering(api, sealed)),
    tryAt(api, sealed, 'AnswersOpening', callsWhileOpening(api, sealed)),
    tryAt(api, sealed, 'TaskSettled', callsAfterTheEnd(api, sealed)),
    tryAt(api, plain, 'TaskSubmitted', callsWhileAnsweringAlone(api, plain)),
    tryAt(api, plain, 'AnswerSubmitted', callsAfterTheAnswer(api, plain)),
  ]);
  const refusals = [...groups.flat(), await sendEmptyBatch(api, newcomer)];
  await sendTooLongPrompt(api, newcomer, parameters, say);
  const sentences = new Map(refusals.map(({ name, sentence }) => [name, sentence]));
  say(`${refusals.length} calls broke ${sentences.size} rules, and each was refused for the right one:`);
  for (const [name, sentence] of [...sentences].sort()) say(`  ${name}: ${sentence || 'not of this pallet'}`);
}

function ask(api, prompt, bounty, options) {
  return api.tx.proofOfQuality.submitTask(prompt, bounty, { responders: 1, model: null, ...options });
}

/** What somebody can do wrong who has no part in the network yet, and then joins and leaves. In this order. */
function callsOfNewcomer(api, who, { minBounty, maxBounty, inferenceBond, evaluatorBond, ...parameters }) {
  const pallet = api.tx.proofOfQuality;
  const ownKey = account(`//${who.address}`, 'ed25519');
  const takenKey = account('//Alice', 'ed25519');
  return [
    ['EmptyPrompt', ask(api, '', minBounty)],
    ['BountyTooSmall', ask(api, '?', minBounty.toBigInt() - 1n)],
    ['BountyTooLarge', ask(api, '?', maxBounty.toBigInt() + 1n)],
    ['BadResponderCount', ask(api, '?', minBounty, { responders: 0 })],
    ['BadResponderCount', ask(api, '?', minBounty, { responders: api.consts.proofOfQuality.maxResponders.toNumber() + 1 })],
    ['UnknownModel', ask(api, '?', minBounty, { model: SOME_HASH })],
    ['UnknownTask', pallet.submitAnswer(UNKNOWN, 'An answer.')],
    ['UnknownTask', pallet.sealAnswer(UNKNOWN, SOME_HASH, seal(20))],
    ['UnknownTask', pallet.openAnswer(UNKNOWN, SOME_HASH)],
    ['NotJoined', pallet.addBond('Inference', 1)],
    ['NotJoined', pallet.withdrawBond('Inference')],
    ['NotJoined', pallet.changeKey(ownKey.publicKey, proof(api, ownKey, who))],
    ['BadKeyProof', pallet.joinEvaluators(ownKey.publicKey, proof(api, takenKey, who), evaluatorBond)],
    ['BondTooSmall', pallet.joinEvaluators(ownKey.publicKey, proof(api, ownKey, who), evaluatorBond.toBigInt() - 1n)],
    ['KeyTaken', pallet.joinEvaluators(takenKey.publicKey, proof(api, takenKey, who), evaluatorBond)],
    ['BondTooSmall', pallet.joinInference(inferenceBond.toBigInt() - 1n)],
    [undefined, pallet.joinInference(inferenceBond)],
    ['AlreadyJoined', pallet.joinInference(inferenceBond)],
    ['NotChilled', pallet.activate('Inference')],
    ['NotLeaving', pallet.withdrawBond('Inference')],
    [undefined, pallet.leave('Inference')],
    ['AlreadyLeaving', pallet.leave('Inference')],
    ['StillUnbonding', pallet.withdrawBond('Inference')],
  ];
}

function callsOfEvaluator(api, parameters) {
  const key = account('//Alice', 'ed25519');
  const { joinEvaluators, changeKey, setParameters } = api.tx.proofOfQuality;
  return [
    ['AlreadyJoined', joinEvaluators(key.publicKey, proof(api, key, account('//Alice')), parameters.evaluatorBond)],
    ['BadKeyProof', changeKey(key.publicKey, proof(api, key, account('//Bob')))],
    ['BadOrigin', setParameters(parameters)],
  ];
}

function callsWhileAnswering(api, { id, prompt }) {
  const { submitAnswer, sealAnswer, openAnswer } = api.tx.proofOfQuality;
  const responder = '//Inference1';
  return [
    ['//Ferdie', 'OwnTask', submitAnswer(id, 'An answer.')],
    ['//Eve', 'NotDrawn', submitAnswer(id, 'An answer.')],
    [responder, 'MustBeSealed', submitAnswer(id, 'An answer.')],
    [responder, 'WrongContext', sealAnswer(id, SOME_HASH, seal(20))],
    [responder, 'EmptyAnswer', sealAnswer(id, context(api, id, account(responder), prompt), seal(16))],
    [responder, 'OpenTooEarly', openAnswer(id, SOME_HASH)],
  ];
}

function callsWhileOpening(api, { id }) {
  const { submitAnswer, openAnswer } = api.tx.proofOfQuality;
  return [
    ['//Inference1', 'AnswersClosed', submitAnswer(id, 'An answer.')],
    ['//Inference1', 'WrongKey', openAnswer(id, SOME_HASH)],
    ['//Eve', 'NothingSealed', openAnswer(id, SOME_HASH)],
  ];
}

function callsAfterTheEnd(api, { id }) {
  return [
    ['//Inference1', 'AnswersClosed', api.tx.proofOfQuality.submitAnswer(id, 'An answer.')],
    ['//Inference1', 'OpenTooLate', api.tx.proofOfQuality.openAnswer(id, SOME_HASH)],
  ];
}

function callsWhileAnsweringAlone(api, { id, events }) {
  const [drawn] = events[0].data.responders;
  return [
    [secretOf(drawn), 'EmptyAnswer', api.tx.proofOfQuality.submitAnswer(id, '')],
    [secretOf(drawn), 'NoSealNeeded', api.tx.proofOfQuality.sealAnswer(id, SOME_HASH, seal(20))],
  ];
}

function callsAfterTheAnswer(api, { id, events }) {
  const author = secretOf(events.find(({ name }) => name === 'AnswerSubmitted').data.author);
  return [
    [author, 'AlreadyAnswered', api.tx.proofOfQuality.submitAnswer(id, 'Another answer.')],
    ['//Eve', 'AnswersFull', api.tx.proofOfQuality.submitAnswer(id, 'An answer.')],
  ];
}

/** Sends all calls of one account at once. */
function send(api, who, calls) {
  return checked(calls, async () => {
    const nonce = (await api.rpc.system.accountNextIndex(who.address)).toNumber();
    return Promise.all(calls.map(([, call], index) => submit(api, call, who, nonce + index)));
  });
}

/** Tries each call, alone, on the state in which the task's event left the chain. */
function tryAt(api, { events }, name, calls) {
  const { hash } = events.find((event) => event.name === name);
  return checked(calls.map(([, ...rest]) => rest), async () => {
    const at = await api.at(hash);
    return Promise.all(calls.map(([secret, , call]) => attempt(api, at, account(secret), call)));
  });
}

async function attempt(api, at, who, call) {
  const { nonce } = await at.query.system.account(who.address);
  const signed = await call.signAsync(who, { nonce, era: 0 });
  // As bytes: given the transaction itself, polkadot.js leaves out its length.
  const result = (await at.call.blockBuilder.applyExtrinsic(signed.toU8a())).asOk;
  return result.isErr ? explain(api, result.asErr) : undefined;
}

/** Compares what calls were refused for with what they should be, and returns the refusals. */
async function checked(calls, run) {
  const found = await run();
  for (const [index, [expected, { method }]] of calls.entries()) {
    assert.equal(found[index]?.name, expected, `${method.method} should be refused for ${expected}`);
  }
  return found.filter(Boolean);
}

/** The longest prompt is a valid call; one byte more cannot be read as a call at all, so no error has a name for it. */
async function sendTooLongPrompt(api, who, { minBounty }, say) {
  const most = api.consts.proofOfQuality.maxPromptLen.toNumber();
  assert.equal(await attempt(api, api, who, ask(api, 'x'.repeat(most), minBounty)), undefined, `${most} bytes are allowed`);
  const { nonce } = await api.query.system.account(who.address);
  const signed = await ask(api, 'x'.repeat(most + 1), minBounty).signAsync(who, { nonce });
  const refusal = await refusalOf(api, signed.toHex());
  assert.match(refusal, /^1002: Verification Error/, `the node's answer to a prompt of ${most + 1} bytes`);
  say(`a prompt of ${most} bytes is taken; one of ${most + 1} is refused with "${shorten(refusal, 60)}"`);
}

/**
 * What the node says to a transaction that its pool does not take. Right after a reorganisation the pool may still look at
 * the block that was given up, and says so; a moment later it looks at another one.
 */
async function refusalOf(api, bytes) {
  for (let attempt = 1; ; attempt += 1) {
    // Past polkadot.js, which prints such refusals and cannot read general (version 5) transactions from bytes.
    const sent = api._rpcCore.provider.send('author_submitExtrinsic', [bytes]);
    const refusal = await sent.then(() => assert.fail('the pool took it'), ({ message }) => message);
    if (attempt === 10 || !/State already discarded|unknown Block/i.test(refusal)) return refusal;
    await sleep(500);
  }
}

/**
 * Judging calls pay no fee, so they are refused before they are in a block: the pool's code is the number of the error.
 * polkadot.js cannot make general (version 5) transactions, so this one is put together by hand.
 */
async function sendEmptyBatch(api, who) {
  const call = api.tx.proofOfQuality.revealScores(who.publicKey, 0, []);
  // Version, version of the extensions, then the extensions that are encoded: no era, nonce, tip or metadata hash.
  const general = new Uint8Array([0b0100_0101, 0, 0, 0, 0, 0]);
  const refusal = await refusalOf(api, u8aToHex(compactAddLength(u8aConcat(general, call.method.toU8a()))));
  const [, code] = /Custom error: (\d+)/.exec(refusal) ?? assert.fail(`the pool's answer to an empty batch: ${refusal}`);
  const { meta } = Object.values(api.errors.proofOfQuality).find(({ meta }) => meta.index.eq(code));
  assert.equal(meta.name.toString(), 'EmptyBatch');
  return { name: 'EmptyBatch', sentence: meta.docs.join(' ') };
}

/** A seal of a length that nobody can open. */
function seal(length) {
  return { commitment: SOME_HASH, nonce: `0x${'07'.repeat(12)}`, ciphertext: `0x${'07'.repeat(length)}` };
}

/** What the seal of an answer speaks of, as docs/protocol.md has it. */
function context(api, id, who, prompt) {
  const label = compactAddLength(new TextEncoder().encode('poq/seal/answer-context/1'));
  const task = api.createType('u64', id).toU8a();
  return blake2AsU8a(u8aConcat(label, api.genesisHash, task, who.publicKey, blake2AsU8a(new TextEncoder().encode(prompt))));
}

/** The proof that an evaluator key wants to serve an account. */
function proof(api, key, who) {
  return key.sign(u8aConcat('poq/evaluator-key/1', api.genesisHash, who.publicKey));
}

/** The secret of an inference node of the test network. */
function secretOf(address) {
  const secrets = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `//Inference${number}`);
  return secrets.find((secret) => address.eq(account(secret).address)) ?? assert.fail(`who is ${address}?`);
}
