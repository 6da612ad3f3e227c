//! What records lead to, lost with its zone or its Region: when Route 53 finds it out, and when it is back.

use super::{by_first, incidents, is_near};
use crate::run::run;
use simcap::outcome::Outcome;

/// Twenty requests a second for 400 s by a name whose primary record leads to a balancer over zone a in Seoul, and whose secondary one to a balancer in
/// N. Virginia. Twenty resolvers, so that each has old answers.
fn failover(records: &str, fault: &str, further: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"400s\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\nrate = \"20/s\"\n\
             interarrival = \"constant 50ms\"\n[client]\ntimeout = \"1s\"\n[request.page]\nvia = \"www\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [dns.www]\npolicy = \"failover\"\nresolvers = 20\nrecords = [{records}]\n\
             [balancer.near]\ntargets = \"seoul\"\nhealth_check = {{ interval = \"5s\", timeout = \"2s\" }}\n\
             [fleet.seoul]\ninstance = \"m5.large\"\ninstances = 2\nazs = [\"a\"]\n\
             [balancer.far]\ntargets = \"virginia\"\n\
             [fleet.virginia]\nregion = \"us-east-1\"\ninstance = \"m5.large\"\ninstances = 2\n\
             [fault.x]\nat = \"100s\"\nfor = \"100s\"\n{fault}\n{further}\n"
        ),
        1,
    )
}

const ALIASES: &str = "{ to = \"near\", role = \"primary\" }, { to = \"far\", role = \"secondary\" }";

/// When a text is first among the incidents.
fn at(run: &Outcome, text: &str) -> f64 {
    let found = incidents(run).into_iter().find(|(_, it)| *it == text);
    found.unwrap_or_else(|| panic!("{text}: {:?}", incidents(run))).0
}

/// The only node of the balancer is lost at 100 s and found out as late as its own name leaves it out, after 30 s: 600 requests. Then those of old
/// answers fail: half of a minute's, less what has run out already at twenty resolvers that are asked once a second. The zone is back at 200 s, and the
/// node known to be at 230 s; the record is healthy when a target has passed its first check as well.
#[test]
fn an_alias_is_unhealthy_while_no_node_of_its_balancer_answers() {
    for fault in ["zone = \"a\"", "region = \"ap-northeast-2\""] {
        let run = failover(ALIASES, fault, "");
        assert_eq!(at(&run, "record of near is unhealthy"), 130.0, "{fault}");
        let (mean, of_resolvers) = (600.0 + 600.0 * 60.0 / 61.0, 20.0 * 300.0);
        let variance = of_resolvers + 200.0 + 20.0;
        assert!(is_near(run.requests.failed, mean, variance), "{fault}: {}", run.requests.failed);
        assert!(by_first(&run)[191..230].iter().all(|rate| *rate == 0.0), "{fault}");
        let healthy = at(&run, "record of near is healthy");
        assert_eq!(healthy, at(&run, "has a healthy target again").max(230.0), "{fault}");
        assert!(by_first(&run)[healthy as usize + 61..].iter().all(|rate| *rate == 20.0), "{fault}");
        let name = &run.domains[0];
        assert_eq!((name.failed, name.recovered), (1.0, 1.0), "{fault}");
    }
}

/// Without the evaluation the answer stays.
#[test]
fn what_is_not_evaluated_changes_no_record() {
    let text = ALIASES.replace("role = \"primary\"", "role = \"primary\", evaluate_target_health = false");
    let run = failover(&text, "zone = \"a\"", "");
    assert!(by_first(&run)[1..].iter().all(|rate| *rate == 20.0));
    assert_eq!(run.domains[0].failed, 0.0);
}

/// A name is unhealthy at the instant at which the records of the name that it leads to are.
#[test]
fn a_name_is_as_healthy_as_the_name_behind_it_at_once() {
    let records = "{ to = \"inner\", role = \"primary\" }, { to = \"far\", role = \"secondary\" }";
    let run = failover(records, "zone = \"a\"", "[dns.inner]\nrecords = [{ to = \"near\" }]");
    assert_eq!(at(&run, "record of near is unhealthy"), 130.0);
    assert_eq!(at(&run, "record of inner is unhealthy"), 130.0);
    assert_eq!(at(&run, "record of inner is healthy"), at(&run, "record of near is healthy"));
}

