//! The language of a queue: every key with its default, and the source of each default.

use super::{consumer, source};
use crate::language::shape::{Given, Key, Shape};
use crate::units::{Bytes, Rate, Time};

/// Visibility timeout: 30 s.
pub const VISIBILITY_TIMEOUT: Given<Time> =
    Given::new(Time::from_secs(30), "Amazon SQS API, SetQueueAttributes, VisibilityTimeout");
/// Delivery delay: none.
pub const DELIVERY_DELAY: Given<Time> =
    Given::new(Time::ZERO, "Amazon SQS API, SetQueueAttributes, DelaySeconds");
/// Retention period: 4 days.
pub const RETENTION: Given<Time> =
    Given::new(Time::from_secs(4 * 86_400), "Amazon SQS API, SetQueueAttributes, MessageRetentionPeriod");
/// Receives before a message goes to the dead-letter queue: 10.
pub const MAX_RECEIVE_COUNT: Given<u32> =
    Given::new(10, "Amazon SQS API, SetQueueAttributes, RedrivePolicy, maxReceiveCount");
/// Most messages in flight: 120,000, of a standard and of a FIFO queue.
pub const IN_FLIGHT: Given<u32> = Given::new(
    120_000,
    "Amazon SQS developer guide, \"Amazon SQS queue quotas\", messages per queue (in flight)",
);
/// Mean size of a message: 4 KiB.
pub const MESSAGE_SIZE: Given<Bytes> = Given::new(Bytes(4 * 1_024), "assumption: an order in JSON");
/// Calls a second to a FIFO queue, of each action: 300.
pub const FIFO_CALLS: Given<Rate> =
    Given::new(Rate(300.0), "Amazon SQS developer guide, \"Amazon SQS message quotas\", FIFO queues");
/// Time of a call to SQS: 10 ms.
pub const LATENCY: Given<Time> = Given::new(
    Time::from_millis(10),
    "assumption: AWS publishes no figure; calls inside a region take about ten milliseconds",
);
/// The language of a queue.
pub const SHAPE: Shape = Shape {
    title: "[queue.NAME]",
    about: "An Amazon SQS queue, and the workers that receive from it.",
    keys: &[
        Key::optional(
            "type",
            "\"standard\" or \"fifo\"",
            "`\"standard\"` (Amazon SQS API, CreateQueue, FifoQueue)",
            "a FIFO queue keeps the order inside a message group and delivers none of a group of which one is in flight",
        ),
        Key::given(
            "visibility_timeout",
            "duration, 1 s to 12 h",
            || VISIBILITY_TIMEOUT.show(),
            "how long a received message is hidden; if it is not deleted by then, it is delivered again",
        ),
        Key::given(
            "delivery_delay",
            "duration, up to 15 min",
            || DELIVERY_DELAY.show(),
            "how long a sent message is hidden",
        ),
        Key::given(
            "retention",
            "duration, 1 min to 14 days",
            || RETENTION.show(),
            "messages older than this are lost, in flight or not",
        ),
        Key::optional(
            "dead_letter",
            "name of a queue",
            "none",
            "where messages go that were received too often",
        ),
        Key::given(
            "max_receive_count",
            "whole number, up to 1000",
            || MAX_RECEIVE_COUNT.show(),
            "receives after which the next one moves the message to `dead_letter`",
        ),
        Key::given(
            "in_flight",
            "whole number, up to 120,000",
            || IN_FLIGHT.show(),
            "most messages in flight; beyond it a receive gets nothing; one that does not wait gets the error `OverLimit`",
        ),
        Key::given(
            "message_size",
            "data, up to 1 MiB",
            || MESSAGE_SIZE.show(),
            "mean size of a message; a request is billed for each 64 KiB",
        ),
        Key::optional(
            "groups",
            "name of a [keys.NAME] table or { count, zipf }",
            "one group",
            "FIFO: the population of message groups, of which each message draws one",
        ),
        Key::optional(
            "high_throughput",
            "true or false",
            "`false` (Amazon SQS developer guide, high throughput for FIFO queues: it has to be enabled)",
            "FIFO: whether `calls` is the limit of the calls that send to each message group, and not of all calls to the queue; calls that \
             receive and delete then have none",
        ),
        Key::optional(
            "calls",
            "rate or \"unlimited\"",
            "`\"300/s\"` (Amazon SQS developer guide, \"Amazon SQS message quotas\"); a standard queue has no limit",
            "FIFO: calls of each action (send, receive, delete) that are taken, with up to 10 messages each; more are \
             throttled, and tried again by the SDK",
        ),
        Key::given(
            "latency",
            "duration",
            || LATENCY.show(),
            "how long a call to SQS takes, half there and half back",
        ),
        consumer::WORKERS,
        consumer::STEPS,
        consumer::TIME,
        consumer::POLLERS,
        consumer::BATCH,
        consumer::WAIT,
        consumer::POLL_INTERVAL,
        consumer::DELETE,
        consumer::PRIORITY,
        consumer::STOP_TIMEOUT,
        source::MAXIMUM_CONCURRENCY,
        source::BATCHING_WINDOW,
        source::REPORT,
    ],
};
