// Runs packaging/compose/prepare.sh in a folder of its own, and looks at what it makes.

import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../lib/place.mjs';
import { fault } from '../../lib/report.mjs';
import { oursOf, variablesOf } from './project.mjs';

const SCRIPT = 'packaging/compose/prepare.sh';
const SECRETS = 'packaging/compose/secrets';
/** The user in Grafana's image. */
const GRAFANA = 472;

/**
 * Runs it beside a copy of docker-compose.yml. Tells the folder, the variables of .env, all files,
 * and what it printed.
 */
export async function prepare(root, binaries) {
  const folder = temporaryFolder();
  await mkdir(join(folder, dirname(SCRIPT)), { recursive: true });
  for (const file of [SCRIPT, 'docker-compose.yml']) await cp(join(root, file), join(folder, file));
  return { folder, ...(await run(folder, binaries)) };
}

async function run(folder, binaries) {
  const env = { PATH: `${resolve(binaries)}:${process.env.PATH}`, LANG: 'C.UTF-8' };
  // From elsewhere, as it finds the repository by itself.
  const { stdout, stderr } = await promisify(execFile)(join(folder, SCRIPT), { cwd: '/', env }).catch((error) => {
    throw new Error(`${SCRIPT} fails: ${error.stderr?.trim() || error.message}`);
  });
  const text = await readFile(join(folder, '.env'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const variables = Object.fromEntries(lines.map((line) => line.match(/^(\w+)=(\w+)$/)?.slice(1) ?? [line, '']));
  const secrets = new Map();
  for (const name of await readdir(join(folder, SECRETS))) secrets.set(name, (await readFile(join(folder, SECRETS, name), 'utf8')).trim());
  return { variables, secrets, said: `${text}${stdout}${stderr}` };
}

/**
 * Runs it twice and checks all that it makes: for docker-compose.yml, and for the user of the
 * image.
 */
export function checkPrepare(root, binaries, project, image) {
  return check(root, binaries, project, image).catch((error) => fault(error.message));
}

async function check(root, binaries, project, image) {
  const script = await readFile(join(root, SCRIPT), 'utf8');
  for (const tag of new Set(oursOf(project).map((name) => project.services[name].image))) {
    if (!script.includes(`\nIMAGE=${tag}\n`)) fault(`${SCRIPT} does not take the image of docker-compose.yml, ${tag}`);
  }
  const first = await prepare(root, binaries);
  checkVariables(first.variables, variablesOf(project));
  await checkModes(first, project, image);
  for (const [name, secret] of first.secrets) if (first.said.includes(secret)) fault(`${SCRIPT} tells the secret ${name}`);
  const second = await run(first.folder, binaries);
  const made = (files) => JSON.stringify([...files].sort());
  if (made(first.secrets) !== made(second.secrets)) fault(`${SCRIPT}, run again, changes the secrets`);
  if (first.said !== second.said) fault(`${SCRIPT}, run again, makes another .env or says something else`);
  return `${Object.keys(first.variables).join(', ')}; ${first.secrets.size} secrets`;
}

function checkVariables(made, wanted) {
  for (const [name, needed] of wanted) if (needed && !made[name]) fault(`docker-compose.yml needs ${name}, which ${SCRIPT} does not write into .env`);
  for (const name of Object.keys(made)) if (!wanted.has(name)) fault(`${SCRIPT} writes ${name} into .env, and docker-compose.yml does not use it`);
}

/**
 * Each secret is for the user that reads it and for nobody else; without root, the folder keeps all
 * others out.
 */
async function checkModes({ folder, secrets }, project, image) {
  const root = process.getuid() === 0;
  const others = new Set(secrets.keys());
  const ours = oursOf(project);
  const { mode } = await stat(join(folder, SECRETS));
  if ((mode & 0o7777) !== 0o700) fault(`${SECRETS} has the mode ${(mode & 0o7777).toString(8)}`);
  for (const [name, { file }] of Object.entries(project.secrets)) {
    if (!others.delete(basename(file)) || dirname(file) !== `./${SECRETS}`) {
      fault(`${SCRIPT} does not make ${file}, which docker-compose.yml mounts`);
      continue;
    }
    const found = await stat(join(folder, file));
    const readers = Object.entries(project.services).filter(([, { secrets = [] }]) => secrets.includes(name));
    const users = new Set(readers.map(([service]) => (ours.includes(service) ? image.user : GRAFANA)));
    if (users.size !== 1) fault(`the secret ${name} is read by ${users.size} users`);
    const expected = root ? 0o400 : 0o444;
    if ((found.mode & 0o7777) !== expected) fault(`${file} has the mode ${(found.mode & 0o7777).toString(8)}, not ${expected.toString(8)}`);
    if (root && !users.has(found.uid)) fault(`${file} belongs to ${found.uid}, and ${[...users]} reads it`);
    if (found.size === 0) fault(`${file} is empty`);
  }
  for (const name of others) fault(`${SCRIPT} makes ${name}, which docker-compose.yml does not mount`);
}
