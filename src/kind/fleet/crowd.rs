//! Busy vCPUs of an instance whose cores have two threads each.
//!
//! In: how many steps are on the CPU, whenever that changes. Out: how fast each busy vCPU is, and what they did not do because they
//! shared their cores.

use super::language::Cores;

/// What an instance keeps of its cores.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Steps that are on the CPU, and since when.
    jobs: u32,
    since: u64,
    /// vCPU-nanoseconds that busy vCPUs did not do because they shared their cores.
    lost: f64,
    /// The same as if all of the CPU time were granted; and as much of that as had been read with the last row.
    shared: f64,
    shared_mark: f64,
    /// What each busy vCPU does, in parts of one that has its core alone.
    pub(super) each: f64,
    /// The pace of the application, which may be cold.
    pub(super) warmth: f64,
}

impl Default for Crowd {
    fn default() -> Crowd {
        Crowd { jobs: 0, since: 0, lost: 0.0, shared: 0.0, shared_mark: 0.0, each: 1.0, warmth: 1.0 }
    }
}

impl Crowd {
    /// From now on so many steps are on the CPU, of which a share is granted; returns what each busy vCPU does.
    pub(super) fn count(&mut self, cores: &Cores, jobs: u32, granted: f64, now: u64) -> f64 {
        let busy = self.jobs.min(cores.vcpus);
        let span = now.saturating_sub(self.since) as f64;
        let shared = (f64::from(busy) - cores.work_of(busy)) * span;
        self.shared += shared;
        self.lost += shared * granted;
        (self.jobs, self.since) = (jobs, now);
        match jobs.min(cores.vcpus) {
            0 => 1.0,
            busy => cores.work_of(busy) / f64::from(busy),
        }
    }

    /// The same since the last row that was read, as if all of the CPU time were granted.
    pub(super) fn shared_in_row(&mut self, cores: &Cores, granted: f64, now: u64) -> f64 {
        self.count(cores, self.jobs, granted, now);
        self.shared - std::mem::replace(&mut self.shared_mark, self.shared)
    }

    /// vCPU-nanoseconds that busy vCPUs have not done so far because they shared their cores.
    pub(super) fn lost(&self) -> f64 {
        self.lost
    }
}
