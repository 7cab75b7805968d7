//! The figures of "A worked example" in `docs/protocol.md`, computed with the functions of chains.

use poq_mechanism::{
    aggregate::{without, Aggregate, Range, Vote},
    offence::{stake, Offence},
    payout::{delay_cost, split, Split},
    rules::Rules,
    skill::{deviation, distances, median, settle, spread, Dues, PastQuality},
    trust::Trust,
    Score,
};

const POQ: u64 = 1_000_000_000_000;
const BOUNTY: u64 = 10 * POQ;
/// For each seat the score of each answer, in hundredths.
const SCORES: [[u32; 3]; 4] = [[90, 40, 10], [90, 40, 10], [90, 40, 10], [60, 60, 60]];

fn score(hundredths: u32) -> Score {
    Score::from_parts(hundredths * 10_000)
}

/// The votes on one answer, all trusted alike.
fn votes(answer: usize) -> Vec<Vote> {
    SCORES.iter().map(|scores| Vote { score: score(scores[answer]), trust: Trust::NEUTRAL }).collect()
}

/// How far a seat is from what the others say of each answer.
fn distances_of(seat: usize) -> Vec<Score> {
    let others: Vec<Range> = (0..3)
        .map(|answer| without(Rules::default().aggregator, &votes(answer), seat).expect("there are others"))
        .collect();
    let scores: Vec<Score> = SCORES[seat].into_iter().map(score).collect();
    distances(&scores, &others).expect("one for each answer")
}

/// The same number as the document writes it.
fn written(amount: u64) -> String {
    let digits = amount.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    groups.join(",")
}

/// The same for millionths: a decimal number with two decimals, or as many as it needs.
fn decimal(millionths: i64) -> String {
    let (sign, size) = (if millionths < 0 { "−" } else { "" }, millionths.unsigned_abs());
    let decimals = format!("{:06}", size % 1_000_000);
    let needed = decimals.trim_end_matches('0').len().max(2);
    format!("{sign}{}.{}", size / 1_000_000, &decimals[..needed])
}

#[test]
fn the_documents_example_is_what_the_mechanism_computes() {
    let rules = Rules::default();
    let Split { responder, seat } = split(BOUNTY, rules.judging_share, 3, 4);
    assert_eq!((responder, seat), (2_666_666_666_666, 500_000_000_000));

    // The answers.
    let qualities: Vec<Score> =
        (0..3).map(|answer| rules.aggregator.aggregate(&votes(answer)).expect("there are votes")).collect();
    assert_eq!(qualities, [score(90), score(40), score(10)]);
    let shares: Vec<Score> = qualities
        .iter()
        .zip([3, 3, 12])
        .map(|(quality, blocks)| rules.answer.share(*quality, delay_cost(blocks, 30)))
        .collect();
    assert_eq!(shares, [score(98), score(43), score(0)]);
    let answers: Vec<u64> = shares.iter().map(|share| share.mul_floor(responder)).collect();
    assert_eq!(answers, [2_613_333_333_332, 1_146_666_666_666, 0]);

    // The seats.
    let past: Vec<PastQuality> = [20, 40, 60, 80]
        .into_iter()
        .flat_map(|quality| [PastQuality { quality: score(quality), weight: 1 }; 16])
        .collect();
    let told = spread(&past).expect("there is a past");
    assert_eq!((median(&past), told), (Some(score(60)), score(20)));
    let off: Vec<Vec<Score>> = (0..4).map(distances_of).collect();
    assert_eq!(off[0], [score(0); 3]);
    assert_eq!(off[3], [score(30), score(20), score(50)]);
    let skills: Vec<i64> = off.iter().map(|off| rules.skill.skill(off, told)).collect();
    assert_eq!(skills, [950_000, 950_000, 950_000, -2_216_667]);
    let settled: Vec<_> = skills.iter().map(|skill| settle(seat, *skill, Trust::NEUTRAL, Dues::default())).collect();
    assert_eq!(settled[0], (475_000_000_000, Dues::default()));
    assert_eq!(settled[3], (0, Dues { probation: 0, debt: 1_108_333_500_000 }));
    let deviations: Vec<Score> = off.iter().map(|off| deviation(off)).collect();
    assert_eq!(deviations[3], Score::from_parts(333_334));
    let trust = rules.trust.after_task(&[Trust::NEUTRAL; 4], &deviations);
    assert_eq!((trust[0], trust[3]), (Trust::NEUTRAL, Trust::from_ppm(750_000)));

    // The refund, and the offences that there were none of.
    let paid = answers.iter().sum::<u64>() + settled.iter().map(|(paid, _)| paid).sum::<u64>();
    assert_eq!((paid, BOUNTY - paid), (5_184_999_999_998, 4_815_000_000_002));
    let slash = |offence| rules.offence.slash(offence, 0, 500 * POQ);
    assert_eq!((slash(Offence::Absent), slash(Offence::Withheld)), (1_250_000_000_000, 50_000_000_000_000));
    let at_stake = stake(rules.skill.limit, BOUNTY, 4, seat);
    let again = rules.offence.slash_again(Offence::Withheld, 500 * POQ, at_stake);
    assert_eq!(again, 18_000_000_000_001);
    let absent = rules.trust.after_absence(Trust::NEUTRAL);
    assert_eq!(absent, Trust::from_ppm(900_000));

    // And the document says so.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");
    let document = std::fs::read_to_string(path).expect("the document is in the repository");
    let section = document.split("## A worked example").nth(1).expect("it has the section");
    let section = section.split("\n## ").next().expect("there is a first part");
    let debt = settled[3].1.debt;
    let amounts = [responder, seat, answers[0], answers[1], settled[0].0, debt, paid, BOUNTY - paid, again];
    for amount in amounts.into_iter().chain([slash(Offence::Absent), slash(Offence::Withheld)]) {
        assert!(section.contains(&written(amount)), "the document does not say {}", written(amount));
    }
    let measured = [qualities, shares, off[3].clone(), vec![told, deviations[3], rules.skill.margin]].concat();
    let measured = measured.iter().map(|share| i64::from(share.deconstruct())).filter(|share| *share > 0);
    let trusted = [trust[3], absent].map(|trust| i64::from(trust.ppm()));
    for number in measured.chain([skills[0], skills[3]]).chain(trusted) {
        assert!(section.contains(&decimal(number)), "the document does not say {}", decimal(number));
    }
}
