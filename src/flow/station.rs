//! Servers that attempts wait for, hold and give back, and processors that they share.
//!
//! In: attempts that ask for a server or begin a job. Out: those whose wait is over, in order. The top bit of a
//! station's number marks priority stations, so that a server is given back to the right list.

use super::claims::Waiting;
use super::deadline::Deadline;
use super::next::Next;
use super::whose::host_of;
use super::{Flow, NONE, number};
use crate::engine::priority::PriorityStation;
use crate::engine::processor::Processor;
use crate::engine::station::{Admission, Aligned, Station};

/// The bit that marks a priority station among the stations that an attempt can hold.
const MARK: u32 = 1 << 31;

/// Whether the station that an attempt holds, or waits for, is a priority station.
#[inline]
fn is_priority(station: u32) -> bool {
    station != NONE && station & MARK != 0
}

impl Flow {
    /// Adds a station and returns its position.
    pub fn add_station(&mut self, servers: u32, room: u32) -> u32 {
        self.stations.push(Aligned(Station::new(servers, room)));
        number(self.stations.len() - 1)
    }

    /// A station without levels.
    pub fn station(&self, station: u32) -> &Station {
        match host_of(station) {
            Some(host) => &self.hosts[host].threads,
            None => &self.stations[station as usize].0,
        }
    }

    /// The same, mutable.
    pub fn station_mut(&mut self, station: u32) -> &mut Station {
        match host_of(station) {
            Some(host) => &mut self.hosts[host].threads,
            None => &mut self.stations[station as usize].0,
        }
    }

    /// Asks for a thread of a host.
    #[inline(always)]
    pub fn take_thread(&mut self, host: u32, id: u32) -> Admission {
        self.hosts[host as usize].threads.take(id, self.now, &mut self.links)
    }

