//! CPU limits of containers, by hand: full speed until the CPU time of a period is used up, then nothing until the next one.

use simcap::outcome::Outcome;

use crate::run::run;

/// Users that ask for CPU time of one task, with a pause after each answer.
fn ask(users: u32, think: &str, cpu: &str, instance: &str) -> Outcome {
    let text = format!(
        "duration = \"60s\"\nbucket = \"5s\"\n[users.all]\ncount = {users}\nthink = \"{think}\"\n\
         [request.page]\nvia = \"tasks\"\nsteps = [{{ cpu = \"{cpu}\" }}]\n\
         [fleet.tasks]\nthreads = \"unlimited\"\ninstances = 1\ninstance = {{ {instance}, memory = \"0.5 GiB\" }}"
    );
    run(&text, 1)
}

const QUARTER: &str = "vcpus = 0.25";
/// As much work a second, by a slower core that is always there.
const SLOW: &str = "vcpus = 1, strength = 0.25";

/// Answers a second in the middle of the run.
fn rate(outcome: &Outcome) -> f64 {
    outcome.timeline.completed[4..10].iter().sum::<f64>() / 6.0
}

/// An idle task has a whole vCPU for its 5 ms; a vCPU of a quarter of the speed takes 20 ms for them.
#[test]
fn an_idle_task_answers_at_full_speed() {
    for (instance, expected) in [(QUARTER, 5.0), (SLOW, 20.0)] {
        let latency = ask(1, "1s", "5ms", instance).latency_ms;
        for found in [latency.p50, latency.p99, latency.max] {
            assert!((found - expected).abs() < 0.03 * expected, "{instance}: {latency:?}");
        }
    }
}

/// However many ask: 25 ms in each 100 ms are 50 requests of 5 ms a second, as many as of the slower vCPU.
#[test]
fn a_quarter_of_a_vcpu_does_a_quarter_of_the_work() {
    for users in [1, 2, 20] {
        for instance in [QUARTER, SLOW] {
            let found = rate(&ask(users, "0s", "5ms", instance));
            assert!((found - 50.0).abs() < 0.3, "{users} × {instance}: {found}");
        }
    }
    // Of half a vCPU, and of a quarter of which two cores can work at once.
    assert!((rate(&ask(9, "0s", "5ms", "vcpus = 0.5")) - 100.0).abs() < 0.5);
    assert!((rate(&ask(9, "0s", "5ms", "vcpus = 0.25, cores = 2")) - 50.0).abs() < 0.3);
}

/// One that always works stands still for 75 of each 100 ms, and its metric says 100 %. Of 20 users each has its answer 20 × 20 ms later on
/// the mean.
#[test]
fn a_saturated_task_stands_still_for_three_quarters_of_the_time() {
    let outcome = ask(1, "0s", "5ms", QUARTER);
    let (series, told) = (&outcome.timeline.fleets[0], &outcome.fleets[0]);
    for row in 1..12 {
        assert!((series.limit[0].throttled_percent[row] - 75.0).abs() < 0.01, "{:?}", series.limit);
        assert!((series.cpu_percent[row] - 100.0).abs() < 0.01, "{:?}", series.cpu_percent);
    }
    // 60 s, of which the first and the last period are no whole ones.
    assert!((told.limited_seconds - 45.0).abs() < 0.1, "{}", told.limited_seconds);
    assert!((599.0..=601.0).contains(&told.limited_periods), "{}", told.limited_periods);
    assert!((told.cpu_mean - 1.0).abs() < 0.01, "{}", told.cpu_mean);
}

/// 40/s at two tasks are 20 × 5 ms a second of each: 10 % of a vCPU, which is 40 % of the limit.
#[test]
fn the_cpu_metric_is_the_use_of_the_limit() {
    let outcome = run(CASE, 1);
    let series = &outcome.timeline.fleets[0];
    let mean = series.cpu_percent.iter().sum::<f64>() / series.cpu_percent.len() as f64;
    assert!((mean - 40.0).abs() < 2.0, "{mean}");
    assert!(outcome.requests.failed == 0.0 && outcome.latency_ms.p50 < 8.0, "{:?}", outcome.latency_ms);
}

