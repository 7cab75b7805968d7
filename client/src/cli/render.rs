//! What people see of tasks, events and refusals.

use super::table::{dues, names, one_line, percent, share, short, skill, table};
use crate::{
    amount::Token,
    protocol::{Event, Expiry, FullAnswer, Outcome, Permill, SeatOutcome, UnrevealedAnswer},
    AccountId, Chain, ClientError, TaskId,
};
use serde::Serialize;

/// An ended task as JSON.
#[derive(Serialize)]
struct Ended<'a> {
    task: TaskId,
    expired: Option<Expiry>,
    answers: Vec<EndedAnswer<'a>>,
    seats: &'a [SeatOutcome],
    refunded: u128,
    unrevealed: &'a [UnrevealedAnswer],
}

#[derive(Serialize)]
struct EndedAnswer<'a> {
    author: &'a AccountId,
    text: String,
    quality: Option<Permill>,
    delay: Permill,
    share: Permill,
    paid: u128,
}

pub fn ended_json(task: TaskId, answers: &[FullAnswer], outcome: &Outcome) -> serde_json::Result<String> {
    let answers = outcome.answers.iter().zip(answers).map(|(result, answer)| EndedAnswer {
        author: &result.author,
        text: answer.lossy(),
        quality: result.quality,
        delay: result.delay,
        share: result.share,
        paid: result.paid,
    });
    serde_json::to_string(&Ended {
        task,
        expired: outcome.expired,
        answers: answers.collect(),
        seats: &outcome.seats,
        refunded: outcome.refunded,
        unrevealed: &outcome.unrevealed,
    })
}

pub fn ended(task: TaskId, answers: &[FullAnswer], outcome: &Outcome, token: &Token) -> String {
    let mut text = match outcome.expired {
        None => format!("task {task} was settled\n"),
        Some(reason) => format!("task {task} expired: {reason}\n"),
    };
    if !outcome.answers.is_empty() {
        let mut table = table(["answer by", "quality", "delay", "earned", "paid", "answer"]);
        for (result, answer) in outcome.answers.iter().zip(answers) {
            table.add_row([
                short(&result.author),
                share(result.quality),
                percent(result.delay),
                percent(result.share),
                token.format(result.paid),
                one_line(&answer.lossy()),
            ]);
        }
        text.push_str(&format!("{table}\n"));
    }
    for answer in &outcome.unrevealed {
        text.push_str(&format!(
            "{} did not open its answer and lost {} ({})\n",
            short(&answer.author),
            token.format(answer.slashed),
            answer.offence
        ));
    }
    if !outcome.seats.is_empty() {
        let mut table = table(["judged by", "scores", "skill", "trust", "paid", "owes", "slashed"]);
        for seat in &outcome.seats {
            let scores: Vec<String> = seat.scores.iter().map(Permill::to_string).collect();
            let slashed = match seat.offence {
                Some(offence) => format!("{} ({offence})", token.format(seat.slashed)),
                None => "-".into(),
            };
            let scores = if scores.is_empty() { "-".into() } else { scores.join(" ") };
            table.add_row([
                short(&seat.account),
                scores,
                seat.skill.map_or("-".into(), skill),
                seat.reputation.trust.to_string(),
                token.format(seat.paid),
                dues(&seat.reputation.dues, token),
                slashed,
            ]);
        }
        text.push_str(&format!("{table}\n"));
    }
    text.push_str(&format!("refunded: {}", token.format(outcome.refunded)));
    text
}

/// An event in one line.
pub fn event(event: &Event, token: &Token) -> String {
    match event {
        Event::TaskSubmitted { task, submitter, bounty, responders } => format!(
            "task {task}: submitted by {} for {}; {} inference nodes drawn",
            short(submitter),
            token.format(*bounty),
            responders.len()
        ),
        Event::AnswerSubmitted { task, index, author } => format!("task {task}: answer {index} by {}", short(author)),
        Event::AnswerCommitted { task, author } => format!("task {task}: {} sealed an answer", short(author)),
        Event::AnswerRevealPhaseStarted { task, sealed } => format!("task {task}: {sealed} sealed answers are opened"),
        Event::AnswerRevealed { task, index, author } => {
            format!("task {task}: answer {index} opened by {}", short(author))
        }
        Event::AnswerUnopenable { task, author } => {
            format!("task {task}: the seal of {} holds no answer", short(author))
        }
        Event::CommitteeDrawn { task, committee } => format!("task {task}: committee of {}", names(committee)),
        Event::ScoresCommitted { task, evaluator } => format!("task {task}: {} committed", short(evaluator)),
        Event::ScoreRevealPhaseStarted { task, committed } => {
            format!("task {task}: {committed} commitments are opened")
        }
        Event::ScoresRevealed { task, evaluator, scores } => {
            let scores: Vec<String> = scores.iter().map(Permill::to_string).collect();
            format!("task {task}: {} scored {}", short(evaluator), scores.join(" "))
        }
        Event::KeyGivenLate { task, evaluator } => {
            format!("task {task}: {} gave its key after the settlement, and in time", short(evaluator))
        }
        Event::ScoresUnopenable { task, evaluator } => {
            format!("task {task}: the seal of {} holds no scores", short(evaluator))
        }
        Event::Paid { task, who, role, amount } => {
            format!("task {task}: {} paid to {role} {}", token.format(*amount), short(who))
        }
        Event::Slashed { task, who, role, offence, amount } => {
            format!("task {task}: {role} {} lost {} ({offence})", short(who), token.format(*amount))
        }
        Event::Refunded { task, submitter, amount } => {
            format!("task {task}: {} back to {}", token.format(*amount), short(submitter))
        }
        Event::TaskSettled { task, .. } => format!("task {task}: settled"),
        Event::TaskExpired { task, outcome } => match outcome.expired {
            Some(reason) => format!("task {task}: expired: {reason}"),
            None => format!("task {task}: expired"),
        },
        Event::TaskPruned { task } => format!("task {task}: removed after its retention"),
        Event::Joined { who, role, bond } => format!("{} joined as {role} with {}", short(who), token.format(*bond)),
        Event::BondAdded { who, role, amount } => {
            format!("{} added {} to the bond as {role}", short(who), token.format(*amount))
        }
        Event::Leaving { who, role, until } => {
            format!("{} is leaving as {role}; the bond is free from block {until}", short(who))
        }
        Event::BondWithdrawn { who, role, amount } => {
            format!("{} took home the bond of {} as {role}", short(who), token.format(*amount))
        }
        Event::Chilled { who, role } => format!("{} was chilled as {role}", short(who)),
        Event::Activated { who, role } => format!("{} is active again as {role}", short(who)),
        Event::KeyChanged { who, key } => format!("{} signs with 0x{}", short(who), hex::encode(key)),
        Event::ParametersSet { .. } => "new parameters; see `poq status`".into(),
    }
}

