//! What is rarely intended of an event bus: more calls than its Region takes. In: the traffic that is expected. Out: warnings.

use super::language::Topic;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{excess, number};

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let topics = expected.topics.iter().enumerate();
    topics.filter_map(|(index, topic)| calls(expected, index, topic)).collect()
}

fn calls(expected: &Expected<'_, Settings>, index: usize, topic: &Topic) -> Option<Warning> {
    topic.bus.as_ref()?;
    if Topic::shares(index, &expected.topics) != index {
        return None; // it is said of the first one
    }
    let asked = expected.load.per_second(|demand| demand.of(Resource::EventPuts { topic: index }));
    let (time, times) = expected.load.worst(&asked, |_| 1.0)?;
    let [puts, _] = topic.quotas(expected);
    let message = format!(
        "the traffic at {time} asks for {} the calls of PutEvents that {}, {} a second",
        excess(times),
        match Topic::sharing(index, &expected.topics).count() {
            1 => format!("event bus `{}` takes", topic.name),
            many => format!("the {many} event buses of the account take"),
        },
        number(puts)
    );
    let hint = "calls beyond it are throttled, and fail after three tries: send several `messages` with a call, or raise `event_puts` of [account], which is a quota that AWS raises on request";
    Some(Warning::new(Code::DemandAboveCapacity, &["topic", &topic.name], message, hint))
}
