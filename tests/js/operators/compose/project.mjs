// docker-compose.yml as compose reads it, with its anchors merged and its variables filled in, and
// what the Dockerfile says of the image that most of its containers are made from.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

const VARIABLE = /\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-?])([^{}]*))?\})?/g;

/** The file of that folder; without variables their expressions stay as they are. */
export async function readProject(folder, variables) {
  const project = parse(await readFile(join(folder, 'docker-compose.yml'), 'utf8'), { merge: true });
  return variables ? fill(project, variables) : project;
}

/**
 * All values in it with what the variables in them are, or an error if one that is needed is not
 * there.
 */
function fill(value, variables) {
  if (Array.isArray(value)) return value.map((one) => fill(one, variables));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, variables)]));
  }
  if (typeof value !== 'string') return value;
  return value.replace(VARIABLE, (expression, dollar, bare, braced, operator = '', text = '') => {
    if (dollar) return dollar;
    const name = bare ?? braced;
    if (name === undefined) throw new Error(`docker-compose.yml has a "$" that begins no variable: ${value}`);
    const known = operator.startsWith(':') ? variables[name] : variables[name] !== undefined;
    if (known) return variables[name];
    if (operator.endsWith('-')) return text;
    throw new Error(`docker-compose.yml needs ${name}, which is not in .env${text && `: ${text}`}`);
  });
}

/** The names of all variables in it, each with whether compose refuses to start without it. */
export function variablesOf(value, found = new Map()) {
  if (typeof value === 'string') {
    for (const [, , bare, braced, operator = ''] of value.matchAll(VARIABLE)) {
      const name = bare ?? braced;
      if (name) found.set(name, found.get(name) || !operator.endsWith('-'));
    }
  } else if (value !== null && typeof value === 'object') Object.values(value).forEach((one) => variablesOf(one, found));
  return found;
}

/**
 * The names of the services that run our image. The others are Prometheus and Grafana, as their
 * makers publish them.
 */
export const oursOf = (project) => Object.keys(project.services).filter((name) => project.services[name].build);

/** What a container of our image has where compose says nothing else. */
export async function readImage(root) {
  const [, healthPort] = (await readFile(join(root, 'packaging/health'), 'utf8')).match(/\$\{1:-(\d+)\}/);
  const last = (await readFile(join(root, 'Dockerfile'), 'utf8')).split(/^FROM /m).at(-1);
  const find = (pattern) => {
    const found = last.match(pattern);
    if (!found) throw new Error(`the image of the Dockerfile has no line like ${pattern}`);
    return found.slice(1);
  };
  const [user, group] = find(/^USER (\d+):(\d+)$/m).map(Number);
  const [programs] = find(/^COPY --from=build \S+ (\/\S+)\/$/m);
  const [health] = find(/^COPY packaging\/health (\/\S+)$/m);
  const [model, modelInside] = find(/^COPY (models\/\S+) (\/\S+)$/m);
  const [folder] = find(/^WORKDIR (\S+)$/m);
  const [home] = find(/^ +&& useradd .*--home-dir (\S+) /m);
  const [check] = find(/^HEALTHCHECK .*CMD (\[.*\])$/m);
  const healthcheck = { test: ['CMD', ...JSON.parse(check)] };
  return { user, group, programs, health, healthPort, model, modelInside, folder, home, healthcheck };
}

/** How it is found out whether a service is healthy, or undefined if it has nothing to ask. */
export function healthOf(service, image) {
  const check = { ...image.healthcheck, ...service.healthcheck };
  return check.disable || [undefined, 'NONE'].includes(check.test?.[0]) ? undefined : check;
}

/** What a service waits for before it starts: other services, each with the condition. */
export function waitsFor({ depends_on: depends = {} }) {
  if (Array.isArray(depends)) return depends.map((name) => [name, 'service_started']);
  return Object.entries(depends).map(([name, { condition }]) => [name, condition]);
}
