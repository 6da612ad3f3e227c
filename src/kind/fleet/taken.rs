//! Instances that a group takes out of service, on purpose or for failed health checks: how many are missing because of it.
//!
//! In: instances that leave for a purpose. Out: a count for the record, from when such an instance gets nothing more until another
//! one, or it itself, answers in its place.

use super::model::Fleets;
use crate::flow::Flow;
use crate::flow::host::{Host, Lifecycle};
use crate::measure::resource::Resource;

impl Fleets<'_> {
    /// An instance that is to leave for a purpose does.
    pub(super) fn take_out(&mut self, instance: u32, flow: &mut Flow) {
        let Some(by) = self.instances[instance as usize].taken_by.take() else { return };
        let fleet = flow.hosts[instance as usize].group;
        let taken = &mut self.each[fleet].taken;
        match taken.iter_mut().find(|(purpose, _)| *purpose == by) {
            Some((_, count)) => *count += 1,
            None => taken.push((by, 1)),
        }
        self.note_taken(fleet, flow);
    }

    /// Records how many instances are missing of those that were taken out, and of those that EC2 refused to launch.
    pub(super) fn note_missing(&mut self, fleet: usize, flow: &mut Flow) {
        self.note_taken(fleet, flow);
        self.note_refused(fleet, flow);
        self.note_in_service(fleet, flow);
    }

    /// How many instances a group lacks of those that are to answer. What is lost is missing for another reason.
    pub(super) fn lacking(&self, fleet: usize, flow: &Flow) -> u32 {
        let alive = flow.groups[fleet].alive.iter().copied();
        let answers =
            |host: &Host| host.lifecycle == Lifecycle::InService && (host.is_running() || host.is_lost());
        let gets = |it: u32| answers(&flow.hosts[it as usize]) && self.instances[it as usize].out.is_none();
        let there = flow.capacity_of(alive.filter(|&it| gets(it)));
        let wanted = flow.groups[fleet].desired.saturating_add(self.without_replacement(fleet, flow));
        self.settings[fleet].instances_of(wanted.saturating_sub(there))
    }

    /// Records how many instances are missing of those that were taken out: no more than the group lacks. What was taken first is
    /// made up for first.
    fn note_taken(&mut self, fleet: usize, flow: &mut Flow) {
        if self.each[fleet].taken.is_empty() {
            return;
        }
        let missing = self.lacking(fleet, flow);
        let all: u32 = self.each[fleet].taken.iter().map(|(_, count)| count).sum();
        let mut made_up = all.saturating_sub(missing);
        for (by, count) in &mut self.each[fleet].taken {
            let fewer = made_up.min(*count);
            (*count, made_up) = (*count - fewer, made_up - fewer);
            flow.note_lost(Resource::TakenOut { fleet, by: *by }, None, *count);
        }
        self.each[fleet].taken.retain(|(_, count)| *count > 0);
    }
}
