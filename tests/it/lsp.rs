//! `simcap lsp`, asked as an editor asks it: problems where they are, meanings, completion, and how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

const GOOD: &str = "duration = \"2m\"\ntraffic.callers.rate = \"20/s\"\n\
    request.call.steps = [{ service = \"desk\" }]\nservice.desk = { servers = 1, time = \"exponential 40ms\" }\n";

/// An editor.
struct Editor {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    asked: i32,
}

impl Editor {
    fn new(folder: &Path, encodings: &[&str]) -> (Editor, Value) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_simcap"))
            .arg("lsp")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut editor = Editor { child, to, from, asked: 0 };
        let able = json!({ "general": { "positionEncodings": encodings } });
        let begun =
            editor.ask("initialize", json!({ "processId": null, "rootUri": null, "capabilities": able }));
        editor.say("initialized", json!({}));
        (editor, begun)
    }

    fn send(&mut self, message: impl Into<Message>) {
        message.into().write(&mut self.to).unwrap();
    }

    fn say(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params));
    }

    /// The answer to a request, or its error.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked.into();
        self.send(Request::new(id, method.to_owned(), params));
        loop {
            if let Message::Response(response) = self.next() {
                assert_eq!(response.id, self.asked.into());
                let answer = serde_json::to_value(&response).unwrap();
                return answer.get("error").or(answer.get("result")).cloned().unwrap_or_default();
            }
        }
    }

    fn next(&mut self) -> Message {
        Message::read(&mut self.from).unwrap().expect("it has not ended")
    }

    /// Sends a frame with whatever is in it.
    fn frame(&mut self, body: &str) {
        write!(self.to, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    }

    /// The id and the error of the next answer, which may be to nothing that was asked.
    fn error(&mut self) -> (Value, i64) {
        let mut header = String::new();
        self.from.read_line(&mut header).unwrap();
        let length = header.trim().strip_prefix("Content-Length: ").unwrap().parse().unwrap();
        self.from.read_line(&mut header).unwrap();
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).unwrap();
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer["jsonrpc"], "2.0");
        (answer["id"].clone(), answer["error"]["code"].as_i64().unwrap())
    }

    /// How it ends when nothing more comes: its exit code, and what it says.
    fn ended(mut self) -> (i32, String) {
        drop(self.to);
        let (mut rest, mut said) = (String::new(), String::new());
        self.from.read_to_string(&mut rest).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().expect("it ends by itself"), said)
    }

    /// What is wrong with the text that was told last.
    fn told(&mut self) -> Value {
        match self.next() {
            Message::Notification(news) if news.method == "textDocument/publishDiagnostics" => news.params,
            other => panic!("{other:?}"),
        }
    }

    fn open(&mut self, uri: &str, text: &str) -> Value {
        let document = json!({ "uri": uri, "languageId": "toml", "version": 1, "text": text });
        self.say("textDocument/didOpen", json!({ "textDocument": document }));
        self.told()
    }

    fn change(&mut self, uri: &str, version: i32, text: &str) {
        let changes = json!([{ "text": text }]);
        self.say(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }),
        );
    }

    fn at(&mut self, method: &str, uri: &str, line: usize, character: usize) -> Value {
        let position = json!({ "line": line, "character": character });
        self.ask(method, json!({ "textDocument": { "uri": uri }, "position": position }))
    }

    /// Ends it as the protocol says; its exit code.
    fn end(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.say("exit", Value::Null);
        drop(self.to);
        self.child.wait().unwrap().code().unwrap()
    }
}

/// The words of a text that a diagnostic underlines, in UTF-16.
fn underlined(text: &str, problem: &Value) -> String {
    let [start, end] = ["start", "end"].map(|end| &problem["range"][end]);
    assert_eq!(start["line"], end["line"]);
    let line = text.lines().nth(start["line"].as_u64().unwrap() as usize).unwrap();
    let units: Vec<u16> = line.encode_utf16().collect();
    let [from, to] = [start, end].map(|it| it["character"].as_u64().unwrap() as usize);
    String::from_utf16(&units[from..to]).unwrap()
}

