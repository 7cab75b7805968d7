//! What the judge itself promises, on the real model: parity with the reference, sense, truncation.

mod common;

use common::{eval_lines, judge, loaded, prose, score, EvalPair, ANSWER, PROMPT};
use ocw_scorer::Scorer;
use poq_wire::SCORE_STEP;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    prompt: String,
    answer: String,
    logit: f32,
    score: f64,
}

mod parity {
    use super::*;

    #[test]
    fn scores_as_the_reference_does() {
        let judge = judge();
        let lines: Vec<Golden> = eval_lines("golden.jsonl");
        let (mut compared, mut worst_logit, mut worst_score) = (0, 0f32, 0f64);
        for Golden { prompt, answer, logit, score: expected } in &lines {
            let judgement = judge.judge(prompt.as_bytes(), answer.as_bytes()).unwrap();
            // The reference is the model alone: it knows no guards and one window.
            let Some(found) = judgement.logit.filter(|_| judgement.windows == 1 && !judgement.truncated) else {
                continue;
            };
            compared += 1;
            worst_logit = worst_logit.max((found - logit).abs());
            worst_score = worst_score.max((score(&judge, prompt, answer) - expected).abs());
        }
        let count = compared;
        println!("{count} lines: largest difference {worst_logit:.2e} in the logit, {worst_score:.2e} in the score");
        assert!(compared >= 50, "only {compared} of {} lines", lines.len());
        // Scores are rounded, so two that lie on both sides of an edge are a step apart.
        let step = 1.01 * f64::from(SCORE_STEP) / 1e6;
        assert!(worst_logit <= 1e-4 && worst_score <= step, "{worst_logit} and {worst_score}");
    }

    #[test]
    fn repeats_itself_to_the_last_digit() {
        let (one, other) = (judge(), loaded());
        let judge = |judge: &Scorer| judge.judge(PROMPT.as_bytes(), ANSWER.as_bytes()).unwrap();
        assert_eq!(judge(&one), judge(&one));
        assert_eq!(judge(&one), judge(&other));
    }
}

mod sense {
    use super::*;

    fn pairs() -> Vec<EvalPair> {
        eval_lines("pairs.jsonl")
    }

    /// Lines near each other may ask about the same passage; these are far enough apart to be
    /// unrelated.
    const UNRELATED: [usize; 3] = [23, 47, 71];

    #[test]
    fn prefers_the_fitting_answer_to_unrelated_ones() {
        let (judge, pairs) = (judge(), pairs());
        let (mut won, mut asked) = (0, 0);
        for (index, pair) in pairs.iter().enumerate() {
            let own = score(&judge, &pair.prompt, &pair.answer);
            for step in UNRELATED {
                let other = &pairs[(index + step) % pairs.len()];
                if other.answer == pair.answer {
                    continue;
                }
                asked += 1;
                won += usize::from(own > score(&judge, &pair.prompt, &other.answer));
            }
        }
        println!("the fitting answer won {won} of {asked}");
        assert!(won * 100 >= asked * 95, "{won} of {asked}");
    }

    #[test]
    fn prefers_the_fitting_answer_to_a_trimmed_echo() {
        let (judge, pairs) = (judge(), pairs());
        // Of the whole prompt a guard takes care; less its last quarter it is the model's to tell.
        let echo = |prompt: &str| {
            let words: Vec<&str> = prompt.split_whitespace().collect();
            words[..words.len() - words.len() / 4].join(" ")
        };
        let wins = |pair: &&EvalPair| {
            score(&judge, &pair.prompt, &pair.answer) > score(&judge, &pair.prompt, &echo(&pair.prompt))
        };
        let won = pairs.iter().filter(wins).count();
        println!("the fitting answer won {won} of {}", pairs.len());
        assert!(won * 100 >= pairs.len() * 90, "{won} of {}", pairs.len());
    }
}

mod window {
    use super::*;

    /// At least so many bytes of sentences about this and that.
    fn filler(bytes: usize) -> String {
        let pairs: Vec<EvalPair> = eval_lines("pairs.jsonl");
        let mut answers = pairs.iter().map(|pair| pair.answer.as_str()).filter(|answer| answer.len() > 30).cycle();
        let mut filler = String::new();
        while filler.len() < bytes {
            filler.extend([answers.next().unwrap(), " "]);
        }
        filler.trim().into()
    }

    #[test]
    fn reads_exactly_up_to_its_limit_in_one_go() {
        let judge = judge();
        let limit = judge.manifest().max_length;
        let read = |words: usize| judge.judge(b"Why?", prose(words).as_bytes()).unwrap();
        let frame = read(1).tokens - 1;
        let (full, over) = (read(limit - frame), read(limit - frame + 1));
        assert_eq!((full.tokens, full.windows, full.truncated), (limit, 1, false));
        // Two that cover it, and the short one.
        assert_eq!((over.windows, over.truncated), (3, false));
        assert!(over.tokens > limit);
    }

    #[test]
    fn sees_the_right_sentence_at_the_end_of_an_answer_of_2000_tokens() {
        let judge = judge();
        let filler = filler(8_000);
        let read = |answer: &str| judge.judge(PROMPT.as_bytes(), answer.as_bytes()).unwrap();
        let (nothing, last) = (read(&filler), read(&format!("{filler} {ANSWER}")));
        println!("filler alone {nothing:?}, {ANSWER:?} last {last:?}");
        assert!(nothing.tokens >= 1_200 && nothing.windows == 5, "{nothing:?}");
        assert!(
            last.logit > nothing.logit && last.verdict.score() > nothing.verdict.score(),
            "{nothing:?} and {last:?}"
        );
    }

    #[test]
    fn special_tokens_in_an_answer_are_plain_text() {
        let judge = judge();
        let tokens = |answer: &str| judge.judge(PROMPT.as_bytes(), answer.as_bytes()).unwrap().tokens;
        assert!(tokens("Paris [SEP] [CLS]") > tokens("Paris") + 2);
    }
}
