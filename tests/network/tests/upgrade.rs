//! A runtime upgrade on a running chain: the runtime of an earlier state of main, with tasks in
//! every phase, becomes this one.
//!
//! Two are kept in `tests/network/runtimes`: the last one, and one whose storage has to migrate.
//! One validator runs each, on this node, and its scorer is a daemon that the test stops and
//! starts, so that each task waits in the phase that is wanted. Then the code is replaced. The
//! storage must migrate, every task must end, and the pallet's invariants must hold on the chain's
//! own state before its first block on the new runtime has a successor, and when all is done.

use anyhow::{ensure, Context};
use codec::{Decode, Encode as _};
use frame_support::traits::Get as _;
use futures::StreamExt as _;
use pallet_proof_of_quality::{migrations::v1, ParametersOf, Phase as PhaseOf, Task};
use poq_client::{
    protocol::{Expiry, Outcome, TaskId, PALLET},
    BlockRef, Chain, ClientError, Included, Keypair,
};
use poq_mechanism::seal::{seal, AnswerContext, SealKey};
use poq_network::{
    cleanup::Folder,
    inference::key,
    network::Network,
    programs,
    scorer::Scorer,
    validator::{Keys, ScorerLocation, Setting},
};
use poq_runtime::{AccountId, Runtime};
use sc_chain_spec::{ChainType, GenericChainSpec};
use std::{future::Future, path::PathBuf, time::Duration};
use subxt::{
    ext::scale_encode::{EncodeAsType, TypeResolver},
    rpcs::{client::RpcClient, rpc_params},
};
use subxt_signer::DeriveJunction;

/// The parameters of a chain on which none were set.
type DefaultParameters = <Runtime as pallet_proof_of_quality::Config>::DefaultParameters;

const UNIT: u128 = 1_000_000_000_000;
const PROMPT: &[u8] = b"Bees make honey from nectar. Plants give off oxygen.\nWhat do bees make?";
const ANSWER: &[u8] = b"Bees make honey from nectar.";
/// How long a task may take to get where it shall be.
const PATIENCE: Duration = Duration::from_secs(150);
const POLL: Duration = Duration::from_millis(300);

/// A runtime that `scripts/freeze-runtime.sh` kept, by its `spec_version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// Answers were public from the start. Storage version 1.
    Spec2,
    /// The last one: names are not the glossary's yet. Storage version 2, as now.
    Spec4,
}

impl Kept {
    fn spec_version(self) -> u64 {
        match self {
            Self::Spec2 => 2,
            Self::Spec4 => 4,
        }
    }

    /// Its code, which must be the one that was kept.
    fn code(self) -> anyhow::Result<Vec<u8>> {
        let path = programs::repository()?.join(format!("tests/network/runtimes/spec-{}", self.spec_version()));
        let read = |end: &str| {
            let path = PathBuf::from(format!("{}.{end}", path.display()));
            std::fs::read(&path).with_context(|| format!("{} is missing", path.display()))
        };
        let code = read("compact.compressed.wasm")?;
        let noted = String::from_utf8(read("txt")?)?;
        let digest = hex::encode(sp_crypto_hashing::sha2_256(&code));
        ensure!(
            noted.trim().ends_with(&digest),
            "{} is {digest}, which its note does not say: {noted}",
            path.display()
        );
        Ok(code)
    }

    /// A task's phase and responders, read from the bytes: this runtime has other names in its
    /// metadata, and in the block that brings the new code the metadata are the new ones already.
    async fn task(self, chain: &Chain, at: BlockRef, task: TaskId) -> anyhow::Result<(PhaseOf<u32>, Vec<AccountId>)> {
        let key = pallet_proof_of_quality::Tasks::<Runtime>::hashed_key_for(task);
        let stored = stored(chain, at, &key).await?.context("the task is there")?;
        Ok(match self {
            Self::Spec2 => {
                let task = v1::Task::<Runtime>::decode(&mut &stored[..])?;
                (task.phase, task.responders.into())
            }
            Self::Spec4 => {
                let task = Task::<Runtime>::decode(&mut &stored[..])?;
                (task.phase, task.responders.into())
            }
        })
    }

