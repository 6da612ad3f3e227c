//! Instances that are ended before they answer. In: boot stages, health checks and launch hooks. Out: warnings.
//!
//! Without a launch hook an instance is in service as soon as EC2 runs it, and its grace period begins. If the balancer
//! holds it for unhealthy when the grace ends, it is replaced, and the replacement has the same fate. Once it answers it has to pass
//! a check, or several. With a launch hook
//! it waits until the hook is completed; where that takes longer than the heartbeat timeout and the default result is to
//! abandon the launch, no launch ever ends in service.

use crate::kind::balancer::language::{Balancer, HealthCheck};
use crate::kind::code::Code;
use crate::kind::fleet::language::{Fleet, Waiting};
use crate::kind::warning::Warning;
use crate::units::Time;

pub(super) fn warnings(index: usize, fleet: &Fleet, balancers: &[Balancer]) -> impl Iterator<Item = Warning> {
    let checks = balancers.iter().filter(|it| it.targets.index() == index).map(|it| &it.health_check);
    [kill_loop(fleet, checks), abandoned(fleet), unprepared(fleet)].into_iter().flatten()
}

fn kill_loop<'a>(fleet: &Fleet, checks: impl Iterator<Item = &'a HealthCheck>) -> Option<Warning> {
    // Before its container runs, a task has no target that could be unhealthy.
    if fleet.tasks.is_some() {
        return None;
    }
    let boot = fleet.boot.on_the_machine();
    let healthy = checks.map(|check| check.healthy_after(boot)).max().unwrap_or(boot);
    let ends = fleet.elb_health && fleet.launch_hook.is_none() && boot.max(healthy) > fleet.grace;
    ends.then(|| {
        let (name, grace) = (&fleet.name, fleet.grace);
        let (needed, message) = match boot > grace {
            true => (
                boot,
                format!(
                    "a new instance of fleet `{name}` answers {boot} after EC2 runs it, on average, but its grace period is {grace}: \
                     the balancer's verdict ends it before it serves"
                ),
            ),
            false => (
                healthy,
                format!(
                    "a new instance of fleet `{name}` answers {boot} after EC2 runs it, on average, and its balancer finds it healthy \
                     {healthy} after EC2 runs it, but its grace period is {grace}"
                ),
            ),
        };
        let hint = format!(
            "set `grace` to more than {needed}, or add a `launch_hook` that ends when the application answers"
        );
        Warning::new(Code::GraceShorterThanBoot, &["fleet", name, "grace"], message, hint)
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
