// Draws the crates of the workspace, or the modules of some, as a Mermaid graph. Fails if crates or
// modules of a crate depend on each other in a circle.
//
// Usage: node tests/js/modules/check.mjs [--check | CRATE...]
//   --check   draws nothing, and looks at all crates
//   CRATE     name of a crate whose modules are drawn, such as poq-client
// Without an argument it draws the crates.

import { circles, crates, modules } from './graph.mjs';

const asked = process.argv.slice(2);
const checkOnly = asked[0] === '--check';
const all = crates();
const unknown = checkOnly ? undefined : asked.find((name) => !all.some((one) => one.name === name));
if (unknown !== undefined) {
  console.error(`There is no crate '${unknown}'. The crates are: ${all.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

const graphs = checkOnly || asked.length === 0 ? [['the workspace', new Map(all.map(({ name, uses }) => [name, uses]))]] : [];
const chosen = checkOnly ? all : all.filter(({ name }) => asked.includes(name));
graphs.push(...chosen.map(({ name, folder }) => [name, modules(folder)]));

let found = 0;
for (const [name, graph] of graphs) {
  if (!checkOnly) console.log(drawn(graph));
  for (const group of circles(graph)) {
    found++;
    console.error(`${name}: these depend on each other in a circle: ${group.join(', ')}`);
  }
}
process.exit(found === 0 ? 0 : 1);

function drawn(graph) {
  const id = (name) => name.replaceAll(/\W/g, '_');
  const boxes = [...graph.keys()].map((name) => `    ${id(name)}["${name}"]`);
  const arrows = [...graph].flatMap(([from, used]) => [...used].map((to) => `    ${id(from)} --> ${id(to)}`));
  return ['flowchart LR', ...boxes, ...arrows].join('\n');
}
