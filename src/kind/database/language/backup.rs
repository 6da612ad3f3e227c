//! `backup` of a database: what is kept of it elsewhere, and how long it takes to make the database anew from that. Out: a [`Backup`].
//!
//! Without the key nothing can be restored, and nothing of it is on the bill.

use super::Engine;
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::kind::table::region;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes, Time};

const DAY: Time = Time::from_secs(86_400);

/// How long backups of Aurora are kept: 1 day.
pub const RETENTION_AURORA: Given<Time> =
    Given::new(DAY, "Aurora user guide, Overview of backing up and restoring: the default is one day");
/// The same of RDS: 7 days.
pub const RETENTION_RDS: Given<Time> = Given::new(
    Time::from_secs(7 * 86_400),
    "Amazon RDS user guide, Backup retention period: seven days where the console makes the database",
);
/// The time between two uploads of the log: 5 min.
pub const UPLOADS: Given<Time> = Given::new(
    Time::from_secs(300),
    "Amazon RDS user guide, Restoring a DB instance to a specified time: logs are uploaded to Amazon S3 every five minutes; Aurora API reference, \
     LatestRestorableTime: typically within the last five minutes",
);
/// From an upload until the other Region has the log: 1 min.
pub const TRANSFER: Given<Law> = Given::new(
    Law::Constant(Time::from_secs(60)),
    "Amazon RDS user guide, Replicating automated backups: copied as soon as it is ready; that this takes a minute is an assumption",
);
/// How fast a snapshot is copied to another Region: 50 MiB/s.
pub const COPY_RATE: Given<Bandwidth> = Given::new(
    Bandwidth(50.0 * MIB),
    "assumption: AWS says that the copy of a snapshot to another Region can take hours, by the Regions and the data",
);
/// What a commit adds to the backups: 16 KiB.
pub const CHANGE: Given<Bytes> = Given::new(
    Bytes(16 << 10),
    "assumption: its log, and its part of the pages that a day changes: many commits change the same ones",
);
/// Until a new instance is there: 5 min to 10 min.
pub const PROVISION: Given<Law> = Given::new(
    Law::Uniform { low: Time::from_secs(300), high: Time::from_secs(600) },
    "assumption: as long as it takes Aurora to make a new writer",
);
/// How fast a volume is filled from a backup: 250 MiB/s.
pub const RATE: Given<Bandwidth> = Given::new(
    Bandwidth(250.0 * MIB),
    "assumption: 100 GiB in seven minutes; AWS says that a restore takes minutes to hours by the size",
);
/// How old the last daily snapshot is when the run begins: 12 h.
pub const SNAPSHOT_AGE: Given<Time> =
    Given::new(Time::from_secs(12 * 3600), "assumption: half a day, the mean of one that is made every day");
/// What a commit takes to be applied again: 0.5 ms, and 0.05 ms of PostgreSQL.
pub const REPLAY: Given<Time> =
    Given::new(Time::from_micros(500), "assumption: as long as a replica takes to apply it on the mean");
const REPLAY_POSTGRES: Time = Time::from_micros(50);
/// What the first touch of a block takes that is not there yet: 30 ms.
pub const FIRST_TOUCH: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(30), cv: 0.5 },
    "Amazon RDS user guide, Restoring from a DB snapshot: data that is not loaded yet is downloaded from Amazon S3 at once; the time is an assumption, \
     some times that of a small object",
);

const MIB: f64 = 8.0 * 1_048_576.0;

/// The language of backups.
pub const SHAPE: Shape = Shape {
    title: "backup = { retention, region, every, … }",
    about: "Automated backups, from which a runbook can restore the database (`{ restore = … }`), and copies of them in another Region. All of its keys may \
            be left out: `{}`.",
    keys: &[
        Key::given(
            "retention",
            "duration, 1d to 35d",
            retentions,
            "how long backups and copies are kept (billed beyond what is free)",
        ),
        Key::given(
            "uploads",
            "duration, 1s to 1d",
            || UPLOADS.show(),
            "the time between two uploads of the log: the database can be restored as it was at the last one",
        ),
        Key::optional(
            "first_upload",
            "duration, up to `uploads`",
            "at random",
            "when the log is uploaded for the first time",
        ),
        Key::given(
            "snapshot_age",
            "duration, up to 1d",
            || SNAPSHOT_AGE.show(),
            "how old the last daily snapshot of RDS is when the run begins: the log since then is replayed",
        ),
        Key::given("change", "data", || CHANGE.show(), "what a commit adds to the backups (billed)"),
        Key::optional(
            "region",
            "code of a Region",
            "no copy",
            "a Region that has a copy: of RDS each snapshot and each log (replicated automated backups), with `every` snapshots alone",
        ),
        Key::given(
            "transfer",
            "law",
            || TRANSFER.show(),
            "from an upload of the log until the other Region has it; not with `every`",
        ),
        Key::optional(
            "every",
            "duration, from 1h on",
            "required with `region` for Aurora",
            "a snapshot is made, and copied to the other Region, so often (AWS Backup)",
        ),
        Key::optional(
            "first_snapshot",
            "duration, up to `every`",
            "at random",
            "when the first snapshot is made",
        ),
        Key::given(
            "copy_rate",
            "bandwidth",
            || COPY_RATE.show(),
            "how fast a snapshot is copied to the other Region",
        ),
        Key::given(
            "provision",
            "law",
            || PROVISION.show(),
            "from the order to restore until a new instance is there",
        ),
        Key::given(
            "rate",
            "bandwidth",
            || RATE.show(),
            "how fast the new volume is filled: Aurora serves when all of `storage` is there; RDS serves at once, and loads it while it works",
        ),
        Key::given(
            "replay",
            "duration",
            replays,
            "what each commit of the log takes to be applied again after the last snapshot; of RDS",
        ),
        Key::given(
            "first_touch",
            "law",
            || FIRST_TOUCH.show(),
            "what reading a block takes that is not loaded yet; of RDS, with `row`",
        ),
    ],
};

