//! What reads the events of a run as they come. In: each event before it is handled. Out: nothing.

use crate::flow::event::Event;
use crate::flow::timer::Key;

/// Called with every event before it is handled.
pub trait Observer {
    /// A request event and its number.
    fn event(&mut self, _time: u64, _number: u64, _event: Event) {}
    /// The end of a job on a processor; it has no number.
    fn plan(&mut self, _time: u64, _processor: usize) {}
    /// A control timer and its number.
    fn timer(&mut self, _time: u64, _number: u64, _key: Key) {}
    /// An arrival of a source; it has no number.
    fn arrival(&mut self, _time: u64, _source: usize) {}
}

/// No observer: the run loop compiles as if there were none.
impl Observer for () {}
