//! What is in the rows of a timeline, kind by kind. In: nothing. Out: names of the columns of each resource.

pub use crate::kind::Series;
pub use crate::kind::api::record::ApiSeries;
pub use crate::kind::balancer::record::BalancerSeries;
pub use crate::kind::cache::record::CacheSeries;
pub use crate::kind::database::record::DatabaseSeries;
pub use crate::kind::distribution::record::DistributionSeries;
pub use crate::kind::dns::record::DnsSeries;
pub use crate::kind::dynamodb::record::DynamoTableSeries;
pub use crate::kind::ebs::record::VolumeSeries;
pub use crate::kind::efs::record::FileSystemSeries;
pub use crate::kind::fault::record::FaultSeries;
pub use crate::kind::firewall::record::FirewallSeries;
pub use crate::kind::fleet::record::FleetSeries;
pub use crate::kind::lambda::record::LambdaSeries;
pub use crate::kind::nat::record::NatSeries;
pub use crate::kind::queue::record::QueueSeries;
pub use crate::kind::resilience::record::ResilienceSeries;
pub use crate::kind::s3::record::BucketSeries;
pub use crate::kind::service::record::ServiceSeries;
pub use crate::kind::stream::record::StreamSeries;
pub use crate::kind::topic::record::TopicSeries;
pub use crate::kind::waiting_room::record::WaitingRoomSeries;
pub use crate::measure::load::{LoadSeries, Member, Noted, Spent};
pub use crate::measure::lost::LostSeries;
pub use crate::measure::pool::PoolSeries;
pub use crate::measure::timeline::Timeline;

/// Parts of the rows of balancers.
pub mod balancer {
    pub use crate::kind::balancer::record::{LimitSeries, SurgeSeries, TargetPortSeries};
}

/// Parts of the rows of caches.
pub mod cache {
    pub use crate::kind::cache::record::{ConnectionSeries, LinkSeries};
}

/// Parts of the rows of databases.
pub mod database {
    pub use crate::kind::database::record::{
        FarSeries, GlobalSeries, LogSeries, ProxySeries, ServerlessSeries, VolumeSeries,
    };
}

/// Parts of the rows of DNS names.
pub mod dns {
    pub use crate::kind::dns::record::RecordSeries;
}

/// Parts of the rows of fleets.
pub mod fleet {
    pub use crate::kind::fleet::record::{
        CoreSeries, CreditSeries, LimitSeries, MemorySeries, MixedSeries, NetworkSeries, PortSeries,
        ResizingSeries, SpotSeries, StandbySeries, TaskSeries, WarmPoolSeries,
    };
}
