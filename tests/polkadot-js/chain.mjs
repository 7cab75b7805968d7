// What the parts that use polkadot.js share: the connection, accounts, finalized blocks, and refused calls.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { u8aConcat } from '@polkadot/util';
import { setTimeout as sleep } from 'node:timers/promises';

/** No task of this check takes longer from its submission to its end in a finalized block. */
export const PATIENCE = 300_000;

export function connect(url) {
  return ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
}

/** A development account, such as //Ferdie. */
export function account(secret, type = 'sr25519') {
  return new Keyring({ type }).addFromUri(secret);
}

/** The proof that an evaluator key wants to serve an account. */
export function keyProof(api, key, who) {
  return key.sign(u8aConcat('poq/evaluator-key/1', api.genesisHash, who.publicKey));
}

/** The chain at the last finalized block, as `api.at` gives it: nothing of it is replaced any more. */
export async function finalizedState(api) {
  return api.at(await api.rpc.chain.getFinalizedHead());
}

export async function finalizedNumber(api) {
  return (await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead())).number.toNumber();
}

/** The hashes of all finalized blocks from `number` on; a subscription leaves out blocks that are finalized together. */
export async function* finalizedBlocks(api, number) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const last = await finalizedNumber(api);
    for (; number <= last; number += 1) yield { number, hash: await api.rpc.chain.getBlockHash(number) };
    if (Date.now() > deadline) throw new Error(`what was waited for is not in a finalized block up to ${last}`);
    await sleep(500);
  }
}

/** What a call was refused for: the error's name, and its sentence where the metadata has one. */
export function explain(api, error) {
  if (!error.isModule) return { name: error.isToken ? error.asToken.type : error.type, sentence: '' };
  const { name, docs } = api.registry.findMetaError(error.asModule);
  return { name, sentence: docs.join(' ') };
}

/** The pallet's error with this number, which is all that the pool tells of it. */
export function explainIndex(api, index) {
  const errors = Object.values(api.errors.proofOfQuality).map(({ meta }) => meta);
  const meta = errors.find((meta) => meta.index.eq(index));
  if (!meta) throw new Error(`the pallet has no error ${index}`);
  return { name: meta.name.toString(), sentence: meta.docs.join(' ') };
}

/**
 * Submits a call and waits until a block includes it. Tells what it was refused for, `undefined` if nothing. A call through
 * sudo goes well even if what it carries does not: that is in its event.
 */
export function submit(api, call, signer, nonce) {
  return new Promise((resolve, reject) => {
    const hear = ({ status, events, dispatchError, internalError }) => {
      if (isLost(status)) reject(new Error(`a transaction ended up ${status.type}`));
      // Only the latter is told where finality comes before polkadot.js has read the block.
      if (!status.isInBlock && !status.isFinalized) return;
      if (internalError) reject(internalError);
      const sudid = events.find(({ event }) => event.section === 'sudo' && event.method === 'Sudid')?.event.data.sudoResult;
      const error = dispatchError ?? (sudid?.isErr ? sudid.asErr : undefined);
      resolve(error && explain(api, error));
    };
    call.signAndSend(signer, { nonce }, hear).catch(reject);
  });
}

/** Whether a transaction with this status will be in no block. */
export function isLost(status) {
  return ['Invalid', 'Dropped', 'Usurped', 'FinalityTimeout'].includes(status.type);
}

/** Waits until `look` finds what it looks for in the best block. */
export async function eventually(look, what) {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come about`);
    await sleep(200);
  }
}
