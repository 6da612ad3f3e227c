//! Deployments under load: who is in service when, as time lines by hand.

use proptest::prelude::*;
use simcap::outcome::{Deployment, Ended, Outcome, Resource};

use crate::kind::{activities, hundred_a_second, incidents};
use crate::run::{all_are_numbers, is_conserved, run};

/// Ten instances that get so many requests. To install takes 20 s in place, and an application 10 s to start. EC2 runs an instance 20 s
/// after its launch, and its application answers 10 s later. A minute in which more than 4 % fail is an alarm at its end.
fn text(rate: &str, seconds: u32, fleet: &str) -> String {
    let fleet = format!(
        "min = 10\nmax = 14\nboot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", \
         application = \"10s\" }}\n{fleet}\n[alarm.failing]\nmetric = \"request.page.errors\"\nabove = 4\ndelay = \"0s\""
    );
    hundred_a_second(&format!("\"{rate}\""), seconds, &fleet)
}

/// Without a balancer.
fn direct(rate: &str, seconds: u32, fleet: &str) -> Outcome {
    run(&text(rate, seconds, fleet), 1)
}

/// Behind a balancer that drains for 20 s, with a check each five seconds.
fn balanced(rate: &str, seconds: u32, fleet: &str) -> Outcome {
    run(&behind_a_door(rate, seconds, fleet), 1)
}

fn behind_a_door(rate: &str, seconds: u32, fleet: &str) -> String {
    let door = "\n[balancer.door]\ntargets = \"web\"\nderegistration_delay = \"20s\"\nhealth_check = { interval = \"5s\", timeout = \"2s\", \
                healthy = 2, unhealthy = 2 }";
    text(rate, seconds, fleet).replace("via = \"web\"", "via = \"door\"") + door
}

const V2: &str = "versions = { v2 = {} }";

fn deploy(strategy: &str, more: &str) -> String {
    format!("{V2}\n{}", with(strategy, more))
}

fn with(strategy: &str, more: &str) -> String {
    format!("deploy = [{{ at = \"100s\", strategy = \"{strategy}\", version = \"v2\"{more} }}]")
}

const INSTALL: &str = ", install = \"20s\"";

/// When each batch leaves, and how many they are.
fn batches(run: &Outcome) -> Vec<(f64, u32)> {
    let left = incidents(run).into_iter().filter(|it| it.1.contains("to be restarted"));
    left.map(|(at, text)| (at, text.split(' ').next().unwrap().parse().unwrap())).collect()
}

/// The one deployment.
fn only(run: &Outcome) -> &Deployment {
    assert_eq!(run.deployments.len(), 1);
    &run.deployments[0]
}

/// All ten are out from 100 s to 130 s: 20/s fail for 30 s, and nothing is launched.
#[test]
fn all_at_once_is_out_for_as_long_as_one_takes() {
    let run = direct("20/s", 300, &deploy("all_at_once", INSTALL));
    assert_eq!(batches(&run), [(100.0, 10)]);
    let it = only(&run);
    assert_eq!(
        (it.at_s, it.done_s, it.before, it.least, it.ended),
        (100.0, Some(130.0), 10, 0, Ended::Complete)
    );
    assert_eq!((it.from.as_deref(), it.to.as_deref()), (Some("first"), Some("v2")));
    assert!((540..=660).contains(&it.failed), "{}", it.failed);
    assert_eq!(it.failed as f64, run.requests.failed, "nothing else fails");
    assert!(activities(&run).is_empty());
    let expected = [
        (100.0, "an all-at-once deployment to `v2` begins"),
        (100.0, "10 instances leave to be restarted to `v2`"),
        (130.0, "the all-at-once deployment to `v2` has come to every instance"),
    ];
    assert_eq!(incidents(&run), expected);
    // Ten for a minute; none for 30 s of the second minute.
    assert_eq!(run.timeline.kinds.fleets[0].serving[..3], [10.0, 10.0 * 40.0 / 60.0, 10.0 * 50.0 / 60.0]);
    assert_eq!(run.kinds.fleets[0].instance_seconds, 3_000.0, "they stay, and are billed");
}

