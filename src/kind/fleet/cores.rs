//! vCPUs that are the threads of one core: how fast each is depends on how many are busy.
//!
//! In: attempts that begin and end a step on the CPU. Out: the pace of their host, and the work that shared cores did not do, for the headroom row by row. Only a
//! fleet that asks for it has these steps.

use super::model::Fleets;
use crate::flow::Flow;
use crate::flow::next::Next;

impl Fleets<'_> {
    /// An attempt is about to begin a step on the CPU of a tier, or has ended one.
    pub(super) fn crowd(&mut self, id: u32, tier: u8, begins: bool, flow: &mut Flow) -> Next {
        let instance = flow.attempts.tier(id, tier).instance;
        if self.instances[instance as usize].throttle.is_some() {
            return self.crowd_limited(instance, begins, flow);
        }
        let host = &flow.hosts[instance as usize];
        let Some(cores) = self.hardware_of(instance, flow).cores.copied() else { return Next::Op };
        let jobs = flow.processors[host.processor as usize].jobs() + u32::from(begins);
        let granted = host.withheld.granted();
        let crowd = &mut self.instances[instance as usize].crowd;
        let each = crowd.count(&cores, jobs, granted, flow.now);
        if crowd.each != each {
            crowd.each = each;
            self.find_pace(instance, flow);
        }
        Next::Op
    }

    /// From now on the application of an instance works at this pace with the CPU that it gets.
    pub(super) fn set_warmth(&mut self, instance: u32, warmth: f64, flow: &mut Flow) {
        self.instances[instance as usize].crowd.warmth = warmth;
        self.find_pace(instance, flow);
    }

    /// The pace of an instance: that of a cold application, of cores that are shared, and of a fault, one on top of the other.
    pub(super) fn find_pace(&mut self, instance: u32, flow: &mut Flow) {
        let own = &mut self.instances[instance as usize];
        let pace = own.crowd.warmth * own.blows.speed();
        own.slowed.settle(pace, || flow.cpu_area(instance) - own.crowd.lost());
        flow.set_pace(instance, own.crowd.warmth * own.crowd.each * own.blows.speed());
    }

    /// What busy vCPUs of an instance did not do in the row because they shared their cores, in vCPU-nanoseconds, and the vCPUs with
    /// cores of their own that do as much as all of it.
    pub(super) fn shared_in_row(&mut self, instance: u32, flow: &Flow) -> (f64, f64) {
        let hardware = self.hardware_of(instance, flow);
        let (whole, cores) = (hardware.whole_vcpus(), hardware.cores.copied());
        let granted = flow.hosts[instance as usize].withheld.granted();
        let crowd = &mut self.instances[instance as usize].crowd;
        (cores.map_or(0.0, |cores| crowd.shared_in_row(&cores, granted, flow.now)), whole)
    }

    /// Of the CPU time of an instance, what was work of vCPUs that have their cores alone, of a warm application that nothing strikes.
    pub(super) fn work(&self, instance: u32, flow: &Flow) -> f64 {
        let own = &self.instances[instance as usize];
        own.slowed.work(flow.cpu_area(instance) - own.crowd.lost())
    }
}
