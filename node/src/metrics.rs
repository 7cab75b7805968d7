//! What a validator's operator sees of its evaluator, and of tasks in general, for Prometheus.
//!
//! All is read from finalized blocks, so a counter never counts what a reorganisation took back. An
//! evaluator is this node's own if its registered key is in the node's keystore. The names are
//! promised: dashboards and alerts in `docs/operations/` use them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use codec::{Decode, Encode as _};
use frame_support::{Blake2_128Concat, StorageHasher as _};
use frame_system::EventRecord;
use futures::StreamExt as _;
use pallet_proof_of_quality::{
    EvaluatorId, Event, Expiry, KeyOwners, Offence, Outcome, Participant, Participants, Reputation, Reputations, Role,
    Standing, Task, TaskId, Tasks, KEY_TYPE,
};
use poq_runtime::{AccountId, Balance, BlockNumber, Hash, Runtime, RuntimeEvent};
use sc_client_api::{BlockchainEvents as _, HeaderBackend as _, StorageProvider as _};
use sp_core::{crypto::Ss58Codec as _, storage::StorageKey};
use sp_keystore::KeystorePtr;
use substrate_prometheus_endpoint::{
    prometheus::core::Atomic, register, Counter, CounterVec, GaugeVec, Histogram, HistogramOpts, Opts, PrometheusError,
    Registry, F64, U64,
};

use crate::types::FullClient;

/// Blocks from the last answer to the payout: three when everyone is up, some dozens when deadlines
/// have to pass.
const BLOCKS: [f64; 10] = [2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 25.0, 50.0, 100.0];

/// The metrics.
#[derive(Clone)]
struct Metrics {
    drawn: Counter<U64>,
    committed: Counter<U64>,
    revealed: Counter<U64>,
    missed: CounterVec<U64>,
    paid: Counter<F64>,
    slashed: Counter<F64>,
    active: GaugeVec<U64>,
    bond: GaugeVec<F64>,
    trust: GaugeVec<F64>,
    offences: GaugeVec<U64>,
    open_seats: GaugeVec<U64>,
    tasks_ended: CounterVec<U64>,
    answer_to_payout: Histogram,
}

