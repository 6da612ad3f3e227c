//! A real outcome for the tests of everything that reads one: that of `tests/it/stored/shop.toml`.
//!
//! In: what the program made of that file, stored beside it. Out: an [`Outcome`]. A test holds that the program makes the
//! same today (`the_stored_outcomes_are_what_the_program_makes`). A test that needs a special case edits a field.

use super::{Outcome, Timeline};

/// One run.
pub(crate) fn outcome() -> Outcome {
    read(include_str!("../../tests/it/stored/shop-1-run.json"))
}

/// Three runs.
pub(crate) fn several() -> Outcome {
    read(include_str!("../../tests/it/stored/shop-3-runs.json"))
}

fn read(text: &str) -> Outcome {
    serde_json::from_str(text).expect("a stored outcome is one that the program wrote")
}

/// One run cut after so many rows.
pub(crate) fn first_rows(rows: usize) -> Outcome {
    let outcome = outcome();
    let mut timeline = serde_json::to_value(&outcome.timeline).expect("a timeline is plain data");
    cut(&mut timeline, rows);
    let timeline: Timeline = serde_json::from_value(timeline).expect("shorter columns are columns");
    assert_eq!(timeline.time_s.len(), rows);
    Outcome { timeline, ..outcome }
}

/// Cuts every list of plain values.
fn cut(value: &mut serde_json::Value, rows: usize) {
    match value {
        serde_json::Value::Array(values) if values.iter().all(|it| it.is_number() || it.is_null()) => {
            values.truncate(rows);
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(|it| cut(it, rows)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|it| cut(it, rows)),
        _ => {}
    }
}
