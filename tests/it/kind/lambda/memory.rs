//! Memory is CPU: one vCPU for each 1,769 MB, and a step on one thread.

use super::at;

/// 10 ms of work: at 128 MB a vCPU is 128/1,769 of one, so they are 138.2; at 1,769 and more they are ten.
#[test]
fn a_step_on_the_cpu_goes_by_the_memory() {
    for (memory, by_hand) in [
        ("128", 10.0 * 1_769.0 / 128.0),
        ("1024", 10.0 * 1_769.0 / 1_024.0),
        ("\"512 MiB\"", 10.0 * 1_769.0 / 512.0),
        ("1769", 10.0),
        ("10240", 10.0),
    ] {
        let function = format!("init = \"0s\"\nmemory = {memory}");
        let found = at(&format!("memory{}", memory.len()), &[100], "2s", "{ cpu = \"10ms\" }", &function)
            .latency_ms
            .max;
        assert!((found / by_hand - 1.0).abs() < 0.002, "{memory}: {found} {by_hand}");
    }
    let strong =
        at("strong", &[100], "2s", "{ cpu = \"10ms\" }", "init = \"0s\"\nmemory = 1769\nstrength = 2");
    assert_eq!(strong.latency_ms.max, 5.0);
}

/// Environments do not share their CPU: twenty at once take as long as one.
#[test]
fn each_environment_has_a_cpu_of_its_own() {
    let outcome = at("own-cpu", &[100; 20], "2s", "{ cpu = \"10ms\" }", "init = \"0s\"\nmemory = 1769");
    assert_eq!((outcome.latency_ms.max, outcome.requests.completed), (10.0, 20.0));
}
