//! Random histories of tasks, run through the pallet and through a plain model beside it. Every
//! balance, bond, trust and debt must agree.
//!
//! The model shares no code with the pallet or the mechanism. It knows nothing of storage, holds,
//! deadlines or draws. It gets the committee and what each seat did. It computes what
//! `docs/protocol.md` says in the most obvious way, in wide integers.

use super::*;
use poq_mechanism::skill::PastQuality;
use proptest::prelude::*;
use std::collections::BTreeMap;

const MILLION: i128 = 1_000_000;

/// What one seat does.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Opens,
    Withholds,
    SealsGarbage,
    StaysAway,
}

/// What becomes of a sealed answer.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Revealed,
    Kept,
    Garbage,
}

/// What happens in one task.
#[derive(Clone, Debug)]
struct Story {
    bounty: Balance,
    responders: u32,
    /// For each node the number of blocks after the task until it answers. `None` if it never does.
    answers: [Option<u64>; 3],
    /// For each node what becomes of its answer if the task has several answer slots.
    fates: [Fate; 3],
    /// For each evaluator what it does, and the tenths that it gives each answer.
    seats: [(Does, [u32; 3]); 4],
}

fn story() -> impl Strategy<Value = Story> {
    let does = prop_oneof![8 => Just(Does::Opens), 1 => Just(Does::Withholds), 1 => Just(Does::SealsGarbage), 1 => Just(Does::StaysAway)];
    let seat = (does, prop::array::uniform3(0u32..=10));
    let delay = prop::option::weighted(0.8, 0u64..=4);
    let fate = prop_oneof![6 => Just(Fate::Revealed), 1 => Just(Fate::Kept), 1 => Just(Fate::Garbage)];
    (100u64..=10_000, 1u32..=3, prop::array::uniform3(delay), prop::array::uniform3(fate), prop::array::uniform4(seat))
        .prop_map(|(bounty, responders, answers, fates, seats)| Story { bounty, responders, answers, fates, seats })
}

/// What the model keeps of an evaluator.
#[derive(Clone, Debug, PartialEq)]
struct Judge {
    trust: i128,
    probation: i128,
    debt: i128,
}

/// What the model keeps of any account with a bond.
#[derive(Clone, Debug, PartialEq)]
struct Bonded {
    bond: i128,
    record: u32,
    clean: u32,
}

#[derive(Default)]
struct Model {
    /// What each account has earned and paid since the start.
    gained: BTreeMap<AccountId, i128>,
    judges: BTreeMap<AccountId, Judge>,
    bonded: BTreeMap<AccountId, Bonded>,
    /// Quality and weight, oldest first.
    outcomes: Vec<(i128, i128)>,
}

fn ceil(a: i128, b: i128) -> i128 {
    (a + b - 1) / b
}

/// The scores between which the consensus lies. Each vote counts by its trust, at most by twice the
/// median trust.
///
/// `almost`: a quarter of the lightest vote may be missing on either side of an even split.
fn between(votes: &[(i128, i128)], almost: bool) -> Option<(i128, i128)> {
    let mut trusts: Vec<i128> = votes.iter().map(|(_, trust)| *trust).collect();
    trusts.sort();
    let most = 2 * trusts.get(trusts.len() / 2)?;
    // Every millionth of trust is a ballot. The two in the middle decide.
    let mut sorted = votes.to_vec();
    sorted.sort();
    let ballots: i128 = sorted.iter().map(|(_, trust)| *trust.min(&most)).sum();
    let at = |ballot: i128| {
        let mut seen = 0;
        for (score, trust) in &sorted {
            seen += trust.min(&most);
            if ballot < seen {
                return *score;
            }
        }
        unreachable!("there are as many ballots as trust")
    };
    if !almost {
        return Some((at((ballots - 1) / 2), at(ballots / 2)));
    }
    let slack = sorted.iter().map(|(_, trust)| *trust.min(&most)).min()? / 4;
    // The first ballot with half of them behind it or at it, short of the slack. The last with half
    // of them before it, and the slack.
    Some((at(ceil(ballots - slack, 2) - 1), at(((ballots + slack) / 2).min(ballots - 1))))
}

impl Model {
    fn new() -> Self {
        let mut model = Self::default();
        for who in EVALUATORS {
            model.judges.insert(who, Judge { trust: MILLION, probation: 0, debt: 0 });
            model.bonded.insert(who, Bonded { bond: 1_000_000, record: 0, clean: 0 });
        }
        for who in NODES {
            model.bonded.insert(who, Bonded { bond: 5_000, record: 0, clean: 0 });
        }
        model.outcomes = vec![(200_000, 1), (400_000, 1), (600_000, 1), (800_000, 1)];
        model
    }

