//! Joining and leaving as an evaluator or an inference node, and governing a development chain.

use crate::{
    chain::Chain,
    error::ClientError,
    protocol::{Parameters, Role, PALLET},
    transactions::Included,
};
use subxt::ext::scale_encode::EncodeAsType;
use subxt_signer::sr25519::Keypair;

impl Chain {
    /// Becomes an evaluator. Key and proof are what `poq-node evaluator-key` prints.
    pub async fn join_evaluators(
        &self,
        signer: &Keypair,
        key: [u8; 32],
        proof: [u8; 64],
        bond: u128,
    ) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "join_evaluators", (key, proof, bond)).await
    }

    /// Becomes an inference node.
    pub async fn join_inference(&self, signer: &Keypair, bond: u128) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "join_inference", (bond,)).await
    }

    /// Increases a bond.
    pub async fn add_bond(&self, signer: &Keypair, role: Role, amount: u128) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "add_bond", (role, amount)).await
    }

    /// Stops being drawn.
    pub async fn leave(&self, signer: &Keypair, role: Role) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "leave", (role,)).await
    }

    /// Takes the bond home after the unbonding delay.
    pub async fn withdraw_bond(&self, signer: &Keypair, role: Role) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "withdraw_bond", (role,)).await
    }

    /// Is drawn again after having been chilled.
    pub async fn activate(&self, signer: &Keypair, role: Role) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "activate", (role,)).await
    }

    /// Changes the key that signs for an evaluator.
    pub async fn change_key(&self, signer: &Keypair, key: [u8; 32], proof: [u8; 64]) -> Result<Included, ClientError> {
        self.call(signer, PALLET, "change_key", (key, proof)).await
    }

    /// Sets the parameters for new tasks, on a chain whose governance is the sudo key.
    pub async fn sudo_set_parameters(&self, sudo: &Keypair, parameters: Parameters) -> Result<Included, ClientError> {
        let call = RuntimeCall::ProofOfQuality(PalletCall::set_parameters { parameters });
        self.call(sudo, "Sudo", "sudo", (call,)).await
    }
}

/// The runtime's call enum, as far as it is used inside of other calls.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum RuntimeCall {
    ProofOfQuality(PalletCall),
}

#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[allow(non_camel_case_types)] // The metadata's name.
enum PalletCall {
    set_parameters { parameters: Parameters },
}
