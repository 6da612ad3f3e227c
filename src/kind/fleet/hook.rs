//! Lifecycle hooks: an instance waits before it comes into service, or before it is shut down.
//!
//! In: an instance that has started, or that has drained. Out: the same instance after the wait, ended by the completed
//! lifecycle action or by the default result: at the heartbeat timeout, or, if heartbeats are recorded, at the absolute limit.
//! (EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling lifecycle hooks".)

use super::language::{DefaultResult, LaunchHook, Patience, TerminateHook};
use super::lifecycle::leave_hook;
use super::model::{Fleets, Timer};
use crate::dist::Sampler;
use crate::flow::Flow;
use crate::flow::host::Lifecycle;
use crate::id;
use crate::units::Time;

impl Fleets<'_> {
    /// `Pending:Wait`: until the lifecycle action is completed, at most for the heartbeat timeout.
    pub(super) fn wait_before_service(&mut self, instance: u32, hook: &LaunchHook, flow: &mut Flow) {
        let host = &mut flow.hosts[instance as usize];
        host.lifecycle = Lifecycle::PendingWait;
        let stream = &mut self.each[host.group].hooks[0];
        let span = hook.complete.as_ref().map(|law| Sampler::new(law).time(stream));
        wait_in_hook(instance, span, hook.patience, flow);
    }

    /// `Terminating:Wait`, with the same limit.
    pub(super) fn wait_before_end(&mut self, instance: u32, hook: &TerminateHook, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let span = Sampler::new(&hook.complete).time(&mut self.each[fleet].hooks[1]);
        wait_in_hook(instance, Some(span), hook.patience, flow);
    }

    /// The application is up: a hook that waits for it is completed.
    pub(super) fn application_runs(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let hook = self.settings[host.group].launch_hook.as_ref();
        let waits =
            host.lifecycle == Lifecycle::PendingWait && hook.is_some_and(|hook| hook.complete.is_none());
        if waits {
            leave_hook(instance, flow);
            self.put_in_service(instance, flow);
        }
    }

    /// The wait in a hook ends, by a completed action or because it has lasted for as long as it may.
    pub(super) fn hook_ends(&mut self, instance: u32, completed: bool, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        let settings = &self.settings[fleet];
        let launching = host.lifecycle == Lifecycle::PendingWait;
        let result = settings.launch_hook.as_ref().map(|hook| hook.default_result);
        let (hook, patience) = match launching {
            true => ("launch hook", settings.launch_hook.as_ref().map(|hook| hook.patience)),
            false => ("termination hook", settings.terminate_hook.as_ref().map(|hook| hook.patience)),
        };
        let consequence = match (launching, result) {
            (true, Some(DefaultResult::Abandon)) => "launch abandoned",
            (true, _) => "in service as it is",
            (false, _) => "terminated",
        };
        if !completed {
            let ended = match patience.filter(|patience| patience.recorded.is_some()) {
                Some(patience) => format!("came to its limit of {}", patience.longest()),
                None => "timed out".into(),
            };
            flow.incident(id::Kind::Fleet, &settings.name, format!("{hook} {ended}: {consequence}"));
        }
        match (launching, result) {
            (true, Some(DefaultResult::Abandon)) if !completed => {
                self.each[fleet].abandoned += 1;
                self.replace(
                    instance,
                    "a launch was abandoned: its lifecycle hook was not completed in time",
                    flow,
                );
            }
            (true, _) => self.put_in_service(instance, flow),
            (false, _) => self.end_instance(instance, flow),
        }
    }
}

/// The earlier of the two ends the wait; an action that is completed exactly at the end of it is in time.
fn wait_in_hook(instance: u32, span: Option<Time>, patience: Patience, flow: &mut Flow) {
    let longest = patience.longest();
    let (completed, span) = match span {
        Some(span) if span <= longest => (true, span),
        _ => (false, longest),
    };
    flow.set(Timer::Hook { instance, completed }, flow.now.saturating_add(span.0));
}
