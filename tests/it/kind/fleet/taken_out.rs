//! Instances that are taken out of service on purpose are the cause of what fills meanwhile, whatever they are taken for.
//!
//! In: groups of which too few are left for a time, by hand. Out: the first link of the trouble, and its times.

use simcap::outcome::{Outcome, Purpose, Resource};

use crate::phases::{kinds, troubles};
use crate::run::run;

/// 260/s of 20 ms are 5.2 vCPUs of eight, and two instances would be full of them. A new instance is in service after 25 s, and answers 50 s
/// later, when the next check makes it healthy: it boots for less than ten checks. One zone has one node, and nobody comes to one that is lost.
fn group(rate: u32, minutes: u32, more: &str) -> Outcome {
    let azs = if more.contains("azs") { "" } else { "azs = 1\n" };
    let text = format!(
        "duration = \"{minutes}m\"\nbucket = \"5s\"\n[traffic.shop]\nrate = \"{rate}/s\"\nclient = {{ timeout = \"3s\" }}\n\
         [request.buy]\nvia = \"door\"\nsteps = [{{ cpu = \"20ms\" }}]\n[balancer.door]\ntargets = \"web\"\n\
         dns = {{ detect = \"0s\", ttl = \"0s\" }}\n\
         deregistration_delay = \"20s\"\nhealth_check = {{ interval = \"10s\", timeout = \"2s\", unhealthy = 10 }}\n[fleet.web]\n{azs}\
         instance = \"m5.large\"\nboot = {{ decision = \"5s\", launch = \"20s\", system = \"10s\", bootstrap = \"30s\", \
         application = \"10s\" }}\n{more}"
    );
    run(&text, 1)
}

/// The first trouble begins with instances that are missing for a purpose; from when, until when, and its words.
fn taken_out(run: &Outcome, by: Purpose) -> (f64, f64, &str) {
    let trouble = troubles(run)[0];
    let taken_out = (Some(Resource::TakenOut { fleet: 0, by }), true);
    assert_eq!(kinds(trouble)[0], taken_out, "{}", trouble.sentence);
    let link = &trouble.chain[0];
    let full = trouble.chain[1].resource;
    let is_of_it =
        matches!(full, Some(Resource::Cpu { .. } | Resource::Threads { .. } | Resource::Instances { .. }));
    assert!(is_of_it && !trouble.chain[1].cause, "{}", trouble.sentence);
    (link.at_s, link.until_s, &link.text)
}

/// Two at a time from 2:00: their successors answer at 3:15, and are warm at 3:25; then the other two, until 4:40.
#[test]
fn an_instance_refresh_is_why_those_that_are_left_fill() {
    let refresh = "min = 4\nmax = 4\nrefresh = [{ at = \"2m\", min_healthy = \"50%\", warmup = \"60s\" }]";
    let run = group(260, 12, refresh);
    let (from, until, text) = taken_out(&run, Purpose::Refresh);
    assert_eq!((from, until), (120.0, 280.0), "{text}");
    assert!(text.starts_with("instance refresh of `web` (up to 2 instances missing)"), "{text}");
    let written = serde_json::to_value(troubles(&run)[0].chain[0].resource).unwrap();
    assert_eq!((&written["part"], &written["by"]), (&"taken_out".into(), &"refresh".into()), "{written}");
    // At a quarter of that load nobody feels it.
    let calm = group(60, 12, refresh);
    assert!(
        calm.phases.iter().all(|it| !it.trouble && !it.sentence.contains("refresh")),
        "{:?}",
        calm.phases
    );
}

/// Half of the requests fail at v2, of which two answer from 3:15 on: the alarm of the minute to 4:00 brings the version before back, two
/// at a time.
#[test]
fn a_rollback_is_why_those_that_are_left_fill() {
    let refresh = "min = 4\nmax = 4\nversions = { v2 = { errors = \"50%\" } }\nrefresh = [{ at = \"2m\", version = \"v2\", \
                   min_healthy = \"50%\", warmup = \"120s\", alarms = [\"failing\"], rollback = true }]\n[alarm.failing]\n\
                   metric = \"request.buy.errors\"\nabove = 5\nperiods = 2\ndelay = \"0s\"";
    let run = group(260, 14, refresh);
    let back = run.incidents.iter().find(|it| it.text.contains("is rolled back to `first`: alarm `failing`"));
    let at = back.unwrap_or_else(|| panic!("{:?}", run.incidents)).at_s;
    let links = troubles(&run).into_iter().flat_map(|it| &it.chain);
    let of = Some(Resource::TakenOut { fleet: 0, by: Purpose::Rollback });
    let link = links.into_iter().find(|it| it.resource == of).unwrap_or_else(|| panic!("{:#?}", run.phases));
    assert_eq!(link.at_s, at, "{}", link.text);
    assert!(link.text.starts_with("rollback of `web` to the version before ("), "{}", link.text);
}

