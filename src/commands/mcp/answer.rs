//! Answers of tools, of a bounded length. In: a page and a result, and how many bytes both may have. Out: what a client gets: as much as
//! fits, what was left out and how to get that.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value, json};

use super::cut::{cut, drop_series, short};

/// Of an answer, the page takes at most this part, so that the rest is for the result.
const PAGE_SHARE: f64 = 0.4;

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
        let room = most.saturating_sub(others) * 7 / 8;
        let mut left_out = drop_series(inner, room);
        left_out.extend(cut(inner, room).lines());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_it_may_be() {
        let rows: Vec<Value> = (0..20_000).map(|at| json!({ "at": at })).collect();
        let result = json!({ "stored": "out/a/outcome.json", "notes": "n".repeat(1_500), "result": { "list": rows, "timeline": [1, 2], "runs": 8 } });
        for most in [4_096, 49_152] {
            let page = "a line of \"words\"\n".repeat(9_000);
            let answer =
                Answer { page, result: result.as_object().unwrap().clone(), is_error: false }.within(most);
            let written = serde_json::to_string(&answer).unwrap().len();
            assert!(written <= most && written > most / 2, "{written} of {most}");
            let result = answer.structured_content.unwrap();
            assert_eq!(result["result"]["runs"], 8);
            assert_eq!(result["left_out"][0], "/timeline: for charts, not here");
            assert!(result["left_out"][1].as_str().unwrap().starts_with("/list: the first "));
            assert!(result["how_to_get_it"].as_str().unwrap().contains("out/a/outcome.json"));
        }
    }
}