/// Ten requests a second that take 4 s, on the old instances and on the new ones. With no time to drain those inside of the old ones are cut off as they leave:
/// after an immutable deployment is done, and at the swap of blue/green. They are of the deployment, and are told with their number. 5 s are enough for all.
#[test]
fn what_the_old_instances_of_a_deployment_cut_off_is_its_doing() {
    let cut = |strategy: &str, delay: &str| {
        let bake = if strategy == "blue_green" { ", bake = \"60s\"" } else { "" };
        let delay = format!("deregistration_delay = \"{delay}\"\ntarget_connections = \"close\"");
        let text = behind_a_door("10/s", 900, &deploy(strategy, bake))
            .replace("rate = \"10/s\"", "interarrival = \"100ms\"")
            .replace("deregistration_delay = \"20s\"", &delay)
            .replace("cpu = \"10ms\"", "delay = \"4s\"");
        let run = run(&text, 1);
        assert_eq!(only(&run).failed as f64, run.requests.failed, "{strategy}");
        let links = run.phases.iter().flat_map(|phase| &phase.chain);
        let cut = links.filter(|it| it.resource == Some(Resource::Unfinished { fleet: 0 }) && it.cause);
        let told: Vec<f64> = cut.map(|it| it.text.split(' ').next().unwrap().parse().unwrap()).collect();
        (run.requests.failed, told)
    };
    for strategy in ["immutable", "blue_green"] {
        let (failed, told) = cut(strategy, "0s");
        assert!((1.0..=41.0).contains(&failed), "{strategy}: {failed}, of 40 that are inside");
        assert_eq!(told, [failed], "{strategy}");
        assert_eq!(cut(strategy, "5s"), (0.0, vec![]), "{strategy}");
    }
}

/// All ten leave their balancer at once: nothing is registered, and the answer is a 503. It sends to all when they are back and not judged yet.
#[test]
fn a_balancer_without_a_registered_target_does_not_fail_open() {
    let run = balanced("20/s", 400, &deploy("all_at_once", INSTALL));
    let trouble = run.phases.iter().find(|phase| phase.trouble).unwrap();
    let place = |of: Resource| trouble.chain.iter().position(|link| link.resource == Some(of));
    let none = place(Resource::NoTargets { fleet: 0 }).unwrap_or_else(|| panic!("{}", trouble.sentence));
    assert_eq!(trouble.chain[none].text, "no registered targets of `web`: `door` answers 503");
    let open = place(Resource::FailsOpen { fleet: 0 });
    assert!(open.is_none_or(|open| none < open), "{}", trouble.sentence);
    assert!(run.requests.failed_by_cause["http_503"] > 400.0, "{:?}", run.requests.failed_by_cause);
}

/// Three, three, three and one, 30 s each.
#[test]
fn rolling_takes_a_batch_at_a_time() {
    let run = direct("20/s", 400, &deploy("rolling", INSTALL));
    assert_eq!(batches(&run), [(100.0, 3), (130.0, 3), (160.0, 3), (190.0, 1)]);
    let it = only(&run);
    assert_eq!((it.done_s, it.least), (Some(220.0), 7));
    assert!(
        it.failed <= 10,
        "{}: what was inside, of ten instances with 20 ms of work a second each",
        it.failed
    );
    let four = direct("20/s", 400, &deploy("rolling", &format!("{INSTALL}, batch = 4")));
    assert_eq!(batches(&four), [(100.0, 4), (130.0, 4), (160.0, 2)]);
    assert_eq!(only(&four).least, 6);
}

/// Each drains for 20 s, as its connections are kept, installs for 20 s, starts for 10 s, and passes its first check within five seconds.
#[test]
fn an_instance_drains_before_it_is_restarted_and_passes_a_check_before_the_next_one_leaves() {
    let run = balanced("20/s", 600, &deploy("rolling", &format!("{INSTALL}, batch = \"50%\"")));
    let left = batches(&run);
    assert_eq!((left.len(), left[0], left[1].1), (2, (100.0, 5), 5));
    assert!((150.0..155.0).contains(&left[1].0), "{left:?}");
    let it = only(&run);
    let done = it.done_s.unwrap() - left[1].0;
    assert!((50.0..55.0).contains(&done), "{it:?}");
    assert_eq!((it.least, it.failed), (5, 0), "all that was inside has drained");
}

/// The extra batch of three serves 30 s after its launch, and as many as before serve at any time; at the end three end.
#[test]
fn an_extra_batch_keeps_as_many_in_service_as_before() {
    let run = direct("20/s", 400, &deploy("rolling_with_extra_batch", INSTALL));
    assert_eq!(batches(&run), [(130.0, 3), (160.0, 3), (190.0, 3), (220.0, 1)]);
    let it = only(&run);
    assert_eq!((it.done_s, it.least, it.ended), (Some(250.0), 10, Ended::Complete));
    assert_eq!(activities(&run), [(100.0, Some(120.0), 10, 13), (250.0, Some(250.0), 13, 10)]);
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated, fleet.peak_instances), (3.0, 3.0, 13));
    assert_eq!(fleet.instance_seconds, 4_000.0 + 3.0 * 150.0);
}

