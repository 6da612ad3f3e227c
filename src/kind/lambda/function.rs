//! One function in a run. In: its settings. Out: its idle environments, its buckets, and what it counts.

use std::collections::VecDeque;

use super::events::Queue;
use super::language::Lambda;
use super::record::LambdaTotals;
use super::used::Use;
use crate::dist::Sampler;
use crate::engine::bucket::Bucket;
use crate::flow::mark::Mark;
use crate::kind::bill::Hourly;
use crate::measure::histogram::Histogram;
use crate::rng::{Stream, stream};

/// One function.
#[derive(Debug)]
pub struct Function {
    /// The account that it shares.
    pub account: usize,
    /// Idle environments made on demand, the one that was used last at the back.
    pub idle: VecDeque<u32>,
    /// The same of those that were provisioned.
    pub ready: Vec<u32>,
    /// Invocations in progress in environments made on demand, and in those that were provisioned.
    pub busy: u32,
    pub busy_ready: u32,
    /// Environments that are there, and the most that ever were; those made so far.
    pub alive: u32,
    pub most_alive: u32,
    pub made: u32,
    /// Environments that it may still get at once.
    pub scale: Bucket,
    /// Its own requests a second, where it has concurrency of its own.
    pub rate: Option<Bucket>,
    /// Spans until an environment initializes, and of that.
    pub placement: (Sampler, Stream),
    pub init: (Sampler, Stream),
    /// When invocations time out, with their environments and how many these had before: the first one at the front.
    pub deadlines: VecDeque<(u64, u32, u32)>,
    /// Until when it has looked at all invocations that may take no longer, but for those that end at this instant.
    pub looked_at: u64,
    /// What was provisioned.
    pub provisioned: Use,
    /// Invocations in progress, over time; and until when.
    pub area: f64,
    /// The same of those in environments made on demand.
    pub on_demand: f64,
    pub counted_until: u64,
    /// The most of them at once, in the run and in the present row.
    pub peak: u32,
    pub row_peak: u32,
    /// What it counts.
    pub counts: Counts,
    /// As they stood when the last row ended.
    pub marks: Marks,
}

/// What a function counts.
#[derive(Debug, Default)]
pub struct Counts {
    /// Invocations that got an environment.
    pub invocations: u64,
    /// Of these, those that had one made.
    pub cold: u64,
    /// Those that were throttled: by requests a second, by concurrency, by the rate at which environments are made.
    pub throttled: [u64; 3],
    /// Those that took too long.
    pub timeouts: u64,
    /// Those whose environment could not get its connections.
    pub refused: u64,
    /// Those that found a provisioned environment, and those that did not though some are provisioned.
    pub provisioned: u64,
    pub spilled: u64,
    /// Environments that were reclaimed.
    pub reclaimed: u64,
    /// Time that is billed, milliseconds of environments: made on demand, and provisioned.
    pub billed_ms: [u64; 2],
    /// How long cold invocations waited for their environment, of those after the warm-up.
    pub starts: Histogram,
}

/// Counters at the end of the last row.
#[derive(Debug, Default)]
pub struct Marks {
    pub invocations: Mark,
    pub cold: Mark,
    pub throttled: Mark,
    pub over_rate: Mark,
    pub over_scaling: Mark,
    pub failed: Mark,
    pub area: f64,
    pub on_demand: f64,
    pub hours: [Hourly; 4],
}

impl Counts {
    /// All that were throttled.
    pub fn all_throttled(&self) -> u64 {
        self.throttled.iter().sum()
    }
}

/// Requests a second for each environment.
/// Source: AWS Lambda developer guide, "Understanding concurrency and requests per second".
pub const REQUESTS_EACH: f64 = 10.0;

/// A bucket for the requests a second of so much concurrency. How short a burst may be is not said: it holds those of a second.
pub fn requests_of(concurrency: u32) -> Bucket {
    let rate = REQUESTS_EACH * f64::from(concurrency);
    Bucket::new(rate, rate)
}

impl Function {
    /// A function without environments.
    pub fn new(settings: &Lambda, account: usize, seed: u64) -> Function {
        let purpose = |purpose: &str| stream(seed, &format!("lambda.{}/{purpose}", settings.name));
        Function {
            account,
            idle: VecDeque::new(),
            ready: Vec::new(),
            busy: 0,
            busy_ready: 0,
            alive: 0,
            most_alive: 0,
            made: 0,
            scale: Bucket::new(settings.scaling.per_second(), settings.scaling.burst.into()),
            rate: settings.reserved.map(requests_of),
            placement: (Sampler::new(&settings.placement), purpose("placement")),
            init: (Sampler::new(&settings.init), purpose("init")),
            deadlines: VecDeque::new(),
            looked_at: 0,
            provisioned: Use::default(),
            area: 0.0,
            on_demand: 0.0,
            counted_until: 0,
            peak: 0,
            row_peak: 0,
            counts: Counts::default(),
            marks: Marks::default(),
        }
    }

    /// Invocations in progress.
    pub fn concurrency(&self) -> u32 {
        self.busy + self.busy_ready
    }

    /// Counts invocations in progress up to now.
    pub fn count(&mut self, now: u64) {
        let span = now.saturating_sub(self.counted_until) as f64;
        self.area += f64::from(self.concurrency()) * span;
        self.on_demand += f64::from(self.busy) * span;
        self.counted_until = now;
    }

    /// An invocation begins, or ends, in an environment that was provisioned or not.
    pub fn turns(&mut self, provisioned: bool, begins: bool, now: u64) {
        self.count(now);
        let busy = if provisioned { &mut self.busy_ready } else { &mut self.busy };
        *busy = if begins { *busy + 1 } else { *busy - 1 };
        self.peak = self.peak.max(self.concurrency());
        self.row_peak = self.row_peak.max(self.concurrency());
        self.provisioned.most = self.provisioned.most.max(self.busy_ready);
    }

    /// Totals at the end.
    pub fn totals(&self, name: &str, events: &Queue, now: u64) -> LambdaTotals {
        let Counts {
            invocations, cold, throttled, timeouts, refused, provisioned, spilled, reclaimed, ..
        } = self.counts;
        let rest = f64::from(self.concurrency()) * now.saturating_sub(self.counted_until) as f64;
        LambdaTotals {
            name: name.to_owned(),
            invocations,
            cold,
            over_rate: throttled[0],
            over_concurrency: throttled[1],
            over_scaling: throttled[2],
            timeouts,
            refused,
            provisioned,
            spilled,
            reclaimed,
            most: self.peak.into(),
            most_environments: self.most_alive.into(),
            mean_concurrency: (self.area + rest) / now.max(1) as f64,
            billed_s: self.counts.billed_ms.iter().sum::<u64>() as f64 / 1e3,
            start: self.counts.starts.clone(),
            events: events.counts.received,
            events_done: events.counts.succeeded,
            events_dropped: events.counts.dropped,
            events_too_old: events.counts.too_old,
            events_there: events.there(),
            events_retried: events.counts.retried,
            undelivered: events.counts.undelivered,
            event_age: events.age.clone(),
        }
    }
}
