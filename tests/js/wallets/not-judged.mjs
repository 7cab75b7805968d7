// Tasks that are not judged, on a chain of their own: a development chain without a scorer and
// without inference nodes. The accounts of this check answer and judge there, and fail to, as the
// story wants it. So calls can be made at each wrong moment, and no other check has to live with
// other parameters.
//
// Three users ask with the first script of docs/users.md, and each sees another of the reasons why
// a task expires.

import { stringToU8a } from '@polkadot/util';
import { judgeBadly } from './bad-judging.mjs';
import { account, eventually, keyProof } from '../lib/chain.mjs';
import { startNode } from './node.mjs';
import { checkExpired } from './expired.mjs';
import { changed, setParameters } from '../lib/parameters.mjs';
import { badParameters } from './parameters.mjs';
import { send } from './refusals.mjs';
import { runFirstTask } from './scripts.mjs';
import { answerContext, emptySeal, seal } from './sealing.mjs';
import { total } from './tasks.mjs';

const BOUNTY = 1_000_000_000_000n;
const [ONE, OTHER] = ['//Inference1', '//Inference2'];
/** The key of all sealed answers. */
const KEY = new Uint8Array(32).fill(3);

/** Who asks, what then happens, in this order, and why the task expires. */
const UNOPENED = {
  submitter: '//Dave',
  reason: 'NoQuorum',
  story: ['AnswerSubmitted', 'CommitteeDrawn', 'ScoresCommitted', 'ScoreRevealPhaseStarted', 'ScoresRevealed', 'ScoresUnopenable'],
};
const EMPTY = { submitter: '//Eve', reason: 'NoAnswers', story: ['AnswerCommitted', 'AnswerRevealPhaseStarted', 'AnswerUnopenable'] };
const ALONE = { submitter: '//Eve//stash', reason: 'NoCommittee', story: ['AnswerCommitted', 'AnswerRevealPhaseStarted', 'AnswerRevealed'] };

/** Returns what calls were refused for. `descriptors` are PAPI's, which come in time. */
export async function failTasks(descriptors, say) {
  const node = await startNode(['--dev', '--listen-addr', '/ip4/127.0.0.1/tcp/0']);
  try {
    const { api } = node;
    const refusals = await prepare(api);
    say(`${refusals.length} calls were refused before there was a task, most for bad parameters`);
    const first = ask(node, UNOPENED);
    const judged = first.submitted.then((id) => judgeBadly(api, id));
    const answered = first.submitted.then(async () => {
      // One inference node answered alone; what two answer is sealed. And no committee has so many
      // seats from now on.
      await Promise.all([join(api, OTHER), set(api, { minCommittee: 4 })]);
      const [empty, alone] = [EMPTY, ALONE].map((task) => ask(node, task));
      const more = answerSealed(api, await empty.submitted, await alone.submitted);
      return { ends: [await empty.end, await alone.end], refusals: await more };
    });
    const [end, whileJudging, { ends, refusals: whileAnswering }] = await Promise.all([first.end, judged, answered]);
    for (const task of [end, ...ends]) await checkExpired(node, task, await descriptors, say);
    return [refusals, whileJudging, whileAnswering].flat();
  } finally {
    await node.stop();
  }
}

/** What can be refused without a task. Then two more judges and an inference node join. */
async function prepare(api) {
  const parameters = await api.query.proofOfQuality.currentParameters();
  const { submitTask, joinEvaluators } = api.tx.proofOfQuality;
  const joining = (secret) => {
    const key = account(secret, 'ed25519');
    return [[undefined, joinEvaluators(key.publicKey, keyProof(api, key, account(secret)), parameters.evaluatorBond)]];
  };
  const call = submitTask('Is anybody there?', BOUNTY, { responders: 1, model: null });
  const groups = await Promise.all([
    send(api, account('//Alice'), badParameters(api, parameters)),
    send(api, account('//Ferdie'), [['NoInferenceNodes', call]]),
    ...['//Bob', '//Charlie'].map((secret) => send(api, account(secret), joining(secret))),
  ]);
  // Nothing waits for long: neither for judges that stay away, nor for a bond. But this check,
  // which plays the others, has time.
  await Promise.all([join(api, ONE), set(api, { grace: 1, unbonding: 0, answerWindow: 120, commitWindow: 60 })]);
  return groups.flat();
}

async function set(api, values) {
  const parameters = await api.query.proofOfQuality.currentParameters();
  await send(api, account('//Alice'), [[undefined, setParameters(api, changed(parameters, values))]]);
}

async function join(api, secret) {
  const { inferenceBond } = await api.query.proofOfQuality.currentParameters();
  await send(api, account(secret), [[undefined, api.tx.proofOfQuality.joinInference(inferenceBond)]]);
}

/**
 * Asks with the script. Returns promises: of the task's number, and of all that is to be checked at
 * its end.
 */
function ask({ api, url }, task) {
  const { address } = account(task.submitter);
  const { tasks } = api.query.proofOfQuality;
  const before = total(api, address);
  const lines = before.then(() => runFirstTask(url, { POQ_SECRET: task.submitter }));
  const find = async () => (await tasks.entries()).find(([, task]) => task.unwrap().submitter.eq(address));
  const submitted = eventually(find, `a task by ${task.submitter}`).then(([{ args: [id] }]) => id.toNumber());
  const end = async () => ({ ...task, id: await submitted, before: await before, lines: await lines, bounty: BOUNTY });
  return { submitted, end: end() };
}

/**
 * Both inference nodes answer both tasks, with seals that hold nothing in the first. Returns what
 * was refused.
 */
async function answerSealed(api, empty, alone) {
  const { commitAnswer, revealAnswer } = api.tx.proofOfQuality;
  const { tasks, prompts } = api.query.proofOfQuality;
  const answer = async (secret, id, make) => {
    const context = answerContext(api, id, account(secret), (await prompts(id)).unwrap().toUtf8());
    return [undefined, commitAnswer(id, context, make(context))];
  };
  const answers = (secret) =>
    Promise.all([
      answer(secret, empty, (context) => emptySeal(context, KEY, 40)),
      answer(secret, alone, (context) => seal(context, KEY, stringToU8a(`It is oxygen, says ${secret}.`))),
    ]);
  await Promise.all([ONE, OTHER].map(async (secret) => send(api, account(secret), await answers(secret))));
  for (const id of [empty, alone]) {
    await eventually(async () => (await tasks(id)).unwrap().phase.isRevealingAnswers, `the opening of task ${id}`);
  }
  const opening = [empty, alone].map((id) => [undefined, revealAnswer(id, KEY)]);
  const refusals = await send(api, account(ONE), [...opening, ['AlreadyRevealed', revealAnswer(empty, KEY)]]);
  await send(api, account(OTHER), opening);
  return refusals;
}
