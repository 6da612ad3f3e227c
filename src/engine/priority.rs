//! A station whose queue has levels: c equal servers, the highest level first, in order of arrival inside a level.
//!
//! In: customers with a level that take and give back a server. Out: which is served next. Service is not interrupted:
//! a customer of a higher level waits for the next free server like any other (non-preemptive). It is separate from
//! [`crate::engine::station::Station`], so that plain queues pay nothing for levels.

use super::station::{Admission, Integral, Links, Queue};

/// Number of levels: from 0, served last, to 7, served first.
pub const LEVELS: usize = 8;

/// Servers, a queue for each level, and their time integrals.
#[derive(Clone, Debug)]
pub struct PriorityStation {
    servers: u32,
    busy: u32,
    room: u32,
    waiting: u32,
    lines: [Queue; LEVELS],
    busy_area: Integral,
    waiting_area: Integral,
}

impl PriorityStation {
    /// A station of this many servers, with `room` waiting places for all levels together.
    pub fn new(servers: u32, room: u32) -> Self {
        PriorityStation {
            servers,
            busy: 0,
            room,
            waiting: 0,
            lines: [Queue::default(); LEVELS],
            busy_area: Integral::default(),
            waiting_area: Integral::default(),
        }
    }

    /// Asks for a server. A full queue refuses every customer, of any level.
    pub fn take(&mut self, customer: u32, level: u8, now: u64, links: &mut Links) -> Admission {
        if self.busy < self.servers {
            self.busy += 1;
            self.busy_area.grow(now);
            Admission::Served
        } else if self.waiting < self.room {
            self.lines[usize::from(level)].push(customer, links);
            self.waiting += 1;
            self.waiting_area.grow(now);
            Admission::Waiting
        } else {
            Admission::Refused
        }
    }

    /// Gives a server back; the returned customer now has it.
    pub fn give(&mut self, now: u64, links: &mut Links) -> Option<u32> {
        self.busy -= 1;
        self.busy_area.shrink(now);
        self.admit(now, links)
    }

    /// Removes a waiting customer that gives up.
    pub fn leave(&mut self, customer: u32, level: u8, now: u64, links: &mut Links) {
        self.lines[usize::from(level)].remove(customer, links);
        self.waiting -= 1;
        self.waiting_area.shrink(now);
    }

    /// Changes the number of servers; then call [`PriorityStation::admit`] until it returns `None`.
    pub fn resize(&mut self, servers: u32) {
        self.servers = servers;
    }

    /// Serves the first customer of the highest level if a server is free.
    pub fn admit(&mut self, now: u64, links: &mut Links) -> Option<u32> {
        if self.busy >= self.servers {
            return None;
        }
        let customer = self.lines.iter_mut().rev().find_map(|line| line.pop(links))?;
        self.waiting -= 1;
        self.waiting_area.shrink(now);
        self.busy += 1;
        self.busy_area.grow(now);
        Some(customer)
    }

    /// Busy-server nanoseconds up to `now`.
    pub fn busy_area(&self, now: u64) -> f64 {
        self.busy_area.up_to(now, self.busy)
    }

    /// Waiting-customer nanoseconds up to `now`.
    pub fn waiting_area(&self, now: u64) -> f64 {
        self.waiting_area.up_to(now, self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Links {
        let mut links = Links::default();
        links.grow(8);
        links
    }

    #[test]
    fn higher_levels_go_first_and_nobody_is_interrupted() {
        let (mut station, mut links) = (PriorityStation::new(1, 3), links());
        assert_eq!(station.take(0, 0, 0, &mut links), Admission::Served);
        assert_eq!(station.take(1, 0, 1, &mut links), Admission::Waiting);
        assert_eq!(station.take(2, 7, 2, &mut links), Admission::Waiting);
        assert_eq!(station.take(3, 7, 3, &mut links), Admission::Waiting);
        assert_eq!(station.take(4, 7, 3, &mut links), Admission::Refused);
        assert_eq!(station.give(4, &mut links), Some(2));
        station.leave(3, 7, 5, &mut links);
        assert_eq!(station.give(6, &mut links), Some(1));
        assert_eq!(station.give(8, &mut links), None);
        assert_eq!((station.busy_area(9), station.waiting_area(9)), (8.0, 5.0 + 2.0 + 2.0));
    }

    #[test]
    fn a_station_that_shrinks_lets_its_customers_finish() {
        let (mut station, mut links) = (PriorityStation::new(2, 9), links());
        for customer in 0..3 {
            station.take(customer, 1, 0, &mut links);
        }
        station.resize(1);
        assert_eq!(station.admit(1, &mut links), None);
        assert_eq!(station.give(2, &mut links), None);
        station.resize(2);
        assert_eq!(station.admit(3, &mut links), Some(2));
    }
}
