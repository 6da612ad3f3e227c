//! What a request can spend its time on, and why it can fail.

use serde::{Deserialize, Serialize};

use super::resource::Resource;
use super::word::word;

/// A kind of time that a request can spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stage {
    /// For people: `waiting for a connection to orders on web`.
    pub label: String,
    /// What kind of time it is.
    pub kind: StageKind,
    /// The name of its resource in the file (`web`, `orders`), for people; empty for the network and the client.
    pub resource: String,
    /// The resource at which this time is spent; absent for the network, the client and delays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Resource>,
}

/// What kind of time a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// Makes the list of causes: what each means, and its name.
macro_rules! causes {
    ($(#[doc = $about:literal] $Cause:ident $name:literal;)*) => {
        /// Why an attempt or a request failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Cause {
            $(#[doc = $about] $Cause,)*
        }

        impl Cause {
            /// All causes, in the order of their declaration.
            pub const ALL: [Cause; [$($name),*].len()] = [$(Cause::$Cause),*];

            /// The name in `outcome.json` and on the page.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Cause::$Cause => $name,)*
                }
            }

            /// What it means.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Cause::$Cause => $about.trim_ascii_start(),)*
                }
            }
        }
    };
}

causes! {
    /// The client gave up waiting.
    ClientTimeout "client_timeout";
    /// 500: the application answered with an error.
    InternalError "http_500";
    /// 403: a web application firewall blocked the request.
    Forbidden "http_403";
    /// 502: the target reset the connection, or was terminated before it had answered.
    BadGateway "http_502";
    /// 503: no registered target.
    ServiceUnavailable "http_503";
    /// 504: the target did not accept the connection, or did not answer, in time.
    GatewayTimeout "http_504";
    /// No connection of a pool within its timeout.
    PoolTimeout "pool_timeout";
    /// No row lock within the lock wait timeout.
    LockTimeout "lock_timeout";
    /// Victim of a deadlock.
    Deadlock "deadlock";
    /// The queue of a service station was full.
    QueueFull "queue_full";
    /// Left the queue of a service station out of patience.
    Impatience "impatience";
    /// Gave up in a waiting room, out of patience.
    LeftWaitingRoom "left_waiting_room";
    /// A call to AWS was throttled, and so were the SDK's retries.
    Throttled "throttled";
    /// The node of a database was lost: the connection broke, or there is none to go to.
    DatabaseUnavailable "database_unavailable";
    /// Rows that a request reads or changes are wrong.
    CorruptData "corrupt_data";
    /// A tier gave up waiting for the answer to a call.
    CallTimeout "call_timeout";
    /// A circuit breaker let no call through.
    CircuitOpen "circuit_open";
    /// As many calls as the bulkhead allows were under way.
    BulkheadFull "bulkhead_full";
    /// An instance turned the request away, because it had too many.
    Shed "shed";
    /// What a step asked refused, or answered with an error.
    DependencyFailed "dependency_failed";
    /// A connection through a balancer that knows no HTTP was reset.
    ConnectionReset "connection_reset";
    /// A connection was refused: through such a balancer, or because the name of one led to a wrong address.
    ConnectionRefused "connection_refused";
    /// A connection was not accepted in time: as with one that was refused.
    ConnectionTimeout "connection_timeout";
    /// A balancer did not carry the bytes, because it had not grown enough.
    BandwidthExceeded "bandwidth_exceeded";
    /// No record of the name was for the client: the lookup had no answer.
    NoAnswer "no_dns_answer";
    /// The caller had no local port left for another connection to that destination: `EADDRNOTAVAIL`.
    PortsExhausted "ports_exhausted";
    /// 503 Slow Down: a partition of a bucket took no more requests.
    SlowDown "slow_down";
    /// A NAT gateway had no port left for another connection to that destination: `ErrorPortAllocation`.
    PortAllocation "port_allocation";
    /// `ProvisionedThroughputExceededException` or `ThrottlingException`: a DynamoDB table or a partition of it took no more, nor at the retries of the SDK.
    ThroughputExceeded "throughput_exceeded";
    /// `ProvisionedThroughputExceededException`: a shard of a stream took no more records or bytes, nor at the retries of the SDK.
    StreamThroughputExceeded "stream_throughput_exceeded";
    /// 429: an invocation of a function, or a request to an API, was throttled.
    TooManyRequests "http_429";
    /// An invocation took longer than the timeout of its function, and was ended with its environment.
    FunctionTimeout "function_timeout";
    /// The execution environment of a function could not start.
    FunctionError "function_error";
    /// 413: a payload was too large.
    PayloadTooLarge "http_413";
    /// 404: a file was not on the volume of the instance, as another one has it, or nobody any more.
    NotFound "http_404";
}

word!(Cause);
