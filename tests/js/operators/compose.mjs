// What docker-compose.yml opens, what it gives away, and whether its parts fit.

import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { healthOf, oursOf, waitsFor } from './compose/project.mjs';
import { PROGRAMS } from '../lib/programs.mjs';
import { fault } from '../lib/report.mjs';

const SECRET_NAME = /SECRET|PASSWORD|PASSWD|TOKEN|MNEMONIC|SEED|SURI|PRIVATE|CREDENTIAL|API_?KEY|(^|_)KEY($|_)/i;
/** Names that end so hold the path of a secret. */
const FILE_NAME = /FILE$/;
/** Flags of our programs that would take a secret itself. */
const SECRET_FLAGS = /^--(node-key|password|suri|secret|seed|mnemonic|token|openai-key)(=|$)/;
/** 32 bytes in hexadecimal digits, a secret URI, or a phrase of twelve words or more. */
const SECRET_VALUE = /(^|[=\s])((0x)?[0-9a-f]{64}|\/\/[A-Z]\w*|([a-z]{3,8} ){11,}[a-z]{3,8})(\s|$)/;

const entries = (value) =>
  Array.isArray(value)
    ? value.map((line) => [line.split('=')[0], line.split('=').slice(1).join('=')])
    : Object.entries(value ?? {});

export const commandOf = (service) => [service.entrypoint ?? [], service.command ?? []].flat();

/** Every published port is bound to 127.0.0.1. */
export function ports(services) {
  const bound = [];
  for (const [name, service] of Object.entries(services)) {
    for (const port of service.ports ?? []) {
      const host = typeof port === 'object' ? port.host_ip : `${port}`.match(/^(.*):[\d-]+:[\d-]+(\/\w+)?$/)?.[1];
      if (host === '127.0.0.1') bound.push(`${name} ${typeof port === 'object' ? port.published : port}`);
      else fault(`the service ${name} publishes ${JSON.stringify(port)} beyond 127.0.0.1`);
    }
  }
  return bound.join(', ');
}

/** No secret is in the environment, in the command, or in what a build gets. */
export function secrets(services) {
  let looked = 0;
  for (const [name, service] of Object.entries(services)) {
    const environment = [...entries(service.environment), ...entries(service.build?.args)];
    for (const [variable, value] of environment) {
      looked += 1;
      if (SECRET_NAME.test(variable) && !FILE_NAME.test(variable)) fault(`the service ${name} has a secret in its environment: ${variable}`);
      else if (FILE_NAME.test(variable) && SECRET_NAME.test(variable) && !`${value}`.startsWith('/run/secrets/')) {
        fault(`${variable} of the service ${name} is not the path of a secret`);
      } else if (SECRET_VALUE.test(`${value}`)) fault(`the variable ${variable} of the service ${name} looks like a secret`);
    }
    for (const word of commandOf(service)) {
      looked += 1;
      if (SECRET_FLAGS.test(word)) fault(`the command of ${name} takes a secret: ${word.split('=')[0]}`);
      if (SECRET_VALUE.test(word)) fault(`the command of ${name} has what looks like a secret`);
    }
  }
  return `${looked} variables and words`;
}

/** Each service of our image with its command, which begins with one of our programs. */
export function ours(compose) {
  const all = oursOf(compose).map((name) => [name, commandOf(compose.services[name])]);
  return all.filter(([name, words]) => PROGRAMS.includes(words[0]) || fault(`the service ${name} does not run one of our programs, but ${words[0]}`));
}

/**
 * What a service waits for is another service, which has a health check if it is to be healthy;
 * nothing waits for itself.
 */
export function order(compose, image) {
  let waits = 0;
  const check = (name, before) => {
    for (const [other, condition] of waitsFor(compose.services[name])) {
      waits += 1;
      const service = compose.services[other];
      if (!service) fault(`${name} waits for ${other}, and there is no such service`);
      else if (condition === 'service_healthy' && !healthOf(service, service.build ? image : {})) fault(`${name} waits until ${other} is healthy, which nothing tells`);
      else if (!['service_healthy', 'service_started'].includes(condition)) fault(`${name} waits for ${other} to be ${condition}`);
      else if (before.includes(other)) fault(`${[...before, other].join(' waits for ')}`);
      else check(other, [...before, other]);
    }
  };
  for (const name of Object.keys(compose.services)) check(name, [name]);
  return waits;
}

/**
 * Secrets, volumes and networks that are used are declared, secrets come from files, and mounted
 * files exist.
 */
export async function parts(compose, folder) {
  let used = 0;
  const declared = (kind, name, service) => {
    used += 1;
    if (!(name in (compose[kind] ?? {}))) fault(`the service ${service} uses ${name}, which is not among the ${kind}`);
  };
  for (const [name, service] of Object.entries(compose.services)) {
    (service.secrets ?? []).forEach((secret) => declared('secrets', secret.source ?? secret, name));
    (service.networks ?? []).forEach((network) => declared('networks', network, name));
    for (const word of commandOf(service)) {
      const [, secret] = `${word}`.match(/\/run\/secrets\/([\w-]+)/) ?? [];
      if (secret && !(service.secrets ?? []).includes(secret)) fault(`the command of ${name} reads the secret ${secret}, which it does not get`);
    }
    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(':');
      if (!source.startsWith('.')) declared('volumes', source, name);
      else {
        used += 1;
        await access(resolve(folder, source)).catch(() => fault(`the service ${name} mounts ${source}, which does not exist`));
      }
    }
    if (/:latest$|^[^:]+$/.test(service.image)) fault(`the image of ${name} has no version`);
    if (!service.restart) fault(`the service ${name} has no restart policy`);
    if (!service.deploy?.resources?.limits?.memory) fault(`the service ${name} has no limit of memory`);
  }
  for (const [name, secret] of Object.entries(compose.secrets ?? {})) if (!secret.file) fault(`the secret ${name} comes from no file`);
  return used;
}

/** What Prometheus is to read are services, and their networks meet. */
export function targets(prometheus, compose) {
  const read = [];
  for (const { static_configs: configs } of prometheus.scrape_configs) {
    for (const target of configs.flatMap((config) => config.targets)) {
      const [host] = target.split(':');
      const service = compose.services[host];
      read.push(target);
      if (!service) fault(`prometheus.yml reads ${target}, and docker-compose.yml has no such service`);
      else if (!service.networks.some((network) => compose.services.prometheus.networks.includes(network))) {
        fault(`prometheus.yml reads ${target}, and no network joins them`);
      }
    }
  }
  return read.join(', ');
}
