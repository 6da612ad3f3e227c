//! What tells resources of one sort and one owner from each other. In: nothing. Out: [`Purpose`], [`Action`], [`Node`].

use serde::{Deserialize, Serialize};

/// What instances were taken out of service for, though they ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An instance refresh replaces instances.
    Refresh,
    /// Instances are spread evenly over the zones again.
    Rebalancing,
    /// Instances are as old as they may be.
    Lifetime,
    /// Instances are on standby.
    Standby,
    /// Instances become another type.
    Resize,
    /// Instances fail the health checks of their balancer.
    Unhealthy,
    /// A rollback brings back the version before.
    Rollback,
    /// A deployment restarts or replaces instances.
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Calls that send messages.
    Send,
    /// Calls that receive messages.
    Receive,
    /// Calls that delete messages.
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// The writer and the replicas.
    #[default]
    All,
    /// The writer.
    Writer,
    /// The replicas.
    Reader,
    /// The nodes in the Region that does not write.
    Far,
}

impl Node {
    /// `writer`.
    pub const fn name(self) -> &'static str {
        match self {
            Node::All => "all",
            Node::Writer => "writer",
            Node::Reader => "reader",
            Node::Far => "far",
        }
    }
}
