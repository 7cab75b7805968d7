// The keys of docker-compose.yml. Compose refuses a key that it does not know; others change what a
// check has proven.

import { fault } from '../../lib/report.mjs';

/** What no service shall have, with the reason. */
const REFUSED = {
  version: 'it is obsolete',
  privileged: 'it takes away what keeps a container apart',
  cap_add: 'no program here needs a right',
  devices: 'no program here needs one',
  pid: 'it shows the processes of the machine',
  ipc: 'it shares memory with others',
  network_mode: 'with "host" all its ports are open',
  env_file: 'what is in that file cannot be checked: use secrets',
  user: 'the image says who it runs as',
  container_name: 'then there can be only one such network on a machine',
};

const anything = () => {};
/** What is named freely, such as services. */
const listOf = (keys) => (value, where) => Object.entries(value ?? {}).forEach(([name, one]) => keys(one, `${where} ${name}`));
/**
 * Those that are used; a new one is added here together with the check that knows what it means.
 */
const map = (keys) => (value, where) => {
  for (const [key, one] of Object.entries(value ?? {})) {
    if (REFUSED[key]) fault(`${where} has the key "${key}": ${REFUSED[key]}`);
    else if (keys[key]) keys[key](one, `${where} ${key}`);
    else fault(`${where} has the key "${key}", which this check does not know`);
  }
};
/** Keys that hold plain values, and those that hold more keys. */
const some = (names, keys = {}) => map({ ...Object.fromEntries(names.map((name) => [name, anything])), ...keys });

const SERVICE = some(
  [
    'image', 'command', 'entrypoint', 'init', 'restart', 'read_only', 'tmpfs', 'cap_drop', 'security_opt', 'stop_grace_period', 'networks',
    'environment', 'secrets', 'volumes', 'ports',
  ],
  {
    build: some(['context', 'args']),
    logging: some(['driver'], { options: some(['max-size', 'max-file']) }),
    healthcheck: some(['test', 'interval', 'timeout', 'start_period', 'retries', 'disable']),
    depends_on: (value, where) => (Array.isArray(value) ? anything : listOf(some(['condition'])))(value, where),
    deploy: some([], { resources: some([], { limits: some(['cpus', 'memory', 'pids']), reservations: some(['cpus', 'memory']) }) }),
  },
);
const PROJECT = some(['name'], {
  services: listOf(SERVICE),
  networks: listOf(some(['internal'])),
  volumes: listOf(some([])),
  secrets: listOf(some(['file'])),
});

/**
 * Every key is one that compose has and that these checks know. Keys that begin with x- hold parts
 * for others.
 */
export function keys(project) {
  const used = Object.entries(project).filter(([key]) => !key.startsWith('x-'));
  PROJECT(Object.fromEntries(used), 'docker-compose.yml:');
}
