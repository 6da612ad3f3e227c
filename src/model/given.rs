//! Arrivals that a program gives. In: its requests of one run, in order of time. Out: instants and classes, as often as the traffic is
//! multiplied; or what is wrong with them.
//!
//! Nothing is known of them but their order, so a multiple is made as of recorded arrivals: the count over time, straight between two
//! requests, so many times as high. Its k-th arrival belongs to the given one at k / factor.

use std::fmt;

use crate::dist::batch::SIZE;
use crate::flow::number;
use crate::language::names::list;
use crate::own::{OwnError, Sent};
use crate::scenario::traffic::own::Own;
use crate::units::Time;

/// The class of a request that says none.
pub(super) const DRAWN: u16 = u16::MAX;

/// When a request comes, and its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Request {
    at: u64,
    class: u16,
}

/// The requests of a source in one run.
pub(super) struct Given {
    source: String,
    seed: u64,
    sent: Sent,
    classes: Vec<String>,
    factor: f64,
    /// Requests taken from the program so far, and the instant of the last one.
    taken: u64,
    last: u64,
    /// The end of the run: nothing is asked of the program beyond it.
    end: u64,
    is_over: bool,
    /// Arrivals told so far; the given request to which the last one belongs, and the one after it.
    told: u64,
    row: u64,
    here: Option<Request>,
    next: Option<Request>,
    /// Classes of the arrivals that were told last, by their numbers.
    ready: [u16; SIZE],
    pub broken: Option<Box<OwnError>>,
}

impl Given {
    pub fn new(own: &Own, source: &str, seed: u64, length: Time) -> Given {
        let mut given = Given {
            source: source.to_owned(),
            seed,
            sent: own.arrivals.of(source, seed, length),
            classes: own.classes.clone(),
            factor: own.factor,
            taken: 0,
            last: 0,
            end: length.0,
            is_over: false,
            told: 0,
            row: 0,
            here: None,
            next: None,
            ready: [DRAWN; SIZE],
            broken: None,
        };
        given.here = given.take();
        given.next = given.take();
        given
    }

    /// The instants of the next arrivals; without end when there will be none.
    pub fn fill(&mut self, times: &mut [u64; SIZE]) {
        for (time, place) in times.iter_mut().zip(0..) {
            let next = self.arrival();
            *time = next.map_or(u64::MAX, |request| request.at);
            self.ready[place] = next.map_or(DRAWN, |request| request.class);
        }
    }

    /// The class of an arrival by its number, which is one of those that were told last.
    pub fn class(&self, ordinal: u64) -> u16 {
        self.ready[ordinal as usize % SIZE]
    }

    fn arrival(&mut self) -> Option<Request> {
        let place = self.told as f64 / self.factor;
        while self.row < place as u64 {
            self.row += 1;
            self.here = self.next.take();
            self.next = self.take();
        }
        let here = self.here?;
        self.told += 1;
        let gap = self.next.map_or(0, |next| next.at - here.at);
        Some(Request { at: here.at + (gap as f64 * place.fract()) as u64, ..here })
    }

    /// The next request of the program, if it is in order.
    fn take(&mut self) -> Option<Request> {
        if self.is_over {
            return None;
        }
        let taken = self.sent.next().map(|arrival| {
            let class = arrival.class.as_deref().map_or(Ok(DRAWN), |name| self.class_of(name));
            let at = u64::try_from(arrival.at.as_nanos()).unwrap_or(u64::MAX);
            let request = class.map(|class| Request { at, class })?;
            if at < self.last { Err(self.falls_back(at)) } else { Ok(request) }
        });
        let taken = taken.and_then(|request| request.map_err(|error| self.broken = Some(error)).ok());
        self.taken += 1;
        self.last = taken.map_or(self.last, |request| request.at);
        self.is_over = taken.is_none_or(|request| request.at >= self.end);
        taken
    }

    fn class_of(&self, name: &str) -> Result<u16, Box<OwnError>> {
        let found = self.classes.iter().position(|class| class == name);
        found.map(number).ok_or_else(|| {
            let known: Vec<&str> = self.classes.iter().map(String::as_str).collect();
            let message = format!("{} asks for `{name}`, which is no class", self.place());
            OwnError::new(message, format!("there is {}", list(&known)))
        })
    }