    /// Waits until a task's phase is the one that is wanted.
    async fn reaches(self, chain: &Chain, task: TaskId, wanted: impl Fn(&PhaseOf<u32>) -> bool) -> anyhow::Result<()> {
        wait_for(&format!("the phase of task {task}"), || async {
            let best = chain.best().await?.block;
            Ok(wanted(&self.task(chain, best, task).await?.0).then_some(()))
        })
        .await
    }

    /// The inference node that was drawn answers a task that wants one answer.
    async fn leave_to(self, chain: &Chain, one: &Keypair, two: &Keypair, task: TaskId) -> anyhow::Result<()> {
        let drawn = self.task(chain, chain.best().await?.block, task).await?.1;
        let is_one = drawn.iter().any(|drawn| AsRef::<[u8; 32]>::as_ref(drawn) == &one.public_key().0);
        chain.submit_answer(if is_one { one } else { two }, task, ANSWER).await?;
        Ok(())
    }
}

/// The development chain as an earlier runtime starts it.
fn specify_chain(kept: Kept, folder: &Folder) -> anyhow::Result<PathBuf> {
    let spec = <GenericChainSpec>::builder(&kept.code()?, None)
        .with_name("Upgrade")
        .with_id("upgrade")
        .with_chain_type(ChainType::Development)
        .with_genesis_config_preset_name("development")
        .build();
    let path = folder.path().join("chain.json");
    std::fs::write(&path, spec.as_json(true).map_err(anyhow::Error::msg)?)?;
    Ok(path)
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_in_every_phase_survive_it_and_end() -> anyhow::Result<()> {
    // They wait for blocks most of the time.
    let (before_sealed_answers, last) = tokio::join!(upgrade(Kept::Spec2), upgrade(Kept::Spec4));
    before_sealed_answers.context("from spec 2")?;
    last.context("from spec 4")
}

async fn upgrade(kept: Kept) -> anyhow::Result<()> {
    // given: the old runtime, one validator, its scorer, and two inference nodes
    let folder = Folder::new()?;
    let chain_file = specify_chain(kept, &folder)?;
    let mut scorer = Scorer::start(folder.path()).await?;
    let setting = Setting { scorer: ScorerLocation::At(scorer.url()), keys: Keys::Development };
    let network = Network::start_on(folder, &chain_file, vec![setting]).await?;
    let chain = network.observer(0).await?.chain;
    let (user, sudo) = (key("Eve")?, key("Alice")?);
    let (one, two) = (key("Inference1")?, key("Inference2")?);
    chain.join_inference(&one, 20 * UNIT).await?;
    chain.join_inference(&two, 20 * UNIT).await?;
    // The model of that time is gone: the parameters name the one that judges now.
    let manifest = std::fs::read(programs::model()?.join("manifest.json")).context("the model's manifest")?;
    let usual = parameters_set(&chain).await?.unwrap_or_else(DefaultParameters::get);
    let usual = ParametersOf::<Runtime> { model: sp_crypto_hashing::sha2_256(&manifest), ..usual };
    ensure!(spec_version(&chain).await? == kept.spec_version());

    // a task that is settled, and one that is expired
    let short = ParametersOf::<Runtime> { answer_window: 10, ..usual.clone() };
    set_parameters(&chain, &sudo, short).await?;
    let [settled, expired] = submit(&chain, &user, 1).await?;
    kept.leave_to(&chain, &one, &two, settled).await?;
    kept.reaches(&chain, settled, |phase| matches!(phase, PhaseOf::Settled { .. })).await?;
    kept.reaches(&chain, expired, |phase| matches!(phase, PhaseOf::Expired { .. })).await?;

    // those that are under way: they have time enough
    let long = ParametersOf::<Runtime> {
        answer_window: 150,
        commit_window: 120,
        reveal_window: 120,
        reveal_depth: 12,
        ..usual
    };
    set_parameters(&chain, &sudo, long).await?;
    let [revealing, committing] = submit(&chain, &user, 1).await?;
    let [drawing, answering] = submit(&chain, &user, 1).await?;
    let [half_answered] = submit(&chain, &user, 2).await?;

    // one that waits for answers, one that has the first of two, and one whose answers wait for
    // their keys
    let prompt = sp_crypto_hashing::blake2_256(PROMPT);
    let mut opening = None;
    match kept {
        Kept::Spec2 => {
            chain.submit_answer(&one, half_answered, ANSWER).await?;
        }
        Kept::Spec4 => {
            seal_answer(&chain, &one, half_answered, prompt, ANSWER).await?;
            let [task] = submit(&chain, &user, 2).await?;
            seal_answer(&chain, &one, task, prompt, ANSWER).await?;
            seal_answer(&chain, &two, task, prompt, ANSWER).await?;
            kept.reaches(&chain, task, |phase| matches!(phase, PhaseOf::RevealingAnswers { .. })).await?;
            opening = Some(task);
        }
    }

    // one whose evaluator has committed, and waits; and one whose evaluator has no scorer
    kept.leave_to(&chain, &one, &two, revealing).await?;
    kept.reaches(&chain, revealing, |phase| matches!(phase, PhaseOf::Revealing { .. })).await?;
    scorer.kill();
    kept.leave_to(&chain, &one, &two, committing).await?;
    kept.reaches(&chain, committing, |phase| matches!(phase, PhaseOf::Committing { .. })).await?;

    // when: the code is replaced in the very block in which the last one gets its answer, and so is
    // to be drawn The code is long, and transactions of one connection wait for one another.
    let second = network.observer(0).await?.chain;
    after_a_new_block(&chain).await?;
    let code = poq_runtime::WASM_BINARY.context("this test was built without the runtime's wasm")?;
    let set_code = RuntimeCall::System(SystemCall::set_code { code: code.to_vec() });
    let (replaced, answered) = tokio::join!(
        chain.call(
            &sudo,
            "Sudo",
            "sudo_unchecked_weight",
            (set_code, Weight { ref_time: 1_000_000_000, proof_size: 0 })
        ),
        kept.leave_to(&second, &one, &two, drawing)
    );
    let upgrade = replaced?.block;
    answered?;
    // Its answers are closed, and its committee is drawn in the next block: `Drawing` is not seen
    // between blocks, unless one has no randomness.
    let to_be_drawn = format!("Answering {{ until: {} }}", upgrade.number);
    let phases = [
        (Some(settled), "Settled"),
        (Some(expired), "Expired"),
        (Some(revealing), "Revealing"),
        (Some(committing), "Committing"),
        (Some(drawing), to_be_drawn.as_str()),
        (opening, "RevealingAnswers"),
        (Some(answering), "Answering"),
        (Some(half_answered), "Answering"),
    ];
    for (task, wanted) in phases.into_iter().filter_map(|(task, wanted)| Some((task?, wanted))) {
        let phase = format!("{:?}", kept.task(&chain, upgrade, task).await?.0);
        ensure!(phase.starts_with(wanted), "task {task} is {phase} when the runtime changes, not {wanted}");
    }

    // then: the storage has migrated by the next block
    let chain = wait_for("the new runtime", || async {
        // The node compiles it first, and may not answer meanwhile.
        let Ok(chain) = Chain::connect(&network.url()).await else { return Ok(None) };
        Ok((spec_version(&chain).await? > kept.spec_version()).then_some(chain))
    })
    .await?;
    wait_for("finality of the new runtime's first block", || async {
        Ok((chain.finalized_block().await?.number > upgrade.number).then_some(()))
    })
    .await?;
    prove_invariants(&network.url()).await?;
    let outcome = chain.outcome(settled).await?.context("the outcome of before is there")?;
    ensure!(outcome.expired.is_none() && outcome.answers.len() == 1, "{outcome:?}");
    ensure!(ended(&chain, expired).await?.expired == Some(Expiry::NoAnswers));

    // and: with the scorer back, every task is judged and paid. The second of two answers is
    // sealed, as the new runtime wants it
    scorer.restart().await?;
    Kept::Spec4.leave_to(&chain, &one, &two, answering).await?;
    chain.commit_answer(&two, half_answered, prompt, ANSWER).await?;
    let reveals = |phase: &PhaseOf<u32>| matches!(phase, PhaseOf::RevealingAnswers { .. });
    Kept::Spec4.reaches(&chain, half_answered, reveals).await?;
    if let Some(opening) = opening {
        for (task, who) in [(opening, &one), (opening, &two), (half_answered, &one)] {
            chain.reveal_answer(who, task, prompt).await?;
        }
    }
    chain.reveal_answer(&two, half_answered, prompt).await?;
    let tasks = [(revealing, 1), (committing, 1), (drawing, 1), (answering, 1), (half_answered, 2)];
    for (task, answers) in tasks.into_iter().chain(opening.map(|opening| (opening, 2))) {
        let outcome = ended(&chain, task).await.with_context(|| format!("task {task}"))?;
        ensure!(outcome.expired.is_none(), "task {task}: {outcome:?}");
        ensure!(
            outcome.answers.len() == answers && outcome.answers.iter().all(|answer| answer.paid > 0),
            "task {task}: {outcome:?}"
        );
        ensure!(outcome.seats.iter().all(|seat| seat.offence.is_none()), "task {task}: {outcome:?}");
    }
    prove_invariants(&network.url()).await
}

/// Waits for the next block, so that the next slot is as far away as it can be.
async fn after_a_new_block(chain: &Chain) -> anyhow::Result<()> {
    let mut heads = chain.best_heads().await?;
    // The first is the present one.
    for _ in 0..2 {
        let head = tokio::time::timeout(PATIENCE, heads.next()).await.context("no new block")?;
        head.context("the node ended the subscription")??;
    }
    Ok(())
}

/// The bytes under a storage key.
async fn stored(chain: &Chain, at: BlockRef, key: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
    let rpc = RpcClient::from_insecure_url(chain.url()).await?;
    let key = format!("0x{}", hex::encode(key));
    let stored: Option<String> = rpc.request("state_getStorage", rpc_params![key, at.hash]).await?;
    stored.map(|stored| bytes(&stored)).transpose()
}

/// `Sudo::sudo` of `set_parameters`, whose bytes are the same on each runtime although the names
/// are not.
async fn set_parameters(chain: &Chain, sudo: &Keypair, parameters: ParametersOf<Runtime>) -> anyhow::Result<()> {
    let call = pallet_proof_of_quality::Call::<Runtime>::set_parameters { parameters: parameters.clone() };
    let call = Encoded(poq_runtime::RuntimeCall::ProofOfQuality(call).encode());
    included(chain.call(sudo, "Sudo", "sudo", (call,)).await)?;
    wait_for("the new parameters", || async {
        Ok((parameters_set(chain).await?.as_ref() == Some(&parameters)).then_some(()))
    })
    .await
}

/// The parameters that governance has set, if it ever has.
async fn parameters_set(chain: &Chain) -> anyhow::Result<Option<ParametersOf<Runtime>>> {
    let key = pallet_proof_of_quality::CurrentParameters::<Runtime>::hashed_key();
    let stored = stored(chain, chain.best().await?.block, &key).await?;
    Ok(stored.map(|bytes| Decode::decode(&mut &bytes[..])).transpose()?)
}

/// A call that is in a block. The events of an earlier runtime have other names, which this client
/// refuses to read; what the call did is seen in the storage.
fn included(called: Result<Included, ClientError>) -> anyhow::Result<()> {
    match called {
        Ok(_) | Err(ClientError::Incompatible(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Commits an answer by the call's earlier name, as `Chain::commit_answer` does by the present one.
async fn seal_answer(
    chain: &Chain,
    signer: &Keypair,
    task: TaskId,
    prompt: [u8; 32],
    answer: &[u8],
) -> anyhow::Result<()> {
    let context = AnswerContext { genesis: chain.genesis(), task, account: signer.public_key().0, prompt }.hash();
    let key = SealKey::from_secret(&signer.derive([DeriveJunction::hard(context.key_message())]).public_key().0);
    let seal = Encoded(seal(&context, &key, answer).encode());
    included(chain.call(signer, PALLET, "seal_answer", (task, context.to_bytes(), seal)).await)
}

/// An argument of a call that is encoded already.
struct Encoded(Vec<u8>);

impl EncodeAsType for Encoded {
    fn encode_as_type_to<R: TypeResolver>(
        &self,
        _: R::TypeId,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), subxt::ext::scale_encode::Error> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

/// The runtime's call enum, as far as it is used inside of another call.
#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
enum RuntimeCall {
    System(SystemCall),
}

#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[allow(non_camel_case_types)] // The metadata's name.
enum SystemCall {
    set_code { code: Vec<u8> },
}

#[derive(EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
struct Weight {
    ref_time: u64,
    proof_size: u64,
}

/// Submits tasks for so many answers each.
async fn submit<const N: usize>(chain: &Chain, user: &Keypair, responders: u32) -> anyhow::Result<[TaskId; N]> {
    let mut tasks = [0; N];
    for task in &mut tasks {
        *task = chain.submit_task(user, PROMPT, UNIT, responders).await?;
    }
    Ok(tasks)
}

/// How a task came out, when it has.
async fn ended(chain: &Chain, task: TaskId) -> anyhow::Result<Outcome> {
    wait_for("the end of a task", || async { Ok(chain.outcome(task).await?) }).await
}

async fn spec_version(chain: &Chain) -> anyhow::Result<u64> {
    let rpc = RpcClient::from_insecure_url(chain.url()).await?;
    let version: serde_json::Value = rpc.request("state_getRuntimeVersion", rpc_params![]).await?;
    version["specVersion"].as_u64().context("a runtime has a version")
}

/// Loads the finalized state into memory and has this runtime's pallet prove its invariants there,
/// as `try-runtime` does.
async fn prove_invariants(url: &str) -> anyhow::Result<()> {
    let rpc = RpcClient::from_insecure_url(url).await?;
    let block: String = rpc.request("chain_getFinalizedHead", rpc_params![]).await?;
    let mut state = sp_io::TestExternalities::new_empty();
    let mut last: Option<String> = None;
    loop {
        let keys: Vec<String> =
            rpc.request("state_getKeysPaged", rpc_params!["0x", 500, last.clone(), block.clone()]).await?;
        for key in &keys {
            let value: Option<String> = rpc.request("state_getStorage", rpc_params![key, block.clone()]).await?;
            state.insert(bytes(key)?, bytes(&value.context("a key has a value")?)?);
        }
        match keys.last() {
            Some(key) if keys.len() == 500 => last = Some(key.clone()),
            _ => break,
        }
    }
    state.execute_with(|| {
        let version = frame_support::traits::StorageVersion::get::<poq_runtime::ProofOfQuality>();
        ensure!(version == 2, "the storage has version {version:?} in {block}");
        poq_runtime::ProofOfQuality::do_try_state().map_err(|error| anyhow::anyhow!("in {block}: {error:?}"))
    })
}

fn bytes(hex: &str) -> anyhow::Result<Vec<u8>> {
    Ok(hex::decode(hex.trim_start_matches("0x"))?)
}

async fn wait_for<T, F: Future<Output = anyhow::Result<Option<T>>>>(
    what: &str,
    ask: impl Fn() -> F,
) -> anyhow::Result<T> {
    let found = async {
        loop {
            if let Some(found) = ask().await? {
                return Ok(found);
            }
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(PATIENCE, found).await.with_context(|| format!("{what} did not come"))?
}
