// Runs the commands of docs/operations.md as an operator would, one after the other in one shell,
// on a machine that is only a folder. The node that is installed there joins a running network and
// judges in it, also around a change of its model. Then no secret may lie open, and what the node
// must read may not be closed.

import assert from 'node:assert/strict';
import { account, connect, submit } from '../lib/chain.mjs';
import { Judging } from './judging.mjs';
import { Machine } from './machine.mjs';
import { shape, wait } from '../lib/processes.mjs';

/** In this order; what is without a mark of when comes first. */
const WHEN = ['', 'after-funding', 'after-joining', 'after-chilling', 'scorer-apart', 'before-the-change', 'after-the-change', 'leaving', 'after-unbonding'];
/**
 * The moment for these does not come here: the chain must refuse them, and say why as the document
 * does.
 */
const REFUSED = { 'after-chilling': 'NotChilled', 'after-unbonding': 'StillUnbonding' };
/**
 * What the backup has, what only its owner may read, and what the node, which runs as another user,
 * must be able to.
 */
const SAVED = ['var/lib/proof-of-quality/chains/*/keystore', 'etc/proof-of-quality/node-key'];
const SECRET = [...SAVED, 'etc/proof-of-quality/scorer-token', 'root/poq-keys'];
const READ_BY_THE_NODE = ['usr/local/share/proof-of-quality', 'etc/proof-of-quality/chain.json'];
/** Methods with which others could take the node's keys or send it to their scorer. */
const UNSAFE = [
  ['author_rotateKeysWithOwner', [`0x${'00'.repeat(32)}`]],
  ['author_insertKey', ['poqe', '//Mallory', `0x${'00'.repeat(32)}`]],
  ['offchain_localStorageSet', ['PERSISTENT', '0x00', '0x00']],
];

