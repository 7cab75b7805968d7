//! Transactions: numbering, signing, handing over, and waiting until they are in a block.

use crate::{
    chain::{BlockRef, Chain, Config},
    error::ClientError,
    keys,
    protocol::{AccountId, BlockNumber, Event},
    state::pallet_event,
};
use std::time::Duration;
use subxt::{
    config::{substrate::SubstrateExtrinsicParamsBuilder, HashFor},
    error::{BackendError, DispatchError, ExtrinsicError, RpcError, TransactionEventsError},
    events::Event as RawEvent,
    ext::scale_encode::EncodeAsFields,
    rpcs,
    transactions::{DynamicPayload, TransactionInBlock, TransactionProgress, TransactionStatus},
    utils::H256,
};
use subxt_signer::sr25519::Keypair;

/// Blocks for which a transaction stays valid.
const MORTALITY: u64 = 64;
/// A transaction is anchored at most this far below the best block, so that it lives even if
/// finality stands still.
const ANCHOR_DEPTH: BlockNumber = 5;
/// How often a transaction is numbered again because somebody else used the number.
const NUMBERING_ATTEMPTS: u32 = 6;
/// How often a transaction that a pool let go is handed over again.
const HANDING_ATTEMPTS: u32 = 3;
/// How long to wait for a transaction to get into a block.
const INCLUSION_TIMEOUT: Duration = Duration::from_secs(120);

type AtBlock = subxt::client::OnlineClientAtBlockImpl<Config>;
type Progress = TransactionProgress<Config, AtBlock>;

/// A call with its arguments.
pub type Call<Args> = DynamicPayload<Args>;

/// A transaction that a node has taken.
struct Sent {
    nonce: u64,
    progress: Progress,
}

/// A call that went through.
#[derive(Clone, Debug)]
pub struct Included {
    /// The block it is in. Other blocks may still take that block's place until it is finalized.
    pub block: BlockRef,
    /// The transaction's hash.
    pub transaction: H256,
    /// The pallet's events of this call. What the pallet does by itself in a block counts as a part
    /// of the block's first transaction, so events of other accounts may be among them.
    pub events: Vec<Event>,
}

impl Chain {
    /// Signs and sends a call of any pallet, and waits until it is in a block and went through.
    ///
    /// Arguments are a tuple in the order of the call's, or a struct with fields of their names.
    /// Calls may be made concurrently, also from the same account.
    pub async fn call<Args: EncodeAsFields>(
        &self,
        signer: &Keypair,
        pallet: &str,
        call: &str,
        args: Args,
    ) -> Result<Included, ClientError> {
        let payload = subxt::dynamic::transaction(pallet, call, args);
        let sent = self.send(signer, std::slice::from_ref(&payload)).await?;
        match sent.into_iter().next() {
            Some(sent) => self.included(signer, &payload, sent).await,
            None => Err(ClientError::Dropped("it was never sent".into())),
        }
    }

    /// Sends many calls from one account at once, so that they may share a block, and waits for
    /// all.
    ///
    /// Either all are handed over, or this fails as a whole; then the outcome of each is told
    /// apart.
    pub async fn calls<Args: EncodeAsFields>(
        &self,
        signer: &Keypair,
        calls: &[Call<Args>],
    ) -> Result<Vec<Result<Included, ClientError>>, ClientError> {
        let sent = self.send(signer, calls).await?;
        let each = calls.iter().zip(sent).map(|(call, sent)| self.included(signer, call, sent));
        Ok(futures::future::join_all(each).await)
    }

