//! How the runtime turns a call of an off-chain worker into a transaction.
//!
//! Such a call authorizes itself (`#[pallet::authorize]`), so the transaction carries no signature,
//! no nonce and no fee.

#![deny(missing_docs)]

use frame_system::offchain::{CreateAuthorizedTransaction, CreateTransaction, CreateTransactionBase};
use sp_runtime::generic::Era;

use crate::{Runtime, RuntimeCall, TxExtension, UncheckedExtrinsic};

impl<LocalCall> CreateTransactionBase<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<LocalCall> CreateTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    type Extension = TxExtension;

    fn create_transaction(call: RuntimeCall, extension: TxExtension) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_transaction(call, extension)
    }
}

impl<LocalCall> CreateAuthorizedTransaction<LocalCall> for Runtime
where
    RuntimeCall: From<LocalCall>,
{
    /// The whole tuple, because without `AuthorizeCall` in it nothing would authorize the call.
    fn create_extension() -> TxExtension {
        (
            frame_system::AuthorizeCall::new(),
            frame_system::CheckNonZeroSender::new(),
            frame_system::CheckSpecVersion::new(),
            frame_system::CheckTxVersion::new(),
            frame_system::CheckGenesis::new(),
            // The call's own authorization says how long the transaction stays valid.
            frame_system::CheckMortality::from(Era::Immortal),
            frame_system::CheckNonce::from(0),
            frame_system::CheckWeight::new(),
            pallet_transaction_payment::ChargeTransactionPayment::from(0),
            frame_metadata_hash_extension::CheckMetadataHash::new(false),
            frame_system::WeightReclaim::new(),
        )
    }
}