    fn falls_back(&self, at: u64) -> Box<OwnError> {
        let (at, last) = (Time(at), Time(self.last));
        let message = format!("{} comes at {at}, which is before the one at {last}", self.place());
        OwnError::new(message, "give the arrivals in order of time")
    }

    fn place(&self) -> String {
        format!("arrival {} of traffic `{}` under seed {}", self.taken + 1, self.source, self.seed)
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Given")
            .field("source", &self.source)
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::own::{Arrival, Arrivals, Run};

    /// The arrivals of a run of ten seconds at a multiple of the traffic, as seconds and classes, and what is wrong.
    fn told(millis: &'static [u64], factor: f64) -> (Vec<(f64, u16)>, Option<String>) {
        let each =
            |&at: &u64| Arrival::at(Duration::from_millis(at)).of(if at % 2 == 0 { "even" } else { "odd" });
        let own = Own {
            arrivals: Arrivals::new(move |_: &Run| millis.iter().map(each)),
            classes: vec!["even".into(), "odd".into()],
            factor,
        };
        let mut given = Given::new(&own, "callers", 7, Time::from_secs(10));
        let mut times = [0; SIZE];
        given.fill(&mut times);
        let found = (0..).zip(times).take_while(|(_, time)| *time < u64::MAX);
        let found = found.map(|(ordinal, time)| (time as f64 / 1e9, given.class(ordinal))).collect();
        (found, given.broken.map(|it| it.to_string()))
    }

    #[test]
    fn requests_come_as_they_are_given() {
        assert_eq!(told(&[0, 1_001, 1_001, 9_998], 1.0).0, [(0.0, 0), (1.001, 1), (1.001, 1), (9.998, 0)]);
        assert_eq!(told(&[], 1.0), (vec![], None));
    }

    #[test]
    fn a_multiple_has_as_many_between_two_requests_or_leaves_some_out() {
        let (twice, wrong) = told(&[1_000, 2_000, 2_500], 2.0);
        assert_eq!(twice, [(1.0, 0), (1.5, 0), (2.0, 0), (2.25, 0), (2.5, 0), (2.5, 0)]);
        assert_eq!(wrong, None);
        assert_eq!(told(&[0, 1_000, 2_000, 3_000, 4_000], 0.5).0, [(0.0, 0), (2.0, 0), (4.0, 0)]);
    }

    #[test]
    fn what_is_out_of_order_or_of_no_class_ends_the_source_and_is_told() {
        let (before, wrong) = told(&[1_000, 3_000, 2_000, 4_000], 1.0);
        assert_eq!(before, [(1.0, 0), (3.0, 0)]);
        let wrong = wrong.unwrap();
        assert!(wrong.contains("arrival 3 of traffic `callers` under seed 7 comes at 2s"), "{wrong}");
        let own = Own {
            arrivals: Arrivals::new(|_: &Run| [Arrival::at(Duration::ZERO).of("old")]),
            classes: vec!["even".into()],
            factor: 1.0,
        };
        let wrong = Given::new(&own, "callers", 7, Time::from_secs(10)).broken.unwrap().to_string();
        assert!(wrong.contains("`old`, which is no class") && wrong.contains("there is `even`"), "{wrong}");
    }

    /// A source without end is asked for no more than one request beyond the run, and need not be in order there.
    #[test]
    fn nothing_is_asked_for_beyond_the_end() {
        let own = Own {
            arrivals: Arrivals::new(|_: &Run| {
                let mut second = 0;
                std::iter::from_fn(move || {
                    assert!(second <= 10, "asked again after {second} s");
                    second += 1;
                    Some(Arrival::at(Duration::from_secs(second)))
                })
            }),
            classes: Vec::new(),
            factor: 1.0,
        };
        let mut given = Given::new(&own, "callers", 7, Time::from_secs(10));
        let mut times = [0; SIZE];
        given.fill(&mut times);
        let seconds: Vec<u64> =
            times.iter().take_while(|time| **time < u64::MAX).map(|time| time / 1_000_000_000).collect();
        assert_eq!(seconds, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
}