    fn move_money(&mut self, from: AccountId, to: AccountId, amount: i128) {
        *self.gained.entry(from).or_default() -= amount;
        *self.gained.entry(to).or_default() += amount;
    }

    /// Takes a share of the bond. For evaluators it is doubled for each offence on record.
    fn offend(&mut self, who: AccountId, rate: i128) {
        let doubles = EVALUATORS.contains(&who);
        let it = self.bonded.get_mut(&who).expect("it has a bond");
        // Chilling is far away in this test, so nothing else bounds the doubling.
        let doubled = if doubles { rate << it.record.min(100) } else { rate };
        let slash = ceil(doubled.min(MILLION) * it.bond, MILLION);
        it.bond -= slash;
        (it.record, it.clean) = (it.record + 1, 0);
    }

    fn do_duty(&mut self, who: AccountId) {
        let it = self.bonded.get_mut(&who).expect("it has a bond");
        it.clean += 1;
        if it.clean == 100 {
            (it.record, it.clean) = (it.record.saturating_sub(1), 0);
        }
    }

    /// The mean distance of the best guess. `None` as long as fewer than four past qualities are
    /// known.
    fn spread(&self) -> Option<i128> {
        if self.outcomes.len() < 4 {
            return None;
        }
        let mut sorted = self.outcomes.clone();
        sorted.sort();
        let weight: i128 = sorted.iter().map(|(_, weight)| weight).sum();
        // As if each past quality were there as often as it weighs.
        let each: Vec<i128> = sorted.iter().flat_map(|(quality, weight)| vec![*quality; *weight as usize]).collect();
        let median = each[each.len() / 2];
        Some(each.iter().map(|quality| (quality - median).abs()).sum::<i128>() / weight)
    }

