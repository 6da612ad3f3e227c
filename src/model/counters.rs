//! Service stations that serve by priority, and stations whose number of servers changes.
//!
//! In: requests with the level of their class; the timetable of a station. Out: who is served. The position of a
//! priority station carries a mark, so that whoever gives back what an attempt holds knows where it belongs.

use super::claims::Waiting;
use super::request::NONE;
use super::walk::Flow;
use super::{World, number};
use crate::engine::priority::PriorityStation;

/// The mark of a priority station among the stations that an attempt can hold.
const MARK: u32 = 1 << 31;

/// Whether what an attempt holds, or waits for, is a priority station.
#[inline]
fn is_priority(station: u32) -> bool {
    station != NONE && station & MARK != 0
}

impl World<'_> {
    /// Adds a priority station and returns its marked position.
    pub(super) fn add_priority_station(&mut self, servers: u32, room: u32) -> u32 {
        self.counters.push(PriorityStation::new(servers, room));
        MARK | number::<u32>(self.counters.len() - 1)
    }

    /// Busy-server and waiting nanoseconds of the station of a service up to now.
    pub(super) fn areas_of(&self, station: u32) -> (f64, f64) {
        if is_priority(station) {
            let counter = &self.counters[(station & !MARK) as usize];
            return (counter.busy_area(self.now), counter.waiting_area(self.now));
        }
        let station = &self.stations[station as usize];
        (station.busy_area(self.now), station.waiting_area(self.now))
    }

    /// Asks a station that serves by priority.
    pub(super) fn line_up(&mut self, id: u32, service: u16, level: u8) -> Flow {
        let station = self.services[usize::from(service)].station;
        let counter = &mut self.counters[(station & !MARK) as usize];
        let admission = counter.take(id, level, self.now, &mut self.links);
        self.join(id, service, admission)
    }

    /// Gives the server of a priority station back; the first in line goes on.
    pub(super) fn leave_counter(&mut self, id: u32) {
        let station = std::mem::replace(&mut self.attempts.claims_mut(id).holding, NONE);
        if station != NONE {
            self.give_counter(station);
        }
    }

    fn give_counter(&mut self, station: u32) {
        let counter = &mut self.counters[(station & !MARK) as usize];
        if let Some(next) = counter.give(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// Gives back the server of whatever station an attempt held.
    pub(super) fn give_any(&mut self, station: u32) {
        match is_priority(station) {
            true => self.give_counter(station),
            false => self.give(station),
        }
    }

    /// Takes an attempt out of the queue of whatever station it waits for.
    pub(super) fn leave_queue(&mut self, id: u32, station: u32) {
        debug_assert!(self.attempts.claims(id).waiting == Waiting::Nowhere);
        match is_priority(station) {
            true => {
                let level = self.scenario.classes[usize::from(self.attempts[id].class)].priority;
                let counter = &mut self.counters[(station & !MARK) as usize];
                counter.leave(id, level, self.now, &mut self.links);
            }
            false => self.stations[station as usize].leave(id, self.now, &mut self.links),
        }
    }

    /// The number of servers of a station changes; those who fit go on.
    pub(super) fn servers_change(&mut self, service: u16, change: u16) {
        let servers = self.scenario.services[usize::from(service)].changes[usize::from(change)].1;
        let station = self.services[usize::from(service)].station;
        if !is_priority(station) {
            return self.resize(station, servers);
        }
        let index = (station & !MARK) as usize;
        self.counters[index].resize(servers);
        while let Some(next) = self.counters[index].admit(self.now, &mut self.links) {
            self.grant(next);
        }
    }
}
