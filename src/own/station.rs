//! A service station that a program makes. In: calls that come, are done or go away. Out: what becomes of each, by the desk.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::{OwnError, Random, Run};
use crate::units::Time;

/// A service station of your own: it says of each call when it is served, for how long, or that it is turned away.
///
/// A call that it neither serves nor refuses waits until it does one of them, at any later event. Only the fields of the station itself
/// and the [`Desk`] should decide: then the same seed gives the same bytes.
pub trait Station: Send {
    /// A call comes.
    fn asked(&mut self, call: Call, desk: &mut Desk<'_>);

    /// A call has been served for as long as it was to be.
    fn done(&mut self, _call: Call, _desk: &mut Desk<'_>) {}

    /// A call goes away before that: it lost its patience while it waited, or its caller ended and took it along. It can no more be served.
    fn gone(&mut self, _call: Call, _desk: &mut Desk<'_>) {}

    /// The time has come for which [`Desk::wake_at`] asked.
    fn woken(&mut self, _desk: &mut Desk<'_>) {}
}

/// A call at a station: one attempt of a request, or a message that a worker works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    pub(crate) number: u64,
    pub(crate) class: u16,
    pub(crate) time: Duration,
}

/// The class of a call without one.
pub(crate) const NO_CLASS: u16 = u16::MAX;

impl Call {
    /// Its number among all calls of this station in this run, from 0 in the order in which they came.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The service time that the file draws for it: by the `time` of its step, or else of the station.
    pub fn time(&self) -> Duration {
        self.time
    }
}

/// What a station has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Serve { number: u64, nanos: u64 },
    Refuse { number: u64 },
    Wake { at: u64 },
}

/// What a station acts by: the time, chance, and what becomes of calls.
#[derive(Debug)]
pub struct Desk<'a> {
    pub(crate) now: u64,
    pub(crate) random: &'a mut Random,
    pub(crate) classes: &'a [String],
    pub(crate) said: &'a mut VecDeque<Said>,
}

impl Desk<'_> {
    /// How long the run has lasted.
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.now)
    }

    /// Random numbers of this station alone.
    pub fn random(&mut self) -> &mut Random {
        self.random
    }

    /// The request class of a call; none if no request makes it, such as the work on a message.
    pub fn class(&self, call: Call) -> Option<&str> {
        self.classes.get(usize::from(call.class)).map(String::as_str)
    }

    /// Serves a call from now on, for so long. It must be here, and not be served yet.
    pub fn serve(&mut self, call: Call, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.said.push_back(Said::Serve { number: call.number, nanos });
    }

    /// Turns a call away. It must be here, and not be served yet.
    pub fn refuse(&mut self, call: Call) {
        self.said.push_back(Said::Refuse { number: call.number });
    }

    /// Asks for [`Station::woken`] at an instant of the run, which must not be over. Only the last one counts.
    pub fn wake_at(&mut self, at: Duration) {
        self.said.push_back(Said::Wake { at: u64::try_from(at.as_nanos()).unwrap_or(u64::MAX) });
    }
}

type Make = dyn Fn(&Run) -> Box<dyn Station> + Send + Sync;

/// What makes a station, run by run, and the names of the classes that come to it.
#[derive(Clone)]
pub(crate) struct Stations {
    make: Arc<Make>,
    pub classes: Vec<String>,
}

impl Stations {
    pub fn new<S: Station + 'static>(
        make: impl Fn(&Run) -> S + Send + Sync + 'static,
        classes: Vec<String>,
    ) -> Stations {
        Stations { make: Arc::new(move |run| Box::new(make(run))), classes }
    }

    /// The one of a name, in the run of a seed, and its random numbers.
    pub fn of(&self, name: &str, seed: u64, length: Time) -> (Box<dyn Station>, Random) {
        let run = Run::new(seed, length, format!("service.{name}/own"));
        ((self.make)(&run), run.random())
    }
}

impl fmt::Debug for Stations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stations")
    }
}

/// A station has said something of a call that is not there.
pub(crate) fn not_there(station: &str, seed: u64, number: u64, verb: &str, now: u64) -> Box<OwnError> {
    let at = Time(now);
    OwnError::new(
        format!(
            "service `{station}` {verb} call {number} at {at} under seed {seed}, which does not wait there"
        ),
        "each call is served or refused once: keep those that wait, and forget one when `gone` names it",
    )
}
