// Judging transactions, made by hand: they are general (version 5) transactions, which polkadot.js
// reads but cannot make.
//
// They pay no fee, so what breaks a rule is refused before it is in a block, and the code that the
// pool tells is the number of the error. What depends on a moment is asked of the runtime, as the
// pool asks it: the pool itself may still look at the block before.

import { compactAddLength, u8aConcat, u8aToHex } from '@polkadot/util';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainIndex } from '../lib/chain.mjs';

/**
 * Version, version of the extensions, then the extensions that are encoded: no era, nonce, tip or
 * metadata hash.
 */
const GENERAL = new Uint8Array([0b0100_0101, 0, 0, 0, 0, 0]);
/** `TransactionSource::External` */
const EXTERNAL = new Uint8Array([2]);

/** The transaction of a judging call, as a node takes it. */
export function judgingTransaction(call) {
  return compactAddLength(u8aConcat(GENERAL, call.method.toU8a()));
}

/** Sealed scores, signed by an evaluator's key; `signer` may be another one. */
export function commitScores(api, key, sentAfter, commits, signer = key) {
  return signedBatch(api, 'commitScores', 'poq/commit/1', { key, sentAfter, entries: commits, signer });
}

/** The keys of sealed scores, signed by an evaluator's key; `signer` may be another one. */
export function revealScores(api, key, sentAfter, reveals, signer = key) {
  return signedBatch(api, 'revealScores', 'poq/reveal/1', { key, sentAfter, entries: reveals, signer });
}

function signedBatch(api, call, label, { key, sentAfter, entries, signer }) {
  const make = (signature) => api.tx.proofOfQuality[call](key.publicKey, sentAfter, entries, signature);
  const [, , batch] = make(new Uint8Array(64)).method.args;
  const height = api.createType('u32', sentAfter).toU8a();
  return make(signer.sign(u8aConcat(label, api.genesisHash, key.publicKey, height, batch.toU8a())));
}

/**
 * Sends a call that breaks no rule, which `make` makes from a block to be sent after. The pool,
 * still at the block before, may refuse it, and the very same one from then on. So another one is
 * sent a moment later.
 */
export async function sendJudging(api, make) {
  for (let sentAfter = 0; ; sentAfter += 1) {
    try {
      // Past polkadot.js, which cannot read such a transaction from bytes.
      await api._rpcCore.provider.send('author_submitExtrinsic', [u8aToHex(judgingTransaction(make(sentAfter)))]);
      return;
    } catch (error) {
      if (sentAfter === 10 || !/Custom error/.test(error.message)) throw error;
    }
    await sleep(500);
  }
}

/** What the pool would be told of the call on the best block: the error, `undefined` if none. */
export async function refusalOfJudging(api, call) {
  const { hash } = await api.rpc.chain.getHeader();
  const question = u8aConcat(EXTERNAL, judgingTransaction(call), hash);
  const bytes = await api.rpc.state.call('TaggedTransactionQueue_validate_transaction', u8aToHex(question), hash);
  const validity = api.createType('TransactionValidity', bytes);
  if (validity.isOk) return undefined;
  const { asErr: error } = validity;
  assert.ok(error.isInvalid && error.asInvalid.isCustom, `${call.method.method} is refused without a code: ${error}`);
  return explainIndex(api, error.asInvalid.asCustom.toNumber());
}
