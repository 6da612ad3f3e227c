//! Work for those who have gone: how much CPU it takes, and how it is called off.
//!
//! In: attempts whose client has gone. Out: the CPU time that was spent on them from then on, by what is executed and not
//! by what was begun; with `on_timeout = "cancel"`, servers without them. Most attempts have no part in this: a mark
//! on those that do takes them here.

use super::claims::Waiting;
use super::program::Op;
use super::request::{CLOCKED, DOOMED, State};
use super::{Event, World};

impl World<'_> {
    /// What a clock of the CPU work of an attempt shows, in nanoseconds of a core, if it executes on an instance.
    fn cpu_reading(&self, id: u32) -> Option<f64> {
        match self.program.ops[self.attempts[id].at as usize].0 {
            Op::Cpu { tier, .. } => {
                let tier = self.attempts.tier(id, tier);
                Some(self.core_time(tier.cpu, tier.instance))
            }
            Op::Run { .. } => Some(self.now as f64),
            _ => None,
        }
    }

    /// Core time that a job which was always on the processor of an instance would have had.
    fn core_time(&self, processor: u32, instance: u32) -> f64 {
        self.processors[processor as usize].received(self.now) / self.instances[instance as usize].speed
    }

    /// An attempt has lost its client: what it executes from now on is for nobody.
    pub(super) fn start_clock(&mut self, id: u32) {
        if self.attempts[id].marks & CLOCKED == 0
            && let Some(reading) = self.cpu_reading(id)
        {
            self.clock_from(id, reading);
        }
    }

    fn clock_from(&mut self, id: u32, reading: f64) {
        self.attempts.claims_mut(id).clock = reading;
        self.attempts[id].marks |= CLOCKED;
    }

    /// An attempt without a client has begun to share a CPU.
    #[cold]
    pub(super) fn clock_sharing(&mut self, id: u32, processor: u32, instance: u32) {
        let reading = self.core_time(processor, instance);
        self.clock_from(id, reading);
    }

    /// An attempt without a client has begun to run on a core.
    #[cold]
    pub(super) fn clock_running(&mut self, id: u32) {
        self.clock_from(id, self.now as f64);
    }

    /// What an attempt without a client executes has ended, or is not followed any longer.
    pub(super) fn stop_clock(&mut self, id: u32) {
        if self.attempts[id].marks & CLOCKED != 0 {
            self.attempts[id].marks &= !CLOCKED;
            let reading = self.cpu_reading(id).unwrap_or(0.0);
            self.recorder.abandoned_cpu += reading - self.attempts.claims(id).clock;
        }
    }

    /// The step of a marked attempt is over; says whether the attempt is, too.
    #[cold]
    pub(super) fn ends_here(&mut self, id: u32) -> bool {
        self.stop_clock(id);
        let doomed = self.attempts[id].marks & DOOMED != 0;
        if doomed {
            self.vanish(id);
        }
        doomed
    }

    /// Servers notice that the client has gone: a waiting attempt leaves its queue and an executing one the processor
    /// that it shares, at once; what takes a fixed time (a server of its own, a delay) ends first.
    pub(super) fn cancel(&mut self, id: u32) {
        if self.attempts.claims(id).waiting != Waiting::Nowhere {
            self.end_without_client(id);
            return self.attempts.release(id);
        }
        let Some(processor) = self.processor_of(id) else {
            self.attempts[id].marks |= DOOMED;
            return;
        };
        self.end_without_client(id);
        // The processor still lists its job; the record is free when that is gone.
        self.attempts[id].state = State::CalledOff;
        let attempts = &mut self.attempts;
        let plan = self.processors[processor as usize].call_off(self.now, |owner| attempts.bury(owner));
        if let Some(at) = plan {
            self.calendar.at(at, Event::Processor(processor));
        }
    }

    /// The processor on which an attempt that does not wait in a queue has a job.
    fn processor_of(&self, id: u32) -> Option<u32> {
        match self.program.ops[self.attempts[id].at as usize].0 {
            Op::Cpu { tier, .. } => Some(self.attempts.tier(id, tier).cpu),
            Op::Share { service, .. } => Some(self.services[usize::from(service)].processor),
            Op::Execute { database, .. } | Op::Checked { database } => {
                let node = self.attempts.claims(id).node;
                Some(self.databases[usize::from(database)].nodes[usize::from(node)].processor)
            }
            _ => None,
        }
    }
}
