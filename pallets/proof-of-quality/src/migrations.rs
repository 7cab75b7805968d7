//! Migrations of the storage, one module for each version that is left behind.

use crate::*;
use frame_support::{
    migrations::VersionedMigration, pallet_prelude::*, storage_alias, traits::UncheckedOnRuntimeUpgrade,
};

/// The migration from version 0, which paid for plain agreement and knew no trust, to version 1.
///
/// It runs in one block, so it is for a chain that stores at most some ten thousand tasks.
/// Evaluators whose bond is below half of the minimum are not drawn any more. Ask them to add to it
/// before.
///
/// Tasks continue under the rules of the new version, and offences cost what the new rules say.
/// Evaluators start with neutral trust and without dues, and earlier offences are forgotten. The
/// qualities in the outcomes that are still stored become the past qualities.
pub type V0ToV1<T> = VersionedMigration<0, 1, v0::ToV1<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

/// The migration from version 1 to version 2. In version 1 answers were readable as they came. In
/// version 2 a task with several answer slots takes sealed answers.
///
/// It runs in one block, as [`V0ToV1`]. Answers that are already there stay readable, also for
/// authors that commit after them. After the upgrade, answers of a task with several answer slots
/// must be sealed.
pub type V1ToV2<T> = VersionedMigration<1, 2, v1::ToV2<T>, Pallet<T>, <T as frame_system::Config>::DbWeight>;

pub mod v0 {
    //! The storage as it was, as far as it differs.

    use super::*;
    use frame_system::pallet_prelude::BlockNumberFor;
    use poq_wire::ModelDigest;
    use sp_runtime::Permill;

    /// The parameters of version 0.
    #[derive(Clone, Encode, Decode)]
    #[allow(missing_docs)] // They are explained where they live on, in `types` and in the mechanism's rules.
    pub struct Parameters<Balance, BlockNumber> {
        pub model: ModelDigest,
        pub min_bounty: Balance,
        pub evaluator_bond: Balance,
        pub inference_bond: Balance,
        pub committee_size: u32,
        pub min_committee: u32,
        pub quorum: Permill,
        pub judging_share: Permill,
        pub answer_window: BlockNumber,
        pub commit_window: BlockNumber,
        pub reveal_window: BlockNumber,
        pub grace: BlockNumber,
        pub reveal_depth: BlockNumber,
        pub unbonding: BlockNumber,
        pub retention: BlockNumber,
        pub max_missed: u32,
        pub slash_absent: Permill,
        pub slash_withheld: Permill,
        pub slash_unopenable: Permill,
    }

    impl<Balance, BlockNumber> Parameters<Balance, BlockNumber> {
        /// The same parameters with the rules of `defaults`, where version 0 had none.
        fn with(self, defaults: &crate::Parameters<Balance, BlockNumber>) -> crate::Parameters<Balance, BlockNumber>
        where
            Balance: Copy,
        {
            crate::Parameters {
                model: self.model,
                min_bounty: self.min_bounty,
                max_bounty: defaults.max_bounty,
                evaluator_bond: self.evaluator_bond,
                inference_bond: self.inference_bond,
                committee_size: self.committee_size,
                min_committee: self.min_committee,
                quorum: self.quorum,
                answer_window: self.answer_window,
                commit_window: self.commit_window,
                reveal_window: self.reveal_window,
                grace: self.grace,
                reveal_depth: self.reveal_depth,
                unbonding: self.unbonding,
                retention: self.retention,
                rules: Rules { judging_share: self.judging_share, ..defaults.rules },
            }
        }
    }

    /// A task of version 0.
    #[derive(Encode, Decode)]
    #[allow(missing_docs)]
    pub struct Task<T: Config> {
        pub submitter: AccountIdOf<T>,
        pub bounty: BalanceOf<T>,
        pub submitted_at: BlockNumberFor<T>,
        pub prompt: [u8; 32],
        pub parameters: Parameters<BalanceOf<T>, BlockNumberFor<T>>,
        pub phase: Phase<BlockNumberFor<T>>,
        pub responders: BoundedVec<AccountIdOf<T>, T::MaxResponders>,
        pub answers: BoundedVec<AnswerRecord<AccountIdOf<T>, BlockNumberFor<T>>, T::MaxResponders>,
        pub seats: u32,
        pub committed: u32,
        pub revealed: u32,
        pub unopenable: u32,
    }

