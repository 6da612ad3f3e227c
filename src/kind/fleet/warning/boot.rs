//! Instances that are ended before they answer. In: boot stages, health checks and launch hooks. Out: warnings.
//!
//! Without a launch hook an instance is in service as soon as EC2 runs it, and its grace period begins. If the balancer
//! holds it for unhealthy when the grace ends, it is replaced, and the replacement has the same fate. With a launch hook
//! it waits until the hook is completed; where that takes longer than the heartbeat timeout and the default result is to
//! abandon the launch, no launch ever ends in service.

use crate::kind::code::Code;
use crate::kind::fleet::language::{Fleet, Waiting};
use crate::kind::warning::Warning;
use crate::units::Time;

pub(super) fn warnings(fleet: &Fleet) -> impl Iterator<Item = Warning> {
    [kill_loop(fleet), abandoned(fleet), unprepared(fleet)].into_iter().flatten()
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

fn abandoned(fleet: &Fleet) -> Option<Warning> {
    let hook = fleet.launch_hook.as_ref()?;
    let completed = match &hook.complete {
        Some(law) => law.mean(),
        None => fleet.boot.on_the_machine(),
    };
    let longest = hook.patience.longest();
    (fleet.abandons_launches() && completed > longest).then(|| {
        let limit = if hook.patience.recorded.is_some() { "limit of 100 heartbeat timeouts or 48 h" } else { "heartbeat timeout" };
        let message = format!(
            "the launch hook of fleet `{}` is completed {completed} after EC2 runs an instance, on average, but its \
             {limit} is {longest}: launches are abandoned before they serve",
            fleet.name
        );
        let hint = format!("set `heartbeat` to more than {completed}, or shorten what the hook waits for");
        Warning::new(Code::HookShorterThanBoot, &["fleet", &fleet.name, "launch_hook", "heartbeat"], message, hint)
    })
}

/// A pool from which instances still install for longer than they need to start.
fn unprepared(fleet: &Fleet) -> Option<Warning> {
    let pool = fleet.warm_pool.as_ref().filter(|pool| pool.state != Waiting::Running)?;
    let (system, bootstrap) = (fleet.boot.system.mean().0, fleet.boot.bootstrap.mean().0);
    let waited = fleet.launch_hook.as_ref().map_or(0, |hook| match &hook.complete {
        Some(law) => law.mean().min(hook.patience.longest()).0,
        None => u64::MAX,
    });
    let left = Time(bootstrap.min((system + bootstrap).saturating_sub(waited)));
    (left > pool.start.mean()).then(|| {
        let message = format!(
            "instances of the warm pool of fleet `{}` are stopped with {left} of their bootstrap left, on average: it goes on \
             when they are taken",
            fleet.name
        );
        let hint = "add a `launch_hook` that is completed when the application answers: `launch_hook = {}`";
        Warning::new(Code::WarmPoolWithoutHook, &["fleet", &fleet.name, "warm_pool"], message, hint)
    })
}
