//! Names and base units of columns. In: the field of a column and its unit. Out: what a metric of it is called, counts, and is multiplied by.

use super::family::Type;
use crate::measure::unit::Unit;

/// What a column is as a metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Named {
    /// Its part of the name, with the unit.
    pub name: String,
    /// What it counts.
    pub of: Type,
    /// The base unit; empty for plain numbers.
    pub unit: &'static str,
    /// A value in the base unit is so many times that of the column.
    pub factor: f64,
}

/// Units that stand in the names of fields, since [`Unit`] has them not: the end of the name, the base unit, how many of it one is.
const IN_NAMES: [(&str, &str, f64); 6] = [
    ("gbit_per_s", "bytes_per_second", 1e9 / 8.0),
    ("mbit_per_s", "bytes_per_second", 1e6 / 8.0),
    ("megabits", "bytes", 1e6 / 8.0),
    ("mib", "bytes", 1_048_576.0),
    ("gb", "bytes", 1e9),
    ("mb", "bytes", 1e6),
];

/// The metric of a column. A rate is a counter of what it is a rate of, unless it is a bound.
pub(super) fn named(field: &str, unit: Unit) -> Named {
    let gauge = |name: &str, unit: &'static str, factor: f64| Named {
        name: suffixed(name, unit),
        of: Type::Gauge,
        unit,
        factor,
    };
    match unit {
        Unit::Seconds => gauge(without(field, "s"), "seconds", 1.0),
        Unit::Millis => gauge(without(field, "ms"), "seconds", 1e-3),
        Unit::Hours => gauge(without(field, "hours"), "seconds", 3_600.0),
        Unit::Share => gauge(without(field, "ratio"), "ratio", 1.0),
        Unit::Percent => gauge(without(field, "percent"), "ratio", 0.01),
        Unit::Multiple => gauge(field, "ratio", 1.0),
        Unit::Usd => gauge(without(field, "usd"), "dollars", 1.0),
        Unit::Count | Unit::Text => match in_name(field) {
            Some((name, unit, factor)) => gauge(name, unit, factor),
            None => gauge(field, "", 1.0),
        },
        Unit::PerSecond if field.ends_with("_limit") => gauge(&format!("{field}_per_second"), "", 1.0),
        Unit::PerSecond => match in_name(field) {
            // A rate of bits a second is one already.
            Some((name, unit, factor)) => {
                let unit = unit.trim_end_matches("_per_second");
                Named { name: suffixed(name, unit), of: Type::Counter, unit, factor }
            }
            None => Named { name: field.into(), of: Type::Counter, unit: "", factor: 1.0 },
        },
    }
}

/// A field without the unit at its end; one that is nothing but the unit stays.
fn without<'f>(field: &'f str, unit: &str) -> &'f str {
    let rest = field.strip_suffix(unit).and_then(|rest| rest.strip_suffix('_'));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(field)
}

fn in_name(field: &str) -> Option<(&str, &'static str, f64)> {
    IN_NAMES.iter().find_map(|(end, unit, factor)| {
        let rest = field.strip_suffix(end)?;
        // `mib` is a field of its own, `written_mib` ends with it, and `thumb` has nothing to do with it.
        (rest.is_empty() || rest.ends_with('_')).then_some((rest.trim_end_matches('_'), *unit, *factor))
    })
}

fn suffixed(name: &str, unit: &str) -> String {
    match (name.is_empty(), unit.is_empty()) {
        (true, _) => unit.to_owned(),
        (_, true) => name.to_owned(),
        // A name must end with its unit, once.
        _ if name.ends_with(unit) => name.to_owned(),
        _ => format!("{name}_{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_with_base_units() {
        let is = |field: &str, unit: Unit, name: &str, of: Type, factor: f64| {
            let found = named(field, unit);
            assert_eq!((found.name.as_str(), found.of, found.factor), (name, of, factor), "{field}");
            assert!(found.name.ends_with(found.unit), "{field}");
        };
        is("latency_ms", Unit::Millis, "latency_seconds", Type::Gauge, 1e-3);
        is("oldest_s", Unit::Seconds, "oldest_seconds", Type::Gauge, 1.0);
        is("cpu_percent", Unit::Percent, "cpu_ratio", Type::Gauge, 0.01);
        is("hit_ratio", Unit::Share, "hit_ratio", Type::Gauge, 1.0);
        is("availability", Unit::Share, "availability_ratio", Type::Gauge, 1.0);
        is("offered", Unit::PerSecond, "offered", Type::Counter, 1.0);
        is("written_mib", Unit::PerSecond, "written_bytes", Type::Counter, 1_048_576.0);
        is("gbit_per_s", Unit::PerSecond, "bytes", Type::Counter, 1.25e8);
        is("mbit_per_s", Unit::Count, "bytes_per_second", Type::Gauge, 1.25e5);
        is("read_limit", Unit::PerSecond, "read_limit_per_second", Type::Gauge, 1.0);
        is("stored_gb", Unit::Count, "stored_bytes", Type::Gauge, 1e9);
        is("units_bytes", Unit::Count, "units_bytes", Type::Gauge, 1.0);
        is("serving", Unit::Count, "serving", Type::Gauge, 1.0);
        is("cost_usd", Unit::Usd, "cost_dollars", Type::Gauge, 1.0);
    }
}
