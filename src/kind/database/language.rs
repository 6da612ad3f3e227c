//! `[database.NAME]`: MySQL or PostgreSQL, of Aurora or RDS, with a writer and replicas. Out: a [`Database`].

mod backup;
pub mod connect;
pub mod contention;
pub mod durable;
mod engine;
mod foreign;
pub mod global;
mod limits;
pub mod order;
pub mod proxy;
pub mod replica_scaling;
mod row_locks;
pub mod serverless;
mod shapes;
mod takeover;
pub mod volume;

use crate::catalog::region::Region;
use crate::catalog::zone::{Place, Zone};
use crate::catalog::{self, DatabaseClass};
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::network::HOP;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::kind::zones;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Shape};
use crate::language::value::Value;
use crate::units::{Bytes, Time};

pub use backup::Backup;
pub use connect::Connect;
pub use contention::Contention;
pub use durable::{GroupCommit, Quorum};
pub use engine::Engine;
pub use global::{Consistency, Global, Reads};
pub use order::LockOrder;
pub use proxy::Proxy;
pub use replica_scaling::{ReaderMetric, ReplicaScaling};
pub use row_locks::{DEADLOCK_CHECK, LOCK_WAIT_TIMEOUT, RowLocks};
pub use serverless::Serverless;
pub use shapes::{BINARY_LOG_SHAPE, SHAPE, SHARED_STORAGE_SHAPE};
pub use takeover::{COMMIT, FAILOVER_AURORA, FAILOVER_RDS, MultiAz, Takeover};
pub use volume::Volume;

/// Gauges of a database.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Database,
        name: "writer_cpu",
        own: false,
        about: "CPU of the writer in percent, mean of the period",
    },
    Dial {
        kind: Kind::Database,
        name: "writer_connections",
        own: false,
        about: "open connections to the writer, at the end of the period",
    },
    Dial {
        kind: Kind::Fleet,
        name: POOLS_BUSY,
        own: true,
        about: "busy connections of its pools in percent of the open ones, at the end of the period",
    },
];

/// The gauge of the pools of a fleet.
pub(crate) const POOLS_BUSY: &str = "pools_busy";

/// A relational database cluster.
#[derive(Clone, Debug)]
pub struct Database {
    /// Name in the file.
    pub name: String,
    /// Which engine.
    pub engine: Engine,
    /// Hardware of the writer.
    pub writer: DatabaseClass,
    /// Hardware of each replica.
    pub replica: DatabaseClass,
    /// The capacity of its nodes, if that follows the load: the classes are then those of the largest one.
    pub serverless: Option<Serverless>,
    /// Number of read replicas; with none, reads go to the writer.
    pub replicas: u32,
    /// How others are added and removed.
    pub replica_scaling: Option<ReplicaScaling>,
    /// Standby in a second zone: it serves nothing until it takes over from the writer.
    pub multi_az: bool,
    /// Zones of the nodes: that of the writer, then those of the replicas in turn.
    pub azs: Vec<Zone>,
    /// Two standbys that can be read from, in two more zones: they are its replicas, and take over.
    pub cluster: bool,
    /// From the loss of the writer until another node writes.
    pub failover: Law,
    /// What else is known of that.
    pub takeover: Takeover,
    /// Connection limit of the writer.
    pub writer_connections: u32,
    /// Connection limit of each replica.
    pub replica_connections: u32,
    /// Time to make a commit durable; row locks are held meanwhile.
    pub commit: Law,
    /// One flush of the log at a time, for all that commit meanwhile; absent where each commit takes its own time.
    pub group_commit: Option<GroupCommit>,
    /// Copies of the storage, of which some must have written; absent where `commit` is the time of all of it.
    pub quorum: Option<Quorum>,
    /// How statements that run at once slow each other down; absent where they only share the cores.
    pub contention: Option<Contention>,
    /// Its row locks: how long transactions wait, in which order, and how deadlocks are found.
    pub row_locks: RowLocks,
    /// How writes reach the replicas.
    pub replication: Replication,
    /// One-way network latency.
    pub hop: Time,
    /// What a connection costs that is opened during a run; absent where the file does not say it.
    pub connect: Option<Connect>,
    /// The RDS Proxy before it.
    pub proxy: Option<Proxy>,
    /// Data volume (billed; with rows and memory it decides buffer pool hits).
    pub storage: Bytes,
    /// The EBS volume of each node; absent where storage never runs out of I/Os.
    pub volume: Option<Volume>,
    /// The second Region of a Global Database.
    pub global: Option<Global>,
    /// Its backups.
    pub backup: Option<Backup>,
    /// Aurora I/O-Optimized storage.
    pub io_optimized: bool,
    /// Mean size of a row: with it, touched rows go through a buffer pool of pages of the engine on each node.
    pub row: Option<Bytes>,
    /// Time of a storage read on a buffer pool miss.
    pub storage_read: Law,
}

