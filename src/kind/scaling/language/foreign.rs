//! Names of metrics from other systems. In: a word that `metric` does not accept. Out: a better hint.

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
            "groups scale on \"cpu\" or \"requests_per_target\"; latency, memory, network, all requests of a balancer, \
             backlogs and metrics of your own are not modelled yet"
        }
    };
    Some(hint.to_owned())
}
