//! Answers that clients keep: how long a change takes to be felt, and what it costs.

use super::{by_first, is_near, two};
use crate::run::is_conserved;

/// Blue to green at 100 s, with answers of 60 s at a hundred resolvers. Each is asked twice a second, so it renews its answer each 60.5 s: of 200
/// requests a second those to blue fall on a straight line to none at 160 s, from the 60 parts of 60.5 whose answer has not run out. A row between has a
/// share p of them, with a variance of 200 p (1 - p) of requests and 2² · 100 p (1 - p) of resolvers; rows that follow each other have the same resolvers.
#[test]
fn an_old_answer_gets_its_share_of_requests_until_it_runs_out() {
    let dns = "policy = \"weighted\"\nttl = \"60s\"\npropagation = \"0s\"\nresolvers = 100\n\
               records = [{ to = \"a\", weight = 1 }, { to = \"b\", weight = 0 }]\nchanges = { at = \"100s\", a = 0, b = 1 }";
    let run = two(200, 200, dns, "", 1);
    let rows = by_first(&run);
    assert!(rows[1..100].iter().all(|rate| *rate == 200.0), "before it all go there: {rows:?}");
    for after in [0, 10, 15, 30, 45, 55] {
        let share = (59.5 - f64::from(after)) / 60.5;
        let of_one = share * (1.0 - share);
        let found = rows[100 + after as usize];
        assert!(is_near(found, 200.0 * share, 600.0 * of_one), "{after}: {found}, expected {share}");
    }
    // In all about half of a minute's requests.
    let sum: f64 = rows[100..].iter().sum();
    assert!(is_near(sum, 6_000.0 * 60.0 / 60.5, 100.0 * 4.0 * 300.0 + 200.0 * 60.0 / 6.0), "{sum}");
    assert!(rows[160..].iter().all(|rate| *rate == 0.0), "{rows:?}");
    assert_eq!(run.domains[0].old, sum, "by old answers");
    assert!(is_conserved(&run.requests));
}

/// A thousand resolvers that are each asked every 50 s on the mean have an answer for 60 of 110 s only: of a minute's requests half of that part, and not
/// half, goes by old answers.
#[test]
fn an_answer_that_has_run_out_is_renewed_before_it_can_be_old() {
    let dns = "policy = \"weighted\"\nttl = \"60s\"\npropagation = \"0s\"\n\
               records = [{ to = \"a\", weight = 1 }, { to = \"b\", weight = 0 }]\nchanges = { at = \"600s\", a = 0, b = 1 }";
    let run = two(700, 20, dns, "", 1);
    let variance = 1_000.0 * 0.02 * 0.02 * 300.0 + 20.0 * 60.0 / 4.0;
    assert!(is_near(run.domains[0].old, 600.0 * 60.0 / 110.0, variance), "{}", run.domains[0].old);
}

/// The same, of which Route 53 takes 60 s to know.
#[test]
fn a_change_is_answered_when_it_has_propagated() {
    let dns = "policy = \"weighted\"\nttl = \"0s\"\nrecords = [{ to = \"a\", weight = 1 }, { to = \"b\", weight = 0 }]\n\
               changes = { at = \"20s\", a = 0, b = 1 }";
    let run = two(100, 10, dns, "", 1);
    let (before, after) = by_first(&run).split_at(80);
    assert!(before[1..].iter().all(|rate| *rate == 10.0) && after.iter().all(|rate| *rate == 0.0));
    assert_eq!(super::incidents(&run), [(80.0, "records: a 0, b 1")]);
}

/// What may not be kept is asked for by each request, and charged for; of 2,000 draws 90 % go by the first record.
#[test]
fn an_answer_that_is_not_kept_is_a_query_for_each_request() {
    let dns = "policy = \"weighted\"\nttl = \"0s\"\nrecords = [{ to = \"a\", weight = 90 }, { to = \"b\", weight = 10 }]";
    let run = two(200, 10, dns, "", 1);
    let name = &run.domains[0];
    assert_eq!((name.requests, name.queries, name.billed), (1_999.0, 1_999.0, 1_999.0));
    let sum: f64 = by_first(&run).iter().sum();
    assert!(is_near(sum, 1_800.0, 180.0), "{sum}");
    let charged = run.bill.items.iter().find(|it| it.price == "Route53/standard-queries-first-1B").unwrap();
    assert!((charged.quantity - 0.001_999).abs() < 1e-12, "{charged:?}");
}

/// One resolver that is asked ten times a second renews its answer each 60 s, and one that is asked each 45 s each 90 s.
#[test]
fn queries_follow_from_answers_that_run_out_when_they_are_needed() {
    let dns = "ttl = \"60s\"\nresolvers = 1\nrecords = [{ to = \"a\" }]";
    let often = two(600, 10, dns, "", 1);
    assert_eq!(often.domains[0].queries, 10.0);
    let text = "duration = \"30m\"\n[users.one]\ncount = 1\nthink = \"45s\"\nrequests = \"page\"\n[request.page]\nvia = \"shop\"\n\
                steps = [{ cpu = \"1ms\" }]\n[fleet.a]\ninstance = \"m5.large\"\ninstances = 1\n[dns.shop]\nttl = \"60s\"\n\
                records = [{ to = \"a\" }]";
    // It comes about 40 times, and asks each second time; of the first two only by chance.
    let queries = crate::run::run(text, 1).domains[0].queries;
    assert!((19.0..=20.0).contains(&queries), "{queries}");
}

/// An alias is kept for 60 s whatever the name says, and is free.
#[test]
fn an_alias_is_free() {
    let balancer = "[balancer.lb]\ntargets = \"a\"";
    let of = |records: &str| two(300, 20, records, balancer, 1);
    let alias = of("records = [{ to = \"lb\" }]");
    let other = of("ttl = \"60s\"\nrecords = [{ to = \"lb\", alias = false }]");
    let [alias, other] = [&alias, &other].map(|run| run.domains[0].clone());
    assert_eq!((alias.billed, other.billed), (0.0, other.queries));
    assert_eq!(alias.queries, other.queries, "they are kept for as long");
    assert!(alias.queries > 1_000.0);
}

/// A tenth of the resolvers holds what it was told for ever: a hundred of a thousand, exactly. Of the 10,000 requests after the answers of the others
/// have run out, each is of one of these with a chance of a tenth.
#[test]
fn clients_that_hold_an_answer_go_on_by_it() {
    let dns = "policy = \"weighted\"\nttl = \"10s\"\npropagation = \"0s\"\nholds = { share = \"10%\", for = \"forever\" }\n\
               records = [{ to = \"a\", weight = 1 }, { to = \"b\", weight = 0 }]\nchanges = { at = \"20s\", a = 0, b = 1 }";
    let run = two(130, 100, dns, "", 1);
    let sum: f64 = by_first(&run)[30..].iter().sum();
    assert!(is_near(sum, 1_000.0, 900.0), "{sum}");
    let for_a_while = dns.replace("forever", "60s");
    let run = two(130, 100, &for_a_while, "", 1);
    assert!(by_first(&run)[30..75].iter().sum::<f64>() > 0.0);
    assert!(by_first(&run)[80..].iter().all(|rate| *rate == 0.0), "after 60 s nobody holds it");
}
