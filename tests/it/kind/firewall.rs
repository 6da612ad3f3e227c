//! Web ACLs: who is blocked from when until when, by hand, and what of it falls on whom.

use std::path::Path;

use simcap::outcome::{FirewallOutcome, Outcome};
use simcap::scenario;
use simcap::warning::{Code, of_scenario};

use crate::run::is_conserved;

// The language.
mod language;

// By hand.
mod matches;
mod rates;

/// A site before which a firewall stands that takes no time, and clients 50 ms away: what they send comes 50 ms later.
fn site(seconds: u32, rules: &str, sources: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"10s\"\n[client]\nround_trip = \"100ms\"\n{sources}\n\
         [request.page]\nvia = \"public\"\nsteps = [{{ delay = \"1ms\" }}]\n\
         [balancer.public]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m6i.large\"\ninstances = 2\n\
         [firewall.edge]\nbefore = \"public\"\nlatency = \"0s\"\nrules = [{rules}]\n"
    )
}

/// The row of a source.
fn of<'o>(run: &'o Outcome, source: &str) -> &'o FirewallOutcome {
    run.firewalls.iter().find(|it| it.source == source).unwrap()
}

/// Requests of a source that it looked at, and those that it blocked.
fn blocked(run: &Outcome, source: &str) -> (f64, f64) {
    let it = of(run, source);
    (it.requests, it.over_limit + it.matched)
}

/// Each request has one end, blocked ones too.
fn conserved(run: &Outcome) {
    assert!(is_conserved(&run.requests), "{:?}", run.requests);
}

fn warned(text: &str) -> Vec<(Code, String)> {
    let scenario = scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    of_scenario(&scenario, 1).into_iter().map(|it| (it.code, it.message)).collect()
}
