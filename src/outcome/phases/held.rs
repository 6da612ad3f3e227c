//! What is held while something else is waited for. In: the paths of a scenario. Out: which resource can fill another.
//!
//! A thread is held while the request waits for a core, a connection or the tier below; a connection while its
//! statement waits for a row lock or for the database's CPU. So what fills deep inside fills everything that leads
//! there, and of two full resources the one that the other waits for is the cause.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::Paths;
use super::watched::Watched;
use crate::dist::Law;
use crate::id::{Kind, Owner};
use crate::kind::host::GroupId;
use crate::kind::path::PathOwner;
use crate::kind::step::Needs;
use crate::kind::{self, Settings};
use crate::measure::resource::Purpose;
use crate::outcome::Resource;
use crate::scenario::Scenario;
use crate::scenario::request::{Step, Target};

/// Who waits for whom while holding its own place.
#[derive(Clone, Debug, Default)]
pub(in crate::outcome) struct Held {
    below: BTreeMap<Resource, BTreeSet<Resource>>,
    /// Whatever is full while one of these is came of that.
    upsets: BTreeSet<Resource>,
    /// What is touched on the paths that are walked.
    touched: BTreeSet<Resource>,
    /// What only workers wait for.
    apart: BTreeSet<Resource>,
    /// What can act on what at all; absent where that is not known.
    paths: Option<Paths>,
    /// Of each strike, what it strikes.
    struck: BTreeMap<Resource, Vec<PathOwner>>,
    /// What moved no work to something, so that it did not come of that.
    unmoved: BTreeSet<(Resource, Resource)>,
}

impl Held {
    pub fn of(scenario: &Scenario) -> Held {
        let mut walk =
            Walk { scenario, held: Vec::new(), tiers: Vec::new(), past: Vec::new(), found: Held::default() };
        for class in &scenario.classes {
            walk.steps(&class.steps);
        }
        let asked = std::mem::take(&mut walk.found.touched);
        let mut apart = BTreeSet::new();
        for path in &scenario.paths {
            let fleet = path.fleet.index();
            walk.tiers = vec![fleet];
            let holder = scenario.kinds.holder(path.of, fleet);
            walk.held = vec![holder];
            walk.steps(&path.steps);
            // A health check delays no request either, but where it fails, requests are not sent to its target.
            let touched = std::mem::take(&mut walk.found.touched);
            if !holder.delays_requests() {
                apart.extend(touched.into_iter().chain([holder]));
            }
        }
        kind::waits(&scenario.kinds, &mut |holder, below| walk.found.add(holder, below));
        // Targets are unhealthy because of it all the same.
        for (holder, below) in &mut walk.found.below {
            below.retain(|of| is_of_health(*holder) || kind::fills(&scenario.kinds, *of));
        }
        walk.found.upsets = kind::upsets(&scenario.kinds).into_iter().collect();
        let with_below = |all: BTreeSet<Resource>| {
            let deep: Vec<Resource> = all.iter().flat_map(|of| walk.found.below(*of)).collect();
            all.into_iter().chain(deep).collect::<BTreeSet<Resource>>()
        };
        let (asked, apart) = (with_below(asked), with_below(apart));
        walk.found.apart = apart.into_iter().filter(|of| !asked.contains(of)).collect();
        let upsets = &walk.found.upsets;
        walk.found.apart.retain(|of| !upsets.contains(of));
        walk.found.struck = upsets.iter().map(|of| (*of, kind::struck(&scenario.kinds, *of))).collect();
        walk.found.paths = Some(Paths::of(scenario));
        walk.found
    }

