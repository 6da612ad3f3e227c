//! The timeline as samples. In: the columns of an outcome, and when it starts. Out: families with a sample for each row, at its end.

use jiff::Timestamp;

use super::family::{Families, Label, Type, word};
use super::named::named;
use crate::measure::column::{Key, Listed, Values};
use crate::outcome::Outcome;

/// Families of all columns. A rate becomes a counter that starts at zero; a value stays one.
pub(super) fn families(outcome: &Outcome, start: Timestamp) -> Families {
    let mut families = Families::default();
    let rows = Rows::of(outcome, start);
    for listed in outcome.timeline.columns() {
        // It is when the others are.
        if listed.path.is_empty() && listed.name == "time_s" {
            continue;
        }
        add(&mut families, &listed, outcome, &rows);
    }
    families
}

/// The rows: when each ends, and how long it is.
struct Rows {
    start_ms: i64,
    ends_ms: Vec<i64>,
    widths_s: Vec<f64>,
}

impl Rows {
    fn of(outcome: &Outcome, start: Timestamp) -> Rows {
        let (timeline, duration_s) = (&outcome.timeline, outcome.scenario.duration_s);
        let start_ms = start.as_millisecond();
        // The last row may be cut off by the end of the run.
        let widths = timeline.time_s.iter().map(|at| timeline.bucket_s.min(duration_s - at));
        let widths_s: Vec<f64> = widths.collect();
        let ends = timeline.time_s.iter().zip(&widths_s).map(|(at, width)| (at + width) * 1e3);
        let ends_ms = ends.map(|ms| start_ms.saturating_add(ms.round() as i64)).collect();
        Rows { start_ms, ends_ms, widths_s }
    }
}

fn add(families: &mut Families, listed: &Listed<'_>, outcome: &Outcome, rows: &Rows) {
    let named = named(listed.name, listed.unit);
    let is_spent = listed.path.is_empty() && listed.name == "cost_usd";
    // The bill so far is added up already.
    let of = if is_spent { Type::Counter } else { named.of };
    let values = |row: usize| match listed.values {
        Values::All(values) => values.get(row).copied(),
        Values::Gaps(values) => values.get(row).copied().flatten(),
    };
    let samples: Vec<(Option<i64>, f64)> = match of {
        Type::Counter => {
            let mut sum = 0.0;
            let grown = rows.ends_ms.iter().zip(&rows.widths_s).enumerate().map(|(row, (at, width))| {
                let value = values(row).unwrap_or(0.0) * named.factor;
                // A counter never falls.
                sum = if is_spent { f64::max(sum, value) } else { sum + (value * width).max(0.0) };
                (Some(*at), sum)
            });
            [(Some(rows.start_ms), 0.0)].into_iter().chain(grown).collect()
        }
        Type::Gauge | Type::Info => {
            let at = rows.ends_ms.iter().enumerate();
            at.filter_map(|(row, at)| Some((Some(*at), values(row)? * named.factor))).collect()
        }
    };
    let kinds: Vec<&str> =
        listed.path.iter().filter(|step| step.label.is_none()).map(|step| step.word).collect();
    let kind: String =
        kinds.iter().filter(|kind| !kind.is_empty()).map(|kind| format!("{}_", word(kind))).collect();
    let place = match kinds.last() {
        None => "the whole system".to_owned(),
        Some(_) => format!("each {}", kinds.join(" ")),
    };
    let help = || format!("`{}` of {place}, as in timeline.csv", listed.name);
    families.add(
        (format!("simcap_{kind}{}", named.name), of, named.unit),
        help,
        labels(listed, outcome),
        samples,
    );
}

/// Which one it is: the scenario, each resource by its kind, and which of a family of columns.
fn labels(listed: &Listed<'_>, outcome: &Outcome) -> Vec<Label> {
    let mut labels: Vec<Label> = vec![("scenario".into(), outcome.scenario.slug.clone())];
    let mut kind = "";
    for step in &listed.path {
        let name = match step.label {
            None => {
                kind = step.word;
                continue;
            }
            Some("name") => word(kind),
            Some(field) => word(field),
        };
        let is_taken = labels.iter().any(|(other, _)| *other == name);
        labels.push((if is_taken { format!("{}_{name}", word(kind)) } else { name }, step.word.into()));
    }
    match listed.key {
        None => {}
        Some(Key::Cause(cause)) => labels.push(("cause".into(), cause.name().into())),
        Some(Key::Percentile(percentile)) => {
            labels.push(("quantile".into(), percentile.quantile().to_string()))
        }
        Some(Key::Stage(stage)) => {
            let label = outcome.stages.get(stage).map_or_else(|| stage.to_string(), |it| it.label.clone());
            labels.push(("stage".into(), label));
        }
    }
    labels
}
