// Whether the image can be built: what .dockerignore lets through must hold all that Cargo and the
// Dockerfile want.

import { execFile } from 'node:child_process';
import { access, copyFile, lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import dockerignore from '@balena/dockerignore';
import { fault } from '../lib/report.mjs';

const run = promisify(execFile);

/** The files of the repository that a build of the image gets, in a folder of its own. */
async function context(root, folder) {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const ignored = dockerignore().add(await readFile(join(root, '.dockerignore'), 'utf8'));
  const files = stdout.split('\0').filter(Boolean);
  const kept = files.filter((file) => !ignored.ignores(file));
  for (const file of kept) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    if ((await lstat(join(root, file))).isSymbolicLink()) await symlink(await readlink(join(root, file)), join(folder, file));
    else await copyFile(join(root, file), join(folder, file));
  }
  for (const file of kept) {
    await access(join(folder, file)).catch(() => fault(`.dockerignore leaves out what ${file} links to`));
  }
  return { files, kept };
}

/** Everything that the image is built from is in its context. Returns how many files that are. */
export async function checkContext(root) {
  const folder = await mkdtemp(join(tmpdir(), 'poq-image-'));
  try {
    const { files, kept } = await context(root, folder);
    // Cargo reads each member's manifest and looks for what it is built from.
    const { stdout } = await run('cargo', ['metadata', '--format-version', '1', '--no-deps', '--offline', '--locked'], {
      cwd: folder,
      maxBuffer: 64 << 20,
    }).catch((error) => ({ stdout: void fault(`the image's context is no workspace: ${error.stderr.trim()}`) }));
    if (stdout === undefined) return undefined;
    for (const { name, manifest_path: manifest } of JSON.parse(stdout).packages) {
      const own = `${relative(folder, dirname(manifest))}/`;
      for (const file of files.filter((file) => file.startsWith(own) && !kept.includes(file))) {
        fault(`.dockerignore leaves out ${file}, which belongs to the package ${name}`);
      }
    }
    const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
    for (const [, words] of dockerfile.matchAll(/^COPY ((?!--from).*)$/gm)) {
      for (const source of words.split(' ').slice(0, -1).filter((source) => source !== '.')) {
        if (!kept.some((file) => file === source || file.startsWith(`${source.replace(/\/$/, '')}/`))) {
          fault(`the Dockerfile copies ${source}, which .dockerignore leaves out`);
        }
      }
    }
    return `${kept.length} files`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