impl Metrics {
    fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let metrics = Self {
            drawn: counter(registry, "poq_seats_drawn_total", "Seats that evaluators of this node were drawn for")?,
            committed: counter(registry, "poq_seats_committed_total", "Seats in which they published sealed scores")?,
            revealed: counter(registry, "poq_seats_revealed_total", "Seats in which they revealed scores")?,
            missed: counters(
                registry,
                "poq_seats_missed_total",
                "Seats in which they neglected their duty, by offence",
                "offence",
            )?,
            paid: counter(registry, "poq_evaluator_paid_units_total", "What judging paid them, in the smallest unit")?,
            slashed: counter(
                registry,
                "poq_evaluator_slashed_units_total",
                "What they were slashed, in the smallest unit",
            )?,
            active: gauges(registry, "poq_evaluator_active", "1 if it can be drawn, 0 if not")?,
            bond: gauges(registry, "poq_evaluator_bond_planck", "Its bond, in the smallest unit")?,
            trust: gauges(registry, "poq_evaluator_trust", "Its trust; 1 is neutral")?,
            offences: gauges(registry, "poq_evaluator_offences", "Offences on its record")?,
            open_seats: gauges(registry, "poq_evaluator_open_seats", "Seats it has to serve now")?,
            tasks_ended: counters(
                registry,
                "poq_tasks_ended_total",
                "Tasks of the whole chain that ended, by how",
                "outcome",
            )?,
            answer_to_payout: register(
                Histogram::with_opts(
                    HistogramOpts::new(
                        "poq_answer_to_payout_blocks",
                        "Blocks from the last answer of a task to its settlement",
                    )
                    .buckets(BLOCKS.to_vec()),
                )?,
                registry,
            )?,
        };
        // A series that only appears with the first offence would raise no alert about it.
        for offence in [Offence::Absent, Offence::Withheld, Offence::Unopenable] {
            metrics.missed.with_label_values(&[offence_name(offence)]).inc_by(0);
        }
        for ended in [None, Some(Expiry::NoAnswers), Some(Expiry::NoCommittee), Some(Expiry::NoQuorum)] {
            metrics.tasks_ended.with_label_values(&[end_name(ended)]).inc_by(0);
        }
        Ok(metrics)
    }

    /// Counts one event, if it is about an evaluator of this node or about the end of a task.
    fn count(&self, event: &Event<Runtime>, is_own: impl Fn(&AccountId) -> bool) {
        match event {
            Event::CommitteeDrawn { committee, .. } => {
                self.drawn.inc_by(committee.iter().filter(|who| is_own(who)).count() as u64)
            }
            Event::ScoresCommitted { evaluator, .. } if is_own(evaluator) => self.committed.inc(),
            Event::ScoresRevealed { evaluator, .. } if is_own(evaluator) => self.revealed.inc(),
            // Not from the outcome: a key that never comes is an offence only when the window for
            // it is over.
            Event::Slashed { who, role: Role::Evaluator, offence, amount, .. } if is_own(who) => {
                self.slashed.inc_by(*amount as f64);
                self.missed.with_label_values(&[offence_name(*offence)]).inc();
            }
            Event::TaskSettled { outcome, .. } | Event::TaskExpired { outcome, .. } => self.count_end(outcome, is_own),
            _ => (),
        }
    }

    /// Takes an account out of the gauges: what it was would look like what it is.
    fn forget(&self, account: &str) {
        let label = &[account];
        // It fails where there is nothing to remove.
        let _ = self.active.remove_label_values(label);
        let _ = self.bond.remove_label_values(label);
        let _ = self.trust.remove_label_values(label);
        let _ = self.offences.remove_label_values(label);
        let _ = self.open_seats.remove_label_values(label);
    }

    fn count_end(&self, outcome: &Outcome<Runtime>, is_own: impl Fn(&AccountId) -> bool) {
        self.tasks_ended.with_label_values(&[end_name(outcome.expired)]).inc();
        for seat in outcome.seats.iter().filter(|seat| is_own(&seat.account)) {
            self.paid.inc_by(seat.paid as f64);
        }
    }
}

/// Registers a counter.
fn counter<P: Atomic + 'static>(registry: &Registry, name: &str, help: &str) -> Result<Counter<P>, PrometheusError> {
    register(Counter::new(name, help)?, registry)
}

/// Registers a counter for each value of a label.
fn counters(registry: &Registry, name: &str, help: &str, label: &str) -> Result<CounterVec<U64>, PrometheusError> {
    register(CounterVec::new(Opts::new(name, help), &[label])?, registry)
}

/// Registers a gauge for each account.
fn gauges<P: Atomic + 'static>(registry: &Registry, name: &str, help: &str) -> Result<GaugeVec<P>, PrometheusError> {
    register(GaugeVec::new(Opts::new(name, help), &["account"])?, registry)
}

fn offence_name(offence: Offence) -> &'static str {
    match offence {
        Offence::Absent => "absent",
        Offence::Withheld => "withheld",
        Offence::Unopenable => "unopenable",
    }
}

fn end_name(expired: Option<Expiry>) -> &'static str {
    match expired {
        None => "settled",
        Some(Expiry::NoAnswers) => "no_answers",
        Some(Expiry::NoCommittee) => "no_committee",
        Some(Expiry::NoQuorum) => "no_quorum",
    }
}

/// The state after one block, as the pallet stores it.
struct State<'a> {
    client: &'a FullClient,
    at: Hash,
}

