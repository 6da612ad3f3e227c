//! Local ports: the connections that instances open for their calls.
//!
//! In: calls that begin and end. Out: a connection for each, kept or new, or the failure of the call. A connection has a port of its
//! instance for the address that it leads to, from when it is opened until `time_wait` after it was closed. The caller closes it.

use std::collections::{BTreeMap, VecDeque};

use super::language::Sockets as Settings;
use super::model::Fleets;
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::{Flow, NONE};
use crate::measure::stage::Cause;

/// Tiers that an attempt can be inside of: which of their threads it holds is a bit each of a byte.
const TIERS: usize = u8::BITS as usize;

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// To a balancer, which has so many addresses.
    Balancer { balancer: u16, addresses: u8 },
    /// To the host of the innermost tier.
    Host,
}

/// The connections of one host to one destination.
#[derive(Debug, Default)]
struct Link {
    /// In use.
    open: u32,
    /// When each idle one is closed; the one that was used last at the end.
    idle: VecDeque<u64>,
    /// When the port of each closed one is free.
    closed: VecDeque<u64>,
    /// Ports that there are.
    ports: u32,
    /// Over the time so far, the ports that were in use or not free yet, in nanoseconds: what ended, less what began. A connection that is
    /// idle is none of them.
    sum: i128,
    /// The same, until now, at the end of the last row.
    mark: i128,
}

impl Link {
    fn new(ports: u32) -> Link {
        Link { ports, ..Link::default() }
    }

    /// Closes what has been idle for too long, and frees ports.
    fn pass(&mut self, settings: &Settings, now: u64) {
        while let Some(&at) = self.idle.front().filter(|at| **at <= now) {
            self.idle.pop_front();
            self.closed.push_back(at.saturating_add(settings.time_wait.0));
            self.sum -= i128::from(at);
        }
        while let Some(&at) = self.closed.front().filter(|at| **at <= now) {
            self.closed.pop_front();
            self.sum += i128::from(at);
        }
    }

    /// The ports in use or not free yet, on the mean of the row that ends now.
    fn busy_in_row(&mut self, now: u64, span: f64) -> f64 {
        let busy = self.open as usize + self.closed.len();
        let area = self.sum + busy as i128 * i128::from(now);
        (area - std::mem::replace(&mut self.mark, area)) as f64 / span
    }

    /// Takes the connection that was used last, or opens one if there is a port for it.
    fn take(&mut self, settings: &Settings, now: u64) -> Taken {
        self.pass(settings, now);
        let taken = match self.idle.pop_back() {
            Some(closes) => Taken::Kept { closes },
            None if self.taken() < self.ports as usize => Taken::Opened,
            None => Taken::Nothing,
        };
        if taken != Taken::Nothing {
            self.open += 1;
            self.sum -= i128::from(now);
        }
        taken
    }

    /// A call has ended; its connection is kept if it can be used again. Returns when it is closed, if nothing more comes.
    fn leave(&mut self, settings: &Settings, kept: bool, now: u64) -> u64 {
        self.pass(settings, now);
        self.open = self.open.saturating_sub(1);
        match kept && settings.keep_alive.0 > 0 {
            true => {
                self.sum += i128::from(now);
                let closes = now.saturating_add(settings.keep_alive.0);
                self.idle.push_back(closes);
                closes
            }
            false => {
                self.closed.push_back(now.saturating_add(settings.time_wait.0));
                now
            }
        }
    }

    /// Ports that are taken.
    fn taken(&self) -> usize {
        self.open as usize + self.idle.len() + self.closed.len()
    }
}

/// What is counted of the ports of a fleet, and how many there were at the end of the last row.
#[derive(Clone, Debug, Default)]
struct Counts {
    calls: (u64, Mark),
    opened: (u64, Mark),
    failed: (u64, Mark),
}

/// How a call comes to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    /// One that would have been closed then.
    Kept {
        closes: u64,
    },
    Opened,
    Nothing,
}

/// The ports of all hosts.
#[derive(Debug)]
pub(super) struct Ports {
    links: BTreeMap<(u32, u32), Link>,
    /// Of each attempt, the destination that it is connected to from each tier.
    held: PerAttempt<[u32; TIERS]>,
    /// Of each fleet, connections that were opened and calls that found no port.
    counts: Vec<Counts>,
}

impl Ports {
    /// Nothing is connected.
    pub fn new(fleets: usize) -> Ports {
        Ports {
            links: BTreeMap::new(),
            held: PerAttempt::new([NONE; TIERS]),
            counts: vec![Counts::default(); fleets],
        }
    }
}

/// The mark of a destination that is a host.
const OF_HOST: u32 = 1 << 31;

