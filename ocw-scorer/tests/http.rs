//! The server as its clients see it: forms, limits, overload, deadlines, health and metrics.

mod common;

use codec::Encode;
use common::{prose, scale_response, Server, ANSWER, PROMPT};
use ocw_scorer::http::{router, start, ServerConfig, StartError};
use poq_wire::{ScoreError, ScoreRequest, Verdict, SCALE_CONTENT_TYPE};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

mod health {
    use super::*;
    use ocw_scorer::http::Remote;

    #[tokio::test]
    async fn tells_other_programs_which_model_judges() {
        let server = Server::start();
        assert_eq!(Remote::new(&server.url("")).unwrap().models().await.unwrap(), [server.judge.digest()]);
    }

    #[tokio::test]
    async fn fails_where_nobody_answers() {
        let mut server = Server::start();
        let url = server.url("");
        server.running.shutdown();
        server.running.finished().await.unwrap();
        assert!(Remote::new(&url).unwrap().models().await.is_err());
    }
}

mod token {
    use super::*;
    use ocw_scorer::http::Bearer;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[tokio::test]
    async fn is_asked_for_by_the_score_endpoint_alone() {
        let server = Server::start_with(|config| config.token = Bearer::new(SECRET));
        let body = json!({ "prompt": PROMPT, "answer": ANSWER });
        let (status, refused) = server.post_json(body.clone()).await;
        assert_eq!((status, &refused["error"]), (401, &json!("unauthorized")));
        let (status, _) = server.post_json_with_token("another token, which is wrong", body.clone()).await;
        assert_eq!(status, 401);
        let (status, judged) = server.post_json_with_token(SECRET, body).await;
        assert_eq!(status, 200, "{judged}");
        assert_eq!(server.get("/health").await.0, 200);
        let (_, metrics) = server.get("/metrics").await;
        assert!(metrics.contains(r#"outcome="unauthorized"} 2"#) && !metrics.contains(SECRET), "{metrics}");
    }

    #[test]
    fn is_needed_to_listen_where_others_can_reach_it() {
        let judge = common::judge();
        for address in ["0.0.0.0:0", "[::]:0"] {
            let config = ServerConfig { listen: address.parse().unwrap(), ..ServerConfig::default() };
            let refused = start(judge.clone(), config, None).unwrap_err();
            assert!(matches!(refused, StartError::NeedsToken(_)), "{refused}");
            assert!(refused.to_string().contains("--token-file"), "{refused}");
        }
        let config = ServerConfig {
            listen: "0.0.0.0:0".parse().unwrap(),
            token: Bearer::new(SECRET),
            ..ServerConfig::default()
        };
        assert!(start(judge, config, None).is_ok());
    }
}

mod score {
    use super::*;

    #[tokio::test]
    async fn gives_people_json() {
        let server = Server::start();
        let (status, body) = server.post_json(json!({ "prompt": PROMPT, "answer": ANSWER })).await;
        assert_eq!(status, 200);
        assert_eq!(body["model"], hex::encode(server.judge.digest()));
        let verdict = &body["verdicts"][0];
        assert!((0.0..=1.0).contains(&verdict["score"].as_f64().unwrap()));
        assert_eq!((&verdict["truncated"], &verdict["refused"]), (&json!(false), &json!(null)));
    }

    #[tokio::test]
    async fn tells_people_of_refusals_and_truncation() {
        let server = Server::start();
        let answers = [" \n".to_string(), prose(4_000)];
        let (status, body) = server.post_json(json!({ "prompt": PROMPT, "answers": answers })).await;
        assert_eq!(status, 200);
        assert_eq!(
            body["verdicts"][0],
            json!({ "score": 0.0, "tokens": 0, "windows": 0, "truncated": false, "refused": "empty" })
        );
        assert_eq!(body["verdicts"][1]["truncated"], true);
        assert_eq!(body["verdicts"][1]["windows"], 5);
    }

    #[tokio::test]
    async fn gives_programs_the_same_scores_as_scale() {
        let server = Server::start();
        let answers: [&[u8]; 3] = [ANSWER.as_bytes(), b"Bananas are yellow.", b""];
        let response = server.post_scale(&server.request(PROMPT.as_bytes(), &answers)).await.unwrap();
        let expected: Vec<Verdict> =
            answers.iter().map(|answer| server.judge.judge(PROMPT.as_bytes(), answer).unwrap().verdict).collect();
        assert_eq!(response.verdicts, expected);
    }

    #[tokio::test]
    async fn takes_a_chunked_body_without_a_length() {
        let server = Server::start();
        let body = server.request(PROMPT.as_bytes(), &[ANSWER.as_bytes()]).encode();
        let mut stream = TcpStream::connect(server.running.local_addr()).unwrap();
        let head = format!(
            "POST /v1/score HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {SCALE_CONTENT_TYPE}\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        for chunk in body.chunks(10) {
            stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).unwrap();
            stream.write_all(chunk).unwrap();
            stream.write_all(b"\r\n").unwrap();
        }
        stream.write_all(b"0\r\n\r\n").unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        let end_of_head = response.windows(4).position(|at| at == b"\r\n\r\n").unwrap();
        assert!(response.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&response));
        let verdicts = scale_response((200, response[end_of_head + 4..].to_vec())).unwrap().verdicts;
        assert!(matches!(verdicts[..], [Verdict::Judged(_)]));
    }

