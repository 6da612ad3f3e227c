//! A service station that faults strike: it is slow, fails, refuses or hangs.
//!
//! In: the steps that only such a station has, and what strikes it. Out: work that takes longer, requests that are turned away at once
//! or answered with an error after their time, and answers that are held back.

use super::model::{Op, Services};
use crate::dist::rounded;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE};
use crate::measure::stage::Cause;

/// A station has no members: a fault strikes all of it.
pub(super) const WHOLE: u32 = 0;

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
                        station.served += 1;
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
