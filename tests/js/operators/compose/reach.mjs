// What others reach of the containers: nodes their boot nodes, everybody the published RPC without
// its unsafe methods, holders of the token the scorer, and Prometheus the metrics.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { answers } from '../../lib/processes.mjs';
import { commandOf } from '../compose.mjs';

export const RPC = 9944;
/** What nobody may call from elsewhere, with what makes sense as its parameters. */
const UNSAFE = [
  ['author_insertKey', ['poqe', '//Alice', `0x${'00'.repeat(32)}`]],
  ['author_rotateKeys', []],
  ['author_rotateKeysWithOwner', ['0x00']],
  ['author_removeExtrinsic', [[]]],
  ['author_hasKey', [`0x${'00'.repeat(32)}`, 'poqe']],
  ['offchain_localStorageSet', ['PERSISTENT', '0x00', '0x00']],
  ['offchain_localStorageGet', ['PERSISTENT', '0x00']],
  ['offchain_localStorageClear', ['PERSISTENT', '0x00']],
  ['system_addReservedPeer', ['/ip4/127.0.0.1/tcp/1/p2p/12D3KooWMqPnte9XkYYMwxxpnzeVoW5LmRRJaDwkTZD5sqxnwCEU']],
  ['system_removeReservedPeer', ['12D3KooWMqPnte9XkYYMwxxpnzeVoW5LmRRJaDwkTZD5sqxnwCEU']],
  ['system_addLogFilter', ['info']],
];

/** Sends a request as a container does: to an address here, with the name that it knows as host. */
function post(address, path, body, headers = {}) {
  const [hostname, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve({ status: response.statusCode, text });
    });
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
}

const call = (address, method, params, headers) => post(address, '/', { jsonrpc: '2.0', id: 1, method, params }, headers);

/** The nodes, and those of them whose RPC port is published. */
export function nodesOf({ project, containers }) {
  const nodes = containers.names.filter((name) => commandOf(project.services[name])[0] === 'poq-node');
  const isOpen = (name) => project.services[name].ports?.some((port) => port.endsWith(`:${RPC}`));
  return { nodes, open: nodes.filter(isOpen), closed: nodes.filter((name) => !isOpen(name)) };
}

/**
 * The boot nodes that each node is told of are who they say. One that is not would hardly be
 * missed: others tell of it.
 */
export function bootNodes(network) {
  const told = nodesOf(network).nodes.flatMap((name) => commandOf(network.project.services[name]).flatMap((word) => {
    const [, other, identity] = word.match(/^--bootnodes=\/dns\/([^/]+)\/.*\/p2p\/(\w+)$/) ?? [];
    return other ? [{ name, other, identity }] : [];
  }));
  assert.ok(told.length > 0, 'no node is told of a boot node');
  for (const { name, other, identity } of told) {
    const [, own] = network.containers.of(other).log.match(/Local node identity is: (\w+)/) ?? [];
    assert.ok(own === identity, `${name} takes ${other} for another node: ${identity}`);
  }
  return told.map(({ name, other }) => `${name} knows ${other}`).join(', ');
}

/**
 * The RPC that is published answers to any name and refuses unsafe methods, and nobody reaches that
 * of the other nodes.
 */
export async function rpc(network) {
  const { open, closed } = nodesOf(network);
  assert.ok(open.length > 0, 'no node publishes its RPC');
  for (const name of open) {
    const address = network.places.address(name, RPC);
    assert.ok(await answers(`http://${address}/health`), `others do not reach the RPC of ${name}`);
    const { status } = await call(address, 'system_health', [], { host: `${name}:${RPC}` });
    assert.equal(status, 200, `${name} refuses a container that calls it by its name`);
    for (const [method, params] of UNSAFE) {
      const { text } = await call(address, method, params);
      assert.match(JSON.parse(text).error?.message ?? text, /unsafe/i, `${name} does not refuse ${method}`);
    }
  }
  for (const name of closed) assert.ok(!await answers(`http://${network.places.address(name, RPC)}/health`), `others reach the RPC of ${name}`);
  return `${open} refuses ${UNSAFE.length} methods; nobody reaches ${closed.join(', ')}`;
}

/**
 * The scorers, each with the file of its token, by their paths in their containers, and its address
 * here.
 */
function scorers({ project, containers, places }) {
  return containers.names.flatMap((name) => {
    const words = commandOf(project.services[name]);
    if (words[0] !== 'ocw-scorer') return [];
    const valueOf = (flag) => words.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
    const port = valueOf('--listen').split(':').at(-1);
    return [{ name, token: valueOf('--token-file'), address: places.address(name, port) }];
  });
}

/** Whom the scorer answers: without the token nobody. */
export async function scorer(network) {
  const all = scorers(network);
  for (const { name, token: file, address } of all) {
    assert.ok(file, `${name} asks for no token`);
    const token = (await readFile(network.places.path(name, file), 'utf8')).trim();
    const score = async (headers) => (await post(address, '/v1/score', { prompt: 'What do bees make?', answers: ['Bees make honey.'] }, headers)).status;
    assert.equal(await score(), 401, `${name} answers without the token`);
    assert.equal(await score({ authorization: `Bearer ${'0'.repeat(token.length)}` }), 401, `${name} answers with another token`);
    assert.equal(await score({ authorization: `Bearer ${token}` }), 200, `${name} does not answer with its token`);
  }
  return all.map(({ name }) => name).join(', ');
}

/** How many requests each scorer has judged and refused until now, as its metrics tell. */
export async function requests(network) {
  const counts = new Map();
  for (const { name, address } of scorers(network)) {
    const text = await (await fetch(`http://${address}/metrics`)).text();
    const count = (outcome) => Number(text.match(new RegExp(`^ocw_scorer_requests_total\\{outcome="${outcome}"\\} (\\d+)`, 'm'))?.[1] ?? 0);
    counts.set(name, { judged: count('ok'), refused: count('unauthorized') });
  }
  return counts;
}

/** Since then, others have asked each scorer, and none without its token. */
export async function asked(network, before) {
  const seen = [];
  for (const [name, { judged, refused }] of await requests(network)) {
    const then = before.get(name);
    assert.ok(judged > then.judged, `nobody asked ${name}`);
    assert.equal(refused, then.refused, `${name} was asked without its token`);
    seen.push(`${judged - then.judged} requests to ${name}`);
  }
  return seen.join(', ');
}

/** What Prometheus reads of ours is there. */
export async function metrics(prometheus, { places }) {
  const targets = prometheus.scrape_configs.flatMap((job) => job.static_configs.flatMap((config) => config.targets));
  for (const target of targets) {
    const [name, port] = target.split(':');
    assert.ok(await answers(`http://${places.address(name, port)}/metrics`), `Prometheus does not reach ${target}`);
  }
  return targets.join(', ');
}
