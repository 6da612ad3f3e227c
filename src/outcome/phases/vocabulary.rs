//! The words of a sentence on a phase. In: nothing. Out: each word, for the sentence and for `simcap explain`.

use crate::text::Word;

pub(super) const HELD: Word =
    Word::new("held", "Every objective was met, and nothing was in trouble from the begin to the end.");
pub(super) const STEADY: Word = Word::new(
    "steady, though an objective was missed",
    "Nothing was in trouble from the begin to the end, and yet an objective was missed: it asks for more than the system gives on an ordinary minute.",
);
pub(super) const NORMAL: Word =
    Word::new("normal", "A span without trouble, before, between or after others.");
pub(super) const TIGHTEST: Word = Word::new(
    "tightest",
    "The resource that had the least room in the span: how busy it was, when, and at which multiple of the traffic it is full.",
);
pub(super) const BUSY: Word =
    Word::new("busy", "The part of what a resource can do that it was asked for, in percent.");
pub(super) const FULL_AT: Word =
    Word::new("full at", "The multiple of this traffic at which the resource is full: ×1.4 is 40 % more.");
pub(super) const SATURATED: Word = Word::new(
    "saturated",
    "The resource was full for longer than a moment: there is no room for more traffic.",
);
pub(super) const SLOW: Word = Word::new(
    "requests were slow",
    "No resource was full, and yet requests took much longer than before: what follows is where they spent that time.",
);
pub(super) const UP_TO: Word =
    Word::new("p99 up to", "The largest 99th percentile of a row in the span, a span of time.");
pub(super) const NO_REQUESTS: Word = Word::new("no requests", "Nothing arrived in the span.");
pub(super) const NONE_COMPLETED: Word =
    Word::new("no request completed", "Requests arrived in the span, and none of them got its answer in it.");
pub(super) const OVER: Word =
    Word::new("over", "When the trouble ended: from then on requests were as before.");
pub(super) const NETWORK: Word = Word::new(
    "time on the network",
    "The slowest requests spent most of their time between client, balancer, instance, cache and database.",
);
pub(super) const THROTTLED: Word = Word::new(
    "pauses after throttled requests",
    "The slowest requests spent most of their time in pauses before they asked again what had been throttled.",
);
pub(super) const RETRY: Word = Word::new(
    "failed attempts and pauses before the next",
    "The slowest requests spent most of their time in attempts that failed and in the pauses after them.",
);
pub(super) const THREAD: Word = Word::new(
    "waiting for a thread",
    "The slowest requests spent most of their time in the queue for a thread of an instance.",
);
pub(super) const CPU: Word =
    Word::new("time on CPU", "The slowest requests spent most of their time computing.");
pub(super) const CPU_SHARED: Word = Word::new(
    "time on CPU, shared with others",
    "The slowest requests spent most of their time on cores that more requests shared than there were cores.",
);
pub(super) const CPU_WAITING: Word = Word::new(
    "time on CPU and waiting for it",
    "The slowest requests spent most of their time on cores or in line for one.",
);
pub(super) const POOL: Word = Word::new(
    "waiting for a connection",
    "The slowest requests spent most of their time in line for a connection of a pool.",
);
pub(super) const CACHE: Word = Word::new(
    "time at the cache",
    "The slowest requests spent most of their time at a cache, waiting included.",
);
pub(super) const STATEMENTS: Word = Word::new(
    "executing statements",
    "The slowest requests spent most of their time in statements of a database, waiting for its CPU included.",
);
pub(super) const LOCK: Word = Word::new(
    "waiting for a row lock",
    "The slowest requests spent most of their time waiting for a row that others held.",
);
pub(super) const SERVICE: Word =
    Word::new("waiting and service there", "The slowest requests spent most of their time at a service.");
pub(super) const START: Word = Word::new(
    "waiting for an environment",
    "The slowest requests spent most of their time waiting for an environment of a function to start.",
);
pub(super) const WAITING_ROOM: Word =
    Word::new("waiting to be let in", "The slowest requests spent most of their time in a waiting room.");
pub(super) const QUEUE: Word = Word::new(
    "time at the queue",
    "The slowest requests spent most of their time in calls of a queue of messages.",
);
pub(super) const TABLE: Word =
    Word::new("time at the table", "The slowest requests spent most of their time at a DynamoDB table.");
pub(super) const BUCKET: Word =
    Word::new("time at the bucket", "The slowest requests spent most of their time at a bucket.");
pub(super) const DELAY: Word = Word::new(
    "delays written in the path",
    "The slowest requests spent most of their time in `delay` steps of the scenario.",
);

/// All of them.
pub(crate) const WORDS: &[Word] = &[
    HELD,
    STEADY,
    NORMAL,
    TIGHTEST,
    BUSY,
    FULL_AT,
    SATURATED,
    SLOW,
    UP_TO,
    NO_REQUESTS,
    NONE_COMPLETED,
    OVER,
    NETWORK,
    THROTTLED,
    RETRY,
    THREAD,
    CPU,
    CPU_SHARED,
    CPU_WAITING,
    POOL,
    CACHE,
    STATEMENTS,
    LOCK,
    SERVICE,
    START,
    WAITING_ROOM,
    QUEUE,
    TABLE,
    BUCKET,
    DELAY,
    Word::new(
        "waiting",
        "How many requests or messages were in line for the resource, a count: a mean of a row, so at an instant more may have waited.",
    ),
    Word::new("at times", "Not in every row of the span."),
    Word::new("from the start", "The trouble was there when the run began."),
    Word::new("→", "What stands behind it came of what stands before it."),
    Word::new("·", "What stands behind it is another cause in the same span, or its end."),
];