/// One comes first, and answers after 30 s; nine more come then. When all ten answer, the old ones end together.
#[test]
fn immutable_launches_one_and_then_the_others() {
    let run = direct("20/s", 400, &deploy("immutable", ""));
    let launched: Vec<f64> = run.scaling.iter().map(|it| it.at_s).collect();
    assert_eq!(launched, [vec![100.0], vec![130.0; 9]].concat());
    let it = only(&run);
    assert_eq!((it.done_s, it.least, it.ended), (Some(160.0), 10, Ended::Complete));
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated, fleet.peak_instances), (10.0, 10.0, 20));
    assert_eq!(fleet.instance_seconds, 4_000.0 + 60.0 + 9.0 * 30.0);
}

/// New instances that fail their checks are ended after ten minutes without a step forward, and the old ones are not touched.
#[test]
fn an_immutable_deployment_that_fails_its_checks_ends_its_own_instances() {
    let sick = "versions = { v2 = { health = false } }";
    let run = balanced("20/s", 900, &format!("{sick}\n{}", with("immutable", ", gives_up = \"60s\"")));
    let it = only(&run);
    let why = "no instance came to pass its checks for 1m";
    assert_eq!((it.ended, it.turned_s, it.reason.as_deref()), (Ended::RolledBack, Some(160.0), Some(why)));
    assert_eq!((it.done_s, it.least, it.failed), (Some(160.0), 10, 0));
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated), (1.0, 1.0));
}

/// Two of ten come first and fail all of their requests: a sixth of what the twelve get. They answer at 130 s, so that the minute to
/// 180 s has an alarm. They end then, and the ten old ones have never left.
#[test]
fn a_canary_that_fails_is_taken_back_by_its_alarm() {
    let fleet = |errors: &str| {
        let deploy = with("canary", ", batch = \"20%\", bake = \"2m\", alarms = [\"failing\"]");
        format!("versions = {{ v2 = {{ errors = \"{errors}\" }} }}\n{deploy}")
    };
    let run = direct("20/s", 600, &fleet("100%"));
    let it = only(&run);
    let why = "alarm `failing` is in ALARM";
    assert_eq!((it.ended, it.turned_s, it.reason.as_deref()), (Ended::RolledBack, Some(180.0), Some(why)));
    assert_eq!((it.done_s, it.least), (Some(180.0), 10));
    assert!((120..=220).contains(&it.failed), "{}: a sixth of 20/s for 50 s", it.failed);
    let fleet_of = &run.kinds.fleets[0];
    assert_eq!((fleet_of.launched, fleet_of.terminated, fleet_of.peak_instances), (2.0, 2.0, 12));
    // A healthy one is watched for two minutes from 130 s on; then the other eight come, and answer 30 s later.
    let run = direct("20/s", 600, &fleet("0%"));
    let it = only(&run);
    assert_eq!((it.ended, it.done_s, it.least), (Ended::Complete, Some(280.0), 10));
    let launched: Vec<f64> = run.scaling.iter().map(|it| it.at_s).collect();
    assert_eq!(launched, [vec![100.0; 2], vec![250.0; 8]].concat());
}

/// Ten green ones get nothing before all of them run, at 130 s. Each passes its first check within five seconds; then the blue ones leave.
/// They are kept for a minute, and end.
#[test]
fn blue_green_moves_the_traffic_at_once_and_keeps_the_blue_ones() {
    let run = balanced("20/s", 600, &deploy("blue_green", ", bake = \"60s\""));
    let it = only(&run);
    let up = incidents(&run).into_iter().find(|it| it.1.contains("green instances")).unwrap();
    assert_eq!(up, (130.0, "10 green instances are up and registered"));
    let done = it.done_s.unwrap();
    assert!((190.0..195.0).contains(&done), "{it:?}");
    assert_eq!((it.ended, it.least, it.failed), (Ended::Complete, 10, 0));
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated), (10.0, 10.0));
    let billed = 6_000.0 + 10.0 * (done - 100.0);
    assert!((fleet.instance_seconds - billed).abs() < 1e-6, "{} {billed}", fleet.instance_seconds);
}

