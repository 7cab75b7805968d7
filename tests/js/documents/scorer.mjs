// Runs the commands of ocw-scorer/README.md and compares what they print with what is shown there.
// The daemon's port is another one, as that may be taken, and models come from a hub on loopback.

import assert from 'node:assert/strict';
import { startHub } from './hub.mjs';
import { freePorts } from '../lib/ports.mjs';
import { repository } from '../lib/place.mjs';
import { answers, Running, Shell, wait } from '../lib/processes.mjs';

/** Scores may differ by this between processors and in the digits that are shown. */
const NEAR = 0.001;

export async function run({ blocks, shown, root, binaries }) {
  const folder = await repository(root, binaries);
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const env = { OCW_SCORER_LISTEN: address, HF_ENDPOINT: await startHub(`${folder}/models/mpnet-judge`) };
  const path = { ...env, PATH: `${folder}/target/release:${process.env.PATH}` };
  const shell = new Shell(folder, env);
  let count = 0;
  for (const { line, script } of blocks) {
    count += 1;
    try {
      if (script.includes('ocw-scorer serve')) {
        new Running(script.trim(), folder, path);
        await wait(() => answers(`http://${address}/health`), () => 'the daemon does not answer');
        continue;
      }
      const { stdout } = await shell.run(script.replaceAll('127.0.0.1:9955', address));
      if (script.includes('/v1/score')) compareVerdicts(stdout, shown('"verdicts"').script);
      if (script.includes('ocw-scorer score')) checkScores(stdout);
    } catch (error) {
      throw Object.assign(error, { line });
    }
  }
  shell.end();
  return `${count} blocks; verdicts are as they are shown`;
}

function checkScores(stdout) {
  const scores = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  assert.ok(scores.length > 100, `only ${scores.length} scores`);
  for (const { score } of scores) assert.ok(score >= 0 && score <= 1, `a score of ${score}`);
  for (const part of ['digest ', 'speed ', 'profile ']) assert.ok(stdout.includes(part), `no line "${part}" in ${stdout}`);
}

/** Compares the response with the one that is shown, in which `...` stands for what is left out. */
function compareVerdicts(stdout, shown) {
  const { model, verdicts } = JSON.parse(stdout.match(/^\{"model".*?\]\}/)[0]);
  const [, digest] = shown.match(/"model": "(\w+)\.\.\."/);
  assert.ok(model.startsWith(digest), `the model is ${model.slice(0, digest.length)}..., shown is ${digest}...`);
  const { score: shownScore, ...rest } = JSON.parse(shown.match(/"verdicts": \[(\{.*?\})/)[1]);
  const { score, ...first } = verdicts[0];
  assert.ok(Math.abs(score - shownScore) <= NEAR, `the score is ${score}, shown is ${shownScore}`);
  assert.deepEqual(first, rest, 'the first verdict is not the one that is shown');
  assert.deepEqual(verdicts.map(({ refused }) => refused), [null, null, 'empty'], 'the guards');
  for (const part of ['"digest"', '# TYPE ocw_scorer_']) assert.ok(stdout.includes(part), `no ${part} in the responses`);
}
