//! The steps of a runbook. In: `{ promote = "shop" }` and its like. Out: [`Action`]s.

use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{DatabaseId, FaultId, FleetId};
use crate::kind::table::region;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Something that is done.
#[derive(Clone, Debug)]
pub enum Action {
    /// A fleet gets other sizes.
    Size {
        /// The fleet.
        fleet: FleetId,
        /// Its smallest size from then on.
        min: Option<u32>,
        /// Its largest.
        max: Option<u32>,
        /// Its desired capacity.
        desired: Option<u32>,
    },
    /// A copy of a database that may be behind takes over: a replica, or the second Region.
    Promote(DatabaseId),
    /// The second Region of a database takes over as soon as it has all commits.
    SwitchOver(DatabaseId),
    /// A database is made anew from its backups.
    Restore(Restore),
    /// Nothing is done until a database has a second Region that can take over.
    WaitFor(DatabaseId),
    /// Time passes.
    Wait(Law),
}

/// How a database is made anew.
#[derive(Clone, Copy, Debug)]
pub struct Restore {
    /// Which one.
    pub database: DatabaseId,
    /// As it was when.
    pub to: To,
    /// In another Region, from the copy there.
    pub region: Option<Region>,
    /// The old one ends at once.
    pub stop: bool,
}

/// As of when a database is made anew.
#[derive(Clone, Copy, Debug)]
pub enum To {
    /// The last point that there is.
    Latest,
    /// A time of the run.
    At(Time),
    /// Before a fault.
    Before(FaultId),
}

/// Whether the old database ends as soon as a new one is ordered: no.
const STOP: Given<bool> = Given::new(
    false,
    "assumption: what is not wrong is still served, and what is written meanwhile is lost in the end",
);

/// Most instances of a fleet.
const INSTANCES_MAX: u32 = 100_000;

/// The language of a step.
pub const STEP_SHAPE: Shape = Shape {
    title: "steps = [ { fleet | promote | switch_over | restore | wait_for | wait } ]",
    about: "What a runbook does, one after the other. Each is ordered at once; how long it takes is up to what is ordered.",
    keys: &[
        Key::optional(
            "fleet",
            "name of a fleet",
            "",
            "a fleet that gets other sizes, as by a scheduled action",
        ),
        Key::optional("min", "whole number", "as before", "smallest size of the fleet from then on"),
        Key::optional("max", "whole number", "as before", "largest size of the fleet from then on"),
        Key::optional(
            "desired",
            "whole number",
            "as before, between the two",
            "how many instances it is to have then",
        ),
        Key::optional(
            "promote",
            "name of a database",
            "",
            "a copy that may be behind takes over: the second Region of a Global Database, or a replica of RDS; what it has not got is lost",
        ),
        Key::optional(
            "switch_over",
            "name of a database",
            "",
            "the second Region of a Global Database takes over as soon as it has all commits; the first one must be there",
        ),
        Key::optional(
            "restore",
            "name of a database",
            "",
            "a database with `backup` is made anew as it was at the last point that there is; what was committed since then is lost",
        ),
        Key::optional(
            "to",
            "duration",
            "the last point that there is",
            "the time as of which it is restored",
        ),
        Key::optional(
            "before",
            "name of a fault",
            "the last point that there is",
            "it is restored as it was before this fault, which `corrupts` it",
        ),
        Key::optional(
            "region",
            "code of a Region",
            "where it is",
            "it is restored there, from the copy of its backups",
        ),
        Key::given(
            "stop",
            "true or false",
            || STOP.show(),
            "whether the old database ends at once, so that no more is written that is lost; else it serves until the new one does",
        ),
        Key::optional(
            "wait_for",
            "name of a database",
            "",
            "nothing is done until this database has a second Region that can take over: after a failover, the old one that is made anew",
        ),
        Key::optional("wait", "law", "", "nothing is done for so long"),
    ],
};

impl Action {
    pub(super) fn read(value: Value) -> Option<Action> {
        value.table(&STEP_SHAPE, Action::of).flatten()
    }

    fn of(reader: &Reader) -> Option<Action> {
        match reader.one_of(&["fleet", "promote", "switch_over", "restore", "wait_for", "wait"], true)? {
            ("fleet", value) => {
                let size = |key| reader.maybe(key, |value| value.count(0..=INSTANCES_MAX));
                let (min, max, desired) = (size("min"), size("max"), size("desired"));
                if min.is_none() && max.is_none() && desired.is_none() {
                    value.problem("a step that changes no size", "add `min`, `max` or `desired`");
                }
                if let (Some(low), Some(high), Some(value)) = (min, max, reader.get("min"))
                    && low > high
                {
                    value.problem(
                        format!("a `min` of {low} above a `max` of {high}"),
                        "swap them, or raise `max`",
                    );
                }
                Some(Action::Size { fleet: value.id()?, min, max, desired })
            }
            ("promote", value) => value.id().map(Action::Promote),
            ("restore", value) => {
                let to = match reader.one_of(&["to", "before"], false) {
                    Some(("to", value)) => value.time().map(To::At),
                    Some((_, value)) => value.id().map(To::Before),
                    None => None,
                };
                Some(Action::Restore(Restore {
                    database: value.id()?,
                    to: to.unwrap_or(To::Latest),
                    region: reader.maybe("region", region),
                    stop: reader.or("stop", Value::flag, STOP.value),
                }))
            }
            ("switch_over", value) => value.id().map(Action::SwitchOver),
            ("wait_for", value) => value.id().map(Action::WaitFor),
            (_, value) => Some(Action::Wait(value.law().unwrap_or(Law::Constant(Time::ZERO)))),
        }
    }
}
