// polkadot.js: calls that break a rule. Each must be refused for that rule, with the error's name
// and its sentence.
//
// Most are sent and paid for like any call. Those that break a rule of one moment, such as the
// block in which answers begin to be opened, are tried on the state of that block with the runtime
// call that builds blocks. That costs nothing and changes nothing; a wallet can do it before it
// sends a call.

import assert from 'node:assert/strict';
import { account, eventually, finalizedState, keyProof } from '../lib/chain.mjs';
import { checkPool } from './pool.mjs';
import { send, tryAt } from './refusals.mjs';
import { answerContext, sealOfLength, SOME_HASH } from './sealing.mjs';

const UNKNOWN = 1_000_000_000;
const UNIT = 1_000_000_000_000n;

/** Returns what calls were refused for. */
export async function breakRules(api, { plain, sealed }, say) {
  // New accounts each time, so that the check can be run again on the same chain.
  const [newcomer, poor] = ['newcomer', 'poor'].map((name) => account(`//Ferdie//${name}-${Date.now()}`));
  await send(api, account('//Ferdie//stash'), [
    [undefined, api.tx.balances.transferKeepAlive(newcomer.address, UNIT * 1_000n)],
    [undefined, api.tx.balances.transferKeepAlive(poor.address, UNIT)],
  ]);
  // Their money must not go with a block that is replaced.
  const isThere = async () => {
    const { data } = await (await finalizedState(api)).query.system.account(poor.address);
    return !data.free.isZero();
  };
  await eventually(isThere, 'the money of new accounts');
  const parameters = await api.query.proofOfQuality.currentParameters();
  const groups = await Promise.all([
    send(api, newcomer, callsOfNewcomer(api, newcomer, parameters)),
    send(api, account('//Alice'), callsOfEvaluator(api, parameters)),
    send(api, poor, [['FundsUnavailable', ask(api, 'More than I have?', UNIT * 2n)]]),
    tryAt(api, sealed, 'TaskSubmitted', callsWhileAnswering(api, sealed)),
    tryAt(api, sealed, 'AnswerRevealPhaseStarted', callsWhileRevealing(api, sealed)),
    tryAt(api, sealed, 'TaskSettled', callsAfterTheEnd(api, sealed)),
    tryAt(api, plain, 'TaskSubmitted', callsWhileAnsweringAlone(api, plain)),
    tryAt(api, plain, 'AnswerSubmitted', callsAfterTheAnswer(api, plain)),
  ]);
  await checkPool(api, newcomer, sealed.id, say);
  const refusals = groups.flat();
  say(`${refusals.length} calls in blocks broke ${new Set(refusals.map(({ name }) => name)).size} rules`);
  return refusals;
}

function ask(api, prompt, bounty, options) {
  return api.tx.proofOfQuality.submitTask(prompt, bounty, { responders: 1, model: null, ...options });
}

/**
 * What somebody can do wrong who has no part in the network yet, and then joins and leaves. In this
 * order.
 */
function callsOfNewcomer(api, who, { minBounty, maxBounty, inferenceBond, evaluatorBond }) {
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
    ['UnknownTask', pallet.commitAnswer(UNKNOWN, SOME_HASH, sealOfLength(20))],
    ['UnknownTask', pallet.revealAnswer(UNKNOWN, SOME_HASH)],
    ['NotJoined', pallet.addBond('Inference', 1)],
    ['NotJoined', pallet.withdrawBond('Inference')],
    ['NotJoined', pallet.changeKey(ownKey.publicKey, keyProof(api, ownKey, who))],
    ['BadKeyProof', pallet.joinEvaluators(ownKey.publicKey, keyProof(api, takenKey, who), evaluatorBond)],
    ['BondTooSmall', pallet.joinEvaluators(ownKey.publicKey, keyProof(api, ownKey, who), evaluatorBond.toBigInt() - 1n)],
    ['KeyTaken', pallet.joinEvaluators(takenKey.publicKey, keyProof(api, takenKey, who), evaluatorBond)],
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
    ['AlreadyJoined', joinEvaluators(key.publicKey, keyProof(api, key, account('//Alice')), parameters.evaluatorBond)],
    ['BadKeyProof', changeKey(key.publicKey, keyProof(api, key, account('//Bob')))],
    ['BadOrigin', setParameters(parameters)],
  ];
}

function callsWhileAnswering(api, { id, prompt }) {
  const { submitAnswer, commitAnswer, revealAnswer } = api.tx.proofOfQuality;
  const responder = '//Inference1';
  return [
    ['//Ferdie', 'OwnTask', submitAnswer(id, 'An answer.')],
    ['//Eve', 'NotDrawn', submitAnswer(id, 'An answer.')],
    [responder, 'MustCommitAnswer', submitAnswer(id, 'An answer.')],
    [responder, 'WrongContext', commitAnswer(id, SOME_HASH, sealOfLength(20))],
    [responder, 'EmptyAnswer', commitAnswer(id, answerContext(api, id, account(responder), prompt), sealOfLength(16))],
    [responder, 'AnswerRevealTooEarly', revealAnswer(id, SOME_HASH)],
  ];
}

function callsWhileRevealing(api, { id }) {
  const { submitAnswer, revealAnswer } = api.tx.proofOfQuality;
  return [
    ['//Inference1', 'AnswersClosed', submitAnswer(id, 'An answer.')],
    ['//Inference1', 'WrongKey', revealAnswer(id, SOME_HASH)],
    ['//Eve', 'NoCommittedAnswer', revealAnswer(id, SOME_HASH)],
  ];
}

function callsAfterTheEnd(api, { id }) {
  return [
    ['//Inference1', 'AnswersClosed', api.tx.proofOfQuality.submitAnswer(id, 'An answer.')],
    ['//Inference1', 'AnswerRevealTooLate', api.tx.proofOfQuality.revealAnswer(id, SOME_HASH)],
  ];
}

function callsWhileAnsweringAlone(api, { id, events }) {
  const [drawn] = events[0].data.responders;
  return [
    [secretOf(drawn), 'EmptyAnswer', api.tx.proofOfQuality.submitAnswer(id, '')],
    [secretOf(drawn), 'MustSubmitAnswer', api.tx.proofOfQuality.commitAnswer(id, SOME_HASH, sealOfLength(20))],
  ];
}

function callsAfterTheAnswer(api, { id, events }) {
  const author = secretOf(events.find(({ name }) => name === 'AnswerSubmitted').data.author);
  return [
    [author, 'AlreadyAnswered', api.tx.proofOfQuality.submitAnswer(id, 'Another answer.')],
    ['//Eve', 'AnswersFull', api.tx.proofOfQuality.submitAnswer(id, 'An answer.')],
  ];
}

/** The secret of an inference node of the test network. */
function secretOf(address) {
  const secrets = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `//Inference${number}`);
  return secrets.find((secret) => address.eq(account(secret).address)) ?? assert.fail(`who is ${address}?`);
}