/// A bucket goes with its Region: an alias to it knows it after 30 s, and a check by one checker that fails three times in a row when the third one has waited 4 s
/// for its connection.
#[test]
fn a_bucket_of_a_lost_region_is_unhealthy() {
    let records = |how: &str| {
        format!("{{ to = \"pages\", role = \"primary\"{how} }}, {{ to = \"far\", role = \"secondary\" }}")
    };
    let of = |how: &str| {
        failover(
            &records(how),
            "region = \"ap-northeast-2\"",
            "[s3.pages]\n[traffic.other]\nrequests = \"shop\"\nrate = \"1/s\"\n[request.shop]\nvia = \"near\"\nsteps = [{ cpu = \"1ms\" }]",
        )
    };
    let alias = of("");
    assert_eq!(at(&alias, "record of pages is unhealthy"), 130.0);
    assert_eq!(at(&alias, "record of pages is healthy"), 230.0);
    let check = ", evaluate_target_health = false, health_check = { checkers = 1, interval = \"10s\", threshold = 3 }";
    let checked = of(check);
    let (down, up) =
        (at(&checked, "record of pages is unhealthy"), at(&checked, "record of pages is healthy"));
    assert!((124.0..134.0).contains(&down) && (220.0..230.0).contains(&up), "{down} {up}");
}

/// Ten instances with an address each answer with errors from 100 s on. That of the first whose check has failed three times is a sign of it: Route 53 has
/// noticed.
#[test]
fn a_check_of_route_53_notices_what_it_finds() {
    let text = "duration = \"300s\"\n[traffic.all]\nrequests = \"page\"\nrate = \"20/s\"\n[client]\ntimeout = \"2s\"\n[request.page]\nvia = \"www\"\n\
                steps = [{ delay = \"10ms\" }]\n[dns.www]\npolicy = \"multivalue\"\nttl = \"60s\"\n\
                records = [{ to = \"web\", health_check = { interval = \"10s\" } }]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 10\n\
                [fault.x]\nat = \"100s\"\nfor = \"100s\"\nfleet = \"web\"\ninstances = 10\neffect = \"fails\"";
    let run = run(text, 1);
    let found = incidents(&run).into_iter().find(|(_, text)| text.starts_with("address of")).unwrap();
    assert!(found.1.ends_with("is unhealthy") && (120.0..132.0).contains(&found.0), "{found:?}");
    // It is told with the next event, and there are 20 requests a second.
    let later = run.faults[0].detected_after_s.unwrap() - (found.0 - 100.0);
    assert!((0.0..0.1).contains(&later), "{:?}", run.faults);
    assert_eq!(run.faults[0].detected_by.as_deref(), Some("health check of `www`"));
}

/// Both answer with errors from 100 s to 200 s. Checks find that late, on both sides: what they still hold for unhealthy serves again, so no request goes to what
/// does not.
#[test]
fn what_serves_again_before_it_is_found_healthy_does_serve() {
    let text = "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\nrate = \"20/s\"\n[client]\ntimeout = \"2s\"\n[request.page]\nvia = \"www\"\n\
                steps = [{ delay = \"10ms\" }]\n[dns.www]\npolicy = \"failover\"\nttl = \"30s\"\n\
                records = [{ to = \"a\", role = \"primary\", alias = false, health_check = { interval = \"10s\" } }, \
                { to = \"b\", role = \"secondary\", alias = false, health_check = { interval = \"10s\" } }]\n\
                [balancer.a]\ntargets = \"fa\"\n[balancer.b]\ntargets = \"fb\"\n[fleet.fa]\ninstance = \"m5.large\"\ninstances = 1\n\
                [fleet.fb]\ninstance = \"m5.large\"\ninstances = 1\n[fault.x]\nat = \"100s\"\nfor = \"100s\"\nfleet = \"fa\"\neffect = \"fails\"\n\
                [fault.y]\nat = \"100s\"\nfor = \"100s\"\nfleet = \"fb\"\neffect = \"fails\"";
    let run = run(text, 1);
    assert!(run.domains[0].old > 0.0, "one of them is found healthy before the other");
    let sent = run.timeline.lost.iter().find(|it| format!("{:?}", it.of).starts_with("OldAnswer"));
    let late: f64 = sent.map_or(0.0, |it| it.rows.iter().skip(201).sum());
    assert_eq!(late, 0.0);
}
