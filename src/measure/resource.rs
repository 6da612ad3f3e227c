//! Which resource is meant: what can run out, by its place in the scenario.
//!
//! In: positions of the file. Out: [`Resource`], by which stages, phases and headroom speak of the same thing. What a
//! resource is called decides nothing.

pub mod label;
mod parts;
mod related;
mod written;

use serde::{Deserialize, Serialize};

use crate::id::Owner;

pub use parts::{Action, Node, Purpose};

/// Makes the type and what is asked of every resource, from one table: its docs, its name, the thing in the file that owns it, what else tells
/// it from others of its kind, whether its name is of `one` thing or of `many` (or for which nodes it is of many), and whether it is an
/// `amount` that traffic takes or an `event`.
macro_rules! resources {
    (@many $of:ident $Part:ident one) => { false };
    (@many $of:ident $Part:ident many) => { true };
    (@many $of:ident $Part:ident ($field:ident: $few:pat)) => { matches!($of, Resource::$Part { $field: $few, .. }) };
    (@event amount) => { false };
    (@event event) => { true };
    ($(
        $(#[$doc:meta])+
        $Part:ident { $owner:ident: $Owner:ident $(, $(#[$more:meta])+ $field:ident: $Type:ty)* $(,)? } $number:tt $sort:ident;
    )+) => {
        /// Something that can run out, by its position in the scenario.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(remote = "Self", rename_all = "snake_case")]
        pub enum Resource {
            $($(#[$doc])+ $Part {
                #[doc = concat!("Position of the ", stringify!($owner), ".")]
                $owner: usize,
                $($(#[$more])+ $field: $Type,)*
            },)+
        }

        impl Resource {
            /// The thing in the file that it is a part of.
            pub const fn owner(self) -> Owner {
                match self {
                    $(Resource::$Part { $owner, .. } => Owner::$Owner($owner),)+
                }
            }

            /// Whether it is no quantity that traffic takes, but something that happens: it is lost, and is back.
            pub const fn is_event(self) -> bool {
                match self {
                    $(Resource::$Part { .. } => resources!(@event $sort),)+
                }
            }

            /// Whether its name is of many things, as `threads of web` is and `CPU of web` is not: what is said of it agrees with that.
            pub const fn is_plural(self) -> bool {
                match self {
                    $(Resource::$Part { .. } => resources!(@many self $Part $number),)+
                }
            }
        }
    };
}

resources! {
    /// Threads of the instances of a fleet, and the accept backlog before them.
    Threads { fleet: Fleet } many amount;
    /// CPU of the instances of a fleet.
    Cpu { fleet: Fleet } one amount;
    /// Connections of a pool of a fleet.
    Pool {
        fleet: Fleet,
        /// Position of the pool in the fleet.
        pool: usize,
        /// Which nodes they lead to.
        node: Node,
    } one amount;
    /// What a balancer itself carries, if that has an end.
    Units { balancer: Balancer } many amount;
    /// Bytes a second that a Network Load Balancer carries.
    Bandwidth { balancer: Balancer } one amount;
    /// Ports of a Network Load Balancer for connections to each of its targets, where it connects from its own address.
    TargetPorts { balancer: Balancer } many amount;
    /// Places of the surge queue of a Classic Load Balancer.
    Surge { balancer: Balancer } one amount;
    /// Local ports of the instances of a fleet, for connections to one destination.
    Ports { fleet: Fleet } many amount;
    /// Command threads of the shards of a cache.
    Cache { cache: Cache } many amount;
    /// Links of the nodes of a cache, on which values take time.
    Links { cache: Cache } many amount;
    /// CPU of the nodes of a database.
    Database {
        database: Database,
        /// Which nodes.
        node: Node,
    } one amount;
    /// EBS volumes of the nodes of a database, by their I/Os.
    Volume {
        database: Database,
        /// Which nodes.
        node: Node,
    } (node: Node::Reader) amount;
    /// Row locks of a database; they are on its writer.
    Locks { database: Database } many amount;
    /// The log of a database, of which each commit takes some time.
    Log { database: Database } one amount;
    /// Threads of the replicas of a database that apply its binary log.
    Appliers { database: Database } many amount;
    /// Connections of the proxy of a database to its nodes.
    Proxy {
        database: Database,
        /// Which nodes.
        node: Node,
    } many amount;
    /// Connections that the nodes of a database take.
    Connections {
        database: Database,
        /// Which nodes.
        node: Node,
    } many amount;
    /// Quotas of a distribution: requests and bits a second.
    Distribution { distribution: Distribution } many amount;
    /// What a waiting room lets in.
    Room { waiting_room: WaitingRoom } one amount;
    /// Servers of a service station.
    Service { service: Service } one amount;
    /// Concurrency of a function: invocations in progress, and the rate at which environments are made for them.
    Concurrency { lambda: Lambda } one amount;
    /// Events that invoke a function asynchronously: those that are dropped.
    Events { lambda: Lambda } many amount;
    /// Requests a second that an API takes: of its stage, or of the account.
    ApiRate { api: Api } one amount;
    /// Requests a second that the routes of an API take: of the one that has least left.
    Routes { api: Api } many amount;
    /// Requests a second that the keys of the usage plans of an API may send: of the plan whose keys have least left.
    Keys { api: Api } many amount;
    /// Pollers of the workers of a queue; of queues that share pollers, of the one that is asked first.
    Pollers { queue: Queue } many amount;
    /// Calls of a kind to a queue, of which a FIFO queue takes so many a second.
    Calls {
        queue: Queue,
        /// What they do.
        action: Action,
    } many amount;
    /// Messages in flight, of which a queue has only so many.
    InFlight { queue: Queue } many amount;
    /// Message groups of a FIFO queue, each of which is worked on by one poller at a time.
    Groups { queue: Queue } many amount;
    /// Messages of a queue that wait without end, are lost, or whose work fails.
    Messages { queue: Queue } many amount;
    /// Calls of PutEvents, of which all event buses of a Region take so many a second.
    EventPuts { topic: Topic } many amount;
    /// Records that are put, of which each shard of a stream takes so many a second.
    ShardRecords { stream: Stream } many amount;
    /// Bytes that are put, of which each shard of a stream takes so many a second.
    ShardBytes { stream: Stream } many amount;
    /// Reads of a stream, of which each shard gives so many bytes and calls a second.
    ShardReads { stream: Stream } many amount;
    /// Batches of a stream, of which a function works on so many at once of each shard.
    Batches { stream: Stream } many amount;
    /// Records of a stream that get old, whose work fails, or that are lost.
    StreamRecords { stream: Stream } many amount;
    /// Requests that read, of which each partition of a bucket takes so many a second.
    Reads { s3: Bucket } many amount;
    /// Requests that write, of which each partition of a bucket takes so many a second.
    Writes { s3: Bucket } many amount;
    /// Read units, of which a DynamoDB table and each of its partitions take so many a second.
    ReadUnits { dynamodb: DynamoTable } many amount;
    /// Write units, of which a DynamoDB table and each of its partitions take so many a second.
    WriteUnits { dynamodb: DynamoTable } many amount;
    /// Reads of a file system: operations a second, and bytes a second.
    FileReads { efs: FileSystem } many amount;
    /// Writes of a file system: operations a second, and bytes a second.
    FileWrites { efs: FileSystem } many amount;
    /// Throughput of a file system, of reads and writes together.
    FileThroughput { efs: FileSystem } one amount;
    /// I/Os and bytes a second of the EBS volumes of a fleet.
    BlockIo { ebs: BlockVolume } many amount;
    /// Ports of NAT gateways for connections to one destination.
    GatewayPorts { nat: Nat } many amount;
    /// Links of NAT gateways, on which bytes take time.
    GatewayLink { nat: Nat } one amount;
    /// Links of the instances of a fleet, on which answers take time.
    Network { fleet: Fleet } one amount;
    /// Instances of a fleet that have no network credits left, and send at their baseline.
    Throttled { fleet: Fleet } many event;
    /// Instances of a fleet in service, where requests can go.
    Instances { fleet: Fleet } one amount;
    /// Targets of a fleet that its balancer holds for healthy.
    Targets { fleet: Fleet } one amount;
    /// Targets of a fleet that are left: its balancer holds others for unhealthy, and sends nothing there.
    FewTargets { fleet: Fleet } one event;
    /// Instances of a fleet that have no CPU credits left, and are held to their baseline.
    HeldBack { fleet: Fleet } many event;
    /// Instances that a fleet lacks because EC2 takes Spot instances back, or will do so within two minutes.
    Interrupted { fleet: Fleet } many event;
    /// Instances that a fleet lacks because they were taken out of service, on purpose or for failed health checks, until others or they
    /// themselves answer.
    TakenOut {
        fleet: Fleet,
        /// What they were taken for.
        by: Purpose,
    } many event;
    /// Instances that a fleet lacks because EC2 refused to launch them, until others answer.
    FailedLaunches { fleet: Fleet } many event;
    /// Instances in service of a version that fails requests, or that is slower than the first one.
    WorseVersion { fleet: Fleet } one event;
    /// Instances in service that have just started, and are slower for the same work until they are warm.
    Cold { fleet: Fleet } one event;
    /// Instances that a group has ended by its policies, its schedule or its timetable, while what is left is too few for the work that there was.
    ScaledIn { fleet: Fleet } one event;
    /// Requests inside of instances of a fleet that a refresh or a deployment has ended, cut off when their time to drain was over.
    Unfinished { fleet: Fleet } many event;
    /// Requests that instances of a fleet turned away by `shed`, because they had too many, or because these had waited for too long.
    Shed { fleet: Fleet } many event;
    /// Instances of a fleet that are lost and of which their group has not noticed it.
    LostInstances { fleet: Fleet } many event;
    /// Healthy targets of a fleet, while its balancer has none: it sends to all, or to nowhere where it does not fail open.
    FailsOpen { fleet: Fleet } many event;
    /// Targets of a fleet, while none is registered: its balancer answers that there is none.
    NoTargets { fleet: Fleet } many event;
    /// Addresses of a balancer that lead nowhere, and that requests are sent to: of a node that is lost, or kept by clients from before.
    OldAddress { balancer: Balancer } many event;
    /// Answers of a name that lead to what does not serve, and that no lookup has any more.
    OldAnswer { dns: Dns } many event;
    /// Weights of the target groups of a balancer, or of the records of its name, that have just changed.
    Reweighted { balancer: Balancer } many event;
    /// Idle connections that targets of a balancer close while a request is on its way there: the keep-alive race.
    Raced { balancer: Balancer } many event;
    /// Nodes of a database that are lost.
    LostNodes {
        database: Database,
        /// Its writer or its replicas.
        node: Node,
    } (node: Node::All | Node::Reader) event;
    /// Nodes that can take over from the lost writer of a database, while there are none.
    Heirs { database: Database } one event;
    /// The writer of a database that stays away on purpose, until another node writes: it was told to hand over.
    Handover { database: Database } one event;
    /// Instances that have the address of a former writer of a database, until they look its name up again.
    OldAddresses { database: Database } many event;
    /// Shards of a cache that are lost.
    LostShards { cache: Cache } many event;
    /// Files that requests looked for on the volume of their instance, and that were on another one.
    MissingFiles { ebs: BlockVolume } many event;
    /// NAT gateways that are lost with their zone.
    LostGateways { nat: Nat } many event;
    /// An Availability Zone, while a fault takes it.
    Zone { fault: Fault } one event;
    /// What a fault strikes, other than an Availability Zone, as long as it lasts.
    Struck { fault: Fault } one event;
    /// An Availability Zone that is back, for as long as what comes of that takes to be felt.
    ZoneBack { fault: Fault } one event;
}

impl Resource {
    /// Whether more traffic takes more of it; else more instances do, such as connections, which open when they start.
    pub const fn follows_traffic(self) -> bool {
        !matches!(self, Resource::Connections { .. })
    }

    /// Whether requests can wait for it; else what it makes late is seen otherwise, such as the lag of replicas.
    pub const fn delays_requests(self) -> bool {
        !matches!(
            self,
            Resource::Appliers { .. }
                | Resource::Pollers { .. }
                | Resource::InFlight { .. }
                | Resource::Groups { .. }
                | Resource::Messages { .. }
                | Resource::ShardReads { .. }
                | Resource::Batches { .. }
                | Resource::StreamRecords { .. }
                | Resource::Events { .. }
        )
    }

    /// Whether there is so much of it: what is lost is no capacity, but keeps one held.
    pub const fn is_capacity(self) -> bool {
        !matches!(self, Resource::LostNodes { .. } | Resource::OldAddresses { .. })
    }

    /// Whether instances are taken out because others are to be elsewhere, as after a zone is back.
    pub const fn is_spread(self) -> bool {
        matches!(self, Resource::TakenOut { by: Purpose::Rebalancing, .. })
    }

    /// Whether requests fail because of it, of what happens: else only fewer are left for the same work.
    pub const fn fails_requests(self) -> bool {
        matches!(
            self,
            Resource::Unfinished { .. }
                | Resource::Shed { .. }
                | Resource::MissingFiles { .. }
                | Resource::FailsOpen { .. }
                | Resource::NoTargets { .. }
                | Resource::OldAddress { .. }
                | Resource::OldAnswer { .. }
                | Resource::Raced { .. }
                | Resource::LostNodes { .. }
                | Resource::OldAddresses { .. }
        )
    }

    /// Whether it may be lost with a zone.
    pub const fn is_of_zone(self) -> bool {
        matches!(
            self,
            Resource::LostInstances { .. }
                | Resource::LostNodes { .. }
                | Resource::LostShards { .. }
                | Resource::LostGateways { .. }
                | Resource::OldAddress { .. }
                | Resource::OldAnswer { .. }
        )
    }

    /// Whether a group does it about something that is wrong already.
    pub const fn is_answer(self) -> bool {
        matches!(self, Resource::TakenOut { by: Purpose::Unhealthy, .. })
    }

    /// The word that agrees with its name: `was` or `were`, `it` or `them`.
    pub const fn agreeing<'a>(self, one: &'a str, many: &'a str) -> &'a str {
        if self.is_plural() { many } else { one }
    }
}
