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
