// Calls a view function of the pallet with polkadot.js, which has no method for them.
// Usage: await view(api, 'answers', task)
// With `await api.at(hash)` in the place of `api`, at that block.
import { u8aConcat, u8aToHex } from '@polkadot/util';

export async function view({ call, registry }, name, ...args) {
  const typed = (type, value) => registry.createType(registry.createLookupType(type), value);
  const pallet = registry.metadata.pallets.find((pallet) => pallet.name.eq('ProofOfQuality'));
  const { id, inputs, output } = pallet.viewFunctions.find((candidate) => candidate.name.eq(name));
  const input = u8aConcat(...inputs.map(({ type }, index) => typed(type, args[index]).toU8a()));
  const result = await call.runtimeViewFunction.executeViewFunction(id.toU8a(), u8aToHex(input));
  return typed(output, result.asOk.toU8a(true));
}
