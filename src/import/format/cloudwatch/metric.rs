//! The metrics of CloudWatch that are known. In: a label and a statistic. Out: the figure that they are here.

use super::super::super::segment::is_id;
use super::super::super::series::Column;

/// Metrics, their figures, and what one of theirs is of ours.
const METRICS: [(&str, &str, f64); 35] = [
    ("RequestCount", "requests", 1.0),
    ("Requests", "requests", 1.0),
    ("Count", "requests", 1.0),
    ("Invocations", "requests", 1.0),
    ("HTTPCode_Target_5XX_Count", "errors_target", 1.0),
    ("HTTPCode_Backend_5XX", "errors_target", 1.0),
    ("HTTPCode_ELB_5XX_Count", "errors_balancer", 1.0),
    ("HTTPCode_ELB_5XX", "errors_balancer", 1.0),
    ("HTTPCode_Target_4XX_Count", "refused", 1.0),
    ("TargetConnectionErrorCount", "errors_connection", 1.0),
    ("BackendConnectionErrors", "errors_connection", 1.0),
    ("RejectedConnectionCount", "errors_rejected", 1.0),
    ("5XXError", "errors", 1.0),
    ("Errors", "errors", 1.0),
    ("TargetResponseTime", "service_ms", 1e3),
    ("Latency", "service_ms", 1e3),
    ("Duration", "service_ms", 1.0),
    ("CPUUtilization", "cpu_percent", 1.0),
    ("EngineCPUUtilization", "engine_cpu_percent", 1.0),
    ("MemoryUtilization", "memory_percent", 1.0),
    ("HealthyHostCount", "instances", 1.0),
    ("GroupInServiceInstances", "instances", 1.0),
    ("RunningTaskCount", "instances", 1.0),
    ("GroupDesiredCapacity", "desired", 1.0),
    ("CacheHitRate", "hit_percent", 1.0),
    ("DatabaseConnections", "connections", 1.0),
    ("CurrConnections", "connections", 1.0),
    ("ActiveConnectionCount", "connections", 1.0),
    ("CacheHits", "hits", 1.0),
    ("CacheMisses", "misses", 1.0),
    ("ConcurrentExecutions", "concurrent", 1.0),
    ("ReadLatency", "read_ms", 1e3),
    ("WriteLatency", "write_ms", 1e3),
    ("ApproximateNumberOfMessagesVisible", "visible", 1.0),
    ("ReplicaLag", "replica_lag_ms", 1e3),
];
/// Statistics, the one that is wanted of a mean first.
pub(super) const STATISTICS: [&str; 5] = ["Average", "Sum", "Maximum", "Minimum", "SampleCount"];

/// The figure of a metric under a statistic, and the factor of its values.
fn figure(metric: &str, statistic: &str) -> Option<(String, f64)> {
    let (_, figure, factor) = METRICS.iter().find(|(known, ..)| *known == metric)?;
    let percentile = statistic.strip_prefix('p').filter(|rest| matches!(*rest, "50" | "90" | "95" | "99"));
    Some(match (*figure, percentile) {
        ("service_ms", Some(percentile)) => (format!("p{percentile}_ms"), *factor),
        ("service_ms", None) if statistic == "Maximum" => ("max_ms".into(), *factor),
        (figure, _) => (figure.to_owned(), *factor),
    })
}

/// The column that a label means: a metric, whose it is, and a statistic, in any order, as CloudWatch and people write it.
pub(super) fn column(label: &str, statistic: &str) -> Option<(Column, f64)> {
    let words: Vec<&str> = label
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '|' | '/' | '(' | ')'))
        .filter(|word| !word.is_empty())
        .collect();
    let of_metric = words.iter().position(|word| METRICS.iter().any(|(known, ..)| known == word))?;
    let is_statistic =
        |word: &str| STATISTICS.contains(&word) || matches!(word, "p50" | "p90" | "p95" | "p99");
    let stated = words.iter().find(|word| is_statistic(word)).copied().unwrap_or(statistic);
    let (figure, factor) = figure(words[of_metric], stated)?;
    let whose = words.iter().enumerate().find(|(index, word)| {
        let is_plain =
            word.len() <= 40 && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        *index != of_metric
            && !is_statistic(word)
            && is_plain
            && !is_id(word.as_bytes())
            && !matches!(**word, "of" | "app" | "net" | "AWS")
    });
    Some((Column::new(figure, whose.map(|(_, word)| *word)), factor))
}

/// Whether a statistic is what a figure needs: the sum of what is counted; of the rest the mean, percentiles, or else the largest.
pub(super) fn is_wanted(column: &Column, statistic: &str, has_mean: bool) -> bool {
    match (statistic, column.is_count()) {
        ("Sum", is_count) => is_count,
        ("", _) => true,
        ("Minimum" | "SampleCount", _) => false,
        ("Maximum", false) => !has_mean || column.figure == "max_ms",
        (_, is_count) => !is_count,
    }
}
