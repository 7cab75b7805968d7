//! What evaluators do instead of judging.

use crate::{random::Random, score::score};
use poq_mechanism::Score;
use serde::{Deserialize, Serialize};

/// What an evaluator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Reports what the model says, with the noise of the profile.
    Honest,
    /// Honest, with a tenth of noise: another model, or a broken one.
    Noisy,
    /// Always reports the median of the past outcomes: the best that can be said without reading.
    LazyConstant,
    /// Reports one of the past outcomes.
    LazyPrior,
    /// Reports anything.
    Random,
    /// Adds three tenths (arXiv 2601.21189, Eq. 18, on a scale of 1).
    Boost,
    /// Takes three tenths off.
    Sabotage,
    /// Honest three times in four, else random.
    Intermittent,
    /// Says that its own group's answers are perfect and the others' worthless, as agreed.
    Colludes,
    /// Honest, but says of its own group's answers that they are perfect.
    BoostsItsOwn,
    /// Reports the median of what this author's answers were worth before.
    LazyByAuthor,
    /// Always reports the median, and leaves for another name when it owes more than a new account
    /// does.
    Rotates,
    /// Guesses; looks at the others' keys first, and does not open where it would lose.
    WithholdsWhenLosing,
    /// Never commits.
    Absent,
    /// Commits to what does not open.
    Unopenable,
}

impl Strategy {
    /// All that is not honest.
    pub const OTHERS: [Self; 14] = [
        Self::Noisy,
        Self::LazyConstant,
        Self::LazyPrior,
        Self::Random,
        Self::Boost,
        Self::Sabotage,
        Self::Intermittent,
        Self::Colludes,
        Self::BoostsItsOwn,
        Self::LazyByAuthor,
        Self::Rotates,
        Self::WithholdsWhenLosing,
        Self::Absent,
        Self::Unopenable,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Noisy => "noisy",
            Self::LazyConstant => "lazy constant",
            Self::LazyPrior => "lazy prior",
            Self::Random => "random",
            Self::Boost => "boost",
            Self::Sabotage => "sabotage",
            Self::Intermittent => "intermittent",
            Self::Colludes => "colludes",
            Self::BoostsItsOwn => "boosts its own",
            Self::LazyByAuthor => "lazy by author",
            Self::Rotates => "lazy, new names",
            Self::WithholdsWhenLosing => "withholds when losing",
            Self::Absent => "absent",
            Self::Unopenable => "unopenable",
        }
    }

    /// Whether it opens its seals.
    pub fn opens(self) -> bool {
        !matches!(self, Self::WithholdsWhenLosing | Self::Absent | Self::Unopenable)
    }
}

/// What an evaluator can know before it commits.
pub struct Situation<'a> {
    /// What the model says of each answer, if it is asked.
    pub seen: &'a [Score],
    /// The recent outcomes.
    pub past: &'a [Score],
    /// What each author's answers were worth before.
    pub past_of: &'a [Vec<Score>],
    /// Which answers are of the colluding group.
    pub own: &'a [bool],
    /// The noise that is one's own: another processor, another version.
    pub noise: f64,
}

/// What came of a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// Opened scores.
    Scores(Vec<Score>),
    /// A commitment that was not opened.
    Withheld,
    /// No commitment.
    Absent,
    /// A commitment that does not open.
    Unopenable,
}

impl Strategy {
    /// What it reports.
    pub fn report(self, situation: &Situation<'_>, random: &mut Random) -> Report {
        let seen = |deviation: f64, shift: f64, random: &mut Random| -> Vec<Score> {
            situation
                .seen
                .iter()
                .map(|seen| score(f64::from(seen.deconstruct()) / 1e6 + shift + random.normal(0.0, deviation)))
                .collect()
        };
        let anything =
            |random: &mut Random| -> Vec<Score> { situation.seen.iter().map(|_| score(random.share())).collect() };
        Report::Scores(match self {
            Self::Honest => seen(situation.noise, 0.0, random),
            Self::Noisy => seen(0.1, 0.0, random),
            Self::LazyConstant | Self::Rotates | Self::WithholdsWhenLosing => {
                vec![median(situation.past); situation.seen.len()]
            }
            Self::LazyPrior => {
                let one = |random: &mut Random| random.pick(situation.past).copied().unwrap_or(score(0.5));
                situation.seen.iter().map(|_| one(random)).collect()
            }
            Self::Random => anything(random),
            Self::Boost => seen(situation.noise, 0.3, random),
            Self::Sabotage => seen(situation.noise, -0.3, random),
            Self::Intermittent if random.share() < 0.25 => anything(random),
            Self::Intermittent => seen(situation.noise, 0.0, random),
            Self::Colludes => situation.own.iter().map(|own| score(if *own { 1.0 } else { 0.0 })).collect(),
            Self::BoostsItsOwn => {
                let said = seen(situation.noise, 0.0, random);
                said.into_iter().zip(situation.own).map(|(said, own)| if *own { Score::one() } else { said }).collect()
            }
            Self::LazyByAuthor => situation.past_of.iter().map(|past| median(past)).collect(),
            Self::Absent => return Report::Absent,
            Self::Unopenable => return Report::Unopenable,
        })
    }
}

fn median(past: &[Score]) -> Score {
    let mut sorted = past.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(score(0.5))
}
