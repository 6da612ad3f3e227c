//! Limits that are reached exactly: a wait that ends at the exact instant of its timeout has ended in time, for any
//! kind of wait and any discipline; a nanosecond later it has not.

use std::fs;

use simcap::outcome::Outcome;
use simcap::scenario;

use crate::run::run;

const FLEET: &str = "instances = 1\nthreads = 1\ninstance = { vcpus = 1, memory = \"8 GiB\" }";

/// A request at 10 s whose step takes a second, or a nanosecond more.
fn a_second(longer: bool, head: &str, step: &str, resources: &str) -> Outcome {
    let step = step.replace("TIME", if longer { "1000000001ns" } else { "1s" });
    run(
        &format!(
            "duration = \"15s\"\n[traffic.all]\ninterarrival = \"10s\"\n{head}\n[request.go]\n{step}\n{resources}\n"
        ),
        1,
    )
}

#[test]
fn an_answer_at_the_very_limit_is_in_time() {
    let cpu = "via = \"web\"\nsteps = [{ cpu = \"TIME\" }]";
    let service = "steps = [{ service = \"desk\", time = \"TIME\" }]";
    let kinds = [
        (cpu, format!("[fleet.web]\n{FLEET}\ndiscipline = \"fifo\"")),
        (cpu, format!("[fleet.web]\n{FLEET}\ndiscipline = \"processor_sharing\"")),
        (service, "[service.desk]\nservers = 1\ntime = \"1s\"".into()),
        (service, "[service.desk]\nservers = 1\ntime = \"1s\"\ndiscipline = \"priority\"".into()),
        (service, "[service.desk]\nservers = 1\ntime = \"1s\"\ndiscipline = \"processor_sharing\"".into()),
        ("steps = [{ delay = \"TIME\" }]", String::new()),
    ];
    for on_timeout in ["cancel", "keep_working"] {
        for (round_trip, timeout) in [("0s", "1s"), ("20ms", "1020ms")] {
            let client = format!(
                "[client]\ntimeout = \"{timeout}\"\nround_trip = \"{round_trip}\"\non_timeout = \"{on_timeout}\""
            );
            for (step, resources) in &kinds {
                let exactly = a_second(false, &client, step, resources);
                assert_eq!(exactly.requests.completed, 1.0, "{resources} {client}");
                assert_eq!(
                    exactly.abandoned.ended + exactly.abandoned.in_system,
                    0.0,
                    "{resources} {client}"
                );
                assert_eq!(
                    a_second(true, &client, step, resources).requests.failed,
                    1.0,
                    "{resources} {client}"
                );
            }
        }
    }
}

#[test]
fn an_answer_at_the_very_idle_timeout_is_in_time() {
    for discipline in ["fifo", "processor_sharing"] {
        let resources = format!(
            "[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\nidle_timeout = \"1s\"\nhealth_check = {{ cpu = \"0s\" }}\n\
             [fleet.web]\n{FLEET}\ndiscipline = \"{discipline}\""
        );
        let step = "via = \"public\"\nsteps = [{ cpu = \"TIME\" }]";
        assert_eq!(a_second(false, "", step, &resources).requests.completed, 1.0, "{discipline}");
        let late = a_second(true, "", step, &resources);
        assert_eq!(late.requests.failed_by_cause["http_504"], 1.0, "{discipline}");
    }
}

/// Three requests come together to a resource that serves one at a time, for 50, 50 and 10 ms: the third waits for 100
/// ms.
fn three(step: &str, resources: &str, limit: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trace.csv"), "at,time\n1000,50\n1000,50\n1000,10\n").unwrap();
    let text = format!(
        "duration = \"10s\"\n[traffic.all]\nreplay = {{ file = \"trace.csv\", column = \"at\", unit = \"ms\" }}\n\
         [request.go]\n{step}\n{resources}\n"
    );
    let text = text.replace("TIME", "replay trace.csv column time unit ms").replace("LIMIT", limit);
    let scenario = scenario::parse("three.toml", text.as_bytes(), folder.path(), &[]).unwrap();
    simcap::simulate(&scenario, 1, &mut |_| {})
}

#[test]
fn a_wait_that_ends_at_its_limit_is_in_time() {
    let in_line = "steps = [{ service = \"desk\" }]";
    let web = "via = \"web\"\nsteps = [{ cpu = \"TIME\" }]";
    let database = "hop = \"0s\"\ncommit = \"0s\"\ndeadlock_check = \"0s\"\nwriter = \"db.r5.large\"";
    let mut kinds = vec![
        (
            "line",
            in_line,
            "[service.desk]\nservers = 1\ntime = \"TIME\"\npatience = \"LIMIT\"".to_string(),
            100,
        ),
        (
            "priority",
            in_line,
            "[service.desk]\nservers = 1\ndiscipline = \"priority\"\ntime = \"TIME\"\npatience = \"LIMIT\""
                .into(),
            100,
        ),
        (
            "row lock",
            "steps = [{ write = \"shop\", demand = \"TIME\", rows = { count = 1, zipf = 0 } }]",
            format!("[database.shop]\n{database}\nlock_wait_timeout = \"LIMIT\""),
            100,
        ),
    ];
    for discipline in ["fifo", "processor_sharing"] {
        kinds.push((
            "thread",
            web,
            format!("[client]\ntimeout = \"LIMIT\"\n[fleet.web]\n{FLEET}\ndiscipline = \"{discipline}\""),
            // It is answered 10 ms after it has the thread.
            110,
        ));
        kinds.push((
            "pool",
            "via = \"web\"\nsteps = [{ read = \"shop\", demand = \"TIME\" }]",
            format!(
                "[fleet.web]\ninstances = 1\nthreads = 9\ninstance = \"m6i.large\"\ndiscipline = \"{discipline}\"\n\
                 pools = {{ shop = {{ writer = 1, timeout = \"LIMIT\" }} }}\n[database.shop]\n{database}"
            ),
            100,
        ));
    }
    for (kind, step, resources, limit_ms) in kinds {
        let exactly = three(step, &resources, &format!("{limit_ms}ms"));
        assert_eq!((exactly.requests.completed, exactly.requests.failed), (3.0, 0.0), "{kind}");
        let sooner = three(step, &resources, &format!("{}ns", limit_ms * 1_000_000 - 1));
        assert_eq!((sooner.requests.completed, sooner.requests.failed), (2.0, 1.0), "{kind}");
    }
}
