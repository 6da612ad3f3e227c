//! A service station that faults strike: it is slow, fails, refuses or hangs, or is lost with its Region.
//!
//! In: the steps that only such a station has, and what strikes it. Out: work that takes longer, requests that are turned away at once
//! or answered with an error after their time, and answers that are held back. With its Region all that is at the station is lost: its servers
//! are idle at once, and those who were there pass its steps without any work, to find out that nobody answers them.

use super::model::{Op, Service, Services, WHOLE};
use super::own::Ticket;
use crate::dist::rounded;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE};
use crate::measure::stage::Cause;

impl Services<'_> {
    /// One of the steps of a request at such a station.
    #[inline(never)]
    pub(super) fn endure(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Knock { service } => {
                // What waits here is held by what strikes all of it; what has been served meanwhile is not.
                match self.each[usize::from(service)].trouble.refuses(WHOLE) {
                    Some(strike) => {
                        flow.meets(id, strike);
                        Next::Fail(Cause::DependencyFailed)
                    }
                    None => Next::Op,
                }
            }
            Op::Endure { service, .. } | Op::Hang { service } | Op::Answer { service }
                if self.each[usize::from(service)].is_cut(id, flow) =>
            {
                Next::Op
            }
            Op::Quit { service } => {
                // What was lost with its Region has given its server back before.
                flow.let_go_of_any(id);
                let station = &mut self.each[usize::from(service)];
                station.served += u64::from(!station.is_cut(id, flow));
                Next::Op
            }
            Op::Endure { service, draw } => {
                self.count_wait(id, service, flow);
                let station = &self.each[usize::from(service)];
                let work = flow.draws.of(draw).nanos() * station.trouble.factor(WHOLE);
                match station.processor {
                    NONE => flow.pass(rounded(work), id),
                    processor => {
                        flow.begin(processor, id, work);
                        Next::Wait
                    }
                }
            }
            // It has no answer that could be held back.
            Op::Hang { .. } if self.tickets.of(id) == Ticket::Refused => Next::Op,
            // It keeps its server.
            Op::Hang { service } => match self.each[usize::from(service)].trouble.hangs_until(WHOLE) {
                Some((until, strike)) => {
                    flow.meets(id, strike);
                    flow.pass(until.saturating_sub(flow.now), id)
                }
                None => Next::Op,
            },
            Op::Answer { service } => {
                let station = &mut self.each[usize::from(service)];
                match station.trouble.fails(WHOLE) {
                    Some(strike) => {
                        // From a station of a program it has come already.
                        station.served += u64::from(station.own.is_none());
                        flow.meets(id, strike);
                        Next::Fail(Cause::DependencyFailed)
                    }
                    None => Next::Op,
                }
            }
            _ => Next::Op,
        }
    }
}

impl Service {
    /// The Region of a station is lost, and with it all that is there.
    pub(super) fn cut_off(&mut self, strike: u32, flow: &mut Flow) {
        self.cut = Some(flow.now);
        let is_here = |id: &u32| flow.attempts.claims(*id).holding == self.station;
        let here: Vec<u32> = (0..flow.attempts.len() as u32).filter(is_here).collect();
        here.iter().for_each(|&id| flow.meets(id, strike));
        if self.processor != NONE {
            for id in flow.clear_processor(self.processor) {
                flow.pass(0, id);
            }
            return;
        }
        let is_served = |id: &u32| flow.attempts.claims(*id).waiting == Waiting::Nowhere;
        let served: Vec<u32> = here.into_iter().filter(is_served).collect();
        // Those who wait get a server, find that they are cut off, and hand it on.
        served.into_iter().for_each(|id| flow.let_go_of_any(id));
    }

    /// Whether an attempt was at the station when that was lost.
    fn is_cut(&self, id: u32, flow: &Flow) -> bool {
        self.cut.is_some_and(|cut| flow.attempts.claims(id).queued <= cut)
    }
}
