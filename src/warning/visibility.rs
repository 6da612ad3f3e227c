//! Work that outlasts the visibility timeout of its queue. In: what workers do with a message. Out: warnings.

use super::found::Warning;
use crate::id::Kind;
use crate::scenario::Scenario;
use crate::scenario::code::Code;
use crate::scenario::demand::Demand;
use crate::units::Time;

pub(super) fn warnings(scenario: &Scenario) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, queue) in scenario.queues.iter().enumerate() {
        let Some(consumer) = &queue.consumer else { continue };
        let Some(path) = scenario.paths.iter().find(|path| path.of == (Kind::Queue, index)) else { continue };
        // With nothing waited for; the messages of a receive wait for each other.
        let passed = path.time.as_ref().map_or(Time::ZERO, |law| law.mean()).as_secs_f64();
        let message_s = passed + Demand::of_path(scenario, path).alone_s;
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
