//! Redis by node type, against what was measured: 50 clients without pipelining (redis-benchmark -c 50, Atom-oh/aws-ec2-benchmark,
//! Seoul 2026).

use crate::run::run;

/// SET operations a second on 4 vCPUs, and the median of their time where it is near the mean.
const MEASURED: [(&str, f64, f64); 6] = [
    ("m5", 115_680.0, 0.41),
    ("r5", 113_656.0, 0.42),
    ("m6g", 144_769.0, 0.32),
    ("r6g", 145_574.0, 0.32),
    ("m7g", 189_057.0, 0.24),
    ("r7g", 185_090.0, 0.25),
];

#[test]
fn a_shard_executes_as_many_commands_as_were_measured_on_its_type() {
    for (family, operations, median_ms) in MEASURED {
        let text = format!(
            "duration = \"1s\"\nbucket = \"100ms\"\n[users.clients]\ncount = 50\nthink = \"0s\"\nrequests = \"set\"\n\
             client = {{ round_trip = \"0s\" }}\n\
             [request.set]\nsteps = [{{ set = \"redis\", keys = {{ count = 1000 }} }}]\n\
             [cache.redis]\nnode = \"cache.{family}.xlarge\"\nhop = \"0s\"\n"
        );
        let run = run(&text, 1);
        let error = run.requests.completed / operations - 1.0;
        assert!(error.abs() < 0.03, "{family}: {} a second, {:.1} %", run.requests.completed, 100.0 * error);
        let error = run.latency_ms.p50 / median_ms - 1.0;
        // Published to two digits, and measured with the clients' own time.
        assert!(error.abs() < 0.12, "{family}: {} ms", run.latency_ms.p50);
    }
}
