//! Which resource is meant: what can run out, by its place in the scenario.
//!
//! In: positions of the file. Out: [`Resource`], by which stages, phases and headroom speak of the same thing. What a
//! resource is called decides nothing.

mod written;

use serde::{Deserialize, Serialize};

use crate::id::Owner;

/// Something that can run out, by its position in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Resource {
    /// Threads of the instances of a fleet, and the accept backlog before them.
    Threads {
        /// Position of the fleet.
        fleet: usize,
    },
    /// CPU of the instances of a fleet.
    Cpu {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Connections of a pool of a fleet.
    Pool {
        /// Position of the fleet.
        fleet: usize,
        /// Position of the pool in the fleet.
        pool: usize,
        /// Which nodes they lead to.
        node: Node,
    },
    /// What a balancer itself carries, if that has an end.
    Units {
        /// Position of the balancer.
        balancer: usize,
    },
    /// Bytes a second that a Network Load Balancer carries.
    Bandwidth {
        /// Position of the balancer.
        balancer: usize,
    },
    /// Ports of a Network Load Balancer for connections to each of its targets, where it connects from its own address.
    TargetPorts {
        /// Position of the balancer.
        balancer: usize,
    },
    /// Places of the surge queue of a Classic Load Balancer.
    Surge {
        /// Position of the balancer.
        balancer: usize,
    },
    /// Local ports of the instances of a fleet, for connections to one destination.
    Ports {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Command threads of the shards of a cache.
    Cache {
        /// Position of the cache.
        cache: usize,
    },
    /// Links of the nodes of a cache, on which values take time.
    Links {
        /// Position of the cache.
        cache: usize,
    },
    /// CPU of the nodes of a database.
    Database {
        /// Position of the database.
        database: usize,
        /// Which nodes.
        node: Node,
    },
    /// EBS volumes of the nodes of a database, by their I/Os.
    Volume {
        /// Position of the database.
        database: usize,
        /// Which nodes.
        node: Node,
    },
    /// Row locks of a database; they are on its writer.
    Locks {
        /// Position of the database.
        database: usize,
    },
    /// The log of a database, of which each commit takes some time.
    Log {
        /// Position of the database.
        database: usize,
    },
    /// Threads of the replicas of a database that apply its binary log.
    Appliers {
        /// Position of the database.
        database: usize,
    },
    /// Connections of the proxy of a database to its nodes.
    Proxy {
        /// Position of the database.
        database: usize,
        /// Which nodes.
        node: Node,
    },
    /// Connections that the nodes of a database take.
    Connections {
        /// Position of the database.
        database: usize,
        /// Which nodes.
        node: Node,
    },
    /// Servers of a service station.
    Service {
        /// Position of the service.
        service: usize,
    },
    /// Pollers of the workers of a queue.
    Pollers {
        /// Position of the queue; of queues that share pollers, of the one that is asked first.
        queue: usize,
    },
    /// Calls of a kind to a queue, of which a FIFO queue takes so many a second.
    Calls {
        /// Position of the queue.
        queue: usize,
        /// What they do.
        action: Action,
    },
    /// Messages in flight, of which a queue has only so many.
    InFlight {
        /// Position of the queue.
        queue: usize,
    },
    /// Message groups of a FIFO queue, each of which is worked on by one poller at a time.
    Groups {
        /// Position of the queue.
        queue: usize,
    },
    /// Messages of a queue that wait without end, are lost, or whose work fails.
    Messages {
        /// Position of the queue.
        queue: usize,
    },
    /// Links of the instances of a fleet, on which answers take time.
    Network {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances of a fleet that have no network credits left, and send at their baseline.
    Throttled {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances of a fleet in service, where requests can go.
    Instances {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Targets of a fleet that its balancer holds for healthy.
    Targets {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Targets of a fleet that are left: its balancer holds others for unhealthy, and sends nothing there.
    FewTargets {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances of a fleet that have no CPU credits left, and are held to their baseline.
    HeldBack {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances that a fleet lacks because EC2 takes Spot instances back, or will do so within two minutes.
    Interrupted {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances that a fleet lacks because they were taken out of service, on purpose or for failed health checks, until others or they
    /// themselves answer.
    TakenOut {
        /// Position of the fleet.
        fleet: usize,
        /// What they were taken for.
        by: Purpose,
    },
    /// Instances that a fleet lacks because EC2 refused to launch them, until others answer.
    FailedLaunches {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances in service of a version that fails requests, or that is slower than the first one.
    WorseVersion {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances in service that have just started, and are slower for the same work until they are warm.
    Cold {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances that a group has ended by its policies, its schedule or its timetable, while what is left is too few for the work that there was.
    ScaledIn {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Requests inside of instances of a fleet that a refresh or a deployment has ended, cut off when their time to drain was over.
    Unfinished {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Requests that instances of a fleet turned away by `shed`, because they had too many, or because these had waited for too long.
    Shed {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Instances of a fleet that are lost and of which their group has not noticed it.
    LostInstances {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Healthy targets of a fleet, while its balancer has none: it sends to all, or to nowhere where it does not fail open.
    FailsOpen {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Targets of a fleet, while none is registered: its balancer answers that there is none.
    NoTargets {
        /// Position of the fleet.
        fleet: usize,
    },
    /// Addresses of a balancer that lead nowhere, and that requests are sent to: of a node that is lost, or kept by clients from before.
    OldAddress {
        /// Position of the balancer.
        balancer: usize,
    },
    /// Idle connections that targets of a balancer close while a request is on its way there: the keep-alive race.
    Raced {
        /// Position of the balancer.
        balancer: usize,
    },
    /// Nodes of a database that are lost.
    LostNodes {
        /// Position of the database.
        database: usize,
        /// Its writer or its replicas.
        node: Node,
    },
    /// Nodes that can take over from the lost writer of a database, while there are none.
    Heirs {
        /// Position of the database.
        database: usize,
    },
    /// Instances that have the address of a former writer of a database, until they look its name up again.
    OldAddresses {
        /// Position of the database.
        database: usize,
    },
    /// Shards of a cache that are lost.
    LostShards {
        /// Position of the cache.
        cache: usize,
    },
    /// An Availability Zone, while a fault takes it.
    Zone {
        /// Position of the fault.
        fault: usize,
    },
    /// What a fault strikes, other than an Availability Zone, as long as it lasts.
    Struck {
        /// Position of the fault.
        fault: usize,
    },
    /// An Availability Zone that is back, for as long as what comes of that takes to be felt.
    ZoneBack {
        /// Position of the fault that took it.
        fault: usize,
    },
}

impl Resource {
    /// The thing in the file that it is a part of.
    pub const fn owner(self) -> Owner {
        match self {
            Resource::Cpu { fleet }
            | Resource::Threads { fleet }
            | Resource::Pool { fleet, .. }
            | Resource::Network { fleet }
            | Resource::Ports { fleet }
            | Resource::Throttled { fleet }
            | Resource::Instances { fleet }
            | Resource::Targets { fleet }
            | Resource::FewTargets { fleet }
            | Resource::HeldBack { fleet }
            | Resource::Interrupted { fleet }
            | Resource::TakenOut { fleet, .. }
            | Resource::FailedLaunches { fleet }
            | Resource::ScaledIn { fleet }
            | Resource::WorseVersion { fleet }
            | Resource::Cold { fleet }
            | Resource::Unfinished { fleet }
            | Resource::Shed { fleet }
            | Resource::LostInstances { fleet }
            | Resource::NoTargets { fleet }
            | Resource::FailsOpen { fleet } => Owner::Fleet(fleet),
            Resource::Database { database, .. }
            | Resource::Connections { database, .. }
            | Resource::Volume { database, .. }
            | Resource::Appliers { database }
            | Resource::Log { database }
            | Resource::Proxy { database, .. }
            | Resource::Locks { database }
            | Resource::LostNodes { database, .. }
            | Resource::OldAddresses { database }
            | Resource::Heirs { database } => Owner::Database(database),
            Resource::Cache { cache } | Resource::Links { cache } | Resource::LostShards { cache } => {
                Owner::Cache(cache)
            }
            Resource::Service { service } => Owner::Service(service),
            Resource::Units { balancer }
            | Resource::Bandwidth { balancer }
            | Resource::TargetPorts { balancer }
            | Resource::OldAddress { balancer }
            | Resource::Raced { balancer }
            | Resource::Surge { balancer } => Owner::Balancer(balancer),
            Resource::Pollers { queue }
            | Resource::Calls { queue, .. }
            | Resource::InFlight { queue }
            | Resource::Groups { queue }
            | Resource::Messages { queue } => Owner::Queue(queue),
            Resource::Zone { fault } | Resource::Struck { fault } | Resource::ZoneBack { fault } => {
                Owner::Fault(fault)
            }
        }
    }

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
        )
    }

    /// Whether there is so much of it: what is lost is no capacity, but keeps one held.
    pub const fn is_capacity(self) -> bool {
        !matches!(self, Resource::LostNodes { .. } | Resource::OldAddresses { .. })
    }

    /// Whether it is no quantity that traffic takes, but something that happens: it is lost, and is back.
    pub const fn is_event(self) -> bool {
        matches!(
            self,
            Resource::Zone { .. }
                | Resource::Struck { .. }
                | Resource::ZoneBack { .. }
                | Resource::FewTargets { .. }
                | Resource::HeldBack { .. }
                | Resource::Throttled { .. }
                | Resource::Interrupted { .. }
                | Resource::TakenOut { .. }
                | Resource::FailedLaunches { .. }
                | Resource::ScaledIn { .. }
                | Resource::WorseVersion { .. }
                | Resource::Cold { .. }
                | Resource::Unfinished { .. }
                | Resource::Shed { .. }
                | Resource::LostInstances { .. }
                | Resource::FailsOpen { .. }
                | Resource::NoTargets { .. }
                | Resource::OldAddress { .. }
                | Resource::Raced { .. }
                | Resource::LostNodes { .. }
                | Resource::OldAddresses { .. }
                | Resource::Heirs { .. }
                | Resource::LostShards { .. }
        )
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
                | Resource::FailsOpen { .. }
                | Resource::NoTargets { .. }
                | Resource::OldAddress { .. }
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
                | Resource::OldAddress { .. }
        )
    }

    /// Whether a group does it about something that is wrong already.
    pub const fn is_answer(self) -> bool {
        matches!(self, Resource::TakenOut { by: Purpose::Unhealthy, .. })
    }

    /// Whether its name is of many things, as `threads of web` is and `CPU of web` is not: what is said of it agrees with that.
    pub const fn is_plural(self) -> bool {
        match self {
            Resource::Threads { .. }
            | Resource::Units { .. }
            | Resource::TargetPorts { .. }
            | Resource::Ports { .. }
            | Resource::Cache { .. }
            | Resource::Links { .. }
            | Resource::Locks { .. }
            | Resource::Appliers { .. }
            | Resource::Connections { .. }
            | Resource::Proxy { .. }
            | Resource::Pollers { .. }
            | Resource::Calls { .. }
            | Resource::InFlight { .. }
            | Resource::Groups { .. }
            | Resource::Messages { .. }
            | Resource::Throttled { .. }
            | Resource::HeldBack { .. }
            | Resource::Interrupted { .. }
            | Resource::TakenOut { .. }
            | Resource::FailedLaunches { .. }
            | Resource::LostInstances { .. }
            | Resource::Unfinished { .. }
            | Resource::Shed { .. }
            | Resource::FailsOpen { .. }
            | Resource::NoTargets { .. }
            | Resource::OldAddress { .. }
            | Resource::Raced { .. }
            | Resource::Volume { node: Node::Reader, .. }
            | Resource::OldAddresses { .. }
            | Resource::LostNodes { node: Node::All | Node::Reader, .. }
            | Resource::LostShards { .. } => true,
            Resource::Cpu { .. }
            | Resource::Pool { .. }
            | Resource::Database { .. }
            | Resource::Log { .. }
            | Resource::Service { .. }
            | Resource::Network { .. }
            | Resource::Bandwidth { .. }
            | Resource::Surge { .. }
            | Resource::Instances { .. }
            | Resource::Targets { .. }
            | Resource::FewTargets { .. }
            | Resource::ScaledIn { .. }
            | Resource::WorseVersion { .. }
            | Resource::Cold { .. }
            | Resource::Volume { node: Node::Writer | Node::All, .. }
            | Resource::LostNodes { node: Node::Writer, .. }
            | Resource::Heirs { .. }
            | Resource::Zone { .. }
            | Resource::Struck { .. }
            | Resource::ZoneBack { .. } => false,
        }
    }

    /// The word that agrees with its name: `was` or `were`, `it` or `them`.
    pub const fn agreeing<'a>(self, one: &'a str, many: &'a str) -> &'a str {
        if self.is_plural() { many } else { one }
    }

    /// The instances that a fleet may lack, whatever they were taken by: fewer are left for the same work.
    pub fn missing_instances(fleet: usize) -> Vec<Resource> {
        let by = Purpose::ALL.map(|by| Resource::TakenOut { fleet, by });
        let lost = [
            Resource::LostInstances { fleet },
            Resource::Interrupted { fleet },
            Resource::FailedLaunches { fleet },
        ];
        lost.into_iter().chain(by).collect()
    }

    /// The machines that do its work, while some of them are lost or get nothing: what is left of them fills sooner.
    pub fn when_lost(self) -> Vec<Resource> {
        match self {
            Resource::Cpu { fleet } | Resource::Threads { fleet } | Resource::Network { fleet } => {
                let slowed = match self {
                    Resource::Network { .. } => Resource::Throttled { fleet },
                    _ => Resource::HeldBack { fleet },
                };
                let slower = [Resource::WorseVersion { fleet }, Resource::Cold { fleet }];
                let more = [Resource::FewTargets { fleet }, slowed, Resource::ScaledIn { fleet }];
                let more = more.into_iter().chain(slower);
                Resource::missing_instances(fleet).into_iter().chain(more).collect()
            }
            Resource::Instances { fleet }
            | Resource::FewTargets { fleet }
            | Resource::Targets { fleet }
            | Resource::NoTargets { fleet }
            | Resource::FailsOpen { fleet } => Resource::missing_instances(fleet),
            // Readers go to the writer while there is no replica, and a replica may become the writer.
            Resource::Database { database, .. } | Resource::Connections { database, .. } => {
                [Node::Writer, Node::Reader].map(|node| Resource::LostNodes { database, node }).into()
            }
            Resource::Cache { cache } | Resource::Links { cache } => vec![Resource::LostShards { cache }],
            _ => Vec::new(),
        }
    }

    /// What it gets more of when it grows.
    pub const fn grows_by(self) -> &'static str {
        match self {
            Resource::Database { .. } => "ACU",
            _ => "instance",
        }
    }

    /// The same on all nodes of its database, where it is on some of them.
    pub const fn on_all_nodes(self) -> Resource {
        let node = Node::All;
        match self {
            Resource::Pool { fleet, pool, .. } => Resource::Pool { fleet, pool, node },
            Resource::Database { database, .. } => Resource::Database { database, node },
            Resource::Connections { database, .. } => Resource::Connections { database, node },
            Resource::Proxy { database, .. } => Resource::Proxy { database, node },
            Resource::Volume { database, .. } => Resource::Volume { database, node },
            other => other,
        }
    }

    /// Whether both are the same but for the nodes.
    pub fn is_beside(self, other: Resource) -> bool {
        self.on_all_nodes() == other.on_all_nodes()
    }
}

/// What instances were taken out of service for, though they ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An instance refresh replaces them.
    Refresh,
    /// They are spread evenly over the zones again.
    Rebalancing,
    /// They are as old as they may be.
    Lifetime,
    /// They are on standby.
    Standby,
    /// They become another type.
    Resize,
    /// They fail the health checks of their balancer.
    Unhealthy,
    /// A rollback brings back the version before.
    Rollback,
    /// A deployment restarts or replaces them.
    Deployment,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Purpose; 8] = [
        Purpose::Refresh,
        Purpose::Rebalancing,
        Purpose::Lifetime,
        Purpose::Standby,
        Purpose::Resize,
        Purpose::Unhealthy,
        Purpose::Rollback,
        Purpose::Deployment,
    ];
}

/// What a call to a queue does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It sends messages.
    Send,
    /// It receives messages.
    Receive,
    /// It deletes messages.
    Delete,
}

impl Action {
    /// All of them, in the order of their numbers.
    pub const ALL: [Action; 3] = [Action::Send, Action::Receive, Action::Delete];

    /// `send`.
    pub const fn name(self) -> &'static str {
        match self {
            Action::Send => "send",
            Action::Receive => "receive",
            Action::Delete => "delete",
        }
    }
}

/// Nodes of a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// The writer and the replicas.
    #[default]
    All,
    /// The writer.
    Writer,
    /// The replicas.
    Reader,
}

impl Node {
    /// `writer`.
    pub const fn name(self) -> &'static str {
        match self {
            Node::All => "all",
            Node::Writer => "writer",
            Node::Reader => "reader",
        }
    }
}
