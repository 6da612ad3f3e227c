//! Runbooks: when people begin, what they order, and in which Region it ends.

use simcap::outcome::{Outcome, Percentile};

use super::incidents;
use crate::run::run;

/// A fleet whose alarm is on from a time on: more than one request a minute at its balancer from 60 s on.
fn shop(more: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"20m\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\n\
             rate = [[\"0s\", \"0/s\"], [\"60s\", \"0/s\"], [\"60s\", \"10/s\"]]\ninterarrival = \"100ms\"\n\
             [request.page]\nvia = \"lb\"\nsteps = [{{ write = \"shop\", demand = \"1ms\" }}]\n\
             [balancer.lb]\ntargets = \"web\"\nhop = \"0s\"\nhealth_check = {{ cpu = \"0s\" }}\n\
             [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\ndesired = 1\nazs = [\"f\"]\nthreads = \"unlimited\"\n\
             pools = {{ shop = {{ writer = 50, reader = 5, timeout = \"1s\" }} }}\n\
             [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\n\
             global = {{ region = \"us-east-1\", lag = \"550ms\", failover = \"60s\", switchover = \"40s\" }}\n\
             [alarm.busy]\nmetric = \"balancer.lb.requests\"\nabove = 1\nperiod = \"60s\"\nperiods = 1\ndelay = \"0s\"\n{more}\n"
        ),
        1,
    )
}

fn when(run: &Outcome, text: &str) -> Vec<f64> {
    incidents(run).into_iter().filter(|it| it.1 == text).map(|it| it.0).collect()
}

const GROW: &str = "{ fleet = \"web\", min = 3, max = 6, desired = 4 }";

/// The minute that ends at 120 s is above. People decide for 90 s, order a fleet at 210 s, wait for 30 s and order a database.
#[test]
fn steps_are_taken_in_order_after_the_alarm() {
    let run = shop(&format!(
        "[runbook.plan]\nalarm = \"busy\"\ndecide = \"90s\"\nsteps = [{GROW}, {{ wait = \"30s\" }}, {{ promote = \"shop\" }}]\n"
    ));
    assert_eq!(when(&run, "begins, because alarm `busy` is on: decided in 1m30s"), [120.0]);
    assert_eq!(when(&run, "sets fleet `web` to min 3, max 6, desired 4"), [210.0]);
    assert_eq!(when(&run, "promotes the copy of database `shop`"), [240.0]);
    assert_eq!(when(&run, "is over"), [240.0]);
    let series = &run.timeline.fleets[0];
    assert_eq!((series.desired[205], series.desired[215]), (1.0, 4.0));
}

/// Promoted at 300 s, the second Region writes at 360 s. From then on a write commits 174 ms later, by the table of Regions. At 600 s
/// people switch back, which takes 40 s, and a write takes 1 ms again.
#[test]
fn a_second_region_takes_over_by_order() {
    let run = shop(
        "[runbook.away]\nat = \"300s\"\nsteps = [{ promote = \"shop\" }]\n\
         [runbook.back]\nat = \"600s\"\nsteps = [{ switch_over = \"shop\" }]\n",
    );
    assert_eq!(when(&run, "the second Region writes, us-east-1"), [360.0]);
    let p50 = |row: usize| run.timeline.latency_ms[&Percentile::P50][row].unwrap();
    assert!((p50(200) - 1.0).abs() < 0.2 && (p50(500) - 175.0).abs() < 3.0, "{} {}", p50(200), p50(500));
    // What has been promoted away has no second Region any more.
    assert_eq!(
        when(
            &run,
            "the second Region does not take over: there is none, or it or the writer of a switchover is lost"
        ),
        [600.0]
    );
}

/// A second Region that is there is not waited for; one that is made anew is: from 360 s on, for 30 min.
#[test]
fn people_wait_for_a_second_region() {
    let plan = |first: &str| {
        let text = format!(
            "[runbook.plan]\nat = \"300s\"\ndecide = \"0s\"\nsteps = [{first}{{ wait_for = \"shop\" }}, {GROW}]\n"
        );
        let run = shop(&text);
        assert_eq!(when(&run, "waits for the second Region of `shop`"), [300.0]);
        when(&run, "sets fleet `web` to min 3, max 6, desired 4")
    };
    assert_eq!(plan(""), [300.0]);
    assert_eq!(plan("{ switch_over = \"shop\" }, "), [340.0]);
    assert!(plan("{ promote = \"shop\" }, ").is_empty(), "the run is over before 2,160 s");
}