    /// A participant of version 0.
    #[derive(Encode, Decode)]
    #[allow(missing_docs)]
    pub struct Participant<Balance, BlockNumber> {
        pub bond: Balance,
        pub standing: Standing<BlockNumber>,
        pub missed: u32,
    }

    /// The outcome of an answer in version 0.
    #[derive(Encode, Decode)]
    #[allow(missing_docs)]
    pub struct AnswerOutcome<AccountId, Balance> {
        pub author: AccountId,
        pub quality: Option<Permill>,
        pub paid: Balance,
    }

    /// The outcome of a seat in version 0.
    #[derive(Encode, Decode)]
    #[allow(missing_docs)]
    pub struct SeatOutcome<T: Config> {
        pub account: AccountIdOf<T>,
        pub scores: ScoresOf<T>,
        pub agreement: Option<Permill>,
        pub paid: BalanceOf<T>,
        pub offence: Option<Offence>,
        pub slashed: BalanceOf<T>,
    }

    /// The outcome of a task in version 0.
    #[derive(Encode, Decode)]
    #[allow(missing_docs)]
    pub struct Outcome<T: Config> {
        pub expired: Option<Expiry>,
        pub answers: BoundedVec<AnswerOutcome<AccountIdOf<T>, BalanceOf<T>>, T::MaxResponders>,
        pub seats: BoundedVec<SeatOutcome<T>, T::MaxCommittee>,
        pub refunded: BalanceOf<T>,
    }

    /// The migration itself, whatever the version of the storage. Use [`V0ToV1`].
    pub struct ToV1<T>(PhantomData<T>);

    impl<T: Config> UncheckedOnRuntimeUpgrade for ToV1<T> {
        fn on_runtime_upgrade() -> Weight {
            let mut moved = Self::parameters();
            moved += Self::tasks();
            moved += Self::participants();
            moved += Self::outcomes();
            T::DbWeight::get().reads_writes(moved, moved)
        }

        #[cfg(feature = "try-runtime")]
        fn pre_upgrade() -> Result<alloc::vec::Vec<u8>, sp_runtime::TryRuntimeError> {
            Ok(Self::counts().encode())
        }

        #[cfg(feature = "try-runtime")]
        fn post_upgrade(before: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
            let before = <(u32, u32, u32)>::decode(&mut &before[..]).map_err(|_| "the counts cannot be read")?;
            ensure!(before == Self::counts(), "a task, a participant or an outcome was lost");
            Ok(Pallet::<T>::check_parameters(&CurrentParameters::<T>::get())?)
        }
    }

    impl<T: Config> ToV1<T> {
        /// The numbers of tasks, participants and outcomes: none may be lost.
        #[cfg(any(test, feature = "try-runtime"))]
        pub(crate) fn counts() -> (u32, u32, u32) {
            let count = |keys: usize| keys as u32;
            (
                count(Tasks::<T>::iter_keys().count()),
                count(Participants::<T>::iter_keys().count()),
                count(Outcomes::<T>::iter_keys().count()),
            )
        }

        fn parameters() -> u64 {
            let defaults = T::DefaultParameters::get();
            let translated = CurrentParameters::<T>::translate::<Parameters<_, _>, _>(|old| {
                let old = old?;
                let kept = old.with(&defaults);
                // Bonds may be too small for the new rules. Then those of the defaults apply. If
                // that is not enough, all of the defaults but the model do.
                let bonds = ParametersOf::<T> {
                    evaluator_bond: defaults.evaluator_bond,
                    inference_bond: defaults.inference_bond,
                    ..kept.clone()
                };
                let others = ParametersOf::<T> { model: kept.model, ..defaults.clone() };
                [kept, bonds].into_iter().find(|them| Pallet::<T>::check_parameters(them).is_ok()).or(Some(others))
            });
            if translated.is_err() {
                log::error!(target: LOG_TARGET, "the parameters could not be read: the defaults apply until others are set");
                CurrentParameters::<T>::kill();
            }
            1
        }

