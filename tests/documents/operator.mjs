// Runs the commands of docs/operations.md as an operator would, one after the other in one shell, on a machine that is only
// a folder. The node that is installed there joins a running network.

import assert from 'node:assert/strict';
import { Machine } from './machine.mjs';
import { shape } from './processes.mjs';

/** In this order; what is without a mark of when comes first, and what is not marked as runnable last. */
const WHEN = ['', 'after-funding', 'after-joining', 'after-chilling', 'after-unbonding', 'model'];
/** The moment for these does not come here: the chain must refuse them, and say why as the document does. */
const REFUSED = { 'after-chilling': 'NotChilled', 'after-unbonding': 'StillUnbonding' };
/** Who gives the account its money, and how much, in the smallest unit. */
const [FUNDER, FUNDS] = ['//Charlie//stash', 700n * 10n ** 12n];

export async function run({ blocks, shown, root, binaries, node }) {
  const machine = await Machine.make(root, binaries);
  const { connect, account, submit } = await import('../polkadot-js/chain.mjs');
  const api = await connect(node);

  /** What happens between the blocks, and what must be seen in their output: by a part of the block. */
  const after = [
    ['export-chain-spec', () => machine.addBootNodes(api)],
    ['ocw-scorer inspect', async (stdout) => {
      const digest = (await api.query.proofOfQuality.currentParameters()).model.toHex();
      assert.ok(stdout.includes(digest.slice(2)), `the digest is not that of the chain, ${digest}`);
    }],
    ['ACCOUNT=', async (stdout) => {
      assert.match(stdout, /"?key"?: *"0x[0-9a-f]{64}"/, 'evaluator-key prints no key');
      const address = (await machine.shell.run('echo "$ACCOUNT"')).stdout.trim();
      const refused = await submit(api, api.tx.balances.transferKeepAlive(address, FUNDS), account(FUNDER), -1);
      assert.equal(refused, undefined, 'the account got no money');
    }],
    ['systemctl enable', () => {
      const log = machine.log();
      const lines = machine.stand(shown('Judging with').script).trim().split('\n');
      for (const line of lines) assert.match(log, shape(line), `the log has no line as "${line}"`);
    }],
    ['tar --list', (stdout) => {
      for (const part of ['etc/proof-of-quality/node-key', '/706f7165', '/62616265', '/6772616e']) assert.ok(stdout.includes(part), `${part} is not in the backup`);
    }],
    ['author_rotateKeysWithOwner', (stdout) => assert.match(stdout, /"keys": "0x[^]*"proof": "0x/)],
    ['poq-node --version', (stdout) => assert.match(stdout, /^poq-node \d/m)],
    ['evaluator join', (stdout) => assert.match(stdout, /judged by model[^]*to earn before it is paid/)],
    ['evaluator leave', (stdout) => assert.match(stdout, /\bblock \d/)],
    ['offchain_localStorageSet', (stdout) => assert.doesNotMatch(stdout, /"error"/)],
  ];
  let refused = 0;
  const when = ({ words }) => (words.includes('runnable') ? words[1] ?? '' : 'model');
  for (const moment of WHEN) {
    for (const { line, script } of blocks.filter((block) => when(block) === moment)) {
      try {
        if (moment in REFUSED) {
          await machine.refused(script, REFUSED[moment]);
          refused += 1;
          continue;
        }
        const stdout = await machine.run(script);
        for (const [part, look] of after) if (script.includes(part)) await look(stdout);
      } catch (error) {
        throw Object.assign(error, { line });
      }
    }
  }
  const unknown = blocks.find((block) => !WHEN.includes(when(block)));
  if (unknown) throw Object.assign(new Error(`this check does not know when \`${when(unknown)}\` is`), { line: unknown.line });
  machine.end();
  return `${blocks.length} blocks, ${refused} of them refused by the chain as the document says`;
}
