// What the checks that use polkadot.js share: the connection, accounts, finalized blocks, and
// refused calls.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { u8aConcat } from '@polkadot/util';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {import('@polkadot/api').ApiPromise} Api
 * @typedef {import('@polkadot/api/types').ApiDecoration<'promise'>} State
 * @typedef {import('@polkadot/api/types').SubmittableExtrinsic<'promise'>} Call
 * @typedef {import('@polkadot/keyring/types').KeyringPair} KeyPair
 * @typedef {import('@polkadot/types/interfaces').BlockHash} Hash
 * @typedef {import('@polkadot/types/interfaces').DispatchError} DispatchError
 * @typedef {import('@polkadot/types/interfaces').EventRecord} EventRecord
 * @typedef {import('@polkadot/types/interfaces').ExtrinsicStatus} Status
 * @typedef {{ name: string, sentence: string }} Refusal
 */

/** No task takes longer from its submission to its end in a finalized block, in milliseconds. */
const PATIENCE = 300_000;
/** A transaction with one of these statuses will be in no block. */
const LOST = ['Invalid', 'Dropped', 'Usurped', 'FinalityTimeout'];

/**
 * A connection to a node.
 *
 * @param {string} url
 * @returns {Promise<Api>}
 */
export function connect(url) {
  return ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
}

/**
 * A development account, such as //Ferdie.
 *
 * @param {string} secret
 * @param {'sr25519' | 'ed25519'} [type]
 * @returns {KeyPair}
 */
export function account(secret, type = 'sr25519') {
  return new Keyring({ type }).addFromUri(secret);
}

/**
 * The proof that an evaluator key wants to serve an account.
 *
 * @param {Api} api
 * @param {KeyPair} key
 * @param {KeyPair} who
 * @returns {Uint8Array}
 */
export function keyProof(api, key, who) {
  return key.sign(u8aConcat('poq/evaluator-key/1', api.genesisHash, who.publicKey));
}

/**
 * The chain at the last finalized block, as `api.at` gives it: nothing of it is replaced any more.
 *
 * @param {Api} api
 * @returns {Promise<State>}
 */
export async function finalizedState(api) {
  return api.at(await api.rpc.chain.getFinalizedHead());
}

/**
 * The number of the last finalized block.
 *
 * @param {Api} api
 * @returns {Promise<number>}
 */
export async function finalizedNumber(api) {
  return (await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead())).number.toNumber();
}

/**
 * The hashes of all finalized blocks from `number` on; a subscription leaves out blocks that are
 * finalized together.
 *
 * @param {Api} api
 * @param {number} number
 * @returns {AsyncGenerator<{ number: number, hash: Hash }>}
 */
export async function* finalizedBlocks(api, number) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const last = await finalizedNumber(api);
    for (; number <= last; number += 1) yield { number, hash: await api.rpc.chain.getBlockHash(number) };
    if (Date.now() > deadline) throw new Error(`what was waited for is not in a finalized block up to ${last}`);
    await sleep(500);
  }
}

/**
 * What a call was refused for: the error's name, and its sentence where the metadata has one.
 *
 * @param {Api} api
 * @param {DispatchError} error
 * @returns {Refusal}
 */
export function explain(api, error) {
  if (!error.isModule) return { name: error.isToken ? error.asToken.type : error.type, sentence: '' };
  const { name, docs } = api.registry.findMetaError(error.asModule);
  return { name, sentence: docs.join(' ') };
}

/**
 * The pallet's error with this number, which is all that the pool tells of it.
 *
 * @param {Api} api
 * @param {number} index
 * @returns {Refusal}
 */
export function explainIndex(api, index) {
  const errors = Object.values(api.errors.proofOfQuality).map(({ meta }) => meta);
  const meta = errors.find((meta) => meta.index.eq(index));
  if (!meta) throw new Error(`the pallet has no error ${index}`);
  return { name: meta.name.toString(), sentence: meta.docs.join(' ') };
}

/**
 * Submits a call and waits until a block includes it. Returns what it was refused for, `undefined`
 * if nothing.
 *
 * @param {Api} api
 * @param {Call} call
 * @param {KeyPair} signer
 * @param {number} nonce  -1 for the next one
 * @returns {Promise<Refusal | undefined>}
 */
export async function submit(api, call, signer, nonce) {
  // The latter is all that is told where finality comes before polkadot.js has read the block.
  const isIncluded = ({ isInBlock, isFinalized }) => isInBlock || isFinalized;
  const { refusal } = await submitUntil(api, call, signer, nonce, isIncluded);
  return refusal;
}

/**
 * Submits a call and waits until its status is enough. Returns its events, and what it was refused
 * for. A call through sudo succeeds even if the call that it carries fails, so the event of sudo
 * counts, too.
 *
 * @param {Api} api
 * @param {Call} call
 * @param {KeyPair} signer
 * @param {number} nonce  -1 for the next one
 * @param {(status: Status) => boolean} isEnough
 * @returns {Promise<{ refusal: Refusal | undefined, events: EventRecord[] }>}
 */
export function submitUntil(api, call, signer, nonce, isEnough) {
  return new Promise((resolve, reject) => {
    /** @param {import('@polkadot/types/types').ISubmittableResult} result */
    const hear = ({ status, events, dispatchError, internalError }) => {
      if (LOST.includes(status.type)) reject(new Error(`a transaction ended up ${status.type}`));
      if (!isEnough(status)) return;
      if (internalError) reject(internalError);
      const sudid = events.find(({ event }) => event.section === 'sudo' && event.method === 'Sudid')?.event.data.sudoResult;
      const error = dispatchError ?? (sudid?.isErr ? sudid.asErr : undefined);
      resolve({ refusal: error && explain(api, error), events });
    };
    call.signAndSend(signer, { nonce }, hear).catch(reject);
  });
}

/**
 * Waits until `look` finds what it looks for in the best block, and returns that.
 *
 * @template T
 * @param {() => Promise<T>} look
 * @param {string} what  for the error
 * @returns {Promise<T>}
 */
export async function eventually(look, what) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come about`);
    await sleep(200);
  }
}