        fn tasks() -> u64 {
            let defaults = T::DefaultParameters::get();
            let mut moved = 0;
            v1::Tasks::<T>::translate::<Task<T>, _>(|_, old| {
                moved += 1;
                Some(v1::Task {
                    submitter: old.submitter,
                    bounty: old.bounty,
                    submitted_at: old.submitted_at,
                    prompt: old.prompt,
                    parameters: old.parameters.with(&defaults),
                    phase: old.phase,
                    responders: old.responders,
                    answers: old.answers,
                    seats: old.seats,
                    committed: old.committed,
                    revealed: old.revealed,
                    unopenable: old.unopenable,
                })
            });
            moved
        }

        fn participants() -> u64 {
            let mut moved = 0;
            Participants::<T>::translate::<Participant<_, _>, _>(|role, who, old| {
                moved += 1;
                if role == Role::Evaluator {
                    moved += 1;
                    Reputations::<T>::insert(who, Reputation::default());
                }
                Some(crate::Participant { bond: old.bond, standing: old.standing, record: 0, clean: 0 })
            });
            moved
        }

        fn outcomes() -> u64 {
            let mut moved = 0;
            let mut ended = alloc::collections::BTreeMap::new();
            v1::Outcomes::<T>::translate::<Outcome<T>, _>(|id, old| {
                moved += 1;
                let answers = old.answers.into_iter().map(|answer| {
                    if let Some(quality) = answer.quality {
                        ended.entry(id).or_insert_with(alloc::vec::Vec::new).push(quality);
                    }
                    crate::AnswerOutcome {
                        author: answer.author,
                        quality: answer.quality,
                        delay: Permill::zero(),
                        // It was paid by quality alone.
                        share: answer.quality.unwrap_or_default(),
                        paid: answer.paid,
                    }
                });
                let answers = BoundedVec::truncate_from(answers.collect());
                let seats = old.seats.into_iter().map(|seat| crate::SeatOutcome::<T> {
                    account: seat.account,
                    scores: seat.scores,
                    deviation: seat.agreement.map(|agreement| Permill::one() - agreement),
                    skill: None,
                    paid: seat.paid,
                    reputation: Reputation::default(),
                    offence: seat.offence,
                    slashed: seat.slashed,
                });
                let seats = BoundedVec::truncate_from(seats.collect());
                Some(v1::Outcome { expired: old.expired, answers, seats, refunded: old.refunded })
            });
            // The memory holds at least one entry for each of these.
            let known = usize::from(CurrentParameters::<T>::get().rules.past_qualities);
            for (id, qualities) in ended.iter().skip(ended.len().saturating_sub(known)) {
                if let Some(task) = v1::Tasks::<T>::get(id) {
                    Pallet::<T>::remember_qualities(task.bounty, qualities);
                }
            }
            moved + 2 * known as u64
        }
    }
}

pub mod v1 {
    //! The storage as it was, as far as it differs.

    use super::*;
    use frame_system::pallet_prelude::BlockNumberFor;

    /// A task of version 1.
    #[derive(Encode, Decode)]
    #[allow(missing_docs)] // As in `types`.
    pub struct Task<T: Config> {
        pub submitter: AccountIdOf<T>,
        pub bounty: BalanceOf<T>,
        pub submitted_at: BlockNumberFor<T>,
        pub prompt: [u8; 32],
        pub parameters: ParametersOf<T>,
        pub phase: Phase<BlockNumberFor<T>>,
        pub responders: BoundedVec<AccountIdOf<T>, <T as Config>::MaxResponders>,
        pub answers: BoundedVec<AnswerRecord<AccountIdOf<T>, BlockNumberFor<T>>, <T as Config>::MaxResponders>,
        pub seats: u32,
        pub committed: u32,
        pub revealed: u32,
        pub unopenable: u32,
    }

    /// The outcome of a task in version 1.
    #[derive(Encode, Decode)]
    #[allow(missing_docs)]
    pub struct Outcome<T: Config> {
        pub expired: Option<Expiry>,
        pub answers: BoundedVec<AnswerOutcome<AccountIdOf<T>, BalanceOf<T>>, <T as Config>::MaxResponders>,
        pub seats: BoundedVec<SeatOutcome<T>, <T as Config>::MaxCommittee>,
        pub refunded: BalanceOf<T>,
    }