impl Database {
    /// Threads of each replica that apply its log; absent where there is no replica, or replicas share the storage.
    pub fn appliers(&self) -> Option<u32> {
        match self.replication {
            Replication::BinaryLog { appliers, .. } if self.replicas > 0 => Some(appliers.max(1)),
            _ => None,
        }
    }

    /// What each commit takes of the log, so that their rate has a limit there.
    pub fn log_takes(&self) -> Time {
        let of_quorum = || self.quorum.map_or(Time::ZERO, |quorum| quorum.each);
        self.group_commit.map_or_else(of_quorum, |group| group.each)
    }
}

/// How writes reach the replicas.
#[derive(Clone, Debug, PartialEq)]
pub enum Replication {
    /// Lag grows gently with the write rate: `base + slope × writes/s`.
    SharedStorage {
        /// Lag of an idle cluster.
        base: Time,
        /// Further lag for each write per second.
        per_write_rate: Time,
    },
    /// Every write is applied again on each replica, in commit order: from a binary log, or a write-ahead log.
    BinaryLog {
        /// From commit to the replica's relay log.
        ship: Law,
        /// Time to apply one write.
        apply: Law,
        /// Applier threads working side by side; commits stay in order.
        appliers: u32,
    },
}

const AURORA_PAPER: &str = "Verbitski et al., Amazon Aurora, SIGMOD 2017, table 4: least-squares line";
const MYSQL_PAPER: &str =
    "Verbitski et al., Amazon Aurora, SIGMOD 2017, table 4: lag without bound from 2,000 writes/s";

/// Read replicas: none.
pub const REPLICAS: Given<u32> = Given::new(0, "assumption: what is not in the file is not there");
/// Standby in a second zone: no.
pub const MULTI_AZ: Given<bool> = Given::new(false, "assumption: what is not in the file is not there");
/// Lag of an idle Aurora cluster: 2.57 ms.
pub const LAG_BASE: Given<Time> = Given::new(Time::from_micros(2_570), AURORA_PAPER);
/// Further lag of Aurora for each write per second: 282 ns.
pub const LAG_PER_WRITE_RATE: Given<Time> = Given::new(Time::from_nanos(282), AURORA_PAPER);
/// From commit to the replica's relay log: 1 ms.
pub const SHIP: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(1)),
    "assumption: a network hop across zones and a small write",
);
/// Time to apply one write on a replica: 0.5 ms.
pub const APPLY: Given<Law> = Given::new(Law::Exponential { mean: Time::from_micros(500) }, MYSQL_PAPER);
/// The same of PostgreSQL, which changes pages as its log says: 0.05 ms.
pub const APPLY_POSTGRES: Given<Law> = Given::new(
    Law::Exponential { mean: Time::from_micros(50) },
    "assumption: no statement runs again, so a tenth of MySQL's",
);
/// Applier threads of a replica: 1.
pub const APPLIERS: Given<u32> = Given::new(
    1,
    "Amazon RDS user guide, MySQL read replicas: writes of a replica are serialised (2023-06); PostgreSQL read replicas: a single process",
);
/// Data volume: 100 GiB.
pub const STORAGE: Given<Bytes> = Given::new(Bytes(100 << 30), "assumption: a shop of a few million orders");
/// Aurora I/O-Optimized storage: no.
pub const IO_OPTIMIZED: Given<bool> = Given::new(false, "assumption: what is not in the file is not there");
/// Time of a storage read on a buffer pool miss: 1 ms.
pub const STORAGE_READ: Given<Law> = Given::new(
    Law::Lognormal { mean: Time::from_millis(1), cv: 0.5 },
    "assumption: a page from network storage",
);

fn apply(engine: Engine) -> Law {
    if engine.is_postgres() { APPLY_POSTGRES.value } else { APPLY.value }
}