/// Zone b is back at 5:00. The first instance there is in service at 5:25: an old one ends, though the new one answers at 6:15.
#[test]
fn a_rebalancing_is_why_those_that_are_left_fill() {
    let fleet = "instances = 4\nazs = [\"a\", \"b\"]\nstatus_check = \"5s\"\n[fault.power]\nzone = \"b\"\nat = \"60s\"\nfor = \"4m\"";
    let run = group(300, 9, fleet);
    let trouble = troubles(&run)
        .into_iter()
        .find(|it| it.from_s >= 300.0)
        .unwrap_or_else(|| panic!("{:#?}", run.phases));
    // That the zone is back is a cause of its own.
    let rebalancing = Some(Resource::TakenOut { fleet: 0, by: Purpose::Rebalancing });
    let link = trouble.chain.iter().find(|it| it.resource == rebalancing);
    let link = link.unwrap_or_else(|| panic!("{}", trouble.sentence));
    assert_eq!((link.at_s, link.cause), (325.0, true), "{}", trouble.sentence);
    assert!(link.text.starts_with("rebalancing of `web` over its zones"), "{}", trouble.sentence);
}

/// Two leave at 2:00 and answer again at 5:00, when they are back.
#[test]
fn instances_on_standby_are_why_those_that_are_left_fill() {
    let fleet = "min = 2\nmax = 4\ndesired = 4\nstandby = [{ at = \"2m\", until = \"5m\", count = 2 }]";
    let run = group(260, 9, fleet);
    let (from, until, text) = taken_out(&run, Purpose::Standby);
    // The row in which they are back counts or not.
    assert!(from == 120.0 && (300.0..=305.0).contains(&until), "{text}");
    assert!(text.starts_with("standby of instances of `web` (2 instances missing)"), "{text}");
}

/// All are stopped at 2:00 for a minute, and their application answers ten seconds after they are back.
#[test]
fn a_resize_is_why_no_instance_is_in_service() {
    let resize = |to: &str| {
        let resize =
            format!("instances = 4\nresize = [{{ at = \"2m\", instance = \"{to}\", downtime = \"60s\" }}]");
        group(260, 9, &resize)
    };
    let run = resize("m5.xlarge");
    let (from, until, text) = taken_out(&run, Purpose::Resize);
    assert_eq!((from, until), (120.0, 190.0), "{text}");
    assert!(text.starts_with("resize of `web` to m5.xlarge (4 instances missing)"), "{text}");
    assert_eq!(troubles(&run)[0].chain[1].resource, Some(Resource::Instances { fleet: 0 }));
}

/// As larger instances that are two, before, they had eight vCPUs each. What fails while they are away is one thing, and what fails
/// because those of two vCPUs are too few is another.
#[test]
fn what_fails_is_said_of_the_cause_that_was_there_then() {
    let resize = "resize = [{ at = \"2m\", instance = \"m5.large\", downtime = \"60s\" }]\ninstances = 2";
    let text = format!(
        "[fleet.web]\ninstance = \"m5.2xlarge\"\nthreads = 100\nboot = {{ application = \"10s\" }}\n{resize}"
    );
    let run = run(
        &format!(
            "duration = \"9m\"\nbucket = \"2s\"\n[traffic.t]\nrate = \"60/s\"\nclient = {{ timeout = \"5s\" }}\n[request.r]\nvia = \"lb\"\n\
             steps = [{{ cpu = \"80ms\" }}]\n[balancer.lb]\ntargets = \"web\"\n{text}"
        ),
        1,
    );
    let trouble = troubles(&run)[0];
    let links = kinds(trouble);
    let cpu = links.iter().position(|it| *it == (Some(Resource::Cpu { fleet: 0 }), true));
    let cpu = cpu.unwrap_or_else(|| panic!("{}", trouble.sentence));
    let failed: Vec<usize> =
        (0..links.len()).filter(|&it| trouble.chain[it].text.contains("requests failed")).collect();
    assert!(matches!(failed[..], [first, second] if first < cpu && cpu < second), "{}", trouble.sentence);
    assert!(
        trouble.chain[failed[0]].text.starts_with("100 % of requests failed, mostly http_503"),
        "{}",
        trouble.sentence
    );
    assert!(
        trouble.chain[cpu].text.contains("2 instances of m5.large, its load needs about 3"),
        "{}",
        trouble.sentence
    );
    assert!(trouble.chain[failed[1]].text.contains("client_timeout"), "{}", trouble.sentence);
}

