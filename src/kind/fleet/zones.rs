//! Instances and their zones: in which one is launched, and what is lost with one.
//!
//! In: zones that are lost and that are back. Out: instances that stop without a word, that the group notices by their EC2
//! status checks and replaces in the zones that are left. (EC2 Auto Scaling user guide, "Amazon EC2 Auto Scaling benefits":
//! when a zone is unhealthy, instances are launched in another one; when it is back, they are spread evenly again.)

use std::collections::BTreeSet;

use super::language::shapes::STATUS_PERIOD;
use super::lifecycle::{leave_hook, part_done};
use super::model::{Fleets, Timer};
use crate::catalog::zone::{Place, Zone};
use crate::flow::fact::{Fact, Sign};
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::resource::{Purpose, Resource};
use crate::number::things;

/// Why a lost instance is replaced, as the activity history of a group has it.
const CAUSE: &str = "an instance was taken out of service in response to a failed EC2 status check";

impl Fleets<'_> {
    /// Instances of a fleet that stay, in a zone.
    pub(super) fn in_zone(&self, fleet: usize, zone: Zone, flow: &Flow) -> usize {
        self.staying(fleet, flow).filter(|&it| flow.hosts[it as usize].place.zone == zone).count()
    }

    /// The zones of a fleet that are not lost, in the order of the file.
    pub(super) fn open_zones(&self, fleet: usize) -> impl Iterator<Item = Zone> {
        let zones = self.settings[fleet].azs.iter().copied();
        zones.filter(|&zone| !self.lost.contains(&Place::at_home(zone)))
    }

    /// Where the next instance is launched: where the fewest are; nothing if every zone is lost.
    pub(super) fn emptiest(&self, fleet: usize, flow: &Flow) -> Option<Place> {
        self.open_zones(fleet).min_by_key(|&zone| self.in_zone(fleet, zone, flow)).map(Place::at_home)
    }

    /// An instance cannot be launched, because every zone is lost: it is launched when one is back.
    pub(super) fn no_zone_left(&mut self, fleet: usize, activity: Option<usize>, flow: &mut Flow) {
        self.each[fleet].at_once = 0;
        if let Some(activity) = activity {
            flow.journal.launch_called_off(activity);
            part_done(fleet, activity, flow);
        }
        flow.incident(
            id::Kind::Fleet,
            &self.settings[fleet].name,
            "no zone is left to launch an instance in".into(),
        );
    }

    /// A zone is lost, and with it every instance there, those that are on their way into service and out of it as well.
    pub(super) fn zone_lost(&mut self, place: Place, flow: &mut Flow) {
        self.lost.push(place);
        for fleet in 0..self.each.len() {
            self.pool_loses_zone(fleet, place, flow);
            self.standby_loses_zone(fleet, place);
            let there = |&host: &u32| {
                flow.hosts[host as usize].place == place && !flow.hosts[host as usize].is_lost()
            };
            let hosts: Vec<u32> = flow.groups[fleet].alive.iter().copied().filter(there).collect();
            if hosts.is_empty() {
                continue;
            }
            let text = format!("{} lost with zone {}", things(hosts.len() as f64, "instance"), place.zone);
            flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
            for host in hosts {
                self.lose(host, flow);
            }
            self.note_lost(fleet, flow);
        }
    }

    /// An instance is lost.
    pub(super) fn lose(&mut self, instance: u32, flow: &mut Flow) {
        let host = &mut flow.hosts[instance as usize];
        host.lost = flow.now;
        let leaving = host.lifecycle.is_terminating();
        flow.cancel(Timer::Runs { instance });
        flow.cancel(Timer::Started { instance });
        flow.tell(Fact::Lost(instance));
        self.note_in_service(flow.hosts[instance as usize].group, flow);
        if !leaving {
            leave_hook(instance, flow);
            self.watch_status(instance, flow);
        }
        self.wait_no_more(instance, flow);
        self.lose_carried(instance, flow);
    }

    /// A lost instance has failed its status checks: it is replaced, at most as many at once as for any failed check; the
    /// others fail again. Without Auto Scaling it is taken away.
    pub(super) fn noticed(&mut self, instance: u32, flow: &mut Flow) {
        let (fleet, lifecycle) =
            (flow.hosts[instance as usize].group, flow.hosts[instance as usize].lifecycle);
        if lifecycle.is_terminating() || lifecycle == Lifecycle::Terminated {
            return;
        }
        flow.tell(Fact::Noticed { of: (id::Kind::Fleet, number(fleet)), by: Sign::StatusCheck(instance) });
        if !self.settings[fleet].timetable.is_empty() {
            return self.terminate(instance, None, flow);
        }
        if self.leaves_unhealthy(fleet, flow) {
            return flow.set(Timer::Noticed { instance }, flow.now.saturating_add(STATUS_PERIOD.0));
        }
        // A launch that has failed waits for nothing: until it is replaced, nothing more is in service.
        if lifecycle != Lifecycle::InService {
            return self.replace(instance, CAUSE, flow);
        }
        // Until another one answers it is missing, though it is no longer there to be lost.
        let before = self.instances[instance as usize].taken_by.replace(Purpose::Unhealthy);
        if !self.replace_by_policy(instance, CAUSE, true, flow) {
            self.instances[instance as usize].taken_by = before;
            flow.set(Timer::Noticed { instance }, flow.now.saturating_add(STATUS_PERIOD.0));
        }
    }

    /// A zone is back: what could not be launched is launched, and instances are spread evenly again.
    pub(super) fn zone_back(&mut self, place: Place, flow: &mut Flow) {
        self.lost.retain(|lost| *lost != place);
        for fleet in 0..self.each.len() {
            let settings = &self.settings[fleet];
            if !settings.azs.contains(&place.zone) || !settings.timetable.is_empty() {
                continue;
            }
            let cause = format!("zone {} is back: launches that had found no zone", place.zone);
            self.launch_missing(fleet, cause, flow);
            self.fit_pool(fleet, flow);
            self.each[fleet].uneven = true;
            self.rebalance(fleet, flow);
        }
    }

    /// Records how many instances are lost of which the group does not know it yet: requests are still sent there. Those that were
    /// lost with a zone are told by it, others are not.
    pub(super) fn note_lost(&self, fleet: usize, flow: &mut Flow) {
        let lost = flow.groups[fleet].alive.iter().filter(|&&it| {
            let host = &flow.hosts[it as usize];
            host.is_lost() && !host.lifecycle.is_terminating()
        });
        let zone = |it: &u32| {
            let died = self.instances[*it as usize].died;
            (!died).then_some(flow.hosts[*it as usize].place.zone)
        };
        let zones: Vec<Option<Zone>> = lost.map(zone).collect();
        let own: BTreeSet<Zone> = self.settings[fleet].azs.iter().copied().collect();
        for zone in own.into_iter().map(Some).chain([None]) {
            let count = zones.iter().filter(|&&lost| lost == zone).count();
            flow.note_lost(Resource::LostInstances { fleet }, zone, number(count));
        }
    }
}
