// Asks one question, waits until the answers are judged and paid, and prints the best one.
// Usage: node first-task.mjs [QUESTION]   POQ_NODE: URL of a node; POQ_SECRET: who pays, or //Eve
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

const question = process.argv[2] ?? 'Plants give off oxygen. Bees make honey.\n\nQuestion: What do plants give off?';
const provider = new WsProvider(process.env.POQ_NODE ?? 'ws://127.0.0.1:9944');
const api = await ApiPromise.create({ provider, noInitWarn: true });
const user = new Keyring({ type: 'sr25519' }).addFromUri(process.env.POQ_SECRET ?? '//Eve');
const bounty = 1_000_000_000_000n; // 1 POQ: the token has 12 decimals
const call = api.tx.proofOfQuality.submitTask(question, bounty, { responders: 3, model: null });

const task = await new Promise((resolve, reject) => {
  call.signAndSend(user, ({ status, events, dispatchError: error }) => {
    if (error) reject(new Error(error.isModule ? api.registry.findMetaError(error.asModule).docs.join(' ') : `${error}`));
    if (status.isFinalized) resolve(events.find(({ event }) => event.method === 'TaskSubmitted')?.event.data.task);
  }).catch(reject);
});
console.log(`Task ${task} is submitted. Now inference nodes answer it, and validators judge the answers.`);

const outcome = await new Promise((resolve, reject) => {
  const look = async ({ hash }) => (await api.at(hash)).query.proofOfQuality.outcomes(task);
  api.rpc.chain.subscribeFinalizedHeads((head) => look(head).then((o) => o.isSome && resolve(o.unwrap()), reject));
});
const answers = outcome.answers.map(({ quality }, index) => ({ index, quality: quality.unwrapOr(0) / 10_000 }));
const [best] = answers.sort((one, other) => other.quality - one.quality);
const text = best && (await api.query.proofOfQuality.answers(task, best.index)).unwrap().toUtf8();
console.log(outcome.expired.isNone ? `The best answer, ${best.quality} % quality: ${text}` : `Not judged: ${outcome.expired}`);
console.log(`${outcome.refunded} of the bounty of ${bounty} came back.`);
await api.disconnect();
