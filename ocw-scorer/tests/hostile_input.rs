//! Any answer gets a verdict or a refusal over real HTTP, and the server goes on.

mod common;

use common::{prose, Server, PROMPT};
use poq_wire::{Refusal, Verdict};

/// Sends one answer as SCALE, checks that the server goes on, and gives the verdict.
async fn verdict(answer: &[u8]) -> Verdict {
    verdict_of_pair(PROMPT.as_bytes(), answer).await
}

async fn verdict_of_pair(prompt: &[u8], answer: &[u8]) -> Verdict {
    let server = Server::start();
    let response = server.post_scale(&server.request(prompt, &[answer])).await.unwrap();
    assert_eq!(response.model, server.judge.digest());
    server.assert_still_serves().await;
    let [verdict] = response.verdicts[..] else { panic!("{:?}", response.verdicts) };
    verdict
}

async fn assert_judged(answer: &[u8]) {
    let verdict = verdict(answer).await;
    assert!(matches!(verdict, Verdict::Judged(_)), "{verdict:?}");
}

async fn assert_refused(answer: &[u8], guard: Refusal) {
    assert_eq!(verdict(answer).await, Verdict::Refused(guard));
}

mod refuses {
    use super::*;

    #[tokio::test]
    async fn no_bytes() {
        assert_refused(b"", Refusal::Empty).await;
    }

    #[tokio::test]
    async fn ten_thousand_spaces() {
        assert_refused(&[b' '; 10_000], Refusal::Empty).await;
    }

    #[tokio::test]
    async fn control_characters_only() {
        let controls: Vec<u8> = (0..32).chain([127]).collect();
        assert_refused(&controls.repeat(100), Refusal::Empty).await;
    }

    #[tokio::test]
    async fn bytes_that_are_not_utf8_only() {
        assert_refused(&[0xff; 1_000], Refusal::Empty).await;
    }

    #[tokio::test]
    async fn invisible_characters_only() {
        assert_refused("\u{200b}\u{200d}\u{feff}\u{2060}".repeat(50).as_bytes(), Refusal::Empty).await;
    }

    #[tokio::test]
    async fn punctuation_of_64_kib() {
        assert_refused(&[b'.'; 64 * 1024], Refusal::Empty).await;
    }

    #[tokio::test]
    async fn every_single_byte_value() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_refused(&bytes, Refusal::Noise).await;
    }

    #[tokio::test]
    async fn marks_piled_on_one_letter() {
        let answer = format!("Z{} is the capital", "\u{0300}\u{0489}\u{0338}".repeat(5_000));
        assert_refused(answer.as_bytes(), Refusal::Noise).await;
    }

    #[tokio::test]
    async fn a_sentence_over_and_over_for_64_kib() {
        assert_refused(&b"The capital of France is Paris. ".repeat(2 * 1024), Refusal::Repetition).await;
    }

    #[tokio::test]
    async fn special_tokens_over_and_over() {
        assert_refused("[SEP] [CLS] [MASK] [PAD] [UNK] </s> <s> ".repeat(100).as_bytes(), Refusal::Repetition).await;
    }

    #[tokio::test]
    async fn the_prompt() {
        assert_refused(PROMPT.as_bytes(), Refusal::Echo).await;
    }
}

mod judges {
    use super::*;

    #[tokio::test]
    async fn text_with_bytes_that_are_not_utf8() {
        assert_judged(b"The capital \xc3\x28 of France \xf0\x9f is \xed\xa0\x80 Paris.\xff").await;
    }

    #[tokio::test]
    async fn control_characters_between_words() {
        assert_judged("The\0 capital\u{1b}[2J is\u{8}\u{7} Paris\r\r\n\u{202e}.".as_bytes()).await;
    }

    #[tokio::test]
    async fn spaces_around_a_word() {
        let spaces = " ".repeat(10_000);
        assert_judged(format!("{spaces}Paris{spaces}").as_bytes()).await;
    }

    #[tokio::test]
    async fn one_word_of_16_kib() {
        assert_judged(&[b'a'; 16 * 1024]).await;
    }

    #[tokio::test]
    async fn prose_of_64_kib() {
        assert_judged(&prose(14_000).as_bytes()[..64 * 1024]).await;
    }

    #[tokio::test]
    async fn prompt_and_answer_of_64_kib_each() {
        let prompt = prose(14_000);
        // Backwards, so that the one is no echo of the other.
        let answer = prompt.split(' ').rev().collect::<Vec<_>>().join(" ");
        let verdict = verdict_of_pair(&prompt.as_bytes()[..64 * 1024], &answer.as_bytes()[..64 * 1024]).await;
        assert!(matches!(verdict, Verdict::Judged(_)));
    }

    #[tokio::test]
    async fn an_answer_to_an_empty_prompt() {
        assert!(matches!(verdict_of_pair(b"", b"Paris.").await, Verdict::Judged(_)));
    }

    #[tokio::test]
    async fn joined_emoji_and_letters_of_many_scripts() {
        let text = "👩‍👩‍👧‍👦🏳️‍🌈 पेरिस باريس 巴黎 Париж ﷺ ﷽ 𝔓𝔞𝔯𝔦𝔰 \u{10ffff}\u{e0001}";
        assert_judged(text.as_bytes()).await;
    }

    #[tokio::test]
    async fn text_that_spells_special_tokens() {
        assert_judged(b"[SEP] [CLS] [MASK] [PAD] [UNK] </s> <s> Paris").await;
    }
}