    async fn send<Args: EncodeAsFields>(
        &self,
        signer: &Keypair,
        calls: &[Call<Args>],
    ) -> Result<Vec<Sent>, ClientError> {
        let _turn = self.inner.turn.lock().await;
        let account = keys::account(signer);
        let (mut anchor, mut nonce) = (self.anchor().await?, self.next_nonce(&account).await?);
        let mut sent = Vec::with_capacity(calls.len());
        for call in calls {
            let mut attempt = 1;
            let progress = loop {
                match self.hand_over(signer, call, nonce, anchor).await {
                    Ok(progress) => break progress,
                    Err(error) if attempt < NUMBERING_ATTEMPTS && is_transient(&error) => {
                        attempt += 1;
                        tokio::time::sleep(Duration::from_millis(300)).await;
                        (anchor, nonce) = (self.anchor().await?, self.next_nonce(&account).await?);
                    }
                    Err(error) => return Err(error),
                }
            };
            sent.push(Sent { nonce, progress });
            nonce += 1;
        }
        Ok(sent)
    }

    async fn hand_over<Args: EncodeAsFields>(
        &self,
        signer: &Keypair,
        call: &Call<Args>,
        nonce: u64,
        anchor: BlockRef,
    ) -> Result<Progress, ClientError> {
        let parameters = SubstrateExtrinsicParamsBuilder::<Config>::new()
            .nonce(nonce)
            .mortal_from_unchecked(MORTALITY, u64::from(anchor.number), anchor.hash)
            .build();
        let state = self.at(anchor).await?;
        let mut signable =
            state.at.transactions().create_signable_offline(call, parameters).map_err(|error| self.refused(error))?;
        let signed = signable.sign(signer).map_err(|error| self.refused(error))?;
        signed.submit_and_watch().await.map_err(|error| self.refused(error))
    }

    /// The account's next number, counting what waits in the node's pool.
    async fn next_nonce(&self, account: &AccountId) -> Result<u64, ClientError> {
        self.inner.rpc.system_account_next_index(account).await.map_err(|error| self.fail(error))
    }

    /// The block from which on transactions are valid: deep enough to stay, recent enough to last.
    async fn anchor(&self) -> Result<BlockRef, ClientError> {
        let (best, finalized) = (self.best_block().await?, self.finalized_block().await?);
        let number = best.number.saturating_sub(ANCHOR_DEPTH);
        if finalized.number >= number {
            return Ok(finalized);
        }
        let hash = self.inner.rpc.chain_get_block_hash(Some(number.into())).await.map_err(|error| self.fail(error))?;
        Ok(hash.map_or(finalized, |hash| BlockRef { number, hash }))
    }

    async fn included<Args: EncodeAsFields>(
        &self,
        signer: &Keypair,
        call: &Call<Args>,
        sent: Sent,
    ) -> Result<Included, ClientError> {
        tokio::time::timeout(INCLUSION_TIMEOUT, self.follow_each(signer, call, sent))
            .await
            .unwrap_or(Err(ClientError::NotIncluded(INCLUSION_TIMEOUT.as_secs())))
    }

    /// Follows the transaction, and hands it over again when a pool lets it go: pools do so to
    /// transactions whose fork lost. It keeps its number, so it cannot take effect twice: where the
    /// first one did get into a block, the second one is refused.
    async fn follow_each<Args: EncodeAsFields>(
        &self,
        signer: &Keypair,
        call: &Call<Args>,
        sent: Sent,
    ) -> Result<Included, ClientError> {
        let mut progress = sent.progress;
        for _ in 1..HANDING_ATTEMPTS {
            let why = match self.follow(progress).await {
                Err(ClientError::Dropped(why)) => why,
                other => return other,
            };
            let anchor = self.anchor().await?;
            progress = self
                .hand_over(signer, call, sent.nonce, anchor)
                .await
                .map_err(|again| ClientError::Dropped(format!("{why}, and a second time: {again}")))?;
        }
        self.follow(progress).await
    }

