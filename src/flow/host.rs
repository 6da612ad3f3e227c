//! Hosts: what runs the steps of attempts, such as an EC2 instance.
//!
//! In: what the kind that owns a host decides. Out: what all kinds know of it: its threads and CPU, where it is, and where
//! in its life.

use super::attempt::Tier;

/// Life of a host, in the words of EC2 Auto Scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Launched, and not run by EC2 yet.
    Pending,
    /// Run by EC2, waiting for its launch hook.
    PendingWait,
    /// Registered; its application may still be starting.
    InService,
    /// Gets no new requests; finishes those it has.
    Terminating,
    /// Drained, waiting for its termination hook.
    TerminatingWait,
    /// Gone.
    Terminated,
}

impl Lifecycle {
    /// On the way into service.
    pub fn is_pending(self) -> bool {
        matches!(self, Lifecycle::Pending | Lifecycle::PendingWait)
    }

    /// On the way out.
    pub fn is_terminating(self) -> bool {
        matches!(self, Lifecycle::Terminating | Lifecycle::TerminatingWait)
    }
}

/// One host.
#[derive(Debug)]
pub struct Host {
    /// Its group.
    pub group: usize,
    /// Its number in the group, from 1 on.
    pub number: u32,
    /// Availability Zone.
    pub zone: u32,
    /// Where in its life it is.
    pub lifecycle: Lifecycle,
    /// When it was launched.
    pub launched: u64,
    /// When its system, its bootstrap and its application began to start; EC2 runs it from the first of them on.
    pub stages: [u64; 3],
    /// When its application ran: connections are open and it answers.
    pub running: u64,
    /// When it came into service.
    pub in_service: u64,
    /// It was in service long before: its grace and its warm-up are over.
    pub seasoned: bool,
    /// Its application has failed to start.
    pub failed_start: bool,
    /// How long it is kept out of the metrics of its group from then on.
    pub warmup: u64,
    /// When a leaving host had finished its last request.
    pub idle_since: u64,
    /// When it was terminated.
    pub ended: u64,
    /// Station of its threads.
    pub threads: u32,
    /// Station of its cores, where they are not shared.
    pub cores: u32,
    /// Its processor, where cores are shared.
    pub processor: u32,
    /// Strength of a core.
    pub speed: f64,
    /// Attempts inside.
    pub inside: u32,
}

impl Host {
    /// What an attempt that comes in needs to know; `number` is the host's own.
    #[inline]
    pub fn tier(&self, number: u32) -> Tier {
        // It has one of the two.
        let cpu = self.cores.min(self.processor);
        Tier { instance: number, threads: self.threads, cpu, ..Tier::NONE }
    }

    /// Whether its application runs.
    pub fn is_running(&self) -> bool {
        self.running != u64::MAX
    }

    /// Whether it is leaving and may still have requests.
    pub fn is_draining(&self) -> bool {
        self.lifecycle == Lifecycle::Terminating
    }

    /// Whether it came into service, but its application was not there before the host ended, or could not start.
    pub fn served_nobody(&self) -> bool {
        let gave_up = self.ended != u64::MAX || self.failed_start;
        self.in_service != u64::MAX && !self.is_running() && gave_up
    }

    /// When it stopped to be capacity: it had no more to do, or it was shut down.
    pub fn served_until(&self) -> u64 {
        self.idle_since.min(self.ended)
    }

    /// From when to when it is billed in a run of this length; a launch that was decided but not called for yet costs
    /// nothing.
    pub fn billed(&self, end: u64) -> Option<(u64, u64)> {
        let ended = self.ended.min(end);
        (self.launched < ended).then_some((self.launched, ended))
    }

    /// Whether it is past its warm-up, and so in the metrics of its group.
    pub fn is_warm(&self, now: u64) -> bool {
        self.lifecycle == Lifecycle::InService
            && (self.seasoned || self.in_service.saturating_add(self.warmup) <= now)
    }

    /// Busy-core nanoseconds that booting took between two instants, of a host of this many vCPUs.
    pub fn boot_area(&self, loads: &[f64; 3], vcpus: f64, from: u64, to: u64) -> f64 {
        let ends = [self.stages[1], self.stages[2], self.running];
        let stages = self.stages.into_iter().zip(ends).zip(loads);
        let busy = |((begin, end), load): ((u64, u64), &f64)| {
            end.min(to).saturating_sub(begin.max(from)) as f64 * load.min(vcpus)
        };
        stages.map(busy).sum()
    }
}

/// A group of equal hosts, such as an Auto Scaling group.
#[derive(Debug, Default)]
pub struct Group {
    /// Hosts that are not terminated, oldest first.
    pub alive: Vec<u32>,
    /// Desired capacity.
    pub desired: u32,
    /// Activities under way.
    pub under_way: u32,
    /// When the last activity finished.
    pub finished: Option<u64>,
    /// The ops at which a host of the group is chosen for a request.
    pub calls: Vec<usize>,
}
