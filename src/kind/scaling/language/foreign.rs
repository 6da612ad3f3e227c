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
        "asgaveragenetworkout" | "networkout" | "network" => "did you mean \"network_out\"?",
        "asgaveragenetworkin" | "networkin" => "did you mean \"network_in\"?",
        "asgaveragecpuutilizationhighresolution" | "cpu_high_resolution" => {
            "write metric = \"cpu\" with high = { period = \"10s\" }"
        }
        "targetresponsetime" | "target_response_time" | "response_time" | "latency_ms" => {
            "did you mean \"request.NAME.latency\"?"
        }
        "memory" | "mem_used_percent" | "memoryutilization" | "memory_utilization" => {
            "did you mean \"fleet.NAME.memory_used\"? the fleet says with `memory` what it uses"
        }
        "requestcount" | "request_count" => "did you mean \"balancer.NAME.requests\"?",
        "databaseconnections" | "connections" => "did you mean \"database.NAME.writer_connections\"?",
        "approximatenumberofmessagesvisible" => "did you mean \"queue.NAME.backlog\"?",
        "approximateageofoldestmessage" => "did you mean \"queue.NAME.age\"?",
        _ => {
            "groups scale on \"cpu\", \"requests_per_target\", \"network_in\", \"network_out\", \
             \"backlog_per_instance\", or a gauge such as \"queue.orders.age\""
        }
    };
    Some(hint.to_owned())
}
