//! Fleets and their instances: what an instance is made of.
//!
//! In: the settings of a fleet. Out: instances with a zone, threads, cores and connection pools. What happens to
//! them in time is in `lifecycle`, who decides on it in `scaling`.

use super::scaling::Control;
use super::turns::Turns;
use super::{Timer, World};
use crate::engine::station::{Station, UNLIMITED};
use crate::flow::NONE;
use crate::flow::attempt::Tier;
use crate::flow::mark::Mark;
use crate::flow::number;
use crate::rng::{Stream, stream};
use crate::scenario::fleet::Discipline;
use crate::units::Time;

/// One fleet.
#[derive(Debug)]
pub struct Fleet {
    /// Instances that are not terminated, oldest first.
    pub alive: Vec<u32>,
    /// Desired capacity.
    pub desired: u32,
    /// Smallest size now.
    pub min: u32,
    /// Largest size now.
    pub max: u32,
    /// Balancers whose targets it is.
    pub balancers: Vec<usize>,
    /// State of its scaling policies.
    pub control: Control,
    /// Random numbers of each stage of booting.
    pub boot: [Stream; 5],
    /// Those of applications that are started again.
    pub restart: Stream,
    /// Those of the launch hook and of the termination hook.
    pub hooks: [Stream; 2],
    /// Instances that there were so far, those of the start included.
    pub created: u32,
    /// Launched so far.
    pub launched: u32,
    /// Terminated so far.
    pub terminated: u32,
    /// Most instances alive at once.
    pub peak: usize,
    /// Connections that found a backlog full.
    pub refused: u64,
    /// Of these, those of the rows that have ended.
    pub refused_mark: Mark,
    /// Instances that answer, for callers without a balancer.
    pub in_turn: Turns,
}

/// Lifecycle of an instance, in the words of EC2 Auto Scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Launched, and not run by EC2 yet.
    Pending,
    /// Run by EC2, waiting for its launch hook.
    PendingWait,
    /// Registered; its application may still be starting.
    InService,
    /// Gets no new requests; finishes those it has.
    Terminating,
    /// Drained, waiting for its termination hook.
    TerminatingWait,
    /// Gone.
    Terminated,
}

impl Lifecycle {
    /// On the way into service.
    pub fn is_pending(self) -> bool {
        matches!(self, Lifecycle::Pending | Lifecycle::PendingWait)
    }

    /// On the way out.
    pub fn is_terminating(self) -> bool {
        matches!(self, Lifecycle::Terminating | Lifecycle::TerminatingWait)
    }
}

/// One instance.
#[derive(Debug)]
pub struct Instance {
    /// Its fleet.
    pub fleet: usize,
    /// Availability Zone.
    pub zone: u32,
    /// Where in its life it is.
    pub lifecycle: Lifecycle,
    /// When it was launched.
    pub launched: u64,
    /// When its system, its bootstrap and its application began to start; EC2 runs it from the first of them on.
    pub stages: [u64; 3],
    /// When its application ran: connections are open and it answers.
    pub running: u64,
    /// When it came into service.
    pub in_service: u64,
    /// It was in service long before: its grace and its warm-up are over.
    pub seasoned: bool,
    /// How long it is kept out of the group's metrics from then on.
    pub warmup: u64,
    /// When a leaving instance had finished its last request.
    pub idle_since: u64,
    /// Until when kept connections hold a leaving instance.
    pub connected_until: u64,
    /// When it was terminated.
    pub ended: u64,
    /// Station of its threads.
    pub threads: u32,
    /// Station of its cores, where they are not shared.
    pub cores: u32,
    /// Its processor, where cores are shared.
    pub processor: u32,
    /// Strength of a core.
    pub speed: f64,
    /// Attempts inside.
    pub inside: u32,
    /// Balancer and target of each registration.
    pub targets: Vec<(u16, u32)>,
    /// The activity that launched or terminates it.
    pub activity: Option<usize>,
}

impl Instance {
    /// What an attempt that comes in needs to know; `number` is the instance's own.
    #[inline]
    pub fn tier(&self, number: u32) -> Tier {
        // It has one of the two.
        let cpu = self.cores.min(self.processor);
        Tier { instance: number, threads: self.threads, cpu, ..Tier::NONE }
    }

    /// Whether it is leaving and may still have requests.
    pub fn is_draining(&self) -> bool {
        self.lifecycle == Lifecycle::Terminating
    }

    /// When it stopped to be capacity: it had no more to do, or it was shut down.
    pub fn served_until(&self) -> u64 {
        self.idle_since.min(self.ended)
    }

    /// Busy-core nanoseconds that booting took between two instants, of an instance of so many vCPUs.
    pub fn boot_area(&self, loads: &[f64; 3], vcpus: f64, from: u64, to: u64) -> f64 {
        let ends = [self.stages[1], self.stages[2], self.running];
        let stages = self.stages.into_iter().zip(ends).zip(loads);
        let busy = |((begin, end), load): ((u64, u64), &f64)| {
            end.min(to).saturating_sub(begin.max(from)) as f64 * load.min(vcpus)
        };
        stages.map(busy).sum()
    }
}

