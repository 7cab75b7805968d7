// polkadot.js: calls that break a rule. Each must be refused for that rule, with the error's name and its sentence.
//
// Most are sent and paid for like any call. Those that break a rule of some moment, as of the one block in which answers
// are being opened, are tried on the state of that block with the runtime call that builds blocks: it costs nothing,
// changes nothing, and is what a wallet can do before it sends a call.

import { u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';
import { TypeRegistry } from '@polkadot/types';
import assert from 'node:assert/strict';
import { account, explain, submit } from './chain.mjs';

const UNKNOWN = 1_000_000_000;
const SOME_HASH = `0x${'07'.repeat(32)}`;
const SOME_SEAL = { commitment: SOME_HASH, nonce: `0x${'07'.repeat(12)}`, ciphertext: `0x${'07'.repeat(20)}` };

export async function breakRules(api, { plain, sealed }, say) {
  const refusals = [
    ...(await send(api, account('//Ferdie//stash'), callsOfNewcomer(api))),
    ...(await send(api, account('//Alice'), callsOfEvaluator(api))),
    ...(await sendFromPoorAccount(api)),
    ...(await tryAtMoments(api, plain, sealed)),
    await sendEmptyBatch(api),
  ];
  const sentences = new Map(refusals.map(({ name, sentence }) => [name, sentence]));
  for (const { expected, name, call } of refusals) assert.equal(name, expected, `${call} was refused for ${name}`);
  say(`${refusals.length} calls broke ${sentences.size} rules, and each was refused for the right one:`);
  for (const [name, sentence] of [...sentences].sort()) say(`  ${name}: ${sentence || '(not of this pallet)'}`);
}

/** What somebody can do wrong who has no part in the network yet, and then joins and leaves. */
function callsOfNewcomer(api) {
  const pallet = api.tx.proofOfQuality;
  const parameters = api.query.proofOfQuality.currentParameters;
  return async (who) => {
    const { minBounty, maxBounty, inferenceBond, evaluatorBond } = await parameters();
    const ask = (prompt, bounty, options) => pallet.submitTask(prompt, bounty, { responders: 1, model: null, ...options });
    const maxResponders = api.consts.proofOfQuality.maxResponders.toNumber();
    const ownKey = account('//Ferdie//stash', 'ed25519');
    const takenKey = account('//Alice', 'ed25519');
    return [
      ['EmptyPrompt', ask('', minBounty)],
      ['BountyTooSmall', ask('?', minBounty.subn(1))],
      ['BountyTooLarge', ask('?', maxBounty.addn(1))],
      ['BadResponderCount', ask('?', minBounty, { responders: 0 })],
      ['BadResponderCount', ask('?', minBounty, { responders: maxResponders + 1 })],
      ['UnknownModel', ask('?', minBounty, { model: SOME_HASH })],
      ['UnknownTask', pallet.submitAnswer(UNKNOWN, 'An answer.')],
      ['UnknownTask', pallet.sealAnswer(UNKNOWN, SOME_HASH, SOME_SEAL)],
      ['UnknownTask', pallet.openAnswer(UNKNOWN, SOME_HASH)],
      ['BadOrigin', pallet.setParameters(await parameters())],
      ['NotJoined', pallet.addBond('Inference', 1)],
      ['NotJoined', pallet.withdrawBond('Inference')],
      ['NotJoined', pallet.changeKey(ownKey.publicKey, proof(api, ownKey, who))],
      ['BadKeyProof', pallet.joinEvaluators(ownKey.publicKey, proof(api, takenKey, who), evaluatorBond)],
      ['BondTooSmall', pallet.joinEvaluators(ownKey.publicKey, proof(api, ownKey, who), evaluatorBond.subn(1))],
      ['KeyTaken', pallet.joinEvaluators(takenKey.publicKey, proof(api, takenKey, who), evaluatorBond)],
      ['BondTooSmall', pallet.joinInference(inferenceBond.subn(1))],
      [undefined, pallet.joinInference(inferenceBond)],
      ['AlreadyJoined', pallet.joinInference(inferenceBond)],
      ['NotChilled', pallet.activate('Inference')],
      ['NotLeaving', pallet.withdrawBond('Inference')],
      [undefined, pallet.leave('Inference')],
      ['AlreadyLeaving', pallet.leave('Inference')],
      ['StillUnbonding', pallet.withdrawBond('Inference')],
    ];
  };
}
