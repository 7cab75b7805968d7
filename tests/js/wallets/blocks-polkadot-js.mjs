// Reads all calls to the pallet with @polkadot/api, as a wallet or an explorer would, in plain
// values.

import { finalizedNumber } from '../lib/chain.mjs';

/**
 * Blocks to look back from the finalized head: nodes keep the state, which polkadot.js asks for,
 * for 256 blocks.
 */
const LOOK_BACK = 200;

/** All calls to the pallet in finalized blocks, and the blocks that have them. */
export async function readBlocks(api) {
  const last = await finalizedNumber(api);
  const first = Math.max(1, last - LOOK_BACK);
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const read = async (number) => {
    const hash = await api.rpc.chain.getBlockHash(number);
    const { block } = await api.rpc.chain.getBlock(hash);
    const calls = block.extrinsics.filter(({ method }) => method.section === 'proofOfQuality').map(plain);
    return { hash: hash.toHex(), calls };
  };
  const found = (await Promise.all(numbers.map(read))).filter(({ calls }) => calls.length > 0);
  return { blocks: found.map(({ hash }) => hash), calls: found.flatMap(({ calls }) => calls) };
}

/** One extrinsic, in the names of the runtime and in plain values. */
function plain(extrinsic) {
  const { method, args, meta } = extrinsic.method;
  const name = snakeCase(method);
  const named = Object.fromEntries(meta.args.map((argument, index) => [argument.name.toString(), args[index]]));
  return { name, general: extrinsic.isGeneral(), args: plainArgs(name, named) };
}

function plainArgs(name, args) {
  switch (name) {
    case 'submit_task':
      return {
        prompt: args.prompt.toUtf8(),
        bounty: args.bounty.toBigInt(),
        responders: args.options.responders.toNumber(),
      };
    case 'submit_answer':
      return { task: args.task.toBigInt(), answer: args.answer.toUtf8() };
    case 'commit_answer':
      return { task: args.task.toBigInt(), context: args.context.toHex(), ciphertext: args.seal.ciphertext.toHex() };
    case 'reveal_answer':
      return { task: args.task.toBigInt(), key: args.key.toHex() };
    case 'commit_scores':
      return {
        evaluator: args.key.toHex(),
        tasks: args.commits.map(({ task }) => task.toBigInt()),
        ciphertexts: args.commits.map(({ seal }) => seal.ciphertext.toHex()),
      };
    case 'reveal_scores':
      return {
        evaluator: args.key.toHex(),
        tasks: args.reveals.map(({ task }) => task.toBigInt()),
        keys: args.reveals.map(({ key }) => key.toHex()),
      };
    default:
      return {};
  }
}

function snakeCase(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
