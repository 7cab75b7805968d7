// Whether the metrics that alerts, their tests and the dashboard ask for exist, with those labels
// and values, and whether docs/operations-reference.md lists just those that there are.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { fault } from '../lib/report.mjs';

/** What Prometheus adds by itself: metrics, and labels of all metrics. */
const BUILT_IN = new Set(['up', 'ALERTS']);
const ADDED = new Set(['job', 'instance', 'alertname', 'alertstate']);
/** What Grafana puts in. */
const GRAFANA = [[/\$__rate_interval|\$__interval|\$__range/g, '1m']];
/** The promised ones. */
const OURS = /^(poq|ocw_scorer)_/;
/** Where the node's label on all its metrics comes from: the SDK. */
const OF_THE_NODE = 'chain';
/** Where values of labels are named. */
const SOURCES = ['node/src', 'embedded-scorer/src', 'ocw-scorer/src'];

/**
 * All metrics at these addresses: for each name its type and its labels, with the values that they
 * have there.
 */
export async function readAt(urls) {
  const families = new Map();
  const names = new Map();
  const family = (name, type) => {
    const known = families.get(name) ?? { type, labels: new Map() };
    families.set(name, known);
    return known;
  };
  for (const url of urls) {
    const response = await fetch(url).catch((error) => ({ error }));
    if (!response.ok) {
      fault(`${url} gives no metrics: ${response.error?.cause?.message ?? response.error?.message ?? response.status}`);
      continue;
    }
    const text = await response.text();
    for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)/gm)) {
      const series = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name];
      series.forEach((one) => names.set(one, family(name, type)));
    }
    for (const [, name, labels = ''] of text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /gm)) {
      for (const [, label, value] of labels.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)) {
        const known = names.get(name).labels;
        known.set(label, (known.get(label) ?? new Set()).add(value));
      }
    }
  }
  return { families, names };
}

/**
 * What an expression asks for: metrics with their matchers, and labels that it groups by. A fault
 * if it is none.
 */
function asked(expression, where) {
  const query = GRAFANA.reduce((text, [pattern, value]) => text.replace(pattern, value), expression);
  const text = (node) => query.slice(node.from, node.to);
  const [selectors, groups] = [[], []];
  let broken = false;
  parser.parse(query).iterate({
    enter: ({ type, name, node }) => {
      if (type.isError) broken = true;
      if (name === 'VectorSelector' && node.getChild('Identifier')) selectors.push({ name: text(node.getChild('Identifier')), matchers: [] });
      if (name === 'UnquotedLabelMatcher') {
        const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((part) => text(node.getChild(part)));
        selectors.at(-1).matchers.push({ label, values: operator.includes('~') ? JSON.parse(value).split('|') : [JSON.parse(value)] });
      }
      if (name === 'GroupingLabels') groups.push(...node.getChildren('LabelName').map(text));
    },
  });
  if (broken) fault(`${where} is not a PromQL expression: ${expression}`);
  return { selectors, groups };
}

/**
 * Checks that each of the asked metrics exists, with the labels and the values that it is asked by.
 * `values` tells which ones a label may have although none is there now.
 */
export function exist(expressions, { names }, values) {
  const all = new Set();
  let matched = 0;
  for (const { expression, where } of expressions) {
    const { selectors, groups } = asked(expression, where);
    const labels = new Set(ADDED);
    for (const { name, matchers } of selectors) {
      all.add(name);
      if (BUILT_IN.has(name)) continue;
      const family = names.get(name);
      if (family === undefined) {
        fault(`${where} asks for the metric ${name}, which nothing has`);
        continue;
      }
      [...family.labels.keys()].forEach((label) => labels.add(label));
      for (const { label, values: wanted } of matchers.filter(({ label }) => !ADDED.has(label))) {
        const live = family.labels.get(label);
        if (live === undefined) fault(`${where} asks for ${name} by the label ${label}, which it has not`);
        for (const value of live === undefined ? [] : wanted) {
          matched += 1;
          if (!live.has(value) && !values(name, label).includes(value)) fault(`${where} asks for ${name} with ${label}="${value}", which there is not`);
        }
      }
    }
    const only = selectors.every(({ name }) => BUILT_IN.has(name));
    for (const label of groups) if (!only && !labels.has(label)) fault(`${where} groups by the label ${label}, which no metric in it has`);
  }
  return `${expressions.length} expressions, ${all.size} metrics, ${matched} values of labels`;
}

/**
 * Checks the series of the alerts' tests: what is tried with a label that never comes shows
 * nothing.
 */
export function fit(series, live, values) {
  // Any account, chain, model or bucket will do there.
  const free = ['account', 'chain', 'name', 'digest', 'le'];
  const closed = (name, label) => (free.includes(label) ? [...asLabels(series, label)] : values(name, label));
  return exist(series.map((expression) => ({ expression, where: `the series ${expression} in alerts.test.yml` })), live, closed);
}

const asLabels = (series, label) => series.flatMap((text) => text.match(new RegExp(`\\b${label}="([^"]*)"`))?.[1] ?? []);

/**
 * The table of metrics in a document: for each name its type, and its labels with the values that
 * are given.
 */
export function listed(document) {
  const rows = [...document.matchAll(/^\| `((?:poq|ocw_scorer)_\w+)` \| (\w+) \|(.*?)\| .+ \|$/gm)];
  const words = (text) => [...text.matchAll(/`(\w+)`/g)].map(([, word]) => word);
  return new Map(rows.map(([, name, type, cell]) => {
    // One label with its values, or labels that may have any.
    const [labels, values = ''] = cell.split(': ');
    return [name, { type, labels: new Map(words(labels).map((label) => [label, words(values)])) }];
  }));
}

/**
 * Checks that the table and what there is are the same, and that each value it gives is in the
 * sources.
 */
export function compare(table, { families }, root) {
  const ours = [...families].filter(([name]) => OURS.test(name));
  for (const [name, { type, labels }] of ours) {
    const row = table.get(name);
    if (row === undefined) {
      fault(`docs/operations-reference.md does not list the metric ${name}`);
      continue;
    }
    if (row.type !== type) fault(`docs/operations-reference.md lists ${name} as a ${row.type}, and it is a ${type}`);
    const real = [...labels.keys()].filter((label) => label !== OF_THE_NODE && !(type === 'histogram' && label === 'le'));
    if (`${real.sort()}` !== `${[...row.labels.keys()].sort()}`) fault(`docs/operations-reference.md lists ${name} with the labels "${[...row.labels.keys()]}", and it has "${real}"`);
    for (const [label, values] of row.labels) {
      for (const value of values.length > 0 ? labels.get(label) ?? [] : []) {
        if (!values.includes(value)) fault(`docs/operations-reference.md does not list ${label}="${value}" of ${name}`);
      }
    }
  }
  const sources = SOURCES.flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).filter((path) => path.endsWith('.rs')).map((path) => join(root, folder, path)));
  const source = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
  for (const [name, { labels }] of table) {
    if (!families.has(name)) fault(`docs/operations-reference.md lists the metric ${name}, which there is not`);
    for (const value of [...labels.values()].flat()) if (!source.includes(`"${value}"`)) fault(`docs/operations-reference.md lists the value ${value} of a label of ${name}, which no source has`);
  }
  return `${ours.length} metrics`;
}
