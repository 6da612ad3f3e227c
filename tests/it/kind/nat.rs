//! NAT gateways: ports, links, zones, and what they cost against an endpoint.

// By hand.
mod billing;
mod link;
mod ports;
mod zones;

use simcap::outcome::Outcome;

use crate::run::run;

/// Requests at equal intervals, each of which is inside of the only instance of a fleet while it does one step.
fn through(rate: &str, duration: &str, step: &str, rest: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{duration}\"\nregion = \"ap-northeast-2\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"{rate}\"\ninterarrival = \"1s\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{step}]\n[fleet.web]\ninstance = \"m6i.large\"\ninstances = 1\nazs = [\"b\"]\n\
             threads = \"unlimited\"\n{rest}\n"
        ),
        1,
    )
}

/// A service outside of the VPC that has room for all.
fn outside(time: &str) -> String {
    format!("[service.pay]\nservers = 1000\ntime = \"{time}\"\noutside = true\n")
}
