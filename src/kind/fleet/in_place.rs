//! Deployments in place: instances stay, and their applications stop, become another version and start again.
//!
//! In: a deployment in progress. Out: instances that leave their balancers, a batch at a time, and come back; the next ones follow when
//! all of a batch pass their checks. For their group they are in service all the time. (Elastic Beanstalk developer guide, "Deployment
//! policies and settings"; CodeDeploy user guide, "AppSpec 'hooks' section".)

use super::instance::{Out, Refreshing};
use super::language::{Deploy, Strategy};
use super::model::{Fleets, Timer};
use crate::dist::Sampler;
use crate::flow::Flow;
use crate::flow::fact::Fact;
use crate::flow::host::Lifecycle;
use crate::measure::resource::Purpose;
use crate::number::things;

impl Fleets<'_> {
    /// Takes the next batch out, if the one before is back, and ends the deployment if none is left.
    pub(super) fn go_on_in_place(
        &mut self,
        fleet: usize,
        refreshing: Refreshing,
        deploy: &Deploy,
        flow: &mut Flow,
    ) {
        if refreshing.back_from.is_some() {
            self.turn_back(fleet, refreshing, flow);
        }
        let is_there = |it: u32| !flow.hosts[it as usize].is_lost();
        let is_out = |it: u32| self.instances[it as usize].out.is_some() && is_there(it);
        if self.staying(fleet, flow).any(is_out) || self.lacks_extra(fleet, refreshing, flow) {
            return;
        }
        let old = self.staying(fleet, flow).filter(|&it| {
            flow.hosts[it as usize].lifecycle == Lifecycle::InService
                && is_there(it)
                && self.is_old_one(fleet, refreshing, it, flow)
        });
        let most = match deploy.strategy {
            Strategy::AllAtOnce => u32::MAX,
            _ => deploy.batch.of(flow.groups[fleet].desired.saturating_sub(refreshing.extra)),
        };
        let batch: Vec<u32> = old.take(most as usize).collect();
        if batch.is_empty() {
            return self.end_refresh(fleet, refreshing, flow);
        }
        let verb = if batch.len() == 1 { "leaves" } else { "leave" };
        let (to, count) = (self.to_version(fleet, refreshing), things(batch.len() as f64, "instance"));
        self.say_of_refresh(fleet, format!("{count} {verb} to be restarted{to}"), flow);
        batch.into_iter().for_each(|instance| self.part(instance, refreshing, flow));
    }

    /// In a rollback, what is out to become the version that failed becomes the one before as well.
    fn turn_back(&mut self, fleet: usize, back: Refreshing, flow: &mut Flow) {
        let alive = self
            .staying(fleet, flow)
            .filter(|&it| !flow.hosts[it as usize].is_lost() && self.is_old_one(fleet, back, it, flow));
        let out: Vec<(u32, Option<Out>)> = alive.map(|it| (it, self.instances[it as usize].out)).collect();
        for (instance, out) in out {
            match out {
                Some(Out::Unproven) => self.part(instance, back, flow),
                Some(Out::Installs | Out::Starts) => self.stop_application(instance, flow),
                Some(Out::Drains) | None => {}
            }
        }
    }

    /// An instance leaves its balancers, and ends what it has.
    fn part(&mut self, instance: u32, refreshing: Refreshing, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let was_in = self.instances[instance as usize].out.is_none();
        let own = &mut self.instances[instance as usize];
        (own.out, own.restarted_for) = (Some(Out::Drains), refreshing.which);
        flow.hosts[instance as usize].draining = true;
        self.each[fleet].in_turn.remove(instance);
        if was_in {
            self.instances[instance as usize].taken_by = Some(match refreshing.back_from {
                None => Purpose::Deployment,
                Some(_) => Purpose::Rollback,
            });
            self.take_out(instance, flow);
            self.note_in_service(fleet, flow);
        }
        flow.tell(Fact::Parting(instance));
    }

    /// An instance has ended what it had, or had to: its application stops, and another version is installed.
    pub(super) fn stop_application(&mut self, instance: u32, flow: &mut Flow) {
        let host = &mut flow.hosts[instance as usize];
        (host.draining, host.down) = (false, true);
        let (fleet, is_lost) = (host.group, host.is_lost());
        if is_lost {
            return;
        }
        let own = &mut self.instances[instance as usize];
        own.out = Some(Out::Installs);
        own.gaps.goes(true, flow.now);
        let which = own.restarted_for;
        if let Some(refreshing) = self.each[fleet].refreshing {
            self.instances[instance as usize].restarted_by = refreshing.serial;
        }
        self.becomes(instance, self.wanted_version(fleet), flow);
        flow.cancel(Timer::Started { instance });
        flow.tell(Fact::Crashed(instance));
        let Some(deploy) = &self.settings[fleet].refresh[which].deploy else { return };
        let span = Sampler::new(&deploy.install).time(&mut self.each[fleet].installs);
        flow.set(Timer::Installed { instance }, flow.now.saturating_add(span.0));
    }

    /// The version is installed: its application starts.
    pub(super) fn installed(&mut self, instance: u32, flow: &mut Flow) {
        if self.instances[instance as usize].out != Some(Out::Installs)
            || flow.hosts[instance as usize].is_lost()
        {
            return;
        }
        let fleet = flow.hosts[instance as usize].group;
        self.instances[instance as usize].out = Some(Out::Starts);
        let (_, application) = self.settings[fleet].version_boot(self.instances[instance as usize].version);
        let start = Sampler::new(application).time(&mut self.each[fleet].restart);
        let span = start + self.settings[fleet].boot.next_read();
        flow.set(Timer::Started { instance }, flow.now.saturating_add(span.0));
    }

    /// The application of an instance runs again: if it was stopped to become another version, it is registered.
    pub(super) fn comes_back(&mut self, instance: u32, flow: &mut Flow) {
        if self.instances[instance as usize].out == Some(Out::Starts) {
            self.register_again(instance, flow);
        }
    }

    /// An instance may get requests again, as soon as it passes its checks.
    pub(super) fn register_again(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let own = &mut self.instances[instance as usize];
        (own.out, own.passes) = (Some(Out::Unproven), Some(false));
        flow.tell(Fact::Returned(instance));
        self.join_turns(instance, flow);
        if !self.each[fleet].checked || flow.hosts[instance as usize].unregistered {
            self.is_back_in(instance, flow);
        }
    }

    /// An instance that was out passes its checks: it counts again, and the next ones follow.
    pub(super) fn is_back_in(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let own = &mut self.instances[instance as usize];
        (own.out, own.passes) = (None, None);
        if self.each[fleet].checked {
            self.instances[instance as usize].passes = Some(true);
        }
        self.note_missing(fleet, flow);
        self.steps_forward(fleet, flow);
        self.go_on_refreshing(fleet, flow);
    }

    /// An instance leaves its group, whatever it was to be restarted for.
    pub(super) fn forget_restart(&mut self, instance: u32, flow: &mut Flow) {
        self.instances[instance as usize].out = None;
        flow.cancel(Timer::Installed { instance });
    }
}
