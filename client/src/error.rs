//! What can go wrong between this client and a chain, in sentences that say what to do.

use crate::{amount::AmountError, keys::KeyError, protocol::TaskId};
use subxt::{
    error::{DispatchError, TokenError},
    rpcs,
};

/// Why something did not work.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No connection could be made.
    #[error("no node answers at {url} ({reason}); start one, or name another with --node or POQ_NODE")]
    Unreachable {
        /// Where the node should be.
        url: String,
        /// What the transport said.
        reason: String,
    },
    /// The connection was lost. Connect again.
    #[error("the connection to the node was lost ({0}); is it still running?")]
    Disconnected(String),
    /// The chain does not have the pallet.
    #[error("the chain {chain:?} at {url} has no pallet ProofOfQuality; is this the right node?")]
    NoPallet {
        /// What the chain calls itself.
        chain: String,
        /// Where it is.
        url: String,
    },
    /// The chain's interface is not the one that this client knows.
    #[error("this client does not understand the chain ({0}); use the client that belongs to the node's version")]
    Incompatible(String),
    /// No such task.
    #[error("task {0} is not on the chain: it was never submitted, or its retention is over")]
    UnknownTask(TaskId),
    /// A pallet refused a call.
    #[error("the chain refused the call: {explanation} ({pallet}.{error})")]
    Refused {
        /// The pallet.
        pallet: String,
        /// The error's name in the metadata.
        error: String,
        /// The error's documentation in the metadata.
        explanation: String,
    },
    /// The runtime refused a call for a reason that is not a pallet's.
    #[error("the chain refused the call: {0}")]
    Dispatch(String),
    /// The account cannot afford what the call puts on hold or transfers.
    #[error(
        "the account has not enough free balance for this; see `poq status ACCOUNT`, then fund it or ask for less"
    )]
    InsufficientFunds,
    /// The account cannot pay the fee.
    #[error("the account cannot pay the transaction fee; fund it first (`poq status ACCOUNT` shows its balance)")]
    CannotPayFees,
    /// The node's pool did not take the transaction.
    #[error("the node did not take the transaction: {message} (code {code})")]
    Rejected {
        /// The JSON-RPC error code.
        code: i32,
        /// What the node said.
        message: String,
    },
    /// The transaction left the pool without being included.
    #[error("the transaction was dropped before it got into a block ({0}); try again")]
    Dropped(String),
    /// The transaction was not included in time.
    #[error("the transaction did not get into a block within {0} seconds; does the chain produce blocks?")]
    NotIncluded(u64),
    /// The transaction was included and its effect cannot be found.
    #[error("the call went through but its event {0} is missing; use the client that belongs to the node's version")]
    MissingEvent(&'static str),
    /// A task did not end in time.
    #[error("the task did not end within {0} seconds; `poq watch --task` shows where it stands")]
    NotEnded(u64),
    /// A key could not be loaded.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An amount could not be read.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// Something else between client and node.
    #[error("the node's reply cannot be used: {0}")]
    Chain(Box<subxt::Error>),
}

impl ClientError {
    /// Whether a new connection may help.
    pub fn is_connection(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Disconnected(_))
    }

    /// The name of the pallet's error, if the pallet ProofOfQuality refused a call.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Refused { pallet, error, .. } if pallet == crate::protocol::PALLET => Some(error),
            _ => None,
        }
    }
}

impl From<DispatchError> for ClientError {
    fn from(error: DispatchError) -> Self {
        match &error {
            DispatchError::Module(module) => match module.details() {
                Ok(details) => {
                    let (pallet, name) = (details.pallet.name().to_owned(), details.variant.name.clone());
                    if pallet == "Balances" && name == "InsufficientBalance" {
                        return Self::InsufficientFunds;
                    }
                    let docs = details.variant.docs.join(" ");
                    let explanation = docs.split_whitespace().collect::<Vec<_>>().join(" ");
                    Self::Refused { pallet, error: name, explanation }
                }
                Err(_) => Self::Dispatch(error.to_string()),
            },
            DispatchError::Token(TokenError::FundsUnavailable | TokenError::NotExpendable) => Self::InsufficientFunds,
            DispatchError::BadOrigin | DispatchError::RootNotAllowed => {
                Self::Dispatch("this account is not allowed to do this".into())
            }
            other => Self::Dispatch(other.to_string()),
        }
    }
}

/// The pool's words for an account that cannot pay.
const CANNOT_PAY: &str = "Inability to pay some fees";

impl From<&rpcs::UserError> for ClientError {
    fn from(error: &rpcs::UserError) -> Self {
        let detail = error.data.as_ref().map(|data| data.get().trim_matches('"').to_owned());
        let message = match detail {
            Some(detail) if !detail.is_empty() => format!("{}: {detail}", error.message),
            _ => error.message.clone(),
        };
        match message.contains(CANNOT_PAY) {
            true => Self::CannotPayFees,
            false => Self::Rejected { code: error.code, message },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_an_account_that_cannot_pay() {
        let error = rpcs::UserError {
            code: 1010,
            message: "Invalid Transaction".into(),
            data: serde_json::value::RawValue::from_string(
                "\"Inability to pay some fees (e.g. account balance too low)\"".into(),
            )
            .ok(),
        };
        assert!(matches!(ClientError::from(&error), ClientError::CannotPayFees));
    }

    #[test]
    fn keeps_what_the_pool_said() {
        let error = rpcs::UserError { code: 1014, message: "Priority is too low".into(), data: None };
        assert_eq!(
            ClientError::from(&error).to_string(),
            "the node did not take the transaction: Priority is too low (code 1014)"
        );
    }
}
