//! Instances that leave service for a while and stay in their group.

use simcap::outcome::{Outcome, Percentile};
use simcap::scenario::{self, ScenarioError};

use crate::kind::{activities, decisions, hundred_a_second, incidents};
use crate::run::run;

/// A group with nearly nothing to do that EC2 runs 20 s after a launch, in rows of 5 s.
fn group(seconds: u32, fleet: &str) -> Outcome {
    let fleet = format!("boot = {{ decision = \"0s\", launch = \"20s\" }}\n{fleet}");
    let text = hundred_a_second("\"1/h\"", seconds, &fleet);
    run(&text.replace("bucket = \"60s\"", "bucket = \"5s\""), 1)
}

/// Instances in service, on their way to standby and on standby at the end of the row that ends at an instant.
fn at(run: &Outcome, second: usize) -> (f64, f64, f64) {
    let (fleet, row) = (&run.timeline.kinds.fleets[0], second / 5 - 1);
    let standby = &fleet.standby[0];
    (fleet.in_service[row] + fleet.warming[row], standby.entering[row], standby.there[row])
}

/// One of three is away for 100 s. It is neither launched nor terminated, and billed all the time.
#[test]
fn the_desired_capacity_falls_and_rises_again() {
    let run = group(300, "min = 2\nmax = 4\ndesired = 3\nstandby = [{ at = \"100s\", until = \"200s\" }]");
    assert_eq!(activities(&run), [(100.0, Some(100.0), 3, 2), (200.0, Some(200.0), 2, 3)]);
    let said = [(100.0, "1 instance enters standby"), (200.0, "1 instance comes back from standby")];
    assert_eq!(incidents(&run), said);
    let rows = [95, 105, 195, 205].map(|second| at(&run, second));
    assert_eq!(rows, [(3.0, 0.0, 0.0), (2.0, 0.0, 1.0), (2.0, 0.0, 1.0), (3.0, 0.0, 0.0)]);
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated, fleet.never_served), (0.0, 0.0, 0.0));
    assert_eq!((fleet.peak_instances, fleet.instance_seconds), (3, 900.0));
    let told: Vec<&str> = run.warnings.iter().map(|it| it.code.name()).collect();
    assert!(!told.contains(&"scaling-without-room"), "{told:?}");
}

/// Another one is launched at 100 s and in service at 120 s. When the first one is back there are three.
#[test]
fn another_instance_is_launched_in_its_place_if_asked_for() {
    let fleet =
        "min = 2\nmax = 3\ndesired = 2\nstandby = [{ at = \"100s\", until = \"200s\", replace = true }]";
    let run = group(300, fleet);
    assert_eq!(activities(&run), [(100.0, Some(120.0), 2, 2), (200.0, Some(200.0), 2, 3)]);
    let rows = [105, 125, 205].map(|second| at(&run, second).0);
    assert_eq!(rows, [1.0, 2.0, 3.0]);
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated, fleet.instance_seconds), (1.0, 0.0, 2.0 * 300.0 + 200.0));
}

/// A scheduled action wants two at 150 s, while one of two is on standby: one is launched. With room for three the other comes
/// back at 200 s. Without it stays on standby.
#[test]
fn a_group_that_has_grown_meanwhile_has_room_for_what_comes_back_or_not() {
    let with_max = |max: u32| {
        group(
            300,
            &format!(
                "min = 1\nmax = {max}\ndesired = 2\nschedule = [{{ at = \"150s\", desired = 2 }}]\n\
                 standby = [{{ at = \"100s\", until = \"200s\" }}]"
            ),
        )
    };
    let grown = [(100.0, Some(100.0), 2, 1), (150.0, Some(170.0), 1, 2)];
    let room = with_max(3);
    assert_eq!(activities(&room), [grown[0], grown[1], (200.0, Some(200.0), 2, 3)]);
    let full = with_max(2);
    assert_eq!(activities(&full), grown);
    let refused = "ExitStandby is refused: 3 would be desired, above the maximum of 2";
    assert_eq!(incidents(&full)[1], (200.0, refused));
    assert_eq!((at(&room, 300), at(&full, 300)), ((3.0, 0.0, 0.0), (2.0, 0.0, 1.0)));
    assert_eq!([&room, &full].map(|run| run.kinds.fleets[0].instance_seconds), [750.0; 2]);
}