/// All requests fail at the green ones from 130 to 135 s on: the alarm comes at 180 s. The blue ones are registered again, pass their first check
/// within five seconds, and the green ones end.
#[test]
fn blue_comes_back_at_once_when_an_alarm_comes_in_its_bake_time() {
    let deploy = with("blue_green", ", bake = \"5m\", alarms = [\"failing\"]");
    let run = balanced("20/s", 600, &format!("versions = {{ v2 = {{ errors = \"100%\" }} }}\n{deploy}"));
    let it = only(&run);
    assert_eq!((it.ended, it.turned_s), (Ended::RolledBack, Some(180.0)));
    let done = it.done_s.unwrap();
    assert!((180.0..185.5).contains(&done), "{it:?}");
    assert!((900..=1_200).contains(&it.failed), "{}: 20/s for 45 to 50 s and up to 5 s more", it.failed);
    assert_eq!(it.least, 10);
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated), (10.0, 10.0));
    // Nothing fails after that.
    assert_eq!(run.requests.failed, it.failed as f64);
}

/// Three have the failing version from 130 s on, and six from 160 s on: the alarm comes at 180 s, with three more on their way. The
/// nine are restarted once more, those that are out at once, and then three at a time.
#[test]
fn a_rolling_deployment_is_rolled_back_in_place() {
    let fleet = |rollback: bool| {
        let deploy = with("rolling", &format!("{INSTALL}, alarms = [\"failing\"], rollback = {rollback}"));
        format!("versions = {{ v2 = {{ errors = \"100%\" }} }}\n{deploy}")
    };
    let run = direct("20/s", 600, &fleet(true));
    // Those that are out install anew from 180 s on, and answer at 210 s.
    assert_eq!(batches(&run), [(100.0, 3), (130.0, 3), (160.0, 3), (210.0, 3), (240.0, 3)]);
    let it = only(&run);
    assert_eq!((it.ended, it.turned_s, it.done_s), (Ended::RolledBack, Some(180.0), Some(270.0)));
    assert_eq!(it.least, 7);
    // Without a rollback it stops there: the three that are out come back with what was installed, and nine go on failing.
    let run = direct("20/s", 600, &fleet(false));
    let it = only(&run);
    assert_eq!((it.ended, it.done_s), (Ended::Failed, Some(180.0)));
    let later = run.timeline.kinds.fleets[0].serving[5];
    assert_eq!(later, 10.0);
}

/// The extra batch of three answers at 130 s, and three more have the failing version from 160 s on: the alarm comes at 180 s. The extra
/// batch serves until the six that were or are out are back, so that ten serve at any time.
#[test]
fn an_extra_batch_stays_until_a_rollback_is_done() {
    let fleet = with(
        "rolling_with_extra_batch",
        &format!("{INSTALL}, batch = 3, alarms = [\"failing\"], rollback = true"),
    );
    let run = direct("20/s", 600, &format!("versions = {{ v2 = {{ errors = \"50%\" }} }}\n{fleet}"));
    let it = only(&run);
    assert_eq!((it.ended, it.turned_s, it.least), (Ended::RolledBack, Some(180.0), 10));
    // At 190 s three of the first ten would have left: at 180 s the second three are out, and install anew.
    assert_eq!(batches(&run)[..3], [(130.0, 3), (160.0, 3), (210.0, 3)]);
    let ends = activities(&run).into_iter().filter(|it| it.3 < it.2).collect::<Vec<_>>();
    assert_eq!(ends.len(), 1, "{ends:?}");
    assert_eq!((ends[0].0, ends[0].2, ends[0].3), (it.done_s.unwrap(), 13, 10));
}

/// An extra batch that never passes its checks is of no use to a rollback: it ends at once, and nothing else was touched.
#[test]
fn an_extra_batch_that_does_not_serve_ends_when_the_deployment_fails() {
    let sick = "versions = { v2 = { health = false } }";
    let fleet = with("rolling_with_extra_batch", &format!("{INSTALL}, gives_up = \"60s\", rollback = true"));
    let run = balanced("20/s", 600, &format!("{sick}\n{fleet}"));
    let it = only(&run);
    assert_eq!((it.ended, it.turned_s, it.done_s), (Ended::RolledBack, Some(160.0), Some(160.0)));
    assert_eq!((it.least, it.failed, batches(&run)), (10, 0, vec![]));
    assert_eq!(run.kinds.fleets[0].terminated, 3.0);
}

