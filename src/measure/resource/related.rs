//! What a resource has to do with others: what its machines lack, what it is beside. In: a [`Resource`]. Out: others.

use super::{Node, Purpose, Resource};

impl Resource {
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
            Resource::GatewayLink { nat } | Resource::GatewayPorts { nat } => {
                vec![Resource::LostGateways { nat }]
            }
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
