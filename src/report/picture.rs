//! The words on the pictures of a run and of studies: the legend and the panels. In: nothing. Out: each word, for the picture and for
//! `simcap explain`. Those of the kinds are with their charts.

use crate::text::Word;

/// What stands behind the title of a panel of which each further decade is as far as the one before.
#[cfg(feature = "charts")]
pub(super) const LOG: &str = " (log scale)";
pub(super) const IN_TROUBLE: Word = Word::new(
    "in trouble",
    "A shaded span: a phase in which something was saturated or lost, requests failed or were much slower. The page has each in `Bottleneck by phase`.",
);
pub(super) const OBJECTIVE_MISSED: Word = Word::new(
    "an objective is missed",
    "A shaded span: with these values of the axis an objective is not met.",
);
pub(super) const MISSED_NOW: Word = Word::new(
    "an objective is missed that is met now",
    "A frame around a change of an input that makes the scenario miss an objective.",
);
pub(super) const HELD_OUT: Word = Word::new(
    "held out: not fitted to",
    "A shaded span of the measurements that was kept from the fit, to try it on.",
);
pub(super) const OFFERED: Word =
    Word::new("offered", "Requests that clients sent, per second, each where it came.");
pub(super) const OFFERED_IN_A: Word =
    Word::new("offered in A", "Requests that clients sent in the first scenario, per second.");
pub(super) const ATTEMPTS: Word = Word::new(
    "attempts (with retries)",
    "Attempts that were sent, per second: requests and every further try of one.",
);
pub(super) const SERVED: Word =
    Word::new("served", "Requests that got their answer, per second, each where it was answered.");
pub(super) const ANSWERED: Word =
    Word::new("answered", "Requests that got their answer, per second, the mean of the event.");
pub(super) const P99_ANSWERED: Word = Word::new(
    "p99 of what was answered",
    "99 of 100 requests that got an answer took no longer, a span of time.",
);
pub(super) const MEDIAN: Word =
    Word::new("p50 (median)", "Half of the requests of the row took no longer, a span of time.");
pub(super) const ALL_REQUESTS: Word = Word::new(
    "all requests",
    "The latencies of the completed requests of every class, from the shortest to the longest.",
);
pub(super) const EVERYTHING_ELSE: Word = Word::new(
    "everything else",
    "The time of slow requests in stages that have too small a part to be drawn by themselves.",
);
pub(super) const SLOW_REQUESTS: Word = Word::new(
    "slow requests",
    "Requests of the row at or above its 99th percentile: how long they took on the mean, a span of time.",
);
pub(super) const SPENT: Word =
    Word::new("spent so far", "What the event has cost up to then, in US dollars.");
pub(super) const PER_HOUR: Word =
    Word::new("per hour", "What the event costs at that time, in US dollars per hour.");
pub(super) const OTHER_SERVICES: Word = Word::new(
    "other services",
    "The cost of services that are too many to be drawn by themselves, in US dollars.",
);
pub(super) const OPEN: Word =
    Word::new("open", "Connections of the pool that are open, in use or not, a count: the mean of a row.");
pub(super) const IN_USE: Word =
    Word::new("in use", "Connections of the pool that requests hold, a count: the mean of a row.");
pub(super) const WAITING: Word =
    Word::new("waiting", "Requests in line for a connection of the pool, a count: the mean of a row.");
pub(super) const LIMIT: Word = Word::new(
    "largest size of the pools",
    "How many connections the pools of all instances may have together, a count.",
);
pub(super) const BELOW_50: Word =
    Word::new("below 50 % busy", "The colour of rows in which less than half of the resource was in use.");
pub(super) const TO_80: Word =
    Word::new("50 to 80 %", "The colour of rows in which so much of the resource was in use.");
pub(super) const TO_95: Word =
    Word::new("80 to 95 %", "The colour of rows in which so much of the resource was in use.");
pub(super) const FROM_95: Word =
    Word::new("95 % and more", "The colour of rows in which nearly all of the resource was in use.");
pub(super) const FULL_WAITED: Word = Word::new(
    "full: requests waited",
    "The colour of rows in which the resource was full, and requests waited for it.",
);
pub(super) const FULL_REJECTED: Word = Word::new(
    "full: requests rejected",
    "The colour of rows in which the resource was full, and requests were turned away.",
);
pub(super) const INTERVAL: Word =
    Word::new("95 % interval", "Where the figure lies with other seeds, 19 times of 20.");
pub(super) const LOWER_VALUE: Word = Word::new(
    "with the lower value",
    "What the figure comes to with the lower of the two values of the input.",
);
pub(super) const HIGHER_VALUE: Word = Word::new(
    "with the higher value",
    "What the figure comes to with the higher of the two values of the input.",
);
pub(super) const AS_IT_IS: Word =
    Word::new("as it is", "What the figure comes to with the scenario as it is written.");
pub(super) const OBJECTIVE_LIMIT: Word = Word::new(
    "limit of an objective",
    "The bound of an objective on the figure: beyond it the objective is missed.",
);
pub(super) const NOT_POSSIBLE: Word = Word::new(
    "not possible",
    "Values with which there is no scenario, such as a smallest size above the largest.",
);
pub(super) const MEETS_ALL: Word =
    Word::new("meets every objective", "A frame around values with which every objective is met.");
pub(super) const BEST: Word = Word::new(
    "the cheapest that meets every objective",
    "The values that cost least, among all with which every objective is met.",
);
pub(super) const LEAST: Word = Word::new(
    "the least of its figure",
    "The colour of the smallest value that the figure has anywhere on the picture.",
);
pub(super) const MOST: Word = Word::new(
    "the most of its figure",
    "The colour of the largest value that the figure has anywhere on the picture.",
);
pub(super) const FRONT: Word = Word::new(
    "front: none is cheaper and faster",
    "The line through the choices to which no other one is both cheaper and faster.",
);
pub(super) const FAILS: Word =
    Word::new("fails, or seems to", "Choices that miss an objective, surely or by the runs so far.");
