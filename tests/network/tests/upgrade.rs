//! A runtime upgrade on a running chain: the runtime of an earlier state of main, with tasks in every phase, becomes this one.
//!
//! Two are kept in `tests/network/runtimes`: the last one, and one whose storage has to migrate. One validator runs each, on this node, and its judge is
//! a daemon that the test stops and starts, so that tasks wait in the phase they shall be in. Then the code is replaced. The storage must migrate,
//! every task must end, and the pallet's invariants must hold on the chain's own state before its first block on the new runtime has a successor,
//! and when all is done.

use anyhow::{ensure, Context};
use codec::Decode as _;
use futures::StreamExt as _;
use pallet_proof_of_quality::{migrations::v1, Task};
use poq_client::{
    protocol::{AccountId, Expiry, Outcome, Parameters, Phase, TaskId, PALLET},
    BlockRef, Chain, Keypair, State,
};
use poq_network::{
    cleanup::Folder,
    inference::{account, key},
    network::Network,
    programs,
    scorer::Scorer,
    validator::{Judge, Keys, Setting},
};
use sc_chain_spec::{ChainType, GenericChainSpec};
use std::{future::Future, path::PathBuf, time::Duration};
use subxt::{
    ext::{scale_decode::DecodeAsType, scale_encode::EncodeAsType},
    rpcs::{client::RpcClient, rpc_params},
};

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
    /// Several answers are sealed. Storage version 2, as now.
    Spec3,
}

