// Reads this pallet's calls and state with @polkadot/api, as a wallet would.

import { ApiPromise, WsProvider } from '@polkadot/api';

/** Blocks to look back from the finalized head; a test network is younger. */
const LOOK_BACK = 2000;

/** All calls to the pallet in finalized blocks, in plain values, and what they are compared with. */
export async function readWithPolkadotJs(url) {
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  const pallet = api.query.proofOfQuality;

  const head = await api.rpc.chain.getFinalizedHead();
  const last = (await api.rpc.chain.getHeader(head)).number.toNumber();
  const blocks = [];
  const calls = [];
  for (let number = Math.max(1, last - LOOK_BACK); number <= last; number += 1) {
    const hash = await api.rpc.chain.getBlockHash(number);
    const { block } = await api.rpc.chain.getBlock(hash);
    const found = block.extrinsics.filter(({ method }) => method.section === 'proofOfQuality').map(plain);
    if (found.length > 0) {
      blocks.push(hash.toHex());
      calls.push(...found);
    }
  }

  const prompts = (await pallet.prompts.entries()).map(([, prompt]) => prompt.unwrap().toUtf8());
  const evaluatorKeys = (await pallet.evaluatorKeys.entries()).map(([, key]) => key.unwrap().toHex());
  const taskCount = (await pallet.taskCount()).toBigInt();
  const outcome = plainOutcome((await pallet.outcomes(0)).unwrap());
  await api.disconnect();
  return { blocks, calls, prompts, evaluatorKeys, taskCount, outcome };
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
      return { prompt: args.prompt.toUtf8(), bounty: args.bounty.toBigInt(), responders: args.options.responders.toNumber() };
    case 'submit_answer':
      return { task: args.task.toBigInt(), answer: args.answer.toUtf8() };
    case 'commit_scores':
      return {
        evaluator: args.evaluator.toHex(),
        tasks: args.commits.map(({ task }) => task.toBigInt()),
        ciphertexts: args.commits.map(({ seal }) => seal.ciphertext.toHex()),
      };
    case 'reveal_scores':
      return {
        evaluator: args.evaluator.toHex(),
        tasks: args.reveals.map(({ task }) => task.toBigInt()),
        keys: args.reveals.map(({ key }) => key.toHex()),
      };
    default:
      return {};
  }
}

function plainOutcome(outcome) {
  return {
    answers: outcome.answers.map(({ quality, paid }) => ({
      quality: quality.isSome ? quality.unwrap().toNumber() : null,
      paid: paid.toBigInt(),
    })),
    seats: outcome.seats.map(({ scores, paid }) => ({
      scores: scores.map((score) => score.toNumber()),
      paid: paid.toBigInt(),
    })),
    refunded: outcome.refunded.toBigInt(),
  };
}

function snakeCase(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
