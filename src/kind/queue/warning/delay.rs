//! An objective on age that no message can meet: it is hidden for longer than that. In: objectives, delays. Out: warnings.

use super::super::step::SENDS;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::units::Time;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let sent = |queue: &usize| expected.counts.contains(&((Kind::Queue, *queue), SENDS));
    let ages = expected.bounded.iter().filter(|(name, ..)| *name == "age");
    let found = ages.filter_map(|(_, of, limit)| {
        let limit = Time::from_secs_f64(limit / 1e3);
        // One of all queues is missed for sure where all of them hide their messages for so long.
        let of = of.map_or(0..expected.queues.len(), |of| of..of + 1);
        let shortest = of.filter(sent).min_by_key(|&queue| expected.queues[queue].delivery_delay)?;
        let queue = &expected.queues[shortest];
        (queue.delivery_delay > limit).then(|| {
            let message = format!(
                "an objective on `age` allows {limit}, and queue `{}` hides each message for {}",
                queue.name, queue.delivery_delay
            );
            let hint = "no message can leave before its `delivery_delay` is over: raise the objective, or lower the delay";
            Warning::new(Code::AgeBelowDelay, &["queue", &queue.name, "delivery_delay"], message, hint)
        })
    });
    found.collect()
}
