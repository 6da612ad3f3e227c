//! What a scenario sends, in the words of load tests. In: a scenario. Out: [`Sent`]: rates over time by source and class, and populations.
//!
//! A source with a mix is a stream for each of its classes: a Poisson process whose requests are of one class or another by chance is
//! a Poisson process for each class.

use crate::dist::Law;
use crate::scenario::Scenario;
use crate::scenario::traffic::curve::RateCurve;
use crate::scenario::traffic::replay::Replay;
use crate::scenario::traffic::{Pattern, Source};
use crate::scenario::users::Users;
use crate::units::{Rate, Time};

/// Requests of a class from a source that does not wait for answers.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Position of the source in the scenario.
    pub source: usize,
    /// Position of the class in the scenario.
    pub class: usize,
    /// Its rate: from 0 to the end of the run, straight lines between knots.
    pub knots: Vec<(Time, Rate)>,
    /// Whether they come at random, as a Poisson process does.
    pub poisson: bool,
}

/// People who wait for their answers.
#[derive(Clone, Debug)]
pub struct Population<'a> {
    /// Position of the source in the scenario.
    pub source: usize,
    /// How many there are, and how they think.
    pub users: &'a Users,
    /// Positions of classes with their shares of the requests.
    pub classes: Vec<(usize, f64)>,
}

/// All that a scenario sends.
#[derive(Clone, Debug)]
pub struct Sent<'a> {
    /// Where it comes from.
    pub scenario: &'a Scenario,
    /// Open traffic.
    pub streams: Vec<Stream>,
    /// Closed traffic.
    pub populations: Vec<Population<'a>>,
    /// What others cannot send as the simulation does, in sentences.
    pub notes: Vec<String>,
}

impl Stream {
    /// Expected number of requests in the whole run.
    pub fn expected(&self) -> f64 {
        self.knots.windows(2).map(|pair| area(pair[0], pair[1])).sum()
    }

    /// The highest rate.
    pub fn peak(&self) -> f64 {
        self.knots.iter().map(|knot| knot.1.0).fold(0.0, f64::max)
    }
}

impl Population<'_> {
    /// Numbers of users from 0 to the end of the run, straight lines between knots.
    pub fn knots(&self, end: Time) -> Vec<(Time, u32)> {
        let inner = self.users.count.iter().copied().filter(|knot| knot.0 > Time::ZERO && knot.0 < end);
        let first = [(Time::ZERO, self.users.at(Time::ZERO))];
        let last = (end, self.users.at(Time(end.0.saturating_sub(1))));
        first.into_iter().chain(inner).chain([last]).collect()
    }
}

/// What comes between two knots.
fn area((t0, r0): (Time, Rate), (t1, r1): (Time, Rate)) -> f64 {
    (r0.0 + r1.0) / 2.0 * (t1 - t0).as_secs_f64()
}

