//! What pages call the resources of a queue. In: nothing. Out: a label for each, with what it is and the keys that change it.

use crate::measure::resource::label::labels;

labels! {
    POLLERS = "pollers of NAME",
        "Pollers of the workers of the queue, each of which works on one receive at a time.",
        ["queue.NAME.pollers", "queue.NAME.workers", "fleet.NAME.max"];
    INVOCATIONS = "invocations from NAME",
        "Invocations of a function with messages of the queue that are in progress at once.",
        ["queue.NAME.maximum_concurrency", "queue.NAME.batch"];
    SENDS = "send calls of NAME",
        "Calls a second that send messages to the queue, of which a FIFO queue takes only so many.",
        ["queue.NAME.calls", "queue.NAME.high_throughput", "queue.NAME.batch"];
    RECEIVES = "receive calls of NAME",
        "Calls a second that receive messages of the queue, of which a FIFO queue takes only so many.",
        ["queue.NAME.calls", "queue.NAME.high_throughput", "queue.NAME.batch"];
    DELETES = "delete calls of NAME",
        "Calls a second that delete messages of the queue, of which a FIFO queue takes only so many.",
        ["queue.NAME.calls", "queue.NAME.high_throughput", "queue.NAME.batch"];
    IN_FLIGHT = "messages in flight of NAME",
        "Messages that were received and are neither deleted nor visible again, of which a queue has only so many.",
        ["queue.NAME.in_flight", "queue.NAME.visibility_timeout"];
    GROUPS = "message groups of NAME",
        "Message groups of a FIFO queue, each of which is worked on by one poller at a time.",
        ["queue.NAME.groups.count", "queue.NAME.groups.zipf"];
    MESSAGES = "messages of NAME",
        "Messages of the queue that wait without end, are lost, or whose work fails.",
        ["queue.NAME.retention", "queue.NAME.max_receive_count", "queue.NAME.dead_letter"];
}
