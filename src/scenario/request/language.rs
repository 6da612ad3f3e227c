//! The language of `[request.NAME]` and of its steps: every key with its default.

use crate::kind;
use crate::language::shape::{Given, Key, Shape};
use crate::units::Bytes;

/// Mean size of a request on the wire: 1 KiB.
pub const REQUEST_SIZE: Given<Bytes> =
    Given::new(Bytes(1_024), "assumption: a GET with its cookies and headers");
/// Mean size of a response on the wire: 30 KiB.
pub const RESPONSE_SIZE: Given<Bytes> =
    Given::new(Bytes(30 * 1_024), "assumption: a compressed page without its images");
/// Level at stations that serve by priority: 0.
pub const PRIORITY: Given<u32> = Given::new(0, "assumption: all classes wait alike");
/// Whether a miss stores what it has found: yes.
pub const FILL: Given<bool> =
    Given::new(true, "plain cache-aside, ElastiCache user guide, caching strategies");

/// Whether a step takes the key that the request drew before: no.
pub const SAME: Given<bool> = Given::new(false, "assumption: a request touches several keys of a population");

/// The key for a step that comes back to what the request has touched.
const SAME_KEY: Key = Key::given(
    "same",
    "true or false",
    || SAME.show(),
    "reuse the key that an earlier step of this request drew from the same population (to read your own write); where \
     there was none, a new one",
);

/// The language of a request class.
pub const SHAPE: Shape = Shape {
    title: "[request.NAME]",
    about: "A class of requests: all its members walk the same path through the named resources.",
    keys: &[
        Key::optional(
            "via",
            "name of a balancer or a fleet",
            "the steps run without a tier, so none of them can use CPU",
            "entrance: a thread of the picked instance is held for all steps",
        ),
        Key::required("steps", "array of steps", "what the request does, in order"),
        Key::given(
            "priority",
            "number, up to 7",
            || PRIORITY.show(),
            "its level at stations with discipline = \"priority\": the highest goes first",
        ),
        Key::given("request_size", "data", || REQUEST_SIZE.show(), "mean size of a request on the wire"),
        Key::given("response_size", "data", || RESPONSE_SIZE.show(), "mean size of a response on the wire"),
    ],
};

const KEYS: &str = "name of a [keys.NAME] table or { count, zipf }";

/// The language of every step, one shape for each verb.
pub(in crate::scenario) fn shapes() -> impl Iterator<Item = &'static Shape> {
    verbs().chain(&STATEMENTS)
}

/// The language of a step of a path, one shape for each verb.
pub(super) fn verbs() -> impl Iterator<Item = &'static Shape> {
    TIME.iter().chain(kind::Step::shapes()).chain(&SHAPES)
}

/// The language of a step of a transaction, one shape for each verb.
pub(super) fn inner_verbs() -> impl Iterator<Item = &'static Shape> {
    TIME.iter().chain(&STATEMENTS)
}

/// Steps that pass time where the request is.
const TIME: [Shape; 2] = [
    Shape {
        title: "{ cpu = … }",
        about: "Use the CPU of the instance.",
        keys: &[Key::required("cpu", "demand", "time on one idle vCPU of strength 1 (m5 family)")],
    },
    Shape {
        title: "{ delay = … }",
        about: "Pass time without using any resource, but keeping what is held.",
        keys: &[Key::required("delay", "demand", "how long")],
    },
];

/// Steps at resources and through tiers, beside those of [`kind::Step`].
const SHAPES: [Shape; 6] = [
    Shape {
        title: "{ cache = … }",
        about: "Look a key up; on a miss do `miss` and fill the cache.",
        keys: &[
            Key::required("cache", "name of a cache", "the cache"),
            Key::optional(
                "keys",
                KEYS,
                "required without a fixed hit ratio",
                "the population the key is drawn from",
            ),
            SAME_KEY,
            Key::optional("hit_ratio", "share", "that of the cache, or it emerges", "a fixed hit ratio"),
            Key::optional(
                "miss",
                "step or array of steps",
                "nothing",
                "what is done on a miss, before the fill",
            ),
            Key::given(
                "fill",
                "true or false",
                || FILL.show(),
                "whether a miss stores what it has found; without it the cache is filled by others",
            ),
        ],
    },
    Shape {
        title: "{ invalidate = … }",
        about: "Remove a key from a cache.",
        keys: &[
            Key::required("invalidate", "name of a cache", "the cache"),
            Key::optional(
                "keys",
                KEYS,
                "required without a fixed hit ratio",
                "the population the key is drawn from",
            ),
        ],
    },
    Shape {
        title: "{ read = … }",
        about: "One statement outside a transaction: borrow a connection, execute on a replica, give it back.",
        keys: &[
            Key::required("read", "name of a database", "the database"),
            Key::required("demand", "demand", "CPU demand on one vCPU of strength 1"),
            Key::optional("rows", KEYS, "rows do not matter", "the rows it touches (staleness, buffer pool)"),
            SAME_KEY,
        ],
    },
    Shape {
        title: "{ write = … }",
        about: "One autocommit write: borrow a connection to the writer, lock, execute, commit, give it back.",
        keys: &[
            Key::required("write", "name of a database", "the database"),
            Key::required("demand", "demand", "CPU demand on one vCPU of strength 1"),
            Key::optional(
                "rows",
                KEYS,
                "rows do not matter",
                "the rows it touches (locks, staleness, buffer pool)",
            ),
            SAME_KEY,
            Key::optional(
                "lock",
                "true or false",
                "`true` with `rows`",
                "whether the row is locked until commit",
            ),
            Key::optional(
                "invalidate",
                "name of a cache",
                "none",
                "short for a following { invalidate } of the same keys",
            ),
        ],
    },
    Shape {
        title: "{ transaction = … }",
        about: "Several statements on one borrowed connection of the writer; row locks are held until commit.",
        keys: &[
            Key::required("transaction", "name of a database", "the database"),
            Key::required(
                "steps",
                "array of { read }, { write }, { cpu }, { delay }",
                "what is done inside, in order",
            ),
        ],
    },
    Shape {
        title: "{ call = … }",
        about: "Enter another tier: a thread of the picked instance is held for all of `steps`.",
        keys: &[
            Key::required("call", "name of a balancer or a fleet", "entrance of the tier"),
            Key::required("steps", "array of steps", "what happens there"),
        ],
    },
];

/// Statements of a transaction.
const STATEMENTS: [Shape; 2] = [
    Shape {
        title: "{ read = … } in a transaction",
        about: "A `SELECT` on the writer.",
        keys: &[
            Key::required("read", "demand", "CPU demand on one vCPU of strength 1"),
            Key::optional("rows", KEYS, "rows do not matter", "the rows it touches"),
            SAME_KEY,
        ],
    },
    Shape {
        title: "{ write = … } in a transaction",
        about: "An `UPDATE`, `INSERT` or `DELETE`, or `SELECT … FOR UPDATE` with the demand of a read.",
        keys: &[
            Key::required("write", "demand", "CPU demand on one vCPU of strength 1"),
            Key::optional("rows", KEYS, "rows do not matter", "the rows it touches"),
            SAME_KEY,
            Key::optional(
                "lock",
                "true or false",
                "`true` with `rows`",
                "whether the row is locked until commit",
            ),
        ],
    },
];
