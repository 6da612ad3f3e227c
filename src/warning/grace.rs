//! A grace period that ends before a new instance answers. In: boot stages and health checks. Out: warnings.
//!
//! Without a launch hook an instance is in service as soon as EC2 runs it, and its grace period begins. If the balancer
//! holds it for unhealthy when the grace ends, it is replaced, and the replacement has the same fate.

use super::found::Warning;
use crate::kind::fleet::language::Fleet;
use crate::scenario::Scenario;
use crate::scenario::code::Code;

pub(super) fn warnings(scenario: &Scenario) -> Vec<Warning> {
    scenario.fleets.iter().filter_map(kill_loop).collect()
}

fn kill_loop(fleet: &Fleet) -> Option<Warning> {
    let boot = fleet.boot.on_the_machine();
    let ends = fleet.elb_health && fleet.launch_hook.is_none() && boot > fleet.grace;
    ends.then(|| {
        let message = format!(
            "a new instance of fleet `{}` answers {boot} after EC2 runs it, on average, but its grace period is {}: the \
             balancer's verdict ends it before it serves",
            fleet.name, fleet.grace
        );
        let hint = format!("set `grace` to more than {boot}, or add a `launch_hook` that ends when the application answers");
        Warning::new(Code::GraceShorterThanBoot, &["fleet", &fleet.name, "grace"], message, hint)
    })
}