impl Replication {
    fn of(engine: Engine) -> Replication {
        match engine.is_aurora() {
            true => {
                Replication::SharedStorage { base: LAG_BASE.value, per_write_rate: LAG_PER_WRITE_RATE.value }
            }
            false => {
                Replication::BinaryLog { ship: SHIP.value, apply: apply(engine), appliers: APPLIERS.value }
            }
        }
    }

    fn read(value: Value, engine: Engine) -> Option<Replication> {
        let appliers = |value: Value| {
            let appliers = value.count(1..=1_024)?;
            if engine.is_postgres() && appliers > 1 {
                let hint = "remove it: one process of a replica of PostgreSQL applies the log";
                value.problem(format!("{appliers} appliers of a write-ahead log"), hint);
            }
            Some(appliers)
        };
        match engine.is_aurora() {
            true => value.table(&SHARED_STORAGE_SHAPE, |reader| Replication::SharedStorage {
                base: reader.or("base", Value::time, LAG_BASE.value),
                per_write_rate: reader.or("per_write_rate", Value::time, LAG_PER_WRITE_RATE.value),
            }),
            false => value.table(&BINARY_LOG_SHAPE, |reader| Replication::BinaryLog {
                ship: reader.or("ship", Value::law, SHIP.value),
                apply: reader.or("apply", Value::law, apply(engine)),
                appliers: reader.or("appliers", appliers, APPLIERS.value),
            }),
        }
    }
}

impl Database {
    /// What a connection costs that is opened during a run.
    pub fn connect(&self) -> Connect {
        self.connect.clone().unwrap_or_else(|| Connect::usual(self.engine, self.hop))
    }

    /// Replicas that it has at most.
    pub fn most_replicas(&self) -> u32 {
        self.replica_scaling.as_ref().map_or(self.replicas, |scaling| scaling.max)
    }

    /// Where a node is: the writer is 0.
    pub fn place_of(&self, node: usize) -> Place {
        let (first, others) =
            self.azs.split_first().map_or((Zone(0), &[][..]), |(first, others)| (*first, others));
        Place::at_home(match node {
            0 => first,
            _ if others.is_empty() => first,
            _ => others[(node - 1) % others.len()],
        })
    }

    /// The Region, beside its own, in which it may be one day, if the file says which one.
    pub fn elsewhere(&self) -> Option<Region> {
        let copy = self.backup.as_ref().and_then(|backup| backup.region);
        copy.or_else(|| self.global.as_ref()?.region)
    }

    /// Where a node is of the first Region, or of the second.
    pub fn place_when(&self, node: usize, abroad: bool, home: Option<Region>) -> Place {
        self.moved(self.place_of(node), abroad, home)
    }

    /// Nodes in the Region that does not write, at most, if callers there read at them.
    pub fn far_nodes(&self) -> u32 {
        let is_local = self.global.as_ref().is_some_and(|global| global.reads == Reads::Local);
        if is_local { 1 + self.replicas } else { 0 }
    }

    /// Whether callers in a Region are those in the second one, and read there.
    pub fn reads_far(&self, caller: Option<Region>) -> bool {
        self.global
            .as_ref()
            .is_some_and(|it| it.reads == Reads::Local && it.region.is_some() && it.region == caller)
    }

    /// Nodes that the first Region has, or the second.
    pub fn nodes_when(&self, abroad: bool) -> u32 {
        self.global.as_ref().filter(|_| abroad).map_or(1 + self.replicas, |global| global.nodes)
    }

