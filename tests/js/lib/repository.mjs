// Where the repository is, and which files belong to it.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository; its path ends in a slash. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * The paths of all files of the repository, from its root: those that git tracks, and new ones that
 * it does not ignore.
 *
 * @returns {string[]}
 */
export function files() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}
