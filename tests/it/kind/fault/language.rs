//! What a file can say of faults, and what it is warned of.

use std::path::Path;

use simcap::scenario::{self, ScenarioError};
use simcap::warning;
use simcap::warning::Code;

use crate::run::{self, run};

fn shop(more: &str) -> String {
    format!(
        "duration = \"60s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"lb\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
         [balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 4\nazs = [\"a\", \"c\"]\n{more}"
    )
}

fn warned(text: &str) -> Vec<(String, String)> {
    let found = warning::of_scenario(&run::scenario(text), 1).into_iter();
    found.filter(|it| it.code == Code::FaultWithoutEffect).map(|it| (it.path(), it.message)).collect()
}

#[test]
fn a_fault_where_nothing_is_and_one_after_the_end_are_warned_of() {
    let fault = |zone: &str, at: &str| shop(&format!("[fault.power]\nzone = \"{zone}\"\nat = \"{at}\"\n"));
    assert_eq!(warned(&fault("c", "30s")), []);
    let message = &warned(&fault("c", "60s"))[0].1;
    assert!(message.ends_with("begins at 1m, at the end of the run"), "{message}");
    let [(path, message)] = &warned(&fault("b", "30s"))[..] else { panic!() };
    assert_eq!(path, "fault.power.zone");
    assert_eq!(message, "fault `power` takes zone b, in which nothing has a place");
    let [(path, _)] = &warned(&fault("c", "60s"))[..] else { panic!() };
    assert_eq!(path, "fault.power.at");
}

/// Instances where their fleet has none, and a service that no request uses.
#[test]
fn a_fault_that_strikes_nothing_is_warned_of() {
    let fault = |what: &str| shop(&format!("[fault.bad]\nat = \"30s\"\n{what}\n"));
    let crash = |zone: &str| fault(&format!("fleet = \"web\"\neffect = \"crashes\"\nzone = \"{zone}\""));
    assert_eq!(warned(&crash("c")), []);
    let [(path, message)] = &warned(&crash("b"))[..] else { panic!() };
    assert_eq!(path, "fault.bad.zone");
    assert_eq!(message, "fault `bad` strikes instances of `web` in zone b, where it has none");
    let bank = "service = \"bank\"\neffect = \"hangs\"\n[service.bank]\nservers = 1\ntime = \"1ms\"";
    let [(path, message)] = &warned(&fault(bank))[..] else { panic!() };
    assert_eq!(path, "fault.bad.service");
    assert_eq!(message, "fault `bad` strikes `bank`, which no request uses");
    let used = fault(bank).replace("{ cpu = \"1ms\" }", "{ service = \"bank\" }");
    assert_eq!(warned(&used), []);
}

/// More instances than the fleet of four ever has, and a first strike that comes after the end of the run of 60 s on the mean.
#[test]
fn a_fault_that_strikes_more_than_there_is_or_after_the_end_is_warned_of() {
    let dies = |more: &str| shop(&format!("[fault.bad]\nfleet = \"web\"\neffect = \"dies\"\n{more}\n"));
    assert_eq!(warned(&dies("at = \"30s\"\ninstances = 4")), []);
    let [(path, message)] = &warned(&dies("at = \"30s\"\ninstances = 5"))[..] else { panic!() };
    assert_eq!(path, "fault.bad.instances");
    assert_eq!(message, "fault `bad` strikes 5 instances of `web`, which never has more than 4 instances");
    assert_eq!(warned(&dies("every = \"exponential 20s\"\nat = \"30s\"")), []);
    assert_eq!(warned(&dies("every = \"exponential 40s\"\nat = \"30s\"")), [], "it may be short");
    let [(path, message)] = &warned(&dies("every = \"40s\"\nat = \"30s\""))[..] else { panic!() };
    assert_eq!(path, "fault.bad.every");
    assert!(message.starts_with("fault `bad` strikes every 40s on the mean"), "{message}");
}

/// Keys of a hint are those that have a meaning beside the others: nothing of a service beside `fleet`, and no `for` of what dies.
#[test]
fn hints_offer_keys_that_go_with_the_others() {
    let hint = |more: &str| {
        let text = shop(&format!("[fault.bad]\n{more}\n"));
        match scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]) {
            Err(ScenarioError::Invalid(report)) => report.render(false),
            other => panic!("{other:?}"),
        }
    };
    let dies = hint("fleet = \"web\"\neffect = \"dies\"\nat = \"1s\"\nfor = \"2s\"");
    assert!(dies.contains("possible here: `zone`, `instances`, `share`, `every`\n"), "{dies}");
    let name = hint("balancer = \"lb\"\nat = \"1s\"");
    assert!(name.contains("hint: add `effect`: \"unreachable\" or \"refuses\"\n"), "{name}");
}