impl State<'_> {
    /// A storage item; `None` if it is not there, or has a form that this node does not know.
    fn read<V: Decode>(&self, key: Vec<u8>) -> Option<V> {
        let data = self.client.storage(self.at, &StorageKey(key)).ok()??;
        V::decode(&mut &data.0[..]).ok()
    }

    fn events(&self) -> Vec<Event<Runtime>> {
        let key = frame_support::storage::storage_prefix(b"System", b"Events").to_vec();
        let records: Vec<EventRecord<RuntimeEvent, Hash>> = self.read(key).unwrap_or_default();
        let ours = |record: EventRecord<RuntimeEvent, Hash>| match record.event {
            RuntimeEvent::ProofOfQuality(event) => Some(event),
            _ => None,
        };
        records.into_iter().filter_map(ours).collect()
    }

    /// The evaluators whose registered key the keystore has, with that key.
    fn own(&self, keystore: &KeystorePtr) -> BTreeMap<AccountId, EvaluatorId> {
        let keys = keystore.ed25519_public_keys(KEY_TYPE).into_iter().map(EvaluatorId::from);
        keys.filter_map(|key| Some((self.read(KeyOwners::<Runtime>::hashed_key_for(&key))?, key))).collect()
    }

    fn task(&self, id: TaskId) -> Option<Task<Runtime>> {
        self.read(Tasks::<Runtime>::hashed_key_for(id))
    }

    fn open_seats(&self, key: &EvaluatorId) -> u64 {
        let mut prefix = frame_support::storage::storage_prefix(b"ProofOfQuality", b"OpenSeats").to_vec();
        prefix.extend(Blake2_128Concat::hash(&key.encode()));
        let keys = self.client.storage_keys(self.at, Some(&StorageKey(prefix)), None);
        keys.map_or(0, |keys| keys.count() as u64)
    }
}

/// Counts what happens in one finalized block.
fn count_block(metrics: &Metrics, state: &State, number: BlockNumber, own: &BTreeMap<AccountId, EvaluatorId>) {
    for event in state.events() {
        metrics.count(&event, |who| own.contains_key(who));
        if let Event::TaskSettled { task, .. } = event {
            let last = state.task(task).and_then(|task| task.answers.iter().map(|answer| answer.at).max());
            if let Some(last) = last {
                metrics.answer_to_payout.observe(f64::from(number.saturating_sub(last)));
            }
        }
    }
}

/// Shows how the evaluators of this node stand, and no longer those that have left. `shown`
/// remembers which ones are shown.
fn show_standing(
    metrics: &Metrics,
    state: &State,
    own: &BTreeMap<AccountId, EvaluatorId>,
    shown: &mut BTreeSet<AccountId>,
) {
    for gone in shown.iter().filter(|who| !own.contains_key(who)) {
        metrics.forget(&gone.to_ss58check());
    }
    *shown = own.keys().cloned().collect();
    for (who, key) in own {
        let account = who.to_ss58check();
        let label = &[account.as_str()];
        let it: Option<Participant<Balance, BlockNumber>> =
            state.read(Participants::<Runtime>::hashed_key_for(Role::Evaluator, who));
        let is_active = it.as_ref().is_some_and(|it| matches!(it.standing, Standing::Active { .. }));
        metrics.active.with_label_values(label).set(is_active.into());
        metrics.bond.with_label_values(label).set(it.as_ref().map_or(0.0, |it| it.bond as f64));
        metrics.offences.with_label_values(label).set(it.as_ref().map_or(0, |it| it.record.into()));
        let reputation: Option<Reputation<Balance>> = state.read(Reputations::<Runtime>::hashed_key_for(who));
        let trust = reputation.map_or(0.0, |reputation| f64::from(reputation.trust.ppm()) / 1e6);
        metrics.trust.with_label_values(label).set(trust);
        metrics.open_seats.with_label_values(label).set(state.open_seats(key));
    }
}