/// A scheduled action has raised the minimum to two. And while launches are suspended nothing comes back.
#[test]
fn what_aws_refuses_does_not_happen() {
    let fleet = "min = 1\nmax = 3\ndesired = 2\nschedule = [{ at = \"50s\", min = 2 }]\nstandby = [{ at = \"100s\", until = \"200s\" }]";
    let run = group(300, fleet);
    assert_eq!(activities(&run), []);
    let refused = "EnterStandby is refused: 1 would be desired, below the minimum of 2";
    assert_eq!(incidents(&run), [(100.0, refused)]);
    assert_eq!(at(&run, 300), (2.0, 0.0, 0.0));
    let fleet = "min = 1\nmax = 3\ndesired = 2\nstandby = [{ at = \"100s\", until = \"200s\" }]\n\
                 suspend = [{ at = \"150s\", until = \"250s\", processes = [\"Launch\"] }]";
    let run = group(300, fleet);
    assert_eq!(incidents(&run)[1], (200.0, "ExitStandby is refused: launches are suspended"));
    assert_eq!(at(&run, 300), (1.0, 0.0, 1.0));
}

/// Two instances behind a balancer work on requests of 30 s, 10 each second. One is to enter standby at 100 s: it drains until
/// its last request ends, shortly before 130 s, or until its deregistration delay is over at 110 s. No termination hook waits.
#[test]
fn it_drains_before_it_is_on_standby() {
    let leaving = |delay: u32| {
        run(
            &format!(
                "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\n\
                 via = \"public\"\nsteps = [{{ delay = \"30s\" }}]\n[balancer.public]\ntargets = \"web\"\n\
                 hop = \"0s\"\ntarget_connections = \"close\"\nderegistration_delay = \"{delay}s\"\n[fleet.web]\n\
                 instance = \"m5.large\"\nmin = 1\nmax = 2\ndesired = 2\nthreads = \"unlimited\"\n\
                 terminate_hook = {{ complete = \"20s\" }}\nstandby = [{{ at = \"100s\", until = \"200s\" }}]\n"
            ),
            1,
        )
    };
    let slow = leaving(60);
    assert_eq!(slow.requests.failed, 0.0);
    let done = slow.scaling[0].done_s.unwrap();
    assert!((129.0..=130.0).contains(&done), "{done}");
    let states = |run: &Outcome, row: usize| {
        let fleet = &run.timeline.kinds.fleets[0];
        (fleet.standby[0].entering[row], fleet.standby[0].there[row], fleet.terminating[row])
    };
    let rows = [98, 101, 127, 131, 198, 201].map(|row| states(&slow, row));
    assert_eq!(rows[1..5], [(1.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 1.0, 0.0)]);
    assert_eq!((rows[0], rows[5]), ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)));
    let cut_off = leaving(10);
    assert_eq!(cut_off.scaling[0].done_s, Some(110.0));
    assert!(cut_off.requests.failed_by_cause["http_502"] > 0.0);
    assert_eq!(cut_off.kinds.fleets[0].instance_seconds, 600.0);
}

