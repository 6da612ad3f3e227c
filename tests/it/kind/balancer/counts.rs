//! What a balancer counts, under the names of CloudWatch: requests, connections, errors by who made them, targets, capacity units.

use simcap::outcome::{BalancerOutcome, Outcome};

use crate::run::{run, scenario};

/// A request a second, from 1 s to 19 s, in rows of two.
fn each_second(lb: &str, steps: &str, more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"20s\"\nbucket = \"2s\"\n[traffic.all]\narrivals = \"uniform\"\n[request.page]\nvia = \"public\"\n\
             request_size = \"1 MB\"\nresponse_size = \"3 MB\"\nsteps = [{steps}]\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\n\
             health_check = {{ interval = \"300s\", cpu = \"0s\" }}\n{lb}\n{more}"
        )
        .replace("arrivals = \"uniform\"", "interarrival = \"1s\"\n[client]\ntimeout = \"5s\"\nretries = 0\n"),
        1,
    )
}

const WEB: &str = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n";

/// Rejected, its own 502, 503 and 504, errors of targets, closed by the client.
fn counts(of: &BalancerOutcome) -> [f64; 6] {
    [of.rejected, of.own_502, of.own_503, of.own_504, of.target_5xx, of.closed_by_client]
}

/// Each failure is counted once at each balancer that it passes, by whose fault it is. 19 requests come, at 1 s to 19 s.
#[test]
fn errors_count_by_who_makes_them() {
    let run = each_second("", "{ delay = \"1ms\" }", WEB);
    assert_eq!((run.requests.arrived, run.balancers[0].requests), (19.0, 19.0));
    assert_eq!(counts(&run.balancers[0]), [0.0; 6]);
    // An answer after 2 s, of which the last one comes after the end.
    let late = each_second("idle_timeout = \"1500ms\"", "{ delay = \"2s\" }", WEB);
    assert_eq!(counts(&late.balancers[0]), [0.0, 0.0, 0.0, 18.0, 0.0, 0.0]);
    let nobody = each_second(
        "",
        "{ delay = \"1ms\" }",
        "[fleet.web]\ninstance = \"m5.large\"\nmin = 0\nmax = 1\ndesired = 0\n",
    );
    assert_eq!(counts(&nobody.balancers[0]), [0.0, 0.0, 19.0, 0.0, 0.0, 0.0]);
    assert_eq!(nobody.balancers[0].requests, 0.0, "no target was chosen");
    // One thread for as long as the run, and no backlog: the first has it, also when its client has gone, and the others are reset.
    let full = each_second(
        "",
        "{ delay = \"100s\" }",
        "[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 1\nbacklog = 0\noverflow = \"reset\"\n",
    );
    assert_eq!(counts(&full.balancers[0]), [0.0, 18.0, 0.0, 0.0, 0.0, 1.0]);
}

/// An inner balancer that times out is a 504 of its own, and an error of a target for the outer one; a client that gives up after
/// 5 s is neither, and closes its connection to the outer one.
#[test]
fn an_error_inside_is_one_of_a_target_outside() {
    let two = |idle: &str, delay: &str| {
        let inner = format!(
            "{WEB}[fleet.app]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 99\n[balancer.inner]\ntargets = \"app\"\nidle_timeout = \"{idle}\"\n"
        );
        let run =
            each_second("", &format!("{{ call = \"inner\", steps = [{{ delay = \"{delay}\" }}] }}"), &inner);
        [counts(&run.balancers[0]), counts(&run.balancers[1])]
    };
    assert_eq!(two("1500ms", "2s"), [[0.0, 0.0, 0.0, 0.0, 18.0, 0.0], [0.0, 0.0, 0.0, 18.0, 0.0, 0.0]]);
    // Those of 1 s to 14 s give up before the end, and one at 15 s just after.
    assert_eq!(two("60s", "10s"), [[0.0, 0.0, 0.0, 0.0, 0.0, 14.0], [0.0; 6]]);
}

