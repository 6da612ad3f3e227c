//! Arrivals: Poisson and renewal processes over piecewise-linear rates, and recorded arrivals.
//!
//! In: the pattern and mix of each source, or what a program gives in its place. Out: the next arrival, its number and its class. An arrival is the instant
//! at which the integral of the rate has grown by the next gap of a process of rate 1 (an exponential gap for a Poisson
//! process). On a linear piece that integral is a quadratic, solved in closed form, so nothing is approximated or
//! thinned.

use super::given::{DRAWN, Given};
use crate::dist::batch::Batch;
use crate::dist::{Sampler, exponential, uniform};
use crate::flow::number;
use crate::own::OwnError;
use crate::rng::{Stream, stream};
use crate::scenario::traffic::curve::RateCurve;
use crate::scenario::traffic::replay::Replay;
use crate::scenario::traffic::{Pattern, Source};
use crate::units::Time;

/// Times below this many nanoseconds fit a signed number.
const LATEST: f64 = 9.2e18;

/// One source of requests.
#[derive(Debug)]
pub struct Arrivals {
    process: Process,
    gaps: Stream,
    /// Number of arrivals so far.
    told: u64,
    ready: Batch<u64>,
    mix: Mix,
}

/// When requests arrive.
#[derive(Debug)]
enum Process {
    Poisson(Curve),
    /// Gaps of a law whose mean, in nanoseconds, is scaled by the rate.
    Stretched(Curve, Sampler, f64),
    /// Gaps of a law without a rate, and the time of the last arrival, in nanoseconds.
    Renewal(Sampler, f64),
    Recorded(Recorded),
    /// Requests come from users.
    Closed,
}

/// Requests that come one by one, as they are given, with their classes if these are given too.
#[derive(Debug)]
enum Recorded {
    Replay(Replay),
    Given(Box<Given>),
}

/// A rate over time, used up to some instant.
#[derive(Debug)]
struct Curve {
    pieces: Vec<Piece>,
    piece: usize,
    /// Time of the last arrival, nanoseconds (with a fraction, so that rounding errors do not add up).
    time: f64,
}

/// A linear piece of the rate, in requests per nanosecond.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: f64,
    end: f64,
    rate: f64,
    slope: f64,
    /// 1 / rate: on a steady piece a gap is a multiplication.
    gap: f64,
}

impl Arrivals {
    /// The arrivals of a source.
    pub fn new(source: &Source, seed: u64, length: Time) -> Self {
        let process = match &source.own {
            Some(own) => {
                Process::Recorded(Recorded::Given(Box::new(Given::new(own, &source.name, seed, length))))
            }
            None => Process::of(&source.pattern),
        };
        Arrivals {
            process,
            gaps: stream(seed, &format!("traffic.{}/arrivals", source.name)),
            told: 0,
            ready: Batch::default(),
            mix: Mix::new(source, stream(seed, &format!("traffic.{}/classes", source.name))),
        }
    }

    /// Time of the next arrival in nanoseconds; `u64::MAX` when there will be none.
    #[inline]
    pub fn next(&mut self) -> u64 {
        if self.ready.is_used_up() {
            self.refill();
        }
        self.told += 1;
        self.ready.take()
    }

    #[inline(never)]
    fn refill(&mut self) {
        let Arrivals { process, gaps, told, ready, .. } = self;
        let first = *told as usize;
        ready.refill(|times| match process {
            Process::Poisson(curve) => times.fill_with(|| curve.use_up(exponential(gaps))),
            Process::Stretched(curve, law, mean) => {
                times.fill_with(|| curve.use_up(law.nanos(gaps) / *mean));
            }
            Process::Renewal(law, last) => times.fill_with(|| {
                *last += law.nanos(gaps);
                *last as u64
            }),
            Process::Recorded(Recorded::Replay(replay)) => {
                let recorded = replay.times.get(first..).unwrap_or_default();
                times.fill(u64::MAX);
                times.iter_mut().zip(recorded).for_each(|(time, recorded)| *time = recorded.0);
            }
            Process::Recorded(Recorded::Given(given)) => given.fill(times),
            Process::Closed => times.fill(u64::MAX),
        });
    }

    /// The number of the arrival that `next` returned, from 0.
    #[inline]
    pub fn ordinal(&self) -> u64 {
        self.told - 1
    }

    /// The class of that arrival.
    #[inline]
    pub fn class(&mut self) -> u16 {
        if let Process::Recorded(recorded) = &self.process
            && let Some(class) = recorded.class(self.told - 1)
        {
            return class;
        }
        self.mix.draw()
    }

    /// What is wrong with arrivals that a program gives.
    pub fn broken(&mut self) -> Option<Box<OwnError>> {
        match &mut self.process {
            Process::Recorded(Recorded::Given(given)) => given.broken.take(),
            _ => None,
        }
    }
}

