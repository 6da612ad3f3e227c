//! `[objectives]`: bounds on the outcome. In: `"p99 < 800ms"`, `"< 0.1%"`, `"redis >= 90%"`. Out: [`Objective`]s.

mod owner;
mod reading;
#[cfg(test)]
mod tests;

pub(in crate::scenario) use self::reading::with_headroom;
use crate::id::{ClassId, Owner};
use crate::kind::{OBJECTIVE_KEYS, OBJECTIVES, Settings, figure::KindFigure};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::measure::bounded::Rule;
use crate::measure::recovery::Point;
use crate::units::{Time, Usd};

/// One bound on the outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// As written, for the page: `latency p99 < 800ms`.
    pub text: String,
    /// What is bounded.
    pub bound: Bound,
}

/// What an objective bounds; every bound is strict (`<`, `>`) or not (`<=`, `>=`) as `inclusive` says.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// A latency percentile, of all requests or one class.
    Latency {
        /// Quantile between 0 and 1; 1 is the maximum.
        quantile: f64,
        /// The class, or all.
        class: Option<ClassId>,
        /// The limit.
        limit: Time,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// Failed requests over arrived requests, of all requests or one class.
    Errors {
        /// The class, or all.
        class: Option<ClassId>,
        /// The limit, between 0 and 1.
        limit: f64,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// The bill of the event.
    Cost {
        /// The limit.
        limit: Usd,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// At least: completed requests over those that have ended, of all requests or one class.
    Availability {
        /// The class, or all.
        class: Option<ClassId>,
        /// The limit, between 0 and 1.
        limit: f64,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// A figure of a resource, or of all of a kind together, as the table of the kind has it.
    Figure {
        /// The figure.
        of: KindFigure,
        /// The limit, in the unit of the figure.
        limit: f64,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// At least: times the traffic at which the nearest resource is full, of all resources or one.
    Headroom {
        /// The resource, or all.
        resource: Option<Owner>,
        /// The limit.
        limit: f64,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// At most: a number of the recovery from faults: seconds, or writes.
    Recovery {
        /// Which.
        of: Point,
        /// The limit.
        limit: f64,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// Another bound, in every window of the event by itself.
    Every {
        /// Width of a window: a whole number of rows of the timeline.
        window: Time,
        /// What holds in each: a bound on latency, errors, availability, a hit ratio or the largest lag.
        bound: Box<Bound>,
    },
}

impl Bound {
    /// The bound that holds in each window, or of the whole run.
    pub fn each(&self) -> &Bound {
        if let Bound::Every { bound, .. } = self { bound } else { self }
    }

    /// The limit as a number: milliseconds, a share, US dollars, or a multiple.
    pub fn limit(&self) -> f64 {
        match self {
            Bound::Latency { limit, .. } => limit.as_millis_f64(),
            Bound::Errors { limit, .. }
            | Bound::Availability { limit, .. }
            | Bound::Figure { limit, .. }
            | Bound::Recovery { limit, .. }
            | Bound::Headroom { limit, .. } => *limit,
            Bound::Cost { limit, .. } => limit.0,
            Bound::Every { bound, .. } => bound.limit(),
        }
    }

    /// Whether the value must lie above the limit, not below.
    pub fn is_lower(&self) -> bool {
        match self {
            Bound::Availability { .. } | Bound::Headroom { .. } => true,
            Bound::Latency { .. } | Bound::Errors { .. } | Bound::Cost { .. } | Bound::Recovery { .. } => {
                false
            }
            Bound::Figure { of, .. } => of.rule().is_some_and(Rule::is_lower),
            Bound::Every { bound, .. } => bound.is_lower(),
        }
    }

    /// Whether more traffic makes it easier to meet; of windows by themselves the first ones may still miss it.
    pub(crate) fn is_eased_by_traffic(&self) -> bool {
        match self {
            Bound::Figure { of, .. } => of.rule().is_some_and(|rule| rule.eased_by_traffic),
            _ => false,
        }
    }

    /// Whether equality meets it.
    pub fn is_inclusive(&self) -> bool {
        match self {
            Bound::Latency { inclusive, .. }
            | Bound::Errors { inclusive, .. }
            | Bound::Cost { inclusive, .. }
            | Bound::Availability { inclusive, .. }
            | Bound::Figure { inclusive, .. }
            | Bound::Recovery { inclusive, .. }
            | Bound::Headroom { inclusive, .. } => *inclusive,
            Bound::Every { bound, .. } => bound.is_inclusive(),
        }
    }

    /// The class whose rows it needs where it is asked in windows.
    pub fn class_by_row(&self) -> Option<ClassId> {
        match *self.each() {
            Bound::Latency { class, .. }
            | Bound::Errors { class, .. }
            | Bound::Availability { class, .. } => class,
            _ => None,
        }
    }

    /// The figure that it bounds, if that is how long things stay somewhere.
    pub(crate) fn stays(&self) -> Option<&KindFigure> {
        let Bound::Figure { of, .. } = self.each() else { return None };
        of.rule().is_some_and(|rule| rule.stays).then_some(of)
    }

    /// Whether a value meets it.
    pub fn is_met_by(&self, value: f64) -> bool {
        let limit = self.limit();
        let strictly = if self.is_lower() { value > limit } else { value < limit };
        strictly || self.is_inclusive() && value == limit
    }
}

/// Most objectives of one key.
const OBJECTIVES_MAX: usize = 200;

/// Keys of what the requests of the whole system came to.
const REQUESTS: [Key; 8] = [
    Key::optional(
        "latency",
        "\"p99 < 800ms\", \"CLASS p99 < 800ms\" or \"p99 < 800ms every minute\"",
        "none",
        "a latency percentile of all requests or of one class: p50, p99.9, max; requests that failed have no latency, so where \
         most fail, the few that completed can meet it: bound errors or availability, too",
    ),
    Key::optional(
        "errors",
        "\"< 0.1%\" or \"CLASS < 1%\"",
        "none",
        "failed requests over arrived requests, of all or of one class; of a minute, over those that ended in it",
    ),
    Key::optional("cost", "\"< $500\"", "none", "the bill of the event, in US dollars"),
    Key::optional(
        "availability",
        "\">= 99.9%\", \"CLASS >= 99.9%\" or \">= 99% every minute\"",
        "none",
        "completed requests over those that ended, of all or of one class",
    ),
    Key::optional(
        "rto",
        "\"< 15m\"",
        "none",
        "the recovery time: how long after a fault began the objectives on latency, errors and availability hold again, each minute by itself and five in a \
         row; of several faults, the longest",
    ),
    Key::optional(
        "rpo",
        "\"< 1s\"",
        "none",
        "the recovery point: how far back the writes go that were answered and lost, because what took over did not have them",
    ),
    Key::optional("lost_writes", "\"<= 0\"", "none", "writes that were answered and lost"),
    Key::optional(
        "doubled_writes",
        "\"<= 0\"",
        "none",
        "writes that were done once more because a client, a caller or a queue did not know that they were done; asked with and without a fault",
    ),
];

/// The key of the headroom.
const HEADROOM: Key = Key::optional(
    "headroom",
    "\">= 1.3\" or \"of RESOURCE >= 1.5\"",
    "none",
    "times this traffic at which the nearest resource is full, by its use in the busiest time that is no chance (fleets at \
     their largest size; what was saturated counts as it stood, with 0.99 at most; a single job that fills a CPU does not \
     saturate it), of all, or of a fleet, cache, database, service or queue (its pollers and its limit of calls)",
);

/// All keys: of requests, of the figures of each kind, of the headroom.
const KEYS: [Key; REQUESTS.len() + OBJECTIVES + 1] = {
    let mut keys = [HEADROOM; REQUESTS.len() + OBJECTIVES + 1];
    let mut at = 0;
    while at + 1 < keys.len() {
        keys[at] = if at < REQUESTS.len() { REQUESTS[at] } else { OBJECTIVE_KEYS[at - REQUESTS.len()] };
        at += 1;
    }
    keys
};

/// The language of objectives.
pub const SHAPE: Shape = Shape {
    title: "[objectives]",
    about: "Bounds on the outcome. With `<` or `>` the bound itself is a miss, with `<=` or `>=` it is met; a percentile \
            that cannot be told from its bound (they are kept to a thousandth) counts as the bound. Each key takes one \
            bound or an array of them. `every minute` at the end (or `every 5m`, `every hour`) asks for it in each minute by \
            itself, those without a request left out: of latency, errors, availability, a hit ratio, or the max of a time such as lag.",
    keys: &KEYS,
};

/// The quantile behind `p99.9` or `max`, or a message and a hint.
///
/// # Errors
/// The text is no percentile.
pub fn quantile(percentile: &str) -> Result<f64, (String, &'static str)> {
    match percentile.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok()) {
        _ if percentile == "max" => Ok(1.0),
        // A hundredth of 99.9 is not 0.999 to the last bit, and a rank above may hang on that.
        Some(percent) if percent > 0.0 && percent <= 100.0 => Ok((percent * 1e9).round() / 1e11),
        Some(_) => Err((
            format!("percentile `{percentile}` is out of range"),
            "percentiles lie between p0 and p100; the one with three nines is p99.9",
        )),
        None => Err((format!("`{percentile}` is not a percentile"), "write \"p99 < 800ms\" or \"max < 2s\"")),
    }
}

impl Objective {
    /// Reads all objectives; `bucket` is the width of a row of the timeline, `all` what they can be on.
    pub(super) fn read_all(reader: &Reader, bucket: Time, all: &Settings) -> Vec<Objective> {
        let mut objectives = Vec::new();
        for kind in &reading::kinds() {
            let values = reader.maybe(kind.key, |value| match value.is_table() {
                false => value.one_or_more(OBJECTIVES_MAX),
                true => {
                    reading::not_a_table(value, kind);
                    None
                }
            });
            objectives.extend(values.unwrap_or_default().into_iter().filter_map(|value| {
                if value.is_table() {
                    reading::not_a_table(value, kind);
                    return None;
                }
                let text = value.text()?;
                let bound = reading::bound(value, text, kind, (bucket, all))?;
                Some(Objective { text: format!("{} {}", kind.key, text.trim()), bound })
            }));
        }
        objectives
    }
}
