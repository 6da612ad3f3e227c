//! simcap in a browser. In: questions as JSON, from a worker of the page. Out: answers as JSON: what is wrong with a scenario, the
//! outcome and the report of its runs, what can be written at a place.

mod check;
mod edge;
mod given;
mod run;

use serde::Deserialize;
use simcap::scenario::complete::complete;

use given::Given;

/// What the page asks for.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", tag = "ask")]
enum Question {
    /// What is wrong with a scenario, and how long its runs take.
    Check(Given),
    /// Its runs.
    Run(Given),
    /// What can be written in a text, so many bytes behind its begin.
    Complete { text: String, at: usize },
}

/// The answer to a question; `progress` is told the share of the runs that is done.
fn answer(question: &[u8], progress: &(dyn Fn(f64) + Sync)) -> Result<Vec<u8>, serde_json::Error> {
    match serde_json::from_slice(question)? {
        Question::Check(given) => serde_json::to_vec(&check::check(&given)),
        Question::Run(given) => serde_json::to_vec(&run::run(&given, progress)),
        Question::Complete { text, at } => serde_json::to_vec(&complete(&text, at)),
    }
}
