//! What a request can spend its time on, and why it can fail.

use serde::{Deserialize, Serialize};

use super::resource::Resource;
use super::word::word;

/// A kind of time that a request can spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// For people: `waiting for a connection to orders on web`.
    pub label: String,
    /// What kind of time.
    pub kind: StageKind,
    /// The name of its resource in the file (`web`, `orders`), for people; empty for the network and the client.
    pub resource: String,
    /// Its resource; absent for the network, the client and delays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Resource>,
}

/// What kind of time a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// Between client, balancer, instance, cache and database.
    Network,
    /// Between attempts: the pause before a retry, and attempts that came to nothing. Of a DynamoDB table or a stream: the pause of the SDK after a request was throttled.
    Retry,
    /// Waiting for the connection to be accepted and for a thread of an instance.
    Thread,
    /// On an instance's CPU, sharing included.
    Cpu,
    /// Waiting for a connection of a pool.
    Pool,
    /// At a cache: its command queue and execution, and waiting for another request's fill.
    Cache,
    /// Statements on a database node: CPU (sharing included), storage and commit.
    Database,
    /// Waiting for a row lock.
    Lock,
    /// At a service station: waiting and service.
    Service,
    /// Waiting for an execution environment of a function to be made and initialized.
    Start,
    /// Waiting to be let in before a site.
    WaitingRoom,
    /// Waiting for a message of a queue, and for a call that was throttled.
    Queue,
    /// At a bucket: the time to the first byte, and that of the bytes. At a DynamoDB table: the time of a request. At a stream: that of a put.
    Storage,
    /// Delays written in the path.
    Delay,
}

/// Nanoseconds spent in eight stages: one line of a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(64))]
pub struct Spent(pub [u64; Spent::STAGES]);

impl Spent {
    /// Stages in a line.
    pub const STAGES: usize = 8;
    /// No time.
    pub const NOTHING: Spent = Spent([0; Spent::STAGES]);

    /// How many lines so many stages take.
    pub fn lines(stages: usize) -> usize {
        stages.div_ceil(Spent::STAGES)
    }
}

/// How many stages have a place in the record of an attempt: those that requests mostly come to. The others are in rows
/// beside the records.
pub const NEAR: usize = 4;

/// Nanoseconds that an attempt spent in each stage, by place.
#[derive(Debug)]
pub struct Times<'a> {
    /// In the near ones.
    pub near: &'a mut [u64; NEAR],
    /// In the others; nothing if it was in none of them.
    pub far: &'a mut [Spent],
}

/// Why an attempt or a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The client gave up waiting.
    ClientTimeout,
    /// 500: the application answered with an error.
    InternalError,
    /// 403: a web application firewall blocked the request.
    Forbidden,
    /// 502: the target reset the connection, or was terminated before it had answered.
    BadGateway,
    /// 503: no registered target.
    ServiceUnavailable,
    /// 504: the target did not accept the connection, or did not answer, in time.
    GatewayTimeout,
    /// No connection of a pool within its timeout.
    PoolTimeout,
    /// No row lock within the lock wait timeout.
    LockTimeout,
    /// Victim of a deadlock.
    Deadlock,
    /// The queue of a service station was full.
    QueueFull,
    /// Left the queue of a service station out of patience.
    Impatience,
    /// Gave up in a waiting room, out of patience.
    LeftWaitingRoom,
    /// A call to AWS was throttled, and so were the SDK's retries.
    Throttled,
    /// The node of a database was lost: the connection broke, or there is none to go to.
    DatabaseUnavailable,
    /// Rows that a request reads or changes are wrong.
    CorruptData,
    /// A tier gave up waiting for the answer to a call.
    CallTimeout,
    /// A circuit breaker let no call through.
    CircuitOpen,
    /// As many calls as the bulkhead allows were under way.
    BulkheadFull,
    /// An instance turned the request away, because it had too many.
    Shed,
    /// What a step asked refused, or answered with an error.
    DependencyFailed,
    /// A connection through a balancer that knows no HTTP was reset.
    ConnectionReset,
    /// A connection was refused: through such a balancer, or because the name of one led to a wrong address.
    ConnectionRefused,
    /// A connection was not accepted in time: as with one that was refused.
    ConnectionTimeout,
    /// A balancer did not carry the bytes, because it had not grown enough.
    BandwidthExceeded,
    /// No record of the name was for the client: the lookup had no answer.
    NoAnswer,
    /// The caller had no local port left for another connection to that destination: `EADDRNOTAVAIL`.
    PortsExhausted,
    /// 503 Slow Down: a partition of a bucket took no more requests.
    SlowDown,
    /// A NAT gateway had no port left for another connection to that destination: `ErrorPortAllocation`.
    PortAllocation,
    /// `ProvisionedThroughputExceededException` or `ThrottlingException`: a DynamoDB table or a partition of it took no more, nor at the retries of the SDK.
    ThroughputExceeded,
    /// `ProvisionedThroughputExceededException`: a shard of a stream took no more records or bytes, nor at the retries of the SDK.
    StreamThroughputExceeded,
    /// 429: an invocation of a function, or a request to an API, was throttled.
    TooManyRequests,
    /// An invocation took longer than the timeout of its function, and was ended with its environment.
    FunctionTimeout,
    /// The execution environment of a function could not start.
    FunctionError,
    /// 413: a payload was too large.
    PayloadTooLarge,
    /// 404: a file was not on the volume of the instance, as another one has it, or nobody any more.
    NotFound,
}