/// Two of ten come first, and answer at 130 s. Two more are desired at 150 s: they get the version before, and are replaced with the other
/// eight at 250 s; or they stay if the canary is taken back.
#[test]
fn a_canary_stays_as_large_as_it_is_when_its_group_grows() {
    let fleet = |errors: &str| {
        format!(
            "versions = {{ v2 = {{ errors = \"{errors}\" }} }}\n{}\nschedule = [{{ at = \"150s\", desired = 12 }}]",
            with("canary", ", batch = \"20%\", bake = \"2m\", alarms = [\"failing\"]")
        )
    };
    let run = direct("20/s", 600, &fleet("0%"));
    let it = only(&run);
    assert_eq!((it.ended, it.done_s), (Ended::Complete, Some(280.0)));
    let launched: Vec<(f64, u32)> =
        run.scaling.iter().map(|it| (it.at_s, it.launches)).filter(|it| it.1 > 0).collect();
    assert_eq!(launched, [vec![(100.0, 1); 2], vec![(150.0, 2)], vec![(250.0, 1); 10]].concat());
    assert_eq!(run.timeline.kinds.fleets[0].in_service.last(), Some(&12.0));
    let run = direct("20/s", 600, &fleet("100%"));
    let it = only(&run);
    assert_eq!((it.ended, it.turned_s), (Ended::RolledBack, Some(180.0)));
    assert_eq!(run.requests.failed, it.failed as f64, "nothing of the version that failed is left");
    assert_eq!(run.timeline.kinds.fleets[0].in_service.last(), Some(&12.0));
}

/// Three of ten that hang for 20 s in the midst of a deployment do not answer, and neither do three that crash.
#[test]
fn what_hangs_or_has_crashed_is_not_in_service_in_a_deployment() {
    for (effect, span) in [("hangs", "for = \"20s\"\n"), ("crashes", "")] {
        let fault = format!(
            "[fault.it]\nfleet = \"web\"\neffect = \"{effect}\"\ninstances = 3\nat = \"110s\"\n{span}"
        );
        let run = direct("20/s", 400, &format!("{}\n{fault}", deploy("immutable", "")));
        assert_eq!((only(&run).before, only(&run).least), (10, 7), "{effect}");
    }
}

/// New instances that are not added to the balancer get nothing: the deployment waits for them, and fails.
#[test]
fn instances_that_the_balancer_does_not_have_do_not_serve() {
    let fleet = format!(
        "{}\nsuspend = [{{ at = \"50s\", processes = [\"AddToLoadBalancer\"] }}]",
        deploy("immutable", ", gives_up = \"2m\"")
    );
    let run = balanced("20/s", 600, &fleet);
    let it = only(&run);
    assert_eq!((it.ended, it.turned_s, it.least), (Ended::RolledBack, Some(220.0), 10));
    assert_eq!((run.kinds.fleets[0].launched, run.kinds.fleets[0].terminated), (1.0, 1.0));
}

/// All ten stop at 120 s and are back at 180 s, with their applications to start. The batch of three that was out is one of them, and all get
/// the version after that.
#[test]
fn a_resize_in_the_midst_of_a_rolling_deployment_holds_it_up_for_as_long_as_it_takes() {
    let fleet = format!(
        "{}\nresize = [{{ at = \"120s\", instance = \"m6i.xlarge\", downtime = \"60s\" }}]",
        deploy("rolling", &format!("{INSTALL}, batch = 3"))
    );
    let fixed = |text: String| run(&text.replace("min = 10\nmax = 14", "instances = 10"), 1);
    for run in [fixed(text("20/s", 900, &fleet)), fixed(behind_a_door("20/s", 900, &fleet))] {
        let it = only(&run);
        assert_eq!(it.ended, Ended::Complete, "{:?}", incidents(&run));
        assert!(it.done_s.unwrap() < 500.0, "{it:?}");
        assert_eq!(run.timeline.kinds.fleets[0].serving.last(), Some(&10.0));
    }
}

/// The mean of a column over the rows that begin in a span; rows are of five seconds.
fn mean(column: &[f64], from: usize, to: usize) -> f64 {
    let rows = &column[from / 5..to / 5];
    rows.iter().sum::<f64>() / rows.len() as f64
}

/// The same with rows of five seconds.
fn fine(rate: &str, seconds: u32, fleet: &str) -> Outcome {
    run(&text(rate, seconds, fleet).replace("bucket = \"60s\"", "bucket = \"5s\""), 1)
}

