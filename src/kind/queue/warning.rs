//! Work that outlasts the visibility timeout of its queue. In: what workers do with a message. Out: warnings.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::units::Time;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, queue) in expected.queues.iter().enumerate() {
        let Some(consumer) = &queue.consumer else { continue };
        let path = expected.paths.iter().find(|path| path.0 == (Kind::Queue, index));
        // With nothing waited for; the messages of a receive wait for each other.
        let Some(&(_, message_s)) = path else { continue };
        let receive = Time::from_secs_f64(message_s * f64::from(consumer.batch));
        if receive > queue.visibility_timeout {
            let message = format!(
                "the {} message{} of a receive from queue `{}` take {receive} of work, longer than its visibility timeout of {}",
                consumer.batch,
                if consumer.batch == 1 { "" } else { "s" },
                queue.name,
                queue.visibility_timeout
            );
            let hint = "they are delivered again before they are deleted: raise `visibility_timeout`, or lower `batch`";
            let at = ["queue", &queue.name, "visibility_timeout"];
            found.push(Warning::new(Code::WorkOutlastsVisibility, &at, message, hint));
        }
    }
    found
}
