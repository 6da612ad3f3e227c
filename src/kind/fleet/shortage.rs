//! Launches that fail, because EC2 lacks capacity or the account has called it too often.
//!
//! In: launches, and the spans of the file. Out: launches in other zones, or later. (EC2 Auto Scaling user guide, "Amazon EC2
//! Auto Scaling benefits": when a launch fails in a zone, the group launches in another one. EC2 API reference, "Request
//! throttling": RunInstances takes a token for each instance, of a bucket of the account and region.)

use super::language::{Process, Shortage};
use super::lifecycle::part_done;
use super::model::{Fleets, Timer};
use crate::catalog::zone::{Place, Zone};
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::resource::Resource;
use crate::units::Time;

impl Fleets<'_> {
    /// Whether a launch fails in a zone, of whatever type of the group.
    pub(super) fn lacks_capacity(&self, fleet: usize, zone: Zone, flow: &Flow) -> bool {
        !self.settings[fleet].launch_failures.is_empty() && self.type_in(fleet, zone, flow).is_none()
    }

    /// Whether a launch of a market and a type fails in a zone.
    pub(super) fn lacks(&self, fleet: usize, zone: Zone, (spot, model): (bool, usize), flow: &Flow) -> bool {
        let settings = &self.settings[fleet];
        let name = |model: usize| settings.hardware(model).instance.name.as_str();
        let there = |span: &Shortage| {
            let staying = self.staying(fleet, flow).filter(|&it| flow.hosts[it as usize].place.zone == zone);
            let of_it = |&it: &u32| {
                let own = &self.instances[it as usize];
                span.is_about(own.spot, name(own.model))
            };
            staying.filter(of_it).count() as u32
        };
        let mut spans = settings.launch_failures.iter();
        spans.any(|span| span.fails(Time(flow.now), zone, (spot, name(model)), there))
    }

    /// Where the next instance is launched: where the fewest are, of the zones that have capacity; else why it fails, with
    /// nothing where every zone is lost.
    pub(super) fn place_of_launch(
        &mut self,
        fleet: usize,
        flow: &Flow,
    ) -> Result<Place, Option<&'static str>> {
        let able = self.open_zones(fleet).filter(|&zone| !self.lacks_capacity(fleet, zone, flow));
        match able.min_by_key(|&zone| self.in_zone(fleet, zone, flow)) {
            None if self.open_zones(fleet).next().is_none() => Err(None),
            None => Err(Some(self.no_capacity(fleet, flow))),
            Some(_) if self.settings[fleet].tasks.is_none() && !self.tokens.take(1.0, flow.now) => {
                Err(Some("launch failed: too many calls, the request limit of the account is exceeded"))
            }
            Some(zone) => Ok(Place::at_home(zone)),
        }
    }

    /// What is said where no zone has capacity: of a group of two markets, in which one.
    fn no_capacity(&self, fleet: usize, flow: &Flow) -> &'static str {
        match (self.settings[fleet].spot.is_some(), self.is_next_spot(fleet, flow)) {
            (false, _) => "launch failed: no zone has enough capacity",
            (true, true) => "launch failed: no zone has enough Spot capacity",
            (true, false) => "launch failed: no zone has enough on-demand capacity",
        }
    }

    /// Says once of each zone that a launch goes to another one because this one lacks capacity, until one succeeds there again.
    pub(super) fn note_avoided(&mut self, fleet: usize, place: Place, flow: &mut Flow) {
        if self.settings[fleet].launch_failures.is_empty() {
            return;
        }
        // Those that come before the chosen one had no capacity, or they had been chosen.
        let mut zones: Vec<Zone> = self.open_zones(fleet).collect();
        zones.sort_by_key(|&zone| self.in_zone(fleet, zone, flow));
        let before = zones.into_iter().take_while(|&zone| zone != place.zone);
        let avoided: Vec<Zone> = before.filter(|zone| !self.each[fleet].avoided.contains(zone)).collect();
        for &zone in &avoided {
            let text = format!(
                "launch failed in zone {zone}, which lacks capacity: launched in zone {}",
                place.zone
            );
            flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
        }
        let all = &mut self.each[fleet].avoided;
        all.retain(|&zone| zone != place.zone);
        all.extend(avoided);
        self.note_avoided_types(fleet, place.zone, flow);
    }

    /// The same of each type that would have come before the one that is launched.
    fn note_avoided_types(&mut self, fleet: usize, zone: Zone, flow: &mut Flow) {
        let (true, Some(chosen)) = (self.is_mixed(fleet), self.type_in(fleet, zone, flow)) else { return };
        let spot = self.is_next_spot(fleet, flow);
        let order = self.each[fleet].orders.of(spot).iter().copied();
        let before = order.take_while(|&model| model != chosen);
        let lacking = before.filter(|&model| self.lacks(fleet, zone, (spot, model), flow));
        let avoided: Vec<usize> =
            lacking.filter(|model| !self.each[fleet].avoided_types.contains(model)).collect();
        let settings = &self.settings[fleet];
        let name = |model: usize| &settings.hardware(model).instance.name;
        for &model in &avoided {
            let text = format!(
                "launch of {} failed in zone {zone}, which lacks it: launched {}",
                name(model),
                name(chosen)
            );
            flow.incident(id::Kind::Fleet, &settings.name, text);
        }
        let all = &mut self.each[fleet].avoided_types;
        all.retain(|&model| model != chosen);
        all.extend(avoided);
    }

    /// A launch has failed: it is over for its activity, and the group tries again later.
    pub(super) fn launch_failed(
        &mut self,
        fleet: usize,
        activity: Option<usize>,
        why: &'static str,
        flow: &mut Flow,
    ) {
        if let Some(activity) = activity {
            flow.journal.launch_called_off(activity);
            part_done(fleet, activity, flow);
        }
        let state = &mut self.each[fleet];
        state.failed += 1;
        // One line for all launches that fail together.
        if state.failed_at.replace(flow.now) != Some(flow.now) {
            flow.incident(id::Kind::Fleet, &self.settings[fleet].name, why.into());
        }
        let unlaunched = flow.groups[fleet].desired.saturating_sub(self.staying(fleet, flow).count() as u32);
        let state = &mut self.each[fleet];
        state.unlaunched = state.unlaunched.max(unlaunched);
        self.note_refused(fleet, flow);
        self.try_later(fleet, flow);
    }

    /// Records how many instances are missing because EC2 refused to launch them: no more than the group lacks. They are until as many
    /// answer.
    pub(super) fn note_refused(&mut self, fleet: usize, flow: &mut Flow) {
        if self.each[fleet].unlaunched > 0 {
            let missing = self.each[fleet].unlaunched.min(self.lacking(fleet, flow));
            self.each[fleet].unlaunched = missing;
            flow.note_lost(Resource::FailedLaunches { fleet }, None, missing);
        }
    }

    /// Tries again after the pause of the file, if it does not already wait for that.
    pub(super) fn try_later(&mut self, fleet: usize, flow: &mut Flow) {
        let state = &mut self.each[fleet];
        if state.retry_at <= flow.now {
            state.retry_at = flow.now.saturating_add(self.settings[fleet].launch_retry.0);
            flow.set(Timer::Retry { fleet: number(fleet) }, state.retry_at);
        }
    }

    /// The group launches what it lacks since launches have failed, and so does its warm pool.
    pub(super) fn try_again(&mut self, fleet: u16, flow: &mut Flow) {
        let fleet = usize::from(fleet);
        let cause = "launches that had failed are tried again";
        self.launch_missing(fleet, cause.into(), flow);
        self.go_on_ahead(fleet, flow);
        self.fit_pool(fleet, flow);
    }

    /// Launches the instances that a group lacks of its desired capacity.
    pub(super) fn launch_missing(&mut self, fleet: usize, cause: String, flow: &mut Flow) {
        let settings = &self.settings[fleet];
        let desired = flow.groups[fleet].desired;
        if self.is_mixed(fleet) {
            let held = self.is_suspended(fleet, Process::Launch, flow);
            return self.fit_mixed(fleet, (desired, desired), (&cause, (held, true)), settings.warmup, flow);
        }
        let missing = desired.saturating_sub(self.staying(fleet, flow).count() as u32);
        if missing == 0 || self.is_suspended(fleet, Process::Launch, flow) {
            return;
        }
        let sizes = (desired, desired);
        let cause = self.with_pool(fleet, missing, &cause, flow);
        let activity = flow.journal.activity(flow.now, (fleet, &settings.name), sizes, cause, (missing, 0));
        flow.groups[fleet].under_way += 1;
        for _ in 0..missing {
            self.launch(fleet, Some(activity), settings.warmup, flow);
        }
    }

    /// Instances that a group lacks of its desired capacity at the end, because launches have failed.
    pub(super) fn missing(&self, fleet: usize, flow: &Flow) -> u64 {
        let missing = flow.groups[fleet].desired.saturating_sub(self.staying_capacity(fleet, flow));
        match self.each[fleet].failed {
            0 => 0,
            _ => self.settings[fleet].instances_of(missing).into(),
        }
    }
}
