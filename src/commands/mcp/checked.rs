//! What `check` has found. In: what it has printed. Out: an answer with every problem and warning, its place and its hint.

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::child::Ran;
use super::cut::short;
use super::done::meaning;

/// Longest text of an error that is no finding.
const ERROR_MAX: usize = 2_000;

/// The answer of `check`: its finding on one file.
pub fn of_check(ran: &Ran) -> Answer {
    let findings: Option<Vec<Map<String, Value>>> = serde_json::from_str(&ran.printed).ok();
    let Some(finding) = findings.and_then(|it| it.into_iter().next()) else {
        return Answer::refused(&format!("{}\n{}", meaning(ran), short(ran.errors.trim(), ERROR_MAX)));
    };
    let is_error = finding.get("ok") != Some(&json!(true));
    let mut page = problems(&finding);
    if let Some(effort) = finding.get("effort") {
        let seconds = effort["core_seconds"].as_f64().unwrap_or_default();
        page.push_str(&format!("ok, all runs of it take about {seconds:.1} s of one core\n"));
    }
    Answer { page, result: finding, is_error }
}

/// What is wrong with the scenario of a call, beside what the call says itself.
pub fn with_problems(mut answer: Answer, checked: Answer) -> Answer {
    let found = checked.result.get("problems").and_then(Value::as_array);
    let messages = found.into_iter().flatten().filter_map(|it| it["message"].as_str());
    // A call may have failed for another reason, such as a value of an axis, or a study, which is no scenario.
    if checked.is_error && messages.into_iter().any(|message| answer.page.contains(message)) {
        // What the call has printed says the same for people.
        answer.result.remove("notes");
        answer.page = checked.page;
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
