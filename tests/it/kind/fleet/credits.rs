//! CPU credits, by hand: how long they last, what a held instance does, what policies see, and what a surplus costs.

use simcap::outcome::Outcome;
use simcap::scenario::{self, ScenarioError};

use crate::run::run;

/// Users that always ask for CPU: 10 ms of a vCPU of m5 each, on one instance.
fn busy(minutes: u32, fleet: &str) -> Outcome {
    let text = format!(
        "duration = \"{minutes}m\"\nbucket = \"15s\"\n\
         [users.all]\ncount = 2\nthink = \"0s\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n\
         [fleet.web]\n{fleet}\n"
    );
    run(&text, 1)
}

/// 30 credits, 0.1 earned and 1 spent each minute: 30 / 0.9 = 33 min 20 s at full speed, a tenth of it from then on. One
/// vCPU of strength 0.85 does 85 of these requests a second.
#[test]
fn a_t2_micro_with_30_credits_is_held_to_a_tenth_after_33_minutes_and_a_third() {
    for discipline in ["processor_sharing", "fifo"] {
        let outcome = busy(
            40,
            &format!(
                "instance = \"t2.micro\"\ninstances = 1\ncredits = {{ initial = 30 }}\ndiscipline = \"{discipline}\""
            ),
        );
        let completed = &outcome.timeline.completed;
        for (row, rate) in completed.iter().enumerate() {
            let (from, to) = (15 * row, 15 * row + 15);
            let full = if to <= 2_000 { 1.0 } else { (2_000.0 - from as f64).max(0.0) / 15.0 };
            let expected = 85.0 * full + 8.5 * (1.0 - full);
            // Two requests end together, in one row or in the next one.
            assert!((rate - expected).abs() < 2.1 / 15.0, "{discipline} {from} s: {rate} for {expected}");
        }
        let credits = &outcome.timeline.kinds.fleets[0].credits[0];
        for minute in [1, 10, 30] {
            let left = credits.balance[4 * minute - 1];
            assert!((left - (30.0 - 0.9 * minute as f64)).abs() < 1e-6, "{discipline} {minute} min: {left}");
        }
        assert_eq!((credits.held[132], credits.held[133], credits.balance[140]), (0.0, 1.0, 0.0));
        assert!((outcome.kinds.fleets[0].held_seconds - 400.0).abs() < 1.0);
        assert!(
            outcome
                .incidents
                .iter()
                .any(|it| it.at_s == 2_000.0 && it.text.contains("held to 10 % of its CPU"))
        );
        let warning = &outcome.warnings[0].message;
        assert!(warning.contains("held to 10 % of their CPU, for 0.111 instance-hours"), "{warning}");
    }
}

/// An instance that was launched has the credits of its launch, 30 for each vCPU; its boot spends some of them. T3 has
/// none, and none are needed in unlimited mode.
#[test]
fn a_launched_t2_has_credits_of_its_launch_and_a_t3_has_none() {
    let launched = |instance: &str, mode: &str| {
        let fleet = format!(
            "instance = \"{instance}\"\nmin = 0\nmax = 1\ncredits = {{ mode = \"{mode}\" }}\n\
             boot = {{ decision = \"0s\", launch = \"37s\", system = \"60s\", bootstrap = \"0s\", application = \"0s\" }}\n\
             schedule = [{{ at = \"10s\", desired = 1 }}]"
        );
        busy(60, &fleet)
    };
    let held_from = |outcome: &Outcome| {
        let held = &outcome.timeline.kinds.fleets[0].credits[0].held;
        held.iter().position(|held| *held > 0.0).map(|row| 15 * row)
    };
    // Busy from the start of its kernel at 47 s, first with its boot: 30 / 0.9 minutes from then on.
    assert_eq!(held_from(&launched("t2.micro", "standard")), Some(2_040));
    // Two vCPUs earn 0.2 a minute and the boot spends 1: nothing is left a second after it runs.
    assert_eq!(held_from(&launched("t3.micro", "standard")), Some(45));
    assert_eq!(held_from(&launched("t3.micro", "unlimited")), None);
}

