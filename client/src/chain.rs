//! The connection to a chain: a node's WebSocket, the metadata it sends, and its heads.
//!
//! It knows blocks by number and hash. What the chain holds at a block is read in
//! [`state`](crate::state).

use crate::{
    amount::Token,
    error::ClientError,
    protocol::{BlockNumber, PALLET},
};
use codec::Encode;
use futures::{Stream, StreamExt};
use serde::Serialize;
use std::{sync::Arc, time::Duration};
use subxt::{
    backend::LegacyBackend,
    client::Blocks,
    config::{substrate::BlakeTwo256, Hasher, RpcConfigFor},
    rpcs::{
        client::{jsonrpsee_client, JsonrpseeRpcClient},
        LegacyRpcMethods, RpcClient,
    },
    utils::H256,
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
};

/// Accounts, addresses, hashes and extensions are Substrate's usual ones.
pub type Config = SubstrateConfig;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// After this long without a new head, the connection is tested.
const QUIET: Duration = Duration::from_secs(30);

/// A block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BlockRef {
    /// Its height.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: H256,
}

/// A connection to a chain that has the pallet. Cheap to clone.
///
/// It does not heal: after [`ClientError::Disconnected`], connect again with [`Chain::reconnect`].
#[derive(Clone)]
pub struct Chain {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    url: String,
    socket: Arc<JsonrpseeRpcClient>,
    pub(crate) rpc: LegacyRpcMethods<RpcConfigFor<Config>>,
    api: OnlineClient<Config>,
    token: Token,
    name: String,
    /// One transaction is numbered and handed over at a time.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

impl Chain {
    /// Connects to the node at a WebSocket address such as `ws://127.0.0.1:9944` and reads its
    /// metadata.
    pub async fn connect(url: &str) -> Result<Self, ClientError> {
        crate::tls::set_up();
        let unreachable = |reason: String| ClientError::Unreachable { url: url.into(), reason };
        let connecting = tokio::time::timeout(CONNECT_TIMEOUT, jsonrpsee_client(url)).await;
        let socket = match connecting {
            Ok(Ok(socket)) => Arc::new(socket),
            Ok(Err(error)) => return Err(unreachable(root_cause(&error))),
            Err(_) => return Err(unreachable("it did not answer in time".into())),
        };
        let client = RpcClient::new(socket.clone());
        let rpc = LegacyRpcMethods::new(client.clone());
        // The older JSON-RPC methods: unlike the newer ones they read at any block, pinned or not.
        let backend = LegacyBackend::builder().build(client);
        let api =
            OnlineClient::from_backend(Arc::new(backend)).await.map_err(|error| unreachable(root_cause(&error)))?;
        let name = rpc.system_chain().await.map_err(|error| unreachable(root_cause(&error)))?;
        let properties = rpc.system_properties().await.unwrap_or_default();
        let token = Token {
            symbol: properties.get("tokenSymbol").and_then(|symbol| symbol.as_str()).unwrap_or("POQ").into(),
            decimals: properties
                .get("tokenDecimals")
                .and_then(|decimals| decimals.as_u64())
                .and_then(|decimals| u8::try_from(decimals).ok())
                .unwrap_or(Token::default().decimals),
        };
        let turn = tokio::sync::Mutex::new(());
        let chain = Self { inner: Arc::new(Inner { url: url.into(), socket, rpc, api, token, name, turn }) };
        let best = chain.client_at(chain.best_block().await?).await?;
        match best.metadata_ref().pallet_by_name(PALLET) {
            Some(_) => Ok(chain),
            None => Err(ClientError::NoPallet { chain: chain.name().into(), url: url.into() }),
        }
    }

    /// Connects to the same node again.
    pub async fn reconnect(&self) -> Result<Self, ClientError> {
        Self::connect(self.url()).await
    }

    /// Where the node is.
    pub fn url(&self) -> &str {
        &self.inner.url
    }

    /// What the chain calls itself.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The chain's currency.
    pub fn token(&self) -> &Token {
        &self.inner.token
    }

    /// The hash of the chain's genesis block.
    pub fn genesis(&self) -> [u8; 32] {
        self.inner.api.genesis_hash().0
    }

    /// Whether the connection still stands.
    pub fn is_connected(&self) -> bool {
        self.inner.socket.is_connected()
    }