    /// Gives a thread of a host back; the attempt that has waited longest resumes.
    #[inline(always)]
    pub fn give_thread(&mut self, host: u32) {
        if let Some(next) = self.hosts[host as usize].threads.give(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// Adds a priority station and returns its marked position.
    pub fn add_priority_station(&mut self, servers: u32, room: u32) -> u32 {
        self.counters.push(PriorityStation::new(servers, room));
        MARK | number::<u32>(self.counters.len() - 1)
    }

    /// Adds a processor and returns its position.
    pub fn add_processor(&mut self, cores: u32, speed: f64) -> u32 {
        self.processors.push(Processor::new(cores, speed));
        number(self.calendar.add_plan())
    }

    /// A planned completion of a processor: its finished jobs resume. Returns the first of them, if there is one; the others
    /// are ready.
    #[inline(always)]
    pub fn processor_due(&mut self, index: u32) -> u32 {
        let processor = &mut self.processors[index as usize];
        let mut first = NONE;
        let done = |owner| if first == NONE { first = owner } else { self.ready.push(owner) };
        let next = processor.due(self.now, done, |owner| self.attempts.bury(owner));
        self.calendar.plan(index as usize, next.unwrap_or(u64::MAX));
        first
    }

    /// A job begins on a processor.
    #[inline(never)]
    pub fn begin(&mut self, index: u32, attempt: u32, demand: f64) {
        self.begin_here(index, attempt, demand);
    }

    /// The same, in place: for what nearly every request does.
    #[inline(always)]
    pub fn begin_here(&mut self, index: u32, attempt: u32, demand: f64) {
        if let Some(at) = self.processors[index as usize].begin(attempt, demand, self.now) {
            self.calendar.plan(index as usize, at);
        }
    }

    /// Changes the work that each core of a processor does in a nanosecond, from now on.
    pub fn set_speed(&mut self, index: u32, speed: f64) {
        if let Some(at) = self.processors[index as usize].set_speed(speed, self.now) {
            self.calendar.plan(index as usize, at);
        }
    }

    /// A processor has so many cores from now on, each of which does so much work in a nanosecond.
    pub fn set_cores(&mut self, index: u32, cores: u32, speed: f64) {
        if let Some(at) = self.processors[index as usize].set_cores(cores, speed, self.now) {
            self.calendar.plan(index as usize, at);
        }
    }

    /// Takes jobs whose attempts were called off from a processor.
    pub fn call_off(&mut self, index: u32) {
        let attempts = &mut self.attempts;
        let plan = self.processors[index as usize].call_off(self.now, |owner| attempts.bury(owner));
        if let Some(at) = plan {
            self.calendar.plan(index as usize, at);
        }
    }

    /// Takes every job out of a processor; returns the attempts whose jobs were not called off before.
    pub fn clear_processor(&mut self, index: u32) -> Vec<u32> {
        let attempts = &mut self.attempts;
        let cleared = self.processors[index as usize].clear(self.now, |owner| attempts.bury(owner));
        self.calendar.unplan(index as usize);
        cleared
    }

    /// A host has so many threads and waiting places from now on; attempts that now fit resume.
    pub fn open_threads(&mut self, host: u32, threads: u32, room: u32) {
        self.hosts[host as usize].threads.open(threads, room);
        while let Some(next) = self.hosts[host as usize].threads.admit(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// Asks a station for a server, other than one of threads.
    #[inline(always)]
    pub fn take(&mut self, station: u32, id: u32) -> Admission {
        self.stations[station as usize].0.take(id, self.now, &mut self.links)
    }

    /// Asks a priority station for a server.
    pub fn take_by_priority(&mut self, station: u32, id: u32, level: u8) -> Admission {
        self.counters[(station & !MARK) as usize].take(id, level, self.now, &mut self.links)
    }

    /// Takes a server of an unlimited station and keeps it until [`Flow::let_go`].
    #[inline(always)]
    pub fn hold(&mut self, id: u32, station: u32) -> Next {
        let claims = self.attempts.claims_mut(id);
        claims.holding = station;
        match self.stations[station as usize].0.take(id, self.now, &mut self.links) {
            Admission::Served => Next::Op,
            // A station that turns attempts away is closed, and what comes to it then would wait in no queue.
            admission => {
                debug_assert!(
                    admission == Admission::Waiting,
                    "nothing comes to the cores of a host that is gone"
                );
                claims.waiting = Waiting::Station(station);
                Next::Wait
            }
        }
    }

    /// Gives back the server that the attempt holds.
    #[inline(always)]
    pub fn let_go(&mut self, id: u32) {
        let station = std::mem::replace(&mut self.attempts.claims_mut(id).holding, NONE);
        if station != NONE {
            self.give(station);
        }
    }

    /// Gives back the server that the attempt holds, at a station of either type.
    pub fn let_go_of_any(&mut self, id: u32) {
        let station = std::mem::replace(&mut self.attempts.claims_mut(id).holding, NONE);
        if is_priority(station) {
            self.give_by_priority(station);
        } else if station != NONE {
            self.give(station);
        }
    }

    /// Gives a server of a station back, other than one of threads; the attempt that has waited longest resumes.
    #[inline(always)]
    pub fn give(&mut self, station: u32) {
        if let Some(next) = self.stations[station as usize].0.give(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// The same, for a kind that has to know which attempt that is.
    #[inline(always)]
    pub fn hand_over(&mut self, station: u32) -> Option<u32> {
        let next = self.stations[station as usize].0.give(self.now, &mut self.links)?;
        self.grant(next);
        Some(next)
    }

    /// Lets the attempt that has waited longest resume, if a server is free.
    pub fn admit(&mut self, station: u32) -> Option<u32> {
        let next = self.stations[station as usize].0.admit(self.now, &mut self.links)?;
        self.grant(next);
        Some(next)
    }

    /// Takes the attempt that has waited longest out of its queue if a server is free; after a span it takes its step again.
    pub fn wake(&mut self, station: u32, span: u64) -> Option<u32> {
        let next = self.stations[station as usize].0.wake(self.now, &mut self.links)?;
        let claims = self.attempts.claims_mut(next);
        (claims.waiting, claims.limit) = (Waiting::Nowhere, Deadline::NEVER);
        self.pass(span, next);
        Some(next)
    }

    /// Gives a server of a priority station back; the first in line resumes.
    pub fn give_by_priority(&mut self, station: u32) {
        let counter = &mut self.counters[(station & !MARK) as usize];
        if let Some(next) = counter.give(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// Takes an attempt of a level out of the queue of a station of either type.
    pub fn leave_queue(&mut self, id: u32, station: u32, level: u8) {
        match is_priority(station) {
            true => self.counters[(station & !MARK) as usize].leave(id, level, self.now, &mut self.links),
            false => {
                let Flow { hosts, stations, links, now, .. } = self;
                let station = match host_of(station) {
                    Some(host) => &mut hosts[host].threads,
                    None => &mut stations[station as usize].0,
                };
                station.leave(id, *now, links);
            }
        }
    }

    /// Changes the number of servers of a station of either type, other than one of threads; attempts that now fit resume.
    pub fn resize(&mut self, station: u32, servers: u32) {
        if is_priority(station) {
            let index = (station & !MARK) as usize;
            self.counters[index].resize(servers);
            while let Some(next) = self.counters[index].admit(self.now, &mut self.links) {
                self.grant(next);
            }
            return;
        }
        self.stations[station as usize].0.resize(servers);
        while let Some(next) = self.stations[station as usize].0.admit(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// Busy-server and waiting nanoseconds up to now, of a station of either type.
    pub fn areas_of(&self, station: u32) -> (f64, f64) {
        if is_priority(station) {
            let counter = &self.counters[(station & !MARK) as usize];
            return (counter.busy_area(self.now), counter.waiting_area(self.now));
        }
        let station = self.station(station);
        (station.busy_area(self.now), station.waiting_area(self.now))
    }
}
