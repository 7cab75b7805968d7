// Which crate depends on which, and which module of a crate uses which; read from `cargo metadata`
// and from the `use` lines and paths in the sources.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, ROOT } from '../lib/repository.mjs';

/**
 * The workspace's crates: name, folder from the root, names of the workspace's crates that it
 * depends on. Dependencies of tests and build scripts are left out.
 *
 * @returns {{name: string, folder: string, uses: string[]}[]}
 */
export function crates() {
  const metadata = JSON.parse(execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps', '--locked', '--offline'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 }));
  const ours = new Set(metadata.packages.map(({ name }) => name));
  return metadata.packages.map(({ name, manifest_path: path, dependencies }) => ({
    name,
    folder: path.slice(ROOT.length, -'/Cargo.toml'.length),
    uses: [...new Set(dependencies.filter((one) => one.kind === null && ours.has(one.name)).map((one) => one.name))].sort(),
  }));
}

/**
 * The modules in a crate's `src`, each with the modules that it uses.
 *
 * A folder's head (`mod.rs`) may name its own files: it lists them, and chooses between them. That
 * is no use of theirs. Unit tests are left out.
 *
 * @param {string} folder  of the crate, from the repository's root
 * @returns {Map<string, Set<string>>}
 */
export function modules(folder) {
  const source = `${folder}/src/`;
  const texts = new Map();
  for (const path of files().filter((path) => path.startsWith(source) && path.endsWith('.rs'))) {
    const parts = path.slice(source.length, -'.rs'.length).split('/');
    if (parts.at(-1) === 'mod') parts.pop();
    if (['lib', 'main'].includes(parts.join()) || parts.some((part) => ['tests', 'mock', 'bin'].includes(part))) continue;
    texts.set(parts.join('::'), code(readFileSync(join(ROOT, path), 'utf8')));
  }
  return new Map([...texts].map(([name, text]) => [name, usedBy(name, text, texts)]));
}

/**
 * The groups of nodes that reach each other, and so depend on each other in a circle.
 *
 * @param {Map<string, Iterable<string>>} graph
 * @returns {string[][]}
 */
export function circles(graph) {
  const reach = new Map([...graph.keys()].map((from) => [from, reachable(graph, from)]));
  const groups = new Map();
  for (const [from, reached] of reach) {
    if (!reached.has(from)) continue;
    const group = [...reached].filter((to) => reach.get(to).has(from)).sort();
    groups.set(group.join(), group);
  }
  return [...groups.values()];
}

function reachable(graph, from) {
  const reached = new Set();
  const left = [...graph.get(from)];
  while (left.length > 0) {
    const next = left.pop();
    if (reached.has(next)) continue;
    reached.add(next);
    left.push(...graph.get(next));
  }
  return reached;
}

/** The text without comments and without its module of unit tests, which stands last. */
const code = (text) => text.replace(/\/\/.*/g, '').replace(/#\[cfg\(test\)\]\s*(pub\(crate\) )?mod \w+ \{[^]*$/, '');

function usedBy(name, text, known) {
  const used = new Set();
  const note = (path) => {
    const full = resolve(name, path);
    for (let length = full.length; length > 0; length--) {
      const candidate = full.slice(0, length).join('::');
      if (!known.has(candidate)) continue;
      if (candidate !== name && !candidate.startsWith(`${name}::`)) used.add(candidate);
      return;
    }
  };
  for (const [, tree] of text.matchAll(/\buse ([^;]+);/g)) leaves('', tree).forEach(note);
  const rest = text.replace(/\buse [^;]+;/g, '');
  for (const [, path] of rest.matchAll(/\b((?:crate|super|self)(?:::\w+)+)/g)) note(path);
  return used;
}

/** The full path, without `crate`, of a path that is written in the module `name`. */
function resolve(name, path) {
  const here = name.split('::');
  const parts = path.split('::');
  if (parts[0] === 'crate') return parts.slice(1);
  if (parts[0] === 'self') return [...here, ...parts.slice(1)];
  let up = 0;
  while (parts[up] === 'super') up++;
  return up > 0 ? [...here.slice(0, here.length - up), ...parts.slice(up)] : [...here, ...parts];
}

/** The paths that a tree of `use` has: of `a::{b, c::d as e}` they are `a::b` and `a::c::d`. */
function leaves(prefix, tree) {
  const found = [];
  let depth = 0;
  let item = '';
  for (const letter of `${tree},`) {
    if (letter === ',' && depth === 0) {
      const one = item.trim();
      const group = /^([\w:]*?)(?:::)?\{([^]*)\}$/.exec(one);
      if (group) found.push(...leaves(`${prefix}${group[1]}${group[1] ? '::' : ''}`, group[2]));
      else if (one) found.push(prefix + one.split(' as ')[0].trim());
      item = '';
    } else {
      if (letter === '{') depth++;
      if (letter === '}') depth--;
      item += letter;
    }
  }
  return found;
}