    /// What requests can feel, without what happened where none come, and without what changed nothing.
    pub(super) fn felt<'a>(&self, watched: Vec<Watched<'a>>, settings: &Settings) -> Vec<Watched<'a>> {
        let Some(paths) = &self.paths else { return watched };
        let mut felt =
            watched.iter().map(|it| paths.is_felt(it, &watched, settings)).collect::<Vec<_>>().into_iter();
        watched.into_iter().filter(|_| felt.next() == Some(true)).collect()
    }

    /// Whether a strike can have come to something at all: some requests use both, or what others use as well. What is planned came of none.
    fn can_reach(&self, strike: Resource, of: Resource) -> bool {
        let (Some(paths), Some(struck)) = (&self.paths, self.struck.get(&strike)) else { return true };
        let table = table_of(of);
        let mut all = struck.iter();
        !is_planned(of) && all.any(|&struck| struck == table || paths.are_together(struck, table))
    }

    /// Whether a strike hits something itself, or what is waited for there: else only more work than before can come of it.
    pub(super) fn is_struck(&self, strike: Resource, of: Resource) -> bool {
        let Some(struck) = self.struck.get(&strike) else { return true };
        self.waits_below(of).into_iter().chain([of]).any(|it| struck.contains(&table_of(it)))
    }

    /// Whether requests of both can act on each other.
    pub(super) fn are_together(&self, one: PathOwner, other: PathOwner) -> bool {
        one == other || self.paths.as_ref().is_none_or(|paths| paths.are_together(one, other))
    }

    /// The tables that something is in, or strikes.
    pub(super) fn tables(&self, of: Resource) -> Vec<PathOwner> {
        self.struck.get(&of).cloned().unwrap_or_else(|| vec![table_of(of)])
    }

    /// Whether it is a strike: what else is full may have come of it.
    pub(super) fn is_strike(&self, of: Resource) -> bool {
        self.struck.contains_key(&of)
    }

    /// Whether a strike hits a fleet, or what the health checks of its targets touch.
    pub(super) fn is_checked(&self, strike: Resource, of: Resource) -> bool {
        let (Some(struck), Owner::Fleet(fleet)) = (self.struck.get(&strike), of.owner()) else { return true };
        let touched = self.below.get(&Resource::Targets { fleet }).into_iter().flatten().copied();
        touched.chain([of]).any(|it| struck.contains(&table_of(it)))
    }

    /// Whether a strike hits a cache: what misses it goes elsewhere.
    pub(super) fn strikes_a_cache(&self, strike: Resource) -> bool {
        self.struck.get(&strike).is_some_and(|tables| tables.iter().any(|(kind, _)| *kind == Kind::Cache))
    }

    /// The same, where these strikes moved no work to these resources.
    pub(super) fn without(&self, unmoved: BTreeSet<(Resource, Resource)>) -> Held {
        Held { unmoved, ..self.clone() }
    }

    /// Whether only workers wait for it: no request is slow or fails because of it.
    pub fn is_apart(&self, of: Resource) -> bool {
        self.apart.contains(&of) || !(of.delays_requests() || of.is_event())
    }

    /// With zones alone: whatever is lost came of them.
    #[cfg(test)]
    pub fn of_zones(zones: impl IntoIterator<Item = Resource>) -> Held {
        Held { upsets: zones.into_iter().collect(), ..Held::default() }
    }

    /// One that waits for another, to test with.
    #[cfg(test)]
    pub fn of_pair(holder: Resource, below: Resource) -> Held {
        let mut held = Held::default();
        held.add(holder, below);
        held
    }

    fn add(&mut self, holder: Resource, below: Resource) {
        if holder != below {
            self.below.entry(holder).or_default().insert(below);
        }
        for of in [holder, below] {
            self.below.entry(of).or_default().extend(of.when_lost());
        }
    }

    /// All that `holder` can be held up by, however deep.
    pub fn below(&self, holder: Resource) -> BTreeSet<Resource> {
        if self.upsets.contains(&holder) {
            return BTreeSet::new();
        }
        let mut found = self.waits_below(holder);
        let mut upsets = self.upsets.clone();
        // Nothing is lost because a zone is back, but instances are spread over it.
        let comes_of_it = !holder.is_event() || holder.is_spread();
        upsets.retain(|upset| comes_of_it || !matches!(upset, Resource::ZoneBack { .. }));
        upsets.retain(|upset| self.can_reach(*upset, holder));
        found.extend(upsets);
        found.retain(|below| !self.unmoved.contains(&(*below, holder)));
        found
    }

    /// What it waits for, however deep.
    pub(super) fn waits_below(&self, holder: Resource) -> BTreeSet<Resource> {
        let mut found = BTreeSet::new();
        let mut open = vec![holder];
        while let Some(next) = open.pop() {
            for &below in self.below.get(&next).into_iter().flatten() {
                // That few targets are left came of threads and CPU: it is no way by which these fill each other.
                let leads_on = !matches!(below, Resource::FewTargets { .. });
                if below != holder && found.insert(below) && leads_on {
                    open.push(below);
                }
            }
        }
        found
    }
}

