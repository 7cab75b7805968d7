// Gives an account money on a network of one's own: Alice's, whose key everybody knows. Elsewhere nobody has such a key.
//
// Usage: node docs/operations/fund.mjs URL ACCOUNT AMOUNT
//   URL      of a node of a network of the chain `local` or `dev`, such as ws://127.0.0.1:9944
//   AMOUNT   in whole tokens

import { account, connect, submit } from '../../tests/polkadot-js/chain.mjs';

const [url, address, amount] = process.argv.slice(2);
if (!/^\d+$/.test(amount)) {
  console.error('Usage: node docs/operations/fund.mjs URL ACCOUNT AMOUNT');
  process.exit(2);
}
const api = await connect(url);
const [decimals] = api.registry.chainDecimals;
const transfer = api.tx.balances.transferKeepAlive(address, BigInt(amount) * 10n ** BigInt(decimals));
const refused = await submit(api, transfer, account('//Alice'), -1);
if (refused) console.error(`refused: ${refused.name} ${refused.sentence}`);
else console.log(`${address} has ${amount} ${api.registry.chainTokens[0]} more`);
process.exit(refused ? 1 : 0);
