// What Prometheus' own tool says of the alerts, of their tests, and of what Prometheus is told to
// read.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { fault } from '../lib/report.mjs';

/** Where scripts/setup.sh puts it if the system has none. */
const FETCHED = process.env.POQ_TOOLS ?? join(homedir(), '.cache/proof-of-quality/tools');
const COMMANDS = [
  'promtool check rules docs/operations/alerts.yml',
  'promtool test rules tests/js/operators/alerts.test.yml',
  'promtool check config docs/operations/prometheus.yml',
];

/** Runs it, in the folder of the repository; tells what it said. */
export async function checkWithPromtool(root) {
  const folders = [...process.env.PATH.split(delimiter), join(FETCHED, 'bin')];
  const program = folders.map((folder) => join(folder, 'promtool')).find(existsSync);
  if (program === undefined) {
    fault('promtool is missing: scripts/setup.sh test fetches it');
    return undefined;
  }
  for (const command of COMMANDS) {
    const run = promisify(execFile)(program, command.split(' ').slice(1), { cwd: root });
    await run.catch(({ stdout, stderr }) => fault(`\`${command}\` fails: ${`${stdout}${stderr}`.trim().replace(/\s+/g, ' ')}`));
  }
  return COMMANDS.join(', ');
}
