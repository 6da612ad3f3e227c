//! The words of the parts `Scaling`, `Alarms` and `Incidents` of a page. In: nothing. Out: each word, for `simcap explain`.

use crate::text::Word;

/// How an activity of the part `Scaling` ended.
pub(super) const SCALING: &[Word] = &[
    Word::new(
        "done after",
        "How long it took until the fleet had the size that it was given, a span of time.",
    ),
    Word::new("not done by the end", "The event ended before the fleet had the size that it was given."),
    Word::new(
        "came to nothing after",
        "Launches that ended before their instance was in service: called off by a later activity, refused, or abandoned by a lifecycle hook.",
    ),
];
/// What stands beside the states of alarms.
pub(super) const ALARMS: &[Word] = &[
    Word::new(
        "threshold",
        "The value of the metric beyond which the alarm goes off, in the unit of the metric.",
    ),
    Word::new("no data", "The metric had no value in the period."),
    Word::new("held back by", "Another alarm that suppresses what this one would tell."),
    Word::new(
        "notified at",
        "When the alarm told of its state, having been held back, on the clock of the run.",
    ),
    Word::new("not notified", "The alarm told nobody, as another one held it back to the end."),
];

/// What incidents say.
pub(super) const INCIDENTS: &[Word] = &[
    Word::new(
        "unhealthy",
        "Targets that have just failed as many health checks in a row as it takes: their balancer sends nothing there from now on.",
    ),
    Word::new(
        "healthy again",
        "Targets that have passed as many health checks in a row as it takes: their balancer sends there again.",
    ),
    Word::new(
        "not judged yet",
        "Targets that are new and for which there were too few health checks so far.",
    ),
    Word::new(
        "fails open",
        "No target of the balancer is healthy, so it sends to all that are registered, as if all were.",
    ),
    Word::new(
        "no healthy target",
        "No target of the balancer is healthy: it sends to all that are registered, or answers with an error.",
    ),
    Word::new("has a healthy target again", "The balancer sends only to targets that are healthy again."),
    Word::new("is unhealthy", "Health checks of the record have failed, so that DNS leads elsewhere."),
    Word::new("is healthy", "Health checks of the record pass again."),
    Word::new("is lost", "A zone, a Region or a node is gone, with all that is there."),
    Word::new("lost with zone", "What had its place in a zone, and is gone with that."),
    Word::new("are lost", "Commits or messages that are gone for good."),
    Word::new("died", "Instances or nodes that a fault has ended."),
    Word::new("hung", "Instances that a fault lets run and answer nothing."),
    Word::new("slowed to", "Instances that a fault makes slower, as a part of their speed in percent."),
    Word::new(
        "has nothing in memory",
        "A node that is back has to read from its volume again what it had kept in memory.",
    ),
    Word::new("back and empty", "A shard that is back, without what it had held."),
    Word::new("is back", "What was lost serves again."),
    Word::new("over for", "The fault has ended for these."),
    Word::new("is over", "What had begun has ended."),
    Word::new("takes over", "Another node or Region does from now on what the lost one did."),
    Word::new("could take over", "There is no other node that could become the writer."),
    Word::new(
        "there is a standby again",
        "The database has a second node in another zone again, which can take over.",
    ),
    Word::new("promoted", "A replica has become the one that is written to."),
    Word::new("promotes", "A copy of a database is made into one that is written to."),
    Word::new(
        "no commit comes to the second Region",
        "What is written reaches the second Region no longer, and is missing there.",
    ),
    Word::new("cannot start", "An application waits for what it needs to start, and what that is."),
    Word::new("too many connections", "The database has as many connections as it takes, and refuses more."),
    Word::new("does not answer", "An address leads to what is lost, and callers keep it for a while."),
    Word::new("capacity from", "Auto Scaling has changed how many units a second the table takes."),
    Word::new("launch failed", "EC2 refused to launch an instance, and why."),
    Word::new("to launch an instance in", "There is no zone in which the group may launch."),
    Word::new("two-minute notice", "EC2 takes the Spot instance back two minutes later."),
    Word::new(
        "out of CPU credits",
        "Instances of a T type that have spent their CPU credits, and are held to their baseline.",
    ),
    Word::new(
        "leave to be restarted",
        "Instances that a deployment takes out of service, to start the new version there.",
    ),
    Word::new(
        "deployment",
        "A deployment has begun, has come to every instance, or is rolled back, and why.",
    ),
    Word::new("rollback", "The version from before serves on every instance again."),
    Word::new("stops to become", "An instance is stopped to be started as another type."),
    Word::new(
        "hook timed out",
        "A lifecycle hook was not completed in its time, and its default came about.",
    ),
    Word::new(
        "closed an idle connection",
        "A target closed a connection while a request was on its way there: the keep-alive race.",
    ),
    Word::new("begins, because", "A runbook has begun, for which reason, and how long it took to decide so."),
    Word::new("sets fleet", "A runbook has given a fleet other sizes."),
    Word::new("records:", "A runbook has given records of a name other weights."),
    Word::new("restores", "A database is made anew from a backup, as it was at some time."),
    Word::new("it is made anew", "How long it takes until the restored database serves."),
    Word::new(
        "restored database serves",
        "From now on the database is as it was at that time; what was written later is lost.",
    ),
    Word::new("are wrong", "A fault has made rows of the database wrong, in percent of all."),
    Word::new("right again", "The database has the rows again that a fault had made wrong."),
    Word::new("predictive:", "What predictive scaling had forecast, and what came."),
    Word::new("invalidation", "Edges were told to forget objects."),
    Word::new(
        "has grown to",
        "How many capacity units the balancer carries by now, against what it is asked for.",
    ),
    Word::new("fails", "A fault lets a service answer a part of what it is asked with an error, in percent."),
    Word::new("is as before", "The fault at the service has ended."),
    Word::new("lost their network", "Instances that a fault cuts off: they run, and nothing reaches them."),
    Word::new("lost its network", "An instance that a fault cuts off: it runs, and nothing reaches it."),
    Word::new("answered with errors", "Instances that a fault lets answer everything with an error."),
    Word::new("strikes nothing", "The fault has found nothing that it could strike at its time."),
    Word::new("is left", "Nothing of what the fault had struck is still there at its end."),
    Word::new("nobody listens", "A fault lets a name lead to an address at which connections are refused."),
    Word::new("times as long", "A fault lets the work of a resource take so many times as long."),
    Word::new("refuses", "A fault or a limit lets a resource turn away a part of what it is asked."),
    Word::new("hangs", "A fault lets a resource take requests and answer none."),
    Word::new("crashed", "A fault has ended the process of a node, which starts again in the same place."),
    Word::new("told to fail over", "A fault or a runbook lets another node become the writer."),
    Word::new("told to switch", "A fault or a runbook lets the second Region become the one that writes."),
    Word::new(
        "are spent",
        "The credits for more than the baseline are used up: it is held to the baseline from now on.",
    ),
    Word::new("will be added", "Auto Scaling of replicas has decided to add some, and why."),
    Word::new("was added", "A new replica serves from now on."),
    Word::new("removed", "Auto Scaling of replicas has ended some, and why."),
    Word::new("no restore", "A runbook wanted to restore a database, and could not, and why."),
    Word::new("a new writer is made", "A node is launched in place of the writer that is lost."),
    Word::new("writes again", "The Region that wrote before has become the one that writes again."),
    Word::new("Region writes", "Another Region has become the one that writes."),
    Word::new(
        "no target left",
        "No target is registered at the balancer: it answers with an error, or refuses connections.",
    ),
    Word::new(
        "rejects the rest",
        "The balancer is asked for more than it carries by now, and turns away what is above that.",
    ),
    Word::new("launch credits", "EC2 grants CPU credits for the start of only so many instances a day."),
    Word::new("is refused", "A change of sizes that does not go, and why."),
];
