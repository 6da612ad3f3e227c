//! The kinds of named tables, and positions in the lists of a scenario.
//!
//! In: nothing. Out: from one list, the kinds by which names are looked up, an id for each list that others point into,
//! and [`Owner`]: what can run out. A new kind of table is one entry of the list at the end.

mod alarm;
mod gauge;
mod reference;

pub use alarm::AlarmOf;
pub use gauge::Gauge;
pub(crate) use gauge::{Dial, NETWORK_IN, NETWORK_OUT};
pub use reference::{Entry, Reference, Tables, are_known, of_second};
pub(crate) use reference::{Written, document};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::language::names::{Id, Named};

/// The position that stands for a broken name; no scenario with one leaves the reading of the file.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// Makes all of this file: of each kind its table in the file, its noun, the type of its positions if something points at
/// them, and, if it can run out, its variant of [`Owner`]. The order is that of the pages.
macro_rules! tables {
    ($($Kind:ident $table:literal $noun:literal $(id $Id:ident)? $($(#[$doc:meta])* owner $Owner:ident)?;)*) => {
        /// A kind of named table. In files of results it is written as the name of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Kind {
            $(
                #[doc = concat!("`[", $table, ".NAME]`: ", $noun, ".")]
                #[serde(rename = $table)]
                $Kind,
            )*
        }

        impl Kind {
            /// The names of the tables in the file, in the order of the pages.
            pub(crate) const TABLES: [&'static str; [$($table),*].len()] = [$($table),*];
            /// Every kind, in that order.
            pub(crate) const ALL: [Kind; Kind::TABLES.len()] = [$(Kind::$Kind),*];
        }

        impl Named for Kind {
            fn table(self) -> &'static str {
                Kind::TABLES[self as usize]
            }

            fn noun(self) -> &'static str {
                match self {
                    $(Kind::$Kind => $noun,)*
                }
            }
        }

        $($(
            #[doc = concat!("Position in the scenario's list of [", $table, ".NAME] tables.")]
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $Id(pub u32);

            impl Serialize for $Id {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    reference::serialize(Kind::$Kind, self.0, serializer)
                }
            }

            impl<'de> Deserialize<'de> for $Id {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$Id, D::Error> {
                    reference::deserialize(Kind::$Kind, deserializer).map($Id)
                }
            }

            #[cfg(feature = "schema")]
            crate::text::schema!($Id, "Reference", |generator| Reference::json_schema(generator));

            impl $Id {
                /// The position in the scenario's list.
                pub const fn index(self) -> usize {
                    self.0 as usize
                }
            }

            impl Id for $Id {
                type Kind = Kind;
                const KIND: Kind = Kind::$Kind;
                fn at(index: u32) -> $Id {
                    $Id(index)
                }
            }
        )?)*

        /// A resource that can run out, by its kind and position in the scenario.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Owner {
            $($($(#[$doc])* $Owner(usize),)?)*
        }

        impl Owner {
            /// Every kind that can run out.
            pub(crate) const KINDS: &'static [Kind] = &[$($(Kind::$Owner,)?)*];

            /// Its position among those of its kind.
            pub const fn index(self) -> usize {
                match self {
                    $($(Owner::$Owner(index) => index,)?)*
                }
            }

            /// Its kind.
            pub(crate) const fn kind(self) -> Kind {
                match self {
                    $($(Owner::$Owner(_) => Kind::$Owner,)?)*
                }
            }

            /// That of a position in a table; nothing where the kind cannot run out.
            pub(crate) fn of(kind: Kind, index: u32) -> Option<Owner> {
                match kind {
                    $($(Kind::$Owner => Some(Owner::$Owner(index as usize)),)?)*
                    _ => None,
                }
            }
        }
    };
}

tables! {
    Traffic "traffic" "a source of traffic";
    Users "users" "a population of users";
    Class "request" "a request class" id ClassId;
    Dns "dns" "a DNS name"
        /// A DNS name.
        owner Dns;
    Firewall "firewall" "a firewall" id FirewallId
        /// A firewall.
        owner Firewall;
    WaitingRoom "waiting_room" "a waiting room" id WaitingRoomId
        /// A waiting room.
        owner WaitingRoom;
    Api "api" "an API" id ApiId
        /// An API: the rate that it takes.
        owner Api;
    Balancer "balancer" "a balancer" id BalancerId
        /// A balancer.
        owner Balancer;
    Distribution "distribution" "a distribution" id DistributionId
        /// A distribution: its quotas.
        owner Distribution;
    Fleet "fleet" "a fleet" id FleetId
        /// A fleet: its CPU, threads and pools.
        owner Fleet;
    Cache "cache" "a cache" id CacheId
        /// A cache.
        owner Cache;
    Database "database" "a database" id DatabaseId
        /// A database: its nodes.
        owner Database;
    Service "service" "a service" id ServiceId
        /// A service station.
        owner Service;
    Lambda "lambda" "a function" id LambdaId
        /// A function: its concurrency.
        owner Lambda;
    Queue "queue" "a queue" id QueueId
        /// A queue: its messages in flight.
        owner Queue;
    Topic "topic" "a topic" id TopicId
        /// A topic: calls to it, if it is an event bus.
        owner Topic;
    Stream "stream" "a stream" id StreamId
        /// A stream: its shards.
        owner Stream;
    Bucket "s3" "a bucket" id BucketId
        /// A bucket: its partitions.
        owner Bucket;
    DynamoTable "dynamodb" "a DynamoDB table" id TableId
        /// A DynamoDB table: its units.
        owner DynamoTable;
    FileSystem "efs" "a file system" id FileSystemId
        /// A file system: what it passes.
        owner FileSystem;
    BlockVolume "ebs" "an EBS volume" id BlockVolumeId
        /// The EBS volumes of a fleet: their I/Os.
        owner BlockVolume;
    Nat "nat" "a NAT gateway" id NatId
        /// A NAT gateway: its ports, its link.
        owner Nat;
    Alarm "alarm" "an alarm";
    Runbook "runbook" "a runbook" id RunbookId;
    Fault "fault" "a fault" id FaultId
        /// A fault: the zone that it takes.
        owner Fault;
    Resilience "resilience" "a policy for calls" id ResilienceId
        /// A policy for calls between tiers.
        owner Resilience;
    Keys "keys" "a population of keys" id KeySpaceId;
    Location "location" "a place where clients are" id LocationId;
}
