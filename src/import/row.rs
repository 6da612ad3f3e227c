//! One request as a log tells it, whatever the format. In: what a format has read. Out: a [`Row`], or why there is none.

use std::borrow::Cow;

/// How a request ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Answered, with a status below 400.
    #[default]
    Answered,
    /// Answered with 4xx.
    Refused,
    /// The target answered 5xx.
    ByTarget,
    /// The balancer or the edge answered 5xx, without the target or in its place.
    ByBalancer,
    /// 5xx, and the log does not say of whom.
    ByServer,
    /// No target took it: the connection failed or was lost (`-1` in a log of a balancer, no status in one of a load test).
    NotDispatched,
    /// The client went away before the answer.
    Aborted,
}

impl End {
    /// How many there are.
    pub const COUNT: usize = 7;
    /// All of them.
    pub const ALL: [End; End::COUNT] = [
        End::Answered,
        End::Refused,
        End::ByTarget,
        End::ByBalancer,
        End::ByServer,
        End::NotDispatched,
        End::Aborted,
    ];

    /// Its name in `measured.csv`.
    pub fn figure(self) -> &'static str {
        match self {
            End::Answered => "answered",
            End::Refused => "refused",
            End::ByTarget => "errors_target",
            End::ByBalancer => "errors_balancer",
            End::ByServer => "errors_server",
            End::NotDispatched => "errors_connection",
            End::Aborted => "aborted",
        }
    }

    /// What it is in words.
    pub fn words(self) -> &'static str {
        match self {
            End::Answered => "answered",
            End::Refused => "answered with 4xx",
            End::ByTarget => "5xx of the target",
            End::ByBalancer => "5xx of the balancer or the edge",
            End::ByServer => "5xx, the log does not say of whom",
            End::NotDispatched => "no target reached, or the connection to it lost",
            End::Aborted => "ended by the client",
        }
    }

    /// Whether the system failed, and not the client.
    pub fn is_error(self) -> bool {
        matches!(self, End::ByTarget | End::ByBalancer | End::ByServer | End::NotDispatched)
    }

    /// Whether its times are those of an answer.
    pub fn is_answer(self) -> bool {
        matches!(self, End::Answered | End::Refused)
    }

    /// By a status alone, as a server logs it: 499 is a client that has gone, 000 or none a connection that failed.
    pub fn of_status(status: u16) -> End {
        match status {
            0 | 460 | 499 => End::Aborted,
            400..=498 => End::Refused,
            500.. => End::ByServer,
            _ => End::Answered,
        }
    }
}

/// A request. What is personal, the client and the query, is only looked at and never kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row<'a> {
    /// When it arrived, in nanoseconds since 1970.
    pub at: i64,
    /// `GET`; empty if the log has none.
    pub method: &'a [u8],
    /// A path, an address or a name as it was written.
    pub path: Cow<'a, [u8]>,
    /// Who asked: only counted, by a hash, to tell paths of one client from those of many.
    pub client: &'a [u8],
    /// Which target served it: only counted.
    pub target: &'a [u8],
    /// How it ended.
    pub end: End,
    /// Nanoseconds from the arrival to the end of the answer, as the client or the balancer saw it.
    pub total: Option<u64>,
    /// Nanoseconds in the target.
    pub service: Option<u64>,
    /// Whether a cache of the edge had the answer, if the log says so.
    pub hit: Option<bool>,
    /// Whether it is not the request itself, but a time of one that another row counts.
    pub is_time_only: bool,
}

/// Why a line became no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Too few fields, or a quote without its end.
    Malformed,
    /// The time cannot be read.
    NoTime,
    /// The time lies before 1990 or after 2200.
    FarTime,
    /// A status, a count or a span that is no number.
    NoNumber,
    /// Longer than a line of a log can be.
    TooLong,
    /// Outside `--from` and `--to`.
    Outside,
    /// Its class is to be dropped, as `classes.toml` says.
    Unwanted,
    /// A comment, a header, or a row of another metric.
    Other,
}

impl Reason {
    /// How many there are.
    pub const COUNT: usize = 8;
    /// All of them, in the order of the summary.
    pub const ALL: [Reason; Reason::COUNT] = [
        Reason::Malformed,
        Reason::NoTime,
        Reason::FarTime,
        Reason::NoNumber,
        Reason::TooLong,
        Reason::Outside,
        Reason::Unwanted,
        Reason::Other,
    ];

    /// What it is in words.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Malformed => "not a row of this format",
            Reason::NoTime => "the time cannot be read",
            Reason::FarTime => "the time is before 1990 or after 2200",
            Reason::NoNumber => "a status or a span is no number",
            Reason::TooLong => "longer than 1 MiB",
            Reason::Outside => "outside --from and --to",
            Reason::Unwanted => "a class to drop",
            Reason::Other => "comments, headers, rows of other metrics",
        }
    }
}
