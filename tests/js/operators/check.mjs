// Compares what operators are given with the programs and their metrics: Dockerfile,
// docker-compose.yml, packaging/systemd/, docs/operations.md, docs/operations-reference.md,
// docs/log-lines.md and docs/operations/. Prints a line for each thing proven and a sentence for
// each fault; exits 1 if there is one.
//
// Usage: node tests/js/operators/check.mjs --binaries FOLDER METRICS_URL...
//   FOLDER       where poq-node, poq and ocw-scorer are, such as target/release
//   METRICS_URL  of a node with an embedded scorer that has judged (http://127.0.0.1:9615/metrics), and of daemons

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { keys } from './compose/keys.mjs';
import { checkPrepare } from './compose/prepare.mjs';
import { readImage } from './compose/project.mjs';
import * as compose from './compose.mjs';
import { blocks, checkBlocks, checkLogLines, checkProse } from './document.mjs';
import * as metrics from './metrics.mjs';
import { Programs } from '../lib/programs.mjs';
import { checkWithPromtool } from './promtool.mjs';
import { checkContext } from './image.mjs';
import { fault, faultCount, giveUpAfter, prove } from '../lib/report.mjs';
import { ROOT } from '../lib/repository.mjs';
import { commands } from '../lib/shell.mjs';

const UNITS = ['poq-node', 'ocw-scorer'];

const [flag, folder, ...urls] = process.argv.slice(2);
if (flag !== '--binaries' || !folder || urls.length === 0) {
  console.error('Usage: node tests/js/operators/check.mjs --binaries FOLDER METRICS_URL...');
  process.exit(2);
}

giveUpAfter(10);
const text = (path) => readFile(ROOT + path, 'utf8');
const yaml = async (path) => {
  try {
    return parse(await text(path), { merge: true });
  } catch (error) {
    fault(`${path} cannot be read: ${error.message.split('\n')[0]}`);
    process.exit(1);
  }
};

const programs = new Programs(folder);
const project = await yaml('docker-compose.yml');
const prometheus = await yaml('docs/operations/prometheus.yml');
const rules = (await yaml('docs/operations/alerts.yml')).groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(await text('docs/operations/grafana-dashboard.json'));
/** The guide, the lists of what there is, and the log lines: a page each. */
const [GUIDE, REFERENCE, LOG_LINES] = ['docs/operations.md', 'docs/operations-reference.md', 'docs/log-lines.md'];
const PAGES = new Map(await Promise.all([GUIDE, REFERENCE, LOG_LINES].map(async (path) => [path, await text(path)])));
const datasource = await yaml('docs/operations/grafana-datasource.yml');
await yaml('docs/operations/grafana-provider.yml');

await prove('the programs are there', () => programs.check());
if (faultCount() > 0) process.exit(1);

// Metrics.
const live = await metrics.readAt(urls);
const table = metrics.listed(PAGES.get(REFERENCE));
/** The values that a label of a metric may have, by the document. */
const valuesOf = (name, label) => table.get(name)?.labels.get(label) ?? [];
await prove(`${REFERENCE} lists the metrics that there are, with their types and labels`, () => metrics.compare(table, live, ROOT));
await prove('every metric of the alerts exists, with the labels and values that they ask for', () =>
  metrics.exist(rules.map(({ alert, expr }) => ({ expression: expr, where: `the alert ${alert}` })), live, valuesOf));
const panels = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
await prove('so does every metric of the dashboard', () => {
  const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ expression: expr, where: `the panel "${title}"` })));
  const variables = dashboard.templating.list.flatMap(({ name, definition }) => {
    const [, expression] = definition?.match(/^label_values\((.+), *\w+\)$/) ?? [];
    return expression ? [{ expression, where: `the variable ${name}` }] : [];
  });
  const plain = ({ expression, where }) => ({ expression: expression.replace(/instance=~"\$instance",?/g, ''), where });
  return metrics.exist([...queries, ...variables].map(plain), live, valuesOf);
});
await prove('every panel of the dashboard says what it shows, and asks a source that exists', () => {
  for (const { title, type, description, datasource: source } of panels.filter((panel) => panel.type !== 'row')) {
    if (!title || !description) fault(`a panel of type ${type} ("${title}") has no title or no description`);
    const uids = [...datasource.datasources.map(({ uid }) => uid), '${datasource}'];
    if (!uids.includes(source?.uid)) fault(`the panel "${title}" asks the source ${source?.uid}`);
  }
  return panels.length;
});

