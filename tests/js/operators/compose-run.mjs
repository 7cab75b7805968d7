// Runs what docker-compose.yml runs, without a container engine: every service of our image with
// its very command, its user, secrets and health check, in the order that compose starts them. Then
// it uses the network that they are. What cannot be shown so is what an engine adds: limits,
// read-only file systems, networks, and Prometheus and Grafana. Prints a line for each thing proven
// and a sentence for each fault; exits 1 if there is one.
//
// Usage: node tests/js/operators/compose-run.mjs --binaries FOLDER
//   FOLDER   where poq-node, poq and ocw-scorer are, such as target/release

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Containers } from './compose/containers.mjs';
import { Places } from './compose/places.mjs';
import { prepare } from './compose/prepare.mjs';
import { oursOf, readImage, readProject } from './compose/project.mjs';
import * as reach from './compose/reach.mjs';
import { ask } from './compose/task.mjs';
import { last } from '../lib/processes.mjs';
import { fault, faultCount, giveUpAfter, prove, say } from '../lib/report.mjs';
import { ROOT } from '../lib/repository.mjs';


const [flag, binaries] = process.argv.slice(2);
if (flag !== '--binaries' || !binaries) {
  console.error('Usage: node tests/js/operators/compose-run.mjs --binaries FOLDER');
  process.exit(2);
}

giveUpAfter(15);
const begun = Date.now();
let containers;
try {
  const prepared = await prepare(ROOT, binaries);
  const project = await readProject(prepared.folder, prepared.variables);
  const image = await readImage(ROOT);
  const prometheus = parse(await readFile(join(ROOT, 'docs/operations/prometheus.yml'), 'utf8'));
  const others = Object.keys(project.services).filter((name) => !oursOf(project).includes(name));
  say(`not run, as they are not of our image: ${others.join(', ')}`);

  const places = await Places.make({ root: ROOT, binaries, prepared: prepared.folder, project, image });
  containers = new Containers(project, image, places);
  const network = { project, containers, places };
  await prove('every service starts in its order, and is healthy', () => containers.up());
  await prove('nodes find their boot nodes', () => reach.bootNodes(network));
  await prove('the published RPC answers to the name of its container and refuses what is unsafe', () => reach.rpc(network));
  await prove('the scorer refuses those without its token', () => reach.scorer(network));
  await prove('Prometheus would reach all that it is to read', () => reach.metrics(prometheus, network));
  const before = await reach.requests(network);
  await prove('a task is answered, judged and settled', () => ask(network));
  await prove('the inference nodes that ask the scorer do so with the token', () => reach.asked(network, before));
  await prove('every service goes on until it is asked to end, and then ends in time', () => containers.down());
  await prove('no log tells a secret', () => checkLogs(prepared.secrets));
} catch (error) {
  fault(error.message);
  for (const name of containers?.names ?? []) {
    if (containers.of(name)) console.log(`  the end of the log of ${name}: ${last(containers.of(name).log)}`);
  }
}

console.log(faultCount() === 0 ? `docker-compose.yml runs, in ${Math.round((Date.now() - begun) / 1000)} s.` : `${faultCount()} faults.`);
process.exit(faultCount() === 0 ? 0 : 1);

/** Looks for every secret in every log, and makes sure that the logs are there. */
function checkLogs(secrets) {
  let size = 0;
  for (const name of containers.names) {
    const { log } = containers.of(name);
    size += log.length;
    if (log === '') fault(`${name} has logged nothing`);
    for (const [file, secret] of secrets) if (log.includes(secret)) fault(`the log of ${name} tells the secret ${file}`);
  }
  return `${secrets.size} secrets, ${containers.names.length} logs of ${size} letters`;
}
