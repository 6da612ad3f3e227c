//! Hosts: what runs the steps of attempts, such as an EC2 instance.
//!
//! In: decisions of the kind that owns a host. Out: what all kinds may know of it: its threads and CPU, its zone, and
//! its state in the life cycle.

use super::attempt::Tier;
use crate::catalog::zone::Place;
use crate::engine::station::Station;

/// Part of its CPU that a host gets at least that does not hang.
const HANGS: f64 = 1e-9;

/// Life cycle of a host, in the words of EC2 Auto Scaling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Launched, but not yet running in EC2.
    Pending,
    /// Running in EC2, waiting for its launch hook.
    PendingWait,
    /// Registered; its application may still be starting.
    InService,
    /// Gets no new requests; finishes its current ones (`Terminating`, or `EnteringStandby`).
    Terminating,
    /// Drained, waiting for its termination hook.
    TerminatingWait,
    /// Gone.
    Terminated,
}

impl Lifecycle {
    /// On its way into service.
    pub fn is_pending(self) -> bool {
        matches!(self, Lifecycle::Pending | Lifecycle::PendingWait)
    }

    /// On its way out of service.
    pub fn is_terminating(self) -> bool {
        matches!(self, Lifecycle::Terminating | Lifecycle::TerminatingWait)
    }
}

/// One host. What every request needs is in its first line of a cache: as long as there are free threads, that is true of
/// its station of threads, too.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct Host {
    /// Attempts inside.
    pub inside: u32,
    /// Attempts that entered since the last row of the timeline ended.
    pub entered: u32,
    /// Where its CPU is: the station of its cores, or its processor.
    pub cpu: u32,
    /// Its number in the group, from 1 on.
    pub number: u32,
    /// Work of a core in a nanosecond, as it is now.
    pub speed: f64,
    /// Its state in the life cycle.
    pub lifecycle: Lifecycle,
    /// Counts as in service for long: its grace period and its warm-up are over.
    pub seasoned: bool,
    /// Its application has failed to start.
    pub failed_start: bool,
    /// It is registered with no balancer, and never will be.
    pub unregistered: bool,
    /// It gets no new requests and finishes its current ones.
    pub draining: bool,
    /// Its threads.
    pub threads: Station,
    /// Station of its cores, if they are not shared.
    pub cores: u32,
    /// Its processor, if cores are shared.
    pub processor: u32,
    /// Where it is.
    pub place: Place,
    /// Its vCPUs that can work at once, and what it has of them on the mean.
    pub vcpus: u32,
    pub mean_vcpus: f64,
    /// Units of the capacity of its group for which it counts.
    pub weight: u32,
    /// It is switched off for a while: what is sent to it gets no answer, and is sent again.
    pub stopped: bool,
    /// Its application has ended and is not up again.
    pub down: bool,
    /// Strength of a core: its speed while nothing holds it back.
    pub strength: f64,
    /// How fast it works with the CPU that it gets, relative to its strength: less while its application is cold.
    pub pace: f64,
    /// CPU time that it does not get while it is held back.
    pub withheld: Withheld,
    /// Whether the balancers that know it send it requests.
    pub rotation: Rotation,
    /// It answers health checks with an error.
    pub ails: bool,
    /// When its application was up: connections are open and it answers.
    pub running: u64,
    /// When it stopped without a word.
    pub lost: u64,
    /// Its group.
    pub group: usize,
    /// When it was launched.
    pub launched: u64,
    /// When its system, its bootstrap and its application began to start; it runs in EC2 from the first of them on.
    pub stages: [u64; 3],
    /// When it came into service.
    pub in_service: u64,
    /// How long it stays out of the metrics of its group after `in_service`.
    pub warmup: u64,
    /// When a leaving host had finished its last request.
    pub idle_since: u64,
    /// When it was terminated.
    pub ended: u64,
}

const _: () = assert!(std::mem::offset_of!(Host, threads) == 32);

impl Host {
    /// What an attempt needs when it enters; `number` is the host's own.
    #[inline]
    pub fn tier(&self, number: u32) -> Tier {
        Tier { instance: number, cpu: self.cpu, ..Tier::NONE }
    }

    /// Whether its application runs.
    pub fn is_running(&self) -> bool {
        self.running != u64::MAX && !self.is_lost() && !self.down
    }

    /// Whether it does nothing at present, though it is not gone: it hangs, is cut off, or its application has ended.
    pub fn does_nothing(&self) -> bool {
        self.stopped || self.down || self.ails || self.hangs()
    }

    /// Whether it takes what it is asked for, and does nothing of it.
    pub fn hangs(&self) -> bool {
        self.withheld.granted() < HANGS
    }

    /// Whether it has stopped without a word.
    pub fn is_lost(&self) -> bool {
        self.lost != u64::MAX
    }

    /// Whether it is leaving, for good or to be restarted, and may still have requests inside.
    pub fn is_draining(&self) -> bool {
        self.draining
    }

    /// Whether it came into service but never answered: its application was not up before the host ended, or could not
    /// start.
    pub fn served_nobody(&self) -> bool {
        let gave_up = self.ended != u64::MAX || self.failed_start;
        self.in_service != u64::MAX && self.running == u64::MAX && !self.is_lost() && gave_up
    }

    /// When it stopped being capacity: its last request had ended, or it was lost or shut down.
    pub fn served_until(&self) -> u64 {
        self.idle_since.min(self.lost).min(self.ended)
    }

