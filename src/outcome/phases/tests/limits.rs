//! Limits that are reached once and stay so.

use std::path::Path;

/// Two instances want ten connections each, and the node takes twelve: the second one has two, of which 15/s × 100 ms take 1.5. Now
/// and then requests wait for one of them; nothing begins or ends meanwhile.
#[test]
fn connections_that_stay_at_their_limit_are_one_trouble() {
    for seed in 1..=3 {
        let text = "duration = \"20m\"\ntraffic.t.rate = \"30/s\"\n[request.r]\nvia = \"web\"\n\
             steps = [{ cpu = \"1ms\" }, { transaction = \"db\", steps = [{ write = \"1ms\" }, { delay = \"96ms\" }] }]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\npools = { db = 10 }\n[database.db]\n\
             writer = \"db.r6g.large\"\ncommit = \"2ms\"\nhop = \"0s\"\nmax_connections = 12\n";
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let outcome = crate::outcome::simulate(&scenario, seed, &mut |_| {});
        let troubles: Vec<_> = outcome.phases.iter().filter(|phase| phase.trouble).collect();
        let [trouble] = troubles[..] else { panic!("seed {seed}: {:#?}", outcome.phases) };
        assert!(trouble.from_s == 0.0 && trouble.to_s > 1_000.0, "seed {seed}: {trouble:?}");
        assert!(
            trouble.sentence.starts_with("0:00 connections of `db` at their limit (12, 8 refused"),
            "{trouble:?}"
        );
    }
}

/// Two pollers of 80 ms do 25 messages a second. From 2:00 on 100/s come: they are full within that row, and messages are overdue that
/// came in it.
#[test]
fn a_cause_is_dated_by_the_row_in_which_it_fills() {
    let text = "duration = \"8m\"\nbucket = \"5s\"\n[traffic.shop]\nrate = [[\"0m\", \"20/s\"], [\"2m\", \"20/s\"], \
         [\"2m\", \"100/s\"], [\"3m\", \"100/s\"], [\"3m\", \"20/s\"]]\ninterarrival = \"10ms\"\n[request.buy]\n\
         steps = [{ send = \"jobs\" }]\n[queue.jobs]\nworkers = \"crew\"\nvisibility_timeout = \"5m\"\nlatency = \"0ms\"\n\
         steps = [{ cpu = \"80ms\" }]\n[fleet.crew]\ninstance = \"m5.large\"\ninstances = 2\n[objectives]\nage = \"max < 40s\"\n";
    let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    let outcome = crate::outcome::simulate(&scenario, 1, &mut |_| {});
    let trouble = outcome.phases.iter().find(|phase| phase.trouble).unwrap();
    assert_eq!(trouble.from_s, 120.0, "{:#?}", outcome.phases);
    assert!(trouble.sentence.starts_with("2:00 pollers of `jobs` full"), "{}", trouble.sentence);
}
