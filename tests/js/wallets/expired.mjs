// The end of a task that was not judged: events, storage, view functions, the script of
// docs/users.md and PAPI must tell the same, and the money must add up to the last unit.

import assert from 'node:assert/strict';
import { account } from '../lib/chain.mjs';
import { readOutcome } from './papi.mjs';
import { tokens } from '../lib/format.mjs';
import { follow, total } from './tasks.mjs';
import { view } from './view.mjs';

/**
 * `lines` is what the script printed, and `before` what the submitter had before. It asked nothing
 * else.
 */
export async function checkExpired({ api, url }, { id, submitter, reason, story, lines, before, bounty }, descriptors, say) {
  const { address } = account(submitter);
  const { stories: [events], fees } = await follow(api, 1, address, 1);
  const expected = ['TaskSubmitted', ...story, 'Refunded', 'TaskExpired'];
  const names = [...new Set(events.map(({ name }) => name))];
  assert.deepEqual(names.filter((name) => expected.includes(name)), expected, `the story of task ${id}`);

  const { hash, data } = events.at(-1);
  const at = await api.at(hash);
  const stored = at.query.proofOfQuality;
  const outcome = (await stored.outcomes(id)).unwrap();
  assert.equal((await stored.tasks(id)).unwrap().phase.asExpired.reason.type, reason);
  assert.equal(outcome.expired.unwrap().type, reason);
  assert.equal(outcome.toHex(), data.outcome.toHex(), 'event and storage must tell the same outcome');
  assert.equal((await view(at, 'outcome', id)).unwrap().toHex(), outcome.toHex());
  const answers = (await view(at, 'answers', id)).map(({ text }) => text.toUtf8());
  assert.equal(outcome.answers.length, answers.length);
  const judged = outcome.answers.filter(({ quality, paid }) => quality.isSome || !paid.isZero());
  assert.equal(judged.length, 0, 'no answer is judged or paid');

  const refunded = outcome.refunded.toBigInt();
  const paid = outcome.seats.reduce((sum, seat) => sum + seat.paid.toBigInt(), 0n);
  assert.equal(paid + refunded, bounty, 'the bounty is paid out or comes back');
  for (const { scores, paid } of outcome.seats) {
    assert.equal(!paid.isZero(), scores.length > 0, 'judges that opened are paid, and no others');
  }
  assert.equal(before - (await total(at, address)), paid + fees, 'the account paid something that no event explains');
  const { reserved } = (await at.query.system.account(address)).data;
  assert.equal(reserved.toBigInt(), 0n, 'nothing stays on hold after the end');

  assert.deepEqual(lines.slice(1), [`Not judged: ${reason}`, `${refunded} of the bounty of ${bounty} came back.`]);
  const typed = await readOutcome(url, descriptors, BigInt(id));
  assert.deepEqual([typed.expired.type, typed.refunded], [reason, refunded], 'PAPI reads the same outcome');
  say(`task ${id}: ${expected.join(', ')}`);
  for (const line of lines) say(`  ${line}`);
  for (const answer of answers) say(`  it can still be read: "${answer}"`);
  say(`  judges got ${tokens(paid)}; slashed: ${slashes(outcome)}`);
}

function slashes({ seats, unrevealed }) {
  const slashed = [...seats, ...unrevealed].filter(({ slashed }) => !slashed.isZero());
  return slashed.map(({ offence, slashed }) => `${tokens(slashed.toBigInt())} for ${offence}`).join(', ') || 'nobody';
}