    #[storage_alias]
    pub(crate) type Tasks<T: Config> = StorageMap<Pallet<T>, Twox64Concat, TaskId, Task<T>>;
    #[storage_alias]
    pub(crate) type Outcomes<T: Config> = StorageMap<Pallet<T>, Twox64Concat, TaskId, Outcome<T>>;

    /// The migration itself, whatever the version of the storage. Use [`V1ToV2`].
    pub struct ToV2<T>(PhantomData<T>);

    impl<T: Config> UncheckedOnRuntimeUpgrade for ToV2<T> {
        fn on_runtime_upgrade() -> Weight {
            let mut moved = 0;
            crate::Tasks::<T>::translate::<Task<T>, _>(|_, old| {
                moved += 1;
                Some(crate::Task {
                    submitter: old.submitter,
                    bounty: old.bounty,
                    submitted_at: old.submitted_at,
                    prompt: old.prompt,
                    parameters: old.parameters,
                    phase: old.phase,
                    responders: old.responders,
                    answers: old.answers,
                    seats: old.seats,
                    committed: old.committed,
                    revealed: old.revealed,
                    unopenable: old.unopenable,
                    sealed: Default::default(),
                })
            });
            crate::Outcomes::<T>::translate::<Outcome<T>, _>(|_, old| {
                moved += 1;
                Some(crate::Outcome {
                    expired: old.expired,
                    answers: old.answers,
                    seats: old.seats,
                    refunded: old.refunded,
                    unrevealed: Default::default(),
                })
            });
            T::DbWeight::get().reads_writes(moved, moved)
        }

        #[cfg(feature = "try-runtime")]
        fn pre_upgrade() -> Result<alloc::vec::Vec<u8>, sp_runtime::TryRuntimeError> {
            Ok(Self::counts().encode())
        }

        #[cfg(feature = "try-runtime")]
        fn post_upgrade(before: alloc::vec::Vec<u8>) -> Result<(), sp_runtime::TryRuntimeError> {
            let before = <(u32, u32)>::decode(&mut &before[..]).map_err(|_| "the counts cannot be read")?;
            ensure!(before == Self::counts(), "a task or an outcome was lost");
            Pallet::<T>::do_try_state()
        }
    }

    #[cfg(feature = "try-runtime")]
    impl<T: Config> ToV2<T> {
        /// The numbers of tasks and outcomes: none may be lost.
        fn counts() -> (u32, u32) {
            (crate::Tasks::<T>::iter_keys().count() as u32, crate::Outcomes::<T>::iter_keys().count() as u32)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mock::*, tests::fixture::*};
    use frame_support::traits::OnRuntimeUpgrade;
    use poq_mechanism::trust::Trust;
    use sp_runtime::Permill;

    fn old_parameters(evaluator_bond: Balance) -> v0::Parameters<Balance, u64> {
        v0::Parameters {
            model: [9; 32],
            min_bounty: 100,
            evaluator_bond,
            inference_bond: 500,
            committee_size: 4,
            min_committee: 1,
            quorum: Permill::from_percent(66),
            judging_share: Permill::from_percent(30),
            answer_window: 10,
            commit_window: 6,
            reveal_window: 6,
            grace: 2,
            reveal_depth: 1,
            unbonding: 20,
            retention: 50,
            max_missed: 3,
            slash_absent: Permill::from_percent(1),
            slash_withheld: Permill::from_percent(10),
            slash_unopenable: Permill::from_percent(20),
        }
    }

