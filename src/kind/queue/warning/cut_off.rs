//! Work that outlasts the stop timeout of a worker: where instances leave, it is cut off. In: what workers do with a message, what
//! makes their fleet smaller. Out: warnings.

use super::fill;
use super::visibility::{Outlasting, outlasts};
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::limits::scales_in;
use crate::kind::warning::Warning;

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let queues = expected.queues.iter().enumerate();
    let found = queues.filter_map(|(index, queue)| {
        let consumer = queue.consumer.as_ref()?;
        let fleet = &expected.fleets[consumer.fleet.index()];
        let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, index))?;
        let fill = fill::of(index, expected)?;
        let outlasting = outlasts(queue, walk, fill, consumer.stop_timeout)?;
        let Outlasting { words, lower, .. } = outlasting;
        scales_in(fleet, expected.duration).then(|| {
            let message = format!(
                "{words} the `stop_timeout` of {}, and fleet `{}` can scale in",
                consumer.stop_timeout, fleet.name
            );
            let hint = format!(
                "an instance that leaves can be shut down before it is done: its messages come back when their visibility timeout of \
                 {} ends; raise `stop_timeout`{lower}",
                queue.visibility_timeout
            );
            Warning::new(Code::WorkOutlastsStop, &["queue", &queue.name, "stop_timeout"], message, hint)
        })
    });
    found.collect()
}