/// The only instance drains for 10 s, because connections are kept, and is away until 200 s: 503 meanwhile. Then it is registered
/// and not known to be healthy, so its balancer fails open, until it passes its first check, at most 20 s later.
#[test]
fn its_balancer_checks_it_from_the_start_when_it_is_back() {
    let outcome = run(
        "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"public\"\n\
         steps = [{ cpu = \"1ms\" }]\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\n\
         deregistration_delay = \"10s\"\nhealth_check = { interval = \"20s\" }\n\
         [fleet.web]\ninstance = \"m5.large\"\nmin = 0\nmax = 1\ndesired = 1\nstandby = [{ at = \"100s\", until = \"200s\" }]\n",
        1,
    );
    assert_eq!(activities(&outcome), [(100.0, Some(110.0), 1, 0), (200.0, Some(200.0), 0, 1)]);
    let failed = &outcome.timeline.failed["http_503"];
    let failing: Vec<usize> = (0..300).filter(|&row| failed[row] > 0.0).collect();
    assert_eq!((failing[0], *failing.last().unwrap()), (100, 199));
    let said = incidents(&outcome);
    let of_balancer: Vec<(f64, &str)> = said.into_iter().filter(|it| it.1.contains("target")).collect();
    let [nobody, open, healthy] = of_balancer.as_slice() else { panic!("{of_balancer:?}") };
    assert_eq!(nobody, &(100.0, "no target left: answers 503"));
    assert_eq!(open, &(200.0, "no healthy target: fails open, sends to all"));
    assert_eq!(healthy.1, "has a healthy target again");
    assert!(healthy.0 > 200.0 && healthy.0 <= 220.1, "{healthy:?}");
}

/// Back at 270 s of 300 s: the bill is the same to the cent as without standby. Were the 30 s a launch of their own, they would be
/// billed as a minute.
#[test]
fn the_bill_has_one_span_for_an_instance() {
    let bill = |standby: &str| {
        let outcome = run(
            &format!(
                "duration = \"300s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"1/h\"\n[request.page]\nvia = \"web\"\n\
                 steps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\ndesired = 2\n{standby}\n"
            ),
            1,
        );
        (outcome.bill.total_usd, outcome.kinds.fleets[0].instance_seconds)
    };
    let usual = bill("");
    assert!(usual.0 > 0.0);
    assert_eq!(bill("standby = [{ at = \"100s\", until = \"270s\" }]"), usual);
    assert_eq!(bill("standby = [{ at = \"100s\" }]"), usual);
}

/// A t3.micro earns 12 credits an hour, on standby or not.
#[test]
fn it_earns_cpu_credits_meanwhile() {
    let run = run(
        "duration = \"60m\"\nbucket = \"1m\"\n[traffic.all]\nrate = \"1/h\"\n[request.page]\nvia = \"web\"\n\
         steps = [{ cpu = \"1ms\" }]\n[fleet.web]\ninstance = \"t3.micro\"\nmin = 0\nmax = 1\ndesired = 1\n\
         credits = { initial = 0 }\nstandby = [{ at = \"10m\", until = \"40m\" }]\n",
        1,
    );
    let balance = &run.timeline.kinds.fleets[0].credits[0].balance;
    assert!((balance[8] - 1.8).abs() < 0.01 && balance[20] == 0.0, "{balance:?}");
    assert!((balance[58] - 11.8).abs() < 0.05, "{balance:?}");
}

/// The first of two is half as fast. It is away for 100 s and is still the oldest one: the policy of 300 s ends it, or the other.
#[test]
fn it_comes_back_as_the_instance_that_it_was() {
    let left = |policy: &str| {
        let fleet = format!(
            "min = 1\nmax = 2\ndesired = 2\nazs = [\"a\"]\nspeeds = [0.5]\ntermination = [\"{policy}\"]\n\
             standby = [{{ at = \"100s\", until = \"200s\" }}]\nschedule = [{{ at = \"300s\", desired = 1 }}]"
        );
        let run = run(&hundred_a_second("\"1/s\"", 600, &fleet), 1);
        run.timeline.latency_ms[&Percentile::P50][7].unwrap()
    };
    let (oldest, newest) = (left("OldestInstance"), left("NewestInstance"));
    assert!((oldest - 10.0).abs() < 0.5, "{oldest}");
    assert!((newest - 20.0).abs() < 0.5, "{newest}");
}

