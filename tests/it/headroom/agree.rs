//! What a run estimates of traffic that is too much at times, and what the search finds: both by hand.

use super::*;

/// What a run of ×1 estimates of a resource that was saturated in it, and the cell of the search.
fn both(text: &str, name: &str) -> (f64, (f64, f64)) {
    let found = found(text, |search| search.runs = 1);
    let limit = of(&found, name);
    (limit.estimate.expect("a run of ×1 estimates it"), cell(limit.between))
}

/// Spikes of 30 s: 2,000 requests and more, so a percent or two are chance.
#[test]
fn of_two_spikes_the_higher_one_is_the_limit() {
    let (estimate, (holds, fails)) = both(
        "duration = \"10m\"\nclient = { timeout = \"10s\" }\n[traffic.a]\nrate = [[\"0m\", \"20/s\"], [\"2m\", \"20/s\"], \
         [\"2m\", \"150/s\"], [\"150s\", \"150/s\"], [\"150s\", \"20/s\"], [\"5m\", \"20/s\"], [\"5m\", \"200/s\"], \
         [\"330s\", \"200/s\"], [\"330s\", \"20/s\"]]\n[request.r]\nsteps = [{ service = \"s\" }]\n\
         [service.s]\nservers = 1\ntime = \"10ms\"\n",
        "s",
    );
    // 200/s × 10 ms are twice what there is: 6,000 requests in the spike, of which three standard deviations are 4 %.
    let chance = 3.0 / 6_000_f64.sqrt();
    assert!((estimate / 0.5 - 1.0).abs() < chance, "{estimate}");
    // Of so short a spike, one that is a little too high shows by chance only.
    assert!(holds > 0.48 && fails < 0.6, "{estimate}: {holds} to {fails}");
}

/// Equal cores of a fleet, each one served in turn: their checks fail once all are full, and that is no nearer limit.
#[test]
fn a_fleet_that_fails_its_checks_is_as_large_as_it_is() {
    let (estimate, (holds, fails)) = both(
        "duration = \"5m\"\nclient = { timeout = \"5s\" }\ntraffic.a.rate = \"300/s\"\n[request.r]\nvia = \"b\"\n\
         steps = [{ cpu = \"exponential 10ms\" }]\n[balancer.b]\ntargets = \"w\"\n[fleet.w]\n\
         instance = { vcpus = 1, memory = \"4 GiB\" }\ninstances = 2\ndiscipline = \"fifo\"\n",
        "CPU of w",
    );
    // 90,000 requests of 10 ms on two cores are 150 % of them.
    assert!((estimate * 1.5 - 1.0).abs() < 0.02, "{estimate}");
    assert!(estimate < 1.05 * fails && estimate > 0.95 * holds, "{estimate}: {holds} to {fails}");
}

/// Twenty users without a pause on two cores: the search finds that two fit and three do not; a run cannot know that.
#[test]
fn of_users_without_a_pause_only_the_search_knows() {
    let found = found(
        "duration = \"5m\"\n[users.u]\ncount = 20\nthink = \"0s\"\n[request.r]\nvia = \"w\"\nsteps = [{ cpu = \"1s\" }]\n\
         [fleet.w]\ninstance = { vcpus = 2, memory = \"4 GiB\" }\ninstances = 1\n",
        |search| search.runs = 1,
    );
    let cpu = of(&found, "CPU of w");
    let (holds, fails) = cell(cpu.between);
    assert!(cpu.estimate.is_none(), "{cpu:?}");
    assert_eq!(((20.0 * holds).round(), (20.0 * fails).round()), (2.0, 3.0), "{holds} {fails}");
}

/// 1,000/s for two seconds, of a station that does 500/s. Equal gaps leave nothing to chance, so half of that is what it carries,
/// though what is left over of a little more is gone in a moment.
#[test]
fn two_seconds_of_a_rate_that_is_too_high_are_found_where_they_begin_to_be() {
    let text = "duration = \"5m\"\nbucket = \"1s\"\n[traffic.shop]\nrate = [[\"0m\", \"50/s\"], [\"1m\", \"50/s\"], \
                [\"1m\", \"1000/s\"], [\"1m2s\", \"1000/s\"], [\"1m2s\", \"50/s\"], [\"3m\", \"50/s\"], [\"3m\", \"1000/s\"], \
                [\"3m2s\", \"1000/s\"], [\"3m2s\", \"50/s\"]]\ninterarrival = \"10ms\"\n[request.buy]\n\
                steps = [{ service = \"gate\" }]\n[service.gate]\nservers = 5\ntime = \"10ms\"\n";
    let found = found(text, |_| {});
    let gate = of(&found, "gate");
    let (holds, fails) = cell(gate.between);
    assert!(holds > 0.49 && fails < 0.52, "{holds} {fails}");
    assert!((gate.estimate.unwrap() - 0.5).abs() < 0.005, "{:?}", gate.estimate);
}
