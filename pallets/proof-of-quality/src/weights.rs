//! Weights: the maximum cost of each call and of each step of a hook.
//!
//! A chain has its own weights, measured with its own limits by the benchmarks in
//! `benchmarking.rs`: `scripts/weights.sh` generates an implementation of [`WeightInfo`]. A chain
//! that has not measured yet, or is in its tests, takes [`BoundedWeight`]. For the longest input
//! and the largest committee that the runtime allows it counts:
//!
//! - every storage item that a call may read or write, at the runtime's own price (`DbWeight`);
//! - for each read the item's proof (its own size plus a share of the trie);
//! - every byte of a text that is decoded, hashed and stored;
//! - every signature that is verified and every seal that is opened.
//!
//! The counts err to the high side. An item that one call reads twice is counted twice, though the
//! overlay serves the second access.

use crate::{committee::LOOKS_FOR_EACH_SEAT, Config, Outcome, PastQualities, RecentPairingsOf, Seat, Task};
use codec::MaxEncodedLen;
use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};

/// The maximum weight of each call and of each step of a hook.
pub trait WeightInfo {
    /// `submit_task` with a prompt of `bytes` bytes and `responders` to draw.
    fn submit_task(bytes: u32, responders: u32) -> Weight;
    /// `submit_answer` with an answer of `bytes` bytes.
    fn submit_answer(bytes: u32) -> Weight;
    /// `commit_answer` with a ciphertext of `bytes` bytes.
    fn commit_answer(bytes: u32) -> Weight;
    /// `reveal_answer` of the longest answer.
    fn reveal_answer() -> Weight;
    /// `commit_scores` for `tasks` tasks, without its authorization.
    fn commit_scores(tasks: u32) -> Weight;
    /// Authorizing `commit_scores` for `tasks` tasks.
    fn authorize_commit_scores(tasks: u32) -> Weight;
    /// `reveal_scores` for `tasks` tasks, each of which is settled with all seats paid, without its
    /// authorization.
    fn reveal_scores(tasks: u32) -> Weight;
    /// Authorizing `reveal_scores` for `tasks` tasks.
    fn authorize_reveal_scores(tasks: u32) -> Weight;
    /// Settling one task whose seats are all paid. A reveal that is not the last saves this part of
    /// `reveal_scores`.
    fn end_task() -> Weight;
    /// `join_evaluators`.
    fn join_evaluators() -> Weight;
    /// `join_inference`.
    fn join_inference() -> Weight;
    /// `add_bond`.
    fn add_bond() -> Weight;
    /// `leave`.
    fn leave() -> Weight;
    /// `withdraw_bond`.
    fn withdraw_bond() -> Weight;
    /// `activate`.
    fn activate() -> Weight;
    /// `change_key`.
    fn change_key() -> Weight;
    /// `set_parameters`.
    fn set_parameters() -> Weight;
    /// Looking at the agenda of one block.
    fn look_at_agenda() -> Weight;
    /// Ending one task at its deadline, with all participants slashed and chilled.
    fn advance_task() -> Weight;
    /// Drawing one committee at the end of a block.
    fn draw_committee() -> Weight;
    /// Removing one task when its retention is over.
    fn prune() -> Weight;

    /// The heaviest end of a task.
    fn worst_end() -> Weight {
        Self::advance_task().max(Self::end_task())
    }

    /// `reveal_scores` for `tasks` tasks, each with the heaviest end and with its own parties.
    /// Tasks that share their parties, as in the benchmark, read and write less.
    fn worst_reveal(tasks: u32) -> Weight {
        let slashing = Self::worst_end().saturating_sub(Self::end_task());
        Self::reveal_scores(1).saturating_add(slashing).saturating_mul(u64::from(tasks))
    }

    /// The part of [`Self::worst_reveal`] that a task gives back if the reveal did not end it. It
    /// writes its seat, the task and a deadline all the same, as a commit does.
    fn settlement_saved() -> Weight {
        Self::worst_end().saturating_sub(Self::commit_scores(1))
    }

    /// The heaviest thing that one entry of the agenda can lead to. A committee is drawn later in
    /// the block, but its weight is counted here.
    fn agenda_step() -> Weight {
        Self::worst_end().max(Self::draw_committee()).max(Self::prune())
    }
}

