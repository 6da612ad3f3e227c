//! What a call has come to. In: how its process ended, what it has printed, the files that it has left. Out: an answer.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Map, Value, json};
use simcap::files;

use super::answer::Answer;
use super::child::{Ended, Ran};
use super::cut::short;
use super::job::{Job, ResultOf};
use super::place::Place;
use super::resources;

/// Largest file that a result is read from.
const FILE_MAX: u64 = 64 << 20;
/// Longest text of warnings and of messages.
const NOTES_MAX: usize = 2_000;

/// What a call has come to; `before` is when the file of its result was written before it.
pub fn of_job(job: &Job, ran: &Ran, place: &Place, before: Option<SystemTime>) -> Answer {
    let mut result = Map::new();
    let is_new = !matches!(job.result, ResultOf::File(_)) || written(job, place) != before;
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
    if let Some(stored) = stored(job, &ran.printed).filter(|_| is_new) {
        put("stored", json!(stored.display().to_string()));
        put("resource", json!(resources::of_result(&stored)));
        match json_of(place, &stored) {
            Ok(value) => {
                if let Some(best) = best(&value) {
                    put("best_values", json!(best));
                }
                put("result", value);
            }
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
pub fn meaning(ran: &Ran) -> &'static str {
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
    let lines: Vec<&str> = errors.lines().filter(|line| !is_progress(line)).collect();
    lines
        .join(
            "
",
        )
        .trim()
        .to_owned()
}

/// Whether a line says how far it is: `12 % of 4 runs`, `×1.46: … (2 of about 6 multiples)`, `A  Shop: … (1 of 2), about 3 s left`.
fn is_progress(line: &str) -> bool {
    let starts = line.starts_with(|c: char| c.is_ascii_digit() || c == '×');
    let counts = line.rsplit_once('(').and_then(|(_, rest)| rest.split_once(" of "));
    let counts = counts.is_some_and(|(done, of)| {
        let of = of.trim_start_matches("about ");
        done.parse::<u32>().is_ok() && of.starts_with(|c: char| c.is_ascii_digit())
    });
    counts || (starts && line.contains(" % of "))
}

/// The file of the result, from the folder of the server.
fn stored(job: &Job, page: &str) -> Option<PathBuf> {
    match &job.result {
        ResultOf::File(path) => Some(path.clone()),
        ResultOf::Named(name) => page.lines().rev().find_map(|line| named(line.trim(), name)),
        ResultOf::Printed | ResultOf::Page => None,
    }
}

/// When the file of a result was written, if it is there: where that is as it was before a call, the file is of another question.
pub fn written(job: &Job, place: &Place) -> Option<SystemTime> {
    let ResultOf::File(path) = &job.result else { return None };
    files::open(&place.root().join(path)).and_then(|file| file.metadata()?.modified()).ok()
}

/// The values of the best point of a plan, which has them by their numbers.
fn best(plan: &Value) -> Option<Vec<&Value>> {
    let point = plan.get("points")?.get(usize::try_from(plan.get("best")?.as_u64()?).ok()?)?;
    let axes = plan.get("axes")?.as_array()?.iter().zip(point.get("choices")?.as_array()?);
    let values = axes.map(|(axis, choice)| {
        axis.get("choices")?.get(usize::try_from(choice.as_u64()?).ok()?)?.get("overrides")?.as_array()
    });
    Some(values.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_where_the_result_is() {
        let found = named("out/asg-lab/: outcome.json, timeline.csv", "outcome.json");
        assert_eq!(found, Some(PathBuf::from("out/asg-lab/outcome.json")));
        assert_eq!(named("out/asg-lab/: timeline.csv", "outcome.json"), None);
        let errors = "warning: long (see 1 of them)\n12 % of 4 runs of 1h, about 3 s left\n\
            ×1.46: 234 of 234 requests/s answered (2 of about 6 multiples), about 3 s left\n\
            A  Shop: misses all 2, p99 4.94s (1 of 2)\n";
        assert_eq!(warnings(errors), "warning: long (see 1 of them)");
    }

    #[test]
    fn the_best_point_of_a_plan_is_named_by_its_values() {
        let choice = |text: &str| json!({ "label": text, "overrides": [text] });
        let axes = json!([{ "choices": [choice("a=1"), choice("a=2")] }, { "choices": [choice("b=1"), choice("b=5")] }]);
        let plan =
            json!({ "axes": axes, "points": [{ "choices": [0, 0] }, { "choices": [1, 1] }], "best": 1 });
        assert_eq!(best(&plan), Some(vec![&json!("a=2"), &json!("b=5")]));
        assert_eq!(best(&json!({ "axes": axes, "points": [], "best": null })), None);
    }
}
