//! Tables, and what stands in their cells.

use crate::{
    amount::Token,
    protocol::{Dues, Permill},
    AccountId,
};
use comfy_table::{presets, ContentArrangement, Table};

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
pub fn facts() -> Table {
    arranged(presets::NOTHING)
}

pub fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = arranged(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(header);
    table
}

/// The beginning and end of an address, which people recognise it by.
pub fn short(account: &AccountId) -> String {
    let text = account.to_string();
    match (text.get(..6), text.get(text.len().saturating_sub(6)..)) {
        (Some(start), Some(end)) => format!("{start}..{end}"),
        _ => text,
    }
}

pub fn names(accounts: &[AccountId]) -> String {
    accounts.iter().map(short).collect::<Vec<_>>().join(", ")
}

pub fn share(share: Option<Permill>) -> String {
    share.map_or_else(|| "-".into(), |share| share.to_string())
}

/// Skill in parts of what the seat could have earned.
pub fn skill(skill: i64) -> String {
    format!("{:.2}", skill as f64 / 1e6)
}

/// What an evaluator must earn before it is paid.
pub fn dues(dues: &Dues, token: &Token) -> String {
    match (dues.probation, dues.debt) {
        (0, 0) => "-".into(),
        (0, debt) => token.format(debt),
        (probation, 0) => format!("{:.1} seats", f64::from(probation) / 1e6),
        (probation, debt) => format!("{:.1} seats, {}", f64::from(probation) / 1e6, token.format(debt)),
    }
}

pub fn percent(share: Permill) -> String {
    format!("{} %", (share.fraction() * 10_000.0).round() / 100.0)
}

/// A text on one line, without control characters that could play tricks with a terminal.
pub fn one_line(text: &str) -> String {
    const LONGEST: usize = 240;
    let printable = text.replace(|character: char| character.is_control(), " ");
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}
