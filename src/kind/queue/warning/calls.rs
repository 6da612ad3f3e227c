//! More calls that send to a queue than it takes. In: the traffic that is expected. Out: warnings.

use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::{Action, Resource};
use crate::number::excess;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let queues = expected.queues.iter().enumerate();
    let found = queues.filter_map(|(index, queue)| {
        let sends = Resource::Calls { queue: index, action: Action::Send };
        let asked = expected.load.per_second(|demand| demand.of(sends));
        let (time, times) = expected.load.worst(&asked, |_| 1.0)?;
        let (to, hint) = match queue.high_throughput {
            true => (
                "to the message group that gets most",
                "send several `messages` with a call, or spread them over more `groups`",
            ),
            false => ("to send messages", "send several `messages` with a call, or set `high_throughput`"),
        };
        let message = format!(
            "the traffic at {time} asks for {} the calls that queue `{}` takes {to}",
            excess(times),
            queue.name
        );
        Some(Warning::new(Code::DemandAboveCapacity, &["queue", &queue.name, "calls"], message, hint))
    });
    found.collect()
}