/// Prints a line. A reader that has gone away is an error that `run` takes for a normal end.
pub fn say(line: impl std::fmt::Display) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout().lock(), "{line}")
}

/// Says what a refused call calls for, where the chain's words leave that open.
pub fn advise(chain: &Chain, error: ClientError) -> anyhow::Error {
    let advice = match error.refusal() {
        Some("BountyTooSmall" | "BondTooSmall" | "UnknownModel") => "`poq status` shows what the chain asks for",
        Some("NotJoined") => "join first",
        Some("AlreadyJoined") => "`poq status ACCOUNT` shows where it stands",
        Some("BadKeyProof") => "make the proof with `poq-node evaluator-key` for this very account and chain",
        Some("StillUnbonding" | "DutiesOpen") => "`poq status ACCOUNT` shows until when, and which tasks",
        _ => return anyhow::Error::new(error),
    };
    anyhow::anyhow!("{error}; {advice} (chain {})", chain.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys,
        protocol::{AnswerOutcome, Dues, Offence, Reputation, Trust},
    };

    fn account(name: &str) -> AccountId {
        keys::account(&keys::development(name).unwrap())
    }

    fn settled() -> (Vec<FullAnswer>, Outcome) {
        let answer = FullAnswer { author: account("bob"), at: 3, text: b"Honey.\x1b[31m\nYes.".to_vec() };
        let seat = |name, offence, slashed| SeatOutcome {
            account: account(name),
            scores: vec![Permill(900_000)],
            deviation: Some(Permill(0)),
            skill: Some(950_000),
            paid: 1_000_000_000_000,
            reputation: Reputation { trust: Trust(1_250_000), dues: Dues { probation: 7_500_000, debt: 5 } },
            offence,
            slashed,
        };
        let outcome = Outcome {
            expired: None,
            answers: vec![AnswerOutcome {
                author: account("bob"),
                quality: Some(Permill(900_000)),
                delay: Permill(80_000),
                share: Permill(740_000),
                paid: u128::MAX,
            }],
            seats: vec![seat("alice", None, 0), seat("eve", Some(Offence::Withheld), 5)],
            refunded: 2_500_000_000_000,
            unrevealed: vec![UnrevealedAnswer {
                author: account("dave"),
                offence: Offence::Unopenable,
                slashed: 3_000_000_000_000,
            }],
        };
        (vec![answer], outcome)
    }

    #[test]
    fn an_ended_task_shows_answers_scores_and_money() {
        let (answers, outcome) = settled();
        let text = ended(7, &answers, &outcome, &Token::default());
        for part in [
            "task 7 was settled",
            "0.9000",
            "74 %",
            "0.95",
            "1.25",
            "7.5 seats",
            "1 POQ",
            "withheld",
            "lost 3 POQ (unopenable)",
            "refunded: 2.5 POQ",
            "Honey.",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains('\x1b'));
    }

    #[test]
    fn an_expired_task_says_why() {
        let outcome = Outcome {
            expired: Some(Expiry::NoAnswers),
            answers: vec![],
            seats: vec![],
            refunded: 0,
            unrevealed: vec![],
        };
        assert!(ended(1, &[], &outcome, &Token::default()).starts_with("task 1 expired: nobody answered"));
    }

    #[test]
    fn json_holds_the_largest_amounts() {
        let (answers, outcome) = settled();
        let json = ended_json(7, &answers, &outcome).unwrap();
        assert!(json.contains("340282366920938463463374607431768211455"), "{json}");
        assert!(json.contains("\"quality\":0.9") && json.contains("Honey."));
    }
}
