//! How many instances a fleet should have: desired capacity, scheduled actions, timetables.
//!
//! In: sizes from policies and actions. Out: activities that launch or terminate. Scale-out compares with the desired
//! capacity, which includes the instances being launched. (EC2 Auto Scaling user guide, "Scheduled scaling".)

use super::language::Process;
use super::model::Fleets;
use crate::flow::Flow;
use crate::flow::host::Lifecycle;
use crate::id;
use crate::units::Time;

impl Fleets<'_> {
    /// Sets the desired capacity within the bounds of the group and starts the launches or terminations for it.
    pub(super) fn set_desired(
        &mut self,
        fleet: usize,
        wanted: u32,
        cause: &str,
        warmup: Time,
        flow: &mut Flow,
    ) {
        let state = &mut self.each[fleet];
        let extra = state.refreshing.map_or(0, |refreshing| refreshing.extra);
        let max = state.max.max(state.min).saturating_add(extra);
        if wanted > max {
            state.wanted_most = state.wanted_most.max(wanted);
            state.wanted_times += 1;
        }
        let most =
            if wanted > max { format!("; {wanted} wanted, the maximum is {max}") } else { String::new() };
        let wanted = wanted.clamp(state.min, max);
        let from = std::mem::replace(&mut flow.groups[fleet].desired, wanted);
        if wanted == from {
            return;
        }
        self.note_missing(fleet, flow);
        if self.is_mixed(fleet) {
            return self.set_mixed(fleet, (from, wanted), format!("{cause}{most}"), warmup, flow);
        }
        let staying = self.staying(fleet, flow).count() as u32;
        let mut change = (wanted.saturating_sub(staying), staying.saturating_sub(wanted));
        let mut held = String::new();
        if change.0 > 0 && self.is_suspended(fleet, Process::Launch, flow) {
            (change.0, held) = (0, "; launches are suspended".into());
        }
        if change.1 > 0 && self.is_suspended(fleet, Process::Terminate, flow) {
            (change.1, held) = (0, "; terminations are suspended".into());
        }
        let unprotected = self.unprotected(fleet, flow).count() as u32;
        if change.1 > unprotected {
            let verb = if unprotected == 1 { "ends" } else { "end" };
            held = format!("; {unprotected} of {} {verb}, the others are protected from scale-in", change.1);
            change.1 = unprotected;
        }
        let name = &self.settings[fleet].name;
        let cause = self.with_pool(fleet, change.0, cause, flow) + &most + &held;
        let activity = flow.journal.activity(flow.now, (fleet, name), (from, wanted), cause, change);
        if change == (0, 0) {
            return self.fit_pool(fleet, flow);
        }
        flow.groups[fleet].under_way += 1;
        for _ in 0..change.0 {
            self.launch(fleet, Some(activity), warmup, flow);
        }
        for _ in 0..change.1 {
            self.end_one(fleet, activity, flow);
        }
        self.fit_pool(fleet, flow);
    }

    /// The same of a group of several types, whose desired capacity has changed.
    fn set_mixed(&mut self, fleet: usize, sizes: (u32, u32), cause: String, warmup: Time, flow: &mut Flow) {
        let launches = self.is_suspended(fleet, Process::Launch, flow);
        let ends = self.is_suspended(fleet, Process::Terminate, flow);
        let held = match (launches, ends) {
            (true, _) if sizes.1 > sizes.0 => "; launches are suspended",
            (_, true) if sizes.1 < sizes.0 => "; terminations are suspended",
            _ => "",
        };
        // What a launch has brought too much stays until less is desired.
        let stay = ends || sizes.1 >= sizes.0;
        self.fit_mixed(fleet, sizes, (&format!("{cause}{held}"), (launches, stay)), warmup, flow);
    }

    /// A forecast is above the maximum, which is raised for it.
    pub(super) fn may_grow(&mut self, fleet: usize, max: u32, flow: &mut Flow) {
        let before = self.each[fleet].max;
        if max > before {
            self.each[fleet].max = max;
            let text = format!("the maximum is raised from {before} to {max} for a forecast above it");
            flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
            self.fit_pool(fleet, flow);
        }
    }

    /// Takes one instance out of service for a scale-in.
    pub(super) fn end_one(&mut self, fleet: usize, activity: usize, flow: &mut Flow) {
        if let Some(instance) = self.victim(fleet, flow) {
            self.instances[instance as usize].returns = self.is_reused(instance, flow);
            self.terminate(instance, Some(activity), flow);
        }
    }

    /// The cause of an activity, with how many of its launches come from the warm pool.
    pub(super) fn with_pool(&self, fleet: usize, launches: u32, cause: &str, flow: &Flow) -> String {
        let ready = self.ready_in_pool(fleet, flow).min(launches);
        match self.each[fleet].pool.is_some() && launches > 0 {
            true => format!("{cause}; {ready} of {launches} from the warm pool"),
            false => cause.to_owned(),
        }
    }

    /// Whether an instance that a scale-in takes out of service goes back into the warm pool.
    fn is_reused(&self, instance: u32, flow: &Flow) -> bool {
        let host = &flow.hosts[instance as usize];
        let pool = self.settings[host.group].warm_pool.as_ref();
        pool.is_some_and(|pool| pool.reuse) && host.lifecycle == Lifecycle::InService && host.is_running()
    }

    /// Instances of a group that are not on their way out, oldest first.
    pub(super) fn staying<'a>(&'a self, fleet: usize, flow: &'a Flow) -> impl Iterator<Item = u32> + 'a {
        let alive = flow.groups[fleet].alive.iter().copied();
        alive.filter(|&instance| {
            let leaving = flow.hosts[instance as usize].lifecycle.is_terminating();
            !leaving && !self.instances[instance as usize].relieved
        })
    }

    /// A scheduled action sets sizes.
    pub(super) fn scheduled_action(&mut self, fleet: u16, action: u16, flow: &mut Flow) {
        let index = usize::from(fleet);
        let settings = &self.settings[index];
        if self.is_suspended(index, Process::ScheduledActions, flow) {
            let text = "a scheduled action is lost: ScheduledActions is suspended".to_owned();
            return flow.incident(id::Kind::Fleet, &settings.name, text);
        }
        let action = &settings.schedule[usize::from(action)];
        self.set_sizes(index, (action.min, action.max, action.desired), "a scheduled action", flow);
    }

    /// The smallest, the largest and the desired size are set, those that are given. AWS refuses a smallest size above the largest.
    pub(super) fn set_sizes(
        &mut self,
        fleet: usize,
        (min, max, desired): (Option<u32>, Option<u32>, Option<u32>),
        cause: &str,
        flow: &mut Flow,
    ) {
        let state = &mut self.each[fleet];
        let (min, max) = (min.unwrap_or(state.min), max.unwrap_or(state.max));
        if min > max {
            let text = format!("{cause} is refused: a smallest size of {min} above a largest of {max}");
            return flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
        }
        (state.min, state.max) = (min, max);
        let wanted = desired.unwrap_or(flow.groups[fleet].desired);
        self.set_desired(fleet, wanted, cause, self.settings[fleet].warmup, flow);
        self.fit_pool(fleet, flow);
    }

    /// The timetable puts servers into service or takes them out, at once.
    pub(super) fn timetable_change(&mut self, fleet: u16, change: u16, flow: &mut Flow) {
        let index = usize::from(fleet);
        let (_, wanted) = self.settings[index].timetable[usize::from(change)];
        let lost: Vec<u32> =
            self.staying(index, flow).filter(|&it| flow.hosts[it as usize].is_lost()).collect();
        lost.into_iter().for_each(|instance| self.terminate(instance, None, flow));
        let serving = flow.in_service(index);
        self.each[index].at_once = wanted.saturating_sub(serving);
        self.put_next_in_service_at_once(index, flow);
        for _ in wanted..serving {
            if let Some(instance) = self.victim(index, flow) {
                self.terminate(instance, None, flow);
            }
        }
        flow.groups[index].desired = wanted;
    }
}