/// A group as old as it may be: its four instances are replaced one after the other, each away for 75 s.
#[test]
fn the_end_of_a_lifetime_is_why_those_that_are_left_fill() {
    let text = "duration = \"1445m\"\nbucket = \"60s\"\n[traffic.shop]\nrate = [[\"0s\", \"0.1/s\"], [\"1438m\", \"0.1/s\"], \
                [\"1438m\", \"110/s\"]]\nclient = { timeout = \"3s\" }\n[request.buy]\nvia = \"door\"\nsteps = [{ cpu = \"20ms\" }]\n\
                [balancer.door]\ntargets = \"web\"\nderegistration_delay = \"20s\"\n[fleet.web]\ninstance = \"m5.large\"\n\
                instances = 2\nmax_lifetime = \"86400s\"\nboot = { decision = \"5s\", launch = \"20s\", system = \"10s\", \
                bootstrap = \"30s\", application = \"10s\" }";
    let run = run(text, 1);
    let (from, _, text) = taken_out(&run, Purpose::Lifetime);
    assert_eq!(from, 86_400.0, "{text}");
    assert!(text.starts_with("end of the maximum lifetime of instances of `web`"), "{text}");
}

/// What a timetable takes away is a scale-in as well.
#[test]
fn a_timetable_that_takes_too_many_away_is_why_those_that_are_left_fill() {
    let run = group(260, 9, "instances = 4\ntimetable = [[\"0s\", 4], [\"3m\", 2]]");
    let trouble = troubles(&run)[0];
    assert_eq!(kinds(trouble)[0], (Some(Resource::ScaledIn { fleet: 0 }), true), "{}", trouble.sentence);
    assert!((trouble.chain[0].at_s - 180.0).abs() <= 5.0, "{}", trouble.sentence);
    assert!(
        trouble.chain[0].text.starts_with("`web` scaled in from 4 to 2 instances"),
        "{}",
        trouble.sentence
    );
}

/// 480/s of 10 ms are 4.8 vCPUs of the four that there are, from 3:00 to 5:00: the checks time out well after the CPU is full, and the group
/// ends one after the other for that, which is of another time than the overload.
#[test]
fn instances_ended_for_failed_checks_are_one_more_cause() {
    let run = |health: &str| {
        let text = format!(
            "duration = \"9m\"\nbucket = \"5s\"\n[traffic.web]\nrate = [[\"0m\", \"200/s\"], [\"3m\", \"200/s\"], [\"3m\", \"480/s\"], \
             [\"5m\", \"480/s\"], [\"5m\", \"200/s\"]]\nclient = {{ timeout = \"6s\", retries = 2 }}\n[request.page]\nvia = \"lb\"\n\
             steps = [{{ cpu = \"10ms\" }}]\n[balancer.lb]\ntargets = \"app\"\nhealth_check = {{ interval = \"10s\", timeout = \"2s\" }}\n\
             deregistration_delay = \"30s\"\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 2\n{health}grace = \"90s\"\n\
             boot = {{ decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"0s\", application = \"20s\" }}\n"
        );
        run(&text, 1)
    };
    let by = Some(Resource::TakenOut { fleet: 0, by: Purpose::Unhealthy });
    let replaced = run("health = \"elb\"\n");
    let first = replaced.scaling.iter().find(|it| it.cause.contains("ELB health check failure"));
    let first = first.unwrap_or_else(|| panic!("{:?}", replaced.scaling)).at_s;
    let trouble = troubles(&replaced)[0];
    assert_eq!(kinds(trouble)[0], (Some(Resource::Cpu { fleet: 0 }), true), "{}", trouble.sentence);
    let link = trouble.chain.iter().find(|it| it.resource == by);
    let link = link.unwrap_or_else(|| panic!("{}", trouble.sentence));
    assert!(link.cause && (0.0..5.0).contains(&(first - link.at_s)), "{first}: {link:?}");
    assert!(
        link.text.starts_with("replacement of unhealthy instances of `app` (")
            && link.text.contains("missing"),
        "{}",
        link.text
    );
    // A group that goes by EC2 alone ends none.
    let kept = run("");
    assert!(kept.phases.iter().flat_map(|it| &it.chain).all(|it| it.resource != by), "{:?}", kept.phases);
}

/// Half of four are out from 2:00: they drain for 20 s, install for 60 s and start for 10 s, and pass a check within 10 s; then the others.
#[test]
fn a_deployment_in_place_is_why_those_that_are_left_fill() {
    let deploy = "min = 4\nmax = 4\nversions = { v2 = {} }\ndeploy = [{ at = \"2m\", strategy = \"rolling\", version = \"v2\", \
                  batch = \"50%\", install = \"60s\" }]";
    let run = group(260, 12, deploy);
    let (from, until, text) = taken_out(&run, Purpose::Deployment);
    assert_eq!((from, text), (120.0, "deployment to `web` (up to 2 instances missing)"));
    assert!((300.0..=320.0).contains(&until), "{until}");
}
