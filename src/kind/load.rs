//! The traffic of a scenario over time, as it falls on one resource.
//!
//! In: what a request of each class asks for, and how many come when. Out: at every instant at which something bends or steps,
//! the demand per second.

use super::demand::Demand;
use crate::units::Time;

/// A demand may be off by its rounding.
const TOO_MUCH: f64 = 1.0 + 1e-9;

/// What comes when.
#[derive(Debug)]
pub(crate) struct Load {
    /// What a request asks for, by class.
    pub demands: Vec<Demand>,
    /// Of each source, the share of each class.
    pub shares: Vec<Vec<f64>>,
    /// Of each source, the requests of a whole run; closed populations count as if nothing kept them waiting.
    pub requests: Vec<f64>,
    /// In time order, each once; of a step with the last one before it.
    pub instants: Vec<Time>,
    /// Requests per second: `rates[instant][source]`.
    pub rates: Vec<Vec<f64>>,
}

impl Load {
    /// What all sources together ask for per second, at each instant.
    pub fn per_second(&self, of: impl Fn(&Demand) -> f64) -> Vec<f64> {
        let each = self.each(of);
        self.rates.iter().map(|rates| rates.iter().zip(&each).map(|(rate, each)| rate * each).sum()).collect()
    }

    /// What a whole run asks for.
    pub fn in_all(&self, of: impl Fn(&Demand) -> f64) -> f64 {
        self.requests.iter().zip(self.each(of)).map(|(requests, each)| requests * each).sum()
    }

    /// What a request of each source asks for.
    fn each(&self, of: impl Fn(&Demand) -> f64) -> Vec<f64> {
        self.shares.iter().map(|shares| mean(shares, self.demands.iter().map(&of))).collect()
    }

    /// The first instant of the largest value, and the value.
    pub fn peak(&self, values: &[f64]) -> Option<(Time, f64)> {
        let pairs = self.instants.iter().copied().zip(values.iter().copied());
        pairs.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The largest of the values from one instant until another; what was asked for before the first one in between counts too.
    pub fn most_between(&self, values: &[f64], from: Time, until: Time) -> f64 {
        let first = self.instants.partition_point(|time| *time <= from).saturating_sub(1);
        let end = self.instants.partition_point(|time| *time < until);
        values.iter().take(end).skip(first).copied().fold(0.0, f64::max)
    }

    /// When what is asked for exceeds what is there by most, and how many times it is that.
    pub fn worst(&self, asked: &[f64], there: impl Fn(Time) -> f64) -> Option<(Time, f64)> {
        let times = self.instants.iter().zip(asked).map(|(time, asked)| match there(*time) {
            there if there > 0.0 => asked / there,
            // Nothing is there on purpose: a timetable that is down to zero.
            _ => 0.0,
        });
        self.peak(&times.collect::<Vec<_>>()).filter(|(_, times)| *times > TOO_MUCH)
    }
}

/// A figure of each class on the mean of a source.
pub(crate) fn mean(shares: &[f64], figures: impl Iterator<Item = f64>) -> f64 {
    shares.iter().zip(figures).map(|(share, figure)| share * figure).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_of_a_span_counts_what_it_began_with() {
        let instants = [0, 60, 120].map(Time::from_secs).to_vec();
        let load = Load {
            demands: Vec::new(),
            shares: Vec::new(),
            requests: Vec::new(),
            instants,
            rates: Vec::new(),
        };
        let most =
            |from, until| load.most_between(&[1.0, 5.0, 2.0], Time::from_secs(from), Time::from_secs(until));
        assert_eq!([most(0, 60), most(30, 61), most(70, 90), most(120, 500)], [1.0, 5.0, 5.0, 2.0]);
    }
}
