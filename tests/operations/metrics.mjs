// Whether the metrics that alerts and dashboard ask for exist.

import { parser } from '@prometheus-io/lezer-promql';
import { fault } from './report.mjs';

/** What Prometheus adds by itself. */
const BUILT_IN = new Set(['up', 'ALERTS']);
/** What Grafana puts in. */
const GRAFANA = [[/\$__rate_interval|\$__interval|\$__range/g, '1m']];

/** The names of all metrics at these addresses. */
export async function namesAt(urls) {
  const names = new Set();
  for (const url of urls) {
    const response = await fetch(url).catch((error) => ({ error }));
    if (!response.ok) {
      fault(`${url} gives no metrics: ${response.error?.cause?.message ?? response.error?.message ?? response.status}`);
      continue;
    }
    const text = await response.text();
    for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)/gm)) {
      names.add(name);
      if (type === 'histogram') ['_bucket', '_sum', '_count'].forEach((suffix) => names.add(name + suffix));
    }
    for (const [, name] of text.matchAll(/^([a-zA-Z_:][\w:]*)[{ ]/gm)) names.add(name);
  }
  return names;
}

/** The metrics that an expression asks for, or a fault if it is none. */
export function asked(expression, where) {
  const query = GRAFANA.reduce((text, [pattern, value]) => text.replace(pattern, value), expression);
  const names = [];
  const tree = parser.parse(query);
  let broken = false;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) broken = true;
      if (node.name === 'VectorSelector') {
        const identifier = node.node.getChild('Identifier');
        if (identifier) names.push(query.slice(identifier.from, identifier.to));
      }
    },
  });
  if (broken) fault(`${where} is not a PromQL expression: ${expression}`);
  return names;
}

/** Checks that each of the asked metrics exists; tells how many there are. */
export function exist(expressions, names) {
  const all = new Set();
  for (const { expression, where } of expressions) {
    for (const name of asked(expression, where)) {
      all.add(name);
      if (!BUILT_IN.has(name) && !names.has(name)) fault(`${where} asks for the metric ${name}, which nothing has`);
    }
  }
  return `${expressions.length} expressions, ${all.size} metrics`;
}
