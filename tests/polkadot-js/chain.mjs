// What the parts that use polkadot.js share: the connection, accounts, finalized blocks, and refused calls.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import { setTimeout as sleep } from 'node:timers/promises';

/** No task of this check takes longer from its submission to its end in a finalized block. */
export const PATIENCE = 120_000;

export function connect(url) {
  return ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
}

/** A development account, such as //Ferdie. */
export function account(secret, type = 'sr25519') {
  return new Keyring({ type }).addFromUri(secret);
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

/** Submits a call and waits until a block includes it. Tells what it was refused for, `undefined` if nothing. */
export function submit(api, call, signer, nonce) {
  return new Promise((resolve, reject) => {
    const hear = ({ status, dispatchError }) => {
      if (status.isInBlock) resolve(dispatchError && explain(api, dispatchError));
    };
    call.signAndSend(signer, { nonce }, hear).catch(reject);
  });
}
