//! The binary as an operator uses it.

mod common;

use common::{copy_with, model_folder, ANSWER, PROMPT};
use serde_json::{json, Value};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Output, Stdio},
};

fn scorer(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ocw-scorer"));
    command.args(arguments).env("OCW_SCORER_MODEL", model_folder()).env_remove("RUST_LOG");
    command
}

fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

mod normal {
    use super::*;

    #[test]
    fn prints_the_normal_form_of_each_line() {
        let input =
            format!("{}\n", json!({ "prompt": "**Why** rain?", "answer": "Sure! - Because.\n\nI hope this helps!" }));
        let output = run(&mut scorer(&["normal"]), &input);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(lines(&output), [json!({ "prompt": "Why rain?", "answer": "- Because." })]);
    }

    #[test]
    fn tells_which_line_is_none() {
        let output = run(&mut scorer(&["normal"]), "{}\n");
        assert!(!output.status.success());
        assert!(stderr(&output).contains("line 1 is no prompt and answer"), "{}", stderr(&output));
    }
}

mod score {
    use super::*;

    #[test]
    fn prints_one_line_for_one_pair() {
        let output = run(&mut scorer(&["score", "--prompt", PROMPT, "--answer", ANSWER]), "");
        assert!(output.status.success(), "{}", stderr(&output));
        let [line] = &lines(&output)[..] else { panic!("{output:?}") };
        assert!((0.0..=1.0).contains(&line["score"].as_f64().unwrap()));
        assert!(line["logit"].is_number());
        assert_eq!(stderr(&output), "");
    }

    #[test]
    fn reads_lines_from_standard_input_in_order() {
        let input = format!(
            "{}\n\n{}\n",
            json!({ "id": "one", "prompt": PROMPT, "answer": ANSWER }),
            json!({ "id": 2, "prompt": PROMPT, "answer": "" })
        );
        let output = run(&mut scorer(&["score"]), &input);
        assert!(output.status.success(), "{}", stderr(&output));
        let lines = lines(&output);
        assert_eq!((lines.len(), &lines[0]["id"], &lines[1]["id"]), (2, &json!("one"), &json!(2)));
        assert_eq!(lines[1]["refused"], "empty");
    }

    #[test]
    fn answers_each_line_before_it_reads_the_next() {
        let mut child = scorer(&["score"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        for id in 0..3 {
            writeln!(input, "{}", json!({ "id": id, "prompt": PROMPT, "answer": ANSWER })).unwrap();
            let mut line = String::new();
            output.read_line(&mut line).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["id"], id);
        }
        drop(input);
        assert!(child.wait().unwrap().success());
    }

    #[test]
    fn a_line_that_is_no_text_costs_only_itself() {
        let mut child =
            scorer(&["score"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let line = json!({ "prompt": PROMPT, "answer": ANSWER }).to_string();
        child.stdin.take().unwrap().write_all(&[b"\xff\n", line.as_bytes()].concat()).unwrap();
        let output = child.wait_with_output().unwrap();
        let lines = lines(&output);
        assert_eq!((lines.len(), &lines[0]["line"]), (2, &json!(1)));
        assert!(lines[1]["score"].is_number());
    }

    #[test]
    fn reads_a_file_and_tells_of_bad_lines() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "{}\nnot json", json!({ "prompt": PROMPT, "answer": ANSWER })).unwrap();
        let output = run(&mut scorer(&["score", file.path().to_str().unwrap()]), "");
        assert!(!output.status.success());
        assert_eq!(lines(&output)[1]["line"], 2);
        assert!(stderr(&output).contains("1 of 2 lines got no score"), "{}", stderr(&output));
    }
}

mod inspect {
    use super::*;

    #[test]
    fn ends_well_when_nobody_reads_on() {
        let mut command = scorer(&["inspect"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // As `head -n 0` does: it never reads.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }

    #[test]
    fn shows_what_the_model_is_and_costs() {
        let output = run(&mut scorer(&["inspect"]), "");
        assert!(output.status.success(), "{}", stderr(&output));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{text}");
        let digest = hex::encode(common::judge().digest());
        for part in [&digest, "model.onnx sha256", "verified", "licence", "origin", "ms for", "load time"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn fails_with_a_sentence_on_a_damaged_folder() {
        let folder = copy_with(|_| ());
        std::fs::write(folder.path().join("config.json"), "{}").unwrap();
        let output = run(&mut scorer(&["inspect", "--model", folder.path().to_str().unwrap()]), "");
        assert!(!output.status.success());
        assert!(stderr(&output).contains("but manifest.json pins"), "{}", stderr(&output));
    }
}

mod serve {
    use super::*;

    /// Ends the server with the test, however it ends.
    struct Daemon(Child);

    impl Drop for Daemon {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// Starts a server on a free port; gives it and its address.
    fn daemon() -> (Daemon, String) {
        let mut command = scorer(&["serve", "--listen", "127.0.0.1:0", "--threads", "1"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        let address =
            line.split("http://").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or_else(|| panic!("{line}"));
        (Daemon(child), address.to_string())
    }

    #[test]
    fn answers_on_loopback_and_stops_when_told() {
        let (mut daemon, address) = daemon();
        assert!(address.starts_with("127.0.0.1:"));
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200") && response.contains("digest"), "{response}");
        let told = Command::new("kill").args(["-TERM", &daemon.0.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(daemon.0.wait().unwrap().success());
        assert!(TcpStream::connect(&address).is_err());
    }

    #[test]
    fn says_when_the_port_is_taken() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        let output = run(&mut scorer(&["serve", "--listen", &address]), "");
        assert!(!output.status.success());
        let error = stderr(&output);
        assert!(error.contains(&address) && error.contains("--listen") && !error.contains("panicked"), "{error}");
    }

    #[test]
    fn says_when_there_is_no_model() {
        let output = run(&mut scorer(&["serve", "--model", "no-such-folder"]), "");
        assert!(!output.status.success());
        assert!(stderr(&output).contains("no-such-folder"), "{}", stderr(&output));
    }
}