/// One ed25519 verification by the host; about 60 microseconds on the SDK's reference machine.
const VERIFY: u64 = 120 * WEIGHT_REF_TIME_PER_MICROS;
/// Hashing a context, and opening or checking a seal of a few dozen bytes, inside the runtime.
const SEAL: u64 = 60 * WEIGHT_REF_TIME_PER_MICROS;
/// One step of sorting a committee's votes.
const COMPARISON: u64 = WEIGHT_REF_TIME_PER_MICROS / 5;
/// Code around the storage accesses of one step, in wasm. Up to 110 microseconds were measured.
const STEP: u64 = 150 * WEIGHT_REF_TIME_PER_MICROS;
/// One byte of text, in picoseconds: decoded, hashed, copied and written.
const BYTE: u64 = 20_000;
/// Proof of one item's path in the trie, in bytes, besides the item itself.
const TRIE_PATH: u64 = 2_048;

/// Upper bounds from counted accesses. See the module's description.
pub struct BoundedWeight<T>(PhantomData<T>);

impl<T: Config> BoundedWeight<T> {
    /// `reads` and `writes` of small items (accounts, holds, indices, counters).
    fn db(reads: u64, writes: u64) -> Weight {
        let small = 256u64;
        T::DbWeight::get()
            .reads_writes(reads, writes)
            .saturating_add(Weight::from_parts(STEP, reads.saturating_mul(TRIE_PATH + small)))
    }

    /// The proof of large items: the task, `seats` seats.
    fn large(tasks: u64, seats: u64) -> Weight {
        let bytes = tasks.saturating_mul(Task::<T>::max_encoded_len() as u64)
            + seats.saturating_mul(Seat::<T>::max_encoded_len() as u64);
        Weight::from_parts(bytes.saturating_mul(BYTE), bytes)
    }

    fn text(bytes: u32) -> Weight {
        Weight::from_parts(u64::from(bytes).saturating_mul(BYTE), 0)
    }

    fn compute(ref_time: u64) -> Weight {
        Weight::from_parts(ref_time, 0)
    }

    /// The parties of a task that a draw may meet and skip: the submitter, the responders, and the
    /// authors that were not drawn.
    fn parties() -> u64 {
        1 + 2 * u64::from(T::MaxResponders::get())
    }
}

impl<T: Config> WeightInfo for BoundedWeight<T> {
    fn submit_task(bytes: u32, responders: u32) -> Weight {
        let responders = u64::from(responders);
        // Parameters, count, ledger, account, holds, randomness, roster size; each draw; task,
        // prompt, agenda, duties.
        Self::db(8 + responders + 1, 8 + responders).saturating_add(Self::text(bytes)).saturating_add(Self::large(1, 0))
    }

    fn submit_answer(bytes: u32) -> Weight {
        // Task, participant; duty, answer, task, agenda.
        Self::db(2, 4).saturating_add(Self::text(bytes)).saturating_add(Self::large(1, 0))
    }

    fn commit_answer(bytes: u32) -> Weight {
        // Task, participant, genesis hash; duty, seal, task, agenda.
        Self::db(3, 4)
            .saturating_add(Self::text(bytes))
            .saturating_add(Self::large(1, 0))
            .saturating_add(Self::compute(SEAL))
    }

    fn reveal_answer() -> Weight {
        // Task, seal, genesis hash; seal, answer, task, agenda. The text is read, deciphered,
        // hashed and written.
        let text = T::MaxAnswerLen::get();
        Self::db(3, 4)
            .saturating_add(Self::text(text).saturating_mul(3))
            .saturating_add(Weight::from_parts(0, u64::from(text)))
            .saturating_add(Self::large(1, 0))
            .saturating_add(Self::compute(SEAL))
    }

    fn commit_scores(tasks: u32) -> Weight {
        // For each: the task twice, the seat and its index; seat, task, agenda.
        Self::db(4, 3)
            .saturating_add(Self::large(2, 1))
            .saturating_add(Self::compute(SEAL))
            .saturating_mul(u64::from(tasks))
    }

