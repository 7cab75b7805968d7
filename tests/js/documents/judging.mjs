// Whether one evaluator does its duty: tasks are submitted, also on both sides of a change of the
// chain's model, and all that the chain tells of its seats in them is followed in finalized blocks.

import assert from 'node:assert/strict';
import { account, finalizedBlocks, finalizedNumber, submitUntil } from '../lib/chain.mjs';
import { changed, setParameters } from '../lib/parameters.mjs';

const PROMPT = 'Bees make honey from nectar.\n\nQuestion: What do bees make?';
const ENDS = ['TaskSettled', 'TaskExpired'];
/** Asks, and sets the parameters; who asks is in no committee. */
const ASKER = '//Alice';
/**
 * Who misses a seat meanwhile, as it is down or has the old model only, shall lose neither its bond
 * nor its place. And a machine that does other things, too, has time.
 */
const LENIENT = { 'rules.offence.absent': 1, 'rules.offence.chilledAt': 200, grace: 10, commitWindow: 45 };
/** Everybody has a seat, and those that are up are enough. */
const ALL = { committeeSize: 16, quorum: 500_001, ...LENIENT };
/** A model that a single evaluator has is enough. */
const ALONE = { committeeSize: 1, ...LENIENT };
/** Of so many committees of one, it is hardly in none; then there are more. */
const [MANY, ROUNDS] = [12, 3];

export class Judging {
  #api;
  #evaluator;
  #before;

  /** `evaluator` is an address. */
  constructor(api, evaluator) {
    this.#api = api;
    this.#evaluator = evaluator;
  }

  /** One task, which the evaluator must judge. */
  async once() {
    const before = await this.#remember();
    const { ids, stories } = await this.#ask([this.#set(before, ALL), this.#task(null)]);
    this.#mustBeJudged(stories, ids);
  }

  /**
   * Tasks, a change of the chain's model while they are under way, and more tasks. The evaluator
   * must judge all those of the old model, and each of the new one for which it is drawn. Tells how
   * many of each it judged.
   */
  async acrossChange(model) {
    const before = await this.#remember();
    const tasks = (wanted, count) => Array.from({ length: count }, () => this.#task(wanted));
    const old = before.model.toHex();
    const first = await this.#ask([this.#set(before, ALL), ...tasks(old, 3), this.#set(before, { model, ...ALONE }), ...tasks(model, MANY)]);
    const { stories } = first;
    const [olds, news] = [first.ids.slice(0, 3), first.ids.slice(3)];
    this.#mustBeJudged(stories, olds);
    for (let round = 1; this.#drawn(stories, news).length === 0 && round < ROUNDS; round += 1) {
      const more = await this.#ask(tasks(model, MANY));
      news.push(...more.ids);
      more.stories.forEach((story, id) => stories.set(id, story));
    }
    const judged = this.#drawn(stories, news);
    assert.ok(judged.length > 0, `none of ${news.length} tasks of the new model drew ${this.#evaluator}`);
    this.#mustBeJudged(stories, judged);
    for (const id of [...olds, ...judged]) {
      const { parameters } = (await this.#api.query.proofOfQuality.tasks(id)).unwrap();
      assert.equal(parameters.model.toHex(), olds.includes(id) ? old : model, `the model of task ${id}`);
    }
    return { olds: olds.length, news: judged.length };
  }

  /** Sets the parameters as they were before all this. */
  async changeBack() {
    await this.#send([this.#set(await this.#remember(), {})]);
  }

  async #remember() {
    this.#before ??= await this.#api.query.proofOfQuality.currentParameters();
    return this.#before;
  }

  #set(before, values) {
    return setParameters(this.#api, changed(before, values));
  }

  #task(model) {
    return this.#api.tx.proofOfQuality.submitTask(PROMPT, 10n ** 12n, { responders: 1, model });
  }

  /**
   * Sends these calls and follows the tasks that they submit: their numbers, and what comes of
   * each.
   */
  async #ask(calls) {
    const from = await finalizedNumber(this.#api);
    const ids = await this.#send(calls);
    return { ids, stories: await this.#follow(from, ids) };
  }

  /**
   * Sends calls, all from one account, and so in their order; tells the numbers of their tasks,
   * once these are finalized.
   */
  async #send(calls) {
    const submitter = account(ASKER);
    const nonce = (await this.#api.rpc.system.accountNextIndex(submitter.address)).toNumber();
    const ids = calls.map(async (call, index) => {
      const { refusal, events } = await submitUntil(this.#api, call, submitter, nonce + index, ({ isFinalized }) => isFinalized);
      if (refusal) throw new Error(`${call.method.section}.${call.method.method} is refused: ${refusal.name}`);
      return events.find(({ event }) => event.method === 'TaskSubmitted')?.event.data.task.toNumber();
    });
    return (await Promise.all(ids)).filter((id) => id !== undefined);
  }

  /**
   * What comes of tasks, from the finalized block `from` on, until each in which the evaluator has
   * a seat has ended.
   */
  async #follow(from, ids) {
    const stories = new Map(ids.map((id) => [id, {}]));
    const isDone = ({ committee, ended }) => ended || (committee && !committee.includes(this.#evaluator));
    for await (const { hash } of finalizedBlocks(this.#api, from)) {
      for (const { event: { section, method, data } } of await (await this.#api.at(hash)).query.system.events()) {
        const story = section === 'proofOfQuality' && data.task ? stories.get(data.task.toNumber()) : undefined;
        if (story === undefined) continue;
        const isOwn = data.evaluator?.toString() === this.#evaluator;
        if (method === 'CommitteeDrawn') story.committee = data.committee.map(String);
        if (method === 'ScoresCommitted' && isOwn) story.committed = true;
        if (method === 'ScoresRevealed' && isOwn) story.revealed = true;
        if (ENDS.includes(method)) Object.assign(story, { ended: method, outcome: data.outcome });
      }
      if ([...stories.values()].every(isDone)) break;
    }
    return stories;
  }

  #drawn(stories, ids) {
    return ids.filter((id) => stories.get(id).committee?.includes(this.#evaluator));
  }

  #mustBeJudged(stories, ids) {
    for (const id of ids) {
      const { committee, committed, revealed, ended, outcome } = stories.get(id);
      assert.ok(committee?.includes(this.#evaluator), `task ${id} ended (${ended}) without a seat for ${this.#evaluator}`);
      assert.ok(committed && revealed, `in task ${id} the evaluator ${committed ? 'did not open what it had sealed' : 'sealed nothing'}`);
      const { offence } = outcome.seats.find((seat) => seat.account.toString() === this.#evaluator);
      assert.ok(offence.isNone, `in task ${id} the evaluator's seat is ${offence}`);
      assert.equal(ended, 'TaskSettled', `the end of task ${id}`);
    }
  }
}
