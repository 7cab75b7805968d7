// A hub of models on loopback that behaves like Hugging Face's, with the project's own model under
// any name.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { atEnd } from '../lib/place.mjs';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const FILES = {
  'onnx/model.onnx': 'model.onnx',
  'onnx/model.onnx_data': 'model.onnx_data',
  'tokenizer.json': 'tokenizer.json',
  'config.json': 'config.json',
};

/** Starts it and returns its address. */
export async function startHub(model) {
  const files = new Map(Object.entries(FILES).map(([path, name]) => [path, readFileSync(join(model, name))]));
  const siblings = [...files].map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    ...(rfilename.startsWith('onnx/') && { lfs: { sha256: createHash('sha256').update(bytes).digest('hex') } }),
  }));
  const server = createServer(({ url }, response) => {
    const file = files.get(url.split(`/resolve/${COMMIT}/`)[1]);
    if (/^\/api\/models\/[^/]+\/[^/]+\/revision\/main(\?|$)/.test(url)) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ sha: COMMIT, siblings, cardData: { license: 'apache-2.0' } }));
    } else if (file) response.end(file);
    else response.writeHead(404).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  atEnd(() => server.closeAllConnections());
  return `http://127.0.0.1:${server.address().port}`;
}
