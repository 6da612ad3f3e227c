//! What is rarely intended of a database: nodes that are too small, replicas that nothing reads from, too many connections, a
//! writer from which nothing takes over.
//!
//! In: the traffic that is expected, or the rows of runs. Out: warnings.

mod commits;
mod connections;
mod failover;
mod promotion;
mod readers;
mod volume;

use super::language::{Database, Replication};
use crate::catalog::DatabaseClass;
use crate::id::Kind;
use crate::kind::burstable::{self, Nodes};
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::view::mean_of;
use crate::kind::warning::Warning;
use crate::kind::{Ended, Settings};
use crate::measure::resource::{Node, Resource};
use crate::number::excess;
use crate::units::Time;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, database) in expected.databases.iter().enumerate() {
        found.extend(busy(index, database, expected));
        found.extend(capacity(index, database, expected));
        found.extend(idle(index, database, expected));
        found.extend(failover::warning(index, database, expected));
        found.extend(promotion::warning(index, database, expected));
        found.extend(readers::warning(index, database, expected));
        found.extend(commits::warning(index, database, expected));
        found.extend(volume::warning(index, database, expected));
    }
    found.extend(connections::warnings(expected.settings));
    found
}

/// After it.
pub(super) fn ended(ended: &Ended<'_>) -> Vec<Warning> {
    let databases = ended.scene.databases.iter().zip(&ended.scene.timeline.databases);
    let span = ended.scene.duration;
    let found = databases.flat_map(|(database, series)| {
        let cpu = |percent: &[f64]| mean_of(percent) / 100.0;
        credits(database, cpu(&series.writer_cpu_percent), cpu(&series.replica_cpu_percent), span, true)
    });
    found.collect()
}

/// Nodes that the traffic will keep busier than their baseline.
fn busy(index: usize, database: &Database, expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let cpu = |node, class: &DatabaseClass, count: u32| {
        let of = Resource::Database { database: index, node };
        let asked = expected.load.in_all(|demand| demand.of(of)) / expected.duration.as_secs_f64();
        (asked / there(class, count)).min(1.0)
    };
    let writer = cpu(Node::Writer, &database.writer, 1);
    let replica = cpu(Node::Reader, &database.replica, database.replicas.max(1));
    credits(database, writer, replica, expected.duration, false)
}

/// What nodes do in a second, in vCPU-seconds of strength 1.
fn there(class: &DatabaseClass, count: u32) -> f64 {
    f64::from(class.vcpus) * class.strength * f64::from(count)
}

fn credits(database: &Database, writer: f64, replica: f64, span: Time, seen: bool) -> Vec<Warning> {
    let node = |key, class: &DatabaseClass, cpu: f64, count: u32| {
        burstable::warning(&Nodes {
            at: ["database", &database.name, key],
            what: &format!("the {key} of database `{}`", database.name),
            name: &class.name,
            cpu,
            hours: span.as_secs_f64() / 3_600.0 * f64::from(count),
            seen,
        })
    };
    let mut found = Vec::new();
    found.extend(node("writer", &database.writer, writer, 1));
    if database.replicas > 0 {
        found.extend(node("replica", &database.replica, replica, database.replicas));
    }
    found
}

/// More statements than its nodes can execute, or more commits than its replicas can apply.
fn capacity(index: usize, database: &Database, expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let (load, name) = (&expected.load, &database.name);
    let mut found = Vec::new();
    let mut look = |asked: Vec<f64>, there: f64, what: String, key: &str, hint: &str| {
        found.extend(load.worst(&asked, |_| there).map(|(time, times)| {
            let message = format!("the traffic at {time} asks for {} {what}", excess(times));
            Warning::new(Code::DemandAboveCapacity, &["database", name, key], message, hint)
        }));
    };
    let statements = "are the `demand`s of its statements right? else take a larger class";
    let asked = |node, class: &DatabaseClass| {
        load.busy(|demand| demand.of(Resource::Database { database: index, node }), class.strength)
    };
    let cpu = |node: &str| format!("the CPU of the {node} of database `{name}`");
    look(
        asked(Node::Writer, &database.writer),
        there(&database.writer, 1),
        cpu("writer"),
        "writer",
        statements,
    );
    if database.replicas > 0 {
        let there = there(&database.replica, database.most_replicas());
        look(asked(Node::Reader, &database.replica), there, cpu("replicas"), "replicas", statements);
    }
    if let (Replication::BinaryLog { apply, appliers, .. }, 1..) = (&database.replication, database.replicas)
    {
        let apply_s = apply.mean().as_secs_f64();
        let asked = load.per_second(|demand| demand.count((Kind::Database, index), "commits") * apply_s);
        let what = format!("what the replicas of database `{name}` can apply");
        let hint = "their lag grows for as long as that lasts: more `appliers`, or fewer commits";
        look(asked, f64::from(*appliers), what, "replication", hint);
    }
    found
}

/// Replicas that nothing reads from, and that take over from no writer that a fault takes.
fn idle(index: usize, database: &Database, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let (of, name) = ((Kind::Database, index), &database.name);
    let is_read = expected.counts.contains(&(of, "reads"));
    let is_idle = !is_read && !failover::uses_replicas(index, database, expected);
    (database.replicas > 0 && expected.used.contains(&of) && is_idle).then(|| {
        let message = format!("nothing reads from the replicas of database `{name}`, but they are billed");
        let hint = "statements of a transaction run on the writer: remove `replicas`, or `read` outside of transactions";
        Warning::new(Code::Unused, &["database", name, "replicas"], message, hint)
    })
}
