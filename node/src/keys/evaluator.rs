//! The evaluator key: with it a validator signs its seals. It is ed25519, because only a
//! deterministic signature lets a validator that lost its database derive the same seal again, and
//! it is not a session key.
//!
//! `poq-node evaluator-key` makes it, or finds it, in the node's keystore, and prints what
//! registers it on the chain.

use std::{
    fs,
    path::{Path, PathBuf},
};

use codec::Encode as _;
use pallet_proof_of_quality::keys::{registration_message, KEY_TYPE};
use poq_runtime::{AccountId, Hash};
use sc_cli::{KeystoreParams, OutputType, OutputTypeFlag, SharedParams, SubstrateCli};
use sc_keystore::LocalKeystore;
use sc_service::{config::ExecutorConfiguration, ChainSpec};
use sp_core::{ed25519, Pair as _};
use sp_keystore::Keystore;
use sp_runtime::traits::{Block as BlockT, Hash as _, HashingFor};

use super::keystore::{hexadecimal, KeystoreError, OpenKeystore};
use crate::types::{Block, Executor};

/// Create or load the evaluator key of this node and print what registers it on the chain.
///
/// The proof shows that who registers the key also holds it. It is valid for one account on one
/// chain.
#[derive(Clone, Debug, clap::Parser)]
pub struct EvaluatorKeyCmd {
    /// The account that will register the key, as an SS58 address.
    #[arg(long, value_name = "SS58")]
    account: AccountId,

    /// File with the secret URI of the key, or `-` to be asked for it. Without it the key in the
    /// keystore is used, and a new one is made if there is none. The URI itself is not accepted:
    /// command lines are visible to everyone.
    #[arg(long, value_name = "FILE")]
    suri: Option<PathBuf>,

    /// Which key to use, when the keystore holds several.
    #[arg(long, value_name = "HEX", conflicts_with = "suri")]
    public_key: Option<PublicKey>,

    /// Hash of the chain's first block. Without it, it is computed from the chain specification.
    #[arg(long, value_name = "HASH")]
    genesis_hash: Option<Hash>,

    #[clap(flatten)]
    output: OutputTypeFlag,

    #[clap(flatten)]
    shared_params: SharedParams,

    #[clap(flatten)]
    keystore_params: KeystoreParams,
}

/// Why an evaluator key could not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum EvaluatorKeyError {
    #[error(transparent)]
    Keystore(#[from] KeystoreError),

    #[error("the key could not be written into the keystore in {}; check that the folder is writable", path.display())]
    Insert { path: PathBuf },

    #[error("the keystore has no evaluator key {public}; without --public-key the command makes one")]
    Unknown { public: String },

    #[error("the keystore holds several evaluator keys: {}. Choose one with --public-key", keys.join(", "))]
    Ambiguous { keys: Vec<String> },

    #[error("the secret URI cannot be read from {}: {source}", file.display())]
    SuriFile { file: PathBuf, source: std::io::Error },

    #[error("the genesis hash cannot be computed from the chain specification: {0}. Give it with --genesis-hash")]
    Genesis(String),

    #[error(transparent)]
    Cli(#[from] sc_cli::Error),
}

/// A public key on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PublicKey(ed25519::Public);

/// A text that is not 32 bytes in hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("expected 64 hexadecimal digits, with or without 0x")]
struct PublicKeyError;

impl std::str::FromStr for PublicKey {
    type Err = PublicKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0u8; 32];
        hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes).map_err(|_| PublicKeyError)?;
        Ok(Self(ed25519::Public::from_raw(bytes)))
    }
}

/// Gives a development validator (`--alice`, `--dev`, …) the evaluator key of its seed.
///
/// The session keys of such a validator come the same way; neither is written to disk.
pub fn insert_dev_key(keystore: &dyn Keystore, seed: &str) -> Result<(), EvaluatorKeyError> {
    keystore.ed25519_generate_new(KEY_TYPE, Some(seed)).map_err(KeystoreError::from)?;
    Ok(())
}

/// Where the key comes from.
enum Source {
    /// From this secret.
    Secret(String),
    /// It is in the keystore already.
    Existing(ed25519::Public),
    /// The only one in the keystore, or a new one.
    OnlyOrNew,
}

/// Puts the key into the keystore, unless it is there, and returns its public part.
fn key(keystore: &LocalKeystore, path: &Path, source: Source) -> Result<ed25519::Public, EvaluatorKeyError> {
    let known = keystore.ed25519_public_keys(KEY_TYPE);
    match source {
        Source::Secret(suri) => {
            let public = sc_cli::utils::pair_from_suri::<ed25519::Pair>(&suri, None)?.public();
            keystore
                .insert(KEY_TYPE, &suri, &public.0)
                .map_err(|()| EvaluatorKeyError::Insert { path: path.to_owned() })?;
            Ok(public)
        }
        Source::Existing(public) if known.contains(&public) => Ok(public),
        Source::Existing(public) => Err(EvaluatorKeyError::Unknown { public: hexadecimal(&public.0) }),
        Source::OnlyOrNew => match known.as_slice() {
            [] => Ok(keystore.ed25519_generate_new(KEY_TYPE, None).map_err(KeystoreError::from)?),
            [only] => Ok(*only),
            several => Err(EvaluatorKeyError::Ambiguous {
                keys: several.iter().map(|public| hexadecimal(&public.0)).collect(),
            }),
        },
    }
}

/// The signature that proves to the chain that who registers the key for `account` holds it.
fn proof(
    keystore: &LocalKeystore,
    public: &ed25519::Public,
    genesis: &Hash,
    account: &AccountId,
) -> Result<ed25519::Signature, EvaluatorKeyError> {
    keystore
        .ed25519_sign(KEY_TYPE, public, &registration_message(genesis, account))
        .map_err(KeystoreError::from)?
        .ok_or_else(|| EvaluatorKeyError::Unknown { public: hexadecimal(&public.0) })
}

