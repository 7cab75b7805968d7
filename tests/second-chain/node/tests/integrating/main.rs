//! Walks the path of `docs/integrating.md` on the second chain: its runtime was written by
//! following the document, and this test runs the document's commands as they stand, on a bare node
//! and a stock judge, until a task is judged and paid.

mod chain;
mod document;
mod owner;

use chain::Chain;
use document::Document;
use owner::Owner;
use pallet_proof_of_quality::{keys, Call, Outcome, TaskOptions};
use poq_mechanism::seal::{seal, AnswerContext, Seal, SealKey};
use poq_network::{ports, process::Process, programs::Program};
use second_runtime::Runtime;
use sp_core::{ed25519, Pair as _};
use sp_crypto_hashing::blake2_256;
use sp_runtime::BoundedVec;

const PROMPT: &str = "Why do the leaves of many trees turn yellow in autumn?";
const GOOD: &str =
    "In autumn trees stop making chlorophyll, the green pigment in their leaves, and break it down. The yellow \
                    carotenoids, which were there all along, are no longer hidden by the green.";
const BAD: &str = "The railway station has three platforms, and the ticket office closes at eight in the evening.";
const UNIT: u64 = 1_000_000_000_000;

/// Every piece of Rust in the document is part of a source file of the second chain.
#[test]
fn the_document_shows_what_the_second_chain_is_made_of() {
    let document = Document::read();
    let sources = document::sources();
    let pieces = document.blocks("rust");
    assert!(pieces.len() > 5, "the document has {} pieces of Rust", pieces.len());
    for piece in pieces {
        assert!(
            sources.iter().any(|source| source.contains(&document::without_indentation(&piece))),
            "no file in tests/second-chain has this piece of docs/integrating.md:\n{piece}"
        );
    }
}

/// What the document adds to a runtime's manifest is in that of the second runtime, whose versions
/// are the workspace's.
#[test]
fn the_document_adds_to_the_manifest_what_the_second_runtime_has() {
    let second = document::manifest("tests/second-chain/runtime/Cargo.toml");
    let workspace = document::manifest("Cargo.toml");
    let pieces = Document::read().blocks("toml");
    assert!(pieces.len() > 1, "the document has {} pieces of manifest", pieces.len());
    for piece in pieces {
        let piece: toml::Table = piece.parse().expect("a piece of manifest is TOML");
        for (name, wanted) in piece["dependencies"].as_table().expect("dependencies are a table") {
            assert!(second["dependencies"].get(name).is_some(), "the second runtime does not depend on {name}");
            let ours = &workspace["workspace"]["dependencies"][name];
            for setting in ["version", "default-features"] {
                if let Some(value) = wanted.get(setting) {
                    assert_eq!(Some(value), ours.get(setting), "{setting} of {name}");
                }
            }
        }
        for (feature, parts) in piece["features"].as_table().expect("features are a table") {
            let ours = second["features"][feature].as_array().expect("a feature is an array");
            for part in parts.as_array().expect("a feature is an array") {
                assert!(ours.contains(part), "the second runtime's feature {feature} has no {part}");
            }
        }
    }
}

