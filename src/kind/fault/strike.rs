//! A strike of a fault. In: a fault that strikes. Out: what it has struck, until it is over, and what came of it.

use crate::catalog::zone::Place;
use crate::flow::Flow;
use crate::flow::host::Lifecycle;

/// One strike of a fault.
#[derive(Clone, Debug)]
pub struct Strike {
    /// The position of its fault.
    pub(super) fault: u16,
    /// It has begun, and is not over.
    pub(super) is_present: bool,
    /// The hosts that it has struck, and for which it is not over.
    pub(super) hosts: Vec<u32>,
    /// When it began, and what it did, in words.
    pub(super) begun: Option<u64>,
    pub(super) what: String,
    /// When it was over.
    pub(super) over: Option<u64>,
    /// The hosts that it struck, whatever has become of them, and those of them that served when it began.
    pub(super) took: Vec<u32>,
    pub(super) served: Vec<u32>,
    /// The groups of those that it struck.
    pub(super) fleets: Vec<usize>,
    /// How many hosts of each group served when it began, with those that earlier strikes had taken.
    pub(super) level: Vec<u32>,
    /// Requests that had failed when it began, at nothing that a strike held.
    pub(super) loose: u64,
    /// Requests that failed at what it held: the row in which they did, their class and how many, in the order of rows.
    pub(super) charged: Vec<(usize, u16, u64)>,
    /// When a sign of its own was there, and what it was.
    pub(super) noticed: Option<(u64, String)>,
    /// When it was over and all that it took was back.
    pub(super) recovered: Option<u64>,
}

impl Strike {
    /// One that has not begun.
    pub(super) fn of(fault: u16) -> Strike {
        Strike {
            fault,
            is_present: false,
            hosts: Vec::new(),
            begun: None,
            what: String::new(),
            over: None,
            took: Vec::new(),
            served: Vec::new(),
            fleets: Vec::new(),
            level: Vec::new(),
            loose: 0,
            charged: Vec::new(),
            noticed: None,
            recovered: None,
        }
    }

    /// Requests that failed in the last row so far at what it held.
    pub(super) fn charged_in(&self, row: usize) -> u64 {
        self.charged.iter().rev().take_while(|it| it.0 == row).map(|(_, _, count)| count).sum()
    }

    /// It is over.
    pub(super) fn ends(&mut self, now: u64) {
        self.is_present = false;
        self.over = Some(now);
    }
}

/// An alarm has gone to ALARM, or has left it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    /// When.
    pub(super) at: u64,
    /// Which.
    pub(super) alarm: usize,
    /// To ALARM.
    pub(super) is_on: bool,
}

/// Hosts in service in a zone.
pub(super) fn there(place: Place, flow: &Flow) -> Vec<u32> {
    let hosts = flow.groups.iter().flat_map(|group| &group.alive).copied();
    let is_there = |&host: &u32| {
        let host = &flow.hosts[host as usize];
        host.place.is_in(place) && host.lifecycle == Lifecycle::InService && !host.is_lost()
    };
    hosts.filter(is_there).collect()
}
