//! What refreshes and deployments have in common: what they are called, which instances count, and what is recorded of them.
//!
//! In: a refresh or a deployment in progress. Out: its words, and its entry in the journal.

use super::instance::{Out, Refreshing};
use super::language::{Refresh, Strategy, Version};
use super::model::Fleets;
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::id::FleetId;
use crate::measure::deployment::{Deployment, Ended};
use crate::measure::resource::Resource;

impl Fleets<'_> {
    /// How the deployment in progress goes about it, if there is one.
    pub(super) fn strategy(&self, fleet: usize) -> Option<Strategy> {
        let refreshing = self.each[fleet].refreshing?;
        self.settings[fleet].refresh[refreshing.which].deploy.as_ref().map(|deploy| deploy.strategy)
    }

    /// Whether requests are sent to an instance: it is in service, answers and passes its checks.
    pub(super) fn gets_requests(&self, instance: u32, flow: &Flow) -> bool {
        let (own, host) = (&self.instances[instance as usize], &flow.hosts[instance as usize]);
        let is_there = host.lifecycle == Lifecycle::InService && host.is_running() && own.out.is_none();
        let is_judged = self.each[host.group].checked;
        is_there && (!is_judged || !host.unregistered && own.passes.unwrap_or(host.seasoned))
    }

    /// Whether some requests are sent to an instance: one node of a balancer sends to it before the others do, and before the group counts it.
    fn gets_some_requests(&self, instance: u32, flow: &Flow) -> bool {
        let host = &flow.hosts[instance as usize];
        self.gets_requests(instance, flow) || host.is_running() && host.rotation.is_trusted()
    }

    /// A refresh or a deployment begins: returns the number of its entry.
    pub(super) fn record(&mut self, fleet: usize, which: usize, version: usize, flow: &mut Flow) -> usize {
        let settings = &self.settings[fleet];
        let names = |of: usize| (!settings.versions.is_empty()).then(|| settings.version_name(of).to_owned());
        let strategy = strategy_of(&settings.refresh[which]).to_owned();
        let before = self.count_serving(fleet, flow);
        let entry = Deployment {
            at_s: flow.now as f64 / 1e9,
            done_s: None,
            fleet: settings.name.clone(),
            of: Some(FleetId(fleet as u32)),
            strategy,
            from: names(self.each[fleet].version),
            to: names(version),
            before,
            least: before,
            failed: 0,
            ended: Ended::Open,
            turned_s: None,
            reason: None,
        };
        let entry = flow.begin_deployment(entry);
        self.each[fleet].rollout = Some(entry);
        entry
    }

    fn count_serving(&self, fleet: usize, flow: &Flow) -> u32 {
        let answers = |it: u32| {
            let host = &flow.hosts[it as usize];
            self.gets_requests(it, flow) && !host.stopped && !host.hangs()
        };
        flow.groups[fleet].alive.iter().filter(|&&it| answers(it)).count() as u32
    }

    /// Notes how many instances serve while there is a refresh or a deployment.
    pub(super) fn note_in_service(&self, fleet: usize, flow: &mut Flow) {
        self.note_worse(fleet, flow);
        if self.settings[fleet].cold.is_some() {
            self.note_cold(fleet, flow);
        }
        if let Some(refreshing) = self.each[fleet].refreshing {
            let serving = self.count_serving(fleet, flow);
            flow.note_deployment(refreshing.entry, serving);
        }
    }

    /// An instance is gone with so many attempts inside, by which so many requests fail: those that a refresh or a deployment ends, or of
    /// which it has stopped the application.
    pub fn left_unfinished(&mut self, instance: u32, (cut, failed): (u32, u64), flow: &mut Flow) {
        let (host, own) = (&flow.hosts[instance as usize], &self.instances[instance as usize]);
        let fleet = host.group;
        let ends = host.lifecycle.is_terminating();
        let entry = match own.out {
            Some(Out::Installs) if !ends => self.each[fleet].rollout,
            _ => own.rollout.filter(|_| ends),
        };
        let Some(entry) = entry.filter(|_| !host.is_lost()) else { return };
        flow.journal.failed_after(entry, failed);
        flow.note_happened(Resource::Unfinished { fleet }, cut);
    }

    /// Records how many instances serve with a version that is worse than the first one.
    fn note_worse(&self, fleet: usize, flow: &mut Flow) {
        let settings = &self.settings[fleet];
        if settings.versions.iter().all(|version| !version.is_worse()) {
            return;
        }
        let is_worse = |&&it: &&u32| {
            let version = settings.version(self.instances[it as usize].version);
            version.is_some_and(Version::is_worse) && self.gets_some_requests(it, flow)
        };
        let count = flow.groups[fleet].alive.iter().filter(is_worse).count();
        flow.note_lost(Resource::WorseVersion { fleet }, None, number(count));
    }

    /// Records how many instances serve that are not warm yet.
    pub(super) fn note_cold(&self, fleet: usize, flow: &mut Flow) {
        let is_cold =
            |&&it: &&u32| self.instances[it as usize].crowd.warmth < 1.0 && self.gets_some_requests(it, flow);
        let count = flow.groups[fleet].alive.iter().filter(is_cold).count();
        flow.note_lost(Resource::Cold { fleet }, None, number(count));
    }

    /// The one in progress, with its article.
    pub(super) fn title(&self, fleet: usize, which: usize) -> (&'static str, &'static str) {
        let strategy = self.settings[fleet].refresh[which].deploy.as_ref().map(|deploy| deploy.strategy);
        let title = strategy.map_or("instance refresh", Strategy::title);
        (if title.starts_with(['a', 'i']) { "an" } else { "a" }, title)
    }

    /// What has become of all instances, or of those that were to change.
    pub(super) fn has_done(&self, fleet: usize, refreshing: Refreshing) -> String {
        let to = self.to_version(fleet, refreshing);
        let refresh = &self.settings[fleet].refresh[refreshing.which];
        let (_, title) = self.title(fleet, refreshing.which);
        match (refreshing.back_from, &refresh.deploy, refresh.skip_matching) {
            (Some(_), None, _) => {
                format!("the rollback{to} has replaced every instance that the refresh had brought")
            }
            (Some(_), Some(_), _) => format!("the rollback{to} is complete"),
            (None, None, true) => format!("the {title}{to} has replaced every instance of another version"),
            (None, None, false) => format!("the {title}{to} has replaced every instance"),
            (None, Some(_), _) => format!("the {title}{to} has come to every instance"),
        }
    }
}

fn strategy_of(refresh: &Refresh) -> &'static str {
    refresh.deploy.as_ref().map_or("refresh", |deploy| deploy.strategy.word())
}
