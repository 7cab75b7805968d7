//! The library against a running development node. Start one with `poq-node --dev --tmp`, then
//! `cargo test --release --workspace --test live -- --ignored`; POQ_NODE names another address.

use futures::StreamExt;
use poq_client::{
    keys,
    protocol::{Event, Phase, Role, Standing},
    submit, watch, Chain, ClientError, NewTask,
};
use std::time::Duration;

/// Nothing that is waited for takes longer.
const PATIENCE: Duration = Duration::from_secs(600);

/// A prompt with a passage: without one an extractive inference node of the network has nothing to
/// answer with, and is chilled after three such tasks.
fn prompt(question: impl std::fmt::Display) -> String {
    format!("Bees make honey from the nectar of flowers.\n\nQuestion: {question}")
}

async fn chain() -> Chain {
    let url = std::env::var("POQ_NODE").unwrap_or_else(|_| "ws://127.0.0.1:9944".into());
    Chain::connect(&url).await.expect("a development node is running")
}

#[tokio::test]
#[ignore = "needs a running development node"]
async fn an_account_joins_answers_leaves_and_everything_is_told() {
    let chain = chain().await;
    let (user, node) = (keys::development("eve").unwrap(), keys::development("Inference8").unwrap());
    let account = keys::account(&node);
    let bond = chain.parameters().await.unwrap().inference_bond;
    let mut events = chain.finalized_events().await.unwrap();

    if chain.participant(Role::Inference, &account).await.unwrap().is_none() {
        let joined = chain.join_inference(&node, bond).await.unwrap();
        assert!(joined.events.contains(&Event::Joined { who: account, role: Role::Inference, bond }), "{joined:?}");
    }
    let again = chain.join_inference(&node, bond).await.unwrap_err();
    assert_eq!(again.refusal(), Some("AlreadyJoined"));
    assert!(again.to_string().contains("already has a bond for this role"), "{again}");
    assert!(chain.balance(&account).await.unwrap().held >= bond);

    let count = chain.best().await.unwrap().active(Role::Inference).await.unwrap();
    let bounty = chain.token().parse("1").unwrap();
    let question = prompt("What do bees make?");
    let told = chain.submit_task(&user, question.as_bytes(), bounty, count.min(8)).await.unwrap();
    // Its number is certain once it is finalized: another block may have another order.
    let submitted = async {
        loop {
            let block = events.next().await.unwrap().unwrap();
            let ours = |event: &Event| matches!(event, Event::TaskSubmitted { submitter, .. } if *submitter == keys::account(&user));
            if let Some(event) = block.events.iter().find(|event| ours(event)) {
                break event.task().unwrap();
            }
        }
    };
    let task = tokio::time::timeout(PATIENCE, submitted).await.expect("a task is finalized");
    let found = submit::locate(&chain, &keys::account(&user), question.as_bytes(), told).await.unwrap();
    assert_eq!(found, Some(task), "it was told to be {told}");
    assert_eq!(chain.prompt(task).await.unwrap().unwrap(), question.as_bytes());
    let record = chain.task(task).await.unwrap().unwrap();
    assert_eq!((record.submitter, record.bounty), (keys::account(&user), bounty));
    if record.responders.contains(&account) {
        assert!(chain.open_work(&account).await.unwrap().iter().any(|work| work.task == task));
        let answer = |text: &'static [u8]| {
            let (chain, node, record) = (chain.clone(), node.clone(), record.clone());
            async move {
                match record.is_sealed() {
                    true => chain.commit_answer(&node, task, record.prompt, text).await,
                    false => chain.submit_answer(&node, task, text).await,
                }
            }
        };
        answer(b"Honey.").await.unwrap();
        let twice = answer(b"Wax.").await.unwrap_err();
        assert!(matches!(twice.refusal(), Some("AlreadyAnswered" | "AnswersClosed")), "{twice}");
        assert!(chain.task(task).await.unwrap().unwrap().has_answer_of(&account));
        // Where several answer, all wait for the last key.
        while record.is_sealed() && chain.reveal_answer(&node, task, record.prompt).await.is_err() {
            let phase = chain.task(task).await.unwrap().unwrap().phase;
            assert!(matches!(phase, Phase::Answering { .. } | Phase::RevealingAnswers { .. }), "{phase:?}");
        }
    }
    let outcome = tokio::time::timeout(PATIENCE, watch::wait_until_ended(&chain, task, |_| ())).await;
    let outcome = outcome.expect("the task ends").unwrap();
    let finalized = tokio::time::timeout(PATIENCE, watch::wait_until_finalized(&chain, task)).await;
    assert_eq!(finalized.expect("its end is finalized").unwrap(), outcome);
    assert_eq!(chain.finalized_outcome(task).await.unwrap(), Some(outcome));

    chain.leave(&node, Role::Inference).await.unwrap();
    let standing = chain.participant(Role::Inference, &account).await.unwrap().unwrap().standing;
    assert!(matches!(standing, Standing::Leaving { .. }));
    let early = chain.withdraw_bond(&node, Role::Inference).await.unwrap_err();
    assert!(matches!(early.refusal(), Some("StillUnbonding" | "DutiesOpen")), "{early}");

    let ended = async {
        loop {
            let block = events.next().await.unwrap().unwrap();
            let ends = |event: &Event| {
                matches!(event, Event::TaskSettled { .. } | Event::TaskExpired { .. }) && event.task() == Some(task)
            };
            if block.events.iter().any(ends) {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, ended).await.expect("the end is told once finalized");
}

#[tokio::test]
#[ignore = "needs a running development node"]
async fn refusals_are_sentences() {
    let chain = chain().await;
    let dave = keys::development("dave").unwrap();
    let poor = keys::development("Nobody").unwrap();
    let error = chain.submit_task(&dave, b"Why?", 1, 1).await.unwrap_err();
    assert_eq!(error.refusal(), Some("BountyTooSmall"));
    let error = chain.submit_task(&dave, b"Why?", u128::MAX / 2, 1).await.unwrap_err();
    assert_eq!(error.refusal(), Some("BountyTooLarge"));
    let error = chain.join_inference(&dave, u128::MAX / 2).await.unwrap_err();
    assert!(matches!(error, ClientError::InsufficientFunds), "{error}");
    let error = chain.submit_task(&poor, b"Why?", 1, 1).await.unwrap_err();
    assert!(matches!(error, ClientError::CannotPayFees), "{error}");
    let error = chain.submit_answer(&dave, u64::MAX, b"x").await.unwrap_err();
    assert_eq!(error.refusal(), Some("UnknownTask"));
    let error = chain.call(&dave, "ProofOfQuality", "no_such_call", ()).await.unwrap_err();
    assert!(matches!(error, ClientError::Incompatible(_)), "{error}");
    let error = watch::wait_until_ended(&chain, u64::MAX, |_| ()).await.unwrap_err();
    assert!(matches!(error, ClientError::UnknownTask(_)), "{error}");
}

#[tokio::test]
#[ignore = "needs a running development node"]
async fn many_transactions_of_one_account_share_blocks() {
    let chain = chain().await;
    // Nobody else asks with it, so that no check that follows on the same network finds tasks of
    // its own account open.
    let submitter = keys::development("bob//stash").unwrap();
    let before = chain.task_count().await.unwrap();
    let bounty = chain.parameters().await.unwrap().min_bounty;
    let tasks = (0..20).map(|number| NewTask::new(prompt(number), bounty, 1)).collect();
    let results = chain.submit_tasks(&submitter, tasks).await.unwrap();
    match chain.best().await.unwrap().active(Role::Inference).await.unwrap() {
        0 => assert!(results.iter().all(|result| result.as_ref().unwrap_err().refusal() == Some("NoInferenceNodes"))),
        _ => {
            let ids: Vec<u64> = results.into_iter().map(Result::unwrap).collect();
            assert!(ids.windows(2).all(|pair| pair[0] < pair[1]) && ids[0] >= before);
            // Concurrent calls of the same account get numbers of their own, too.
            let prompts: Vec<String> = (20..25).map(prompt).collect();
            let calls = prompts.iter().map(|prompt| chain.submit_task(&submitter, prompt.as_bytes(), bounty, 1));
            assert!(futures::future::join_all(calls).await.into_iter().all(|result| result.is_ok()));
        }
    }
}

#[tokio::test]
#[ignore = "needs a running development node"]
async fn sudo_sets_parameters_and_tells_what_went_wrong_inside() {
    let chain = chain().await;
    let alice = keys::development("alice").unwrap();
    let old = chain.parameters().await.unwrap();
    let mut new = old.clone();
    new.grace += 1;
    chain.sudo_set_parameters(&alice, new.clone()).await.unwrap();
    assert_eq!(chain.parameters().await.unwrap(), new);
    let mut wrong = old.clone();
    wrong.answer_window = 0;
    let error = chain.sudo_set_parameters(&alice, wrong).await.unwrap_err();
    assert_eq!(error.refusal(), Some("BadWindow"));
    chain.sudo_set_parameters(&alice, old).await.unwrap();
    let bob = keys::development("bob").unwrap();
    assert!(chain.sudo_set_parameters(&bob, new).await.is_err());
}