#[test]
fn a_bad_value_is_underlined_where_it_is_and_a_good_file_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (mut editor, begun) = Editor::new(folder.path(), &["utf-16"]);
    assert_eq!(begun["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(begun["serverInfo"]["name"], "simcap");
    let uri = "file:///nowhere/shop.toml";
    assert_eq!(editor.open(uri, GOOD)["diagnostics"], json!([]));

    // Two faults behind letters that are two units each.
    let bad = GOOD.replace("20/s", "20").replace("{ servers = 1,", "{ \"🛒🛒\" = 1, servres = 1,");
    editor.change(uri, 2, &bad);
    let told = editor.told();
    assert_eq!((&told["uri"], &told["version"]), (&json!(uri), &json!(2)));
    let problems = told["diagnostics"].as_array().unwrap();
    let words: Vec<String> = problems.iter().map(|it| underlined(&bad, it)).collect();
    assert!(words.contains(&"\"20\"".to_owned()) && words.contains(&"servres".to_owned()), "{words:?}");
    let servres = &problems[words.iter().position(|it| it == "servres").unwrap()];
    assert_eq!(
        (&servres["severity"], &servres["code"], &servres["source"]),
        (&json!(1), &json!("unknown-key"), &json!("simcap"))
    );
    assert!(servres["message"].as_str().unwrap().contains("hint: did you mean `servers`?"), "{servres}");

    // It is the same as `check` says of the file.
    let file = folder.path().join("shop.toml");
    fs::write(&file, &bad).unwrap();
    let checked = Command::new(env!("CARGO_BIN_EXE_simcap"))
        .args(["check", "--format", "json"])
        .arg(&file)
        .output()
        .unwrap();
    let checked: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(checked[0]["problems"].as_array().unwrap().len(), problems.len());

    editor.say("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(editor.told()["diagnostics"], json!([]));
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_warning_is_a_warning_and_other_files_of_toml_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (mut editor, _) = Editor::new(folder.path(), &["utf-8", "utf-16"]);
    let crowded = GOOD.replace("20/s", "200/s");
    let told = editor.open("untitled:Untitled-1", &crowded);
    let levels: Vec<&Value> =
        told["diagnostics"].as_array().unwrap().iter().map(|it| &it["severity"]).collect();
    assert!(!levels.is_empty() && levels.iter().all(|level| **level == 2), "{told}");
    let cargo = include_str!("../../Cargo.toml");
    assert_eq!(editor.open("file:///x/Cargo.toml", cargo)["diagnostics"], json!([]));
    let study = "scenario = \"shop.toml\"\n[axes]\n\"fleet.web.min\" = [1, 2]\n";
    assert_eq!(editor.open("file:///x/study.toml", study)["diagnostics"], json!([]));
    assert_eq!(editor.end(), 0);
}

/// The base is read from the disk: when it is saved, what extends it is looked at again.
#[test]
fn a_fault_of_the_base_is_told_with_its_place_and_goes_when_it_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("base file.toml");
    fs::write(&base, GOOD.replace("20/s", "20")).unwrap();
    let (mut editor, _) = Editor::new(folder.path(), &[]);
    let at = folder.path().canonicalize().unwrap().display().to_string().replace(' ', "%20");
    let uri = format!("file://{at}/today.toml");
    let told = editor.open(&uri, "extends = \"base file.toml\"\nservice.desk.servers = 2\n");
    let message = told["diagnostics"][0]["message"].as_str().unwrap();
    assert!(message.contains("base file.toml:2:"), "{message}");
    fs::write(&base, GOOD).unwrap();
    editor.say(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": format!("file://{at}/base%20file.toml") } }),
    );
    assert_eq!(editor.told()["diagnostics"], json!([]));
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_word_is_explained_and_what_can_be_written_is_offered() {
    let folder = tempfile::tempdir().unwrap();
    let (mut editor, _) = Editor::new(folder.path(), &["utf-8"]);
    let text =
        format!("{GOOD}[fleet.web]\nboot = {{ image = \"golden\" }}\n[balancer.b]\ntargets = \"\n# é web");
    let uri = "file:///x/shop.toml";
    editor.open(uri, &text);
    let line = |of: &str| text.lines().position(|line| line.contains(of)).unwrap();

    let meaning = editor.at("textDocument/hover", uri, line("boot"), 1);
    let page = meaning["contents"]["value"].as_str().unwrap();
    let explained =
        Command::new(env!("CARGO_BIN_EXE_simcap")).args(["explain", "fleet.web.boot"]).output().unwrap();
    assert_eq!(page.trim(), String::from_utf8(explained.stdout).unwrap().trim());
    assert_eq!(editor.at("textDocument/hover", uri, line("# é"), 3), Value::Null, "a comment");

    let offered = editor.at("textDocument/completion", uri, line("targets"), 11);
    assert_eq!((&offered[0]["label"], &offered[0]["textEdit"]["newText"]), (&json!("web"), &json!("web")));
    let begun = text.replace("[balancer.b]", "ins\n[balancer.b]");
    editor.change(uri, 2, &begun);
    editor.told();
    let offered = editor.at("textDocument/completion", uri, line("boot") + 1, 3);
    let found = offered.as_array().unwrap().iter().find(|it| it["label"] == "instance").unwrap();
    assert_eq!(found["textEdit"]["newText"], "instance = ");
    assert_eq!(found["textEdit"]["range"]["start"]["character"], 0);
    assert!(found["documentation"].as_str().unwrap().contains("Value: "), "{found}");

    // The whole word is replaced, and its value stays.
    let placed = text.replace("[balancer.b]", "instence = \"m6i.large\"\n[balancer.b]");
    editor.change(uri, 3, &placed);
    editor.told();
    let offered = editor.at("textDocument/completion", uri, line("boot") + 1, 4);
    let found = offered.as_array().unwrap().iter().find(|it| it["label"] == "instance").unwrap();
    let edit = &found["textEdit"];
    assert_eq!((&edit["newText"], &edit["range"]["end"]["character"]), (&json!("instance"), &json!(8)));
    assert_eq!(editor.end(), 0);
}

#[test]
fn what_is_no_message_of_the_protocol_does_not_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut editor, _) = Editor::new(folder.path(), &[]);
    assert_eq!(editor.ask("textDocument/rename", json!({}))["code"], -32601);
    assert_eq!(editor.ask("textDocument/hover", json!({ "no": 1 }))["code"], -32602);
    assert_eq!(editor.at("textDocument/hover", "file:///not/open.toml", 0, 0), Value::Null);
    editor.say("textDocument/didOpen", json!(["nothing"]));
    assert_eq!(editor.open("file:///x/a.toml", GOOD)["diagnostics"], json!([]));
    assert_eq!(editor.end(), 0);
}

