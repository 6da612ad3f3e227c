//! Service stations: anything with c servers and a queue that is no AWS building block.
//!
//! In: requests. Out: requests served, turned away at a full queue, or gone out of patience.

use super::claims::Waiting;
use super::gauges::Mark;
use super::walk::Flow;
use super::{Timer, World, number};
use crate::dist::Sampler;
use crate::engine::station::{Admission, UNLIMITED};
use crate::measure::histogram::Histogram;
use crate::measure::stage::Cause;
use crate::rng::{Stream, stream};
use crate::scenario::service::Discipline;

/// One service station.
#[derive(Debug)]
pub struct Service {
    /// Station of its servers, with its mark where it serves by priority; with processor sharing, of its places.
    pub station: u32,
    /// Processor, with processor sharing.
    pub processor: u32,
    /// How long a request waits before it gives up.
    patience: Option<(Sampler, Stream)>,
    /// Asked for service.
    pub arrived: u64,
    /// Served to the end.
    pub served: u64,
    /// Turned away.
    pub rejected: u64,
    /// Of these, those of the rows that have ended.
    pub rejected_mark: Mark,
    /// Gave up waiting.
    pub abandoned: u64,
    /// Had to wait.
    pub delayed: u64,
    /// Waits of those who were served.
    pub wait: Histogram,
}

impl World<'_> {
    pub(super) fn build_services(&mut self) {
        for (index, settings) in self.scenario.services.iter().enumerate() {
            for (change, &(at, _)) in settings.changes.iter().enumerate() {
                self.calendar.set(Timer::Servers { service: number(index), change: number(change) }, at.0);
            }
            let room = settings.queue.unwrap_or(UNLIMITED);
            let (station, processor) = match settings.discipline {
                Discipline::Fifo => (self.add_station(settings.servers, room), super::request::NONE),
                Discipline::Priority => {
                    (self.add_priority_station(settings.servers, room), super::request::NONE)
                }
                Discipline::ProcessorSharing => (
                    // All present share the servers; the bound is on how many are present.
                    self.add_station(settings.servers.saturating_add(room), 0),
                    self.add_processor(settings.servers, 1.0),
                ),
            };
            let name = format!("service.{}/patience", settings.name);
            let patience =
                settings.patience.as_ref().map(|law| (Sampler::new(law), stream(self.seed, &name)));
            self.services.push(Service {
                station,
                processor,
                patience,
                arrived: 0,
                served: 0,
                rejected: 0,
                rejected_mark: Mark::default(),
                abandoned: 0,
                delayed: 0,
                wait: Histogram::default(),
            });
        }
    }

    /// Asks a station for service.
    pub(super) fn queue(&mut self, id: u32, service: u16) -> Flow {
        let station = self.services[usize::from(service)].station;
        let admission = self.stations[station as usize].take(id, self.now, &mut self.links);
        self.join(id, service, admission)
    }

    /// What becomes of a request that asked a station.
    #[inline(always)]
    pub(super) fn join(&mut self, id: u32, service: u16, admission: Admission) -> Flow {
        let state = &mut self.services[usize::from(service)];
        state.arrived += 1;
        let claims = self.attempts.claims_mut(id);
        claims.holding = state.station;
        claims.queued = self.now;
        match admission {
            Admission::Served => Flow::Next,
            Admission::Waiting => {
                state.delayed += 1;
                claims.waiting = Waiting::Station(state.station);
                match &mut state.patience {
                    None => {}
                    Some((law, stream)) => {
                        let limit = law.time(stream).0;
                        self.wait_at_most(id, limit);
                    }
                }
                Flow::Wait
            }
            Admission::Refused => {
                claims.holding = super::request::NONE;
                state.rejected += 1;
                self.fail(id, Cause::QueueFull);
                Flow::Gone
            }
        }
    }

    /// A request has a server: its wait is known.
    #[inline]
    pub(super) fn count_wait(&mut self, id: u32, service: u16) {
        let queued = self.attempts.claims(id).queued;
        if queued >= self.scenario.warmup.0 {
            self.services[usize::from(service)].wait.record(self.now - queued);
        }
    }
}
