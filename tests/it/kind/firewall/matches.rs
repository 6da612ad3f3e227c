//! Rules that match a share of the requests of a source, the order of rules, and the bill.

use super::{blocked, conserved, of, site, warned};
use crate::run::run;
use simcap::warning::Code;

const TWO: &str = "[traffic.bots]\ninterarrival = \"10ms\"\nclient = { addresses = 5 }\n[traffic.people]\ninterarrival = \"10ms\"\n";

/// All of the bots, none of the people; and a tenth, within five standard deviations.
#[test]
fn a_share_of_each_source_matches() {
    let all = run(&site(60, "{ matches = { bots = \"100%\" } }", TWO), 1);
    assert_eq!((blocked(&all, "bots"), blocked(&all, "people")), ((5_994.0, 5_994.0), (5_994.0, 0.0)));
    conserved(&all);
    let tenth = run(&site(60, "{ matches = { bots = \"90%\", people = \"10%\" } }", TWO), 1);
    let off = (of(&tenth, "people").matched - 599.4).abs();
    assert!(off < 5.0 * (5_994.0f64 * 0.1 * 0.9).sqrt(), "{off}");
}

/// Nine of ten requests are those of bots, which are all blocked. That is no trouble where people are served as they should be; without an objective it is,
/// and so it is where people are blocked.
#[test]
fn a_blocked_attack_is_no_trouble() {
    let crowd = "[traffic.bots]\nrate = [[\"0s\", \"0/s\"], [\"60s\", \"0/s\"], [\"60s\", \"90/s\"], [\"240s\", \"90/s\"]]\nrequests = \"grab\"\n\
                 [traffic.people]\nrate = \"10/s\"\nrequests = \"page\"\n";
    let troubles = |blocks: &str, objectives: &str| {
        let text = site(240, &format!("{{ matches = {{ {blocks} }} }}"), crowd);
        let run = run(
            &format!("{text}[request.grab]\nvia = \"public\"\nsteps = [{{ delay = \"1ms\" }}]\n{objectives}"),
            1,
        );
        assert!(run.requests.failed_by_cause["http_403"] > 10_000.0);
        run.phases.iter().filter(|phase| phase.trouble).count()
    };
    let served = "[objectives]\nerrors = \"page < 1%\"\n";
    assert_eq!(troubles("bots = \"100%\"", served), 0);
    assert!(troubles("bots = \"100%\"", "") > 0);
    assert!(troubles("bots = \"100%\", people = \"50%\"", served) > 0);
}

/// A retry matches as its request did: each request that is blocked is blocked with all of its four attempts.
#[test]
fn a_retry_matches_as_its_request_did() {
    let people = "[traffic.people]\ninterarrival = \"50ms\"\nclient = { retries = { max = 3, backoff = \"10ms\", jitter = \"none\" } }\n";
    let run = run(&site(60, "{ matches = { people = \"30%\" } }", people), 1);
    let failed = run.requests.failed;
    assert!(failed > 100.0);
    // Those of the last half second may still be at it.
    assert!((of(&run, "people").matched - 4.0 * failed).abs() <= 4.0 * run.requests.in_flight);
    conserved(&run);
}

/// What a rule has blocked no later rule looks at; what it only counts, the others do.
#[test]
fn rules_look_at_a_request_in_their_order() {
    let over = "limit = 100, window = \"60s\", reaction = \"0s\"";
    let bot = "[traffic.bot]\ninterarrival = \"100ms\"\nclient = { addresses = 1 }\n";
    let two = |rules: &str| {
        let run = run(&site(60, rules, bot), 1);
        let it = of(&run, "bot");
        (it.over_limit, it.matched, it.noted)
    };
    let (rate, matching) = (format!("{{ {over} }}"), "{ matches = { bot = \"100%\" } }");
    assert_eq!(two(&format!("{rate}, {matching}")), (400.0, 199.0, 0.0));
    assert_eq!(two(&format!("{matching}, {rate}")), (0.0, 599.0, 0.0));
    let counting = "{ matches = { bot = \"100%\" }, action = \"count\" }";
    assert_eq!(two(&format!("{counting}, {rate}")), (400.0, 0.0, 599.0));
}

/// An hour of a web ACL with three rules, of which Bot Control looks at what the first one lets through.
#[test]
fn the_web_acl_its_rules_and_its_requests_are_billed() {
    let bot = "[traffic.bot]\ninterarrival = \"1s\"\n";
    let rules = "{ matches = { bot = \"100%\" }, path = \"/none\" }, { matches = { bot = \"50%\" } }, { matches = { bot = \"0%\" }, managed = \"bot_control\" }";
    let run = run(&site(3_600, rules, bot), 1);
    let looked = of(&run, "bot");
    assert_eq!(looked.requests, 3_599.0);
    let cost = |what: &str| {
        let item = run.bill.items.iter().find(|it| it.service == "WAF" && it.what == what);
        item.unwrap_or_else(|| panic!("{what}: {:?}", run.bill.items)).usd
    };
    let near = |cost: f64, expected: f64| assert!((cost - expected).abs() < 1e-9, "{cost} {expected}");
    near(cost("web ACL"), 5.0 / 730.0);
    near(cost("rules and groups of rules"), 3.0 / 730.0);
    near(cost("Bot Control"), 10.0 / 730.0);
    near(cost("requests looked at"), 0.6e-6 * 3_599.0);
    near(cost("requests that Bot Control looked at"), 1e-6 * (3_599.0 - looked.matched));
}

#[test]
fn more_requests_than_a_web_acl_may_have_are_warned_of() {
    let of = |rate: &str| site(60, "{ limit = 100 }", &format!("[traffic.all]\nrate = \"{rate}\"\n"));
    let is_warned = |rate: &str| warned(&of(rate)).iter().any(|(code, _)| *code == Code::FirewallAboveQuota);
    assert!(is_warned("26k/s") && !is_warned("24k/s"));
}