impl Fleets<'_> {
    /// A call from the host of a tier begins.
    pub(super) fn connect_out(&mut self, id: u32, tier: u8, to: To, flow: &mut Flow) -> Next {
        let host = flow.attempts.tier(id, tier).instance;
        let group = flow.hosts[host as usize].group;
        let Some(settings) = &self.settings[group].sockets else { return Next::Op };
        let (destination, addresses) = match to {
            To::Balancer { balancer, addresses } => (u32::from(balancer), u32::from(addresses.max(1))),
            To::Host => (flow.attempts.tier(id, tier + 1).instance | OF_HOST, 1),
        };
        let ports = settings.ports.saturating_mul(addresses);
        let link = self.ports.links.entry((host, destination)).or_insert_with(|| Link::new(ports));
        match link.take(settings, flow.now) {
            Taken::Kept { closes } => {
                if let To::Balancer { balancer, .. } = to {
                    flow.dialed.keeps_on(id, usize::from(balancer), flow.now, closes);
                }
            }
            Taken::Opened => {
                self.ports.counts[group].opened.0 += 1;
                if let To::Balancer { balancer, .. } = to {
                    flow.dialed.opens(id, usize::from(balancer), flow.now);
                }
            }
            Taken::Nothing => {
                self.ports.counts[group].failed.0 += 1;
                return Next::Fail(Cause::PortsExhausted);
            }
        }
        self.ports.counts[group].calls.0 += 1;
        self.ports.held.of_mut(id)[usize::from(tier)] = destination;
        Next::Op
    }

    /// It has ended.
    pub(super) fn hang_up(&mut self, id: u32, tier: u8, flow: &mut Flow) {
        let host = flow.attempts.tier(id, tier).instance;
        self.close(id, tier, host, true, flow);
    }

    /// An attempt ends early: its connections are closed.
    pub(super) fn hang_up_all(&mut self, id: u32, flow: &mut Flow) {
        for tier in (0..).take(usize::from(flow.attempts[id].depth)) {
            let host = flow.attempts.tier(id, tier).instance;
            self.close(id, tier, host, false, flow);
        }
    }

    fn close(&mut self, id: u32, tier: u8, host: u32, kept: bool, flow: &mut Flow) {
        let held = &mut self.ports.held.of_mut(id)[usize::from(tier)];
        let destination = std::mem::replace(held, NONE);
        let fleet = self.settings.get(flow.hosts[host as usize].group);
        let (Some(settings), Some(link)) =
            (fleet.and_then(|fleet| fleet.sockets.as_ref()), self.ports.links.get_mut(&(host, destination)))
        else {
            return;
        };
        let closes = link.leave(settings, kept, flow.now);
        if destination & OF_HOST == 0 {
            flow.dialed.rests(destination as usize, flow.now, closes);
        }
    }

    /// What a row has of the ports of a fleet.
    pub(super) fn ports_in_row(&mut self, fleet: usize, span: f64, flow: &Flow) -> PortsInRow {
        let Some(settings) = &self.settings[fleet].sockets else { return PortsInRow::default() };
        let own =
            self.ports.links.iter_mut().filter(|((host, _), _)| flow.hosts[*host as usize].group == fleet);
        let shares = own.map(|(_, link)| {
            link.pass(settings, flow.now);
            let ports = f64::from(link.ports);
            (link.taken() as f64 / ports, link.busy_in_row(flow.now, span) / ports)
        });
        let (taken, busy) =
            shares.fold((0.0, 0.0), |most: (f64, f64), it| (most.0.max(it.0), most.1.max(it.1)));
        let Counts { calls, opened, failed } = &mut self.ports.counts[fleet];
        PortsInRow {
            taken,
            busy,
            calls: calls.1.grown(calls.0),
            opened: opened.1.grown(opened.0),
            failed: failed.1.grown(failed.0),
        }
    }
}

/// The ports of a fleet in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PortsInRow {
    /// The part of the ports of its fullest pair of an instance and a destination that is taken at its end.
    pub taken: f64,
    /// The part that was in use or not free yet, on the mean of the row, of the pair of which that is the most.
    pub busy: f64,
    /// Calls that had a connection.
    pub calls: u64,
    /// Connections that were opened.
    pub opened: u64,
    /// Calls that found no port.
    pub failed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    const S: u64 = 1_000_000_000;

    fn settings(keep_alive: u64) -> Settings {
        Settings { keep_alive: Time::from_secs(keep_alive), ports: 2, time_wait: Time::from_secs(60) }
    }

    /// Two ports, and a connection for each call: those that end at 1 s and 2 s are free at 61 s and 62 s.
    #[test]
    fn a_port_is_taken_until_its_wait_is_over() {
        let (settings, mut link) = (settings(0), Link::new(2));
        let first = [0, 0, 0].map(|at| link.take(&settings, at));
        assert_eq!(first, [Taken::Opened, Taken::Opened, Taken::Nothing]);
        link.leave(&settings, true, S);
        link.leave(&settings, true, 2 * S);
        let free = [3, 60, 61, 61, 62, 62].map(|at| link.take(&settings, at * S) == Taken::Opened);
        assert_eq!(free, [false, false, true, false, true, false]);
    }

    /// A kept connection takes no further port; one that is idle for too long does until its wait is over; one that broke is not kept.
    #[test]
    fn a_kept_connection_is_used_again() {
        let (settings, mut link) = (settings(10), Link::new(2));
        for at in 0..100 {
            let taken = link.take(&settings, at * S);
            assert_eq!(taken, if at == 0 { Taken::Opened } else { Taken::Kept { closes: (at + 9) * S } });
            link.leave(&settings, true, at * S);
        }
        assert_eq!(link.taken(), 1);
        assert_eq!(link.take(&settings, 105 * S), Taken::Kept { closes: 109 * S });

        link.leave(&settings, false, 105 * S);
        // The broken one has its port until 165 s; the other one is idle until 126 s, and its port is free at 186 s.
        assert_eq!(
            [116, 116].map(|at| link.take(&settings, at * S)),
            [Taken::Opened, Taken::Nothing],
            "the port of the one that broke is not free yet"
        );
        link.leave(&settings, true, 116 * S);
        let taken = [125, 126, 164, 165, 185, 186].map(|at| {
            link.pass(&settings, at * S);
            link.taken()
        });
        assert_eq!(taken, [2, 2, 2, 1, 1, 0]);
    }
}