impl World<'_> {
    pub(super) fn build_fleets(&mut self) {
        for (index, settings) in self.scenario.fleets.iter().enumerate() {
            let balancers = self.scenario.balancers.iter().enumerate();
            self.fleets.push(Fleet {
                alive: Vec::new(),
                desired: settings.desired,
                min: settings.min,
                max: settings.max,
                balancers: balancers.filter(|(_, b)| b.targets.index() == index).map(|(i, _)| i).collect(),
                control: Control::new(settings),
                boot: ["decision", "launch", "system", "bootstrap", "application"]
                    .map(|stage| stream(self.seed, &format!("fleet.{}/boot/{stage}", settings.name))),
                restart: stream(self.seed, &format!("fleet.{}/restart", settings.name)),
                hooks: ["launch", "termination"]
                    .map(|hook| stream(self.seed, &format!("fleet.{}/{hook} hook", settings.name))),
                created: 0,
                launched: 0,
                terminated: 0,
                peak: 0,
                refused: 0,
                refused_mark: Mark::default(),
                in_turn: Turns::default(),
            });
            let at_start = match settings.timetable.first() {
                Some(&(Time::ZERO, count)) => count,
                _ => settings.desired,
            };
            for _ in 0..at_start {
                let instance = self.create_instance(index);
                self.put_in_service_at_once(instance);
            }
            for action in 0..settings.schedule.len() {
                let at = settings.schedule[action].at.0;
                self.flow.set(Timer::Schedule { fleet: number(index), action: number(action) }, at);
            }
            for (change, &(at, _)) in settings.timetable.iter().enumerate() {
                if at > Time::ZERO {
                    self.flow.set(Timer::Timetable { fleet: number(index), change: number(change) }, at.0);
                }
            }
            self.start_meters(index);
        }
    }

    /// Makes an instance in the zone that has the fewest.
    pub(super) fn create_instance(&mut self, fleet: usize) -> u32 {
        let settings = &self.scenario.fleets[fleet];
        let mut in_zone = vec![0u32; settings.zones.max(1) as usize];
        for &other in &self.fleets[fleet].alive {
            if !self.instances[other as usize].lifecycle.is_terminating() {
                in_zone[self.instances[other as usize].zone as usize] += 1;
            }
        }
        let zone = (0..in_zone.len()).min_by_key(|&zone| in_zone[zone]).unwrap_or(0) as u32;
        let factor = settings.speeds.get(self.fleets[fleet].created as usize).copied().unwrap_or(1.0);
        let (vcpus, speed) = (settings.instance.vcpus, settings.instance.strength * factor);
        // Closed until the application runs: whoever comes before is refused.
        let threads = self.flow.add_station(0, 0);
        let (cores, processor) = match settings.discipline {
            Discipline::Fifo => (self.flow.add_station(vcpus, UNLIMITED), NONE),
            Discipline::ProcessorSharing => (NONE, self.flow.add_processor(vcpus, speed)),
        };
        let instance = number(self.instances.len());
        self.parts.database.add_host(instance, fleet, &mut self.flow);
        self.instances.push(Instance {
            fleet,
            zone,
            lifecycle: Lifecycle::Pending,
            launched: self.flow.now,
            stages: [u64::MAX; 3],
            running: u64::MAX,
            in_service: u64::MAX,
            seasoned: false,
            warmup: settings.warmup.0,
            idle_since: u64::MAX,
            connected_until: 0,
            ended: u64::MAX,
            threads,
            cores,
            processor,
            speed,
            inside: 0,
            targets: Vec::new(),
            activity: None,
        });
        let state = &mut self.fleets[fleet];
        state.alive.push(instance);
        state.created += 1;
        state.peak = state.peak.max(state.alive.len());
        instance
    }

    /// Busy-core nanoseconds of an instance up to now.
    pub(super) fn cpu_area(&mut self, instance: u32) -> f64 {
        let Instance { cores, processor, .. } = self.instances[instance as usize];
        match processor {
            NONE => self.flow.stations[cores as usize].busy_area(self.flow.now),
            processor => self.flow.processors[processor as usize].busy_area(self.flow.now),
        }
    }

    /// Instances of a fleet in a part of their life.
    pub(super) fn count(&self, fleet: usize, part: impl Fn(Lifecycle) -> bool) -> u32 {
        let alive = &self.fleets[fleet].alive;
        alive.iter().filter(|&&instance| part(self.instances[instance as usize].lifecycle)).count() as u32
    }

    /// The application of an instance accepts connections: its threads and their backlog are there.
    pub(super) fn open_threads(&mut self, fleet: usize, threads: u32) {
        let settings = &self.scenario.fleets[fleet];
        self.flow.stations[threads as usize] =
            Station::new(settings.threads.unwrap_or(UNLIMITED), settings.backlog);
    }

    /// Whether an instance is past its warm-up, and so in the group's metrics.
    pub(super) fn is_warm(&self, instance: u32) -> bool {
        let state = &self.instances[instance as usize];
        state.lifecycle == Lifecycle::InService
            && (state.seasoned || state.in_service.saturating_add(state.warmup) <= self.flow.now)
    }

    /// Callers without a balancer take instances in turn that are in service and answer.
    pub(super) fn join_turns(&mut self, instance: u32) {
        let state = &self.instances[instance as usize];
        if state.lifecycle == Lifecycle::InService && state.running != u64::MAX {
            self.fleets[state.fleet].in_turn.insert(instance);
        }
    }
}