    #[tokio::test]
    async fn refuses_to_stand_in_for_another_model() {
        let server = Server::start();
        let request = ScoreRequest { model: [0; 32], ..server.request(b"p", &[b"a"]) };
        let running = server.judge.digest();
        assert_eq!(server.post_scale(&request).await, Err((409, ScoreError::WrongModel { running })));
        let (status, body) = server.post_json(json!({ "prompt": "p", "answer": "a", "model": "00".repeat(32) })).await;
        assert_eq!((status, &body["error"]), (409, &json!("wrong_model")));
        assert!(body["message"].as_str().unwrap().contains(&hex::encode(running)));
    }

    #[tokio::test]
    async fn refuses_malformed_bodies_and_serves_on() {
        let server = Server::start();
        for body in [&b""[..], b"\x01", &[0xff; 100], &[1; 1000]] {
            let refused = scale_response(server.post(SCALE_CONTENT_TYPE, body.to_vec()).await);
            assert!(matches!(refused, Err((400, ScoreError::Malformed(_)))), "{refused:?}");
            let (status, _) = server.post("application/json", body.to_vec()).await;
            assert_eq!(status, 400);
        }
        server.assert_still_serves().await;
    }

    #[tokio::test]
    async fn asks_for_a_content_type_it_knows() {
        let server = Server::start();
        let (status, body) = server.post("application/x-www-form-urlencoded", "prompt=p&answer=a").await;
        assert_eq!(status, 415);
        assert!(String::from_utf8_lossy(&body).contains("application/json"));
    }

    #[tokio::test]
    async fn refuses_too_many_answers() {
        let server = Server::start();
        let answers = vec![&b"a"[..]; 17];
        let refused = server.post_scale(&server.request(b"p", &answers)).await;
        assert_eq!(refused, Err((413, ScoreError::TooLarge { limit: 16, what: "answers".into() })));
    }

    #[tokio::test]
    async fn refuses_a_body_over_the_limit_and_serves_on() {
        let server = Server::start_with(|config| config.max_body = 10_000);
        for size in [10_000, 2_000_000] {
            let refused = server.post_scale(&server.request(b"p", &[&vec![b'a'; size]])).await;
            assert_eq!(refused, Err((413, ScoreError::TooLarge { limit: 10_000, what: "bytes".into() })));
        }
        server.assert_still_serves().await;
    }
}

mod overload {
    use super::*;

    /// Far more work than one thread does in some seconds.
    fn heavy(server: &Server) -> ScoreRequest {
        // No two alike: what was judged once costs nothing.
        let answers: Vec<String> = (0..16).map(|number| format!("{number}. {}", prose(1_200))).collect();
        let answers: Vec<&[u8]> = answers.iter().map(|answer| answer.as_bytes()).collect();
        server.request(PROMPT.as_bytes(), &answers)
    }