/// The document's commands start the chain and its judge, and a task is judged on them.
#[tokio::test]
async fn the_documents_commands_bring_up_a_chain_that_judges() -> anyhow::Result<()> {
    // given: a node and a judge, started as the document says
    let folder = tempfile::tempdir()?;
    let document = Document::read();
    let [rpc, scorer] = ports::free()?;
    let commands = document.commands(&[("9944", rpc), ("9955", scorer)])?;
    let run = |name: &str, program: Program, extra: &[&str]| {
        let mut arguments = commands.arguments_of(name)?;
        arguments.extend(extra.iter().map(|argument| argument.to_string()));
        Process::start(name, program, &arguments, &folder.path().join(format!("{name}.log")))
    };
    let base = folder.path().join("node").display().to_string();
    let node = run("second-node", Program::SecondNode, &["--port", "0", "--no-prometheus", "--base-path", &base])?;
    let _judge = run("ocw-scorer", Program::Scorer, &[])?;
    let chain = Chain::connect(rpc, &node).await?;
    document::wait_for_port(scorer).await?;

    // when: the evaluator keys and the judge's address are put where the worker looks
    for command in commands.requests() {
        let answer = document::run(command)?;
        assert!(answer.contains("\"result\"") && !answer.contains("\"error\""), "{command}\nanswered {answer}");
    }

    // and: an inference node joins, a user asks, the node answers
    let [dorothy, ethan, faith] = Owner::without_role();
    chain.submit(&dorothy, Call::join_inference { bond: 10 * UNIT }).await?;
    let submit = |responders| {
        let prompt = BoundedVec::truncate_from(PROMPT.as_bytes().to_vec());
        Call::submit_task { prompt, bounty: UNIT, options: TaskOptions { responders, model: None } }
    };
    chain.submit(&faith, submit(1)).await?;
    let answer = BoundedVec::truncate_from(GOOD.as_bytes().to_vec());
    chain.submit(&dorothy, Call::submit_answer { task: 0, answer }).await?;

    // then: it is judged and paid
    let outcome: Outcome<Runtime> = chain.wait_for(|| chain.outcome(0), &node).await?;
    assert!(matches!(&outcome.answers[..], [answer] if answer.paid > 0), "{outcome:?}");

    // when: there are two, who answer under seal and open
    chain.submit(&ethan, Call::join_inference { bond: 10 * UNIT }).await?;
    chain.submit(&faith, submit(2)).await?;
    for (owner, text) in [(&dorothy, GOOD), (&ethan, BAD)] {
        let context = AnswerContext {
            genesis: chain.genesis.0,
            task: 1,
            account: owner.account(),
            prompt: blake2_256(PROMPT.as_bytes()),
        };
        let Seal { commitment, nonce, ciphertext } = seal(&context.hash(), &key(owner), text.as_bytes());
        let seal = Seal { commitment, nonce, ciphertext: BoundedVec::truncate_from(ciphertext) };
        chain.submit(owner, Call::commit_answer { task: 1, context: context.hash().to_bytes(), seal }).await?;
    }
    for owner in [&dorothy, &ethan] {
        chain.submit(owner, Call::reveal_answer { task: 1, key: key(owner) }).await?;
    }

    // then: the three evaluators judge it, the good answer is paid and the other is not
    let outcome: Outcome<Runtime> = chain.wait_for(|| chain.outcome(1), &node).await?;
    assert_eq!(outcome.expired, None, "{outcome:?}");
    let paid = |owner: &Owner| {
        outcome
            .answers
            .iter()
            .find(|answer| answer.author == owner.account())
            .map(|answer| (answer.quality, answer.paid))
    };
    let (good, bad) = (paid(&dorothy).expect("she answered"), paid(&ethan).expect("he answered"));
    println!("good: {good:?}; bad: {bad:?}; refunded {}", outcome.refunded);
    assert!(good.0 > bad.0 && good.1 > 0 && bad.1 == 0, "good: {good:?}; bad: {bad:?}");
    assert!(outcome.seats.iter().all(|seat| seat.offence.is_none()), "{:?}", outcome.seats);

    // and: an evaluator that changes its key proves to hold the new one
    let baltathar = Owner::baltathar();
    let new_key = ed25519::Pair::from_string("//Baltathar", None)?;
    let message = keys::registration_message(&chain.genesis, &baltathar.account());
    let proof = new_key.sign(&message).into();
    chain.submit(&baltathar, Call::change_key { key: new_key.public().into(), proof }).await?;
    assert_eq!(chain.evaluator_key(&baltathar).await?, Some(new_key.public().into()));
    Ok(())
}

fn key(owner: &Owner) -> SealKey {
    SealKey(blake2_256(owner.account().as_bytes()))
}