impl Process {
    fn of(pattern: &Pattern) -> Process {
        match pattern {
            Pattern::Rate { curve, gaps: None } => Process::Poisson(Curve::new(curve)),
            Pattern::Rate { curve, gaps: Some(law) } => {
                Process::Stretched(Curve::new(curve), Sampler::new(law), law.mean().0 as f64)
            }
            Pattern::Gaps(law) => Process::Renewal(Sampler::new(law), 0.0),
            Pattern::Replay(replay) => Process::Recorded(Recorded::Replay(replay.clone())),
            Pattern::Users(_) => Process::Closed,
        }
    }
}

impl Recorded {
    /// The class of a request by its number, if it has one of its own.
    fn class(&self, ordinal: u64) -> Option<u16> {
        match self {
            Recorded::Replay(replay) => Some(number(replay.classes.as_ref()?[ordinal as usize].index())),
            Recorded::Given(given) => Some(given.class(ordinal)).filter(|class| *class != DRAWN),
        }
    }
}

/// Classes with their shares of the requests.
#[derive(Debug)]
pub struct Mix {
    /// Cumulative share of each class.
    shares: Vec<(f64, u16)>,
    stream: Stream,
    ready: Batch<u16>,
}

impl Mix {
    /// The mix of a source.
    pub fn new(source: &Source, stream: Stream) -> Self {
        let total: f64 = source.mix.iter().map(|(_, weight)| weight).sum();
        let mut sum = 0.0;
        let shares = source.mix.iter().map(|(class, weight)| {
            sum += weight / total;
            (sum, number(class.index()))
        });
        Mix { shares: shares.collect(), stream, ready: Batch::default() }
    }

    /// Draws a class.
    #[inline]
    pub fn draw(&mut self) -> u16 {
        if let [(_, only)] = self.shares[..] {
            return only;
        }
        if self.ready.is_used_up() {
            self.refill();
        }
        self.ready.take()
    }

    #[inline(never)]
    fn refill(&mut self) {
        let Mix { shares, stream, ready } = self;
        ready.refill(|classes| {
            classes.fill_with(|| {
                let share = uniform(stream);
                let index = shares.iter().position(|(sum, _)| share < *sum).unwrap_or(shares.len() - 1);
                shares[index].1
            });
        });
    }
}

impl Curve {
    fn new(curve: &RateCurve) -> Self {
        Curve { pieces: pieces(curve), piece: 0, time: 0.0 }
    }

    /// The instant at which the integral of the rate has grown by `left`.
    #[inline]
    fn use_up(&mut self, left: f64) -> u64 {
        if let Some(piece) = self.pieces.get(self.piece)
            && piece.slope == 0.0
        {
            let time = self.time + left * piece.gap;
            if time <= piece.end && time < LATEST {
                self.time = time;
                return time as i64 as u64;
            }
        }
        self.use_up_on_a_slope(left)
    }

    /// Uses up a gap, piece by piece.
    fn use_up_on_a_slope(&mut self, mut left: f64) -> u64 {
        while let Some(piece) = self.pieces.get(self.piece) {
            let from = self.time.max(piece.start);
            let rate = piece.rate + piece.slope * (from - piece.start);
            if let Some(span) = piece.span_of(left, rate)
                && from + span <= piece.end
            {
                self.time = from + span;
                return self.time as u64;
            }
            let span = piece.end - from;
            left -= span * (rate + 0.5 * piece.slope * span);
            left = left.max(0.0);
            self.time = piece.end;
            self.piece += 1;
        }
        u64::MAX
    }
}

impl Piece {
    /// How long the rate takes to integrate to `area`, from a point where it is `rate`; `None` if it never does.
    #[inline]
    fn span_of(&self, area: f64, rate: f64) -> Option<f64> {
        if self.slope == 0.0 {
            return (rate > 0.0).then_some(area * self.gap);
        }
        // slope/2 × span² + rate × span = area, in the form that loses no digits when the slope is small.
        let discriminant = rate * rate + 2.0 * self.slope * area;
        if discriminant < 0.0 {
            return None;
        }
        let denominator = rate + discriminant.sqrt();
        (denominator > 0.0).then(|| 2.0 * area / denominator)
    }
}