    /// The genesis state of the mock with an open task and a settled one, as version 0 would have
    /// stored them.
    fn as_version_0(evaluator_bond: Balance) {
        let put = |key: Vec<u8>, value: Vec<u8>| sp_io::storage::set(&key, &value);
        let parameters = old_parameters(evaluator_bond);
        put(CurrentParameters::<Test>::hashed_key().to_vec(), parameters.encode());
        for (role, who, now) in Participants::<Test>::iter().collect::<Vec<_>>() {
            let old = v0::Participant { bond: now.bond, standing: now.standing, missed: 2 };
            put(Participants::<Test>::hashed_key_for(role, who), old.encode());
        }
        for (id, now) in Tasks::<Test>::iter().collect::<Vec<_>>() {
            let old = v0::Task::<Test> {
                submitter: now.submitter,
                bounty: now.bounty,
                submitted_at: now.submitted_at,
                prompt: now.prompt,
                parameters: parameters.clone(),
                phase: now.phase,
                responders: now.responders,
                answers: now.answers,
                seats: now.seats,
                committed: now.committed,
                revealed: now.revealed,
                unopenable: now.unopenable,
            };
            put(Tasks::<Test>::hashed_key_for(id), old.encode());
        }
        for (id, now) in Outcomes::<Test>::iter().collect::<Vec<_>>() {
            let answers = now.answers.into_iter().map(|answer| v0::AnswerOutcome {
                author: answer.author,
                quality: answer.quality,
                paid: answer.paid,
            });
            let seats = now.seats.into_iter().map(|seat| v0::SeatOutcome::<Test> {
                account: seat.account,
                scores: seat.scores,
                agreement: seat.deviation.map(|deviation| Permill::one() - deviation),
                paid: seat.paid,
                offence: seat.offence,
                slashed: seat.slashed,
            });
            let old = v0::Outcome::<Test> {
                expired: now.expired,
                answers: BoundedVec::truncate_from(answers.collect()),
                seats: BoundedVec::truncate_from(seats.collect()),
                refunded: now.refunded,
            };
            put(Outcomes::<Test>::hashed_key_for(id), old.encode());
        }
        let _ = Reputations::<Test>::clear(u32::MAX, None);
        RecentPastQualities::<Test>::kill();
        let _ = RecentPairings::<Test>::clear(u32::MAX, None);
        StorageVersion::new(0).put::<ProofOfQuality>();
    }

    /// All migrations, as a runtime runs them.
    fn upgrade() {
        <(V0ToV1<Test>, V1ToV2<Test>)>::on_runtime_upgrade();
    }

    /// The state as version 1 would have stored it.
    fn as_version_1() {
        let put = |key: Vec<u8>, value: Vec<u8>| sp_io::storage::set(&key, &value);
        for (id, now) in Tasks::<Test>::iter().collect::<Vec<_>>() {
            assert!(now.sealed.is_empty());
            let old = v1::Task::<Test> {
                submitter: now.submitter,
                bounty: now.bounty,
                submitted_at: now.submitted_at,
                prompt: now.prompt,
                parameters: now.parameters,
                phase: now.phase,
                responders: now.responders,
                answers: now.answers,
                seats: now.seats,
                committed: now.committed,
                revealed: now.revealed,
                unopenable: now.unopenable,
            };
            put(Tasks::<Test>::hashed_key_for(id), old.encode());
        }
        for (id, now) in Outcomes::<Test>::iter().collect::<Vec<_>>() {
            let old = v1::Outcome::<Test> {
                expired: now.expired,
                answers: now.answers,
                seats: now.seats,
                refunded: now.refunded,
            };
            put(Outcomes::<Test>::hashed_key_for(id), old.encode());
        }
        StorageVersion::new(1).put::<ProofOfQuality>();
    }

    #[test]
    fn phases_are_stored_as_they_always_were() {
        // Tasks of all versions hold them, so what is written here must never change.
        let until = 7u64;
        let encoded = |phase: Phase<u64>| phase.encode()[0];
        assert_eq!(encoded(Phase::Answering { until }), 0);
        assert_eq!(encoded(Phase::Drawing), 1);
        assert_eq!(encoded(Phase::Committing { until }), 2);
        assert_eq!(encoded(Phase::Revealing { since: 1, until }), 3);
        assert_eq!(encoded(Phase::Settled { at: 1 }), 4);
        assert_eq!(encoded(Phase::Expired { at: 1, reason: Expiry::NoAnswers }), 5);
        assert_eq!(encoded(Phase::RevealingAnswers { since: 1, until }), 6);
    }

    #[test]
    fn from_version_1_nothing_changes_but_the_form() {
        new_test_ext().execute_with(|| {
            let settled = crate::tests::settled_task();
            let open = crate::tests::task_to_commit();
            let before = (Tasks::<Test>::get(open), Outcomes::<Test>::get(settled));
            as_version_1();
            assert_ne!(Tasks::<Test>::get(open), before.0, "the old form must be another one");
            upgrade();
            assert_eq!((Tasks::<Test>::get(open), Outcomes::<Test>::get(settled)), before);
            assert_eq!(StorageVersion::get::<ProofOfQuality>(), 2);
            ProofOfQuality::do_try_state().expect("the migrated state must be sound");
        });
    }

