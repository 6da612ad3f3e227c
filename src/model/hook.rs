//! Lifecycle hooks: an instance waits before it comes into service, or before it is shut down.
//!
//! In: an instance that EC2 runs, or that has drained. Out: the same instance, moved on by the completed lifecycle
//! action or by the default result when the heartbeat timeout ends.
//! (EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling lifecycle hooks".)

use super::fleet::Lifecycle;
use super::{Timer, World};
use crate::dist::Sampler;
use crate::scenario::fleet::{DefaultResult, LaunchHook, TerminateHook};
use crate::units::Time;

impl World<'_> {
    /// `Pending:Wait`: until the lifecycle action is completed, at most for the heartbeat timeout.
    pub(super) fn wait_before_service(&mut self, instance: u32, hook: &LaunchHook) {
        let state = &mut self.instances[instance as usize];
        let fleet = state.fleet;
        state.lifecycle = Lifecycle::PendingWait;
        let span = hook.complete.as_ref().map(|law| Sampler::new(law).time(&mut self.fleets[fleet].hooks[0]));
        self.wait_in_hook(instance, span, hook.heartbeat);
    }

    /// `Terminating:Wait`, likewise.
    pub(super) fn wait_before_end(&mut self, instance: u32, hook: &TerminateHook) {
        let fleet = self.instances[instance as usize].fleet;
        let span = Sampler::new(&hook.complete).time(&mut self.fleets[fleet].hooks[1]);
        self.wait_in_hook(instance, Some(span), hook.heartbeat);
    }

    /// Whichever comes first ends the wait; an action that is completed at the timeout is in time.
    fn wait_in_hook(&mut self, instance: u32, span: Option<Time>, heartbeat: Time) {
        let (completed, span) = match span {
            Some(span) if span <= heartbeat => (true, span),
            _ => (false, heartbeat),
        };
        self.flow.set(Timer::Hook { instance, completed }, self.flow.now.saturating_add(span.0));
    }

    /// An instance leaves its hook, if it is in one.
    pub(super) fn leave_hook(&mut self, instance: u32) {
        for completed in [true, false] {
            self.flow.cancel(Timer::Hook { instance, completed });
        }
    }

    /// The application runs: with a hook that waits for it, the lifecycle action is completed.
    pub(super) fn application_runs(&mut self, instance: u32) {
        let state = &self.instances[instance as usize];
        let waits = state.lifecycle == Lifecycle::PendingWait
            && self.scenario.fleets[state.fleet]
                .launch_hook
                .as_ref()
                .is_some_and(|hook| hook.complete.is_none());
        if waits {
            self.leave_hook(instance);
            self.put_in_service(instance);
        }
    }

    /// The wait in a hook ends, by a completed action or by the heartbeat timeout.
    pub(super) fn hook_ends(&mut self, instance: u32, completed: bool) {
        let state = &self.instances[instance as usize];
        let settings = &self.scenario.fleets[state.fleet];
        let launching = state.lifecycle == Lifecycle::PendingWait;
        let result = settings.launch_hook.as_ref().map(|hook| hook.default_result);
        let text = match (launching, result) {
            _ if completed => None,
            (true, Some(DefaultResult::Abandon)) => Some("launch hook timed out: launch abandoned"),
            (true, _) => Some("launch hook timed out: in service as it is"),
            (false, _) => Some("termination hook timed out: terminated"),
        };
        if let Some(text) = text {
            self.flow.incident(&settings.name, text.into());
        }
        match (launching, result) {
            (true, Some(DefaultResult::Abandon)) if !completed => {
                self.replace(instance, "a launch was abandoned: its lifecycle hook timed out");
            }
            (true, _) => self.put_in_service(instance),
            (false, _) => self.end_instance(instance),
        }
    }
}