pub(super) const MEETS: Word =
    Word::new("meets, or seems to", "Choices that meet every objective, surely or by the runs so far.");
pub(super) const CANNOT_TELL: Word =
    Word::new("cannot tell", "Choices of which the runs do not say whether they meet the objectives.");
pub(super) const CHEAPEST: Word = Word::new("best", "The cheapest choice that meets every objective.");
pub(super) const MEASURED: Word = Word::new("measured", "What was measured in production, in each period.");
pub(super) const PREDICTED: Word =
    Word::new("predicted", "What the scenario comes to in the same period; the band is its 95 % interval.");
pub(super) const THEN: Word =
    Word::new("Then", "What came of the first cause, on the picture of the summary.");
pub(super) const DEMAND: Word = Word::new(
    "Requests per second: offered when they come, served or failed when they end",
    "Demand and what became of it: areas on each other are what was served and what failed by each cause, lines what was offered.",
);
pub(super) const FAILURES: Word = Word::new(
    "Failed requests per second, by cause",
    "Requests that failed in each row, per second, the causes on each other.",
);
pub(super) const LATENCY: Word = Word::new(
    "Latency of completed requests, retries included",
    "How long the requests took that completed in each row: a line for each percentile.",
);
pub(super) const DISTRIBUTION: Word = Word::new(
    "Latency of completed requests",
    "How long requests took, by how many took no longer: the further to the right, the rarer.",
);
pub(super) const CLASS_P99: Word =
    Word::new("99th percentile", "99 of 100 requests of the class that completed in the row took no longer.");
pub(super) const CLASS_P50: Word =
    Word::new("Median", "Half of the requests of the class that completed in the row took no longer.");
pub(super) const SLOW_SHARE: Word = Word::new(
    "Share of the time of requests at or above the p99",
    "Where the slowest requests of each row spent their time, in percent, the stages on each other.",
);
pub(super) const SLOW_MEAN: Word = Word::new(
    "Their mean latency",
    "How long the slowest requests of each row took on the mean, a span of time.",
);
pub(super) const SPENT_PANEL: Word = Word::new(
    "Spent so far, US dollars",
    "What the event has cost up to each row, in US dollars, the services on each other.",
);
pub(super) const SPENDING_PANEL: Word = Word::new(
    "Spending, US dollars per hour; what is metered by the hour is spread over it",
    "What the event costs at each time, in US dollars per hour, the services on each other.",
);
pub(super) const CONNECTIONS: Word = Word::new(
    "Connections",
    "Connections of a pool of a fleet to a database, all instances together, a count.",
);
pub(super) const WAITING_FOR_ONE: Word = Word::new(
    "Waiting for one",
    "Requests in line for a connection of the pool, a count: the mean of a row.",
);
pub(super) const FILLED: Word = Word::new(
    "In the order of filling (one number: within the same NAME)",
    "A row for each resource, coloured by how busy it was; that which was full first is on top, and equal numbers filled within the same row.",
);
pub(super) const FILLED_ORDER: Word = Word::new(
    "How busy resources were, in the order in which they filled",
    "A row for each resource, coloured by how busy it was; that which was full first is on top.",
);
pub(super) const BUSIEST: Word = Word::new(
    "How busy resources were, the busiest first",
    "A row for each resource, coloured by how busy it was; none was full.",
);

pub(super) const FEWER: Word = Word::new(
    "fewer than NAME",
    "The colour of the fewest requests in a cell, a count; others are `10 to 100` and the like.",
);
pub(super) const AND_MORE: Word =
    Word::new("NAME requests and more", "The colour of the most requests in a cell, a count.");
pub(super) const MAP: Word = Word::new(
    "Completed requests by latency, in NAME",
    "A cell is so much time by so much latency; its colour is how many requests completed in it, a count.",
);

/// All of them.
#[cfg(feature = "schema")]
pub(super) const WORDS: &[Word] = &[
    IN_TROUBLE,
    OBJECTIVE_MISSED,
    MISSED_NOW,
    HELD_OUT,
    OFFERED,
    OFFERED_IN_A,
    ATTEMPTS,
    SERVED,
    ANSWERED,
    P99_ANSWERED,
    MEDIAN,
    ALL_REQUESTS,
    EVERYTHING_ELSE,
    SLOW_REQUESTS,
    SPENT,
    PER_HOUR,
    OTHER_SERVICES,
    OPEN,
    IN_USE,
    WAITING,
    LIMIT,
    BELOW_50,
    TO_80,
    TO_95,
    FROM_95,
    FULL_WAITED,
    FULL_REJECTED,
    INTERVAL,
    LOWER_VALUE,
    HIGHER_VALUE,
    AS_IT_IS,
    OBJECTIVE_LIMIT,
    NOT_POSSIBLE,
    MEETS_ALL,
    BEST,
    LEAST,
    MOST,
    FRONT,
    FAILS,
    MEETS,
    CANNOT_TELL,
    CHEAPEST,
    MEASURED,
    PREDICTED,
    THEN,
    DEMAND,
    FAILURES,
    LATENCY,
    DISTRIBUTION,
    CLASS_P99,
    CLASS_P50,
    SLOW_SHARE,
    SLOW_MEAN,
    SPENT_PANEL,
    SPENDING_PANEL,
    CONNECTIONS,
    WAITING_FOR_ONE,
    FILLED,
    FEWER,
    AND_MORE,
    MAP,
    FILLED_ORDER,
    BUSIEST,
];