/// 200/s of 10 ms are 20 % of ten vCPUs. At half the speed they are 40 %, and what is done before counts as before in the headroom.
#[test]
fn an_instance_that_stays_works_as_its_new_version_does() {
    let slow = "versions = { v2 = { speed = 0.5, application = \"15s\" } }";
    let run = fine("200/s", 400, &format!("{slow}\n{}", with("all_at_once", INSTALL)));
    assert_eq!(only(&run).done_s, Some(135.0), "20 s to install and 15 s to start");
    let cpu = &run.timeline.kinds.fleets[0].cpu_percent;
    let (before, after) = (mean(cpu, 0, 100), mean(cpu, 140, 400));
    assert!((19.0..21.0).contains(&before) && (39.0..41.0).contains(&after), "{before} {after}");
}

/// An application that needs twice as long at first is 40 % busy when it is back, and 20 % when it is warm again.
#[test]
fn an_application_that_is_restarted_is_cold_again() {
    let cold = "cold = { speed = \"50%\", for = \"100s\" }";
    let run = fine("200/s", 400, &deploy("all_at_once", INSTALL).replace(V2, &format!("{V2}\n{cold}")));
    let cpu = &run.timeline.kinds.fleets[0].cpu_percent;
    let (first, later) = (mean(cpu, 135, 145), mean(cpu, 250, 400));
    // A twentieth to a seventh of the way: 1 / (0.5 + 0.5 * 0.1) of 20 %.
    assert!((33.0..40.0).contains(&first) && (19.0..21.0).contains(&later), "{first} {later}");
}

/// Each of ten keeps five connections. Those of three are closed while they install, and all are open again 30 s later.
#[test]
fn connections_are_closed_at_the_stop_and_opened_at_the_start() {
    let fleet = deploy("rolling", &format!("{INSTALL}, batch = 3"));
    let database = "[database.db]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"";
    let pools = "pools = { db = { writer = 5, minimum = 5 } }";
    let run = fine("1/h", 400, &format!("{fleet}\n{pools}\n{database}"));
    let open = &run.timeline.kinds.fleets[0].pools[0].open;
    let from = |second: usize| open[second / 5];
    assert_eq!(
        [95, 100, 125, 130, 185, 190, 215, 220].map(from),
        [50.0, 35.0, 35.0, 35.0, 35.0, 45.0, 45.0, 50.0]
    );
}

/// A scale-in does not end what is out, nor does its group launch another one for it: for the group it is in service.
#[test]
fn a_group_counts_what_is_restarted_in_place_as_in_service() {
    let more = "schedule = [{ at = \"110s\", desired = 12 }, { at = \"115s\", desired = 10 }]";
    let run = direct("20/s", 400, &format!("{}\n{more}", deploy("all_at_once", INSTALL)));
    assert_eq!(run.scaling[0].launches, 2, "not twelve");
    assert_eq!(run.timeline.kinds.fleets[0].in_service[0], 10.0);
}

/// There is one at a time, and a refresh is one as well.
#[test]
fn a_deployment_does_not_begin_beside_a_refresh() {
    let fleet = format!("{}\nrefresh = [{{ at = \"90s\", version = \"v2\" }}]", deploy("rolling", INSTALL));
    let run = direct("1/h", 200, &fleet);
    let text = "an instance refresh is in progress: a rolling deployment does not begin";
    assert_eq!(incidents(&run)[1], (100.0, text));
    assert_eq!(run.deployments.iter().map(|it| it.strategy.as_str()).collect::<Vec<_>>(), ["refresh"]);
    assert_eq!((run.deployments[0].ended, run.deployments[0].done_s), (Ended::Open, None));
}

/// No green one ever passes its checks: after 90 s without a step forward they end.
#[test]
fn a_blue_green_deployment_whose_green_ones_are_sick_leaves_the_blue_ones_alone() {
    let sick = "versions = { v2 = { health = false } }";
    let deploy = with("blue_green", ", bake = \"1m\", gives_up = \"90s\"");
    let run = balanced("20/s", 600, &format!("{sick}\n{deploy}"));
    let it = only(&run);
    assert_eq!((it.ended, it.least, it.failed), (Ended::RolledBack, 10, 0));
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.terminated), (10.0, 10.0));
    assert_eq!(run.timeline.kinds.fleets[0].in_service.last(), Some(&10.0));
}