impl Kept {
    fn spec_version(self) -> u64 {
        match self {
            Self::Spec2 => 2,
            Self::Spec3 => 3,
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

    /// A task's phase in the block that brought the new code. Its storage is still the old one, while its metadata are the new ones
    /// already, so only who knows the old type can read it.
    async fn phase(self, chain: &Chain, at: BlockRef, task: TaskId) -> anyhow::Result<String> {
        let rpc = RpcClient::from_insecure_url(chain.url()).await?;
        let key = pallet_proof_of_quality::Tasks::<poq_runtime::Runtime>::hashed_key_for(task);
        let key = format!("0x{}", hex::encode(key));
        let stored: Option<String> = rpc.request("state_getStorage", rpc_params![key, at.hash]).await?;
        let stored = bytes(&stored.context("the task is there")?)?;
        Ok(match self {
            Self::Spec2 => format!("{:?}", v1::Task::<poq_runtime::Runtime>::decode(&mut &stored[..])?.phase),
            Self::Spec3 => format!("{:?}", Task::<poq_runtime::Runtime>::decode(&mut &stored[..])?.phase),
        })
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
    let (before_sealed_answers, last) = tokio::join!(upgrade(Kept::Spec2), upgrade(Kept::Spec3));
    before_sealed_answers.context("from spec 2")?;
    last.context("from spec 3")
}

async fn upgrade(kept: Kept) -> anyhow::Result<()> {
    // given: the old runtime, one validator, its judge, and two inference nodes
    let folder = Folder::new()?;
    let chain_file = specify_chain(kept, &folder)?;
    let mut judge = Scorer::start(folder.path()).await?;
    let setting = Setting { judge: Judge::At(judge.url()), keys: Keys::Development };
    let network = Network::start_on(folder, &chain_file, vec![setting]).await?;
    let chain = network.observer(0).await?.chain;
    let (user, sudo) = (key("Eve")?, key("Alice")?);
    let (one, two) = (key("Inference1")?, key("Inference2")?);
    chain.join_inference(&one, 20 * UNIT).await?;
    chain.join_inference(&two, 20 * UNIT).await?;
    // The model of that time is gone: the parameters name the one that judges now.
    let manifest = std::fs::read(programs::model()?.join("manifest.json")).context("the model's manifest")?;
    let usual = Parameters { model: sp_crypto_hashing::sha2_256(&manifest), ..chain.parameters().await? };
    ensure!(spec_version(&chain).await? == kept.spec_version());

    // a task that is settled, and one that is expired
    let short = Parameters { answer_window: 10, ..usual.clone() };
    chain.sudo_set_parameters(&sudo, short).await?;
    let [settled, expired] = submit(&chain, &user, 1).await?;
    chain.leave_to(&one, &two, settled).await?;
    chain.reaches(settled, |phase| matches!(phase, Phase::Settled { .. })).await?;
    chain.reaches(expired, |phase| matches!(phase, Phase::Expired { .. })).await?;

    // those that are under way: they have time enough
    let long = Parameters { answer_window: 150, commit_window: 120, reveal_window: 120, reveal_depth: 12, ..usual };
    chain.sudo_set_parameters(&sudo, long).await?;
    let [revealing, committing] = submit(&chain, &user, 1).await?;
    let [drawing, answering] = submit(&chain, &user, 1).await?;
    let [half_answered] = submit(&chain, &user, 2).await?;

    // one that waits for answers, one that has the first of two, and one whose answers wait for their keys
    let prompt = sp_crypto_hashing::blake2_256(PROMPT);
    let mut opening = None;
    match kept {
        Kept::Spec2 => {
            chain.submit_answer(&one, half_answered, ANSWER).await?;
        }
        Kept::Spec3 => {
            chain.seal_answer(&one, half_answered, prompt, ANSWER).await?;
            let [task] = submit(&chain, &user, 2).await?;
            chain.seal_answer(&one, task, prompt, ANSWER).await?;
            chain.seal_answer(&two, task, prompt, ANSWER).await?;
            chain.reaches(task, |phase| matches!(phase, Phase::Opening { .. })).await?;
            opening = Some(task);
        }
    }

    // one whose judge has committed, and waits; and one whose judge is gone
    chain.leave_to(&one, &two, revealing).await?;
    chain.reaches(revealing, |phase| matches!(phase, Phase::Revealing { .. })).await?;
    judge.kill();
    chain.leave_to(&one, &two, committing).await?;
    chain.reaches(committing, |phase| matches!(phase, Phase::Committing { .. })).await?;

    // when: the code is replaced in the very block in which the last one gets its answer, and so is to be drawn
    // The code is long, and transactions of one connection wait for one another.
    let second = network.observer(0).await?.chain;
    chain.after_a_new_block().await?;
    let code = poq_runtime::WASM_BINARY.context("this test was built without the runtime's wasm")?;
    let set_code = RuntimeCall::System(SystemCall::set_code { code: code.to_vec() });
    let (replaced, answered) = tokio::join!(
        chain.call(
            &sudo,
            "Sudo",
            "sudo_unchecked_weight",
            (set_code, Weight { ref_time: 1_000_000_000, proof_size: 0 })
        ),
        second.leave_to(&one, &two, drawing)
    );
    let upgrade = replaced?.block;
    answered?;
    // Its answers are closed, and its committee is drawn in the next block: `Drawing` is not seen between blocks, unless one has no randomness.
    let to_be_drawn = format!("Answering {{ until: {} }}", upgrade.number);
    let phases = [
        (Some(settled), "Settled"),
        (Some(expired), "Expired"),
        (Some(revealing), "Revealing"),
        (Some(committing), "Committing"),
        (Some(drawing), to_be_drawn.as_str()),
        (opening, "Opening"),
        (Some(answering), "Answering"),
        (Some(half_answered), "Answering"),
    ];
    for (task, wanted) in phases.into_iter().filter_map(|(task, wanted)| Some((task?, wanted))) {
        let phase = kept.phase(&chain, upgrade, task).await?;
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

    // and: with the judge back, every task is judged and paid. The second of two answers is sealed, as the new runtime wants it
    judge.restart().await?;
    chain.leave_to(&one, &two, answering).await?;
    chain.seal_answer(&two, half_answered, prompt, ANSWER).await?;
    chain.reaches(half_answered, |phase| matches!(phase, Phase::Opening { .. })).await?;
    if let Some(opening) = opening {
        for (task, who) in [(opening, &one), (opening, &two), (half_answered, &one)] {
            chain.open_answer(who, task, prompt).await?;
        }
    }
    chain.open_answer(&two, half_answered, prompt).await?;
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

/// What the test does with the chain, on either runtime.
trait Steps {
    /// Whichever of the two inference nodes was drawn answers a task that wants one answer.
    async fn leave_to(&self, one: &Keypair, two: &Keypair, task: TaskId) -> anyhow::Result<()>;
    /// Waits until a task's phase is the one that is wanted.
    async fn reaches(&self, task: TaskId, wanted: impl Fn(&Phase) -> bool) -> anyhow::Result<()>;
    /// Waits for the next block, so that the next slot is as far away as it can be.
    async fn after_a_new_block(&self) -> anyhow::Result<()>;
}

impl Steps for Chain {
    async fn leave_to(&self, one: &Keypair, two: &Keypair, task: TaskId) -> anyhow::Result<()> {
        let drawn = TaskAsItWas::read(&self.best().await?, task).await?.responders;
        let who = if drawn.contains(&account("Inference1")?) { one } else { two };
        self.submit_answer(who, task, ANSWER).await?;
        Ok(())
    }

    async fn reaches(&self, task: TaskId, wanted: impl Fn(&Phase) -> bool) -> anyhow::Result<()> {
        wait_for(&format!("the phase of task {task}"), || async {
            let phase = TaskAsItWas::read(&self.best().await?, task).await?.phase;
            Ok(wanted(&phase).then_some(()))
        })
        .await
    }

    async fn after_a_new_block(&self) -> anyhow::Result<()> {
        let mut heads = self.best_heads().await?;
        // The first is the present one.
        for _ in 0..2 {
            let head = tokio::time::timeout(PATIENCE, heads.next()).await.context("no new block")?;
            head.context("the node ended the subscription")??;
        }
        Ok(())
    }
}

/// What both runtimes know of a task.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct TaskAsItWas {
    phase: Phase,
    responders: Vec<AccountId>,
}

impl TaskAsItWas {
    async fn read(state: &State, task: TaskId) -> anyhow::Result<Self> {
        state.stored(PALLET, "Tasks", (task,)).await?.with_context(|| format!("there is no task {task}"))
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

/// Loads the finalized state into memory and has this runtime's pallet prove its invariants there, as `try-runtime` does.
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
