// PAPI with generated types: a task from prompt to payout, read from storage and from view
// functions, and a refused call. The check compiles this file against the generated types, too: a
// name or a type that the chain does not have is an error.
// @ts-check

import { Binary, createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { account } from '../lib/chain.mjs';
import { percent, shorten, tokens } from '../lib/format.mjs';

/**
 * @typedef {typeof import('./.papi/descriptors/dist/index.js').poq} Chain
 * @typedef {import('polkadot-api').TypedApi<Chain>} Api
 * @typedef {Awaited<ReturnType<Api['view']['ProofOfQuality']['outcome']>>} Outcome
 */

const PROMPT = 'The river Ōi — 大井川 — is in Japan.\n\nQuestion: Where is the river Ōi?';

/** A client for a node. Node.js before version 22 has no WebSocket of its own. */
export function connectPapi(url) {
  return createClient(getWsProvider(url, { websocketClass: WebSocket }));
}

/** @param {Chain} poq */
export async function askWithPapi(url, poq, say) {
  const client = connectPapi(url);
  const api = client.getTypedApi(poq);
  const { query, view } = api;
  const pair = account('//Eve//stash');
  const user = getPolkadotSigner(pair.publicKey, 'Sr25519', (bytes) => pair.sign(bytes));
  const { min_bounty: least } = await query.ProofOfQuality.CurrentParameters.getValue();
  const bounty = least * 100n;
  const ask = (prompt) => {
    const options = { responders: 2, model: undefined };
    return api.tx.ProofOfQuality.submit_task({ prompt: Binary.fromText(prompt), bounty, options });
  };

  const end = watchEnds(api);
  const { events } = await ask(PROMPT).signAndSubmit(user);
  const [{ payload: { task, submitter } }] = api.event.ProofOfQuality.TaskSubmitted.filter(events);
  assert.equal(submitter, pair.address);
  const [{ number, outcome }, { dispatchError }] = await Promise.all([end(task), ask('').signAndSubmit(user)]);
  assert.deepEqual(dispatchError?.value, { type: 'ProofOfQuality', value: { type: 'EmptyPrompt', value: undefined } });
  say('an empty prompt was refused with ProofOfQuality.EmptyPrompt');

  say(`task ${task} ended in block ${number}:`);
  const answers = await view.ProofOfQuality.answers(task);
  const prompts = [await query.ProofOfQuality.Prompts.getValue(task), await view.ProofOfQuality.prompt(task)];
  for (const prompt of prompts) assert.equal(Binary.toText(prompt), PROMPT, 'the prompt must arrive as it was typed');
  const outcomes = [await query.ProofOfQuality.Outcomes.getValue(task), await view.ProofOfQuality.outcome(task)];
  for (const told of outcomes) assert.deepEqual(told, outcome, 'events, storage and view functions tell the same outcome');
  assert.equal((await view.ProofOfQuality.task(task)).phase.type, 'Settled');
  for (const [index, { text }] of answers.entries()) {
    assert.deepEqual(await query.ProofOfQuality.Answers.getValue(task, index), text);
    const { quality, paid } = outcome.answers[index];
    say(`  answer ${index}: "${shorten(Binary.toText(text), 60)}", quality ${percent(quality)}, paid ${tokens(paid)}`);
  }
  const paid = [...outcome.answers, ...outcome.seats].reduce((sum, { paid }) => sum + paid, 0n);
  assert.equal(paid + outcome.refunded, bounty, 'the bounty is paid out or comes back');
  say(`  of the bounty of ${tokens(bounty)}, ${tokens(outcome.refunded)} came back`);
  client.destroy();
}

/**
 * How a task ended.
 *
 * @param {Chain} poq
 * @param {bigint} task
 */
export async function readOutcome(url, poq, task) {
  const client = connectPapi(url);
  const outcome = await client.getTypedApi(poq).view.ProofOfQuality.outcome(task);
  client.destroy();
  return outcome;
}

/**
 * Listens to the ends of tasks from now on. Returns a function that waits for the end of one.
 *
 * @param {Api} api
 */
function watchEnds({ event }) {
  /** @typedef {{ number: number, outcome: Outcome }} End */
  /** @type {Map<bigint, End>} */
  const ends = new Map();
  /** @type {Map<bigint, (end: End) => void>} */
  const waiting = new Map();
  for (const kind of [event.ProofOfQuality.TaskSettled, event.ProofOfQuality.TaskExpired]) {
    kind.watch().subscribe(({ block: { number }, events }) => {
      for (const { payload: { task, outcome } } of events) {
        ends.set(task, { number, outcome });
        waiting.get(task)?.({ number, outcome });
      }
    });
  }
  /** @type {(task: bigint) => Promise<End>} */
  const end = (task) => new Promise((resolve) => (ends.has(task) ? resolve(ends.get(task)) : waiting.set(task, resolve)));
  return end;
}
