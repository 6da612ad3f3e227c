//! How an instance refresh ends: it has replaced all, it fails, it is cancelled; and how it is rolled back.
//!
//! In: a refresh of which nothing is left to do, alarms, and times. Out: the version of the group from then on, or another refresh that
//! takes back what the first one has brought. (EC2 Auto Scaling user guide, "Undo changes with a manual or auto rollback", "Cancel
//! an instance refresh"; API reference, RefreshPreferences: AlarmSpecification, AutoRollback, BakeTime.)

use super::instance::{Refreshing, Stage};
use super::model::{Fleets, Timer};
use crate::flow::{Flow, number};
use crate::id::{self, AlarmOf};
use crate::measure::deployment::Ended;
use crate::measure::totals::AlarmState;
use crate::number::things;

impl Fleets<'_> {
    /// Nothing is left to replace: the refresh ends once the new ones are warm.
    pub(super) fn end_refresh(&mut self, fleet: usize, refreshing: Refreshing, flow: &mut Flow) {
        let refresh = &self.settings[fleet].refresh[refreshing.which];
        let alive = flow.groups[fleet].alive.iter().copied();
        let stays = alive.filter(|&it| !flow.hosts[it as usize].lifecycle.is_terminating());
        // Those on standby are waited for.
        let all = stays.map(|it| self.made(it, flow)).chain(self.made_on_standby(fleet, flow));
        let any_old = all.into_iter().any(|made| self.is_old(fleet, refreshing, made));
        let count = self.that_count(fleet, refreshing, refresh, flow);
        if any_old || count < flow.groups[fleet].desired {
            return;
        }
        let text = self.has_done(fleet, refreshing);
        self.end_extra(fleet, flow);
        let refreshing = Refreshing { extra: 0, ..refreshing };
        self.all_replaced(fleet, refreshing, text, flow);
    }

    /// All that was to be replaced is, and warm: the refresh waits whether an alarm comes, or is complete.
    pub(super) fn all_replaced(
        &mut self,
        fleet: usize,
        refreshing: Refreshing,
        text: String,
        flow: &mut Flow,
    ) {
        let bake = self.settings[fleet].refresh[refreshing.which].bake;
        if bake.0 == 0 || refreshing.back_from.is_some() {
            self.say_of_refresh(fleet, text, flow);
            return self.complete(fleet, refreshing, flow);
        }
        self.say_of_refresh(fleet, format!("{text}, and waits {bake} before it ends"), flow);
        self.each[fleet].refreshing = Some(Refreshing { stage: Stage::Bakes, ..refreshing });
        flow.cancel(Timer::GivesUp { fleet: number(fleet) });
        flow.set(Timer::Baked { fleet: number(fleet) }, flow.now.saturating_add(bake.0));
        self.fit_after(fleet, refreshing, flow);
    }

    /// No alarm came in the bake time.
    pub(super) fn complete_refresh(&mut self, fleet: usize, flow: &mut Flow) {
        if let Some(refreshing) = self.each[fleet].refreshing {
            let (_, title) = self.title(fleet, refreshing.which);
            let text = format!("the {title}{} is complete", self.to_version(fleet, refreshing));
            self.say_of_refresh(fleet, text, flow);
            self.complete(fleet, refreshing, flow);
        }
    }

    /// The group has the version of its refresh from now on.
    fn complete(&mut self, fleet: usize, refreshing: Refreshing, flow: &mut Flow) {
        self.each[fleet].version = refreshing.version;
        self.end_rollout(fleet, refreshing, flow);
    }

    /// Nothing more comes of a refresh or a deployment.
    fn end_rollout(&mut self, fleet: usize, refreshing: Refreshing, flow: &mut Flow) {
        self.note_in_service(fleet, flow);
        flow.journal.deployment_over(refreshing.entry, flow.now);
        self.stop_refreshing(fleet, flow);
        self.end_blue(fleet, flow);
        self.fit_after(fleet, refreshing, flow);
        self.each[fleet].rollout = None;
    }

    /// A deployment that launched as many as there were leaves as many as are desired since.
    fn fit_after(&mut self, fleet: usize, refreshing: Refreshing, flow: &mut Flow) {
        let deploy = self.settings[fleet].refresh[refreshing.which].deploy.as_ref();
        if deploy.is_some_and(|deploy| !deploy.strategy.is_in_place()) {
            let cause = "other than desired after a deployment";
            self.end_surplus(fleet, cause, flow);
            self.launch_missing(fleet, cause.into(), flow);
        }
    }

    /// No refresh is in progress any more, and nothing comes of it.
    fn stop_refreshing(&mut self, fleet: usize, flow: &mut Flow) {
        self.each[fleet].refreshing = None;
        for timer in self.waits_of(fleet) {
            flow.cancel(timer);
        }
    }

    fn waits_of(&self, fleet: usize) -> [Timer; 3] {
        let fleet = number(fleet);
        [Timer::Checkpoint { fleet }, Timer::Baked { fleet }, Timer::GivesUp { fleet }]
    }

    /// A refresh has come a step forward: from now on it may take so long again.
    pub(super) fn steps_forward(&self, fleet: usize, flow: &mut Flow) {
        if let Some(Refreshing { which, stage: Stage::Replaces, .. }) = self.each[fleet].refreshing {
            let span = self.settings[fleet].refresh[which].gives_up;
            flow.set(Timer::GivesUp { fleet: number(fleet) }, flow.now.saturating_add(span.0));
        }
    }

    /// A refresh has not gone on for as long as it waits.
    pub(super) fn give_refresh_up(&mut self, fleet: usize, flow: &mut Flow) {
        if let Some(refreshing) = self.each[fleet].refreshing {
            let span = self.settings[fleet].refresh[refreshing.which].gives_up;
            let what = match self.strategy(fleet) {
                None => "became new and warm",
                Some(_) => "came to pass its checks",
            };
            self.fail_refresh(fleet, &format!("no instance {what} for {span}"), flow);
        }
    }

    /// An alarm goes on or off: refreshes that go by it fail.
    pub(super) fn hear_alarm(&mut self, alarm: AlarmOf, state: AlarmState, flow: &mut Flow) {
        self.in_alarm.retain(|other| *other != alarm);
        if state != AlarmState::Alarm {
            return;
        }
        self.in_alarm.push(alarm);
        for fleet in 0..self.each.len() {
            let fails = self.each[fleet].refreshing.filter(|it| it.back_from.is_none());
            if let Some(why) = fails.and_then(|refreshing| self.alarm_on(fleet, refreshing.which)) {
                self.fail_refresh(fleet, &why, flow);
            }
        }
    }

    /// `alarm `errors` is in ALARM`: the first one that is, of those by which a refresh fails.
    pub(super) fn alarm_on(&self, fleet: usize, which: usize) -> Option<String> {
        let place = self.each[fleet].alarms[which].iter().position(|alarm| self.in_alarm.contains(alarm))?;
        Some(format!("alarm `{}` is in ALARM", self.settings[fleet].refresh[which].alarms[place].name))
    }

    /// A refresh fails: it is rolled back, if it is to be, or stops where it is.
    fn fail_refresh(&mut self, fleet: usize, why: &str, flow: &mut Flow) {
        let Some(refreshing) = self.each[fleet].refreshing else { return };
        let to = self.to_version(fleet, refreshing);
        let (_, title) = self.title(fleet, refreshing.which);
        let rolls_back =
            self.settings[fleet].refresh[refreshing.which].rollback && refreshing.back_from.is_none();
        // In a rollback those of an extra batch that serve stand in for what is out, as before.
        let stays = if rolls_back { self.extra_that_serve(fleet, flow) } else { 0 };
        self.end_extra_but(stays, fleet, flow);
        let refreshing = Refreshing { extra: stays.min(refreshing.extra), ..refreshing };
        let ended = if rolls_back { Ended::RolledBack } else { Ended::Failed };
        flow.journal.deployment_turned(refreshing.entry, ended, Some(why.into()), flow.now);
        if !rolls_back {
            let what = if refreshing.back_from.is_some() { "rollback" } else { title };
            self.say_of_refresh(fleet, format!("the {what}{to} fails: {why}"), flow);
            return self.end_rollout(fleet, refreshing, flow);
        }
        self.stop_refreshing(fleet, flow);
        self.each[fleet].serial += 1;
        let back = Refreshing {
            version: self.each[fleet].version,
            stage: Stage::Replaces,
            back_from: Some(self.each[fleet].created + 1),
            // The rest of a canary and of an immutable deployment comes at once.
            checkpoint: usize::MAX,
            serial: self.each[fleet].serial,
            takes_back: refreshing.serial,
            ..refreshing
        };
        self.each[fleet].refreshing = Some(back);
        let from = self.to_version(fleet, back);
        self.say_of_refresh(fleet, format!("the {title}{to} is rolled back{from}: {why}"), flow);
        self.steps_forward(fleet, flow);
        self.keep_old_ones(fleet, back, flow);
        self.go_on_refreshing(fleet, flow);
    }

    /// New instances that were to stand in for old ones are not wanted any more: the old ones stay.
    fn keep_old_ones(&mut self, fleet: usize, back: Refreshing, flow: &mut Flow) {
        let alive = flow.groups[fleet].alive.iter().copied();
        let stands_in = |&it: &u32| self.instances[it as usize].relieves.is_some();
        let not_wanted = alive.filter(stands_in).filter(|&it| self.is_old_one(fleet, back, it, flow));
        let not_wanted: Vec<u32> = not_wanted.collect();
        not_wanted.into_iter().for_each(|instance| self.terminate(instance, None, flow));
    }

    /// A refresh is cancelled: what is replaced stays, and so does what is not.
    pub(super) fn cancel_refresh(&mut self, fleet: usize, which: usize, flow: &mut Flow) {
        let Some(refreshing) = self.each[fleet].refreshing else { return };
        if refreshing.which != which || refreshing.back_from.is_some() {
            return;
        }
        let staying = || self.staying(fleet, flow).filter(|&it| !self.instances[it as usize].replaced);
        let left = staying().filter(|&it| self.is_old_one(fleet, refreshing, it, flow)).count();
        let verb = if left == 1 { "is" } else { "are" };
        let text = format!(
            "the instance refresh{} is cancelled: {} {verb} not replaced",
            self.to_version(fleet, refreshing),
            things(left as f64, "instance")
        );
        self.say_of_refresh(fleet, text, flow);
        flow.journal.deployment_turned(refreshing.entry, Ended::Cancelled, None, flow.now);
        self.end_rollout(fleet, refreshing, flow);
    }

    /// ` to `v2``, where the group has versions.
    pub(super) fn to_version(&self, fleet: usize, refreshing: Refreshing) -> String {
        let settings = &self.settings[fleet];
        match settings.versions.is_empty() {
            true => String::new(),
            false => format!(" to `{}`", settings.version_name(refreshing.version)),
        }
    }

    pub(super) fn say_of_refresh(&self, fleet: usize, text: String, flow: &mut Flow) {
        flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
    }
}
