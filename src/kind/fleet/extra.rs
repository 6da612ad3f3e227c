//! The extra batch of a rolling deployment: instances beyond the desired capacity, so that as many serve as before.
//!
//! In: a deployment that begins, and ends. Out: a batch that is launched first, and one that ends at the end. (Elastic Beanstalk developer
//! guide, "Deployment policies and settings".)

use super::instance::Refreshing;
use super::language::{Deploy, Strategy};
use super::model::Fleets;
use crate::flow::Flow;

impl Fleets<'_> {
    /// A deployment begins: its extra batch is launched, if it has one.
    pub(super) fn launch_extra(&mut self, fleet: usize, deploy: &Deploy, flow: &mut Flow) {
        let desired = flow.groups[fleet].desired;
        let count = deploy.batch.of(desired);
        let Some(refreshing) = &mut self.each[fleet].refreshing else { return };
        if deploy.strategy != Strategy::ExtraBatch || desired == 0 {
            return;
        }
        refreshing.extra = count;
        let wanted = desired.saturating_add(count);
        flow.groups[fleet].desired = wanted;
        flow.groups[fleet].under_way += 1;
        let settings = &self.settings[fleet];
        let cause = "a deployment launches an extra batch".to_owned();
        let of = (fleet, settings.name.as_str());
        let activity = flow.journal.activity(flow.now, of, (desired, wanted), cause, (count, 0));
        for _ in 0..count {
            if let Some(instance) = self.launch(fleet, Some(activity), settings.warmup, flow) {
                self.instances[instance as usize].extra = true;
            }
        }
    }

    /// Whether the extra batch does not serve yet. A rollback does not wait for what is left of it.
    pub(super) fn lacks_extra(&self, fleet: usize, refreshing: Refreshing, flow: &Flow) -> bool {
        let new = self.staying(fleet, flow).filter(|&it| {
            flow.hosts[it as usize].number >= refreshing.before && self.gets_requests(it, flow)
        });
        refreshing.back_from.is_none() && (new.count() as u32) < refreshing.extra
    }

    /// Instances of the extra batch that serve.
    pub(super) fn extra_that_serve(&self, fleet: usize, flow: &Flow) -> u32 {
        let serves = |&it: &u32| self.instances[it as usize].extra && self.gets_requests(it, flow);
        self.staying(fleet, flow).filter(serves).count() as u32
    }

    /// The deployment is over: as many instances end as it has launched, these first.
    pub(super) fn end_extra(&mut self, fleet: usize, flow: &mut Flow) {
        self.end_extra_but(0, fleet, flow);
    }

    /// The same, but for so many; those that do not serve end first.
    pub(super) fn end_extra_but(&mut self, stay: u32, fleet: usize, flow: &mut Flow) {
        let Some(refreshing) = &mut self.each[fleet].refreshing else { return };
        let count = refreshing.extra.saturating_sub(stay);
        refreshing.extra -= count;
        let desired = flow.groups[fleet].desired;
        let wanted = desired.saturating_sub(count).max(self.each[fleet].min);
        let surplus = (self.staying(fleet, flow).count() as u32).saturating_sub(wanted).min(count);
        if count == 0 {
            return;
        }
        flow.groups[fleet].desired = wanted;
        let of = (fleet, self.settings[fleet].name.as_str());
        let cause = "a deployment ends its extra batch".to_owned();
        let activity = flow.journal.activity(flow.now, of, (desired, wanted), cause, (0, surplus));
        if surplus > 0 {
            flow.groups[fleet].under_way += 1;
        }
        for _ in 0..surplus {
            let extra = || self.staying(fleet, flow).filter(|&it| self.instances[it as usize].extra);
            let first = extra().find(|&it| !self.gets_requests(it, flow)).or_else(|| extra().next());
            match first {
                Some(instance) => self.terminate(instance, Some(activity), flow),
                None => self.end_one(fleet, activity, flow),
            }
        }
    }
}