/// Whether it is what the targets of a balancer are after something has befallen them.
pub(super) fn is_of_health(of: Resource) -> bool {
    matches!(
        of,
        Resource::Targets { .. }
            | Resource::FewTargets { .. }
            | Resource::FailsOpen { .. }
            | Resource::NoTargets { .. }
    )
}

/// The table in which something is.
fn table_of(of: Resource) -> PathOwner {
    (of.owner().kind(), of.owner().index())
}

/// Whether the file says that it happens, whatever else does.
fn is_planned(of: Resource) -> bool {
    match of {
        Resource::TakenOut { by, .. } => {
            !matches!(by, Purpose::Unhealthy | Purpose::Rebalancing | Purpose::Rollback)
        }
        Resource::WorseVersion { .. } | Resource::Reweighted { .. } => true,
        _ => false,
    }
}

struct Walk<'a> {
    scenario: &'a Scenario,
    held: Vec<Resource>,
    /// Fleets whose threads are held, the innermost last.
    tiers: Vec<usize>,
    /// What the steps that are walked come after if something is lost, as a miss comes after the look-up at a lost shard.
    past: Vec<Resource>,
    found: Held,
}

impl Walk<'_> {
    fn touch(&mut self, resource: Resource) {
        self.found.touched.insert(resource);
        for &holder in &self.held {
            self.found.add(holder, resource);
        }
        for &lost in &self.past {
            self.found.add(resource, lost);
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Call { target, steps } => {
                let Some(fleet) = target.group(&self.scenario.kinds).map(GroupId::index) else { return };
                let threads = match *target {
                    Target::Function(function) => Resource::Concurrency { lambda: function.index() },
                    Target::Balancer(_) | Target::Fleet(_) => Resource::Threads { fleet },
                };
                let threads = kind::shared(&self.scenario.kinds, threads);
                self.touch(threads);
                self.held.push(threads);
                self.tiers.push(fleet);
                self.steps(steps);
                if self.scenario.kinds.hosts(fleet).is_some_and(|hosts| hosts.link.is_some()) {
                    self.touch(Resource::Network { fleet });
                }
                self.tiers.pop();
                self.held.pop();
            }
            Step::Cpu(_) => self.cpu(),
            Step::Delay(_) => {}
            Step::Of { step, inside } => {
                let (held, past) = (self.held.len(), self.past.len());
                step.needs(&self.scenario.kinds, &mut Taken { walk: self, inside });
                self.held.truncate(held);
                self.past.truncate(past);
            }
        }
    }

    fn cpu(&mut self) {
        if let Some(&fleet) = self.tiers.last()
            && self.scenario.kinds.hosts(fleet).is_none_or(|hosts| !hosts.alone)
        {
            self.touch(Resource::Cpu { fleet });
        }
    }
}

/// A step of a kind.
struct Taken<'w, 'a> {
    walk: &'w mut Walk<'a>,
    inside: &'w [Step],
}

impl Needs for Taken<'_, '_> {
    fn fleet(&self) -> Option<usize> {
        self.walk.tiers.last().copied()
    }

    fn waits(&mut self, of: Resource) {
        self.walk.touch(of);
        if let Resource::Cache { .. } = of {
            self.walk.past.extend(of.when_lost());
        }
    }

    fn holds(&mut self, of: Resource) {
        self.walk.held.push(of);
    }

    fn cpu(&mut self, _law: &Law) {
        self.walk.cpu();
    }