/// The alarm is on, off and on again; the plan is worked through once, and the one after it follows it.
#[test]
fn a_runbook_is_worked_through_once() {
    let run = shop(
        "[traffic.more]\nrequests = \"page\"\nrate = \"1/s\"\n[runbook.plan]\nalarm = \"busy\"\ndecide = \"0s\"\n\
         steps = [{ wait = \"10s\" }]\n[runbook.then]\nafter = \"plan\"\ndecide = \"5s\"\nsteps = [{ fleet = \"web\", max = 7 }]\n",
    );
    assert_eq!(when(&run, "begins, because alarm `busy` is on").len(), 1);
    let begun = when(&run, "begins, because alarm `busy` is on")[0];
    assert_eq!(when(&run, "begins, because `plan` is over: decided in 5s"), [begun + 10.0]);
    assert_eq!(when(&run, "sets fleet `web` to max 7"), [begun + 15.0]);
}

/// AWS refuses a smallest size above the largest one, and leaves the group as it is. At 100 s it may be 6; at 200 s it is 2 again, and 4 are too many.
#[test]
fn a_smallest_size_above_the_largest_is_refused() {
    let run = shop(
        "[runbook.plan]\nat = \"100s\"\nsteps = [{ fleet = \"web\", max = 6 }, { wait = \"100s\" }, { fleet = \"web\", max = 2 }, \
         { fleet = \"web\", min = 4, desired = 4 }]\n",
    );
    assert_eq!(
        when(&run, "an order of a runbook is refused: a smallest size of 4 above a largest of 2"),
        [200.0]
    );
    assert_eq!(run.timeline.fleets[0].desired.iter().copied().fold(0.0, f64::max), 1.0);
}

/// Where no step, schedule or setting ever lets the fleet grow so far, the file says so before a run.
#[test]
fn a_smallest_size_that_can_never_be_is_an_error() {
    let with = |step: &str| {
        let text = format!(
            "duration = \"1m\"\ntraffic.a.rate = \"1/s\"\n[request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\n\
             [runbook.plan]\nat = \"10s\"\nsteps = [{step}]\n"
        );
        match simcap::scenario::parse("test.toml", text.as_bytes(), std::path::Path::new(""), &[]) {
            Ok(_) => String::new(),
            Err(simcap::scenario::ScenarioError::Invalid(report)) => report.render(false),
            Err(error) => panic!("{error}"),
        }
    };
    assert!(
        with("{ fleet = \"web\", min = 3 }").contains("a `min` of 3 for fleet `web`, which has at most 2")
    );
    assert_eq!(with("{ fleet = \"web\", min = 2 }"), "");
    assert_eq!(with("{ fleet = \"web\", min = 3, max = 3 }"), "");
    assert_eq!(with("{ fleet = \"web\", max = 3 }, { fleet = \"web\", min = 3 }"), "");
}

/// Orders that can do nothing, with a database without replicas and a run of two minutes.
#[test]
fn orders_that_can_do_nothing_are_warned_of() {
    let warned = |book: &str, database: &str| {
        let text = format!(
            "region = \"us-east-1\"\nduration = \"2m\"\n[traffic.all]\nrequests = \"page\"\nrate = \"1/s\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ write = \"shop\", demand = \"1ms\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\npools = {{ shop = 5 }}\n\
             [database.shop]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"\n{database}\n[runbook.plan]\n{book}\n"
        );
        let found = simcap::warning::of_scenario(&crate::run::scenario(&text), 1);
        let own = found.into_iter().filter(|it| it.path().starts_with("runbook"));
        own.map(|it| (it.code.name(), it.message)).collect::<Vec<_>>()
    };
    let promote = "at = \"1m\"\nsteps = [{ promote = \"shop\" }]";
    let message = "runbook `plan` promotes a replica of database `shop`, which has none";
    assert_eq!(warned(promote, ""), [("setting-without-effect", message.to_owned())]);
    assert_eq!(warned(promote, "replicas = 1"), []);
    let restore = |to: &str| format!("at = \"1m\"\nsteps = [{{ restore = \"shop\", to = \"{to}\" }}]");
    let message = "runbook `plan` restores database `shop` as of 3:00, after the end";
    assert_eq!(warned(&restore("3m"), "backup = {}"), [("schedule-after-end", message.to_owned())]);
    assert_eq!(warned(&restore("30s"), "backup = {}"), []);
    let message = "runbook `plan` begins at 2:00, after the end";
    assert_eq!(
        warned(&promote.replace("1m", "2m"), "replicas = 1"),
        [("schedule-after-end", message.to_owned())]
    );
}

/// A planned switchover is no loss: the page says that the writer handed over.
#[test]
fn a_writer_that_hands_over_is_not_lost() {
    let run = shop("[runbook.away]\nat = \"300s\"\nsteps = [{ switch_over = \"shop\" }]\n");
    let said = format!("{:?}", run.phases);
    assert!(said.contains("the writer of `shop` handed over"), "{said}");
    assert!(!said.contains("the writer of `shop` lost"), "{said}");
}