    /// One task: who answered in which order and after how many blocks, and who committed an answer
    /// that was not revealed. Also who was drawn and did neither, and what each seat did.
    fn task(
        &mut self,
        story: &Story,
        drawn: &[AccountId],
        answered: &[(AccountId, u64)],
        unrevealed: &[AccountId],
        seats: &[(AccountId, Does, Vec<i128>)],
    ) {
        let bounty = i128::from(story.bounty);
        let for_seats = bounty * 200_000 / MILLION;
        let opened: Vec<usize> = (0..seats.len()).filter(|seat| seats[*seat].1 == Does::Opens).collect();
        let committed = seats.iter().filter(|(_, does, _)| *does != Does::StaysAway).count();
        let quorum = ceil(seats.len() as i128 * 660_000, MILLION).max(1) as usize;
        let settled = !seats.is_empty() && opened.len() >= quorum;
        let trusts: Vec<i128> = seats.iter().map(|(who, ..)| self.judges[who].trust).collect();
        let spread = self.spread();

        let mut qualities = Vec::new();
        if settled {
            for (answer, (author, delay)) in answered.iter().enumerate() {
                let votes: Vec<_> = opened.iter().map(|seat| (seats[*seat].2[answer], trusts[*seat])).collect();
                let (low, high) = between(&votes, false).expect("a quorum opened");
                let quality = (low + high) / 2;
                qualities.push(quality);
                let late = ceil(i128::from(*delay) * MILLION, 10);
                let share = (110 * quality / 100 - ceil(10 * late, 100)).clamp(0, MILLION);
                let share = if quality < 200_000 { 0 } else { share };
                let part = (bounty - for_seats) / drawn.len() as i128;
                self.move_money(USER, *author, share * part / MILLION);
            }
        }

        let part = if seats.is_empty() { 0 } else { for_seats / seats.len() as i128 };
        // The distance of each seat that revealed from the others, answer by answer.
        let mut off: BTreeMap<usize, Vec<i128>> = BTreeMap::new();
        if settled && opened.len() > 1 {
            for seat in &opened {
                let each = (0..answered.len()).map(|answer| {
                    let others: Vec<_> = opened
                        .iter()
                        .filter(|other| *other != seat)
                        .map(|other| (seats[*other].2[answer], trusts[*other]))
                        .collect();
                    let (low, high) = between(&others, true).expect("there are others");
                    let score = seats[*seat].2[answer];
                    let far = (low - score).max(score - high).max(0);
                    if far <= 100 {
                        0
                    } else {
                        far
                    }
                });
                off.insert(*seat, each.collect());
            }
        }
        let mean = |far: &Vec<i128>| ceil(far.iter().sum(), far.len() as i128);
        let mut means: Vec<i128> = off.values().map(mean).collect();
        means.sort();
        let median = means.get(means.len().saturating_sub(1) / 2).copied().unwrap_or(0);

        for (seat, (who, does, _)) in seats.iter().enumerate() {
            let skill = match (off.get(&seat), spread) {
                (Some(far), Some(spread)) => {
                    let unit = spread.max(50_000);
                    let charge = |far: &i128| {
                        let missed = ceil(far * MILLION, unit);
                        match missed <= MILLION {
                            true => missed,
                            false => ceil(missed.min(5 * MILLION) * missed.min(5 * MILLION), MILLION),
                        }
                    };
                    let skill = MILLION - ceil(far.iter().map(charge).sum(), far.len() as i128) - 50_000;
                    Some(if skill > 0 { skill * spread / unit } else { skill.max(-3 * MILLION) })
                }
                // It revealed for nothing, and is paid for its work.
                _ if *does == Does::Opens && !settled => Some(MILLION - 50_000),
                _ => None,
            };
            let judge = self.judges.get_mut(who).expect("it is an evaluator");
            let mut paid = 0;
            match skill {
                Some(skill) if skill < 0 && judge.probation > 0 => judge.probation -= skill,
                Some(skill) if skill < 0 => {
                    judge.debt += -skill / MILLION * part + ceil(-skill % MILLION * part, MILLION)
                }
                Some(skill) => {
                    let shown = skill.min(judge.probation);
                    judge.probation -= shown;
                    let trust = judge.trust.min(MILLION);
                    let squared = Permill::from_parts(trust as u32).square().deconstruct();
                    let earned = (skill - shown) * part / MILLION * i128::from(squared) / MILLION;
                    paid = (earned - judge.debt).max(0);
                    judge.debt = (judge.debt - earned).max(0);
                }
                None => (),
            }
            // The commit phase failed, so no seat had the chance to reveal.
            let withheld = *does == Does::Withholds && committed >= quorum;
            let offence = match does {
                Does::StaysAway => Some(2_500),
                Does::Withholds if withheld => Some(100_000),
                Does::SealsGarbage if committed >= quorum => Some(100_000),
                _ => None,
            };
            if offence.is_some() {
                judge.trust = (judge.trust - ceil(100_000 * judge.trust, MILLION)).max(50_000);
            } else if let Some(far) = off.get(&seat) {
                let unit = median.max(100_000);
                let share = ((median - mean(far)) * MILLION / unit).clamp(-MILLION, MILLION / 4);
                let moved =
                    judge.trust * (250_000 * share / MILLION) / MILLION + 10_000 * (MILLION - judge.trust) / MILLION;
                judge.trust = (judge.trust + moved).clamp(50_000, 2 * MILLION);
            }
            self.move_money(USER, *who, paid);
            match offence {
                Some(rate) => self.offend(*who, rate),
                None => self.do_duty(*who),
            }
        }
        for (author, _) in answered {
            self.do_duty(*author);
        }
        // A responder without an answer has it on record, and loses nothing.
        let silent = |who: &&AccountId| !answered.iter().any(|(author, _)| author == *who) && !unrevealed.contains(who);
        for who in drawn.iter().filter(silent) {
            self.offend(*who, 0);
        }
        for who in unrevealed {
            self.offend(*who, 100_000);
        }
        for quality in qualities {
            let weight = (bounty / (100 * answered.len() as i128)).clamp(1, 32);
            if self.outcomes.len() < 8 {
                self.outcomes.push((quality, weight));
                continue;
            }
            self.outcomes[0].1 -= weight;
            if self.outcomes[0].1 <= 0 {
                self.outcomes.remove(0);
                self.outcomes.push((quality, weight));
            }
        }
    }
}

/// A seal that its key does not open.
fn seal_garbage(who: AccountId, id: TaskId) {
    let mut garbage = sealed_text(who, id, b"tea");
    garbage.ciphertext[0] ^= 1;
    let context = super::answer_context(who, id).to_bytes();
    assert_ok!(ProofOfQuality::commit_answer(RuntimeOrigin::signed(who), id, context, garbage));
}

