//! What the judge itself promises, on the real model: parity with the reference, sense, truncation.

mod common;

use common::{eval_lines, judge, score, EvalPair, ANSWER, PROMPT};
use ocw_scorer::Judge;
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
        assert!(lines.len() >= 10, "only {} lines", lines.len());
        let (mut worst_logit, mut worst_score) = (0f32, 0f64);
        for Golden { prompt, answer, logit, score: expected } in &lines {
            let judgement = judge.judge(prompt.as_bytes(), answer.as_bytes()).unwrap();
            let Some(found) = judgement.logit else {
                // The reference has a number even for an empty answer; the judge refuses it.
                assert_eq!(answer.trim(), "");
                continue;
            };
            worst_logit = worst_logit.max((found - logit).abs());
            worst_score = worst_score.max((score(&judge, prompt, answer) - expected).abs());
        }
        let count = lines.len();
        println!("{count} lines: largest difference {worst_logit:.2e} in the logit, {worst_score:.2e} in the score");
        assert!(worst_score <= 1e-3, "{worst_score}");
    }

    #[test]
    fn repeats_itself_to_the_last_digit() {
        let (one, other) = (judge(), judge());
        let judge = |judge: &Judge| judge.judge(PROMPT.as_bytes(), ANSWER.as_bytes()).unwrap();
        assert_eq!(judge(&one), judge(&one));
        assert_eq!(judge(&one), judge(&other));
    }
}

mod sense {
    use super::*;

    fn pairs() -> Vec<EvalPair> {
        eval_lines("pairs.jsonl")
    }

    /// Lines near each other may ask about the same passage; these are far enough apart to be unrelated.
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
    fn prefers_the_fitting_answer_to_the_echoed_prompt() {
        let (judge, pairs) = (judge(), pairs());
        let wins =
            |pair: &&EvalPair| score(&judge, &pair.prompt, &pair.answer) > score(&judge, &pair.prompt, &pair.prompt);
        let won = pairs.iter().filter(wins).count();
        println!("the fitting answer won {won} of {}", pairs.len());
        assert!(won * 100 >= pairs.len() * 90, "{won} of {}", pairs.len());
    }
}

mod window {
    use super::*;

    #[test]
    fn truncates_the_longer_text_first() {
        let judge = judge();
        let filler = " and so on".repeat(2_000);
        let judge = |prompt: &str, answer: &str| judge.judge(prompt.as_bytes(), answer.as_bytes()).unwrap();
        // The end of a long answer is out of sight; the whole of a short prompt is not.
        let long = judge(PROMPT, &format!("{ANSWER}{filler}"));
        let longer = judge(PROMPT, &format!("{ANSWER}{filler} something else entirely"));
        assert!(long.truncated && longer.truncated);
        assert_eq!((long.tokens, long.logit), (longer.tokens, longer.logit));
        let other_prompt = judge("Why is the sky blue?", &format!("{ANSWER}{filler}"));
        assert_ne!(long.logit, other_prompt.logit);
        // A long prompt leaves the short answer whole.
        let prompt = format!("{PROMPT}{filler}");
        assert_ne!(judge(&prompt, "It is Paris").logit, judge(&prompt, "It is Berlin").logit);
        assert!(!judge(PROMPT, ANSWER).truncated);
    }

    #[test]
    fn reads_exactly_up_to_its_limit() {
        let judge = judge();
        let limit = judge.manifest().max_length;
        let tokens = |words: usize| judge.judge(b"a", "a ".repeat(words).as_bytes()).unwrap();
        let frame = tokens(1).tokens - 1;
        let (full, over) = (tokens(limit - frame), tokens(limit - frame + 1));
        assert_eq!((full.tokens, full.truncated), (limit, false));
        assert_eq!((over.tokens, over.truncated), (limit, true));
        assert_eq!(full.logit, over.logit);
    }

    #[test]
    fn special_tokens_in_an_answer_are_plain_text() {
        let judge = judge();
        let tokens = |answer: &str| judge.judge(PROMPT.as_bytes(), answer.as_bytes()).unwrap().tokens;
        assert!(tokens("Paris [SEP] [CLS]") > tokens("Paris") + 2);
    }
}