/// A replica of a cache would take over, which a run does not show: that is said, where it matters.
#[test]
fn replicas_of_a_lost_shard_that_do_not_take_over_are_warned_of() {
    let codes = |zone: &str, replicas: u32, multi_az: bool| {
        let cache = format!(
            "[cache.store]\nnode = \"cache.r6g.large\"\nazs = [\"c\"]\nreplicas = {replicas}\nmulti_az = {multi_az}\n"
        );
        let what = match zone {
            "shard" => "cache = \"store\"\nshard = 1\neffect = \"dies\"".to_owned(),
            "all" => "cache = \"store\"\neffect = \"dies\"".to_owned(),
            zone => format!("zone = \"{zone}\""),
        };
        let text = shop(&format!("{cache}[fault.power]\n{what}\nat = \"30s\"\n"));
        let found = warning::of_scenario(&run::scenario(&text), 1);
        found.iter().filter(|it| it.code == Code::FailoverNotSimulated).count()
    };
    assert_eq!(
        [codes("c", 1, false), codes("c", 0, false), codes("a", 1, false), codes("c", 1, true)],
        [1, 0, 0, 0]
    );
    // One shard dies; where all nodes do, no replica is left.
    assert_eq!([codes("shard", 1, false), codes("shard", 1, true), codes("all", 1, false)], [1, 0, 0]);
}

/// A fault has nothing that could be full.
#[test]
fn a_fault_has_no_headroom() {
    let text =
        shop("[fault.power]\nzone = \"c\"\nat = \"30s\"\n[objectives]\nheadroom = \"of power > 1.5\"\n");
    let error = scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]).unwrap_err();
    let ScenarioError::Invalid(report) = error else { panic!("{error}") };
    assert!(report.render(false).contains("`power`"), "{}", report.render(false));
}

fn refused(text: &str) -> String {
    match scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]) {
        Err(ScenarioError::Invalid(report)) => report.render(false),
        other => panic!("{other:?}"),
    }
}

/// A zone is a letter from a to f, and a fleet names each once.
#[test]
fn zones_are_letters() {
    let text = shop("[fault.power]\nzone = \"eu-west-1b\"\nat = \"30s\"\n");
    assert!(refused(&text).contains("`eu-west-1b` is not a zone"), "{}", refused(&text));
    let twice = shop("").replace("[\"a\", \"c\"]", "[\"a\", \"a\"]");
    assert!(refused(&twice).contains("zone `a` comes twice"), "{}", refused(&twice));
    let none = shop("").replace("[\"a\", \"c\"]", "[]");
    assert!(refused(&none).contains("no zone at all"), "{}", refused(&none));
}

/// The same bytes but for the incidents: what is not there is not hurt.
#[test]
fn a_fault_where_nothing_is_changes_nothing() {
    let without = run(&shop(""), 7);
    let mut with = run(&shop("[fault.power]\nzone = \"b\"\nat = \"30s\"\n"), 7);
    assert_eq!(std::mem::take(&mut with.timeline.fault_totals).len(), 1);
    assert_eq!(format!("{:?}", without.timeline), format!("{:?}", with.timeline));
    assert_eq!(without.requests, with.requests);
    assert_eq!(with.incidents.len(), 1);
}

/// Each zone by its own turn: a fault takes the instances of its zone, and no others.
#[test]
fn instances_are_in_the_zones_that_the_file_names() {
    let lost = |zone: &str| {
        let run = run(&shop(&format!("[fault.power]\nzone = \"{zone}\"\nat = \"30s\"\n")), 1);
        run.incidents.iter().find(|it| it.resource == "web").map(|it| it.text.clone())
    };
    assert_eq!(lost("a").as_deref(), Some("2 instances lost with zone a"));
    assert_eq!(lost("c").as_deref(), Some("2 instances lost with zone c"));
    assert_eq!(lost("b"), None);
}

/// A standby is in another zone than the writer, and an array of zones names more than one, or one once.
#[test]
fn zones_that_say_nothing_are_refused() {
    let with = |more: &str| shop(&format!("[database.db]\nwriter = \"db.r6g.large\"\nreplicas = 2\n{more}"));
    let alone = refused(&with("engine = \"mysql\"\nmulti_az = true\nazs = [\"a\"]\n"));
    assert!(alone.contains("one zone, and a standby"), "{alone}");
    let same = refused(&with("azs = [\"b\", \"b\"]\n"));
    assert!(same.contains("zone `b` and no other"), "{same}");
    // The first replica is beside the writer.
    run(&with("azs = [\"a\", \"a\", \"b\"]\n"), 1);
    run(&with("engine = \"mysql\"\nmulti_az = true\nazs = [\"a\", \"c\"]\n"), 1);
    let aurora = refused(&with("multi_az = true\n"));
    assert!(aurora.contains("Aurora has no standby"), "{aurora}");
}