impl Cause {
    /// All causes, in the order of their declaration.
    pub const ALL: [Cause; 35] = [
        Cause::ClientTimeout,
        Cause::InternalError,
        Cause::Forbidden,
        Cause::BadGateway,
        Cause::ServiceUnavailable,
        Cause::GatewayTimeout,
        Cause::PoolTimeout,
        Cause::LockTimeout,
        Cause::Deadlock,
        Cause::QueueFull,
        Cause::Impatience,
        Cause::LeftWaitingRoom,
        Cause::Throttled,
        Cause::DatabaseUnavailable,
        Cause::CorruptData,
        Cause::CallTimeout,
        Cause::CircuitOpen,
        Cause::BulkheadFull,
        Cause::Shed,
        Cause::DependencyFailed,
        Cause::ConnectionReset,
        Cause::ConnectionRefused,
        Cause::ConnectionTimeout,
        Cause::BandwidthExceeded,
        Cause::NoAnswer,
        Cause::PortsExhausted,
        Cause::SlowDown,
        Cause::PortAllocation,
        Cause::ThroughputExceeded,
        Cause::StreamThroughputExceeded,
        Cause::TooManyRequests,
        Cause::FunctionTimeout,
        Cause::FunctionError,
        Cause::PayloadTooLarge,
        Cause::NotFound,
    ];

    /// The name in `outcome.json` and on the page.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::ClientTimeout => "client_timeout",
            Cause::InternalError => "http_500",
            Cause::Forbidden => "http_403",
            Cause::BadGateway => "http_502",
            Cause::ServiceUnavailable => "http_503",
            Cause::GatewayTimeout => "http_504",
            Cause::PoolTimeout => "pool_timeout",
            Cause::LockTimeout => "lock_timeout",
            Cause::Deadlock => "deadlock",
            Cause::QueueFull => "queue_full",
            Cause::Impatience => "impatience",
            Cause::LeftWaitingRoom => "left_waiting_room",
            Cause::Throttled => "throttled",
            Cause::DatabaseUnavailable => "database_unavailable",
            Cause::CorruptData => "corrupt_data",
            Cause::CallTimeout => "call_timeout",
            Cause::CircuitOpen => "circuit_open",
            Cause::BulkheadFull => "bulkhead_full",
            Cause::Shed => "shed",
            Cause::DependencyFailed => "dependency_failed",
            Cause::ConnectionReset => "connection_reset",
            Cause::ConnectionRefused => "connection_refused",
            Cause::ConnectionTimeout => "connection_timeout",
            Cause::BandwidthExceeded => "bandwidth_exceeded",
            Cause::NoAnswer => "no_dns_answer",
            Cause::PortsExhausted => "ports_exhausted",
            Cause::SlowDown => "slow_down",
            Cause::PortAllocation => "port_allocation",
            Cause::ThroughputExceeded => "throughput_exceeded",
            Cause::StreamThroughputExceeded => "stream_throughput_exceeded",
            Cause::TooManyRequests => "http_429",
            Cause::FunctionTimeout => "function_timeout",
            Cause::FunctionError => "function_error",
            Cause::PayloadTooLarge => "http_413",
            Cause::NotFound => "http_404",
        }
    }
}

word!(Cause);