    fn inside(&mut self, _share: f64) {
        self.walk.steps(self.inside);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::measure::resource::{Action, Node};

    /// A fleet behind a balancer, workers, and a zone that is lost; no step leads from what waits to what it waits for.
    #[test]
    fn what_waits_without_a_step_is_after_what_it_waits_for() {
        let text = r#"
            duration = "10m"
            traffic.all = { rate = "1/s", requests = "page" }
            request.page = { via = "lb", steps = [{ cpu = "1ms" }, { send = "jobs" }] }
            balancer.lb.targets = "web"
            [fleet.web]
            instance = "m5.large"
            instances = 2
            pools = { db = { writer = 4, minimum = 2 } }
            [fleet.workers]
            instance = "m5.large"
            instances = 2
            [queue.jobs]
            workers = "workers"
            time = "1s"
            [database.db]
            engine = "mysql"
            writer = "db.r6g.large"
            [fault.loss]
            zone = "a"
            at = "5m"
        "#;
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let held = Held::of(&scenario);
        let (zone, back) = (Resource::Zone { fault: 0 }, Resource::ZoneBack { fault: 0 });
        let (threads, cpu) = (Resource::Threads { fleet: 0 }, Resource::Cpu { fleet: 0 });
        let (few, held_back) = (Resource::FewTargets { fleet: 0 }, Resource::HeldBack { fleet: 0 });
        let scaled_in = |fleet| Resource::ScaledIn { fleet };
        let cold = Resource::Cold { fleet: 0 };
        let with = |fleet: usize, more: &[Resource]| -> BTreeSet<Resource> {
            let missing = Resource::missing_instances(fleet);
            missing.into_iter().chain(more.iter().copied()).collect()
        };
        assert_eq!(
            Resource::missing_instances(0).len(),
            11,
            "lost, interrupted, refused, and for eight purposes"
        );
        assert_eq!(
            held.below(Resource::Targets { fleet: 0 }),
            with(0, &[threads, cpu, few, held_back, scaled_in(0), cold, zone, back])
        );
        // What is lost, and what no target is left of, never came of a zone that is back.
        assert_eq!(
            held.below(Resource::FailsOpen { fleet: 0 }),
            with(0, &[threads, cpu, few, held_back, scaled_in(0), cold, zone])
        );
        // But instances are spread over it again.
        let taken_out = |by| held.below(Resource::TakenOut { fleet: 0, by });
        assert_eq!(taken_out(Purpose::Rebalancing), [zone, back].into());
        assert_eq!(taken_out(Purpose::Unhealthy), [zone].into());
        // What the file plans comes whether a zone is lost or not.
        assert_eq!(taken_out(Purpose::Refresh), [].into());
        assert!(!held.below(cpu).contains(&threads));
        // Each can come of the other: which was first tells.
        assert!(held.below(few).contains(&threads) && held.below(threads).contains(&few));
        let connections = Resource::Connections { database: 0, node: Node::All };
        let nodes = [Node::Writer, Node::Reader].map(|node| Resource::LostNodes { database: 0, node });
        let mut starts: BTreeSet<Resource> = nodes.into();
        starts.extend(with(0, &[connections, scaled_in(0), zone, back]));
        assert_eq!(held.below(Resource::Instances { fleet: 0 }), starts);
        assert_eq!(held.below(Resource::Instances { fleet: 1 }), with(1, &[scaled_in(1), zone, back]));
        let queue = 0;
        let calls = [Action::Receive, Action::Delete].map(|action| Resource::Calls { queue, action });
        let mut below: BTreeSet<Resource> = calls.into();
        below.extend(with(1, &[scaled_in(1), zone, back]));
        assert_eq!(held.below(Resource::Pollers { queue }), below);
        below.extend([Resource::Pollers { queue }, Resource::InFlight { queue }, Resource::Groups { queue }]);
        assert_eq!(held.below(Resource::Messages { queue }), below);
        assert!(held.below(zone).is_empty() && held.below(back).is_empty());
    }
}