    /// The billed span in a run of this length; a launch that was decided but not yet made costs nothing.
    pub fn billed(&self, end: u64) -> Option<(u64, u64)> {
        let ended = self.ended.min(end);
        (self.launched < ended).then_some((self.launched, ended))
    }

    /// Whether its warm-up is over, so that it counts in the metrics of its group.
    pub fn is_warm(&self, now: u64) -> bool {
        self.lifecycle == Lifecycle::InService
            && !self.is_lost()
            && (self.seasoned || self.in_service.saturating_add(self.warmup) <= now)
    }

    /// Busy-core nanoseconds that booting took between two instants.
    pub fn boot_area(&self, loads: &[f64; 3], from: u64, to: u64) -> f64 {
        let vcpus = self.mean_vcpus;
        let ends = [self.stages[1], self.stages[2], self.running];
        let stages = self.stages.into_iter().zip(ends).zip(loads);
        let busy = |((begin, end), load): ((u64, u64), &f64)| {
            end.min(self.lost).min(to).saturating_sub(begin.max(from)) as f64 * load.min(vcpus)
        };
        stages.map(busy).sum()
    }
}

/// What a host is to a balancer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AsTarget {
    /// It is among its targets.
    pub known: bool,
    /// It gets requests, or would if it were not full.
    pub gets: bool,
    /// It has passed its checks at one node at least, and gets requests for that.
    pub trusted: bool,
}

/// Whether a host gets requests: of the balancers that have it among their targets, how many send to it, and for how long none did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rotation {
    known: u16,
    sending: u16,
    /// How many of them send it requests because it has passed its checks.
    trusting: u16,
    /// Since when it gets none though it is known, as far as that is not counted yet.
    since: Option<u64>,
    /// For how long that was so in the present row, while its application ran.
    out: u64,
}

impl Rotation {
    /// For one balancer it is another sort of target than before. Its application runs since an instant.
    pub fn changes(&mut self, before: AsTarget, after: AsTarget, running: u64, now: u64) {
        self.count(running, now);
        self.known = self.known + u16::from(after.known) - u16::from(before.known);
        self.sending = self.sending + u16::from(after.gets) - u16::from(before.gets);
        self.trusting = self.trusting + u16::from(after.trusted) - u16::from(before.trusted);
        self.since = (self.known > 0 && self.sending == 0).then_some(now);
    }

    /// Whether it gets requests because it has passed the checks of a balancer, if it is a target of any.
    pub fn is_well(&self) -> bool {
        self.known == 0 || self.trusting > 0
    }

    /// Whether a balancer that knows it sends it requests because it has passed its checks, at one node at least.
    pub fn is_trusted(&self) -> bool {
        self.trusting > 0
    }

    /// Whether a balancer that knows it sends it requests, because it has passed its checks or because all of them get some.
    pub fn gets(&self) -> bool {
        self.sending > 0
    }

    /// For how long it ran and got nothing in the row that ends now.
    pub fn out_in_row(&mut self, running: u64, now: u64) -> u64 {
        self.count(running, now);
        std::mem::take(&mut self.out)
    }

    fn count(&mut self, running: u64, now: u64) {
        if let Some(since) = &mut self.since {
            self.out += now.saturating_sub(running.max(*since));
            *since = now;
        }
    }
}

/// Busy time of a host that is no CPU time, because the host is held back: what a guest sees as stolen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Withheld {
    /// The share that is withheld now.
    share: f64,
    /// Busy-core nanoseconds when that began.
    from: f64,
    /// Withheld before that.
    before: f64,
}

impl Withheld {
    /// From now on another share is withheld.
    pub fn change(&mut self, share: f64, busy: f64) {
        *self = Withheld { share, from: busy, before: self.of(busy) };
    }

    /// The share of its CPU that it gets now.
    pub fn granted(&self) -> f64 {
        1.0 - self.share
    }

    /// What was withheld of so much busy time.
    pub fn of(&self, busy: f64) -> f64 {
        self.before + (busy - self.from) * self.share
    }
}

/// A group of equal hosts, such as an Auto Scaling group.
#[derive(Debug, Default)]
pub struct Group {
    /// Hosts that are not terminated, oldest first.
    pub alive: Vec<u32>,
    /// Desired capacity.
    pub desired: u32,
    /// Scaling activities in progress.
    pub under_way: u32,
    /// When the last scaling activity finished.
    pub finished: Option<u64>,
    /// The ops at which a host of the group is chosen for a request.
    pub calls: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Up at 20, known to one balancer from 10 on, which sends to it from 35 on, and to another from 50 on, which does not; the first lets it go
    /// at 60. Rows of 30.
    #[test]
    fn a_host_is_out_of_rotation_while_no_balancer_that_knows_it_sends_to_it() {
        let sort = |known, gets| AsTarget { known, gets, trusted: gets };
        let mut rotation = Rotation::default();
        rotation.changes(sort(false, false), sort(true, false), u64::MAX, 10);
        assert_eq!(rotation.out_in_row(20, 30), 10, "before it was up it got nothing either, and could not");
        rotation.changes(sort(true, false), sort(true, true), 20, 35);
        rotation.changes(sort(false, false), sort(true, false), 20, 50);
        assert_eq!(rotation.out_in_row(20, 60), 5);
        rotation.changes(sort(true, true), sort(false, false), 20, 60);
        assert_eq!(rotation.out_in_row(20, 90), 30);
        rotation.changes(sort(true, false), sort(false, false), 20, 95);
        assert_eq!(rotation.out_in_row(20, 120), 5, "nobody knows it: it is no target");
    }
}
