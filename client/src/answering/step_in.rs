//! Tasks that other inference nodes were drawn for and leave unanswered: in the second half of the
//! answer window any active node may take a free answer slot.

use crate::{
    error::ClientError,
    protocol::{AccountId, BlockNumber, Phase, Task, TaskId},
    state::State,
};
use std::collections::BTreeMap;

/// How far back to look for such tasks at first.
const LOOK_BACK: TaskId = 32;

/// The tasks of others that still take answers.
#[derive(Debug, Default)]
pub(crate) struct FreeSlots {
    /// The first task not looked at yet.
    next: Option<TaskId>,
    /// For each task the first block after which an answer of ours may be taken.
    waiting: BTreeMap<TaskId, BlockNumber>,
}

impl FreeSlots {
    /// The tasks with a free answer slot that `who` may take now. Each is returned once.
    pub(crate) async fn due(&mut self, state: &State, who: &AccountId) -> Result<Vec<TaskId>, ClientError> {
        let count = state.task_count().await?;
        for id in self.next.unwrap_or(count.saturating_sub(LOOK_BACK))..count {
            if let Some(task) = state.task(id).await? {
                if takes_answers(&task) && may_step_in(&task, who) {
                    self.waiting.insert(id, opens(&task));
                }
            }
        }
        self.next = Some(count);
        let now = state.block.number;
        let open: Vec<TaskId> = self.waiting.iter().filter(|(_, opens)| now > **opens).map(|(task, _)| *task).collect();
        let mut due = Vec::new();
        for id in open {
            self.waiting.remove(&id);
            if state.task(id).await?.is_some_and(|task| takes_answers(&task) && may_step_in(&task, who)) {
                due.push(id);
            }
        }
        Ok(due)
    }
}

/// The last block of the first half of the answer window.
fn opens(task: &Task) -> BlockNumber {
    task.submitted_at.saturating_add(task.parameters.answer_window / 2)
}

fn takes_answers(task: &Task) -> bool {
    matches!(task.phase, Phase::Answering { .. }) && task.slots_taken() < task.responders.len()
}

fn may_step_in(task: &Task, who: &AccountId) -> bool {
    &task.submitter != who && !task.responders.contains(who) && !task.has_answer_of(who)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        keys,
        protocol::{
            Aggregator, AnswerRecord, AnswerRules, OffenceRules, Parameters, Permill, Rules, SkillRules, Trust,
            TrustRules, TrustUpdate,
        },
    };

    fn account(name: &str) -> AccountId {
        keys::account(&keys::development(name).unwrap())
    }

    fn task() -> Task {
        let none = Permill(0);
        Task {
            submitter: account("alice"),
            bounty: 1,
            submitted_at: 10,
            prompt: [0; 32],
            parameters: Parameters {
                model: [0; 32],
                min_bounty: 1,
                max_bounty: 1,
                evaluator_bond: 1,
                inference_bond: 1,
                committee_size: 1,
                min_committee: 1,
                quorum: none,
                answer_window: 9,
                commit_window: 1,
                reveal_window: 1,
                grace: 1,
                reveal_depth: 1,
                unbonding: 1,
                retention: 1,
                rules: Rules {
                    aggregator: Aggregator::Median,
                    trust: TrustRules {
                        update: TrustUpdate::Centred,
                        rate: none,
                        home: none,
                        floor: none,
                        absence: none,
                        min: Trust(1),
                        max: Trust(1),
                    },
                    skill: SkillRules { min_spread: none, margin: none, limit: 1, probation: 1 },
                    offence: OffenceRules {
                        absent: none,
                        withheld: none,
                        unopenable: none,
                        forgiven_after: 1,
                        chilled_at: 1,
                    },
                    answer: AnswerRules { alpha: 1, beta: 1, floor: none },
                    judging_share: none,
                    past_qualities: 8,
                    recent_pairings: 1,
                },
            },
            phase: Phase::Answering { until: 19 },
            responders: vec![account("bob"), account("charlie")],
            answers: vec![],
            seats: 0,
            committed: 0,
            revealed: 0,
            unopenable: 0,
            sealed: vec![],
        }
    }

    #[test]
    fn a_slot_is_free_until_all_have_answered() {
        let mut task = task();
        assert!(takes_answers(&task));
        for name in ["bob", "charlie"] {
            task.answers.push(AnswerRecord { author: account(name), hash: [0; 32], at: 11 });
        }
        assert!(!takes_answers(&task));
        task.answers.clear();
        task.phase = Phase::Drawing;
        assert!(!takes_answers(&task));
    }

    #[test]
    fn parties_do_not_step_in() {
        let task = task();
        assert!(may_step_in(&task, &account("dave")));
        assert!(!may_step_in(&task, &account("alice")) && !may_step_in(&task, &account("bob")));
    }

    #[test]
    fn others_come_in_after_half_the_window() {
        assert_eq!(opens(&task()), 14);
    }
}
