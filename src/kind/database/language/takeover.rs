//! Who takes over from the writer of a database, and how that is seen from outside. In: its table. Out: how long each of it takes.

use super::engine::{Engine, REPLICAS_MAX};
use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::shape::Given;
use crate::language::value::Value;
use crate::units::Time;

/// From the loss of an Aurora writer until a replica writes: 30 s to 60 s.
pub const FAILOVER_AURORA: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(30), high: Time::from_secs(60) },
    "Aurora user guide, high availability (2023-06): typically less than 60 s, often less than 30 s",
);
/// From the loss of an RDS writer until its standby writes: 60 s to 120 s.
pub const FAILOVER_RDS: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(60), high: Time::from_secs(120) },
    "Amazon RDS user guide, Multi-AZ DB instance deployments (2023-06): typically 60 s to 120 s",
);
/// The same of a Multi-AZ cluster of RDS: 20 s to 35 s.
pub const FAILOVER_CLUSTER: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(20), high: Time::from_secs(35) },
    "Amazon RDS user guide, Multi-AZ DB clusters (2023-06): typically less than 35 s; that it is 20 s at least is an assumption",
);
/// From the loss of an Aurora writer without replicas until a new one writes: 5 min to 10 min.
pub const RECREATE: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(300), high: Time::from_secs(600) },
    "Aurora user guide, high availability (2023-06): typically less than 10 min; that it is 5 min at least is an assumption",
);
/// From the crash of the server of an Aurora node until it answers: 5 s to 10 s.
pub const RECOVERY_AURORA: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(5), high: Time::from_secs(10) },
    "Verbitski et al., Amazon Aurora, SIGMOD 2017: generally under 10 s; that it is 5 s at least is an assumption",
);
/// The same of RDS, which applies its log first: 30 s to 60 s.
pub const RECOVERY_RDS: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(30), high: Time::from_secs(60) },
    "assumption: the server starts, and applies the redo or write-ahead log of some minutes",
);
/// From the order to promote a replica of RDS until it writes: 2 min to 5 min.
pub const PROMOTION: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(120), high: Time::from_secs(300) },
    "Amazon RDS user guide, Promoting a read replica (2023-06): it takes a few minutes, with a restart; the numbers are an assumption",
);
/// How long a host keeps the address of the writer: 5 s.
pub const DNS_TTL: Given<Time> = Given::new(
    Time::from_secs(5),
    "assumption: the time to live of the names of Aurora and RDS as commonly described; what clients keep longer is up to them",
);
/// Time to make a commit durable: 2 ms.
pub const COMMIT: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(2), cv: 0.5 },
    "assumption: one synchronous write across zones; 2 ms allow 500 commits/s of one row, as published for stock MySQL",
);
/// Time to make a commit durable in a Multi-AZ cluster of RDS: 1 ms.
pub const COMMIT_CLUSTER: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(1), cv: 0.5 },
    "assumption: a local disk, and the faster of two standbys; Amazon RDS, Multi-AZ: commits up to twice as fast as with one standby",
);
/// The standbys of a Multi-AZ cluster. Source: Amazon RDS user guide, Multi-AZ DB clusters (2023-06).
pub const STANDBYS: u32 = 2;

/// What stands by for the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MultiAz {
    /// Nothing but replicas of Aurora.
    None,
    /// A standby that serves nothing.
    Standby,
    /// Two standbys that can be read from.
    Cluster,
}

impl MultiAz {
    pub(super) fn read(value: Value, engine: Engine) -> Option<MultiAz> {
        match value.is_text() {
            false => {
                let has_standby = value.flag()?;
                if has_standby && engine.is_aurora() {
                    let hint = "add `replicas`, each of which can take over, or set engine = \"mysql\"";
                    value.problem("Aurora has no standby", hint);
                }
                Some(if has_standby { MultiAz::Standby } else { MultiAz::None })
            }
            true => {
                let cluster = value.choice(&[("cluster", MultiAz::Cluster)])?;
                if engine.is_aurora() {
                    let rds = engine.on_rds();
                    let hint = format!(
                        "remove it, or set engine = \"{rds}\": of Aurora, every replica can take over"
                    );
                    value.problem("a Multi-AZ cluster is of RDS", hint);
                }
                Some(cluster)
            }
        }
    }
}

/// What is known of a failover beside its time.
#[derive(Clone, Debug)]
pub struct Takeover {
    /// From the loss of the writer of Aurora without replicas until a new one writes.
    pub recreate: Law,
    /// From the crash of the server of a node until it answers.
    pub recovery: Law,
    /// From the order to promote a replica of RDS until it writes.
    pub promotion: Law,
    /// How long a host keeps the address of the writer.
    pub dns_ttl: Time,
}

impl Takeover {
    pub(super) fn read(reader: &Reader, engine: Engine) -> Takeover {
        let recovery = match engine.is_aurora() {
            true => RECOVERY_AURORA,
            false => RECOVERY_RDS,
        };
        let recreate = |value: Value| {
            let law = value.law()?;
            if !engine.is_aurora() {
                value.problem(
                    "a new writer in place of a lost one is made for Aurora",
                    format!("remove it, or set engine = \"{}\"", engine.on_aurora()),
                );
            }
            Some(law)
        };
        let promotion = |value: Value| {
            let law = value.law()?;
            if engine.is_aurora() {
                let hint = format!("remove it, or set engine = \"{}\"", engine.on_rds());
                value.problem("replicas of Aurora are not promoted by hand", hint);
            }
            Some(law)
        };
        Takeover {
            promotion: reader.or("promotion", promotion, PROMOTION.value),
            recreate: reader.or("recreate", recreate, RECREATE.value),
            recovery: reader.or("recovery", Value::law, recovery.value),
            dns_ttl: reader.or("dns_ttl", Value::time, DNS_TTL.value),
        }
    }
}

/// The time of a failover if the file does not say it.
pub(super) fn failover(engine: Engine, cluster: bool) -> Law {
    match (engine.is_aurora(), cluster) {
        (true, _) => FAILOVER_AURORA.value,
        (false, true) => FAILOVER_CLUSTER.value,
        (false, false) => FAILOVER_RDS.value,
    }
}

/// The number of replicas, which a Multi-AZ cluster has of itself.
pub(super) fn replicas(value: Value, multi_az: MultiAz) -> Option<u32> {
    let replicas = value.count(0..=REPLICAS_MAX)?;
    if multi_az == MultiAz::Cluster && replicas != STANDBYS {
        value.problem("a Multi-AZ cluster has two standbys and nothing else", "remove `replicas`");
        return None;
    }
    Some(replicas)
}

pub(super) fn failovers() -> (String, &'static str) {
    let [aurora, rds, cluster] = [FAILOVER_AURORA, FAILOVER_RDS, FAILOVER_CLUSTER].map(|it| it.show().0);
    let source = "Aurora user guide, high availability; Amazon RDS user guide, Multi-AZ deployments and Multi-AZ DB clusters (2023-06)";
    (format!("{aurora} for Aurora, {rds} for RDS, {cluster} for a cluster of RDS"), source)
}

pub(super) fn recoveries() -> (String, &'static str) {
    let [aurora, rds] = [RECOVERY_AURORA, RECOVERY_RDS].map(|it| it.show().0);
    (format!("{aurora} for Aurora, {rds} for RDS"), RECOVERY_AURORA.source)
}

pub(super) fn commits() -> (String, &'static str) {
    let (usual, source) = COMMIT.show();
    (format!("{usual}, {} for a cluster of RDS", COMMIT_CLUSTER.show().0), source)
}