/// Of 103 that are launched together, three have no credits and are held to a tenth a second after they run; a day later others have some
/// again.
#[test]
fn a_hundred_launches_in_a_day_have_credits() {
    let text = "duration = \"25h\"\nbucket = \"1m\"\n[traffic.all]\nrate = \"1/h\"\n[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"10ms\" }]\n\
         [fleet.web]\ninstance = \"t2.micro\"\nmin = 0\nmax = 200\ncredits = { mode = \"standard\" }\n\
         boot = { decision = \"0s\", launch = \"1s\", system = \"60s\", bootstrap = \"0s\", application = \"0s\" }\n\
         schedule = [{ at = \"1h\", desired = 103 }, { at = \"1h30m\", desired = 0 }, { at = \"24h30m\", desired = 1 }, \
         { at = \"24h40m\", desired = 0 }, { at = \"24h45m\", desired = 0 }]\n";
    let run = run(text, 1);
    let held = &run.timeline.kinds.fleets[0].credits[0].held;
    let most = held.iter().copied().fold(0.0, f64::max);
    assert!((most - 3.0).abs() < 0.1, "{most}");
    let said: Vec<f64> = run
        .incidents
        .iter()
        .filter(|it| it.text.starts_with("no launch credits"))
        .map(|it| it.at_s)
        .collect();
    assert_eq!(said, [3_601.0]);
    // At 24:30 it is 23 h and a half later: none either.
    assert!(held[24 * 60 + 31] > 0.0);
}

/// CloudWatch counts the CPU that an instance gets. So a group that is held to a tenth looks idle, and does not grow, while
/// every request waits.
#[test]
fn a_group_that_is_held_back_looks_idle_to_its_policy() {
    let grown = |initial: u32| {
        let fleet = format!(
            "instance = \"t2.micro\"\nmin = 1\nmax = 4\ncredits = {{ initial = {initial} }}\n\
             scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 50 }} }}]"
        );
        busy(15, &fleet)
    };
    let full = grown(144);
    assert!(full.scaling.iter().any(|activity| activity.to > 1), "{:?}", full.scaling);
    let held = grown(0);
    assert!(held.scaling.is_empty(), "{:?}", held.scaling);
    let cpu = &held.timeline.kinds.fleets[0].cpu_percent;
    assert!(cpu[8..].iter().all(|percent| *percent > 99.0), "its own system sees it as busy");
}

/// Two vCPUs at full speed with a tenth earned: 1.8 vCPU-hours an hour are surplus. It is owed as long as the instance
/// lives, and charged when it ends: $0.05 a vCPU-hour.
#[test]
fn a_surplus_is_owed_until_the_instance_ends_and_then_charged() {
    let surplus = |credits: &str, more: &str| {
        let fleet = format!(
            "instance = \"t3.micro\"\nmin = 0\nmax = 1\ndesired = 1\ncredits = {{ initial = 0{credits} }}\n{more}"
        );
        busy(60, &fleet)
    };
    let charged = |outcome: &Outcome| {
        let lines = outcome.bill.items.iter().filter(|line| line.what == "surplus CPU credits");
        lines.map(|line| line.usd).sum::<f64>()
    };
    let lives = surplus("", "");
    let fleet = &lives.kinds.fleets[0];
    assert!((fleet.owed_hours - 1.8).abs() < 1e-3 && fleet.surplus_hours == 0.0, "{fleet:?}");
    assert_eq!(charged(&lives), 0.0);
    // A month of such hours owes as much each hour, and pays it.
    let month = |outcome: &Outcome| {
        let lines = outcome.bill.items.iter().filter(|line| line.what == "surplus CPU credits");
        lines.map(|line| line.month_usd).sum::<f64>()
    };
    assert!((month(&lives) - 730.0 * 0.05 * fleet.owed_hours).abs() < 1e-6, "{}", month(&lives));
    let warning = &lives.warnings[0].message;
    assert!(warning.contains("a surplus of 0 vCPU-hours is charged, and 1.8 are owed"), "{warning}");
    // Half an hour of work, and it is gone.
    let ends = surplus("", "schedule = [{ at = \"30m\", desired = 0 }]");
    let fleet = &ends.kinds.fleets[0];
    assert!((fleet.surplus_hours - 0.9).abs() < 0.01 && fleet.owed_hours == 0.0, "{fleet:?}");
    assert!((charged(&ends) - 0.05 * fleet.surplus_hours).abs() < 1e-9);
    // A day of earning is the most that can be owed: 4.8 vCPU-hours of t3.micro. With less, the rest is charged at once.
    let most = surplus(", most = 60", "").kinds.fleets[0].clone();
    assert!((most.owed_hours - 1.0).abs() < 1e-9 && (most.surplus_hours - 0.8).abs() < 1e-3, "{most:?}");
}

