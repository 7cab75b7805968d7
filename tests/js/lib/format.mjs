// How values are shown to people.

/**
 * A value in one line of at most `most` letters.
 *
 * @param {unknown} value
 * @param {number} [most]
 * @returns {string}
 */
export function shorten(value, most = 110) {
  const plain = (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner);
  const text = typeof value === 'string' ? value.replace(/\s+/g, ' ') : JSON.stringify(value, plain);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/**
 * An amount in tokens. The chain counts in units of 10^-12.
 *
 * @param {bigint | number | { toString(): string }} amount
 * @returns {string}
 */
export function tokens(amount) {
  return `${Number(amount) / 1e12} POQ`;
}

/**
 * A share in millionths as a percentage.
 *
 * @param {number} share
 * @returns {string}
 */
export function percent(share) {
  return `${share / 10_000} %`;
}