    /// Where the storage of the first Region is, or of the second: in three zones, those of its nodes first.
    pub fn storage_when(&self, abroad: bool, home: Option<Region>) -> impl Iterator<Item = Place> + '_ {
        let region = self.azs.first().and_then(|zone| zone.region());
        let all = Zone::first(Zone::MOST).into_iter();
        let others = all.map(move |zone| region.map_or(zone, |region| zone.moved_to(region)));
        let others = others.filter(|zone| !self.azs.contains(zone));
        let zones = self.azs.iter().copied().chain(others).take(global::STORAGE_ZONES);
        zones.map(move |zone| self.moved(Place::at_home(zone), abroad, home))
    }

    fn moved(&self, place: Place, abroad: bool, home: Option<Region>) -> Place {
        match abroad.then(|| self.elsewhere()) {
            None => place,
            Some(None) => Place { region: 1, ..place },
            Some(there) if there == home => Place::at_home(place.zone.moved_home()),
            Some(Some(there)) => Place::at_home(place.zone.moved_to(there)),
        }
    }

    /// The Region that writes now.
    pub fn region_when(&self, abroad: bool, home: Option<Region>) -> Option<Region> {
        let second = self.elsewhere().filter(|_| abroad);
        second.or_else(|| self.azs.first()?.region()).or(home)
    }

    /// Whether one of its replicas takes over from a writer that is lost: of Aurora, and of a Multi-AZ cluster of RDS. Other replicas of
    /// RDS are not promoted by themselves.
    pub fn promotes(&self) -> bool {
        self.engine.is_aurora() || self.cluster
    }

    /// Where the nodes are that can take over from its writer: replicas that are promoted, and a standby. (Aurora user guide, "High
    /// availability for Amazon Aurora"; Amazon RDS user guide, "Multi-AZ DB instance deployments".)
    pub fn heirs(&self) -> impl Iterator<Item = Place> + '_ {
        let replicas = if self.promotes() { self.replicas as usize } else { 0 };
        (1..=replicas).map(|node| self.place_of(node)).chain(self.standby())
    }

    /// Where its standby is, if it has one: in another zone than the writer.
    pub fn standby(&self) -> Option<Place> {
        let writer = self.place_of(0).zone;
        let another = self.azs.iter().copied().find(|zone| *zone != writer);
        another.filter(|_| self.multi_az).map(Place::at_home)
    }
}

/// The zones of the nodes, of which a standby needs a second one, and two of them a third.
fn zones_of_nodes(value: Value, multi_az: MultiAz) -> Option<Vec<Zone>> {
    let zones = zones::zones(value, false)?;
    match (multi_az, zones.len()) {
        (MultiAz::Standby, 1) => {
            let hint = "name a second zone, or remove `multi_az`";
            value.problem("one zone, and a standby (`multi_az`) that is in another than the writer", hint);
        }
        (MultiAz::Cluster, 1 | 2) => {
            let hint = "name three zones, or remove `multi_az`";
            value.problem("a Multi-AZ cluster, which has its nodes in three zones", hint);
        }
        _ => {}
    }
    Some(zones)
}

fn quorum(value: Value, engine: Engine, is_grouped: bool) -> Option<Quorum> {
    if !engine.is_aurora() {
        let hint = format!("remove it, or set engine = \"{}\"", engine.on_aurora());
        value.problem("a quorum of the storage is Aurora's", hint);
        return None;
    }
    Quorum::read(value, is_grouped)
}

fn io_optimized(value: Value, engine: Engine) -> Option<bool> {
    let flag = value.flag()?;
    if flag && !engine.is_aurora() {
        let hint = format!("remove it, or set engine = \"{}\"", engine.on_aurora());
        value.problem("I/O-Optimized storage is Aurora's", hint);
    }
    Some(flag)
}

