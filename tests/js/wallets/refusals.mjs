// Sends or tries calls that break rules, and compares what each was refused for with what it should
// be.

import assert from 'node:assert/strict';
import { account, explain, submit } from '../lib/chain.mjs';

/**
 * Sends all calls of one account at once: pairs of the error to be refused for, `undefined` for
 * none, and the call.
 */
export async function send(api, who, calls) {
  const nonce = (await api.rpc.system.accountNextIndex(who.address)).toNumber();
  const found = await Promise.all(calls.map(([, call], index) => submit(api, call, who, nonce + index)));
  return checked(calls, found);
}

/**
 * Tries each call, alone, on the state in which the task's event left the chain: who calls, the
 * error, and the call.
 */
export async function tryAt(api, { events }, name, calls) {
  const { hash } = events.find((event) => event.name === name);
  const at = await api.at(hash);
  const found = await Promise.all(calls.map(([secret, , call]) => attempt(api, at, account(secret), call)));
  return checked(calls.map(([, ...rest]) => rest), found);
}

/** What a call would be refused for on the state `at`, `undefined` if for nothing. */
export async function attempt(api, at, who, call) {
  const { nonce } = await at.query.system.account(who.address);
  const signed = await call.signAsync(who, { nonce, era: 0 });
  // As bytes: given the transaction itself, polkadot.js leaves out its length.
  const result = (await at.call.blockBuilder.applyExtrinsic(signed.toU8a())).asOk;
  return result.isErr ? explain(api, result.asErr) : undefined;
}

/** Compares refusals with what they should be, and returns them. */
export function checked(calls, found) {
  for (const [index, [expected, { method }]] of calls.entries()) {
    assert.equal(found[index]?.name, expected, `${method.method} should be refused for ${expected ?? 'nothing'}`);
  }
  return found.filter(Boolean);
}

/**
 * Each error of the pallet must have been met by a call: nobody should be the first to find out
 * what one looks like.
 */
export function demandEveryError(api, refusals, say) {
  const sentences = new Map(refusals.map(({ name, sentence }) => [name, sentence]));
  const errors = Object.values(api.errors.proofOfQuality).map(({ meta }) => meta);
  const never = errors.map(({ name }) => name.toString()).filter((name) => !sentences.has(name));
  assert.deepEqual(never, [], 'no call was refused for these errors of the pallet');
  for (const { name, docs } of errors) assert.equal(sentences.get(name.toString()), docs.join(' '));
  say(`${refusals.length} calls were refused for the right reasons, and met all ${errors.length} errors of the pallet:`);
  for (const [name, sentence] of [...sentences].sort()) say(`  ${name}: ${sentence || 'not of this pallet'}`);
}