    #[tokio::test]
    async fn is_answered_429_at_once_and_serves_on() {
        let server = Server::start_with(|config| {
            (config.threads, config.queue, config.deadline) = (1, 1, Duration::from_secs(60));
        });
        let request = heavy(&server);
        let start = Instant::now();
        let asked = futures::future::join_all((0..12).map(|_| async {
            let outcome = server.post_scale(&request).await;
            (outcome, start.elapsed())
        }));
        let outcomes = asked.await;
        let busy: Vec<_> = outcomes.iter().filter(|(outcome, _)| *outcome == Err((429, ScoreError::Busy))).collect();
        let judged: Vec<_> = outcomes.iter().filter(|(outcome, _)| outcome.is_ok()).collect();
        assert!(!judged.is_empty() && judged.len() + busy.len() == 12, "{outcomes:?}");
        assert!(busy.len() >= 8, "{outcomes:?}");
        let first_judged = judged.iter().map(|(_, after)| *after).min().unwrap();
        assert!(busy.iter().filter(|(_, after)| *after < first_judged).count() >= 8, "{outcomes:?}");
        server.assert_still_serves().await;
    }

    #[tokio::test]
    async fn ends_at_the_deadline_and_serves_on() {
        let deadline = Duration::from_secs(1);
        let server = Server::start_with(|config| (config.threads, config.deadline) = (1, deadline));
        server.assert_still_serves().await;
        let request = heavy(&server);
        let start = Instant::now();
        let outcomes = futures::future::join_all((0..4).map(|_| server.post_scale(&request))).await;
        let took = start.elapsed();
        assert!(outcomes.iter().all(|outcome| *outcome == Err((503, ScoreError::DeadlineExceeded))), "{outcomes:?}");
        assert!(took >= deadline && took < deadline * 5, "{took:?}");
        // What was late is not judged after all: the server is free again at once.
        tokio::time::sleep(deadline).await;
        server.assert_still_serves().await;
    }

    #[tokio::test]
    async fn what_is_done_stays_done_when_a_deadline_passes() {
        // given: more work than fits into one deadline
        let server = Server::start_with(|config| (config.threads, config.deadline) = (1, Duration::from_secs(1)));
        let request = heavy(&server);
        assert_eq!(server.post_scale(&request).await, Err((503, ScoreError::DeadlineExceeded)));
        // when: the same is asked again and again, as a worker does with each block
        let mut tries = 1;
        let response = loop {
            tries += 1;
            match server.post_scale(&request).await {
                Ok(response) => break response,
                Err(error) => assert_eq!(error, (503, ScoreError::DeadlineExceeded)),
            }
            assert!(tries < 60, "no progress in {tries} tries");
        };
        // then
        assert_eq!(response.verdicts.len(), 16);
        // and: what was judged is given at once
        let start = Instant::now();
        assert_eq!(server.post_scale(&request).await, Ok(response));
        assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn does_not_wait_for_a_body_that_never_comes() {
        let server = Server::start_with(|config| config.deadline = Duration::from_secs(1));
        let mut stream = TcpStream::connect(server.running.local_addr()).unwrap();
        let head =
            "POST /v1/score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
        stream.write_all(head.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 503");
        server.assert_still_serves().await;
    }
}

mod several_models {
    use super::*;
    use ocw_scorer::{http::Remote, Scorer, Scorers, ScorersError};

    /// The usual judge, and one that differs from it by its manifest alone.
    fn two() -> (Arc<Scorer>, Arc<Scorer>) {
        let other = common::copy_with(|manifest| manifest["name"] = json!("another"));
        (common::judge(), Arc::new(Scorer::load(other.path()).unwrap()))
    }

    #[tokio::test]
    async fn each_judges_what_is_meant_for_it() {
        let (first, second) = two();
        let server = Server::start_as(Scorers::new([first.clone(), second.clone()]).unwrap(), |_| ());
        for model in [first.digest(), second.digest()] {
            let request = ScoreRequest { model, ..server.request(PROMPT.as_bytes(), &[ANSWER.as_bytes()]) };
            let response = server.post_scale(&request).await.unwrap();
            assert_eq!(response.model, model);
        }
        let (_, unnamed) = server.post_json(json!({ "prompt": PROMPT, "answer": ANSWER })).await;
        assert_eq!(unnamed["model"], hex::encode(first.digest()));
        let third = ScoreRequest { model: [0; 32], ..server.request(b"p", &[b"a"]) };
        let refused = Err((409, ScoreError::WrongModel { running: first.digest() }));
        assert_eq!(server.post_scale(&third).await, refused);

        let models = Remote::new(&server.url("")).unwrap().models().await.unwrap();
        assert_eq!(models, [first.digest(), second.digest()]);
        let (_, metrics) = server.get("/metrics").await;
        assert_eq!(metrics.matches("ocw_scorer_model_info{").count(), 2);
    }

    #[test]
    fn fails_where_one_is_given_twice() {
        let (first, _) = two();
        let twice = Scorers::new([first.clone(), first.clone()]).err();
        assert_eq!(twice, Some(ScorersError::Twice(first.digest())));
        assert_eq!(Scorers::new([]).err(), Some(ScorersError::None));
    }
}

mod operate {
    use super::*;

    #[tokio::test]
    async fn shows_its_health() {
        let server = Server::start();
        let (status, body) = server.get("/health").await;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &body["status"]), (200, &json!("ok")));
        assert_eq!(body["digest"], hex::encode(server.judge.digest()));
        assert_eq!(body["name"], server.judge.manifest().name);
    }

