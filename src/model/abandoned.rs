//! Abandoned work: how much CPU it takes, and how it is called off.
//!
//! In: attempts whose client has gone. Out: the CPU time spent on them from then on, counted as it is executed and not
//! from the start of a step; with `on_timeout = "cancel"`, servers freed from them. Few attempts take part: a mark
//! on them leads here.

use super::World;
use super::program::Op;
use crate::flow::attempt::{CLOCKED, DOOMED, State, Tier};
use crate::flow::claims::Waiting;
use crate::flow::host::Host;

impl World<'_> {
    /// The current clock of an attempt, if it executes on an instance, and the CPU nanoseconds of one unit of it: of the
    /// work that an always present job would have received, or of the time on a core, without what is withheld.
    fn cpu_reading(&self, id: u32) -> Option<(f64, f64)> {
        match self.program.ops[self.flow.attempts[id].at as usize].op {
            Op::Cpu { tier, .. } => {
                let Tier { instance, cpu, .. } = *self.flow.attempts.tier(id, tier);
                let Host { strength, pace, .. } = self.flow.hosts[instance as usize];
                Some((self.received(cpu), 1.0 / (strength * pace)))
            }
            Op::Run { tier, .. } => {
                let instance = self.flow.attempts.tier(id, tier).instance;
                Some((self.flow.now as f64, self.flow.hosts[instance as usize].withheld.granted()))
            }
            _ => None,
        }
    }

    /// Work that an always present job would have received on a processor.
    fn received(&self, processor: u32) -> f64 {
        self.flow.processors[processor as usize].received(self.flow.now)
    }

    /// An attempt has lost its client: CPU time from now on counts as abandoned.
    pub(super) fn start_clock(&mut self, id: u32) {
        if self.flow.attempts[id].marks & CLOCKED == 0
            && let Some((reading, _)) = self.cpu_reading(id)
        {
            self.clock_from(id, reading);
        }
    }

    fn clock_from(&mut self, id: u32, reading: f64) {
        self.flow.attempts.claims_mut(id).clock = reading;
        self.flow.attempts[id].marks |= CLOCKED;
    }

    /// An attempt without a client has begun to share a CPU.
    #[cold]
    pub(super) fn clock_sharing(&mut self, id: u32, processor: u32) {
        let reading = self.received(processor);
        self.clock_from(id, reading);
    }

    /// An attempt without a client has begun to run on a core.
    #[cold]
    pub(super) fn clock_running(&mut self, id: u32) {
        self.clock_from(id, self.flow.now as f64);
    }

    /// The CPU work of an attempt without a client has ended, or is no longer counted.
    pub(super) fn stop_clock(&mut self, id: u32) {
        if self.flow.attempts[id].marks & CLOCKED != 0 {
            self.flow.attempts[id].marks &= !CLOCKED;
            let Some((reading, unit)) = self.cpu_reading(id) else { return };
            self.flow.recorder.abandoned_cpu += (reading - self.flow.attempts.claims(id).clock) * unit;
        }
    }

    /// The step of a marked attempt is over; returns whether the attempt is over too.
    #[cold]
    pub(super) fn ends_here(&mut self, id: u32) -> bool {
        self.stop_clock(id);
        let doomed = self.flow.attempts[id].marks & DOOMED != 0;
        if doomed {
            self.vanish(id);
        }
        doomed
    }

    /// Servers notice that the client has gone: a waiting attempt leaves its queue at once, and an executing one leaves
    /// the processor that it shares. A step that takes a fixed time (a server of its own, a delay) ends first.
    pub(super) fn cancel(&mut self, id: u32) {
        if self.flow.attempts.claims(id).waiting != Waiting::Nowhere {
            self.end_without_client(id);
            return self.flow.attempts.release(id);
        }
        let Some(processor) = self.processor_of(id) else {
            self.flow.attempts[id].marks |= DOOMED;
            return;
        };
        self.end_without_client(id);
        // The processor still has its job in the heap; the record is freed when that is removed.
        self.flow.attempts[id].state = State::CalledOff;
        self.flow.call_off(processor);
    }

    /// The processor on which an attempt that does not wait in a queue has a job.
    fn processor_of(&self, id: u32) -> Option<u32> {
        match self.program.ops[self.flow.attempts[id].at as usize].op {
            Op::Cpu { tier, .. } => Some(self.flow.attempts.tier(id, tier).cpu),
            Op::Of(op) => self.parts.processor(op, id, &self.flow),
            _ => None,
        }
    }
}
