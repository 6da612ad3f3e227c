//! Rate rules: an address is over the limit, is blocked at the next check, and is let in again when the window has emptied.

use super::{blocked, conserved, of, site};
use crate::run::run;

/// Ten requests a second from one address, from 0.15 s on.
const BOT: &str = "[traffic.bot]\ninterarrival = \"100ms\"\nclient = { addresses = 1 }\n";

fn limit(more: &str) -> String {
    format!("{{ limit = 100, window = \"60s\"{more} }}")
}

/// 99 have come at the check of 10 s, and 199 at that of 20 s: from then on all are blocked. They count all the same, so that the
/// address stays over the limit.
#[test]
fn an_address_over_the_limit_is_blocked_from_the_next_check() {
    let run = run(&site(60, &limit(", reaction = \"0s\""), BOT), 1);
    assert_eq!(blocked(&run, "bot"), (599.0, 400.0));
    assert_eq!(run.requests.failed_by_cause["http_403"], 400.0);
    assert_eq!(run.timeline.firewalls[0].blocked, [0.0, 0.0, 10.0, 10.0, 10.0, 10.0]);
    conserved(&run);
}

/// The same 10 s later, and with checks every 5 s: 149 at the check of 15 s.
#[test]
fn what_a_check_has_seen_is_felt_after_the_reaction() {
    let later = |more: &str| blocked(&run(&site(60, &limit(more), BOT), 1), "bot").1;
    assert_eq!(later(", reaction = \"10s\""), 300.0);
    assert_eq!(later(""), 300.0, "10 s is what it takes if the file does not say");
    assert_eq!(later(", reaction = \"25s\""), 150.0, "two more checks have come meanwhile");
    assert_eq!(later(", reaction = \"0s\", check_every = \"5s\""), 450.0);
}

/// Ten a second until 25 s, then one a second, from 25.5 s on. In the minutes before the checks of 70, 80 and 90 s 195, 105 and 60 have
/// come: it is let in again at 90 s.
#[test]
fn an_address_is_let_in_again_when_the_window_has_emptied() {
    let bot = "[traffic.bot]\nrate = [[\"0s\", \"10/s\"], [\"24.95s\", \"10/s\"], [\"24.95s\", \"1/s\"]]\n\
               interarrival = \"1s\"\nclient = { addresses = 1 }\n";
    let run = run(&site(100, &limit(", reaction = \"0s\""), bot), 1);
    assert_eq!(blocked(&run, "bot"), (249.0 + 75.0, 50.0 + 65.0));
    conserved(&run);
}

/// Four users on two addresses: each address sends twice as often as a user.
#[test]
fn each_address_has_a_count_of_its_own() {
    let users = |count: u32, addresses: &str| {
        format!(
            "[users.all]\ncount = {count}\nthink = \"900ms\"\nclient = {{ round_trip = \"0s\"{addresses} }}\n"
        )
    };
    // A cycle of 901 ms, and of 900 ms where the request is blocked: 16 before 15 s.
    let over = |count: u32, addresses: &str| {
        let rule = "{ limit = 30, window = \"60s\", check_every = \"15s\", reaction = \"0s\" }";
        let run = run(&site(30, rule, &users(count, addresses)), 1);
        conserved(&run);
        of(&run, "all").over_limit
    };
    assert_eq!(over(2, ""), 0.0, "32 of two users, but each has an address of its own");
    assert_eq!(over(2, ", addresses = 2"), 0.0);
    assert!(over(2, ", addresses = 1") > 0.0, "32 of both");
    assert_eq!(over(4, ", addresses = 4"), 0.0);
    let (of_two, of_four) = (over(4, ", addresses = 2"), over(2, ", addresses = 1"));
    assert_eq!(of_two, 2.0 * of_four);
}

/// Twenty people of an office ask every 2.1 s: none of them often, but they have one address. By 20 s each has sent nine.
#[test]
fn people_behind_one_address_are_blocked_like_a_bot() {
    let office = |client: &str| format!("[users.office]\ncount = 20\nthink = \"2s\"\n{client}");
    let rule = limit(", reaction = \"0s\"");
    let behind = run(&site(30, &rule, &office("client = { addresses = 1 }\n")), 1);
    let (came, stopped) = blocked(&behind, "office");
    assert_eq!(came - stopped, 180.0);
    assert!(stopped >= 80.0, "{stopped}");
    let apart = run(&site(30, &rule, &office("")), 1);
    assert_eq!(blocked(&apart, "office").1, 0.0);
}

/// Bots and people side by side: only the bots are blocked, and the page says so by source. Open traffic without addresses never
/// repeats one.
#[test]
fn the_requests_of_each_source_are_counted_apart() {
    let people = "[traffic.people]\ninterarrival = \"20ms\"\n[traffic.crowd]\ninterarrival = \"20ms\"\nclient = { addresses = 2000 }\n";
    let run = run(&site(60, &limit(", reaction = \"0s\""), &format!("{BOT}{people}")), 1);
    assert_eq!(blocked(&run, "bot"), (599.0, 400.0));
    assert_eq!(blocked(&run, "people"), (2_997.0, 0.0));
    assert_eq!(blocked(&run, "crowd"), (2_997.0, 0.0));
    conserved(&run);
}

/// Only requests of the path count, and only those are blocked.
#[test]
fn a_rule_for_a_path_looks_at_no_other() {
    let sources = "[traffic.bot]\ninterarrival = \"100ms\"\nrequests = { page = 1, cart = 1 }\nclient = { addresses = 1 }\n\
                   [request.cart]\nvia = \"public\"\npath = \"/cart/add\"\nsteps = [{ delay = \"1ms\" }]\n";
    let run = run(&site(60, &limit(", path = \"/cart/*\", reaction = \"0s\""), sources), 1);
    let class = |name: &str| run.classes.iter().find(|it| it.name == name).unwrap().requests.failed;
    // About half of them: 150 by 30 s, at the latest.
    assert!(class("cart") >= 100.0 && class("page") == 0.0, "{} {}", class("cart"), class("page"));
}