fn pieces(curve: &RateCurve) -> Vec<Piece> {
    let knots: Vec<(f64, f64)> =
        curve.knots.iter().map(|(time, rate)| (time.0 as f64, rate.0 / 1e9)).collect();
    let mut pieces = Vec::with_capacity(knots.len() + 1);
    let Some((&(first, rate), &(last, final_rate))) = knots.first().zip(knots.last()) else { return pieces };
    if first > 0.0 {
        pieces.push(Piece { start: 0.0, end: first, rate, slope: 0.0, gap: 1.0 / rate });
    }
    for pair in knots.windows(2) {
        let ((start, rate), (end, next)) = (pair[0], pair[1]);
        if end > start {
            pieces.push(Piece { start, end, rate, slope: (next - rate) / (end - start), gap: 1.0 / rate });
        }
    }
    pieces.push(Piece {
        start: last,
        end: f64::INFINITY,
        rate: final_rate,
        slope: 0.0,
        gap: 1.0 / final_rate,
    });
    if final_rate == 0.0 {
        pieces.pop();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::Law;
    use crate::id::ClassId;
    use crate::scenario::client::Client;
    use crate::units::{Rate, Time};

    fn source(pattern: Pattern, seed: u64) -> Arrivals {
        let mix = vec![(ClassId(0), 3.0), (ClassId(1), 1.0)];
        let source = Source { name: "test".into(), pattern, own: None, mix, client: Client::default() };
        Arrivals::new(&source, seed, Time::from_secs(3_600))
    }

    fn curve(knots: &[(u64, f64)]) -> RateCurve {
        RateCurve { knots: knots.iter().map(|&(secs, rate)| (Time::from_secs(secs), Rate(rate))).collect() }
    }

    fn arrivals(knots: &[(u64, f64)], seed: u64) -> Arrivals {
        source(Pattern::Rate { curve: curve(knots), gaps: None }, seed)
    }

    #[test]
    fn constant_gaps_are_kept_to_the_nanosecond_or_stretched_by_the_rate() {
        let gap = Law::Constant(Time::from_millis(500));
        let mut alone = source(Pattern::Gaps(gap.clone()), 1);
        let times: Vec<u64> = (0..4).map(|_| alone.next()).collect();
        assert_eq!(times, [500_000_000, 1_000_000_000, 1_500_000_000, 2_000_000_000]);
        // Ten a second for one second, then forty a second, for any mean of the law.
        let rates = curve(&[(0, 10.0), (1, 10.0), (1, 40.0)]);
        let mut stretched = source(Pattern::Rate { curve: rates, gaps: Some(gap) }, 1);
        let times: Vec<u64> = (0..14).map(|_| (stretched.next() + 500_000) / 1_000_000).collect();
        assert_eq!(times[..10], [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
        assert_eq!(times[10..], [1025, 1050, 1075, 1100]);
    }

    #[test]
    fn recorded_arrivals_come_as_they_came_and_then_end() {
        let times: Vec<Time> = [0, 0, 7].into_iter().map(Time::from_millis).collect();
        let classes = Some([2, 0, 1].map(ClassId).to_vec().into());
        let mut recorded = source(Pattern::Replay(Replay { times: times.into(), classes }), 1);
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push((recorded.next(), recorded.ordinal(), recorded.class()));
        }
        assert_eq!(seen, [(0, 0, 2), (0, 1, 0), (7_000_000, 2, 1)]);
        assert_eq!(recorded.next(), u64::MAX);
    }

    /// The recorded value of a request is found by its number, which must not wrap after 2^32 requests.
    #[test]
    fn requests_are_numbered_beyond_32_bits() {
        let mut many = source(Pattern::Gaps(Law::Constant(Time::from_millis(1))), 1);
        many.told = u64::from(u32::MAX);
        let numbers: Vec<u64> = (0..3).map(|_| (many.next(), many.ordinal()).1).collect();
        assert_eq!(numbers, [0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001]);
    }

    /// Arrivals in each second of a ramp, over many seeds, against the integral of the rate: Poisson counts.
    #[test]
    fn a_ramp_brings_as_many_arrivals_as_its_integral() {
        const SEEDS: u64 = 400;
        let mut counts = [0u64; 40];
        for seed in 0..SEEDS {
            let mut source = arrivals(&[(10, 20.0), (20, 120.0), (20, 0.0), (30, 0.0), (30, 50.0)], seed);
            loop {
                let second = (source.next() / 1_000_000_000) as usize;
                match counts.get_mut(second) {
                    Some(count) => *count += 1,
                    None => break,
                }
            }
        }
        for (second, count) in counts.iter().enumerate() {
            let rate = match second {
                0..10 => 20.0,
                10..20 => 25.0 + 10.0 * (second - 10) as f64,
                20..30 => 0.0,
                _ => 50.0,
            };
            let expected = rate * SEEDS as f64;
            let off = (*count as f64 - expected).abs();
            assert!(off <= 4.5 * expected.sqrt(), "second {second}: {count} arrivals, expected {expected}");
        }
    }

    #[test]
    fn a_rate_that_falls_to_zero_ends() {
        let mut source = arrivals(&[(0, 5.0), (10, 0.0)], 3);
        let last =
            std::iter::repeat_with(|| source.next()).take(10_000).take_while(|&time| time < u64::MAX).last();
        assert!(last.is_some_and(|time| time <= 10_000_000_000));
        assert_eq!(source.next(), u64::MAX);
    }

    #[test]
    fn classes_come_in_the_shares_of_the_mix() {
        let mut source = arrivals(&[(0, 1.0)], 1);
        let first = (0..10_000).filter(|_| source.class() == 0).count();
        let off = (first as f64 - 7_500.0).abs();
        assert!(off < 4.0 * (10_000.0f64 * 0.75 * 0.25).sqrt(), "{first}");
    }
}
