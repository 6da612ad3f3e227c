//! What no good client sends: text that is no JSON, tools that do not exist, arguments of any size.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use rmcp::model::CallToolRequestParams;
use serde_json::{Value, json};

use super::client::{SHOP, Talk, folder, talk};

/// A server that is sent lines.
struct Raw {
    child: Child,
    answers: BufReader<ChildStdout>,
}

impl Raw {
    fn begin(folder: &std::path::Path) -> Raw {
        let mut child = Command::new(env!("CARGO_BIN_EXE_simcap"))
            .args(["mcp", "--root"])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut raw = Raw { child, answers };
        let own = json!({ "name": "raw", "version": "0" });
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": own });
        raw.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello }).to_string());
        assert_eq!(raw.answer()["result"]["serverInfo"]["name"], json!("simcap"));
        raw.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        raw
    }

    fn send(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(line.as_bytes()).and_then(|()| input.write_all(b"\n")).unwrap();
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// It still answers.
    fn is_there(&mut self, id: u64) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "ping" }).to_string());
        loop {
            let answer = self.answer();
            if answer["id"] == json!(id) {
                assert!(answer["result"].is_object(), "{answer}");
                return;
            }
        }
    }
}

#[test]
fn what_is_no_request_ends_nothing() {
    let folder = folder(&[]);
    let mut raw = Raw::begin(folder.path());
    let deep = "[".repeat(100_000);
    let wide = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\",\"params\":\"{}\"}}",
        "x".repeat(17 << 20)
    );
    // Each is answered by an error with an id that is null, but an empty line, which says nothing.
    let lines = [
        ("not JSON", -32700),
        ("{}", -32600),
        ("[1, 2]", -32600),
        ("\u{0}\u{7f}", -32700),
        (&deep, -32700),
        (&wide, -32600),
    ];
    for (at, (line, code)) in lines.into_iter().enumerate() {
        raw.send(line);
        let answer = raw.answer();
        assert_eq!(answer["error"]["code"], json!(code), "{answer}");
        assert_eq!(answer.get("id"), Some(&Value::Null), "{answer}");
        raw.send("");
        raw.is_there(10 + at as u64);
    }
    // Many at once, while a request is under way: every one has its answer, and no line is torn.
    for at in 0..100 {
        raw.send("{ \"broken\": ");
        raw.send(&json!({ "jsonrpc": "2.0", "id": 100 + at, "method": "ping" }).to_string());
    }
    let answers: Vec<Value> = (0..200).map(|_| raw.answer()).collect();
    assert_eq!(answers.iter().filter(|it| it["error"]["code"] == json!(-32700)).count(), 100);
    let pings: Vec<u64> = answers.iter().filter_map(|it| it["id"].as_u64()).collect();
    assert_eq!(pings, (100..200).collect::<Vec<u64>>());
    raw.send(&json!({ "jsonrpc": "2.0", "id": 40, "method": "nothing/known", "params": {} }).to_string());
    let answer = raw.answer();
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(40), &json!(-32601)), "{answer}");
    // At the end of its input it ends, and a last line without its end is a line.
    raw.child.stdin.as_mut().unwrap().write_all(b"[").unwrap();
    drop(raw.child.stdin.take());
    assert_eq!(raw.answer()["error"]["code"], json!(-32700));
    assert!(raw.child.wait().unwrap().success());
}

#[test]
fn wrong_arguments_are_told_of() {
    talk(async {
        let folder = folder(&[("shop.toml", SHOP)]);
        let talk = Talk::begin(folder.path(), &[]).await;
        let unknown = talk.client.call_tool(CallToolRequestParams::new("rm")).await.unwrap_err().to_string();
        assert!(unknown.contains("no tool is called `rm`"), "{unknown}");
        let wrong = [
            ("run", json!({}), "give either `file`"),
            ("run", json!({ "file": "shop.toml", "text": "a = 1" }), "give either `file`"),
            ("run", json!({ "file": "shop.toml", "sets": [] }), "did you mean `set`?"),
            ("run", json!({ "file": "shop.toml", "runs": "many" }), "not as the schema says"),
            ("run", json!({ "file": "shop.toml", "runs": 0 }), "0 is not in 1..=1000"),
            ("run", json!({ "file": "missing.toml" }), "cannot read"),
            ("run", json!({ "file": 7 }), "not as the schema says"),
            ("check", json!({ "text": "a".repeat((4 << 20) + 1) }), "4 MiB at most"),
            ("check", json!({ "text": "\u{0}" }), "text:1:"),
            ("check", json!({ "file": "x".repeat(100_000) }), "cannot"),
            ("run", json!({ "file": "shop.toml", "set": vec!["a=1"; 201] }), "too many values"),
            ("run", json!({ "file": "shop.toml", "set": ["x".repeat(70_000)] }), "too many values"),
            ("run", json!({ "file": "shop.toml", "precision": ["p99 2%", "nothing"] }), "nothing"),
            ("plan", json!({ "file": "shop.toml" }), "--set"),
            ("plan", json!({ "file": "shop.toml", "set": ["fleet.web.min=9..1"] }), "fleet.web.min"),
            ("compare", json!({ "file": "shop.toml" }), "nothing to compare"),
            ("import", json!({ "paths": [] }), "`paths` names the files"),
            ("import", json!({ "paths": ["shop.toml"] }), "shop.toml"),
            ("outcome", json!({ "file": "shop.toml" }), "no result of runs"),
            ("outcome", json!({ "file": "out/shop/outcome.json" }), "cannot read"),
        ];
        for (tool, arguments, says) in wrong {
            let why = talk.refused(tool, arguments).await;
            assert!(why.contains(says) && why.len() < 10_000, "{tool}, `{says}`: {why}");
        }
        // A name of a flag is the name of a file.
        let flag = talk.refused("run", json!({ "file": "--help" })).await;
        assert!(flag.contains("cannot read scenario `--help`"), "{flag}");
    });
}