/// As the protocol and JSON-RPC want it; the server goes on.
#[test]
fn a_frame_that_is_no_message_is_answered_without_an_id() {
    let folder = tempfile::tempdir().unwrap();
    let (mut editor, _) = Editor::new(folder.path(), &[]);
    editor.frame("{ no JSON");
    assert_eq!(editor.error(), (Value::Null, -32700));
    editor.frame("[1, 2]");
    assert_eq!(editor.error(), (Value::Null, -32600));
    editor.frame("{ \"jsonrpc\": \"2.0\", \"id\": \"a\", \"method\": 1 }");
    assert_eq!(editor.error(), (json!("a"), -32600));
    assert_eq!(editor.open("file:///x/a.toml", GOOD)["diagnostics"], json!([]));
    assert_eq!(editor.end(), 0);
}

#[test]
fn a_length_that_nobody_has_is_refused_and_takes_no_memory() {
    let folder = tempfile::tempdir().unwrap();
    for (header, why) in [
        ("Content-Length: 100000000000000\r\n\r\n{}", "a message of 100000000000000 bytes"),
        ("Content-Length: many\r\n\r\n{}", "`many` is no number of bytes"),
        ("Content-Length: 100\r\n\r\n{}", "the input ends within a message"),
    ] {
        let (mut editor, _) = Editor::new(folder.path(), &[]);
        editor.to.write_all(header.as_bytes()).unwrap();
        let (code, said) = editor.ended();
        assert!(code == 1 && said.contains(why), "{code}: {said}");
    }
}

#[test]
fn requests_are_answered_only_between_the_first_and_the_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let (mut editor, _) = Editor::new(folder.path(), &[]);
    assert_eq!(editor.ask("initialize", json!({}))["code"], -32600);
    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    for method in ["textDocument/hover", "shutdown", "nothing"] {
        assert_eq!(editor.ask(method, json!({}))["code"], -32600, "{method}");
    }
    editor.say("exit", Value::Null);
    assert_eq!(editor.ended().0, 0);

    // An end that was not told before is one that failed.
    let (mut editor, _) = Editor::new(folder.path(), &[]);
    editor.say("exit", Value::Null);
    assert_eq!(editor.ended().0, 1);

    let mut child = Command::new(env!("CARGO_BIN_EXE_simcap"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let early = Request::new(1.into(), "textDocument/hover".to_owned(), json!({}));
    Message::from(early).write(&mut child.stdin.take().unwrap()).unwrap();
    let answer = Message::read(&mut BufReader::new(child.stdout.take().unwrap())).unwrap();
    let Some(Message::Response(answer)) = answer else { panic!("{answer:?}") };
    assert_eq!(answer.response_result.unwrap_err().code, -32002);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Of changes that wait, what is wrong is told of the last one alone.
#[test]
fn changes_that_come_at_once_are_looked_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (mut editor, _) = Editor::new(folder.path(), &[]);
    let uri = "file:///x/a.toml";
    editor.open(uri, GOOD);
    let mut all = Vec::new();
    for version in 2..102 {
        let change = json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": [{ "text": GOOD }] });
        let news = Notification::new("textDocument/didChange".to_owned(), change);
        Message::from(news).write(&mut all).unwrap();
    }
    editor.to.write_all(&all).unwrap();
    let mut told = 1;
    while editor.told()["version"] != 101 {
        told += 1;
    }
    assert!(told < 100, "{told}");
    assert_eq!(editor.end(), 0);
}

#[test]
fn it_ends_with_its_editor() {
    let folder = tempfile::tempdir().unwrap();
    let (editor, _) = Editor::new(folder.path(), &[]);
    let Editor { mut child, to, mut from, .. } = editor;
    drop(to);
    let mut rest = String::new();
    from.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