/// A deployment of any sort, of a version that may be bad, to a group of which something may be lost meanwhile.
fn struck_deployment() -> impl Strategy<Value = (String, String)> {
    let strategies =
        ["all_at_once", "rolling", "rolling_with_extra_batch", "immutable", "canary", "blue_green"];
    let version = (prop::sample::select(vec![0, 30, 100]), any::<bool>(), 1u32..30);
    let version = version.prop_map(|(errors, health, start)| {
        format!("versions = {{ v2 = {{ errors = \"{errors}%\", health = {health}, application = \"{start}s\" }} }}")
    });
    let strikes = prop::sample::select(vec![
        "",
        "[fault.it]\nzone = \"a\"\nat = \"61s\"\nfor = \"40s\"",
        "[fault.it]\nfleet = \"web\"\neffect = \"dies\"\ninstances = 2\nat = \"65s\"\nevery = \"20s\"",
        "[fault.it]\nfleet = \"web\"\neffect = \"crashes\"\nshare = \"50%\"\nat = \"62s\"\nevery = \"15s\"",
        "[fault.it]\nfleet = \"web\"\neffect = \"hangs\"\nshare = \"30%\"\nat = \"63s\"\nfor = \"20s\"",
    ]);
    let strategy = prop::sample::select(strategies.to_vec());
    let sizes = (1u32..5, 1u32..60, any::<bool>(), any::<bool>(), 5u32..80);
    (strategy, version, strikes, sizes).prop_map(|(strategy, version, strikes, sizes)| {
        let (batch, bake, rollback, elb, gives_up) = sizes;
        let in_place = ["all_at_once", "rolling", "rolling_with_extra_batch"].contains(&strategy);
        let has_batch = strategy.starts_with("rolling") || strategy == "canary";
        let batch = if has_batch { format!(", batch = {batch}") } else { String::new() };
        let rollback = if in_place { format!(", install = \"7s\", rollback = {rollback}") } else { String::new() };
        let health = if elb { "elb" } else { "ec2" };
        let fleet = format!(
            "{version}\nhealth = \"{health}\"\ngrace = \"10s\"\nschedule = [{{ at = \"70s\", desired = 6 }}, {{ at = \"90s\", desired = 3 }}]\n\
             deploy = [{{ at = \"60s\", strategy = \"{strategy}\", version = \"v2\", bake = \"{bake}s\", gives_up = \"{gives_up}s\", alarms = \
             [\"failing\"]{batch}{rollback} }}, {{ at = \"150s\", strategy = \"{strategy}\", version = \"first\", bake = \"1s\"{batch} }}]"
        );
        (fleet, strikes.to_owned())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Requests, and instances: none is launched and forgotten, none ends twice, and none is left out for ever.
    #[test]
    fn requests_are_conserved_whatever_is_deployed((fleet, strikes) in struck_deployment(), seed in any::<u64>()) {
        let text = format!(
            "duration = \"300s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"150/s\"\n[client]\ntimeout = \"2s\"\nretries = {{ max = 1 }}\n\
             [request.page]\nvia = \"door\"\nsteps = [{{ cpu = \"exponential 15ms\" }}, {{ read = \"db\", demand = \"1ms\" }}]\n[balancer.door]\n\
             targets = \"web\"\nderegistration_delay = \"4s\"\nhealth_check = {{ interval = \"5s\", timeout = \"2s\", healthy = 2, \
             unhealthy = 2 }}\n[fleet.web]\ninstance = \"m5.large\"\nazs = [\"a\", \"b\"]\nmin = 3\ndesired = 4\nmax = 8\nthreads = 20\n\
             pools = {{ db = {{ writer = 5, minimum = 2 }} }}\nboot = {{ decision = \"0s\", launch = \"5s\", system = \"1s\", bootstrap = \"1s\", \
             application = \"2s\" }}\n{fleet}\n[database.db]\nengine = \"mysql\"\nwriter = \"db.r6g.large\"\n[alarm.failing]\n\
             metric = \"request.page.errors\"\nabove = 20\ndelay = \"0s\"\n{strikes}"
        );
        let run = run(&text, seed);
        prop_assert!(is_conserved(&run.requests), "{:?}", run.requests);
        prop_assert!(is_conserved(&run.attempts), "{:?}", run.attempts);
        prop_assert!(all_are_numbers(&run));
        let (fleet, series) = (&run.kinds.fleets[0], &run.timeline.kinds.fleets[0]);
        let last = |column: &[f64]| column.last().copied().unwrap_or_default();
        let there = [&series.pending, &series.warming, &series.in_service, &series.terminating];
        let there: f64 = there.into_iter().map(|column| last(column)).sum();
        prop_assert_eq!(4.0 + fleet.launched - fleet.terminated, there);
        prop_assert!(there <= 2.0 * 8.0 + 5.0);
        for it in &run.deployments {
            prop_assert!(it.least <= it.before && it.at_s <= it.done_s.unwrap_or(300.0));
        }
    }
}

/// Four are desired, and three from 5:30 on, while a second set of four comes: three are left when the deployment is over.
#[test]
fn a_second_set_is_as_large_as_is_desired_by_then() {
    for strategy in ["blue_green", "immutable"] {
        for (at, desired) in [(110, 11), (110, 12), (115, 10)] {
            let schedule = format!(
                "{}\nschedule = [{{ at = \"50s\", desired = 12 }}, {{ at = \"{at}s\", desired = {desired} }}]",
                deploy(strategy, ", bake = \"60s\"")
            );
            let run = balanced("20/s", 600, &schedule);
            let fleet = &run.timeline.fleets[0];
            let there = |row: usize| fleet.in_service[row] + fleet.warming[row] + fleet.pending[row];
            let last = fleet.in_service.len() - 1;
            assert_eq!(
                (there(last), fleet.terminating[last]),
                (f64::from(desired), 0.0),
                "{strategy} {at}: {:?}",
                run.scaling
            );
            assert!(matches!(only(&run).ended, Ended::Complete), "{strategy}: {:?}", run.deployments);
        }
    }
}

/// One at a time of ten, of which the first, which is the oldest, is ended by a scale-in while it is out: the others follow at once.
#[test]
fn a_batch_that_a_scale_in_takes_holds_nothing_up() {
    let fleet = format!(
        "min = 9\n{}\nschedule = [{{ at = \"110s\", min = 9, desired = 9 }}]\ntermination = [\"OldestInstance\"]",
        deploy("rolling", &format!(", batch = 1{INSTALL}"))
    );
    let run = direct("20/s", 900, &fleet.replacen("min = 9\n", "", 1));
    let batches = batches(&run);
    assert_eq!((batches[0], batches[1]), ((100.0, 1), (110.0, 1)), "{batches:?}");
    assert_eq!(batches.len(), 10, "{batches:?}");
    assert!(matches!(only(&run).ended, Ended::Complete), "{:?}", run.deployments);
}

/// One instance of ten that fails each second request, from when it serves on: the deployment is no cause any more then, and the version is.
#[test]
fn a_version_that_fails_requests_is_why_they_fail() {
    let bad = "versions = { v2 = { errors = \"50%\" } }";
    let run = direct("20/s", 600, &format!("{bad}\n{}", with("rolling", &format!(", batch = 5{INSTALL}"))));
    let trouble = run.phases.iter().find(|phase| phase.trouble).expect("trouble");
    let worse = trouble.chain.iter().find(|link| link.resource == Some(Resource::WorseVersion { fleet: 0 }));
    let worse = worse.unwrap_or_else(|| panic!("{}", trouble.sentence));
    // In the row of a minute in which they serve.
    assert!(worse.cause && worse.at_s == 120.0, "{worse:?}");
    assert_eq!(worse.text, "up to 10 instances of `web` have version `v2`, which fails 50 % of its requests");
}

/// Four instances in two zones get new code one after the other, of which half of the requests fail. The first node of the balancer sends to an instance
/// before the group counts it: what fails from then on is of the version, and not of the instance that is missing.
#[test]
fn a_version_is_told_from_when_the_first_node_sends_to_it() {
    let run = run(
        "duration = \"10m\"\n[traffic.t]\ninterarrival = \"10ms\"\n[request.page]\nvia = \"front\"\nsteps = [{ delay = \"50ms\" }]\n\
         [balancer.front]\ntargets = \"app\"\nderegistration_delay = \"30s\"\n\
         health_check = { interval = \"10s\", timeout = \"5s\", unhealthy = 2, healthy = 2 }\n[fleet.app]\ninstance = \"m5.large\"\n\
         instances = 4\nthreads = 5000\nboot = { decision = \"5s\", launch = \"20s\", system = \"10s\", bootstrap = \"5s\", application = \"20s\" }\n\
         versions = { v2 = { errors = \"50%\" } }\n\
         deploy = [{ at = \"2m\", strategy = \"rolling\", version = \"v2\", batch = 1, install = \"30s\" }]\n",
        1,
    );
    let trouble = crate::phases::troubles(&run)[0];
    let first = trouble.chain.iter().find(|link| link.cause).unwrap();
    assert_eq!(first.resource, Some(Resource::WorseVersion { fleet: 0 }), "{}", trouble.sentence);
}
