//! The words of causes and of what came of them, which the kinds put into the sentence on a phase. In: nothing. Out: each word, for
//! `simcap explain`.

use crate::text::Word;

/// All of them.
pub(crate) const WORDS: &[Word] = &[
    Word::new(
        "fails open",
        "No target of the balancer is healthy, so it sends to all that are registered, as if all were: some of them may answer.",
    ),
    Word::new(
        "sends to all",
        "No target of the balancer is healthy, and it sends to all that are registered.",
    ),
    Word::new(
        "sends to none",
        "No target of the balancer is healthy, and it answers requests with an error by itself, as a Classic Load Balancer does.",
    ),
    Word::new(
        "accept backlog",
        "Connections that have come to an instance and wait there until a thread has time for them; when it is full, more are refused. Its size is the key `backlog` of a fleet.",
    ),
    Word::new("full", "Nothing of the resource was free, so that what came had to wait or was turned away."),
    Word::new(
        "was full",
        "Nothing of the resource was free, so that what came had to wait or was turned away.",
    ),
    Word::new("at their limit", "There were as many as there may be, so that more were refused."),
    Word::new("at its limit", "As much came as is taken, so that more was throttled."),
    Word::new("exhausted", "None was left, so that what needed one failed."),
    Word::new("contended", "Many transactions wanted the same rows, and waited for each other."),
    Word::new("hottest row", "The row that was locked for the longest part of the time."),
    Word::new("missing", "Instances that the fleet wanted and did not have in service, a count."),
    Word::new(
        "unhealthy",
        "Targets that have failed as many health checks in a row as it takes: the balancer sends nothing there.",
    ),
    Word::new(
        "not healthy yet",
        "Targets that are new and have not passed their health checks so far, a count.",
    ),
    Word::new("no healthy targets", "The balancer held no target for healthy."),
    Word::new("takes all", "The targets that were left got all of the traffic."),
    Word::new("take all traffic", "The targets that were left got all of the traffic."),
    Word::new("as few as", "The fewest that there were at one time in the span."),
    Word::new("in some runs", "Not in every run: the number is a mean of several."),
    Word::new(
        "its load needs about",
        "How many instances it would have taken to carry what came, an estimate.",
    ),
    Word::new(
        "no connection is open",
        "The pool had none of its connections, as it could not open them: the database was lost or refused them.",
    ),
    Word::new(
        "of requests failed",
        "The part of what ended in the span that failed, in percent, of requests.",
    ),
    Word::new(
        "of requests of",
        "The part of what ended in the span that failed, in percent, of requests of one class.",
    ),
    Word::new("mostly", "The most common cause of the failures; there were others."),
    Word::new(
        "retries ×",
        "How many attempts there were for each request, as a multiple: ×2 is one retry for each.",
    ),
    Word::new("tries of", "How many tries there were for each call of a step, as a multiple of the usual."),
    Word::new("lost", "Gone, with what was in it, because a zone, an instance or a node failed."),
    Word::new("left", "What of it still served while the rest was lost."),
    Word::new("hung", "Instances that ran and answered nothing."),
    Word::new(
        "slowed to",
        "Instances that computed slower than they should, as a part of their speed in percent.",
    ),
    Word::new(
        "have just started and are cold",
        "Instances that do the same work slower, until they are warm.",
    ),
    Word::new(
        "out of CPU credits",
        "Instances of a T type that have spent their CPU credits, and are held to their baseline.",
    ),
    Word::new("interrupted", "Spot instances that EC2 took back."),
    Word::new(
        "cannot start",
        "Instances whose application waits for what it needs to start, such as connections to a database.",
    ),
    Word::new(
        "the address of the old writer",
        "Instances that still send to the node that was the writer before, until they look up its name again.",
    ),
    Word::new("nothing takes over", "There is no other node that could become the writer."),
    Word::new("became the writer", "A replica has taken over from the writer that was lost."),
    Word::new("handed over", "The writer gave its place to another node, as it was told to."),
    Word::new("refused", "Connections or requests that were turned away at once, a count."),
    Word::new("throttled", "Calls that were turned away because more came than is taken in a second."),
    Word::new("turned away", "Requests that found no room, not even to wait."),
    Word::new("rejected", "Requests or connections that the balancer had no capacity for."),
    Word::new("that leads nowhere", "Requests that went to an address behind which nothing serves any more."),
    Word::new("by old answers", "Requests that went where an earlier answer of DNS had led."),
    Word::new(
        "by earlier weights",
        "Requests that went where the weights of a balancer had led before they were changed.",
    ),
    Word::new("to what does not serve", "Requests that went to a place that was lost."),
    Word::new(
        "which clients keep for",
        "How long clients go on with an address that they have looked up once.",
    ),
    Word::new(
        "closed as idle",
        "Connections that a target closed while a request was on its way there: the keep-alive race.",
    ),
    Word::new("mean wait", "How long what got through had waited on the mean, a span of time."),
    Word::new("the oldest message", "How long the oldest message in the queue had waited, a span of time."),
    Word::new("the oldest", "How long the oldest of what waited had done so, a span of time."),
    Word::new("lag up to", "How far replicas were behind the writer at most, a span of time."),
    Word::new(
        "iterator age",
        "How old the records were that a consumer of the stream had come to, a span of time.",
    ),
    Word::new("work failed", "Messages or records on which work was begun and failed, a count of tries."),
    Word::new("dead letters", "Messages that were put aside because work on them failed too often, a count."),
    Word::new("dropped", "Events or connections that were thrown away, a count."),
    Word::new("could not grow", "More came each minute than there could be new environments or pollers for."),
    Word::new("held visitors back", "The waiting room let in no more than it may, and the rest waited."),
    Word::new("gave up", "Visitors or users who left before it was their turn."),
    Word::new("found no file", "Requests for a file that is on the volume of another instance, or on none."),
    Word::new("rows of", "Rows of a database that a fault has made wrong, in percent of all."),
    Word::new("fails", "A service that answers a part of what it is asked with an error."),
    Word::new("without a server", "No server of the service was there."),
    Word::new("no burst credits left", "The credits for more I/O than the baseline were spent."),
    Word::new("is back", "What was lost serves again, perhaps without what it had in memory."),
    Word::new("no instance of", "The fleet had no instance that requests could go to."),
    Word::new("no registered", "The balancer had no target at all, and answered 503."),
    Word::new(
        "no replica",
        "The database had no replica that served, and reads went to the writer or failed.",
    ),
    Word::new("until", "When that ended, on the clock of the run."),
    Word::new(
        "the time to work off what waited",
        "The span over which work is spread that may wait in a queue.",
    ),
];
