//! The types that this node gives to the SDK's generic parts.

use poq_runtime::RuntimeApi;
use sc_consensus::LongestChain;
use sp_runtime::{generic, OpaqueExtrinsic};

/// A block as the node sees it. Its transactions are bytes: only the runtime on the chain knows how
/// to read them.
pub type Block = generic::Block<poq_runtime::Header, OpaqueExtrinsic>;
/// Executes the runtime's wasm. The standard host functions are all it needs.
pub type Executor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
/// Reads the chain, and calls its runtime.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The chain's database.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// Which of two forks is the better one.
pub type SelectChain = LongestChain<FullBackend, Block>;
/// Transactions that wait for a block.
pub type Pool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;
