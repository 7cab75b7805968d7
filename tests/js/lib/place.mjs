// Where commands are run: temporary folders, and one that stands for the repository. And what is to
// be ended.

import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MODEL = 'models/mpnet-judge';

/** What is to be ended with this check, however it ends. */
const endings = [];
process.on('exit', () => endings.reverse().forEach((end) => end()));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/**
 * Registers what is to be ended, in the reverse order of registration.
 *
 * @param {() => unknown} end  must not be asynchronous
 */
export const atEnd = (end) => endings.push(end);

/**
 * A new folder that is deleted at the end.
 *
 * @returns {string} its path
 */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'poq-checks-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * A folder with all that is in the repository and what the build makes, in which commands can write
 * without harm.
 *
 * @param {string} root  of the repository
 * @param {string} binaries  where our programs are
 * @returns {Promise<string>} its path
 */
export async function repository(root, binaries) {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'models'));
  await mkdir(join(folder, 'target'));
  await symlink(resolve(binaries), join(folder, 'target/release'));
  await cp(join(root, MODEL), join(folder, MODEL), { recursive: true });
  for (const within of ['', 'models']) {
    for (const name of await readdir(join(root, within))) {
      const path = join(within, name);
      if (!['target', 'models', MODEL, '.git'].includes(path)) await symlink(join(root, path), join(folder, path));
    }
  }
  return folder;
}
