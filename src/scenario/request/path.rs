//! The path of a request, step by step. In: nothing. Out: [`Step`]s, which name resources by their ids.

use std::collections::BTreeSet;

use crate::dist::Law;
use crate::id::{BalancerId, CacheId, DatabaseId, FleetId, KeySpaceId};
use crate::kind;

/// Where a call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a balancer, which picks an instance.
    Balancer(BalancerId),
    /// Straight to the instances of a fleet in turn, as by DNS with every address in one record.
    Fleet(FleetId),
}

/// One step of a path.
#[derive(Clone, Debug)]
pub enum Step {
    /// Enter another tier: a thread of the picked instance is held for all of `steps`.
    Call {
        /// Entrance of the tier.
        target: Target,
        /// What happens there.
        steps: Vec<Step>,
    },
    /// Use the CPU of the instance. The law is time on one idle vCPU of strength 1 (m5 family).
    Cpu(Law),
    /// Pass time without using any resource, but keeping what is held.
    Delay(Law),
    /// Use a resource of a kind whose steps are in its folder.
    Of(kind::Step),
    /// Look a key up, and on a miss do `miss` and, usually, fill the cache.
    Lookup {
        /// The cache.
        cache: CacheId,
        /// The population the key is drawn from.
        keys: KeySpaceId,
        /// Whether it is the key that the request drew before, if it has.
        same: bool,
        /// A fixed hit ratio instead of simulated keys, for people who only know that.
        hit_ratio: Option<f64>,
        /// Steps on a miss, before the fill.
        miss: Vec<Step>,
        /// Whether a miss stores what it has found.
        fill: bool,
    },
    /// Remove a key from a cache (a write invalidates).
    Invalidate {
        /// The cache.
        cache: CacheId,
        /// The population the key is drawn from, if no key has been drawn from it on this path yet.
        keys: KeySpaceId,
    },
    /// One statement outside a transaction: borrow a connection, execute, give it back.
    Read(Statement),
    /// One autocommit write: borrow a connection to the writer, lock, execute, commit, give it back.
    Write(Statement),
    /// Several statements on one borrowed connection of the writer; row locks are held until commit.
    Transaction {
        /// The database.
        database: DatabaseId,
        /// What is done inside, in order.
        statements: Vec<TransactionStep>,
    },
}

/// One SQL statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The database.
    pub database: DatabaseId,
    /// CPU demand on one vCPU of strength 1.
    pub demand: Law,
    /// Row population the statement touches, if rows matter (locks, staleness, buffer pool).
    pub rows: Option<KeySpaceId>,
    /// Whether it is the row that the request drew before, if it has.
    pub same: bool,
    /// Whether the touched row is locked until commit (writes only).
    pub lock: bool,
}

/// One step of a transaction.
#[derive(Clone, Debug)]
pub enum TransactionStep {
    /// `SELECT` on the writer.
    Read(Statement),
    /// `UPDATE`, `INSERT`, `DELETE`, or `SELECT … FOR UPDATE` when `demand` is that of a read.
    Write(Statement),
    /// The application thinks while it holds connection and locks (CPU of its instance).
    Cpu(Law),
    /// Time passes while connection and locks are held.
    Delay(Law),
}

/// Tiers that a path can be inside of at once: which of their threads an attempt holds is a bit each of a byte.
pub const TIERS_MAX: usize = 8;
/// Populations of keys that one path can draw from.
pub const POPULATIONS_MAX: usize = 6;

/// The populations that a path draws keys from.
pub(super) fn populations(steps: &[Step]) -> BTreeSet<KeySpaceId> {
    let mut found = BTreeSet::new();
    collect(steps, &mut found);
    found
}

fn collect(steps: &[Step], found: &mut BTreeSet<KeySpaceId>) {
    for step in steps {
        match step {
            Step::Call { steps, .. } => collect(steps, found),
            Step::Lookup { keys, miss, .. } => {
                found.insert(*keys);
                collect(miss, found);
            }
            Step::Invalidate { keys, .. } => {
                found.insert(*keys);
            }
            Step::Read(statement) | Step::Write(statement) => found.extend(statement.rows),
            Step::Transaction { statements, .. } => {
                found.extend(statements.iter().filter_map(|step| match step {
                    TransactionStep::Read(statement) | TransactionStep::Write(statement) => statement.rows,
                    _ => None,
                }));
            }
            Step::Cpu(_) | Step::Delay(_) | Step::Of(_) => {}
        }
    }
}