const CASE: &str = "duration = \"10m\"\n[traffic.web]\nrate = \"40/s\"\n[request.page]\nvia = \"alb\"\n\
     steps = [{ cpu = \"5ms\" }]\n[balancer.alb]\ntargets = \"tasks\"\n[fleet.tasks]\n\
     instance = { vcpus = 0.25, memory = \"0.5 GiB\" }\ninstances = 2\n";

/// 100 ms of CPU take four periods. With `r` ms of the present one left it ends 225 + r ms later if r is 25 or more, else after 325 ms.
/// `r` is any of 0 to 100 alike: 3/4 × 287.5 + 1/4 × 325 = 296.875 ms on the mean. On a vCPU of a quarter of the speed it takes 400 ms.
#[test]
fn a_long_request_waits_for_its_periods() {
    let outcome = ask(1, "uniform 900ms 1100ms", "100ms", QUARTER);
    let latency = &outcome.latency_ms;
    assert!((latency.max - 325.0).abs() < 0.5 && latency.p50 >= 249.0, "{latency:?}");
    // A variance of 3/4 × (75² / 12 + 9.375²) + 1/4 × 28.125² = 615 ms², and about 46 requests.
    let error = 3.0 * (615.0_f64 / outcome.requests.completed).sqrt();
    assert!((latency.mean - 296.875).abs() < error, "{} ± {error}", latency.mean);
    let slow = ask(1, "uniform 900ms 1100ms", "100ms", SLOW).latency_ms;
    assert!((slow.p50 - 400.0).abs() < 0.5 && (slow.max - 400.0).abs() < 0.5, "{slow:?}");
}

/// Four threads on four cores use the 100 ms of a whole vCPU in 25 ms, and stand still for 75: they do as much as one core does, and
/// at 10 ms each wait for up to 75 ms more.
#[test]
fn threads_on_many_cores_use_up_a_limit_sooner() {
    let outcome = ask(4, "0s", "10ms", "vcpus = 1, cores = 4");
    assert!((rate(&outcome) - 100.0).abs() < 0.6, "{}", rate(&outcome));
    let throttled = outcome.timeline.fleets[0].limit[0].throttled_percent[6];
    assert!((throttled - 75.0).abs() < 0.05, "{throttled}");
    assert!((outcome.latency_ms.max - 85.0).abs() < 0.5, "{:?}", outcome.latency_ms);
    // With one core there is nothing to hold back.
    let one = ask(4, "0s", "10ms", "vcpus = 1, cores = 1");
    assert!(one.timeline.fleets[0].limit.is_empty() && (rate(&one) - 100.0).abs() < 0.6);
}

/// Requests that come at random, at 40 % of what the limit allows: most meet an idle task and take 5 ms; those that wait for a period are
/// the tail. A slower core makes each of them slow, and has no such tail.
#[test]
fn a_limit_makes_the_tail_slow_and_a_slow_core_the_median() {
    let of = |instance: &str| {
        let text = format!(
            "duration = \"30m\"\n[traffic.web]\nrate = \"20/s\"\n[request.page]\nvia = \"tasks\"\n\
             steps = [{{ cpu = \"5ms\" }}]\n[fleet.tasks]\ninstances = 1\nthreads = \"unlimited\"\n\
             instance = {{ {instance}, memory = \"1 GiB\" }}"
        );
        run(&text, 1).latency_ms
    };
    let (limited, slow) = (of(QUARTER), of(SLOW));
    assert!(limited.p50 < 5.5 && slow.p50 > 20.0, "{limited:?} {slow:?}");
    // Processor sharing at a load of 0.4: 20 ms / (1 - 0.4). Half an hour has 36,000 of them.
    assert!((slow.mean - 33.33).abs() < 0.6, "{}", slow.mean);
    assert!(limited.mean < slow.mean && limited.max > 60.0, "{limited:?} {slow:?}");
}

/// Tasks that stand still for a good part of their time are told; those that hardly do are not.
#[test]
fn a_warning_tells_of_tasks_that_stand_still() {
    let told = |users: u32, think: &str| {
        let outcome = ask(users, think, "5ms", QUARTER);
        outcome.warnings.iter().any(|it| it.code == simcap::warning::Code::CpuLimitReached)
    };
    assert!(told(1, "0s") && !told(1, "1s"));
}
