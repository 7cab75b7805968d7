// Stands for the container engine: starts and ends the containers of our image in the order that
// compose does, each as a process of this machine.

import { Container } from './container.mjs';
import { healthOf, oursOf, waitsFor } from './project.mjs';

export class Containers {
  #project;
  #image;
  #places;
  #running = new Map();

  constructor(project, image, places) {
    this.#project = project;
    this.#image = image;
    this.#places = places;
  }

  get names() {
    return oursOf(this.#project);
  }

  /** The container of that name, or undefined if it was never started. */
  of(name) {
    return this.#running.get(name);
  }

  /**
   * Starts all, each after what it depends on, as `docker compose up` does; then waits until all
   * are healthy.
   */
  async up() {
    const asked = this.names.filter((name) => healthOf(this.#project.services[name], this.#image));
    const start = (name) => {
      this.#running.set(name, new Container(name, this.#places.command(name), this.#places.surroundings(name)));
      // Its health is watched from the start; whoever waits for it hears of a failure.
      if (asked.includes(name)) this.#healthy(name).catch(() => {});
    };
    await this.#inOrder(start, (name) => waitsFor(this.#project.services[name]));
    await Promise.all(asked.map((name) => this.#healthy(name)));
    return asked.map((name) => `${name} after ${this.of(name).healthyAfter.toFixed(1)} s`).join(', ');
  }

  /** Ends all as `docker compose down` does, those first that depend on others. */
  async down() {
    const waitFor = (name) => this.names.filter((other) => waitsFor(this.#project.services[other]).some(([one]) => one === name));
    let longest = 0;
    const stop = async (name) => {
      longest = Math.max(longest, await this.of(name).stop(seconds(this.#project.services[name].stop_grace_period ?? '10s')));
    };
    await this.#inOrder(stop, (name) => waitFor(name).map((other) => [other]));
    return `within ${longest.toFixed(1)} s`;
  }

  /** Fails if a container has ended by itself. */
  check() {
    for (const container of this.#running.values()) container.check();
  }

  /**
   * Does something for each container after it is done for all that this one waits for, and what it
   * waits for there holds.
   */
  async #inOrder(act, waits) {
    const done = new Map();
    const reach = (name, before) => {
      if (before.includes(name)) throw new Error([...before, name].join(' waits for '));
      if (!done.has(name)) done.set(name, begin(name, [...before, name]));
      return done.get(name);
    };
    const begin = async (name, before) => {
      await Promise.all(waits(name).map(async ([other, condition]) => {
        await reach(other, before);
        if (condition === 'service_healthy') await this.#healthy(other);
      }));
      await act(name);
    };
    await Promise.all(this.names.map((name) => reach(name, [])));
  }

  #healthy(name) {
    const { words, timeout } = this.#places.health(name);
    return this.of(name).healthy(words, seconds(timeout));
  }
}

function seconds(duration) {
  const [, number] = duration.match(/^(\d+)s$/) ?? [];
  if (number === undefined) throw new Error(`this check reads only durations in seconds, not ${duration}`);
  return Number(number);
}