/// A request a second of 4 MB and a connection of its own: 1/25, 14.4 GB an hour, and connections that are open for a minute: from 9 to 11 in the
/// sixth row of two seconds, half of one in the first and 2k in the row k after it: for 181 s in all.
#[test]
fn rows_have_rates_targets_and_capacity_units() {
    let run = each_second("requests_per_connection = 1", "{ delay = \"1ms\" }", WEB);
    let series = &run.timeline.balancers[0];
    let row = |values: &[f64]| (values[5] * 1e6).round() / 1e6;
    assert_eq!(
        [
            &series.requests,
            &series.new_connections,
            &series.active_connections,
            &series.healthy,
            &series.unhealthy
        ]
        .map(|it| row(it)),
        [1.0, 1.0, 10.0, 2.0, 0.0]
    );
    let units =
        [&series.units_new, &series.units_active, &series.units_bytes, &series.units_rules, &series.units];
    assert_eq!(units.map(|it| row(it)), [0.04, 0.003333, 14.4, 0.0, 14.4]);
    // 19 of 20 s: over the hour as on the bill.
    let told = &run.balancers[0];
    let expected = [19.0 / 25.0 / 3_600.0, 181.0 / 3_000.0 / 3_600.0, 19.0 * 4e-3, 0.0];
    let found = [told.unit_hours_new, told.unit_hours_active, told.unit_hours_bytes, told.unit_hours_rules];
    assert!(
        found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9),
        "{found:?} {expected:?}"
    );
    let billed = run.bill.items.iter().find(|line| line.what == "load balancer capacity units").unwrap();
    assert!((billed.quantity - told.unit_hours_bytes).abs() < 1e-9, "{}", billed.quantity);
}

/// One unit carries a connection a second of 25, and a second of that at once; the others are rejected, and are no requests for it.
#[test]
fn what_is_rejected_is_no_request() {
    let text = "growth = { initial = 0.02 }\nrequests_per_connection = 1";
    let run = each_second(text, "{ delay = \"1ms\" }", WEB).balancers.clone();
    let told = &run[0];
    assert!(told.rejected >= 9.0, "{}", told.rejected);
    assert_eq!(told.rejected + told.requests, 19.0);
}

/// 1,000 targets of an Application Load Balancer are allowed, and 500 in a zone of a Network Load Balancer.
#[test]
fn more_targets_than_the_quota_are_warned_of() {
    let warned = |max: u32, azs: u32, kind: &str| {
        let text = format!(
            "duration = \"1s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"lb\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [balancer.lb]\ntargets = \"web\"\nkind = \"{kind}\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = {max}\nazs = {azs}\n"
        );
        let found = simcap::simulate(&scenario(&text), 1, &mut |_| {}).warnings;
        found.iter().any(|it| it.code.name() == "targets-above-quota")
    };
    let alb = [1_000, 1_001].map(|max| warned(max, 2, "alb"));
    let nlb = [(500, 1), (501, 1), (1_000, 2), (1_001, 2)].map(|(max, azs)| warned(max, azs, "nlb"));
    assert_eq!((alb, nlb), ([false, true], [false, true, false, true]));
    assert!(!warned(2_000, 2, "classic"));
}

/// 50 Application Load Balancers a Region, and a hundred rules of a listener: more of these are no file.
#[test]
fn more_balancers_than_the_quota_are_warned_of_and_no_listener_has_more_rules() {
    let text = |balancers: usize, rules: usize| {
        let rule = |index: usize| format!("{{ path = \"/{index}\", targets = \"web\" }}");
        let rules = (0..rules).map(rule).collect::<Vec<_>>().join(",\n");
        let all: String =
            (0..balancers).map(|index| format!("[balancer.b{index}]\ntargets = \"web\"\n")).collect();
        format!(
            "duration = \"1s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"lb\"\npath = \"/\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [balancer.lb]\ntargets = \"web\"\nrules = [{rules}]\n{all}{WEB}"
        )
    };
    let warned = |balancers: usize| {
        let found = simcap::simulate(&scenario(&text(balancers, 1)), 1, &mut |_| {}).warnings;
        found.iter().any(|it| it.code.name() == "balancers-above-quota")
    };
    assert_eq!([49, 50].map(warned), [false, true]);
    let is_read = |rules: usize| {
        simcap::scenario::parse("test.toml", text(0, rules).as_bytes(), std::path::Path::new(""), &[]).is_ok()
    };
    assert_eq!([100, 101].map(is_read), [true, false]);
}