    #[tokio::test]
    async fn counts_what_it_did() {
        let server = Server::start();
        server.post_json(json!({ "prompt": PROMPT, "answers": [ANSWER, ""] })).await;
        server.post("application/json", "{").await;
        let (status, text) = server.get("/metrics").await;
        assert_eq!(status, 200);
        for line in [
            "ocw_scorer_requests_total{outcome=\"ok\"} 1".to_string(),
            "ocw_scorer_requests_total{outcome=\"malformed\"} 1".into(),
            "ocw_scorer_answers_total{verdict=\"judged\"} 1".into(),
            "ocw_scorer_answers_total{verdict=\"empty\"} 1".into(),
            "ocw_scorer_queue_depth 0".into(),
            "ocw_scorer_request_seconds_count 2".into(),
            format!("digest=\"{}\"", hex::encode(server.judge.digest())),
        ] {
            assert!(text.contains(&line), "{line} is not in\n{text}");
        }
    }

    #[tokio::test]
    async fn adds_its_metrics_to_the_hosts() {
        let host = prometheus::Registry::new();
        let config = ServerConfig { listen: ([127, 0, 0, 1], 0).into(), ..ServerConfig::default() };
        let _server = start(common::judge(), config, Some(host.clone())).unwrap();
        assert!(host.gather().iter().any(|family| family.get_name() == "ocw_scorer_queue_depth"));
    }

    #[tokio::test]
    async fn points_lost_clients_to_its_paths() {
        let server = Server::start();
        let (status, body) = server.get("/").await;
        assert_eq!(status, 404);
        assert!(body.contains("/v1/score"));
    }

    #[tokio::test]
    async fn is_mounted_in_the_server_of_a_host() {
        let judge = common::judge();
        let routes = router(judge.clone(), ServerConfig::default(), None).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/scorer", listener.local_addr().unwrap());
        let host = axum::Router::new().nest("/scorer", routes);
        let serving = tokio::spawn(async move { axum::serve(listener, host).await });
        let models = ocw_scorer::http::Remote::new(&url).unwrap().models().await.unwrap();
        assert_eq!(models, [judge.digest()]);
        serving.abort();
    }

    #[tokio::test]
    async fn says_when_its_port_is_taken() {
        let server = Server::start();
        let config = ServerConfig { listen: server.running.local_addr(), ..ServerConfig::default() };
        let refused = start(server.judge.clone(), config, None).unwrap_err();
        assert!(matches!(refused, StartError::Taken(_)));
        assert!(refused.to_string().contains("is taken by another program"), "{refused}");
    }

    #[tokio::test]
    async fn answers_what_is_in_flight_before_it_ends() {
        let mut server = Server::start();
        let request = server.request(PROMPT.as_bytes(), &[prose(240).as_bytes(); 8]);
        let url = server.url("/v1/score");
        let body = request.encode();
        let asked = tokio::spawn(async move {
            let request = reqwest::Client::new().post(url).header("content-type", SCALE_CONTENT_TYPE).body(body);
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
        });
        tokio::time::sleep(Duration::from_millis(150)).await;
        server.running.shutdown();
        assert_eq!(server.running.finished().await, Ok(()));
        assert_eq!(scale_response(asked.await.unwrap()).unwrap().verdicts.len(), 8);
        assert!(TcpStream::connect(server.running.local_addr()).is_err());
    }
}