impl<'a> Sent<'a> {
    /// Everything that the sources of a scenario send. Recorded arrivals are counted in periods of this length.
    pub fn of(scenario: &'a Scenario, period: Time) -> Sent<'a> {
        let mut sent = Sent { scenario, streams: Vec::new(), populations: Vec::new(), notes: Vec::new() };
        for (index, source) in scenario.sources.iter().enumerate() {
            sent.add(index, source, period);
        }
        // A class of which nothing comes in this time needs no script.
        sent.streams.retain(|stream| stream.expected() > 0.0);
        sent
    }

    /// Expected number of requests that do not wait for answers.
    pub fn expected(&self) -> f64 {
        self.streams.iter().map(Stream::expected).sum()
    }

    /// Names of the classes that are sent, in the order of the scenario, by their positions.
    pub fn classes(&self) -> Vec<usize> {
        let open = self.streams.iter().map(|stream| stream.class);
        let closed = self.populations.iter().flat_map(|it| it.classes.iter().map(|(class, _)| *class));
        let mut classes: Vec<usize> = open.chain(closed).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    fn add(&mut self, index: usize, source: &'a Source, period: Time) {
        let end = self.scenario.duration;
        let shares = shares(source);
        let streams = |curve: &RateCurve, poisson: bool| -> Vec<Stream> {
            let of = |&(class, share): &(usize, f64)| {
                let knots = cut(curve, end).into_iter().map(|(time, rate)| (time, Rate(rate.0 * share)));
                Stream { source: index, class, knots: knots.collect(), poisson }
            };
            shares.iter().map(of).collect()
        };
        match &source.pattern {
            Pattern::Rate { curve, gaps } => {
                self.streams.extend(streams(curve, gaps.as_ref().is_none_or(is_memoryless)));
                self.note_gaps(&source.name, gaps.as_ref());
            }
            Pattern::Gaps(law) => {
                let rate = Rate(1.0 / law.mean().as_secs_f64());
                self.streams
                    .extend(streams(&RateCurve { knots: vec![(Time::ZERO, rate)] }, is_memoryless(law)));
                self.note_gaps(&source.name, Some(law));
            }
            Pattern::Replay(replay) => {
                self.streams.extend(counted(replay, index, &shares, end, period));
                self.notes.push(format!(
                    "The instants of `{}` were recorded. A rate that is constant in each {period} stands for them; `--to csv --arrivals` has the instants.",
                    source.name
                ));
            }
            Pattern::Users(users) => {
                self.populations.push(Population { source: index, users, classes: shares });
            }
        }
    }

    fn note_gaps(&mut self, name: &str, gaps: Option<&Law>) {
        if let Some(law) = gaps.filter(|law| !is_memoryless(law) && !matches!(law, Law::Constant(_))) {
            self.notes.push(format!(
                "The gaps of `{name}` are {}: here its requests come evenly spaced.",
                crate::language::law::describe(law)
            ));
        }
    }
}

fn is_memoryless(law: &Law) -> bool {
    matches!(law, Law::Exponential { .. })
}

/// Positions of the classes of a source with their shares.
fn shares(source: &Source) -> Vec<(usize, f64)> {
    let all: f64 = source.mix.iter().map(|(_, weight)| weight).sum();
    source.mix.iter().map(|(class, weight)| (class.index(), weight / all)).collect()
}

/// The knots of a rate from 0 to the end of the run.
fn cut(curve: &RateCurve, end: Time) -> Vec<(Time, Rate)> {
    let mut knots = vec![(Time::ZERO, curve.at(Time::ZERO))];
    let inner = curve.knots.iter().filter(|knot| knot.0 > Time::ZERO);
    knots.extend(inner.clone().take_while(|knot| knot.0 < end));
    let (before, rate) = knots.last().copied().unwrap_or_default();
    // The rate just before the end: a step there belongs to what follows.
    let last = match inner.clone().find(|knot| knot.0 >= end) {
        Some(next) => {
            let part = (end - before).as_secs_f64() / (next.0 - before).as_secs_f64();
            Rate(rate.0 + (next.1.0 - rate.0) * part)
        }
        None => rate,
    };
    knots.push((end, last));
    knots
}

/// Recorded arrivals as rates that are constant in each period.
fn counted(replay: &Replay, source: usize, shares: &[(usize, f64)], end: Time, period: Time) -> Vec<Stream> {
    let periods = end.0.div_ceil(period.0.max(1)) as usize;
    let mut counts: std::collections::BTreeMap<usize, Vec<f64>> = std::collections::BTreeMap::new();
    for (row, time) in replay.times.iter().take_while(|time| **time < end).enumerate() {
        let at = (time.0 / period.0.max(1)) as usize;
        let mut count = |class: usize, share: f64| {
            counts.entry(class).or_insert_with(|| vec![0.0; periods])[at] += share;
        };
        match &replay.classes {
            Some(classes) => count(classes[row].index(), 1.0),
            None => shares.iter().for_each(|(class, share)| count(*class, *share)),
        }
    }
    let stream = |(class, counts): (usize, Vec<f64>)| {
        let mut knots = Vec::with_capacity(2 * counts.len());
        for (at, count) in (0u64..).zip(counts) {
            let (from, until) = (period * at, (period * (at + 1)).min(end));
            let rate = Rate(count / (until - from).as_secs_f64());
            if knots.last().is_some_and(|last: &(Time, Rate)| last.1 == rate) {
                knots.pop();
            } else {
                knots.push((from, rate));
            }
            knots.push((until, rate));
        }
        Stream { source, class, knots, poisson: true }
    };
    counts.into_iter().map(stream).collect()
}