    #[test]
    fn from_version_1_a_task_with_readable_answers_takes_sealed_ones_too() {
        new_test_ext().execute_with(|| {
            let id = crate::tests::submit();
            // This is what `submit_answer` of version 1 did.
            Tasks::<Test>::mutate(id, |task| {
                let hash = sp_io::hashing::blake2_256(b"tea");
                let record = AnswerRecord { author: NODES[0], hash, at: 1 };
                task.as_mut().unwrap().answers.try_push(record).unwrap();
            });
            Answers::<Test>::insert(id, 0, BoundedVec::truncate_from(b"tea".to_vec()));
            as_version_1();
            upgrade();
            crate::tests::seal(NODES[1], id);
            crate::tests::seal(NODES[2], id);
            assert!(matches!(Tasks::<Test>::get(id).unwrap().phase, Phase::RevealingAnswers { .. }));
            crate::tests::open(NODES[2], id);
            crate::tests::open(NODES[1], id);
            next_block();
            next_block();
            crate::tests::judge_fairly(id);
            let authors: Vec<_> =
                Outcomes::<Test>::get(id).unwrap().answers.iter().map(|answer| answer.author).collect();
            assert_eq!(authors, [NODES[0], NODES[2], NODES[1]]);
            ProofOfQuality::do_try_state().expect("the state must be sound");
        });
    }

    fn with_old_state(evaluator_bond: Balance, test: impl FnOnce(TaskId, TaskId)) {
        new_test_ext().execute_with(|| {
            let settled = crate::tests::settled_task();
            let open = crate::tests::task_to_commit();
            as_version_0(evaluator_bond);
            let counts = v0::ToV1::<Test>::counts();
            upgrade();
            assert_eq!(v0::ToV1::<Test>::counts(), counts);
            assert_eq!(StorageVersion::get::<ProofOfQuality>(), 2);
            ProofOfQuality::do_try_state().expect("the migrated state must be sound");
            test(settled, open);
        });
    }

    #[test]
    fn nothing_is_lost_and_all_invariants_hold() {
        with_old_state(500_000, |settled, open| {
            let parameters = CurrentParameters::<Test>::get();
            assert_eq!((parameters.model, parameters.rules.judging_share), ([9; 32], Permill::from_percent(30)));
            assert_eq!(Tasks::<Test>::get(open).unwrap().parameters, parameters);
            assert_eq!(Outcomes::<Test>::get(settled).unwrap().seats.len(), 4);
            for who in EVALUATORS {
                assert_eq!(Reputations::<Test>::get(who).unwrap().trust, Trust::NEUTRAL);
            }
        });
    }

    #[test]
    fn stored_outcomes_are_what_guesses_are_measured_against() {
        with_old_state(500_000, |settled, _| {
            let stored: Vec<Permill> =
                Outcomes::<Test>::get(settled).unwrap().answers.iter().filter_map(|answer| answer.quality).collect();
            let known: Vec<Permill> =
                RecentPastQualities::<Test>::get().iter().map(|outcome| outcome.quality).collect();
            assert_eq!((known.len(), known), (3, stored));
        });
    }

    #[test]
    fn a_task_that_was_open_is_judged_and_paid() {
        with_old_state(500_000, |_, open| {
            crate::tests::judge_fairly(open);
            assert!(matches!(Tasks::<Test>::get(open).unwrap().phase, Phase::Settled { .. }));
            ProofOfQuality::do_try_state().expect("the state must be sound");
        });
    }

    #[test]
    fn bonds_too_small_for_the_new_rules_give_way_to_the_defaults() {
        with_old_state(1_000, |_, _| {
            let parameters = CurrentParameters::<Test>::get();
            assert_eq!(parameters.evaluator_bond, TestParameters::get().evaluator_bond);
            assert_eq!((parameters.model, parameters.committee_size), ([9; 32], 4));
        });
    }

    #[test]
    fn runs_once() {
        with_old_state(500_000, |_, open| {
            let before = Tasks::<Test>::get(open);
            upgrade();
            assert_eq!(Tasks::<Test>::get(open), before);
        });
    }
}
