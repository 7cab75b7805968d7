// Reads the pallet's calls in given blocks with PAPI's decoder, in the same plain values as from
// polkadot.js.

import { getExtrinsicDecoder } from '@polkadot-api/tx-utils';
import { Binary } from 'polkadot-api';
import { connectPapi } from './papi.mjs';

export async function readBlocksWithPapi(url, blocks) {
  const client = connectPapi(url);
  const { hash } = await client.getFinalizedBlock();
  const decode = getExtrinsicDecoder(await client.getMetadata(hash));
  const calls = [];
  for (const hash of blocks) {
    const { block } = await client._request('chain_getBlock', [hash]);
    const extrinsics = block.extrinsics.map(decode);
    calls.push(...extrinsics.filter(({ call }) => call.type === 'ProofOfQuality').map(plain));
  }
  client.destroy();
  return calls;
}

function plain({ type, call }) {
  const { type: name, value } = call.value;
  return { name, general: type === 'general', args: plainArgs(name, value) };
}

function plainArgs(name, args) {
  switch (name) {
    case 'submit_task':
      return { prompt: Binary.toText(args.prompt), bounty: args.bounty, responders: args.options.responders };
    case 'submit_answer':
      return { task: args.task, answer: Binary.toText(args.answer) };
    case 'commit_answer':
      return { task: args.task, context: args.context, ciphertext: Binary.toHex(args.seal.ciphertext) };
    case 'reveal_answer':
      return { task: args.task, key: args.key };
    case 'commit_scores':
      return {
        evaluator: args.key,
        tasks: args.commits.map(({ task }) => task),
        ciphertexts: args.commits.map(({ seal }) => Binary.toHex(seal.ciphertext)),
      };
    case 'reveal_scores':
      return {
        evaluator: args.key,
        tasks: args.reveals.map(({ task }) => task),
        keys: args.reveals.map(({ key }) => key),
      };
    default:
      return {};
  }
}
