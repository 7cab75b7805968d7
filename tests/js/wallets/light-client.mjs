// smoldot: a light client in this process that trusts no node. It knows the chain's genesis, checks
// finality itself, and asks for proofs of all that it reads. It must read the same of a task as a
// full node tells.

import { createClient } from 'polkadot-api';
import { getSmProvider } from 'polkadot-api/sm-provider';
import { start } from 'polkadot-api/smoldot';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PROGRAM, startNode } from './node.mjs';
import { connectPapi } from './papi.mjs';

/**
 * Where a light client can connect: to the node itself if it listens for that, otherwise to a full
 * node that is started. A full node listens for light clients, those in browsers included, over
 * WebSocket; a validator only if told to.
 */
export async function findEntrance(api) {
  const chain = (await api.rpc.system.chainType()).isDevelopment ? 'dev' : 'local';
  const addresses = (await api.rpc.system.localListenAddresses()).map(String);
  const address = addresses.find((address) => address.includes('/ws/'));
  if (address) return { chain, address, stop: () => {} };
  const places = ['--listen-addr', '/ip4/127.0.0.1/tcp/0/ws', '--bootnodes', addresses[0]];
  const node = await startNode(['--chain', chain, ...places]);
  const [own] = await node.api.rpc.system.localListenAddresses();
  return { chain, address: own.toString(), stop: node.stop };
}

/** The specification of the chain with an address to connect to. */
async function specify({ chain, address }) {
  const options = ['export-chain-spec', '--chain', chain, '--raw'];
  const { stdout } = await promisify(execFile)(PROGRAM, options, { maxBuffer: 2 ** 26 });
  return JSON.stringify({ ...JSON.parse(stdout), bootNodes: [address] });
}

export async function readWithLightClient(url, entrance, poq, { id, events }, say) {
  const begun = Date.now();
  const spec = await specify(entrance);
  const smoldot = start({ maxLogLevel: 1 });
  const light = createClient(getSmProvider(() => smoldot.addChain({ chainSpec: spec })));
  const full = connectPapi(url);
  try {
    const genesis = await Promise.all([light, full].map(async (client) => (await client.getChainSpecData()).genesisHash));
    assert.equal(genesis[0], genesis[1], `this node has another chain than the one that poq-node calls ${entrance.chain}`);
    const block = await finalized(light, events.at(-1).number);
    say(`synced to the finalized block ${block.number} by ${entrance.address}`);
    const [seen, told] = await Promise.all([light, full].map((client) => read(client.getTypedApi(poq), id)));
    assert.deepEqual(seen, told, 'the light client and the full node must read the same');
    const { task, answers } = seen;
    say(`task ${id} is ${task.phase.type}; it has ${answers.length} answers, and all of it is as a full node tells it`);
    say(`this took ${((Date.now() - begun) / 1000).toFixed(1)} s from nothing`);
  } finally {
    light.destroy();
    full.destroy();
    await smoldot.terminate();
  }
}

/** The first finalized block from `number` on that the client sees. */
function finalized(client, number) {
  return new Promise((resolve, reject) => {
    client.finalizedBlock$.subscribe({ next: (block) => block.number >= number && resolve(block), error: reject });
  });
}

async function read({ query, view }, id) {
  const { Tasks, Prompts, Outcomes } = query.ProofOfQuality;
  const [task, prompt, outcome] = await Promise.all([Tasks, Prompts, Outcomes].map((item) => item.getValue(id)));
  return { task, prompt, outcome, answers: await view.ProofOfQuality.answers(id) };
}
