//! The end of a run: totals of every resource.
//!
//! In: the world as it stands. Out: [`Measured`].

use super::World;
use super::gauges::{Measured, Remaining};
use crate::flow::attempt::{Attempt, State};
use crate::measure::totals::{CacheTotals, DatabaseTotals, FleetTotals, ServiceTotals, Work};
use crate::scenario::database::Engine;
use crate::scenario::scaling::{Metric, PolicyKind};
use crate::units::Time;
use crate::usage::{InstanceUse, Usage};

impl World<'_> {
    /// Ends the run.
    pub(super) fn finish(mut self) -> Measured {
        if self.flow.now > self.flow.readings.row_start {
            self.read_gauges();
        }
        let mut usage = std::mem::take(&mut self.gauges.usage);
        usage.completed = self.flow.recorder.requests().completed;
        usage.instances = self
            .flow
            .hosts
            .iter()
            // A launch that was decided but not called for yet costs nothing.
            .filter(|instance| instance.launched < instance.ended.min(self.flow.end))
            .map(|instance| InstanceUse {
                fleet: instance.group,
                launched: Time(instance.launched),
                ended: Time(instance.ended.min(self.flow.end)),
            })
            .collect();
        let remaining = self.count_remaining();
        let (scaling, incidents) = std::mem::take(&mut self.flow.journal).close();
        Measured {
            work: Work {
                events: self.events,
                peak_pending: self.flow.calendar.peak() as u64,
                peak_in_flight: self.flow.attempts.len() as u64,
            },
            remaining,
            fleets: (0..self.scenario.fleets.len()).map(|index| self.fleet_totals(index, &usage)).collect(),
            caches: (0..self.scenario.caches.len()).map(|index| self.cache_totals(index)).collect(),
            databases: (0..self.scenario.databases.len()).map(|index| self.database_totals(index)).collect(),
            services: (0..self.scenario.services.len()).map(|index| self.service_totals(index)).collect(),
            scaling,
            incidents,
            recorder: self.flow.recorder,
            stages: self.program.stages,
            usage,
        }
    }

    /// Counts what is there at the end, one by one.
    fn count_remaining(&mut self) -> Remaining {
        let mut remaining =
            Remaining { requests: vec![0; self.scenario.classes.len()], ..Remaining::default() };
        for id in 0..self.flow.attempts.len() as u32 {
            self.stop_clock(id);
            let Attempt { state, class, .. } = self.flow.attempts[id];
            let (request, attempt) = match state {
                State::Active | State::Late => (1, 1),
                State::Pausing => (1, 0),
                State::Orphan => {
                    remaining.orphans += 1;
                    continue;
                }
                State::Free | State::Probe | State::CalledOff => continue,
            };
            remaining.requests[usize::from(class)] += request;
            remaining.attempts += attempt;
        }
        remaining
    }

    fn fleet_totals(&mut self, index: usize, usage: &Usage) -> FleetTotals {
        let settings = &self.scenario.fleets[index];
        let cpu_target = settings.policies.iter().find_map(|policy| match policy.kind {
            PolicyKind::TargetTracking { target, .. } if policy.metric == Metric::Cpu => Some(target),
            _ => None,
        });
        let ids: Vec<u32> = (0..self.flow.hosts.len() as u32)
            .filter(|&id| self.flow.hosts[id as usize].group == index)
            .collect();
        let busy: f64 = ids.iter().map(|&id| self.flow.cpu_area(id)).sum();
        let served: f64 = ids
            .iter()
            .map(|&id| &self.flow.hosts[id as usize])
            .map(|instance| {
                instance.served_until().min(self.flow.end).saturating_sub(instance.running) as f64
            })
            .sum();
        let state = self.parts.fleet.of(index);
        FleetTotals {
            name: settings.name.clone(),
            instance: settings.instance.name.clone(),
            cpu_target,
            peak_instances: state.peak as u32,
            launched: state.launched.into(),
            terminated: state.terminated.into(),
            never_served: ids.iter().filter(|&&id| self.flow.hosts[id as usize].served_nobody()).count()
                as u64,
            instance_seconds: usage
                .instances
                .iter()
                .filter(|instance| instance.fleet == index)
                .map(|instance| (instance.ended - instance.launched).as_secs_f64())
                .sum(),
            cpu_busy: busy,
            cpu_there: served * f64::from(settings.instance.vcpus),
        }
    }

    fn cache_totals(&mut self, index: usize) -> CacheTotals {
        let (settings, state) = (&self.scenario.caches[index], self.parts.cache.of(index));
        let counts = state.counts;
        CacheTotals {
            name: settings.name.clone(),
            lookups: counts.lookups,
            hits: counts.hits,
            evictions: counts.evictions,
            expirations: counts.expirations,
            invalidations: counts.invalidations,
            coalesced: counts.coalesced,
            items: state.live(self.flow.now),
            capacity: settings.capacity(),
        }
    }

    fn database_totals(&mut self, index: usize) -> DatabaseTotals {
        let (settings, state) = (&self.scenario.databases[index], self.parts.database.of(index));
        DatabaseTotals {
            name: settings.name.clone(),
            engine: match settings.engine {
                Engine::AuroraMysql => "aurora-mysql".into(),
                Engine::Mysql => "mysql".into(),
            },
            reads: state.reads,
            writes: state.writes,
            commits: state.commits,
            lock_timeouts: state.lock_timeouts,
            deadlocks: state.deadlocks,
            connections_refused: state.refused,
            peak_connections: state.nodes[0].peak,
            replica_reads: state.replica_reads,
            stale_reads: state.stale_reads,
            lag: state.replication.lag.clone(),
            lock_waits: state.locks.granted_after_wait,
            lock_waited: state.locks.waited,
            pages_hit: state.pages.0,
            pages: state.pages.1,
        }
    }

    fn service_totals(&mut self, index: usize) -> ServiceTotals {
        let settings = &self.scenario.services[index];
        let state = self.parts.service.of(index);
        let span = self.flow.now.max(1) as f64;
        let (busy, present) = state.areas(&self.flow);
        ServiceTotals {
            name: settings.name.clone(),
            arrived: state.arrived,
            served: state.served,
            rejected: state.rejected,
            abandoned: state.abandoned,
            delayed: state.delayed,
            wait: state.wait.clone(),
            utilisation: match settings.changes[..] {
                [] => busy / span / f64::from(settings.servers.max(1)),
                _ => busy / settings.server_nanos(Time::ZERO, Time(self.flow.now)).max(1.0),
            },
            mean_in_station: present / span,
        }
    }
}
