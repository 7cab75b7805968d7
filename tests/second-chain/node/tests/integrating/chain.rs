//! The second chain over the RPC that every Substrate node has.

use crate::owner::Owner;
use anyhow::{bail, Context};
use codec::{Decode, Encode};
use pallet_proof_of_quality::{Call, EvaluatorId, EvaluatorKeys, Outcome, Outcomes};
use poq_network::process::Process;
use second_runtime::{AccountId, Runtime, RuntimeCall, SignedPayload, TxExtension, UncheckedExtrinsic, VERSION};
use serde_json::{json, Value};
use sp_core::H256;
use sp_runtime::generic::Era;
use std::{future::Future, time::Duration};

/// How long anything may take: starting, a block, or the whole of judging.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(200);

type AccountInfo = frame_system::AccountInfo<u32, <Runtime as frame_system::Config>::AccountData>;

/// A connection.
pub struct Chain {
    http: reqwest::Client,
    url: String,
    /// Hash of the first block.
    pub genesis: H256,
}

impl Chain {
    /// Waits until the node answers.
    pub async fn connect(port: u16, node: &Process) -> anyhow::Result<Self> {
        // The HTTP client wants one, though nothing here is encrypted. It may be there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut chain =
            Self { http: reqwest::Client::new(), url: format!("http://127.0.0.1:{port}"), genesis: H256::zero() };
        let first =
            chain.wait_for(|| async { Ok(chain.ask("chain_getBlockHash", json!([0])).await.ok()) }, node).await?;
        chain.genesis = serde_json::from_value(first).context("a block hash has 32 bytes")?;
        Ok(chain)
    }

    async fn ask(&self, method: &str, params: Value) -> anyhow::Result<Value> {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let answer: Value = self.http.post(&self.url).json(&body).send().await?.json().await?;
        match answer.get("error") {
            Some(error) => bail!("{method}: {error}"),
            None => Ok(answer["result"].clone()),
        }
    }

    async fn read<T: Decode>(&self, key: Vec<u8>) -> anyhow::Result<Option<T>> {
        let value = self.ask("state_getStorage", json!([format!("0x{}", hex::encode(key))])).await?;
        let Some(text) = value.as_str() else { return Ok(None) };
        let bytes = hex::decode(text.trim_start_matches("0x"))?;
        Ok(Some(T::decode(&mut &bytes[..])?))
    }

    async fn nonce(&self, account: AccountId) -> anyhow::Result<u32> {
        let info: Option<AccountInfo> = self.read(frame_system::Account::<Runtime>::hashed_key_for(account)).await?;
        Ok(info.unwrap_or_default().nonce)
    }

    /// How a task came out.
    pub async fn outcome(&self, task: u64) -> anyhow::Result<Option<Outcome<Runtime>>> {
        self.read(Outcomes::<Runtime>::hashed_key_for(task)).await
    }

    /// The key that signs for this evaluator.
    pub async fn evaluator_key(&self, owner: &Owner) -> anyhow::Result<Option<EvaluatorId>> {
        self.read(EvaluatorKeys::<Runtime>::hashed_key_for(owner.account())).await
    }

    /// Signs and sends a call, and waits until it is in a block.
    pub async fn submit(&self, owner: &Owner, call: Call<Runtime>) -> anyhow::Result<()> {
        let nonce = self.nonce(owner.account()).await?;
        let name = format!("{call:?}");
        let call = RuntimeCall::from(call);
        let extension: TxExtension = (
            frame_system::AuthorizeCall::new(),
            frame_system::CheckNonZeroSender::new(),
            frame_system::CheckSpecVersion::new(),
            frame_system::CheckTxVersion::new(),
            frame_system::CheckGenesis::new(),
            frame_system::CheckMortality::from(Era::Immortal),
            frame_system::CheckNonce::from(nonce),
            frame_system::CheckWeight::new(),
            pallet_transaction_payment::ChargeTransactionPayment::from(0),
            frame_system::WeightReclaim::new(),
        );
        let known =
            ((), (), VERSION.spec_version, VERSION.transaction_version, self.genesis, self.genesis, (), (), (), ());
        let signature =
            SignedPayload::from_raw(call.clone(), extension.clone(), known).using_encoded(|it| owner.sign(it));
        let extrinsic = UncheckedExtrinsic::new_signed(call, owner.account(), signature, extension);
        self.ask("author_submitExtrinsic", json!([format!("0x{}", hex::encode(extrinsic.encode()))])).await?;
        let included = async {
            while self.nonce(owner.account()).await? == nonce {
                tokio::time::sleep(PAUSE).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(PATIENCE, included).await.with_context(|| format!("no block has {name}"))?
    }

    /// Asks again and again until there is an answer.
    pub async fn wait_for<T, F: Future<Output = anyhow::Result<Option<T>>>>(
        &self,
        ask: impl Fn() -> F,
        node: &Process,
    ) -> anyhow::Result<T> {
        let answered = async {
            loop {
                node.check()?;
                if let Some(answer) = ask().await? {
                    return Ok(answer);
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(answer) => answer,
            Err(_) => bail!("nothing after {} s; the end of the node's log:\n{}", PATIENCE.as_secs(), node.tail()),
        }
    }
}
