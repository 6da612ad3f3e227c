//! Answers of tools. In: what a call has come to, and how long an answer may be. Out: a page for reading, the result as JSON, what was left
//! out of it and how to get that; or what is wrong, with its place in the file.

use std::path::{Path, PathBuf};

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value, json};
use simcap::files;

use super::asks::{Job, ResultOf};
use super::child::{Ended, Ran};
use super::cut::{cut, short};
use super::place::Place;
use super::resources;

/// Largest file that a result is read from.
const FILE_MAX: u64 = 64 << 20;
/// Of an answer, the page takes at most this part, so that the rest is for the result.
const PAGE_SHARE: f64 = 0.4;
/// Longest text of warnings and of messages.
const NOTES_MAX: usize = 2_000;

/// An answer that fits.
pub struct Answer {
    pub page: String,
    pub result: Map<String, Value>,
    pub is_error: bool,
}

impl Answer {
    /// An error of what was asked.
    pub fn refused(why: &str) -> Answer {
        let result = Map::from_iter([("error".to_owned(), json!(why))]);
        Answer { page: why.to_owned(), result, is_error: true }
    }

    /// The answer in so many bytes.
    pub fn within(self, most: usize) -> CallToolResult {
        // Text is written with marks: what is longer by that is taken from the page again.
        let mut page = short(&self.page, (most as f64 * PAGE_SHARE) as usize);
        let over = length(&json!(page)).saturating_sub((most as f64 * PAGE_SHARE) as usize);
        page = short(&page, page.len() - over.min(page.len()));
        // What the protocol puts around it.
        let rest = most.saturating_sub(length(&json!(page)) + 200);
        let result = fitted(self.result, rest);
        let content = vec![ContentBlock::text(page)];
        let mut answer = match self.is_error {
            true => CallToolResult::error(content),
            false => CallToolResult::success(content),
        };
        answer.structured_content = Some(result);
        answer
    }
}

/// The result in so many bytes, with notes on what is missing.
fn fitted(mut result: Map<String, Value>, most: usize) -> Value {
    let all: usize = length(&Value::Object(result.clone()));
    if let Some(inner) = result.get_mut("result").filter(|_| all > most) {
        let others = all - length(inner);
        // A part of the rest is for notes.
        let left_out = cut(inner, most.saturating_sub(others) * 7 / 8).lines();
        result.insert(
            "left_out".into(),
            json!(left_out.iter().map(|line| short(line, 200)).collect::<Vec<_>>()),
        );
        if let Some(stored) = result.get("stored").and_then(Value::as_str) {
            let how = format!("call `outcome` with file `{stored}` and `at` the path of a part");
            result.insert("how_to_get_it".into(), json!(how));
        }
    }
    let mut result = Value::Object(result);
    cut(&mut result, most);
    result
}

fn length(value: &Value) -> usize {
    value.to_string().len()
}

/// What a call has come to.
pub fn of_job(job: &Job, ran: &Ran, place: &Place) -> Answer {
    let mut result = Map::new();
    let mut put = |key: &str, value: Value| drop(result.insert(key.to_owned(), value));
    put("exit_code", json!(ran.code));
    put("meaning", json!(meaning(ran)));
    if let Some((file, _)) = &job.scenario {
        put("file", json!(file.display().to_string()));
    }
    let notes = warnings(&ran.errors);
    if !notes.is_empty() {
        put("notes", json!(short(&notes, NOTES_MAX)));
    }
    if let Some(stored) = stored(job, &ran.printed).filter(|_| ran.code.is_some()) {
        put("stored", json!(stored.display().to_string()));
        put("resource", json!(resources::of_result(&stored)));
        match json_of(place, &stored) {
            Ok(value) => put("result", value),
            Err(why) => put("result_missing", json!(why)),
        }
    }
    let is_error = !matches!(ran.code, Some(0 | 99)) || ran.ended.is_some();
    let mut page = ran.printed.clone();
    if is_error {
        page = format!("{}\n{notes}\n{page}", meaning(ran));
    } else if ran.code == Some(99) {
        page = format!("{page}\n{}\n", meaning(ran));
    }
    Answer { page: page.trim().to_owned(), result, is_error }
}

/// What an exit code means.
fn meaning(ran: &Ran) -> &'static str {
    match (ran.ended, ran.code) {
        (Some(Ended::Cancelled), _) => "it was cancelled",
        (Some(Ended::Time), _) => {
            "it took longer than the server allows: ask for less, such as fewer runs or points, or have it started with a longer --max-time"
        }
        (Some(Ended::Memory), _) => {
            "it took more memory than the server allows: ask for less, or have it started with a larger --max-memory"
        }
        (None, Some(0)) => "it is done, and every objective that is judged is met",
        (None, Some(99)) => {
            "it is done, and the answer is no: an objective is missed, or no point surely meets them"
        }
        (None, Some(2)) => "the scenario or an argument is wrong",
        (None, Some(_)) => {
            "it has failed, or has reached a limit of the server; runs of a sweep or a plan are kept, so the same call goes on where it was"
        }
        (None, None) => "it has crashed, or was ended by the system",
    }
}