/// The hash of the first block of the chain with this specification.
fn genesis_hash(spec: &dyn ChainSpec) -> Result<Hash, EvaluatorKeyError> {
    let executor: Executor = sc_service::new_wasm_executor(&ExecutorConfiguration::default());
    let storage = spec.as_storage_builder().build_storage().map_err(EvaluatorKeyError::Genesis)?;
    let version = sc_chain_spec::resolve_state_version_from_wasm::<_, HashingFor<Block>>(&storage, &executor)
        .map_err(|error| EvaluatorKeyError::Genesis(error.to_string()))?;
    let children = storage.children_default.into_values().map(|child| {
        let root = HashingFor::<Block>::trie_root(child.data.into_iter().collect(), version);
        (child.child_info.into_prefixed_storage_key().into_inner(), root.encode())
    });
    let state_root = HashingFor::<Block>::trie_root(storage.top.into_iter().chain(children).collect(), version);
    Ok(sc_chain_spec::construct_genesis_block::<Block>(state_root, version).hash())
}

impl EvaluatorKeyCmd {
    /// Runs the command.
    pub fn run<C: SubstrateCli>(&self, cli: &C) -> Result<(), EvaluatorKeyError> {
        let OpenKeystore { spec, path, keystore } =
            OpenKeystore::of_node(cli, &self.shared_params, &self.keystore_params)?;
        let source = match (&self.suri, self.public_key) {
            (Some(file), _) if file.as_os_str() == "-" => Source::Secret(sc_cli::utils::read_uri(None)?),
            (Some(file), _) => {
                let suri = fs::read_to_string(file)
                    .map_err(|source| EvaluatorKeyError::SuriFile { file: file.clone(), source })?;
                Source::Secret(suri.trim().to_owned())
            }
            (None, Some(PublicKey(public))) => Source::Existing(public),
            (None, None) => Source::OnlyOrNew,
        };
        let genesis = match self.genesis_hash {
            Some(hash) => hash,
            None => genesis_hash(&*spec)?,
        };
        let public = key(&keystore, &path, source)?;
        let proof = proof(&keystore, &public, &genesis, &self.account)?;
        self.print(&public, &proof, &genesis);
        Ok(())
    }

    fn print(&self, public: &ed25519::Public, proof: &ed25519::Signature, genesis: &Hash) {
        let (key, proof) = (hexadecimal(&public.0), hexadecimal(&proof.0));
        match self.output.output_type {
            OutputType::Json => println!(
                "{:#}",
                serde_json::json!({
                    "account": self.account.to_string(),
                    "genesisHash": hexadecimal(genesis.as_bytes()),
                    "key": key,
                    "proof": proof,
                })
            ),
            OutputType::Text => {
                println!("Account:       {}", self.account);
                println!("Genesis hash:  {}", hexadecimal(genesis.as_bytes()));
                println!("Evaluator key: {key}");
                println!("Proof:         {proof}");
                println!();
                println!("Register it from that account, with a wallet (proofOfQuality.joinEvaluators) or with");
                println!("  poq evaluator join --key {key} --proof {proof}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_keyring::Sr25519Keyring;

    #[test]
    fn the_same_key_is_found_again() {
        let keystore = LocalKeystore::in_memory();
        let made = key(&keystore, Path::new(""), Source::OnlyOrNew).expect("a key is made");
        let found = key(&keystore, Path::new(""), Source::OnlyOrNew).expect("the key is found");
        assert_eq!(made, found);
        assert_eq!(key(&keystore, Path::new(""), Source::Existing(made)).ok(), Some(made));
    }

    #[test]
    fn fails_when_it_is_unclear_which_key_is_meant() {
        let keystore = LocalKeystore::in_memory();
        for seed in ["//Alice", "//Bob"] {
            insert_dev_key(&keystore, seed).expect("the key is inserted");
        }
        let error = key(&keystore, Path::new(""), Source::OnlyOrNew).expect_err("there are two");
        assert!(matches!(error, EvaluatorKeyError::Ambiguous { keys } if keys.len() == 2));
        let unknown = ed25519::Public::from_raw([7; 32]);
        let error = key(&keystore, Path::new(""), Source::Existing(unknown)).expect_err("there is no such key");
        assert!(matches!(error, EvaluatorKeyError::Unknown { .. }));
    }

    #[test]
    fn the_proof_is_for_one_account_on_one_chain() {
        let keystore = LocalKeystore::in_memory();
        let public = key(&keystore, Path::new(""), Source::OnlyOrNew).expect("a key is made");
        let (alice, bob) = (Sr25519Keyring::Alice.to_account_id(), Sr25519Keyring::Bob.to_account_id());
        let (here, elsewhere) = (Hash::repeat_byte(1), Hash::repeat_byte(2));
        let proof = proof(&keystore, &public, &here, &alice).expect("the key signs");
        let holds = |genesis, account| ed25519::Pair::verify(&proof, registration_message(genesis, account), &public);
        assert!(holds(&here, &alice));
        assert!(!holds(&here, &bob));
        assert!(!holds(&elsewhere, &alice));
    }

    #[test]
    fn public_keys_are_read_with_and_without_prefix() {
        let digits = "11".repeat(32);
        let expected = PublicKey(ed25519::Public::from_raw([0x11; 32]));
        assert_eq!(digits.parse::<PublicKey>().ok(), Some(expected));
        assert_eq!(format!("0x{digits}").parse::<PublicKey>().ok(), Some(expected));
        assert!("0x11".parse::<PublicKey>().is_err());
    }
}
