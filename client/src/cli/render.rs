//! What people see: tables and lines.

use super::status::{AccountStatus, ChainStatus};
use comfy_table::{presets, ContentArrangement, Table};
use poq_client::{
    amount::Token,
    protocol::{Dues, Duty, Event, FullAnswer, Outcome, Participant, Permill, SeatOutcome, UnrevealedAnswer},
    AccountId, TaskId,
};
use serde::Serialize;

/// An ended task as JSON.
#[derive(Serialize)]
struct Ended<'a> {
    task: TaskId,
    expired: Option<poq_client::protocol::Expiry>,
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

pub fn chain(status: &ChainStatus, url: &str, token: &Token) -> String {
    let p = &status.parameters;
    let rules = &p.rules;
    let mut facts = facts();
    let ledger = &status.ledger;
    for (name, value) in [
        ("chain", format!("{} at {url}", status.name)),
        ("block", format!("{} (finalized {})", status.best.number, status.finalized.number)),
        ("judged by model", format!("0x{}", hex::encode(p.model))),
        ("active", format!("{} evaluators, {} inference nodes", status.evaluators, status.inference_nodes)),
        ("tasks", format!("{} submitted, {} open", status.submitted, status.open.len())),
        ("bounties", format!("from {} to {}", token.format(p.min_bounty), token.format(p.max_bounty))),
        (
            "smallest bonds",
            format!("evaluator {}, inference node {}", token.format(p.evaluator_bond), token.format(p.inference_bond)),
        ),
        (
            "committee",
            format!("{} seats (at least {}), quorum {}", p.committee_size, p.min_committee, percent(p.quorum)),
        ),
        (
            "judging",
            format!(
                "{} of the bounty by skill, consensus by {}; new evaluators first show {} seats' worth",
                percent(rules.judging_share),
                rules.aggregator,
                rules.skill.probation
            ),
        ),
        (
            "answers",
            format!(
                "{:.2} for quality less {:.2} for delay, nothing below {}",
                f64::from(rules.answer.alpha) / 100.0,
                f64::from(rules.answer.beta) / 100.0,
                rules.answer.floor
            ),
        ),
        (
            "windows",
            format!(
                "answer {}, commit {}, reveal {} blocks; grace {}, reveal depth {}",
                p.answer_window, p.commit_window, p.reveal_window, p.grace, p.reveal_depth
            ),
        ),
        (
            "slashes",
            format!(
                "absent {}, withheld {}, unopenable {}, doubled by each offence on record; chilled at {}",
                percent(rules.offence.absent),
                percent(rules.offence.withheld),
                percent(rules.offence.unopenable),
                rules.offence.chilled_at
            ),
        ),
        ("unbonding", format!("{} blocks; ended tasks stay for {} blocks", p.unbonding, p.retention)),
        (
            "money",
            format!(
                "funded {} = held {} + paid {} + refunded {} + slashed {}",
                token.format(ledger.funded),
                token.format(ledger.held()),
                token.format(ledger.paid),
                token.format(ledger.refunded),
                token.format(ledger.slashed)
            ),
        ),
    ] {
        facts.add_row([name.to_owned(), value]);
    }
    if status.open.is_empty() {
        return facts.to_string();
    }
    let mut open = table(["task", "phase", "bounty", "answers", "committed", "opened"]);
    for task in &status.open {
        open.add_row([
            task.task.to_string(),
            task.phase.to_string(),
            token.format(task.bounty),
            format!("{} of {}", task.answers, task.responders),
            format!("{} of {}", task.committed, task.seats),
            format!("{} of {}", task.revealed, task.seats),
        ]);
    }
    format!("{facts}\n{open}")
}

pub fn account(status: &AccountStatus, token: &Token) -> String {
    let mut facts = facts();
    let role = |participant: &Option<Participant>| match participant {
        Some(it) => format!("{}; bond {}, {} offences on record", it.standing, token.format(it.bond), it.record),
        None => "not joined".into(),
    };
    facts.add_row(["account".to_owned(), status.account.to_string()]);
    facts.add_row(["free".to_owned(), token.format(status.balance.free)]);
    facts.add_row(["held".to_owned(), token.format(status.balance.held)]);
    for hold in &status.holds {
        facts.add_row([format!("  {}", hold.reason), token.format(hold.amount)]);
    }
    facts.add_row(["evaluator".to_owned(), role(&status.evaluator)]);
    if let Some(key) = &status.evaluator_key {
        facts.add_row(["  key".to_owned(), key.clone()]);
    }
    if let Some(reputation) = &status.reputation {
        facts.add_row(["  trust".to_owned(), reputation.trust.to_string()]);
        facts.add_row(["  to earn before it is paid".to_owned(), dues(&reputation.dues, token)]);
    }
    facts.add_row(["inference node".to_owned(), role(&status.inference)]);
    for work in &status.open_work {
        let duty = match work.duty {
            Duty::Answer => "to answer".to_owned(),
            Duty::Judge { seat } => format!("to judge from seat {seat}"),
        };
        facts.add_row([format!("task {}", work.task), format!("{duty}; {}", work.phase)]);
    }
    facts.to_string()
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

/// A table as wide as the terminal, or of a fixed width where there is none.
fn arranged(preset: &str) -> Table {
    const WIDTH: u16 = 120;
    let mut table = Table::new();
    table.load_preset(preset).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(WIDTH);
    }
    table
}

/// Names and values, one a line.
fn facts() -> Table {
    arranged(presets::NOTHING)
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = arranged(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header);
    table
}

/// The beginning and end of an address, which people recognise it by.
fn short(account: &AccountId) -> String {
    let text = account.to_string();
    match (text.get(..6), text.get(text.len().saturating_sub(6)..)) {
        (Some(start), Some(end)) => format!("{start}..{end}"),
        _ => text,
    }
}

fn names(accounts: &[AccountId]) -> String {
    accounts.iter().map(short).collect::<Vec<_>>().join(", ")
}

fn share(share: Option<Permill>) -> String {
    share.map_or_else(|| "-".into(), |share| share.to_string())
}

/// Skill in parts of what the seat could have earned.
fn skill(skill: i64) -> String {
    format!("{:.2}", skill as f64 / 1e6)
}

/// What an evaluator must earn before it is paid.
fn dues(dues: &Dues, token: &Token) -> String {
    match (dues.probation, dues.debt) {
        (0, 0) => "-".into(),
        (0, debt) => token.format(debt),
        (probation, 0) => format!("{:.1} seats", f64::from(probation) / 1e6),
        (probation, debt) => format!("{:.1} seats, {}", f64::from(probation) / 1e6, token.format(debt)),
    }
}

fn percent(share: Permill) -> String {
    format!("{} %", (share.fraction() * 10_000.0).round() / 100.0)
}

/// A text on one line, without control characters that could play tricks with a terminal.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 240;
    let printable = text.replace(|character: char| character.is_control(), " ");
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use poq_client::{
        keys,
        protocol::{AnswerOutcome, Dues, Expiry, Offence, Reputation, Trust},
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