export async function run({ blocks, shown, root, binaries, node }) {
  const machine = await Machine.make(root, binaries, node);
  const api = await connect(node);
  let [judging, model, sessionKeys, seats, saved] = [];
  const mustLog = (part, from = 0) => {
    const log = machine.log().slice(from);
    for (const line of machine.stand(shown(part).script).trim().split('\n')) assert.match(log, shape(line), `the log has no line as "${line}"`);
  };
  /** Whether the node runs the wanted model, once it knows. */
  const matches = async () => {
    let shown = [];
    await wait(async () => (shown = await machine.metric('poq_model_matches')).length > 0, () => 'the node does not show poq_model_matches');
    return shown.map(([, value]) => value);
  };
  let logged = 0;

  /** What happens before a block, by a part of it. */
  const before = [
    ['tar --extract', () => {
      saved = SAVED.flatMap((path) => machine.paths(path)).sort();
      SAVED.map((path) => machine.paths(path)[0]).forEach((path) => machine.lose(path));
    }],
  ];
  /** What must be seen after a block, and what happens then: by a part of the block. */
  const after = [
    ['poq status --node', async (stdout) => {
      const digest = (await api.query.proofOfQuality.currentParameters()).model.toHex();
      assert.equal(stdout.split(digest.slice(2)).length, 3, `inspect and status do not both tell the digest ${digest}`);
    }],
    ['ACCOUNT=', (stdout) => assert.match(stdout, /"?key"?: *"0x[0-9a-f]{64}"/, 'evaluator-key prints no key')],
    ['systemctl enable --now poq-node', async () => {
      mustLog('Judging with');
      for (const [method, params] of UNSAFE) {
        const { error } = await machine.rpc(method, params);
        assert.match(`${error?.message}`, /unsafe/, `the node serves ${method}: ${JSON.stringify(error)}`);
      }
    }],
    ['tar --list', (stdout) => {
      for (const part of ['etc/proof-of-quality/node-key', '/706f7165', '/62616265', '/6772616e']) assert.ok(stdout.includes(part), `${part} is not in the backup`);
    }],
    ['tar --extract', () => assert.deepEqual(SAVED.flatMap((path) => machine.paths(path)).sort(), saved, 'what was restored')],
    ['poq-node session-keys', (stdout) => {
      sessionKeys = JSON.parse(stdout);
      assert.match(sessionKeys.keys, /^0x[0-9a-f]{128}$/);
    }],
    ['poq-node --version', (stdout) => assert.match(stdout, /^poq-node \d/m)],
    ['fund.mjs', async () => {
      const address = (await machine.shell.run('echo "$ACCOUNT"')).stdout.trim();
      judging = new Judging(api, address);
    }],
    ['evaluator join', async (stdout) => {
      assert.match(stdout, /judged by model[^]*to earn before it is paid/);
      // What the node made offline, the chain takes.
      const owner = account(machine.file('root/poq-keys/account.phrase').trim());
      const refused = await submit(api, api.tx.session.setKeys(sessionKeys.keys, sessionKeys.proof), owner, -1);
      assert.equal(refused, undefined, 'the chain refuses the session keys');
    }],
    ['--scorer-url=', async () => {
      await judging.once();
      assert.match(machine.log().slice(logged), /Judging with the scorer at http/);
      assert.deepEqual(await matches(), [1]);
    }],
    ['scorer.conf <<\'END\'', async () => {
      mustLog('models/NEW', logged);
      const { models } = await machine.health();
      assert.deepEqual(models.map(({ digest }) => `0x${digest}`).at(1), model, 'the second model that the scorer tells');
      assert.equal((await machine.metric('ocw_scorer_model_info')).length, 2);
      assert.deepEqual(await matches(), [1]);
      seats = await judging.acrossChange(model);
      assert.deepEqual(await matches(), [1], 'the model is missing after the change');
    }],
    ['sed --in-place', async () => {
      assert.deepEqual(await matches(), [1], 'the model is missing without the old one');
      assert.doesNotMatch(machine.log(), /WRONG MODEL|cannot judge task/);
      // Now the old one is missing, and that must be seen.
      await judging.changeBack();
      await wait(async () => `${await matches()}` === '0', () => 'poq_model_matches does not become 0');
      mustLog('WRONG MODEL', logged);
    }],
    ['evaluator leave', (stdout) => assert.match(stdout, /\bblock \d/)],
  ];
  let refused = 0;
  for (const moment of WHEN) {
    if (moment === 'before-the-change') model = await machine.bringNewModel();
    for (const { line, script } of blocks.filter((block) => when(block) === moment)) {
      logged = machine.log().length;
      try {
        if (moment in REFUSED) {
          await machine.refused(script, REFUSED[moment]);
          refused += 1;
          continue;
        }
        before.filter(([part]) => script.includes(part)).forEach(([, happen]) => happen());
        const stdout = await machine.run(script);
        for (const [part, look] of after) if (script.includes(part)) await look(stdout);
      } catch (error) {
        throw Object.assign(error, { line });
      }
    }
  }
  const unknown = blocks.find((block) => !WHEN.includes(when(block)));
  if (unknown) throw Object.assign(new Error(`this check does not know when \`${when(unknown)}\` is`), { line: unknown.line });
  const lost = [...before, ...after].find(([part]) => !blocks.some(({ script }) => script.includes(part)));
  if (lost) throw new Error(`no block has \`${lost[0]}\`, after which something must be seen`);
  const secrets = checkSecrets(machine);
  machine.end();
  return `${blocks.length} blocks, ${refused} of them refused by the chain as the document says; ${seats.olds} tasks of the old model and ` +
    `${seats.news} of the new one judged around its change; ${secrets}`;
}

const when = ({ words }) => (words[0] === 'runnable' ? words[1] ?? '' : 'unmarked');

/**
 * Nobody but the owner may read a secret, and no log tells one; the node must be able to read the
 * rest.
 */
function checkSecrets(machine) {
  const secret = SECRET.flatMap((path) => machine.paths(path));
  const open = secret.filter((path) => machine.modeOfOthers(path) !== 0);
  assert.deepEqual(open, [], 'others can read these');
  const closed = READ_BY_THE_NODE.flatMap((path) => machine.paths(path)).filter((path) => (machine.modeOfOthers(path) & 0o044) !== 0o044);
  assert.deepEqual(closed, [], 'the user of the node cannot read these');
  const texts = secret.filter((path) => /\.phrase$|node-key$|scorer-token$/.test(path)).map((path) => [path, machine.file(path).trim()]);
  for (const unit of ['poq-node', 'ocw-scorer']) {
    const log = machine.log(unit);
    assert.notEqual(log, '', `${unit} has logged nothing`);
    for (const [path, text] of texts) assert.ok(!log.includes(text), `the log of ${unit} tells what is in ${path}`);
  }
  return `${secret.length} secret files and folders are closed, and no log tells one of ${texts.length} secrets`;
}
