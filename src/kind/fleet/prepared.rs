//! What waits beside a group: instances on their way into its warm pool, and in it.
//!
//! In: the settings of a fleet, and instants. Out: when an instance is prepared, what it is billed for, and how it starts.
//! (EC2 Auto Scaling user guide, "Warm pools for Amazon EC2 Auto Scaling", "Using lifecycle hooks with a warm pool".)

use super::account::Account;
use super::language::{DefaultResult, Fleet as Settings, Waiting};
use crate::catalog::zone::Place;
use crate::dist::Sampler;
use crate::rng::{Stream, stream};
use crate::units::Time;

/// The pool of a fleet.
#[derive(Debug)]
pub struct Pool {
    pub(super) members: Vec<Member>,
    /// Instances that have been prepared or have come back so far.
    pub(super) count: u32,
    /// Taken by launches.
    pub(super) taken: u64,
    /// Billed spans of those that have stopped, or are gone.
    pub(super) billed: Vec<(u64, u64)>,
    /// Random numbers of the stages of booting, of the hook, of a start and of a stop.
    boot: [Stream; 5],
    hook: Stream,
    start: Stream,
    stop: Stream,
}

/// An instance on its way into the pool, or in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) number: u32,
    pub(super) place: Place,
    /// When it was launched, or came back: it is billed from then on.
    pub(super) called: u64,
    /// When EC2 ran it.
    pub(super) runs: u64,
    /// How long its system, its bootstrap and its application take to start.
    pub(super) spans: [u64; 3],
    /// When its preparation ends, and when it has stopped.
    pub(super) prepared: u64,
    pub(super) ready: u64,
    /// Its CPU credits, if its type has some.
    pub(super) account: Option<Account>,
    /// Whether it comes from the group.
    pub(super) served: bool,
}

/// When an instance of a pool begins each stage of its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) place: Place,
    /// From when on it is billed, beside what its pool has billed.
    pub(super) billed: u64,
    /// When EC2 runs it.
    pub(super) runs: u64,
    /// When its system, its bootstrap and its application begin to start, and when that one answers.
    pub(super) stages: [u64; 3],
    pub(super) answers: u64,
    /// The CPU credits that it has already.
    pub(super) account: Option<Account>,
}

/// What is left of some spans, one after the other, when this much of them is done.
fn rest(spans: [u64; 3], mut done: u64) -> [u64; 3] {
    spans.map(|span| {
        let left = span.saturating_sub(done);
        done = done.saturating_sub(span);
        left
    })
}

/// CPU nanoseconds of a boot in its first so many nanoseconds.
fn booting(spans: [u64; 3], loads: &[f64; 3], vcpus: u32, until: u64) -> f64 {
    let left = rest(spans, until);
    let done = spans.into_iter().zip(left).zip(loads);
    done.map(|((span, left), load)| (span - left) as f64 * load.min(vcpus.into())).sum()
}

impl Member {
    pub(super) fn is_ready(&self, now: u64) -> bool {
        self.ready <= now
    }

    /// What it was billed for before it stopped, up to now.
    pub(super) fn billed(&self, state: Waiting, now: u64) -> (u64, u64) {
        let until = if state == Waiting::Running { now } else { self.prepared.min(now) };
        (self.called, until.max(self.called))
    }
}

impl Pool {
    /// The empty pool of a fleet, if it has one.
    pub(super) fn new(settings: &Settings, seed: u64) -> Option<Pool> {
        settings.warm_pool.as_ref()?;
        let purpose = |purpose: &str| stream(seed, &format!("fleet.{}/warm pool/{purpose}", settings.name));
        Some(Pool {
            members: Vec::new(),
            count: 0,
            taken: 0,
            billed: Vec::new(),
            boot: ["decision", "launch", "system", "bootstrap", "application"].map(purpose),
            hook: purpose("launch hook"),
            start: purpose("start"),
            stop: purpose("stop"),
        })
    }

