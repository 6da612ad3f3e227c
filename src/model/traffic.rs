//! Arrivals: exact non-homogeneous Poisson processes over piecewise-linear rates.
//!
//! In: the rate curve and mix of each source. Out: the next arrival and its class. An arrival is the instant
//! at which a process of rate 1, whose gaps are exponential, has been used up by the integral of the rate; on a
//! linear piece that integral is a quadratic, solved in closed form, so nothing is approximated or thinned.

use crate::dist::{exponential, uniform};
use crate::rng::{Stream, stream};
use crate::scenario::traffic::{RateCurve, Source};

/// Times below this many nanoseconds fit a signed number.
const LATEST: f64 = 9.2e18;

/// One source of requests.
#[derive(Debug)]
pub struct Arrivals {
    pieces: Vec<Piece>,
    piece: usize,
    /// Time of the last arrival, nanoseconds (with fraction, so that no rounding piles up).
    time: f64,
    gaps: Stream,
    classes: Stream,
    /// Cumulative share of each class of the mix.
    mix: Vec<(f64, u16)>,
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
    pub fn new(source: &Source, seed: u64) -> Self {
        let total: f64 = source.mix.iter().map(|(_, weight)| weight).sum();
        let mut sum = 0.0;
        let mix = source.mix.iter().map(|(class, weight)| {
            sum += weight / total;
            (sum, class.0 as u16)
        });
        Arrivals {
            mix: mix.collect(),
            pieces: pieces(&source.rate),
            piece: 0,
            time: 0.0,
            gaps: stream(seed, &format!("traffic.{}/arrivals", source.name)),
            classes: stream(seed, &format!("traffic.{}/classes", source.name)),
        }
    }

    /// Time of the next arrival in nanoseconds; `u64::MAX` when there will be none.
    #[inline]
    pub fn next(&mut self) -> u64 {
        let left = exponential(&mut self.gaps);
        if let Some(piece) = self.pieces.get(self.piece)
            && piece.slope == 0.0
        {
            let time = self.time + left * piece.gap;
            if time <= piece.end && time < LATEST {
                self.time = time;
                return time as i64 as u64;
            }
        }
        self.next_on_a_slope(left)
    }

    /// Uses a gap up, piece by piece.
    fn next_on_a_slope(&mut self, mut left: f64) -> u64 {
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

    /// The class of the arrival.
    #[inline]
    pub fn class(&mut self) -> u16 {
        if let [(_, only)] = self.mix[..] {
            return only;
        }
        let share = uniform(&mut self.classes);
        let index = self.mix.iter().position(|(sum, _)| share < *sum).unwrap_or(self.mix.len() - 1);
        self.mix[index].1
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
    use crate::scenario::ClassId;
    use crate::scenario::client::Client;
    use crate::scenario::client::{Jitter, OnTimeout};
    use crate::units::{Rate, Time};

    fn arrivals(knots: &[(u64, f64)], seed: u64) -> Arrivals {
        let knots = knots.iter().map(|&(secs, rate)| (Time::from_secs(secs), Rate(rate))).collect();
        let client = Client {
            timeout: None,
            retries: 0,
            backoff: Time::ZERO,
            backoff_cap: Time::ZERO,
            jitter: Jitter::None,
            round_trip: Time::ZERO,
            on_timeout: OnTimeout::KeepWorking,
        };
        let mix = vec![(ClassId(0), 3.0), (ClassId(1), 1.0)];
        Arrivals::new(&Source { name: "test".into(), rate: RateCurve { knots }, mix, client }, seed)
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
