//! `poq evaluator` and `poq inference`: bonds, keys, leaving and coming back.

use super::{
    arguments::{parse_hex, Signing},
    render::{advise, say},
};
use crate::{
    keys,
    protocol::{Event, Role},
    Chain, ClientError, Included, Keypair,
};
use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Evaluator {
    /// Put up a bond and register the key that the node's off-chain worker signs with.
    Join {
        /// The key that `poq-node evaluator-key` prints.
        #[arg(long, value_name = "HEX", value_parser = parse_hex::<32>)]
        key: [u8; 32],
        /// The proof that it prints.
        #[arg(long, value_name = "HEX", value_parser = parse_hex::<64>)]
        proof: [u8; 64],
        /// The bond, in whole tokens; the smallest that the chain takes if not given.
        #[arg(long, value_name = "AMOUNT")]
        bond: Option<String>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Sign with another key from now on. Keep the old one until seats drawn before are done.
    ChangeKey {
        /// The key that `poq-node evaluator-key` prints.
        #[arg(long, value_name = "HEX", value_parser = parse_hex::<32>)]
        key: [u8; 32],
        /// The proof that it prints.
        #[arg(long, value_name = "HEX", value_parser = parse_hex::<64>)]
        proof: [u8; 64],
        #[command(flatten)]
        signing: Signing,
    },
    #[command(flatten)]
    Bond(Bond),
}

#[derive(Subcommand)]
pub enum Inference {
    /// Put up a bond; from then on the account may be drawn to answer.
    Join {
        /// The bond, in whole tokens; the smallest that the chain takes if not given.
        #[arg(long, value_name = "AMOUNT")]
        bond: Option<String>,
        #[command(flatten)]
        signing: Signing,
    },
    #[command(flatten)]
    Bond(Bond),
}

/// What both roles have in common.
#[derive(Subcommand)]
pub enum Bond {
    /// Stop being drawn. Duties that are there must still be done.
    Leave(Signing),
    /// Take the bond home, when the unbonding delay is over.
    Withdraw(Signing),
    /// Be drawn again after having been chilled.
    Activate(Signing),
    /// Increase the bond.
    AddBond(AddBond),
}

#[derive(Args)]
pub struct AddBond {
    /// By how much, in whole tokens.
    amount: String,
    #[command(flatten)]
    signing: Signing,
}

impl Evaluator {
    pub async fn run(self, node: &str) -> anyhow::Result<ExitCode> {
        let role = Role::Evaluator;
        match self {
            Self::Join { key, proof, bond, signing } => {
                let (chain, signer) = ready(node, &signing).await?;
                let bond = bond_or_smallest(&chain, role, bond).await?;
                report(&chain, &signer, role, chain.join_evaluators(&signer, key, proof, bond).await)
            }
            Self::ChangeKey { key, proof, signing } => {
                let (chain, signer) = ready(node, &signing).await?;
                report(&chain, &signer, role, chain.change_key(&signer, key, proof).await)
            }
            Self::Bond(bond) => bond.run(node, role).await,
        }
    }
}

impl Inference {
    pub async fn run(self, node: &str) -> anyhow::Result<ExitCode> {
        let role = Role::Inference;
        match self {
            Self::Join { bond, signing } => {
                let (chain, signer) = ready(node, &signing).await?;
                let bond = bond_or_smallest(&chain, role, bond).await?;
                report(&chain, &signer, role, chain.join_inference(&signer, bond).await)
            }
            Self::Bond(bond) => bond.run(node, role).await,
        }
    }
}

impl Bond {
    async fn run(self, node: &str, role: Role) -> anyhow::Result<ExitCode> {
        let signing = match &self {
            Self::Leave(signing) | Self::Withdraw(signing) | Self::Activate(signing) => signing,
            Self::AddBond(add) => &add.signing,
        };
        let (chain, signer) = ready(node, signing).await?;
        let done = match &self {
            Self::Leave(_) => chain.leave(&signer, role).await,
            Self::Withdraw(_) => chain.withdraw_bond(&signer, role).await,
            Self::Activate(_) => chain.activate(&signer, role).await,
            Self::AddBond(add) => chain.add_bond(&signer, role, chain.token().parse(&add.amount)?).await,
        };
        report(&chain, &signer, role, done)
    }
}

async fn ready(node: &str, signing: &Signing) -> Result<(Chain, Keypair), ClientError> {
    let signer = signing.key()?;
    Ok((Chain::connect(node).await?, signer))
}

async fn bond_or_smallest(chain: &Chain, role: Role, bond: Option<String>) -> Result<u128, ClientError> {
    Ok(match (bond, role) {
        (Some(text), _) => chain.token().parse(&text)?,
        (None, Role::Evaluator) => chain.parameters().await?.evaluator_bond,
        (None, Role::Inference) => chain.parameters().await?.inference_bond,
    })
}

/// Says in one line what happened, and what comes next.
fn report(
    chain: &Chain,
    signer: &Keypair,
    role: Role,
    done: Result<Included, ClientError>,
) -> anyhow::Result<ExitCode> {
    let included = done.map_err(|error| advise(chain, error))?;
    let (who, token, command) = (keys::account(signer), chain.token(), role.command());
    for event in &included.events {
        let line = match event {
            Event::Joined { bond, .. } => format!("{who} is an active {role} with a bond of {}", token.format(*bond)),
            Event::BondAdded { amount, .. } => format!("the bond of {who} grew by {}", token.format(*amount)),
            Event::Leaving { until, .. } => {
                format!("{who} is leaving; from block {until} on: poq {command} withdraw")
            }
            Event::BondWithdrawn { amount, .. } => format!("{} went back to {who}", token.format(*amount)),
            Event::Activated { .. } => format!("{who} is an active {role} again"),
            Event::KeyChanged { key, .. } => {
                let key = hex::encode(key);
                format!("{who} signs with 0x{key} from now on; keep the old key until its seats are done")
            }
            // What the pallet does by itself in a block counts as a part of the block's first
            // transaction, which may be another account's.
            _ => continue,
        };
        say(line)?;
    }
    Ok(ExitCode::SUCCESS)
}
