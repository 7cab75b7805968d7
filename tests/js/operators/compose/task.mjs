// A user of the network asks a question, as a wallet does: the nodes find each other, the inference
// nodes answer, the judges judge, and the honest one is paid.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { account, connect, finalizedBlocks, finalizedNumber, finalizedState, submit } from '../../lib/chain.mjs';
import { tokens } from '../../lib/format.mjs';
import { commandOf } from '../compose.mjs';
import { nodesOf, RPC } from './reach.mjs';

/** A development account with money. */
const USER = '//Eve';
const QUESTION = 'Plants give off oxygen. Bees make honey.\n\nQuestion: What do plants give off?';
const ANSWER = /oxygen/;
const BOUNTY = 10n ** 12n;

/** Who answers: the services that run `poq answer`, each with its backend and its account. */
async function inference({ project, containers, places }) {
  const found = [];
  for (const name of containers.names) {
    const line = commandOf(project.services[name]).join(' ');
    const [, backend, key] = line.match(/^poq .*\banswer .*--backend=(\S+).* --key-file=(\S+)/) ?? [];
    if (backend) found.push({ name, backend, address: account((await readFile(places.path(name, key), 'utf8')).trim()).address });
  }
  return found;
}

/**
 * Asks once the inference nodes are there, and follows the task until it is settled in a finalized
 * block.
 */
export async function ask(network) {
  const { containers, places } = network;
  const { nodes, open: [node] } = nodesOf(network);
  const api = await connect(`ws://${places.address(node, RPC)}`);
  try {
    const peers = async () => (await api.rpc.system.health()).peers.toNumber();
    await containers.of(node).until(async () => (await peers()) >= nodes.length - 1, `has not met the other ${nodes.length - 1} nodes`);
    const responders = await inference(network);
    for (const { name } of responders) await containers.of(name).until(() => / answering on /.test(containers.of(name).log), 'does not answer');
    // The first blocks of a chain are often replaced, and who joined in one of them is not there
    // again at once.
    const joined = async () => (await (await finalizedState(api)).query.proofOfQuality.rosterSize('Inference')).toNumber();
    await containers.of(node).until(async () => (await joined()) >= responders.length, `has not finalized the joining of ${responders.length} inference nodes`);

    const from = (await finalizedNumber(api)) + 1;
    const call = api.tx.proofOfQuality.submitTask(QUESTION, BOUNTY, { responders: responders.length, model: null });
    const refusal = await submit(api, call, account(USER), -1);
    assert.equal(refusal, undefined, `the task was refused: ${refusal?.name}`);
    const { outcome, payments, texts } = await settled(api, from, containers);
    for (const { name, backend, address } of responders) {
      const index = outcome.answers.findIndex(({ author }) => author.eq(address));
      assert.ok(index >= 0, `${name} gave no answer`);
      const paid = payments.get(address) ?? 0n;
      assert.equal(paid, outcome.answers[index].paid.toBigInt(), `what ${name} is paid`);
      if (backend === 'echo') assert.equal(paid, 0n, `${name}, which only repeats the question, is paid`);
      else assert.ok(paid > 0n && ANSWER.test(texts[index]), `${name} is paid ${paid} for "${texts[index]}"`);
    }
    return responders.map(({ name, address }) => `${name} is paid ${tokens(payments.get(address) ?? 0n)}`).join(', ');
  } finally {
    await api.disconnect();
  }
}

/** What the first task ends with: its outcome, what each account was paid, and the answers. */
async function settled(api, from, containers) {
  const payments = new Map();
  for await (const { hash } of finalizedBlocks(api, from)) {
    containers.check();
    const at = await api.at(hash);
    for (const { event: { section, method, data } } of await at.query.system.events()) {
      if (section !== 'proofOfQuality') continue;
      assert.notEqual(method, 'TaskExpired', 'the task expired');
      if (method === 'Paid') payments.set(data.who.toString(), data.amount.toBigInt());
      if (method !== 'TaskSettled') continue;
      const texts = await Promise.all(data.outcome.answers.map((_, index) => at.query.proofOfQuality.answers(data.task, index)));
      return { outcome: data.outcome, payments, texts: texts.map((text) => text.unwrap().toUtf8()) };
    }
  }
}