/// Plays the story on the chain, and returns to the model what happened.
fn play(story: &Story, model: &mut Model) {
    let id = submit_for(story.bounty, story.responders);
    let drawn = task(id).responders.to_vec();
    let (mut answered, mut unrevealed) = (Vec::new(), Vec::new());
    let sealed_first = drawn.len() > 1;
    for delay in 0..=4 {
        for ((node, at), fate) in NODES.iter().zip(story.answers).zip(story.fates) {
            if at != Some(delay) || !drawn.contains(node) {
                continue;
            }
            match fate {
                _ if !sealed_first => answer(*node, id),
                Fate::Garbage => seal_garbage(*node, id),
                Fate::Revealed | Fate::Kept => seal(*node, id),
            }
            match fate {
                Fate::Kept | Fate::Garbage if sealed_first => unrevealed.push(*node),
                _ => answered.push((*node, delay)),
            }
        }
        next_block();
    }
    while matches!(task(id).phase, Phase::Answering { .. }) {
        next_block();
    }
    if matches!(task(id).phase, Phase::RevealingAnswers { .. }) {
        for (node, fate) in NODES.iter().zip(story.fates) {
            if fate != Fate::Kept && task(id).sealed.iter().any(|answer| answer.author == *node) {
                open(*node, id);
            }
        }
        // They stand in the order in which they were revealed.
        answered.sort_by_key(|(node, _)| *node);
    }
    while matches!(task(id).phase, Phase::RevealingAnswers { .. } | Phase::Drawing) {
        next_block();
    }
    let mut seats: Vec<(SeatIndex, Seat<Test>)> = Seats::<Test>::iter_prefix(id).collect();
    seats.sort_by_key(|(index, _)| *index);
    let mut told = Vec::new();
    for (_, seat) in &seats {
        let position = EVALUATORS.iter().position(|who| *who == seat.account).expect("only these evaluate");
        let (does, tenths) = story.seats[position];
        let scores: Vec<u32> = tenths.iter().take(answered.len()).map(|tenths| tenths * 100_000).collect();
        match does {
            Does::StaysAway => (),
            Does::SealsGarbage => {
                let mut garbage = sealed(seat.account, id, &scores);
                garbage.ciphertext[0] ^= 1;
                let commits = vec![Commit { task: id, context: context(seat.account, id), seal: garbage }];
                include(commit_call(seat.account, commits));
            }
            Does::Opens | Does::Withholds => commit(seat.account, id, &scores),
        }
        told.push((seat.account, does, scores.into_iter().map(i128::from).collect()));
    }
    while matches!(task(id).phase, Phase::Committing { .. }) {
        next_block();
    }
    if matches!(task(id).phase, Phase::Revealing { .. }) {
        for (who, does, _) in &told {
            if matches!(does, Does::Opens | Does::SealsGarbage) {
                reveal(*who, id);
            }
        }
    } else {
        // No seat could reveal.
        for (_, does, _) in &mut told {
            if matches!(does, Does::Opens | Does::SealsGarbage) {
                *does = Does::Withholds;
            }
        }
    }
    // Keys may still come until the whole window is over.
    while !task(id).phase.has_ended() || KeysDue::<Test>::contains_key(id) {
        next_block();
    }
    next_block();
    model.task(story, &drawn, &answered, &unrevealed, &told);
}

fn compare(model: &Model) -> Result<(), TestCaseError> {
    for who in EVALUATORS.iter().chain(&NODES).chain([&USER]) {
        let put_up = model.bonded.get(who).map_or(0, |_| if EVALUATORS.contains(who) { 1_000_000 } else { 5_000 });
        let left = 10_000_000 - put_up + model.gained.get(who).copied().unwrap_or_default();
        prop_assert_eq!(i128::from(free(*who)), left, "what {} has", who);
    }
    for (role, people) in [(Role::Evaluator, &EVALUATORS[..]), (Role::Inference, &NODES[..])] {
        for who in people {
            let it = Participants::<Test>::get(role, who).expect("it joined");
            let found = Bonded { bond: it.bond.into(), record: it.record.into(), clean: it.clean.into() };
            prop_assert_eq!(&found, &model.bonded[who], "the bond of {}", who);
        }
    }
    for who in EVALUATORS {
        let it = Reputations::<Test>::get(who).expect("it joined");
        let found =
            Judge { trust: it.trust.ppm().into(), probation: it.dues.probation.into(), debt: it.dues.debt.into() };
        prop_assert_eq!(&found, &model.judges[&who], "the reputation of {}", who);
    }
    let outcome = |outcome: PastQuality| (i128::from(outcome.quality.deconstruct()), i128::from(outcome.weight));
    let outcomes: Vec<_> = RecentPastQualities::<Test>::get().into_iter().map(outcome).collect();
    prop_assert_eq!(&outcomes, &model.outcomes);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_pallet_agrees_with_a_plain_model(stories in prop::collection::vec(story(), 1..14)) {
        new_test_ext().execute_with(|| {
            // No participant is chilled, so that all are there for the whole story.
            let mut parameters = TestParameters::get();
            parameters.rules.offence.chilled_at = 255;
            (parameters.evaluator_bond, parameters.inference_bond) = (400_000, 1);
            assert_ok!(ProofOfQuality::set_parameters(RuntimeOrigin::root(), parameters));
            let mut model = Model::new();
            for story in &stories {
                play(story, &mut model);
                compare(&model)?;
                if let Err(broken) = ProofOfQuality::do_try_state() {
                    prop_assert!(false, "broken invariant: {:?}", broken);
                }
                // Below half of the minimum bond an evaluator is chilled all the same.
                if EVALUATORS.iter().any(|who| bond_of(Role::Evaluator, *who) < 400_000) {
                    break;
                }
            }
            Ok(())
        })?;
    }
}