    async fn follow(&self, mut progress: Progress) -> Result<Included, ClientError> {
        while let Some(status) = progress.next().await {
            match status.map_err(|error| self.fail(error))? {
                TransactionStatus::InBestBlock(place) | TransactionStatus::InFinalizedBlock(place) => {
                    return self.outcome_in(place).await
                }
                TransactionStatus::Error { message }
                | TransactionStatus::Invalid { message }
                | TransactionStatus::Dropped { message } => return Err(ClientError::Dropped(message)),
                TransactionStatus::Validated
                | TransactionStatus::Broadcasted
                | TransactionStatus::NoLongerInBestBlock => (),
            }
        }
        Err(match self.is_connected() {
            true => ClientError::Dropped("the node stopped reporting on it".into()),
            false => ClientError::Disconnected("while waiting for a transaction".into()),
        })
    }

    async fn outcome_in(&self, place: TransactionInBlock<Config, AtBlock>) -> Result<Included, ClientError> {
        let events = match place.wait_for_success().await {
            Ok(events) => events,
            Err(TransactionEventsError::ExtrinsicFailed(error)) => return Err(error.into()),
            Err(error) => return Err(self.fail(error)),
        };
        let hash: HashFor<Config> = place.block_hash();
        let at = place.at().await.map_err(|error| self.fail(error))?;
        let mut ours = Vec::new();
        for event in events.iter() {
            if let Ok(event) = &event {
                self.check_sudo(event, &at)?;
            }
            ours.extend(pallet_event(self, event)?);
        }
        let block = BlockRef { number: at.block_number() as BlockNumber, hash };
        Ok(Included { block, transaction: place.extrinsic_hash(), events: ours })
    }

    /// Sudo's own call succeeds even if the call inside fails.
    fn check_sudo(
        &self,
        event: &RawEvent<'_, Config>,
        at: &subxt::OnlineClientAtBlock<Config>,
    ) -> Result<(), ClientError> {
        if (event.pallet_name(), event.event_name()) != ("Sudo", "Sudid") {
            return Ok(());
        }
        match event.field_bytes() {
            [1, error @ ..] => match DispatchError::decode_from(error, at.metadata()) {
                Ok(error) => Err(error.into()),
                Err(error) => Err(ClientError::Dispatch(error.to_string())),
            },
            _ => Ok(()),
        }
    }

    /// Says why a transaction could not be made or was not taken.
    fn refused(&self, error: ExtrinsicError) -> ClientError {
        match &error {
            ExtrinsicError::ErrorSubmittingTransaction(BackendError::Rpc(RpcError::ClientError(
                rpcs::Error::User(user),
            ))) => user.into(),
            ExtrinsicError::EncodeError(_)
            | ExtrinsicError::PalletNameNotFound(_)
            | ExtrinsicError::CallNameNotFound { .. }
            | ExtrinsicError::Params(_)
            | ExtrinsicError::UnsupportedVersion => ClientError::Incompatible(error.to_string()),
            _ => self.fail(error),
        }
    }
}

/// Whether the pool may take the transaction with another number or anchor.
fn is_transient(error: &ClientError) -> bool {
    /// Invalid, banned for a while, there already, too low a priority to replace another, pool
    /// full.
    const INVALID: i32 = 1010;
    const TRANSIENT: [i32; 4] = [1012, 1013, 1014, 1016];
    match error {
        ClientError::Rejected { code: INVALID, message } => {
            // A stale number, or an anchor that a reorganisation took away.
            ["outdated", "ancient", "bad signature"].iter().any(|sign| message.contains(sign))
        }
        ClientError::Rejected { code, .. } => TRANSIENT.contains(code),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(code: i32, message: &str) -> ClientError {
        ClientError::Rejected { code, message: message.into() }
    }

    #[test]
    fn numbers_anew_only_what_may_then_be_taken() {
        assert!(is_transient(&rejected(1010, "Invalid Transaction: Transaction is outdated")));
        assert!(is_transient(&rejected(1014, "Priority is too low")));
        assert!(!is_transient(&rejected(1010, "Invalid Transaction: Custom error: 3")));
        assert!(!is_transient(&rejected(-32601, "Method not found")));
        assert!(!is_transient(&ClientError::CannotPayFees));
    }
}
