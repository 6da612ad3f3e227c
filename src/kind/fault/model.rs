//! Faults happen: a zone is lost, and is back.
//!
//! In: timers. Out: facts. Of faults of one zone that overlap, the first begins its loss and the last ends it.

use super::language::Fault;
use crate::catalog::zone::Place;
use crate::flow::fact::Fact;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id;
use crate::kind::Kind;
use crate::kind::part::{Part, Plan};

/// All faults.
#[derive(Debug)]
pub struct Faults<'s> {
    settings: &'s [Fault],
    /// The place of each fault that is present.
    present: Vec<Place>,
}

/// No step takes place at a fault.
#[derive(Clone, Copy, Debug)]
pub enum Op {}

timers! {
    Kind::Fault;
    /// A fault begins.
    Begins { fault: u16 } = "begin of fault";
    /// A fault ends.
    Ends { fault: u16 } = "end of fault";
}

impl<'s> Part<'s> for Faults<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.faults;
        for (index, fault) in settings.iter().enumerate() {
            flow.set(Timer::Begins { fault: number(index) }, fault.at.0);
            if let Some(until) = fault.until() {
                flow.set(Timer::Ends { fault: number(index) }, until.0);
            }
        }
        Faults { settings, present: Vec::new() }
    }

    fn step(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Next {
        match op {}
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Begins { fault } => {
                let Fault { name, place, .. } = &self.settings[usize::from(fault)];
                let already = self.present.contains(place);
                self.present.push(*place);
                if !already {
                    flow.incident(id::Kind::Fault, name, format!("zone {} is lost", place.zone));
                    flow.tell(Fact::ZoneLost(*place));
                }
            }
            Timer::Ends { fault } => {
                let Fault { name, place, .. } = &self.settings[usize::from(fault)];
                if let Some(one) = self.present.iter().position(|present| present == place) {
                    self.present.swap_remove(one);
                }
                if !self.present.contains(place) {
                    flow.incident(id::Kind::Fault, name, format!("zone {} is back", place.zone));
                    flow.tell(Fact::ZoneBack(*place));
                }
            }
        }
    }
}
