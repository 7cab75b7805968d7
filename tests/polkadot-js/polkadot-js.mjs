// Reads this pallet's calls and state with @polkadot/api, as a wallet would.

import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

/** Blocks to look back from the finalized head; a test network is younger. */
const LOOK_BACK = 2000;

/** Submits a task for one answer, and tells the names of its events up to its end, each once, in finalized blocks. */
export async function askWithPolkadotJs(url, secret, prompt) {
  const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
  const user = new Keyring({ type: 'sr25519' }).addFromUri(secret);
  const { minBounty } = await api.query.proofOfQuality.currentParameters();
  const call = api.tx.proofOfQuality.submitTask(prompt, minBounty.toBigInt() * 10n, { responders: 1, model: null });

  const ended = new Set(['TaskSettled', 'TaskExpired']);
  const seen = [];
  let task;
  await new Promise((resolve, reject) => {
    const follow = async (header) => {
      const events = await (await api.at(header.hash)).query.system.events();
      for (const { event } of events.filter(({ event }) => event.section === 'proofOfQuality')) {
        const of = event.data.task?.toBigInt();
        const ours = event.method === 'TaskSubmitted' && event.data.submitter.eq(user.address);
        if (ours) task = of;
        if (task === undefined || of !== task) continue;
        if (!seen.includes(event.method)) seen.push(event.method);
        if (ended.has(event.method)) resolve();
      }
    };
    api.rpc.chain.subscribeFinalizedHeads((header) => follow(header).catch(reject)).catch(reject);
    call.signAndSend(user, ({ dispatchError }) => dispatchError && reject(explain(api, dispatchError))).catch(reject);
  });
  await api.disconnect();
  return seen;
}

/** A refused call in the sentence of the metadata. */
function explain(api, error) {
  if (!error.isModule) return new Error(error.toString());
  const { section, name, docs } = api.registry.findMetaError(error.asModule);
  return new Error(`${section}.${name}: ${docs.join(' ')}`);
}

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
    case 'seal_answer':
      return { task: args.task.toBigInt(), context: args.context.toHex(), ciphertext: args.seal.ciphertext.toHex() };
    case 'open_answer':
      return { task: args.task.toBigInt(), key: args.key.toHex() };
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