    /// Billed spans, up to now.
    pub(super) fn spans<'a>(
        &'a self,
        settings: &'a Settings,
        now: u64,
    ) -> impl Iterator<Item = (u64, u64)> + 'a {
        let state = settings.warm_pool.as_ref().map_or(Waiting::Stopped, |pool| pool.state);
        let members = self.members.iter().map(move |member| member.billed(state, now));
        self.billed.iter().copied().chain(members).filter(|(from, to)| from < to)
    }

    pub(super) fn add(&mut self, member: Member) {
        self.members.push(Member { number: self.count, ..member });
        self.count += 1;
    }

    /// Launches an instance into the pool; returns when its hook gives it up, if it does.
    pub(super) fn prepare(&mut self, settings: &Settings, place: Place, now: u64) -> Option<u64> {
        let boot = &settings.boot;
        let laws = [&boot.decision, &boot.launch, &boot.system, &boot.bootstrap, &boot.application];
        let mut streams = self.boot.iter_mut();
        let [decision, launch, spans @ ..] =
            laws.map(|law| streams.next().map_or(0, |stream| Sampler::new(law).time(stream).0));
        let called = now.saturating_add(decision);
        let runs = called.saturating_add(launch);
        let [system, bootstrap, application] = spans;
        let since = launch.saturating_add(system).saturating_add(bootstrap);
        let spans = [system, bootstrap, application.saturating_add(boot.first_read(Time(since)).0)];
        let (span, is_given_up) = self.waits_in_hook(settings, spans);
        let prepared = runs.saturating_add(span);
        let ready = prepared.saturating_add(self.stop_span(settings));
        let account = settings.credits.as_ref().map(|credits| {
            let booting = booting(spans, &boot.cpu, settings.instance.vcpus, span);
            Account::waiting(credits, settings.instance.vcpus, true, [runs, prepared], booting)
        });
        self.add(Member { number: 0, place, called, runs, spans, prepared, ready, account, served: false });
        is_given_up.then_some(prepared)
    }

    /// How long an instance stays in `Warmed:Pending:Wait`, and whether its launch is abandoned then. Without a launch hook
    /// nothing waits for what it installs.
    fn waits_in_hook(&mut self, settings: &Settings, spans: [u64; 3]) -> (u64, bool) {
        let Some(hook) = &settings.launch_hook else { return (0, false) };
        let span = match &hook.complete {
            Some(law) => Sampler::new(law).time(&mut self.hook).0,
            None => spans.iter().copied().fold(0, u64::saturating_add),
        };
        let longest = hook.patience.longest().0;
        let late = span > longest;
        (span.min(longest), late && hook.default_result == DefaultResult::Abandon)
    }

    pub(super) fn stop_span(&mut self, settings: &Settings) -> u64 {
        let pool = settings.warm_pool.as_ref().filter(|pool| pool.state != Waiting::Running);
        pool.map_or(0, |pool| Sampler::new(&pool.stop).time(&mut self.stop).0)
    }

    /// Starts an instance that waits here.
    pub(super) fn start(&mut self, member: Member, settings: &Settings, now: u64) -> Start {
        let state = settings.warm_pool.as_ref().map_or(Waiting::Stopped, |pool| pool.state);
        let called = now.saturating_add(Sampler::new(&settings.boot.decision).time(&mut self.boot[0]).0);
        let span =
            settings.warm_pool.as_ref().map_or(0, |pool| Sampler::new(&pool.start).time(&mut self.start).0);
        let runs = called.saturating_add(span);
        let on_the_machine = member.prepared.saturating_sub(member.runs);
        let (begins, left) = match state {
            // The start has its system up; memory is lost, so the application starts from the beginning.
            Waiting::Stopped => {
                let application = Sampler::new(&settings.boot.application).time(&mut self.boot[4]);
                let application = (application + settings.boot.next_read()).0;
                (runs, [0, rest(member.spans, on_the_machine)[1], application])
            }
            Waiting::Hibernated => (runs, rest(member.spans, on_the_machine)),
            // It has never stopped.
            Waiting::Running => (member.runs, member.spans),
        };
        let mut at = begins;
        let [installs, starts, answers] = left.map(|span| {
            at = at.saturating_add(span);
            at
        });
        let billed = if state == Waiting::Running { member.called } else { called };
        if state != Waiting::Running {
            self.billed.push(member.billed(state, now));
        }
        let stages = [begins, installs, starts];
        let account = member.account.zip(settings.credits.as_ref()).map(|(mut account, credits)| {
            if state != Waiting::Running {
                account.start(credits, runs);
            }
            account
        });
        Start { place: member.place, billed, runs, stages, answers: answers.max(runs), account }
    }
}

#[cfg(test)]
mod tests {
    use super::{booting, rest};

    #[test]
    fn what_is_done_is_done_in_order() {
        assert_eq!(rest([10, 20, 30], 0), [10, 20, 30]);
        assert_eq!(rest([10, 20, 30], 15), [0, 15, 30]);
        assert_eq!(rest([10, 20, 30], 45), [0, 0, 15]);
        assert_eq!(rest([10, 20, 30], 99), [0, 0, 0]);
        // Ten at one vCPU of two, and five at all of them.
        assert_eq!(booting([10, 20, 30], &[1.0, 4.0, 0.0], 2, 15), 20.0);
    }
}
