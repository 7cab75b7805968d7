// Gives an account money on a network of one's own. It is the money of Alice, whose key everybody
// knows, so this works nowhere else. The library comes from where `make setup` installs it.
//
// Usage: node docs/operations/fund.mjs URL ACCOUNT AMOUNT
//   URL      of a node of a network of the chain `local` or `dev`, such as ws://127.0.0.1:9944
//   AMOUNT   in whole tokens

import { createRequire } from 'node:module';

const installed = createRequire(new URL('../../tests/js/package.json', import.meta.url));
const { ApiPromise, Keyring, WsProvider } = installed('@polkadot/api');

const [url, address, amount] = process.argv.slice(2);
if (!/^\d+$/.test(amount)) {
  console.error('Usage: node docs/operations/fund.mjs URL ACCOUNT AMOUNT');
  process.exit(2);
}
const api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
const [decimals] = api.registry.chainDecimals;
const alice = new Keyring({ type: 'sr25519' }).addFromUri('//Alice');
const transfer = api.tx.balances.transferKeepAlive(address, BigInt(amount) * 10n ** BigInt(decimals));

const refused = await new Promise((resolve, reject) => {
  const hear = ({ status, dispatchError: error, internalError }) => {
    if (status.isInvalid || status.isDropped || status.isUsurped || status.isFinalityTimeout) {
      reject(new Error(`the transaction ended up ${status.type}`));
    }
    if (!status.isInBlock && !status.isFinalized) return;
    if (internalError) reject(internalError);
    resolve(error && (error.isModule ? describe(error.asModule) : `${error.isToken ? error.asToken.type : error.type}`));
  };
  transfer.signAndSend(alice, { nonce: -1 }, hear).catch(reject);
});
if (refused) console.error(`refused: ${refused}`);
else console.log(`${address} has ${amount} ${api.registry.chainTokens[0]} more`);
process.exit(refused ? 1 : 0);

/** The name of a pallet's error and its sentence. */
function describe(code) {
  const { name, docs } = api.registry.findMetaError(code);
  return `${name} ${docs.join(' ')}`;
}
