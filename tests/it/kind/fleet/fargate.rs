//! Tasks on AWS Fargate, by hand: which sizes there are, when Fargate takes a launch, how long a start takes, and what it costs.

use simcap::outcome::Outcome;

use crate::kind::activities;
use crate::run::run;

/// A service of tasks that nobody asks much of.
fn service(seconds: u32, more: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"1s\"\nregion = \"us-east-1\"\n[traffic.all]\nrate = \"1/s\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\n{more}\n"
    )
}

const AT_ONCE: &str = "boot = { decision = \"0s\", launch = \"0s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }";
const SMALL: &str = "instance = { vcpus = 0.25, memory = \"0.5 GiB\" }\nfargate = {}";

/// The problems of a file.
fn problems(text: &str) -> String {
    match simcap::parse(text, &[]) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

/// A task has one of seven sizes, each with its own memory; what is wrong is told with what there is.
#[test]
fn a_task_has_a_size_that_fargate_has() {
    let of = |vcpus: &str, memory: &str| {
        problems(&service(
            1,
            &format!(
                "instance = {{ vcpus = {vcpus}, memory = \"{memory}\" }}\nfargate = {{}}\ninstances = 1"
            ),
        ))
    };
    let good = [
        ("0.25", "0.5 GiB"),
        ("0.25", "1 GiB"),
        ("0.25", "2 GiB"),
        ("0.5", "1 GiB"),
        ("0.5", "4 GiB"),
        ("1", "2 GiB"),
        ("1", "8 GiB"),
        ("2", "4 GiB"),
        ("2", "16 GiB"),
        ("4", "8 GiB"),
        ("4", "30 GiB"),
        ("8", "16 GiB"),
        ("8", "60 GiB"),
        ("16", "32 GiB"),
        ("16", "120 GiB"),
    ];
    for (vcpus, memory) in good {
        assert_eq!(of(vcpus, memory), "", "{vcpus} with {memory}");
    }
    let bad = [
        ("0.25", "1.5 GiB", "512 MiB, 1 GiB or 2 GiB"),
        ("0.25", "4 GiB", "512 MiB, 1 GiB or 2 GiB"),
        ("0.5", "512 MiB", "1 GiB to 4 GiB, in steps of 1 GiB"),
        ("1", "1 GiB", "2 GiB to 8 GiB, in steps of 1 GiB"),
        ("1", "2.5 GiB", "2 GiB to 8 GiB, in steps of 1 GiB"),
        ("4", "31 GiB", "8 GiB to 30 GiB, in steps of 1 GiB"),
        ("8", "18 GiB", "16 GiB to 60 GiB, in steps of 4 GiB"),
        ("16", "36 GiB", "32 GiB to 120 GiB, in steps of 8 GiB"),
        ("3", "8 GiB", "0.25, 0.5, 1, 2, 4, 8, 16 vCPUs"),
    ];
    for (vcpus, memory, hint) in bad {
        assert!(of(vcpus, memory).contains(hint), "{vcpus} with {memory}: {}", of(vcpus, memory));
    }
}

/// 1 s until the scheduler acts, 20 s of provisioning, 125 MB at 100 Mbit/s are 10 s, 1 s for the container: RUNNING after 32 s, and
/// answers 5 s later. The bill begins with the pull, 21 s after the decision.
#[test]
fn a_start_is_provisioning_pull_and_container() {
    let text = service(
        120,
        "instance = { vcpus = 0.25, memory = \"0.5 GiB\" }\nfargate = { image = \"125 MB\", pull = \"100 Mbit/s\" }\nmin = 1\nmax = 2\n\
         schedule = [{ at = \"10s\", desired = 2 }]\n\
         boot = { decision = \"1s\", launch = \"20s\", bootstrap = \"1s\", application = \"5s\" }",
    );
    let outcome = run(&text, 1);
    assert_eq!(activities(&outcome), [(10.0, Some(42.0), 1, 2)]);
    let fleet = &outcome.timeline.fleets[0];
    assert_eq!((fleet.pending[40], fleet.pending[42], fleet.in_service[42]), (1.0, 0.0, 2.0));
    assert_eq!((fleet.serving[45], fleet.serving[48]), (1.0, 2.0));
    assert_eq!(outcome.fleets[0].instance_seconds, 120.0 + 120.0 - 31.0);
}

/// How many of those that are launched at 10 s are not taken at the end of each second from 10 s on.
fn not_taken(outcome: &Outcome, fleet: usize) -> Vec<f64> {
    outcome.timeline.fleets[fleet].pending[10..18].to_vec()
}

/// 160 launches at once: 100 are taken at that instant, then 20 a second.
#[test]
fn fargate_takes_a_hundred_at_once_and_then_twenty_a_second() {
    let grow = "min = 1\nmax = 400\nschedule = [{ at = \"10s\", desired = 161 }]";
    let outcome = run(&service(30, &format!("{SMALL}\n{grow}\n{AT_ONCE}")), 1);
    // At the end of the second one more has come, at that instant.
    assert_eq!(not_taken(&outcome, 0), [41.0, 21.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(activities(&outcome), [(10.0, Some(13.0), 1, 161)]);
}

/// Two services of an account and Region have one bucket together.
#[test]
fn all_services_share_the_bucket_of_their_region() {
    let grow = "min = 1\nmax = 400\nschedule = [{ at = \"10s\", desired = 101 }]";
    let two = format!("{SMALL}\n{grow}\n{AT_ONCE}\n[fleet.api]\n{SMALL}\n{grow}\n{AT_ONCE}");
    let text = service(30, &two)
        .replace("[fleet.web]", "[request.call]\nvia = \"api\"\nsteps = [{ cpu = \"1ms\" }]\n[fleet.web]");
    let outcome =
        run(&text.replace("rate = \"1/s\"", "rate = \"1/s\"\nrequests = { page = 1, call = 1 }"), 1);
    assert_eq!(not_taken(&outcome, 0)[..2], [0.0, 0.0]);
    assert_eq!(not_taken(&outcome, 1)[..6], [81.0, 61.0, 41.0, 21.0, 1.0, 0.0]);
}

/// Two tasks of 0.25 vCPU and 0.5 GB for an hour: 0.5 vCPU-hours at $0.04048 and 1 GB-hour at $0.004445. EC2 is not on the bill.
#[test]
fn tasks_cost_by_vcpu_and_memory() {
    let outcome = run(&service(3_600, &format!("{SMALL}\ninstances = 2")), 1);
    let items = outcome.bill.items.iter().filter(|item| item.service == "Fargate");
    let found: Vec<(f64, f64)> = items.map(|item| (item.unit_price_usd, item.quantity)).collect();
    assert_eq!(found, [(0.04048, 0.5), (0.004445, 1.0)]);
    assert!(outcome.bill.items.iter().all(|item| item.service != "EC2"), "{:?}", outcome.bill.items);
}

/// One that is launched 10 s before the end of the run, and one that is ended 20 s after its pull began, cost a minute each.
#[test]
fn a_task_costs_a_minute_at_least() {
    let more =
        "min = 1\nmax = 2\nschedule = [{ at = \"100s\", desired = 2 }, { at = \"120s\", desired = 1 }]";
    let outcome = run(&service(600, &format!("{SMALL}\n{more}\n{AT_ONCE}")), 1);
    let of =
        |price: f64| outcome.bill.items.iter().find(|item| item.unit_price_usd == price).unwrap().quantity;
    // The oldest ends at 120 s.
    let seconds = 120.0 + 500.0;
    assert!((of(0.04048) - 0.25 * seconds / 3_600.0).abs() < 1e-9, "{}", of(0.04048));
    let late = "min = 1\nmax = 2\nschedule = [{ at = \"590s\", desired = 2 }]";
    let outcome = run(&service(600, &format!("{SMALL}\n{late}\n{AT_ONCE}")), 1);
    let of =
        |price: f64| outcome.bill.items.iter().find(|item| item.unit_price_usd == price).unwrap().quantity;
    assert!((of(0.004445) - 0.5 * 660.0 / 3_600.0).abs() < 1e-9, "{}", of(0.004445));
}

/// Half of four tasks are Spot, at 0.3 of the price: they get a notice of two minutes and are replaced.
#[test]
fn fargate_spot_is_taken_back_with_a_notice() {
    let spot = "instances = 4\nspot = { on_demand_share = \"50%\", price = 0.3, interruptions = [{ at = \"100s\", share = \"100%\" }] }";
    let outcome = run(&service(600, &format!("{SMALL}\n{spot}\n{AT_ONCE}")), 1);
    assert_eq!(outcome.fleets[0].interrupted, 2.0);
    let items = outcome.bill.items.iter().filter(|item| item.service == "Fargate").count();
    assert_eq!(items, 4, "{:?}", outcome.bill.items);
    assert!(outcome.timeline.fleets[0].in_service[590] == 4.0);
}

/// What an EC2 instance has and a task has not is a mistake.
#[test]
fn what_only_instances_have_is_no_key_of_tasks() {
    for key in [
        "launch_hook = {}",
        "warm_pool = {}",
        "threads_per_core = 2",
        "max_lifetime = \"2d\"",
        "credits = { baseline = \"10%\" }",
    ] {
        let text = service(10, &format!("{SMALL}\ninstances = 1\n{key}"));
        assert!(problems(&text).contains("does not go with `fargate`"), "{key}: {}", problems(&text));
    }
}