    /// The best block.
    pub async fn best_block(&self) -> Result<BlockRef, ClientError> {
        self.header(None).await
    }

    /// The finalized block.
    pub async fn finalized_block(&self) -> Result<BlockRef, ClientError> {
        let hash = self.inner.rpc.chain_get_finalized_head().await.map_err(|error| self.fail(error))?;
        self.header(Some(hash)).await
    }

    async fn header(&self, hash: Option<H256>) -> Result<BlockRef, ClientError> {
        let header = self.inner.rpc.chain_get_header(hash).await.map_err(|error| self.fail(error))?;
        let header = header.ok_or_else(|| ClientError::Incompatible("a head without a header".into()))?;
        let hash = BlakeTwo256.hash(&header.encode());
        Ok(BlockRef { number: header.number as BlockNumber, hash })
    }

    /// The library's view of a block.
    pub(crate) async fn client_at(&self, block: BlockRef) -> Result<OnlineClientAtBlock<Config>, ClientError> {
        let at = self.inner.api.at_block_hash_and_number(block.hash, u64::from(block.number)).await;
        at.map_err(|error| self.fail(error))
    }

    /// New best blocks, starting with the present one. Blocks may be skipped, and replaced by
    /// others of their height.
    pub async fn best_heads(&self) -> Result<impl Stream<Item = Result<BlockRef, ClientError>> + Unpin, ClientError> {
        let blocks = self.inner.api.stream_best_blocks().await.map_err(|error| self.fail(error))?;
        self.heads(blocks).await
    }

    /// Finalized blocks, starting with the present one, one after the other without gaps.
    pub async fn finalized_heads(
        &self,
    ) -> Result<impl Stream<Item = Result<BlockRef, ClientError>> + Unpin, ClientError> {
        let blocks = self.inner.api.stream_blocks().await.map_err(|error| self.fail(error))?;
        self.heads(blocks).await
    }

    /// Turns a quiet or broken subscription into an error. The first head is there at once.
    async fn heads(
        &self,
        mut blocks: Blocks<Config>,
    ) -> Result<impl Stream<Item = Result<BlockRef, ClientError>> + Unpin, ClientError> {
        // The library subscribes when it is first asked; waiting for that here loses no block
        // between call and use.
        let first = self.next_head(&mut blocks).await?;
        let later = futures::stream::unfold(Some((self.clone(), blocks)), |state| async move {
            let (chain, mut blocks) = state?;
            let next = chain.next_head(&mut blocks).await;
            let state = next.is_ok().then_some((chain, blocks));
            Some((next, state))
        });
        Ok(Box::pin(futures::stream::once(std::future::ready(Ok(first))).chain(later)))
    }

    async fn next_head(&self, blocks: &mut Blocks<Config>) -> Result<BlockRef, ClientError> {
        loop {
            match tokio::time::timeout(QUIET, blocks.next()).await {
                Ok(Some(Ok(block))) => {
                    return Ok(BlockRef { number: block.number() as BlockNumber, hash: block.hash() })
                }
                Ok(Some(Err(error))) => return Err(self.fail(error)),
                Ok(None) => return Err(ClientError::Disconnected("the node ended the subscription".into())),
                // A chain may stand still; a dead connection must not look like one.
                Err(_) => match tokio::time::timeout(QUIET, self.best_block()).await {
                    Ok(answer) => answer.map(|_| ())?,
                    Err(_) => return Err(ClientError::Disconnected("the node does not answer".into())),
                },
            }
        }
    }

    /// Says what an error of the library means for us.
    pub(crate) fn fail(&self, error: impl Into<subxt::Error>) -> ClientError {
        /// The transport's words for a connection of no further use. It may say so before it counts
        /// as closed.
        const LOST: [&str; 3] = ["restart required", "disconnected", "Request timeout"];
        let error = error.into();
        let text = error.to_string();
        match self.is_connected() && !LOST.iter().any(|sign| text.contains(sign)) {
            true => ClientError::Chain(Box::new(error)),
            false => ClientError::Disconnected(root_cause(&error)),
        }
    }
}

/// The innermost reason, without the layers around it.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    // Some layers only put words in front of the reason.
    let text = cause.to_string();
    ["RPC error: ", "client error: "]
        .iter()
        .fold(text.as_str(), |text, words| text.trim_start_matches(words))
        .to_owned()
}
