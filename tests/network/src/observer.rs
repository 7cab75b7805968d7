//! Looks at the chain through one node, block by block: what wallets need not know, but an auditor
//! does.

use anyhow::Context;
use poq_client::{
    chain::{BlockRef, Chain, Config},
    protocol::{AccountId, Balance, BlockNumber},
    state::State,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use subxt::{
    backend::LegacyBackend,
    config::substrate::DigestItem,
    dynamic,
    ext::scale_decode::DecodeAsType,
    rpcs::{client::RpcClient, rpc_params},
    utils::H256,
    OnlineClient, OnlineClientAtBlock,
};

/// A connection to one node.
pub struct Observer {
    /// The pallet, as the client sees it.
    pub chain: Chain,
    rpc: RpcClient,
    api: OnlineClient<Config>,
}

impl Observer {
    /// Connects to the node at `url`.
    pub async fn connect(url: &str) -> anyhow::Result<Self> {
        let rpc = RpcClient::from_insecure_url(url).await.with_context(|| format!("no node answers at {url}"))?;
        let backend = LegacyBackend::builder().build(rpc.clone());
        let api = OnlineClient::from_backend(Arc::new(backend)).await?;
        Ok(Self { chain: Chain::connect(url).await?, rpc, api })
    }

    /// How many peers the node has.
    pub async fn peers(&self) -> anyhow::Result<usize> {
        let health: serde_json::Value = self.rpc.request("system_health", rpc_params![]).await?;
        let peers =
            health.get("peers").and_then(serde_json::Value::as_u64).context("the node's health has no peers")?;
        Ok(usize::try_from(peers)?)
    }

    /// The number of the last finalized block.
    pub async fn finalized_number(&self) -> anyhow::Result<BlockNumber> {
        Ok(self.chain.finalized_block().await?.number)
    }

    /// The number of the best block.
    pub async fn best_number(&self) -> anyhow::Result<BlockNumber> {
        Ok(self.chain.best_block().await?.number)
    }

    /// The block of this height on the node's best chain.
    pub async fn block(&self, number: BlockNumber) -> anyhow::Result<BlockRef> {
        let hash: Option<H256> = self.rpc.request("chain_getBlockHash", rpc_params![number]).await?;
        Ok(BlockRef { number, hash: hash.with_context(|| format!("the node has no block {number}"))? })
    }

    /// The pallet's state at the block of this height.
    pub async fn state(&self, number: BlockNumber) -> anyhow::Result<State> {
        Ok(self.chain.at(self.block(number).await?).await?)
    }

    /// All else at the block of this height.
    pub async fn raw(&self, number: BlockNumber) -> anyhow::Result<Raw> {
        let block = self.block(number).await?;
        Ok(Raw(self.api.at_block_hash_and_number(block.hash, u64::from(number)).await?))
    }

    /// Waits until this many more blocks than now are finalized, at most `limit`; tells whether
    /// they were.
    pub async fn sees_finality_advance(&self, blocks: BlockNumber, limit: Duration) -> anyhow::Result<bool> {
        let goal = self.finalized_number().await? + blocks;
        let waiting = async {
            while self.finalized_number().await? < goal {
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
            anyhow::Ok(())
        };
        match tokio::time::timeout(limit, waiting).await {
            Ok(reached) => reached.map(|()| true),
            Err(_) => Ok(false),
        }
    }
}

/// The whole chain at one block, beyond the pallet.
pub struct Raw(OnlineClientAtBlock<Config>);

impl Raw {
    /// What every account owns.
    pub async fn balances(&self) -> anyhow::Result<BTreeMap<[u8; 32], Balance>> {
        let address = dynamic::storage::<([u8; 32],), AccountInfo>("System", "Account");
        let mut entries = self.0.storage().iter(address, ()).await?;
        let mut balances = BTreeMap::new();
        while let Some(entry) = entries.next().await {
            let entry = entry?;
            let (who,) = entry.key()?.decode()?;
            let AccountInfo { data } = entry.value().decode()?;
            balances.insert(who, Balance { free: data.free, held: data.reserved });
        }
        Ok(balances)
    }

    /// The whole issuance of the currency.
    pub async fn issuance(&self) -> anyhow::Result<u128> {
        let address = dynamic::storage::<(), u128>("Balances", "TotalIssuance");
        Ok(self.0.storage().fetch(address, ()).await?.decode()?)
    }

    /// Who made the block, on a chain whose validators sign blocks with the key of their account.
    pub async fn author(&self) -> anyhow::Result<AccountId> {
        let header = self.0.block_header().await?;
        let claim = header.digest.logs.iter().find_map(|log| match log {
            DigestItem::PreRuntime([b'B', b'A', b'B', b'E'], claim) => Some(claim),
            _ => None,
        });
        // One byte for the kind of the claim, then the author's position.
        let index = claim.and_then(|claim| claim.get(1..5)).context("the block has no claim of a BABE slot")?;
        let index = u32::from_le_bytes(index.try_into()?) as usize;
        let address = dynamic::storage::<(), Vec<([u8; 32], u64)>>("Babe", "Authorities");
        let authorities = self.0.storage().fetch(address, ()).await?.decode()?;
        let (author, _) = authorities.get(index).with_context(|| format!("there is no authority {index}"))?;
        Ok(AccountId::from(*author))
    }

    /// The transaction fees of the block: who paid how much.
    pub async fn fees(&self) -> anyhow::Result<Vec<(AccountId, u128)>> {
        let mut fees = Vec::new();
        for event in self.0.events().fetch().await?.iter() {
            let event = event?;
            if (event.pallet_name(), event.event_name()) == ("TransactionPayment", "TransactionFeePaid") {
                let fee: FeePaid = event.decode_fields_unchecked_as()?;
                fees.push((fee.who, fee.actual_fee));
            }
        }
        Ok(fees)
    }
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountInfo {
    data: AccountData,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AccountData {
    free: u128,
    reserved: u128,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct FeePaid {
    who: AccountId,
    actual_fee: u128,
}