/// The mode, the baseline and the balances can be set, also for hardware that is not in the list; other types have none.
#[test]
fn credits_are_of_a_t_type_or_of_hardware_with_a_baseline() {
    let own = busy(
        10,
        "instance = { vcpus = 1, memory = \"1 GiB\" }\ninstances = 1\ncredits = { baseline = \"50%\", initial = 2.1 }",
    );
    // 2.1 credits, and half of what is spent is earned: four minutes and twelve seconds.
    let credits = &own.timeline.kinds.fleets[0].credits[0];
    assert_eq!(credits.held.iter().position(|held| *held > 0.0), Some(16));
    let none = busy(1, "instance = \"m5.large\"\ninstances = 1");
    assert!(none.timeline.kinds.fleets[0].credits.is_empty());
    let text = "duration = \"1m\"\ntraffic.all.rate = \"1/s\"\n[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"1ms\" }]\n\
                [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\ncredits = { mode = \"standard\" }\n";
    let result = scenario::parse("a.toml", text.as_bytes(), std::path::Path::new(""), &[]);
    let Err(ScenarioError::Invalid(report)) = result else { panic!("{result:?}") };
    assert!(report.render(false).contains("m5.large has no CPU credits"), "{}", report.render(false));
}

/// A t3.micro earns 12 credits an hour. One serves, with nothing to do; the other waits in the pool for an hour.
fn with_pool(pool: &str, more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"70m\"\nbucket = \"1m\"\n[users.all]\ncount = 1\nthink = \"1h\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [fleet.web]\ninstance = \"t3.micro\"\nmin = 1\nmax = 2\nwarm_pool = {pool}\n{more}\n"
        ),
        1,
    )
}

/// An instance earns while it waits and runs, and not while it is stopped, when it keeps what it has.
#[test]
fn an_instance_takes_its_credits_through_a_warm_pool() {
    let up = "schedule = [{ at = \"60m\", desired = 2 }]\nboot = { decision = \"0s\", application = \"0s\", cpu = 0 }";
    let balance = |pool: &str, credits: &str| {
        let run = with_pool(pool, &format!("{up}\ncredits = {credits}"));
        run.timeline.kinds.fleets[0].credits[0].balance[64]
    };
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.02, "{found} for {expected}");
    // Both have earned for 65 minutes.
    near(balance("{ state = \"running\" }", "{ initial = 0 }"), 13.0);
    // The stopped one begins with its 6 at 60 min and 30 s: 19 and 6.9.
    let stopped = "{ start = \"30s\" }";
    near(balance(stopped, "{ initial = 6 }"), (19.0 + 6.9) / 2.0);
    near(balance(stopped, "{ initial = 6, kept = false }"), (19.0 + 0.9) / 2.0);
    // What a launch gives comes with each start.
    near(balance(stopped, "{ initial = 6, kept = false, launch = 8 }"), (19.0 + 8.9) / 2.0);
}

/// Two instances owe a surplus, and one goes into the pool. Only where it stops there is it charged.
#[test]
fn a_surplus_is_charged_when_an_instance_stops_in_its_pool() {
    let charged = |state: &str| {
        let more = "desired = 2\nschedule = [{ at = \"30m\", desired = 1 }]\ncredits = { initial = 0 }";
        let text = format!(
            "duration = \"60m\"\nbucket = \"1m\"\n[users.all]\ncount = 2\nthink = \"0s\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"50ms\" }}]\n\
             [fleet.web]\ninstance = \"t3.micro\"\nmin = 1\nmax = 2\n\
             warm_pool = {{ state = \"{state}\", reuse = true }}\n{more}\n"
        );
        run(&text, 1).kinds.fleets[0].surplus_hours
    };
    // Each is busy with one of two vCPUs and earns a fifth of one: 0.8 for half an hour.
    let stopped = charged("stopped");
    assert!((stopped - 0.4).abs() < 0.01, "{stopped}");
    assert_eq!(charged("running"), 0.0);
}

/// 2 vCPUs of work at 0.85 of the strength of an m5: 2.35 of a t2.micro, or 23.5 of its baseline of a tenth.
#[test]
fn what_would_carry_the_traffic_is_said_with_credits_and_without() {
    let run = run(
        "duration = \"10m\"\n[traffic.all]\nrate = \"100/s\"\n[request.page]\nvia = \"web\"\n\
         steps = [{ cpu = \"20ms\" }]\n[fleet.web]\ninstance = \"t2.micro\"\ninstances = 1\n",
        1,
    );
    let hints: Vec<_> = run.warnings.iter().map(|warning| warning.hint.as_str()).collect();
    let expected =
        "about 3 instances would carry it while their CPU credits last, and about 24 instances without; are";
    assert!(hints.iter().any(|hint| hint.starts_with(expected)), "{hints:?}");
}
