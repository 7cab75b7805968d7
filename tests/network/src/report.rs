//! The demo's closing tables: each answer with every validator's score, and each party's total.

use crate::{
    books::Books,
    inference::{account, Kind},
    scenario::{Judged, USER},
    validator::NAMES,
};
use comfy_table::{presets::UTF8_FULL_CONDENSED, Attribute, Cell, CellAlignment, ContentArrangement, Table};
use poq_client::{
    amount::Token,
    protocol::{AccountId, Permill},
};

/// How much of a text is shown, in characters.
const EXCERPT: usize = 30;

/// Names and amounts for people.
pub struct Words {
    token: Token,
    names: Vec<(AccountId, String)>,
}

impl Words {
    /// The parties of the demo.
    pub fn new(token: Token) -> anyhow::Result<Self> {
        let mut names = vec![(account(USER)?, format!("{USER} (user)"))];
        for name in NAMES {
            names.push((account(name)?, name.into()));
        }
        for kind in Kind::ALL {
            names.push((account(kind.party())?, kind.name().into()));
        }
        Ok(Self { token, names })
    }

    fn name(&self, who: &AccountId) -> String {
        let known = self.names.iter().find(|(account, _)| account == who);
        known.map_or_else(|| who.to_string(), |(_, name)| name.clone())
    }

    /// Exact to the last unit.
    fn amount(&self, amount: u128) -> Cell {
        let text = if amount == 0 { "–".into() } else { self.token.number(amount) };
        Cell::new(text).set_alignment(CellAlignment::Right)
    }
}

fn table(header: Vec<String>) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.into_iter().map(|title| Cell::new(title).add_attribute(Attribute::Bold)));
    table
}

/// A score, to three places.
fn share(score: &Permill) -> String {
    format!("{:.3}", score.fraction())
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.chars().count() > EXCERPT {
        true => line.chars().take(EXCERPT - 1).chain(['…']).collect(),
        false => line,
    }
}

/// One row for each answer: who, what, every validator's score, the consensus and the payout; then
/// what judging paid.
pub fn answers(judged: &[Judged], words: &Words) -> Table {
    let mut header: Vec<String> = ["Task", "Answered by", "Answer"].map(Into::into).into();
    header.extend(NAMES.map(Into::into));
    header.extend(["Consensus".into(), format!("Paid, {}", words.token.symbol)]);
    let mut table = table(header);
    for Judged { task, answers, outcome } in judged {
        for (index, answer) in outcome.answers.iter().enumerate() {
            let text = answers.get(index).map(|answer| answer.lossy()).unwrap_or_default();
            let mut row = vec![Cell::new(task), Cell::new(words.name(&answer.author)), Cell::new(excerpt(&text))];
            row.extend(NAMES.iter().map(|name| {
                let seat = outcome.seats.iter().find(|seat| words.name(&seat.account) == *name);
                let score = seat.and_then(|seat| seat.scores.get(index));
                Cell::new(score.map_or("–".into(), share))
            }));
            row.push(Cell::new(answer.quality.as_ref().map_or("–".into(), share)));
            row.push(words.amount(answer.paid));
            table.add_row(row);
        }
        let mut row = vec![Cell::new(task), Cell::new("validators"), Cell::new("what each got for judging")];
        row.extend(NAMES.iter().map(|name| {
            let seat = outcome.seats.iter().find(|seat| words.name(&seat.account) == *name);
            words.amount(seat.map_or(0, |seat| seat.paid))
        }));
        row.extend([Cell::new(""), words.amount(outcome.seats.iter().map(|seat| seat.paid).sum())]);
        table.add_row(row);
    }
    table
}

/// A sentence for each thing that must not happen to honest validators: a task that expired, a seat
/// of one of the `up` validators that has an offence. Those that were never started are rightly
/// absent.
pub fn incidents(judged: &[Judged], words: &Words, up: &[&str]) -> Vec<String> {
    let mut sentences = Vec::new();
    for Judged { task, outcome, .. } in judged {
        sentences.extend(outcome.expired.map(|reason| format!("Task {task} expired: {reason}.")));
        for seat in &outcome.seats {
            let name = words.name(&seat.account);
            if !up.contains(&name.as_str()) {
                continue;
            }
            let slash = words.token.format(seat.slashed);
            sentences
                .extend(seat.offence.map(|offence| format!("In task {task}, {name} was slashed {slash} ({offence}).")));
        }
    }
    sentences
}

/// One row for each party: what it earned, spent, got back, and paid in fees.
pub fn totals(books: &Books, words: &Words) -> Table {
    let header =
        ["Party", "Bounties put up", "Paid to others", "Refunded", "Earned", "Slashed", "Fees paid", "Fees got"];
    let mut table = table(header.map(Into::into).into());
    for (who, name) in &words.names {
        let sums = books.of(who);
        table.add_row(vec![
            Cell::new(name),
            words.amount(sums.bounties),
            words.amount(sums.spent),
            words.amount(sums.refunded),
            words.amount(sums.answering + sums.judging),
            words.amount(sums.slashed),
            words.amount(sums.fees),
            words.amount(sums.authored),
        ]);
    }
    table.add_row(vec![
        Cell::new("all together").add_attribute(Attribute::Bold),
        words.amount(books.sum(|sums| sums.bounties)),
        words.amount(books.sum(|sums| sums.spent)),
        words.amount(books.sum(|sums| sums.refunded)),
        words.amount(books.sum(|sums| sums.answering + sums.judging)),
        words.amount(books.sum(|sums| sums.slashed)),
        words.amount(books.sum(|sums| sums.fees)),
        words.amount(books.sum(|sums| sums.authored)),
    ]);
    table
}
