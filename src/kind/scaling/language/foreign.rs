//! Names of metrics from other systems. In: a word that `metric` does not accept. Out: a better hint.

use crate::id::Dial;
use crate::language::names::Named;

/// A hint for the name of a gauge without the resource that it is of.
pub(super) fn gauge(word: &str, dials: &[&[Dial]]) -> Option<String> {
    let word = word.to_lowercase().replace(['-', ' '], "_");
    let all = dials.iter().copied().flatten().filter(|dial| dial.name == word);
    let all: Vec<String> = all.map(|dial| format!("\"{}.NAME.{}\"", dial.kind.table(), dial.name)).collect();
    (!all.is_empty()).then(|| format!("a gauge is of a resource: did you mean {}?", all.join(" or ")))
}

/// A hint for a metric that policies do not have.
pub(super) fn metric(word: &str) -> Option<String> {
    let hint = match word.to_lowercase().replace(['-', ' '], "_").as_str() {
        "cpuutilization"
        | "cpu_utilization"
        | "asgaveragecpuutilization"
        | "ecsserviceaveragecpuutilization" => "did you mean \"cpu\"?",
        "albrequestcountpertarget" | "requestcountpertarget" | "request_count_per_target" | "requests" => {
            "did you mean \"requests_per_target\"?"
        }
        _ => {
            "groups scale on \"cpu\", \"requests_per_target\", \"backlog_per_instance\", or a gauge such as \
             \"queue.orders.age\"; latency, memory, network and all requests of a balancer are not modelled yet"
        }
    };
    Some(hint.to_owned())
}
