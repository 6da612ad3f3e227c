//! What a policy scales on. In: a word, the name of a gauge, or metric math of two gauges. Out: a [`Metric`].

use super::foreign;
use super::gauge::{OWN_BACKLOG, gauge};
use super::shapes::MATH_SHAPE;
use super::{Group, Math, Metric};
use crate::id::{Gauge, Kind, NETWORK_IN, NETWORK_OUT};
use crate::kind::GAUGES;
use crate::language::reader::Reader;
use crate::language::value::Value;

pub(super) fn metric(reader: &Reader, group: &Group) -> Metric {
    let metric = |value: Value| match value.is_table() {
        true => value.table(&MATH_SHAPE, math).flatten(),
        false => word(value, group),
    };
    reader.must("metric", metric, Metric::Cpu)
}

/// The metric in the name of a policy, with the resource of a gauge that is not its own fleet: `age of orders`.
pub(super) fn label(reader: &Reader, metric: Metric, group: &Group) -> String {
    let named = |gauge: Gauge, text: Option<&str>| {
        let word = gauge.name.replace('_', " ");
        let is_own = (gauge.kind, gauge.index) == (Kind::Fleet, group.own);
        let name = text.and_then(|text| text.split_once('.')?.1.rsplit_once('.'));
        match name.filter(|_| !is_own) {
            Some((name, _)) => format!("{word} of {name}"),
            None => word,
        }
    };
    let Some(value) = reader.get("metric") else { return metric.word() };
    match metric {
        Metric::Cpu | Metric::RequestsPerTarget => metric.word(),
        Metric::Gauge(gauge) => named(gauge, value.text()),
        Metric::Math(math, [one, other]) => {
            let texts = value.table(&MATH_SHAPE, |reader| {
                let pair = reader.one_of(&["divide", "multiply", "add", "subtract"], true)?.1.pair("")?;
                Some((pair.0.text()?.to_owned(), pair.1.text()?.to_owned()))
            });
            let (left, right) = texts.flatten().unzip();
            format!("{} {} {}", named(one, left.as_deref()), math.sign(), named(other, right.as_deref()))
        }
    }
}

fn word(value: Value, group: &Group) -> Option<Metric> {
    let own = |name| Metric::Gauge(Gauge { kind: Kind::Fleet, index: group.own, name });
    let metrics = [
        ("cpu", Metric::Cpu),
        ("requests_per_target", Metric::RequestsPerTarget),
        ("backlog_per_instance", own(OWN_BACKLOG)),
        ("network_in", own(NETWORK_IN)),
        ("network_out", own(NETWORK_OUT)),
    ];
    let text = value.text()?;
    if text.contains('.') {
        return gauge(value, GAUGES).map(Metric::Gauge);
    }
    let is_metric = metrics.iter().any(|(word, _)| *word == text);
    match foreign::gauge(text, GAUGES).filter(|_| !is_metric) {
        Some(hint) => {
            value.problem(format!("`{text}` is not a choice here"), hint);
            None
        }
        None => value.choice_or(&metrics, foreign::metric),
    }
}

/// Metric math of two gauges.
fn math(reader: &Reader) -> Option<Metric> {
    let (key, value) = reader.one_of(&["divide", "multiply", "add", "subtract"], true)?;
    let math = match key {
        "divide" => Math::Divide,
        "multiply" => Math::Multiply,
        "add" => Math::Add,
        _ => Math::Subtract,
    };
    let (one, other) = value.pair("[\"queue.orders.backlog\", \"fleet.worker.instances\"]")?;
    Some(Metric::Math(math, [gauge(one, GAUGES)?, gauge(other, GAUGES)?]))
}