/// Registers the metrics and gives the task that keeps them up to date, for as long as blocks are
/// finalized.
pub fn keep(
    registry: &Registry,
    client: Arc<FullClient>,
    keystore: KeystorePtr,
) -> Result<impl std::future::Future<Output = ()>, PrometheusError> {
    let metrics = Metrics::register(registry)?;
    Ok(async move {
        let mut finality = client.finality_notification_stream();
        let mut shown = BTreeSet::new();
        while let Some(notification) = finality.next().await {
            // Several blocks may be finalized at once.
            for at in notification.tree_route.iter().chain([&notification.hash]) {
                let state = State { client: &client, at: *at };
                let own = state.own(&keystore);
                match client.number(*at) {
                    Ok(Some(number)) => count_block(&metrics, &state, number, &own),
                    // The state of a block may be gone when blocks are finalized in a long row, as
                    // in a sync.
                    _ => log::debug!("block {at:?} is not in the evaluator's metrics: its header is gone"),
                }
                if *at == notification.hash {
                    show_standing(&metrics, &state, &own, &mut shown);
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame_support::BoundedVec;
    use pallet_proof_of_quality::SeatOutcome;
    use sp_keyring::Sr25519Keyring::{Alice, Bob};

    fn metrics() -> (Metrics, Registry) {
        let registry = Registry::new();
        (Metrics::register(&registry).expect("the registry is empty"), registry)
    }

    fn seat(who: sp_keyring::Sr25519Keyring, paid: Balance) -> SeatOutcome<Runtime> {
        SeatOutcome {
            account: who.to_account_id(),
            scores: Default::default(),
            deviation: None,
            skill: None,
            paid,
            reputation: Default::default(),
            offence: None,
            slashed: 0,
        }
    }

    fn slashed(who: sp_keyring::Sr25519Keyring, role: Role) -> Event<Runtime> {
        Event::Slashed { task: 0, who: who.to_account_id(), role, offence: Offence::Withheld, amount: 9 }
    }

    fn settled(seats: Vec<SeatOutcome<Runtime>>) -> Event<Runtime> {
        let outcome = Outcome {
            expired: None,
            answers: Default::default(),
            seats: BoundedVec::truncate_from(seats),
            refunded: 0,
            unrevealed: Default::default(),
        };
        Event::TaskSettled { task: 0, outcome }
    }

    #[test]
    fn only_seats_of_this_node_count() {
        let (metrics, _) = metrics();
        let own = |who: &AccountId| *who == Alice.to_account_id();
        let committee = vec![Alice.to_account_id(), Bob.to_account_id()];
        metrics.count(&Event::CommitteeDrawn { task: 0, seed: [0; 32], committee: committee.clone() }, own);
        for evaluator in committee {
            metrics.count(&Event::ScoresCommitted { task: 0, evaluator: evaluator.clone() }, own);
            metrics.count(&Event::ScoresRevealed { task: 0, evaluator, scores: vec![] }, own);
        }
        assert_eq!((metrics.drawn.get(), metrics.committed.get(), metrics.revealed.get()), (1, 1, 1));
        metrics.count(&settled(vec![seat(Alice, 7), seat(Bob, 0)]), own);
        metrics.count(&slashed(Bob, Role::Evaluator), own);
        assert_eq!((metrics.paid.get(), metrics.slashed.get()), (7.0, 0.0));
        metrics.count(&settled(vec![seat(Alice, 0), seat(Bob, 7)]), own);
        metrics.count(&slashed(Alice, Role::Evaluator), own);
        metrics.count(&slashed(Alice, Role::Inference), own);
        assert_eq!((metrics.paid.get(), metrics.slashed.get()), (7.0, 9.0));
        assert_eq!(metrics.missed.with_label_values(&["withheld"]).get(), 1);
        assert_eq!(metrics.tasks_ended.with_label_values(&["settled"]).get(), 2);
    }

    #[test]
    fn who_has_left_is_not_shown_any_more() {
        let (metrics, registry) = metrics();
        metrics.active.with_label_values(&["alice"]).set(1);
        metrics.bond.with_label_values(&["alice"]).set(5.0);
        metrics.bond.with_label_values(&["bob"]).set(7.0);
        metrics.forget("alice");
        let shown: Vec<_> = registry.gather().iter().flat_map(|family| family.get_metric().to_vec()).collect();
        let names: Vec<_> = shown.iter().flat_map(|metric| metric.get_label()).map(|label| label.get_value()).collect();
        assert!(names.contains(&"bob") && !names.contains(&"alice"), "{names:?}");
    }

    #[test]
    fn what_never_happened_is_shown_as_zero() {
        let (_, registry) = metrics();
        let families = registry.gather();
        for (name, series) in [("poq_seats_missed_total", 3), ("poq_tasks_ended_total", 4)] {
            let family = families.iter().find(|family| family.get_name() == name).expect("it is registered");
            assert_eq!(family.get_metric().len(), series, "{name}");
        }
    }
}
