// Seals, byte by byte as docs/protocol.md has them: what a seal speaks of, the commitment to its
// key, and the encryption.

import { createCipheriv } from 'node:crypto';
import { compactAddLength, compactToU8a, stringToU8a, u8aConcat, u8aToHex } from '@polkadot/util';
import { blake2AsU8a } from '@polkadot/util-crypto';

/** For where any hash is wrong. */
export const SOME_HASH = `0x${'07'.repeat(32)}`;
const SOME_NONCE = `0x${'07'.repeat(12)}`;

/** What the seal of an answer speaks of. */
export function answerContext(api, task, who, prompt) {
  return hash(label('poq/seal/answer-context/1'), api.genesisHash, u64(api, task), who.publicKey, hash(stringToU8a(prompt)));
}

/** What the seal of a judge's scores speaks of. */
export function scoresContext(api, { task, seat, who, model, prompt, answers }) {
  const texts = hash(
    hash(stringToU8a(prompt)),
    compactToU8a(answers.length),
    ...answers.map((answer) => hash(stringToU8a(answer))),
  );
  const place = [u64(api, task), api.createType('u32', seat).toU8a()];
  return hash(label('poq/seal/context/1'), api.genesisHash, ...place, who.publicKey, model, texts);
}

/** A judge's scores, in parts per million, as they are sealed. */
export function scoresAsBytes(api, scores) {
  return u8aConcat(...scores.map((score) => api.createType('u32', score).toU8a()));
}

/** Seals bytes under a key. */
export function seal(context, key, plain) {
  const nonce = hash(label('poq/seal/nonce/1'), key, context, compactAddLength(plain)).subarray(0, 12);
  const secret = hash(label('poq/seal/encryption-key/1'), key);
  const cipher = createCipheriv('chacha20-poly1305', secret, nonce, { authTagLength: 16 });
  cipher.setAAD(context, { plaintextLength: plain.length });
  const ciphertext = u8aConcat(cipher.update(plain), cipher.final(), cipher.getAuthTag());
  // In hexadecimal: polkadot.js would take the first of plain bytes for their length.
  return { commitment: commitment(context, key), nonce, ciphertext: u8aToHex(ciphertext) };
}

/** A seal that holds nothing, though its key is the right one. */
export function emptySeal(context, key, length) {
  return { ...sealOfLength(length), commitment: commitment(context, key) };
}

/** A seal that nobody has a key to. */
export function sealOfLength(length) {
  return { commitment: SOME_HASH, nonce: SOME_NONCE, ciphertext: `0x${'07'.repeat(length)}` };
}

function commitment(context, key) {
  return hash(label('poq/seal/key-commitment/1'), context, key);
}

function hash(...parts) {
  return blake2AsU8a(u8aConcat(...parts));
}

function label(text) {
  return compactAddLength(stringToU8a(text));
}

function u64(api, number) {
  return api.createType('u64', number).toU8a();
}
