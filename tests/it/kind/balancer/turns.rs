//! Turns: which member is first, and which is next. They begin with the first and continue from their position.

use crate::run::run;

/// A request each 10 s, for which the first instance takes 1 s, the second 2 s and the third 4 s.
fn latencies(until_s: u32, fleet: &str, via: &str) -> (f64, f64) {
    let run = run(
        &format!(
            "duration = \"{until_s}s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.go]\nvia = \"{via}\"\n\
             steps = [{{ cpu = \"1s\" }}]\n[fleet.web]\ninstance = {{ vcpus = 1, memory = \"8 GiB\" }}\n\
             speeds = [1, 0.5, 0.25]\n{fleet}\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\n\
             health_check = {{ cpu = \"0s\" }}"
        ),
        1,
    );
    (run.latency_ms.max, (run.latency_ms.mean * run.requests.completed / 1e3).round())
}

#[test]
fn every_round_begins_with_the_first() {
    let fleets = [
        ("instances = 3", "public"),
        ("instances = 3", "web"),
        // One instance per zone; a zone does not take requests of another.
        ("instances = 3\nazs = 3", "public"),
    ];
    for (fleet, via) in fleets {
        // One request: the first instance. Two: 1 s and 2 s. Four: the whole round, and the first again.
        assert_eq!(latencies(19, fleet, via), (1_000.0, 1.0), "{fleet} {via}");
        assert_eq!(latencies(29, fleet, via), (2_000.0, 3.0), "{fleet} {via}");
        assert_eq!(latencies(49, fleet, via), (4_000.0, 8.0), "{fleet} {via}");
    }
}

/// Requests at 10 s (first) and 20 s (second). At 25 s the first of three leaves: the request at 30 s goes to the third, whose
/// turn it is, and the one at 40 s begins a round with the second.
#[test]
fn a_round_goes_on_when_a_member_leaves() {
    for via in ["public", "web"] {
        let fleet = "instances = 3\ntimetable = [[\"25s\", 2]]";
        assert_eq!(latencies(39, fleet, via).1, 1.0 + 2.0 + 4.0, "{via}");
        assert_eq!(latencies(49, fleet, via).1, 1.0 + 2.0 + 4.0 + 2.0, "{via}");
    }
}