// Alerts.
const tests = await text('tests/js/operators/alerts.test.yml');
const series = parse(tests).tests.flatMap(({ input_series: all }) => all.map(({ series }) => series));
await prove('what the alerts are tried with exists', () => metrics.fit([...new Set(series)], live, valuesOf));
await prove('promtool finds the alerts, their tests and prometheus.yml right', () => checkWithPromtool(ROOT));
const jobs = prometheus.scrape_configs.map((config) => config.job_name);
await prove(`every alert says what to do, how bad it is, has a paragraph in ${REFERENCE} and a test`, () => {
  for (const { alert, expr, labels, annotations } of rules) {
    if (!annotations?.action) fault(`the alert ${alert} has no annotation "action"`);
    if (!annotations?.summary) fault(`the alert ${alert} has no annotation "summary"`);
    if (!['critical', 'warning', 'info'].includes(labels?.severity)) fault(`the alert ${alert} has no severity`);
    if (!PAGES.get(REFERENCE).includes(`\n**${alert}.**`)) fault(`${REFERENCE} has no paragraph about ${alert}`);
    if (!tests.includes(`"${alert}"`)) fault(`alerts.test.yml does not test ${alert}`);
    for (const [, job] of expr.matchAll(/\bjob="([^"]*)"/g)) {
      if (!jobs.includes(job)) fault(`the alert ${alert} is about the job ${job}, which prometheus.yml has not`);
    }
  }
  for (const [, name] of PAGES.get(REFERENCE).matchAll(/^\*\*(Poq\w+)\.\*\*/gm)) {
    if (!rules.some(({ alert }) => alert === name)) fault(`${REFERENCE} tells of an alert ${name}, which there is not`);
  }
  return rules.length;
});

// The image and compose.
await prove('.dockerignore leaves in all that the image is built from', () => checkContext(ROOT));
const image = await readImage(ROOT);
await prove('docker-compose.yml has only keys that compose has and these checks know', () => keys(project));
await prove('packaging/compose/prepare.sh makes all that docker-compose.yml wants, each secret for its reader alone', () =>
  checkPrepare(ROOT, folder, project, image));
await prove('what a service waits for can happen', () => compose.order(project, image));
await prove('every published port is bound to 127.0.0.1', () => compose.ports(project.services));
await prove('no secret is in an environment variable or a command', () => compose.secrets(project.services));
await prove('secrets, networks, volumes and mounted files fit, and every service has a version, a limit and a restart policy', () =>
  compose.parts(project, ROOT));
await prove('Prometheus reaches what it is to read', () => compose.targets(prometheus, project));

// Commands.
await prove('our programs accept every command of docker-compose.yml', async () => {
  const ours = compose.ours(project);
  for (const [name, words] of ours) await programs.accepts(words, `docker-compose.yml, ${name}`);
  return ours.map(([name]) => name).join(', ');
});
await prove('our programs accept every command of the systemd units', async () => {
  for (const unit of UNITS) {
    const lines = (await text(`packaging/systemd/${unit}.service`)).replace(/\\\n/g, ' ').split('\n');
    const starts = lines.filter((line) => /^Exec\w+=/.test(line)).map((line) => line.replace(/^Exec\w+=[-@:+!]*/, ''));
    if (starts.length === 0) fault(`the unit ${unit} starts nothing`);
    for (const start of starts) {
      const [words] = commands(filledIn(start, lines));
      await programs.accepts([words[0].split('/').at(-1), ...words.slice(1)], `the unit ${unit}`);
    }
  }
  return UNITS.join(', ');
});

/** What a unit starts, with its variables and specifiers replaced as systemd does. */
function filledIn(start, lines) {
  const set = lines.map((line) => line.match(/^Environment="?(\w+)=(.*?)"?$/)).filter(Boolean);
  const variables = new Map([['CREDENTIALS_DIRECTORY', '/run/credentials'], ...set.map(([, name, value]) => [name, value])]);
  return start.replace(/\$\{?(\w+)\}?/g, (whole, name) => variables.get(name) ?? whole).replaceAll('%d', '/run/credentials');
}

// The documents.
const shell = [...PAGES].flatMap(([path, page]) => blocks(page).map((block) => ({ path, ...block })));
await prove('the documents: runnable blocks use only commands and flags that exist', () =>
  checkBlocks(shell.filter(({ runnable }) => runnable), programs));
await prove('the documents: so do the other blocks', () => checkBlocks(shell.filter(({ runnable }) => !runnable), programs));
await prove('the documents start compose as docker-compose.yml says', async () => {
  const head = (await text('docker-compose.yml')).split('\n').filter((line) => line.startsWith('#   ')).map((line) => line.slice(4).split(' #')[0].trim());
  const told = shell.flatMap(({ script }) => script.trim().split('\n')).filter((line) => /^docker |^packaging\/compose\//.test(line));
  if (`${told}` !== `${head}`) fault(`the documents have "${told.join('; ')}", and docker-compose.yml "${head.join('; ')}"`);
  return told.length;
});
await prove('the documents: so do commands in their text', async () => {
  let checked = 0;
  for (const [path, page] of PAGES) checked += await checkProse(page.replace(/^ *```.*?^ *```/gms, ''), path, programs);
  return checked;
});
await prove('alerts.yml: so do commands in what to do', async () => {
  let checked = 0;
  for (const { alert, annotations } of rules) checked += await checkProse(annotations?.action ?? '', `the alert ${alert}`, programs);
  return checked;
});
await prove(`${LOG_LINES} explains every warning and error of our code`, () => checkLogLines(PAGES.get(LOG_LINES), ROOT));

console.log(faultCount() === 0 ? 'All of it fits.' : `${faultCount()} faults.`);
process.exit(faultCount() === 0 ? 0 : 1);
