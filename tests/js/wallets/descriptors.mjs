// Generates PAPI's types from the metadata of the running node, as `npx papi add` and `npx papi
// generate` do, and compiles a script against them. Needs no network beyond that node; papi.json
// says what goes where.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The version of metadata that has view functions. */
const VERSION = 16;
const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Returns the descriptors, to be given to `client.getTypedApi`. */
export async function generateDescriptors(api, say) {
  const metadata = (await api.call.metadata.metadataAtVersion(VERSION)).unwrap().toU8a(true);
  await mkdir(`${FOLDER}.papi`, { recursive: true });
  await writeFile(`${FOLDER}.papi/poq.scale`, metadata);
  const said = await run('papi', ['generate', '--config', 'papi.json']);
  say(`papi generate, from ${metadata.length} bytes of metadata: ${said.split('\n').at(-1)}`);
  return (await import('./.papi/descriptors/dist/index.js')).poq;
}

/** Fails unless the scripts that tsconfig.json names use what the chain has. */
export async function compileScripts(say) {
  await run('tsc', ['--project', '.']);
  say('tsc: papi.mjs fits the generated types');
}

/** Runs a program of a package and returns what it printed. */
async function run(program, options) {
  const running = promisify(execFile)(`${FOLDER}../node_modules/.bin/${program}`, options, { cwd: FOLDER });
  const { stdout } = await running.catch(({ stdout, stderr }) => {
    throw new Error(`${program} failed:\n${stdout}${stderr}`);
  });
  return stdout.trim();
}
