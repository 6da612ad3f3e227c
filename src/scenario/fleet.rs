//! `[fleet.NAME]`: an Auto Scaling group of instances. In: type, threads, sizes, boot. Out: a [`Fleet`].

use super::DatabaseId;
use super::scaling::{Policy, ScheduledAction};
use crate::catalog::InstanceType;
use crate::dist::Law;
use crate::units::Time;

/// An Auto Scaling group.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Name in the file.
    pub name: String,
    /// Hardware of each instance.
    pub instance: InstanceType,
    /// Availability Zones the instances are spread over.
    pub zones: u32,
    /// Requests an instance works on at once; `None` is unlimited.
    pub threads: Option<u32>,
    /// Connections that wait for a thread; beyond it a connection is not accepted.
    pub backlog: u32,
    /// What becomes of a connection beyond the backlog.
    pub overflow: Overflow,
    /// How CPU is shared between running threads.
    pub discipline: Discipline,
    /// Smallest number of instances.
    pub min: u32,
    /// Largest number of instances.
    pub max: u32,
    /// Instances in service when the run starts.
    pub desired: u32,
    /// How long a launch takes.
    pub boot: Boot,
    /// Default instance warm-up: kept out of the group's metrics this long after InService.
    pub warmup: Time,
    /// Default cooldown of simple scaling.
    pub cooldown: Time,
    /// Health check grace period.
    pub grace: Time,
    /// Whether the balancer's verdict replaces instances (`health = "elb"`) or only EC2 status checks.
    pub elb_health: bool,
    /// Period of the instances' CloudWatch metrics.
    pub metric_period: Time,
    /// Dynamic scaling policies.
    pub policies: Vec<Policy>,
    /// Scheduled actions in time order.
    pub schedule: Vec<ScheduledAction>,
    /// Connection pools of each instance.
    pub pools: Vec<Pool>,
    /// Changes of the number of serving instances on a timetable, without Auto Scaling: (when, how many).
    pub timetable: Vec<(Time, u32)>,
}

/// How CPU is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discipline {
    /// Every runnable thread gets an equal share of the cores.
    ProcessorSharing,
    /// One thread per core runs to its end, in order of arrival.
    Fifo,
}

/// What becomes of a connection beyond the backlog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// The packet is dropped and sent again after 1 s, 3 s, 7 s, until the balancer's connect timeout (504).
    Drop,
    /// The connection is reset (502).
    Reset,
}

/// How long it takes from the launch call to a running application, stage by stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Boot {
    /// From the API call to the kernel.
    pub launch: Law,
    /// From the kernel to the first line of user data.
    pub system: Law,
    /// User data: next to nothing on a golden image, minutes for a full bootstrap.
    pub bootstrap: Law,
    /// From the start of the application to its first answer.
    pub application: Law,
}

/// A bounded pool of database connections in every instance of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// The database.
    pub database: DatabaseId,
    /// Connections to the writer.
    pub writer: u32,
    /// Connections to the reader endpoint.
    pub reader: u32,
    /// A request that gets no connection within this time fails.
    pub timeout: Time,
}
