//! The figures of the end as samples. In: an outcome. Out: families of its estimates, their intervals, causes of failure and verdicts.

use serde_json::Value;

use super::family::{Families, Label, Type, word};
use super::named::{Named, named};
use crate::measure::unit::Unit;
use crate::outcome::Outcome;

/// All families of the end of a run. What is merged of several runs is that of one event.
pub(super) fn families(outcome: &Outcome) -> Families {
    let mut families = Families::default();
    let scenario = || vec![("scenario".to_owned(), outcome.scenario.slug.clone())];
    about(&mut families, outcome, scenario());
    for (estimate, of) in outcome.estimates.iter().zip(references(outcome)) {
        let (name, mut labels) = flat(&of);
        labels.splice(0..0, scenario());
        let metric = metric(&name, estimate.unit);
        let interval = estimate.interval.iter();
        let bounds = interval.flat_map(|it| [("_low", it.low), ("_high", it.high)]);
        for (bound, value) in [("", estimate.value)].into_iter().chain(bounds) {
            let what = match bound {
                "" => String::new(),
                bound => format!(", {} end of its 95 % interval over the runs", &bound[1..]),
            };
            // The unit stays at the end of the name.
            let stem = metric.name.strip_suffix(metric.unit).unwrap_or(&metric.name).trim_end_matches('_');
            let family = [stem, bound, if metric.unit.is_empty() { "" } else { "_" }, metric.unit].concat();
            let family = (format!("simcap_run_{}", family.trim_start_matches('_')), Type::Gauge, metric.unit);
            let help = || format!("`{name}` of the estimates in outcome.json{what}");
            families.add(family, help, labels.clone(), [(None, value * metric.factor)]);
        }
    }
    let counts =
        [("requests", &outcome.requests.failed_by_cause), ("attempts", &outcome.attempts.failed_by_cause)];
    for (what, causes) in counts {
        for (cause, count) in causes {
            let labels = [scenario(), vec![("cause".into(), cause.name().into())]].concat();
            let family = (format!("simcap_run_{what}_failed"), Type::Counter, "");
            families.add(
                family,
                || format!("{what} of an event that failed, by cause"),
                labels,
                [(None, *count)],
            );
        }
    }
    for verdict in &outcome.objectives {
        let labels = [scenario(), vec![("objective".into(), verdict.objective.clone())]].concat();
        let met = if verdict.met { 1.0 } else { 0.0 };
        let family = ("simcap_run_objective_met".to_owned(), Type::Gauge, "");
        families.add(family, || "1 if the objective is met, else 0".into(), labels, [(None, met)]);
    }
    families
}

/// What the figures are of.
fn about(families: &mut Families, outcome: &Outcome, mut labels: Vec<Label>) {
    let scenario = &outcome.scenario;
    labels.extend([
        ("name".to_owned(), scenario.name.clone()),
        ("region".to_owned(), scenario.region.clone()),
        ("changes".to_owned(), scenario.overrides.join(" ")),
        ("seed".to_owned(), scenario.seed.to_string()),
        ("runs".to_owned(), outcome.runs.count.to_string()),
        ("version".to_owned(), outcome.simcap.clone()),
    ]);
    let help = || "the scenario, its changes, and the runs that were merged".to_owned();
    families.add(("simcap_run".to_owned(), Type::Info, ""), help, labels, [(None, 1.0)]);
}

/// A figure of the end as a metric: none of them is a counter, because what is merged of several runs is a mean.
fn metric(name: &str, unit: Unit) -> Named {
    match unit {
        Unit::PerSecond => {
            Named { name: format!("{name}_per_second"), of: Type::Gauge, unit: "", factor: 1.0 }
        }
        unit => named(name, unit),
    }
}

/// What each estimate is of, with the names of resources, as outcome.json has it.
fn references(outcome: &Outcome) -> Vec<Value> {
    let document = serde_json::to_value(outcome).unwrap_or_default();
    let of = |at: usize, name: &str| match &document["estimates"][at]["of"] {
        // Files of earlier versions have words alone.
        Value::Null => Value::String(name.to_owned()),
        of => of.clone(),
    };
    outcome.estimates.iter().enumerate().map(|(at, estimate)| of(at, &estimate.name)).collect()
}

/// The name of a figure, and what tells it from others of that name.
fn flat(of: &Value) -> (String, Vec<Label>) {
    match of {
        Value::Object(variant) if variant.len() == 1 => {
            let (name, payload) = variant.iter().next().expect("it has one");
            let mut labels = Vec::new();
            collect("of", payload, &mut labels);
            (word(name), labels)
        }
        Value::String(name) => (word(name), Vec::new()),
        other => ("figure".into(), vec![("of".into(), other.to_string())]),
    }
}

/// The labels in a part of a reference: a resource by its kind, anything else by its field.
fn collect(field: &str, value: &Value, labels: &mut Vec<Label>) {
    let mut push = |name: &str, value: String| {
        let name = word(name);
        let taken = labels.iter().filter(|(other, _)| *other == name).count();
        labels.push((if taken > 0 { format!("{name}_{}", taken + 1) } else { name }, value));
    };
    match value {
        Value::Null => {}
        Value::String(text) => push(field, text.clone()),
        Value::Bool(_) | Value::Number(_) => push(field, value.to_string()),
        Value::Array(items) => items.iter().for_each(|item| collect(field, item, labels)),
        Value::Object(fields) => match (fields.get("kind"), fields.get("name")) {
            (Some(Value::String(kind)), Some(Value::String(name))) => {
                // A class of requests is a class everywhere.
                push(if kind == "request" { "class" } else { kind }, name.clone());
                let more = fields.iter().filter(|(field, _)| !["kind", "name"].contains(&field.as_str()));
                more.for_each(|(field, value)| collect(field, value, labels));
            }
            _ => fields.iter().for_each(|(field, value)| collect(field, value, labels)),
        },
    }
}
