//! The names that columns of CSV files have. In: a name. Out: what such a column holds, in which unit.

use super::super::super::series::Column;

/// What a column of a request can hold, and its usual names in small letters.
pub(super) const KNOWN: [(&str, &[&str]); 8] = [
    (
        "time",
        &[
            "time",
            "timestamp",
            "at",
            "at_s",
            "ts",
            "date",
            "datetime",
            "start",
            "start_time",
            "arrival",
            "request_time",
            "@timestamp",
        ],
    ),
    ("method", &["method", "http_method", "verb", "request_method"]),
    (
        "path",
        &[
            "path",
            "url",
            "uri",
            "request_uri",
            "endpoint",
            "route",
            "label",
            "name",
            "request",
            "class",
            "target_url",
        ],
    ),
    (
        "status",
        &[
            "status",
            "status_code",
            "code",
            "responsecode",
            "response_code",
            "http_status",
            "sc-status",
            "elb_status_code",
        ],
    ),
    (
        "duration",
        &[
            "duration",
            "latency",
            "elapsed",
            "response_time",
            "responsetime",
            "took",
            "total",
            "total_time",
            "time_taken",
            "time-taken",
        ],
    ),
    (
        "service",
        &[
            "service",
            "service_time",
            "target_processing_time",
            "upstream_response_time",
            "backend_time",
            "waiting",
        ],
    ),
    ("count", &["count", "requests", "value", "sum", "requestcount", "request_count", "hits", "calls"]),
    ("success", &["success"]),
];
pub(super) const TIME: usize = 0;
pub(super) const METHOD: usize = 1;
pub(super) const PATH: usize = 2;
pub(super) const STATUS: usize = 3;
pub(super) const DURATION: usize = 4;
pub(super) const SERVICE: usize = 5;
pub(super) const COUNT: usize = 6;
pub(super) const SUCCESS: usize = 7;
/// Endings of names that state a unit, and nanoseconds in it.
pub(super) const UNITS: [(&str, f64); 12] = [
    ("_ms", 1e6),
    ("(ms)", 1e6),
    ("_millis", 1e6),
    ("_milliseconds", 1e6),
    ("_us", 1e3),
    ("_micros", 1e3),
    ("(us)", 1e3),
    ("_ns", 1.0),
    ("_seconds", 1e9),
    ("_secs", 1e9),
    ("_s", 1e9),
    ("(s)", 1e9),
];
/// Figures that a column can have by name.
pub(super) const FIGURES: [&str; 27] = [
    "requests",
    "errors",
    "errors_target",
    "errors_balancer",
    "errors_server",
    "errors_connection",
    "aborted",
    "refused",
    "mean_ms",
    "p50_ms",
    "p90_ms",
    "p95_ms",
    "p99_ms",
    "service_ms",
    "cpu_percent",
    "instances",
    "hit_percent",
    "connections",
    "users",
    "memory_percent",
    "queue",
    "visible",
    "threads",
    "evictions",
    "read_iops",
    "write_iops",
    "replica_lag_ms",
];

/// The names that `--column` can give.
pub fn known() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}

/// A name without its unit, in small letters, and nanoseconds in that.
pub(super) fn bare(name: &str) -> (String, Option<f64>) {
    let name = name.to_ascii_lowercase();
    for (ending, nanos) in UNITS {
        if let Some(short) = name.strip_suffix(ending) {
            return (short.trim_end_matches([' ', '_']).to_owned(), Some(nanos));
        }
    }
    (name, None)
}

/// A figure that a name states, such as `cpu_percent of web`.
pub(super) fn figure(name: &str) -> Option<Column> {
    let (figure, of) = match name.split_once(" of ") {
        Some((figure, of)) => (figure.trim(), Some(of.trim())),
        None => (name.trim(), None),
    };
    let is_plain = |of: &str| {
        !of.is_empty()
            && of.len() <= 60
            && of.chars().all(|c| c.is_ascii_alphanumeric() || "-_ .".contains(c))
    };
    (FIGURES.contains(&figure) && of.is_none_or(is_plain)).then(|| Column::new(figure, of))
}
