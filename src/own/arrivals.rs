//! Requests of a source that a program makes. In: a closure of the program. Out: [`Arrivals`], which makes those of each run.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Random;
use crate::rng::stream;
use crate::units::Time;

/// One request: when it is sent, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub(crate) at: Duration,
    pub(crate) class: Option<Cow<'static, str>>,
}

impl Arrival {
    /// A request so long after the start of the run, of a class that is drawn from the `requests` of its source.
    pub fn at(at: Duration) -> Arrival {
        Arrival { at, class: None }
    }

    /// The same request, of a class with this name.
    #[must_use]
    pub fn of(self, class: impl Into<Cow<'static, str>>) -> Arrival {
        Arrival { class: Some(class.into()), ..self }
    }
}

/// A run for which a source makes its requests, or a station is made.
#[derive(Clone, Debug)]
pub struct Run {
    seed: u64,
    length: Duration,
    purpose: String,
}

impl Run {
    pub(super) fn new(seed: u64, length: Time, purpose: String) -> Run {
        Run { seed, length: Duration::from_nanos(length.0), purpose }
    }

    /// How long it is. Requests after it do not come: a source may stop there, or go on without end.
    pub fn length(&self) -> Duration {
        self.length
    }

    /// The seed of the run, for a source that has something for each of them, such as the recording of one day.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Random numbers of this source or station alone. Those of a source are those of its arrivals in a file: a Poisson process has the gaps
    /// that it had there.
    pub fn random(&self) -> Random {
        Random::of(stream(self.seed, &self.purpose))
    }
}

/// The requests of one run.
pub(crate) type Sent = Box<dyn Iterator<Item = Arrival> + Send>;

/// What makes the requests of a source, run by run.
#[derive(Clone)]
pub(crate) struct Arrivals(Arc<dyn Fn(&Run) -> Sent + Send + Sync>);

impl Arrivals {
    pub fn new<I>(make: impl Fn(&Run) -> I + Send + Sync + 'static) -> Arrivals
    where
        I: IntoIterator<Item = Arrival>,
        I::IntoIter: Send + 'static,
    {
        Arrivals(Arc::new(move |run| Box::new(make(run).into_iter())))
    }

    /// Those of the source of a name, in the run of a seed.
    pub fn of(&self, source: &str, seed: u64, length: Time) -> Sent {
        (self.0)(&Run::new(seed, length, format!("traffic.{source}/arrivals")))
    }
}

impl fmt::Debug for Arrivals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Arrivals")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::exponential;

    #[test]
    fn a_run_has_the_random_numbers_of_its_source_and_no_other() {
        let first = |source: &str, seed| {
            let arrivals =
                Arrivals::new(|run: &Run| [Arrival::at(run.random().exponential(Duration::from_secs(1)))]);
            arrivals.of(source, seed, Time::from_secs(60)).next().map(|it| it.at)
        };
        let drawn = exponential(&mut stream(7, "traffic.callers/arrivals"));
        assert_eq!(first("callers", 7), Some(Duration::from_nanos((drawn * 1e9) as u64)));
        assert_ne!(first("callers", 7), first("callers", 8));
        assert_ne!(first("callers", 7), first("others", 7));
    }
}
