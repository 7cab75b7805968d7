// docs/users.md shows scripts of this folder and explains the pallet's errors: both must be as they
// are.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../lib/repository.mjs';

const SCRIPTS = ['first-task.mjs', 'view.mjs'];
/** A reader should take in the first one at a glance. */
const MOST_LINES = 30;

export function readDocument() {
  return readFile(join(ROOT, 'docs/users.md'), 'utf8');
}

export async function checkDocument(api, say) {
  const document = await readDocument();
  for (const name of SCRIPTS) {
    const script = await readFile(new URL(name, import.meta.url), 'utf8');
    assert.ok(document.includes(`\`\`\`js\n${script}\`\`\``), `docs/users.md does not show ${name} as it is`);
    const { length } = script.trimEnd().split('\n');
    assert.ok(length < MOST_LINES, `${name} has ${length} lines`);
    say(`it shows ${name} as it is, ${length} lines`);
  }
  const errors = Object.values(api.errors.proofOfQuality).map(({ meta }) => meta.name.toString());
  const [, table] = document.split('## Errors');
  const explained = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names]) => names.match(/\w+/g));
  assert.deepEqual(errors.filter((name) => !explained.includes(name)), [], 'docs/users.md does not explain these errors');
  const unknown = explained.filter((name) => !errors.includes(name));
  assert.deepEqual(unknown, [], 'docs/users.md explains errors that do not exist');
  say(`it explains all ${errors.length} errors of the pallet`);
}