impl Table<Settings> for Database {
    const ABOUT: &'static str = "databases";
    const SHAPES: &'static [&'static Shape] = &[
        &SHAPE,
        &SHARED_STORAGE_SHAPE,
        &BINARY_LOG_SHAPE,
        &durable::GROUP_SHAPE,
        &durable::QUORUM_SHAPE,
        &contention::SHAPE,
        &order::SHAPE,
        &connect::SHAPE,
        &proxy::SHAPE,
        &replica_scaling::SHAPE,
        &serverless::SHAPE,
        &volume::SHAPE,
        &global::SHAPE,
        &backup::SHAPE,
    ];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Database {
        let engine = reader.or("engine", |value| value.choice(&Engine::ALL), Engine::AuroraMysql);
        let class = |value: Value| {
            value
                .listed(
                    "a database class",
                    "take the class that is nearest in vCPUs and memory",
                    catalog::database_class,
                    catalog::database_class_names,
                )
                .cloned()
        };
        let unknown = DatabaseClass {
            name: String::new(),
            vcpus: 1,
            memory: Bytes(1 << 30),
            strength: 1.0,
            aurora_max_connections: None,
        };
        let serverless = reader.maybe("serverless", |value| Serverless::read(value, engine));
        let writer = match reader.get("serverless") {
            None => reader.must("writer", class, unknown),
            Some(_) => serverless.as_ref().map_or(unknown, Serverless::class),
        };
        let replica = match reader.get("serverless") {
            None => reader.or("replica", class, writer.clone()),
            Some(_) => writer.clone(),
        };
        if reader.get("serverless").is_some() {
            if let Some(value) = reader.get("contention") {
                value.problem(
                    "the law is of a node of one size, and a serverless one has many",
                    "remove it, or `serverless`",
                );
            }
            for value in ["writer", "replica"].into_iter().filter_map(|key| reader.get(key)) {
                value.problem("a class beside `serverless`", "remove it, or `serverless`");
            }
        }
        let usual_connections = |class: &DatabaseClass| match &serverless {
            Some(serverless) => serverless.connections(engine),
            None => limits::default_connections(engine, class),
        };
        let connections = reader.maybe("max_connections", |value| value.count(1..=100_000));
        let replicas = |multi_az| {
            let usual = if multi_az == MultiAz::Cluster { takeover::STANDBYS } else { REPLICAS.value };
            reader.or("replicas", |value| takeover::replicas(value, multi_az), usual)
        };
        let multi_az = reader.or("multi_az", |value| MultiAz::read(value, engine), MultiAz::None);
        let cluster = multi_az == MultiAz::Cluster;
        let replicas = replicas(multi_az);
        let hop = reader.or("hop", Value::time, HOP.value);
        let (storage, volume) =
            reader.or("storage", |value| volume::read(value, engine, cluster), (STORAGE.value, None));
        Database {
            name: name.to_owned(),
            engine,
            writer_connections: connections.unwrap_or_else(|| usual_connections(&writer)),
            replica_connections: connections.unwrap_or_else(|| usual_connections(&replica)),
            writer,
            replica,
            serverless,
            replicas,
            replica_scaling: reader
                .maybe("replica_scaling", |value| ReplicaScaling::read(value, engine, replicas)),
            multi_az: multi_az == MultiAz::Standby,
            cluster,
            azs: reader.or("azs", |value| zones_of_nodes(value, multi_az), zones::usual()),
            failover: reader.or("failover", Value::law, takeover::failover(engine, cluster)),
            takeover: Takeover::read(reader, engine),
            commit: reader.or(
                "commit",
                Value::law,
                if cluster { takeover::COMMIT_CLUSTER.value } else { COMMIT.value },
            ),
            group_commit: reader
                .maybe("group_commit", |value| value.table(&durable::GROUP_SHAPE, GroupCommit::read)),
            quorum: reader
                .maybe("quorum", |value| quorum(value, engine, reader.get("group_commit").is_some())),
            contention: reader.maybe("contention", Contention::read),
            row_locks: RowLocks::read(reader, engine),
            replication: reader
                .maybe("replication", |value| Replication::read(value, engine))
                .unwrap_or_else(|| Replication::of(engine)),
            hop,
            proxy: reader.maybe("proxy", |value| value.table(&proxy::SHAPE, Proxy::read)),
            connect: reader.maybe("connect", |value| {
                value.table(&connect::SHAPE, |reader| Connect::read(reader, engine, hop))
            }),
            storage,
            volume,
            global: reader.maybe("global", |value| Global::read(value, reader, engine, replicas)),
            backup: reader.maybe("backup", |value| Backup::read(value, reader, engine, cluster)),
            io_optimized: reader.or("io_optimized", |value| io_optimized(value, engine), IO_OPTIMIZED.value),
            row: reader.maybe("row", Value::some_bytes),
            storage_read: reader.or("storage_read", Value::law, STORAGE_READ.value),
        }
    }

    fn second_regions(&self) -> Vec<(&'static str, Region)> {
        let global = self.global.as_ref().and_then(|it| it.region).map(|it| ("global", it));
        let copy = self.backup.as_ref().and_then(|it| it.region).map(|it| ("backup", it));
        global.into_iter().chain(copy).collect()
    }

    fn move_to(&mut self, region: Region) {
        self.azs.iter_mut().for_each(|zone| *zone = zone.moved_to(region));
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.azs.first()?.region()
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn places(&self, _all: &Settings) -> Vec<Zone> {
        let nodes = (0..=self.most_replicas() as usize).map(|node| self.place_of(node));
        nodes.chain(self.standby()).map(|place| place.zone).collect()
    }
}
