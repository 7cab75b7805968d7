// Reads this pallet's calls and state with the libraries that PAPI is made of, without generated types, as a script
// would. (The package `polkadot-api` itself brings a code generator that this check has no use for.)

import { getDynamicBuilder, getLookupFn } from '@polkadot-api/metadata-builders';
import { decAnyMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings';
import { createClient } from '@polkadot-api/substrate-client';
import { getExtrinsicDecoder } from '@polkadot-api/tx-utils';
import { getWsProvider } from '@polkadot-api/ws-provider';
import { WebSocket } from 'ws';

/** All calls to the pallet in these blocks, in the same plain values as from polkadot.js. */
export async function readWithPapi(url, blocks) {
  const client = createClient(getWsProvider(url, { websocketClass: WebSocket }));
  const metadata = bytes(await client.request('state_getMetadata', []));
  const decode = getExtrinsicDecoder(metadata);
  const calls = [];
  for (const hash of blocks) {
    const { block } = await client.request('chain_getBlock', [hash]);
    const extrinsics = block.extrinsics.map(decode);
    calls.push(...extrinsics.filter(({ call }) => call.type === 'ProofOfQuality').map(plain));
  }

  const builder = getDynamicBuilder(getLookupFn(unifyMetadata(decAnyMetadata(metadata))));
  const outcomes = builder.buildStorage('ProofOfQuality', 'Outcomes');
  const outcome = outcomes.value.dec(await client.request('state_getStorage', [outcomes.keys.enc(0n)]));
  client.destroy();
  return { calls, outcome: plainOutcome(outcome) };
}

function plain({ type, call }) {
  const { type: name, value } = call.value;
  return { name, general: type === 'general', args: plainArgs(name, value) };
}

function plainArgs(name, args) {
  switch (name) {
    case 'submit_task':
      return { prompt: text(args.prompt), bounty: args.bounty, responders: args.options.responders };
    case 'submit_answer':
      return { task: args.task, answer: text(args.answer) };
    case 'seal_answer':
      return { task: args.task, context: hex(args.context), ciphertext: hex(args.seal.ciphertext) };
    case 'open_answer':
      return { task: args.task, key: hex(args.key) };
    case 'commit_scores':
      return {
        evaluator: hex(args.evaluator),
        tasks: args.commits.map(({ task }) => task),
        ciphertexts: args.commits.map(({ seal }) => hex(seal.ciphertext)),
      };
    case 'reveal_scores':
      return {
        evaluator: hex(args.evaluator),
        tasks: args.reveals.map(({ task }) => task),
        keys: args.reveals.map(({ key }) => hex(key)),
      };
    default:
      return {};
  }
}

function plainOutcome({ answers, seats, refunded }) {
  return {
    answers: answers.map(({ quality, paid }) => ({ quality: quality ?? null, paid })),
    seats: seats.map(({ scores, paid }) => ({ scores, paid })),
    refunded,
  };
}

/** Byte strings come as a Uint8Array, as hex or in a Binary, depending on their length and the library's version. */
function bytes(value) {
  if (typeof value === 'string') return Buffer.from(value.replace(/^0x/, ''), 'hex');
  return Buffer.from(typeof value.asBytes === 'function' ? value.asBytes() : value);
}

function text(value) {
  return bytes(value).toString('utf8');
}

function hex(value) {
  return `0x${bytes(value).toString('hex')}`;
}