    fn authorize_commit_scores(tasks: u32) -> Weight {
        Self::db(4, 0)
            .saturating_add(Self::large(2, 1))
            .saturating_add(Self::compute(SEAL))
            .saturating_mul(u64::from(tasks))
            .saturating_add(Self::db(1, 0))
            .saturating_add(Self::compute(VERIFY))
    }

    fn reveal_scores(tasks: u32) -> Weight {
        // For each: the task twice, the seat and its index, the genesis hash; seat, task, agenda;
        // the settlement.
        Self::db(5, 3)
            .saturating_add(Self::large(2, 1))
            .saturating_add(Self::compute(SEAL))
            .saturating_add(Self::end_task())
            .saturating_mul(u64::from(tasks))
    }

    fn authorize_reveal_scores(tasks: u32) -> Weight {
        Self::db(5, 0)
            .saturating_add(Self::large(2, 1))
            .saturating_add(Self::compute(SEAL))
            .saturating_mul(u64::from(tasks))
            .saturating_add(Self::compute(VERIFY))
    }

    fn end_task() -> Weight {
        let seats = u64::from(T::MaxCommittee::get());
        let parties = 2 * u64::from(T::MaxResponders::get());
        // A seat: itself, its index and duty removed; a payment or slash (two accounts, a hold, the
        // ledger); the participant twice; the reputation twice; a chilling (roster size, two roster
        // indices, the participant that moves to the free one).
        let seat = Self::db(14, 13);
        // An inference node: the duty removed, a payment or slash, the participant, a chilling.
        let party = Self::db(10, 10);
        let outcome = Outcome::<T>::max_encoded_len() as u64;
        // The past qualities, read twice and written. For each answer and seat the votes of the
        // others are sorted.
        let remembered = PastQualities::max_encoded_len() as u64 * 3;
        let comparisons = seats * seats * u64::from(T::MaxResponders::get());
        seat.saturating_mul(seats)
            .saturating_add(party.saturating_mul(parties))
            // The refund (account, hold, ledger), the task, the outcome, the agenda.
            .saturating_add(Self::db(8, 7))
            .saturating_add(Self::large(1, seats))
            .saturating_add(Self::compute(outcome.saturating_add(remembered).saturating_mul(BYTE)))
            .saturating_add(Self::compute(comparisons.saturating_mul(COMPARISON)))
    }

    fn join_evaluators() -> Weight {
        Self::db(10, 9).saturating_add(Self::compute(VERIFY))
    }

    fn join_inference() -> Weight {
        Self::db(6, 6)
    }

    fn add_bond() -> Weight {
        Self::db(4, 4)
    }

    fn leave() -> Weight {
        Self::db(5, 5)
    }

    fn withdraw_bond() -> Weight {
        Self::db(6, 7)
    }

    fn activate() -> Weight {
        Self::db(3, 3)
    }

    fn change_key() -> Weight {
        Self::db(4, 3).saturating_add(Self::compute(VERIFY))
    }

    fn set_parameters() -> Weight {
        Self::db(0, 1)
    }

    fn look_at_agenda() -> Weight {
        Self::db(2, 1)
    }

    fn advance_task() -> Weight {
        // The task and its entry in the agenda.
        Self::db(2, 2).saturating_add(Self::end_task())
    }

    fn draw_committee() -> Weight {
        let (seats, answers) = (u64::from(T::MaxCommittee::get()), u64::from(T::MaxResponders::get()));
        // The queue, randomness, roster size. For each candidate its roster index, reputation and
        // bond. For each seat the roster index and key, then index, duty, seat. For each author the
        // recent pairings, read twice and written.
        let candidates = seats * LOOKS_FOR_EACH_SEAT as u64 + Self::parties();
        let met = RecentPairingsOf::<T>::max_encoded_len() as u64 * answers;
        Self::db(7 + 3 * candidates + 2 * seats + 2 * answers, 6 + 3 * seats + answers)
            .saturating_add(Self::large(1, 0))
            .saturating_add(Weight::from_parts(met.saturating_mul(3 * BYTE), met))
            // A draw that finds too few candidates ends the task.
            .saturating_add(Self::end_task())
    }

    fn prune() -> Weight {
        let (seats, answers) = (u64::from(T::MaxCommittee::get()), u64::from(T::MaxResponders::get()));
        Self::db(3, 6 + seats + 2 * answers).saturating_add(Self::large(1, 0))
    }
}