/// What a call says beside its progress.
fn warnings(errors: &str) -> String {
    let is_progress = |line: &&str| line.contains(" % of ") && line.starts_with(|c: char| c.is_ascii_digit());
    errors.lines().filter(|line| !is_progress(line)).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The file of the result, from the folder of the server.
fn stored(job: &Job, page: &str) -> Option<PathBuf> {
    match &job.result {
        ResultOf::File(path) => Some(path.clone()),
        ResultOf::Named(name) => page.lines().rev().find_map(|line| named(line.trim(), name)),
        ResultOf::Printed | ResultOf::Page => None,
    }
}

/// The path of a file in a line of a page, such as `out/shop/: outcome.json, timeline.csv`.
fn named(line: &str, name: &str) -> Option<PathBuf> {
    let (folder, names) = line.split_once("/: ")?;
    names.split(", ").any(|it| it == name).then(|| Path::new(folder).join(name))
}

/// The JSON in a file below the folder.
pub fn json_of(place: &Place, path: &Path) -> Result<Value, String> {
    let file = place.root().join(path);
    let failed = |error: std::io::Error| format!("cannot read `{}`: {error}", path.display());
    let size = files::open(&file).and_then(|it| it.metadata()).map_err(failed)?.len();
    if size > FILE_MAX {
        return Err(format!("`{}` has {size} bytes, which is too much to read here", path.display()));
    }
    serde_json::from_slice(&files::read(&file).map_err(failed)?)
        .map_err(|error| format!("`{}` is no JSON: {error}", path.display()))
}

/// The answer of `check`: its finding on one file.
pub fn of_check(ran: &Ran) -> Answer {
    let findings: Option<Vec<Map<String, Value>>> = serde_json::from_str(&ran.printed).ok();
    let Some(finding) = findings.and_then(|it| it.into_iter().next()) else {
        return Answer::refused(&format!("{}\n{}", meaning(ran), short(ran.errors.trim(), NOTES_MAX)));
    };
    let is_error = finding.get("ok") != Some(&json!(true));
    let mut page = problems(&finding);
    if let Some(effort) = finding.get("effort") {
        page.push_str(&format!("ok, a run of it takes about {} s of one core\n", effort["core_seconds"]));
    }
    Answer { page, result: finding, is_error }
}

/// What is wrong with the scenario of a call, beside what the call says itself.
pub fn with_problems(mut answer: Answer, checked: Answer) -> Answer {
    if checked.is_error {
        answer.page = format!("{}\n{}", answer.page, checked.page);
        for key in ["problems", "more_problems"] {
            answer.result.extend(checked.result.get(key).map(|value| (key.to_owned(), value.clone())));
        }
    }
    answer
}

/// A line for each problem and warning.
fn problems(finding: &Map<String, Value>) -> String {
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let line = |item: &Value| {
        let place = match (item["line"].as_u64(), item["column"].as_u64()) {
            (Some(line), Some(column)) => format!("{}:{line}:{column}", text(item, "file")),
            _ => text(item, "file"),
        };
        let hint = item["hint"].as_str().map_or_else(String::new, |hint| format!("\n  hint: {hint}"));
        format!("{}[{}] {place}: {}{hint}\n", text(item, "level"), text(item, "code"), text(item, "message"))
    };
    finding.get("problems").and_then(Value::as_array).into_iter().flatten().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_it_may_be() {
        let rows: Vec<Value> = (0..20_000).map(|at| json!({ "at": at })).collect();
        let result = json!({ "stored": "out/a/outcome.json", "notes": "n".repeat(1_500), "result": { "rows": rows, "runs": 8 } });
        for most in [4_096, 49_152] {
            let page = "a line of \"words\"\n".repeat(9_000);
            let answer =
                Answer { page, result: result.as_object().unwrap().clone(), is_error: false }.within(most);
            let written = serde_json::to_string(&answer).unwrap().len();
            assert!(written <= most && written > most / 2, "{written} of {most}");
            let result = answer.structured_content.unwrap();
            assert_eq!(result["result"]["runs"], 8);
            assert!(result["left_out"][0].as_str().unwrap().starts_with("/rows: the first "));
            assert!(result["how_to_get_it"].as_str().unwrap().contains("out/a/outcome.json"));
        }
    }

    #[test]
    fn the_page_says_where_the_result_is() {
        let found = named("out/asg-lab/: outcome.json, timeline.csv", "outcome.json");
        assert_eq!(found, Some(PathBuf::from("out/asg-lab/outcome.json")));
        assert_eq!(named("out/asg-lab/: timeline.csv", "outcome.json"), None);
        assert_eq!(warnings("warning: long\n12 % of 4 runs of 1h, about 3 s left\n"), "warning: long");
    }
}
