// Sets the chain's parameters as governance does.

/**
 * @typedef {import('@polkadot/api').ApiPromise} Api
 * @typedef {import('@polkadot/api/types').SubmittableExtrinsic<'promise'>} Call
 */

/**
 * A call through sudo that sets all parameters.
 *
 * @param {Api} api
 * @param {object} parameters  as the chain stores them, or as plain values
 * @returns {Call}
 */
export function setParameters(api, parameters) {
  return api.tx.sudo.sudo(api.tx.proofOfQuality.setParameters(parameters));
}

/**
 * The parameters with other values in some places, each named by its path.
 *
 * @param {{ toJSON(): any }} parameters
 * @param {Record<string, unknown>} values
 * @returns {object} plain values
 */
export function changed(parameters, values) {
  const plain = parameters.toJSON();
  for (const [path, value] of Object.entries(values)) {
    const folders = path.split('.');
    const name = folders.pop();
    const place = folders.reduce((inner, folder) => inner[folder], plain);
    if (!(name in place)) throw new Error(`there is no parameter ${path}`);
    place[name] = value;
  }
  return plain;
}
