//! Metrics that are gauges of a resource. In: `"queue.orders.age"`. Out: a [`Gauge`].

use crate::id::{Dial, Gauge};
use crate::language::names::{Named, list};
use crate::language::problem::Problem;
use crate::language::value::Value;

/// The gauge of a fleet's own queues.
pub(super) const OWN_BACKLOG: &str = "backlog_per_instance";

/// Reads a gauge of a resource of any kind that has some.
pub(super) fn gauge(value: Value, dials: &[&[Dial]]) -> Option<Gauge> {
    let text = value.text()?;
    let all = || dials.iter().copied().flatten();
    let Some(((table, rest), gauge)) =
        text.rsplit_once('.').and_then(|(rest, gauge)| Some((rest.split_once('.')?, gauge)))
    else {
        value.problem(
            format!("`{text}` is not a gauge"),
            "write TABLE.NAME.GAUGE, such as \"queue.orders.age\"",
        );
        return None;
    };
    let Some(kind) = all().map(|dial| dial.kind).find(|kind| kind.table() == table) else {
        let mut tables: Vec<&str> = all().map(|dial| dial.kind.table()).collect();
        tables.dedup();
        let hint = match value.cx.closest(table, tables.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("these tables have gauges: {}", list(&tables)),
        };
        value.cx.push(Problem::at(&value.span_of(table), format!("`{table}` has no gauges")).hint(hint));
        return None;
    };
    let names: Vec<&'static str> = all().filter(|dial| dial.kind == kind).map(|dial| dial.name).collect();
    let Some(&name) = names.iter().find(|name| **name == gauge) else {
        let hint = match value.cx.closest(gauge, names.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("there is {}", list(&names)),
        };
        value.cx.push(
            Problem::at(&value.span_of(gauge), format!("`{gauge}` is not a gauge of {}", kind.noun()))
                .hint(hint),
        );
        return None;
    };
    let (kind, index) = value.cx.resolve(&value.span_of(rest), &[kind], rest)?;
    Some(Gauge { kind, index, name })
}