/// The zone of the one on standby is lost at 150 s: no check says so until it is back at 200 s. It fails its status check at 230 s
/// and is replaced.
#[test]
fn a_loss_on_standby_is_found_when_it_is_back() {
    let fleet = "min = 1\nmax = 3\ndesired = 2\nazs = [\"a\", \"c\"]\nstatus_check = \"30s\"\n\
                 standby = [{ at = \"100s\", until = \"200s\" }]\n[fault.outage]\nzone = \"a\"\nat = \"150s\"";
    let run = group(300, fleet);
    let expected = [(100.0, Some(100.0), 2, 1), (200.0, Some(230.0), 1, 2), (230.0, Some(250.0), 2, 2)];
    assert_eq!(activities(&run), expected);
    assert_eq!(run.scaling[1].called_off, 1);
    assert_eq!(at(&run, 300), (2.0, 0.0, 0.0));
}

/// A refresh at 100 s replaces the one in service, and waits for the other one, which is back at 400 s.
#[test]
fn a_refresh_waits_for_what_is_on_standby() {
    let fleet = "min = 1\nmax = 3\ndesired = 2\nwarmup = \"0s\"\nrefresh = [{ at = \"100s\" }]\nstandby = [{ at = \"50s\", until = \"400s\" }]";
    let run = group(900, fleet);
    let replaced: Vec<f64> =
        run.scaling.iter().filter(|it| it.cause.contains("refresh")).map(|it| it.at_s).collect();
    assert_eq!(replaced, [100.0, 400.0]);
    let end = incidents(&run).into_iter().find(|it| it.1.contains("has replaced every instance")).unwrap();
    assert_eq!(end.0, 420.0);
}

/// A span that ends while the instance still drains: it comes back as soon as it is on standby.
#[test]
fn an_instance_that_still_drains_comes_back_when_it_has() {
    let outcome = run(
        "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"public\"\n\
         steps = [{ delay = \"60s\" }]\n[balancer.public]\ntargets = \"web\"\nderegistration_delay = \"40s\"\n\
         [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\ndesired = 2\nthreads = \"unlimited\"\n\
         standby = [{ at = \"100s\", until = \"110s\" }]\n",
        1,
    );
    assert_eq!(activities(&outcome), [(100.0, Some(140.0), 2, 1), (140.0, Some(140.0), 1, 2)]);
}

/// All three that are in service at 100 s leave, and come back at 200 s. The number is that of the instant, also where the file does
/// not know it.
#[test]
fn all_that_are_in_service_can_leave() {
    let three =
        "min = 0\nmax = 3\ndesired = 3\nstandby = [{ at = \"100s\", count = \"all\", until = \"200s\" }]";
    let run = group(300, three);
    assert_eq!(activities(&run), [(100.0, Some(100.0), 3, 0), (200.0, Some(200.0), 0, 3)]);
    let run = group(300, &format!("{three}\nschedule = [{{ at = \"50s\", desired = 2 }}]"));
    assert_eq!(decisions(&run), [(50.0, 3, 2), (100.0, 2, 0), (200.0, 0, 2)]);
    // With a minimum of one it is refused, and a file in which it is known is wrong.
    let text = hundred_a_second("\"1/h\"", 300, &three.replace("min = 0", "min = 1"));
    let result = scenario::parse("a.toml", text.as_bytes(), std::path::Path::new(""), &[]);
    let Err(ScenarioError::Invalid(report)) = result else { panic!("{result:?}") };
    let report = report.render(false);
    assert!(
        report.contains("EnterStandby at 1m40s would be refused: 0 would be left, below min of 1"),
        "{report}"
    );
}

/// What takes over comes from the warm pool, and the activity says so.
#[test]
fn others_come_from_the_warm_pool() {
    let fleet = "min = 2\nmax = 4\ndesired = 2\nlaunch_hook = {}\nwarm_pool = {}\n\
                 standby = [{ at = \"100s\", count = 2, replace = true }]";
    let run = group(300, fleet);
    assert!(
        run.scaling[0].cause.ends_with("launched in their place; 2 of 2 from the warm pool"),
        "{:?}",
        run.scaling[0]
    );
}