fn retentions() -> (String, &'static str) {
    let [aurora, rds] = [RETENTION_AURORA, RETENTION_RDS].map(|it| it.show().0);
    (format!("{aurora} for Aurora, {rds} for RDS"), RETENTION_RDS.source)
}

fn replays() -> (String, &'static str) {
    let (usual, source) = REPLAY.show();
    (format!("{usual}, \"{REPLAY_POSTGRES}\" for PostgreSQL"), source)
}

/// Backups of a database.
#[derive(Clone, Debug)]
pub struct Backup {
    /// How long they are kept.
    pub retention: Time,
    /// The time between two uploads of the log.
    pub uploads: Time,
    /// When the first one is.
    pub first_upload: Option<Time>,
    /// How old the last daily snapshot is when the run begins.
    pub snapshot_age: Time,
    /// What a commit adds to them.
    pub change: Bytes,
    /// The Region that has a copy.
    pub region: Option<Region>,
    /// From an upload until that one has it.
    pub transfer: Law,
    /// How often a snapshot is copied there; absent where logs are.
    pub every: Option<Time>,
    /// When the first of these is made.
    pub first_snapshot: Option<Time>,
    /// How fast it is copied.
    pub copy_rate: Bandwidth,
    /// Until a new instance is there.
    pub provision: Law,
    /// How fast its volume is filled.
    pub rate: Bandwidth,
    /// What each commit of the log takes to be applied; absent where the storage does that.
    pub replay: Option<Time>,
    /// What reading a block takes that is not loaded yet; absent where all of the volume is there before it serves.
    pub first_touch: Option<Law>,
}

impl Backup {
    /// Reads the table of a database of an engine, which may be a cluster of RDS.
    pub(super) fn read(value: Value, database: &Reader, engine: Engine, cluster: bool) -> Option<Backup> {
        if let Some(other) = database.get("replica_scaling") {
            other.problem("`replica_scaling` beside `backup`", "remove it, or `backup`");
        }
        let is_global = database.get("global").is_some();
        value.table(&SHAPE, |reader| Backup::of(reader, engine, cluster, is_global))
    }

    fn of(reader: &Reader, engine: Engine, cluster: bool, is_global: bool) -> Backup {
        let retention = if engine.is_aurora() { RETENTION_AURORA } else { RETENTION_RDS };
        let uploads =
            reader.or("uploads", |value| value.time_within(Time::from_secs(1)..=DAY), UPLOADS.value);
        let every = reader.maybe("every", |value| value.time_within(Time::from_secs(3600)..=DAY * 35));
        let there = reader.maybe("region", |value| {
            if is_global {
                value.problem(
                    "a copy of backups beside a second Region",
                    "remove it, or `global`: backups of the first Region are there without it",
                );
            }
            region(value)
        });
        if let Some(value) = reader.get("region")
            && every.is_none()
            && reader.get("every").is_none()
            && (engine.is_aurora() || cluster)
        {
            let (of, hint) = match cluster {
                true => ("a Multi-AZ cluster", "write multi_az = true"),
                false => ("Aurora", "set engine = \"mysql\""),
            };
            value.problem(
                format!("automated backups of {of} are not replicated to another Region"),
                format!("add every = \"1h\" for copies of snapshots, or {hint}"),
            );
        }
        for key in ["every", "first_snapshot", "transfer", "copy_rate"] {
            if let Some(value) = reader.get(key).filter(|_| reader.get("region").is_none()) {
                value.problem(
                    format!("`{key}` without a copy in another Region"),
                    "add `region`, or remove it",
                );
            }
        }
        let of_rds = |key: &'static str| {
            if let Some(value) = reader.get(key).filter(|_| engine.is_aurora()) {
                let hint = format!("remove it, or set engine = \"{}\"", engine.on_rds());
                value.problem(
                    format!("`{key}` is of RDS: the storage of Aurora is complete before it serves"),
                    hint,
                );
            }
        };
        ["replay", "first_touch", "snapshot_age"].into_iter().for_each(of_rds);
        let usual_replay = if engine.is_postgres() { REPLAY_POSTGRES } else { REPLAY.value };
        let replay = reader.or("replay", Value::time, usual_replay);
        let first_touch = reader.or("first_touch", Value::law, FIRST_TOUCH.value);
        Backup {
            retention: reader.or("retention", |value| value.time_within(DAY..=DAY * 35), retention.value),
            uploads,
            first_upload: reader.maybe("first_upload", |value| value.time_within(Time::ZERO..=uploads)),
            snapshot_age: reader.or(
                "snapshot_age",
                |value| value.time_within(Time::ZERO..=DAY),
                SNAPSHOT_AGE.value,
            ),
            change: reader.or("change", Value::bytes, CHANGE.value),
            region: there,
            transfer: reader.or("transfer", Value::law, TRANSFER.value),
            every,
            first_snapshot: reader
                .maybe("first_snapshot", |value| value.time_within(Time::ZERO..=every.unwrap_or(DAY * 35))),
            copy_rate: reader.or("copy_rate", Value::bandwidth, COPY_RATE.value),
            provision: reader.or("provision", Value::law, PROVISION.value),
            rate: reader.or("rate", Value::bandwidth, RATE.value),
            replay: (!engine.is_aurora()).then_some(replay),
            first_touch: (!engine.is_aurora()).then_some(first_touch),
        }
    }
}
