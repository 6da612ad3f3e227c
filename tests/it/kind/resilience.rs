//! Calls with a policy: tries, breakers, and that nothing is lost count of.

// By hand.
mod hosts;
mod limits;
mod tries;

// What is said of a file.
mod language;

// Whatever happens.
mod conservation;

use simcap::outcome::{Outcome, ResilienceOutcome};

use crate::run::run;

/// One user, whose requests enter `order` and call the station `bank` there by a policy.
fn bank(seconds: &str, users: &str, policy: &str, station: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{seconds}\"\nbucket = \"1s\"\n[users.all]\n{users}\nstart = \"request\"\n\
             [request.buy]\nvia = \"order\"\nsteps = [{{ service = \"bank\", {policy} }}]\n\
             [fleet.order]\ninstance = \"m5.large\"\ninstances = 1\n[service.bank]\n{station}\n"
        ),
        1,
    )
}

/// The one policy of a file.
fn policy(run: &Outcome) -> &ResilienceOutcome {
    let [only] = &run.kinds.resiliences[..] else { panic!("{} policies", run.kinds.resiliences.len()) };
    only
}
