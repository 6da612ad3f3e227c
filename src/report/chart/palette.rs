//! One colour for one meaning, the same in every chart. In: what is shown. Out: its colour.
//!
//! The hues are those of Okabe and Ito (2008), which people with any common colour vision can tell apart.

use std::collections::BTreeMap;

use plotters::style::{RGBAColor, RGBColor};

use crate::measure::chart::Hue;
use crate::outcome::{Cause, Stage, StageKind};

const ORANGE: RGBColor = RGBColor(0xE6, 0x9F, 0x00);
const SKY: RGBColor = RGBColor(0x56, 0xB4, 0xE9);
const GREEN: RGBColor = RGBColor(0x00, 0x9E, 0x73);
const YELLOW: RGBColor = RGBColor(0xF0, 0xE4, 0x42);
const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xB2);
const VERMILION: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
const PURPLE: RGBColor = RGBColor(0xCC, 0x79, 0xA7);
const GREY: RGBColor = RGBColor(0x99, 0x99, 0x99);
const OLIVE: RGBColor = RGBColor(0x7A, 0x9A, 0x01);
const SAND: RGBColor = RGBColor(0xB9, 0xA8, 0x8E);
const CRIMSON: RGBColor = RGBColor(0xA8, 0x1E, 0x5B);
const PALE_BLUE: RGBColor = RGBColor(0x9F, 0xC9, 0xE3);

/// Titles and names.
pub const INK: RGBColor = RGBColor(0x1F, 0x24, 0x2B);
/// Subtitles and the names of ticks.
pub const MUTED: RGBColor = RGBColor(0x57, 0x60, 0x6A);
/// Axes.
pub const EDGE: RGBColor = RGBColor(0xA8, 0xAF, 0xB7);
/// Grid lines: transparent ink, visible on white and on areas.
pub const GRID: RGBAColor = RGBAColor(0x1F, 0x24, 0x2B, 0.13);
/// Background of spans in which the system was overloaded or failing.
pub const TROUBLE: RGBColor = RGBColor(0xFB, 0xEB, 0xE1);

/// Latency percentiles, from the median to the far tail.
pub const P50: RGBColor = SKY;
/// The 95th percentile.
pub const P95: RGBColor = BLUE;
/// The 99th percentile.
pub const P99: RGBColor = ORANGE;
/// The 99.9th percentile.
pub const P99_9: RGBColor = VERMILION;
/// Resources from idle to full, and then to what turns requests away: lighter is less, for any colour vision.
pub const HEAT: [RGBColor; 6] = [
    RGBColor(0xE9, 0xEE, 0xF2),
    RGBColor(0xF7, 0xDD, 0x9C),
    RGBColor(0xF0, 0xA2, 0x45),
    VERMILION,
    RGBColor(0x9C, 0x1C, 0x1C),
    RGBColor(0x18, 0x12, 0x1C),
];
/// Numbers of requests, from few to many.
pub const COUNTS: [RGBColor; 5] = [
    RGBColor(0xDC, 0xE9, 0xF5),
    RGBColor(0xA6, 0xCE, 0xE3),
    RGBColor(0x5B, 0xA3, 0xCF),
    RGBColor(0x1F, 0x6D, 0xB0),
    RGBColor(0x08, 0x30, 0x6B),
];
/// Percentiles on such cells.
pub const MAP_P99: RGBColor = VERMILION;
/// The median there.
pub const MAP_P50: RGBColor = INK;

/// Request classes, in the order of the file.
pub const CLASSES: [RGBColor; 5] = [ORANGE, GREEN, PURPLE, SKY, VERMILION];

/// Scenarios that are compared, the first one first.
pub const SIDES: [RGBColor; 8] = [INK, BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, GREY];
/// Requests that arrived.
pub const OFFERED: RGBColor = INK;
/// Requests that completed.
pub const SERVED: RGBColor = RGBColor(0x8C, 0xD0, 0xBB);
/// Attempts, retries included.
pub const ATTEMPTS: RGBColor = GREY;

/// Connections that are open.
pub const POOL: RGBColor = PALE_BLUE;
/// Those that there may be.
pub const LIMIT: RGBColor = VERMILION;
/// Those in use.
pub const IN_USE: RGBColor = BLUE;
/// What waits.
pub const WAITING: RGBColor = PURPLE;

/// Services of a bill, the dearest first.
pub const SERVICES: [RGBColor; 7] = [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW];

/// Money spent so far.
pub const SPENT: RGBColor = PALE_BLUE;
/// Money spent per hour.
pub const SPENDING: RGBColor = BLUE;
/// Slow requests as a whole.
pub const SLOW: RGBColor = P99;

/// Capacity added.
pub const SCALE_OUT: RGBColor = GREEN;
/// Capacity removed.
pub const SCALE_IN: RGBColor = RGBColor(0x75, 0x7C, 0x84);
/// Something that went wrong.
pub const INCIDENT: RGBColor = VERMILION;
/// Deployment.
pub const DEPLOYMENT: RGBColor = BLUE;

/// The rest, if only the largest are shown.
pub const REST: RGBColor = RGBColor(0xD9, 0xDC, 0xE0);

const DARK: RGBColor = RGBColor(0x3B, 0x42, 0x4A);
/// Far from the dark line of what was offered.
const VIOLET: RGBColor = RGBColor(0x6A, 0x3D, 0x9A);

/// The colours of the charts that kinds have written down.
pub fn hue(hue: Hue) -> RGBColor {
    match hue {
        Hue::Blue => BLUE,
        Hue::Orange => ORANGE,
        Hue::Green => GREEN,
        Hue::Yellow => YELLOW,
        Hue::Sky => SKY,
        Hue::Vermilion => VERMILION,
        Hue::Purple => PURPLE,
        Hue::Dark => INK,
        Hue::PaleGreen => RGBColor(0x5C, 0xBF, 0xA3),
        Hue::PaleBlue => PALE_BLUE,
        Hue::PaleGrey => RGBColor(0xC4, 0xC8, 0xCC),
        Hue::PaleRed => RGBColor(0xEE, 0xBB, 0xA4),
    }
}

/// A colour for each cause of failure: that of the kind of wait it names, or one that is still free. None has that of the p99 or of the
/// median, which the summary shows as well.
pub fn causes(causes: &[Cause]) -> Vec<RGBColor> {
    const SPARE: [RGBColor; 8] = [BLUE, YELLOW, OLIVE, SAND, PURPLE, VERMILION, GREY, VIOLET];
    let mut given: Vec<RGBColor> = Vec::new();
    let mut colours: Vec<Option<RGBColor>> = Vec::new();
    for cause in causes {
        let known = cause_of_its_own(*cause).filter(|colour| !given.contains(colour));
        given.extend(known);
        colours.push(known);
    }
    let mut spare = SPARE.into_iter().filter(|colour| !given.contains(colour));
    colours.into_iter().map(|colour| colour.or_else(|| spare.next()).unwrap_or(REST)).collect()
}

fn cause_of_its_own(cause: Cause) -> Option<RGBColor> {
    match cause {
        Cause::PoolTimeout => Some(VERMILION),
        Cause::LockTimeout | Cause::Deadlock => Some(PURPLE),
        Cause::ClientTimeout => Some(CRIMSON),
        Cause::GatewayTimeout => Some(YELLOW),
        Cause::ServiceUnavailable => Some(GREY),
        Cause::BadGateway => Some(VIOLET),
        Cause::CallTimeout => Some(BLUE),
        Cause::CircuitOpen => Some(OLIVE),
        Cause::Forbidden => Some(SAND),
        Cause::InternalError
        | Cause::QueueFull
        | Cause::Impatience
        | Cause::LeftWaitingRoom
        | Cause::Throttled
        | Cause::DatabaseUnavailable
        | Cause::CorruptData
        | Cause::BulkheadFull
        | Cause::Shed
        | Cause::DependencyFailed
        | Cause::ConnectionReset
        | Cause::ConnectionRefused
        | Cause::ConnectionTimeout
        | Cause::BandwidthExceeded
        | Cause::NoAnswer
        | Cause::PortsExhausted
        | Cause::SlowDown
        | Cause::PortAllocation
        | Cause::ThroughputExceeded
        | Cause::StreamThroughputExceeded
        | Cause::TooManyRequests
        | Cause::FunctionTimeout
        | Cause::FunctionError
        | Cause::PayloadTooLarge
        | Cause::NotFound => None,
    }
}

/// A colour for each stage: the hue shows the kind of time, lighter ones are further resources of that kind. Where there are too many of
/// one kind to tell them apart, the hue shows the resource, and lighter ones are further stages there.
pub fn stages(stages: &[Stage]) -> Vec<RGBColor> {
    let alike = |one: &Stage| stages.iter().filter(|other| other.kind == one.kind).count();
    if stages.iter().map(alike).max().unwrap_or(0) > MOST_SHADES {
        return by_resource(stages);
    }
    let mut seen: BTreeMap<StageKind, u32> = BTreeMap::new();
    let colour = |stage: &Stage| {
        let nth = seen.entry(stage.kind).or_default();
        *nth += 1;
        lighter(stage_kind(stage.kind), *nth - 1)
    };
    stages.iter().map(colour).collect()
}

/// Resources of one kind that can be told apart by how light they are.
const MOST_SHADES: usize = 2;

fn by_resource(stages: &[Stage]) -> Vec<RGBColor> {
    const HUES: [RGBColor; 8] = [BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY, YELLOW, VIOLET];
    let mut seen: Vec<(&str, u32)> = Vec::new();
    let mut colours = Vec::new();
    for stage in stages {
        let place = seen.iter().position(|(name, _)| *name == stage.resource);
        let place = place.unwrap_or(seen.len());
        if place == seen.len() {
            seen.push((&stage.resource, 0));
        }
        let (name, nth) = &mut seen[place];
        colours.push(match name.is_empty() {
            true => stage_kind(stage.kind),
            false => lighter(HUES[place % HUES.len()], *nth),
        });
        *nth += 1;
    }
    colours
}

fn stage_kind(kind: StageKind) -> RGBColor {
    match kind {
        StageKind::Network => GREY,
        StageKind::Retry => DARK,
        StageKind::Thread => ORANGE,
        StageKind::Cpu => YELLOW,
        StageKind::Pool => VERMILION,
        StageKind::Cache => GREEN,
        StageKind::Database => BLUE,
        StageKind::Lock => PURPLE,
        StageKind::Service => SKY,
        StageKind::Start => CRIMSON,
        StageKind::WaitingRoom => VIOLET,
        StageKind::Queue => OLIVE,
        StageKind::Storage => VIOLET,
        StageKind::Delay => SAND,
    }
}

/// How much of its colour a band around a line has: others show through it.
pub const OF_BAND: f64 = 0.25;

/// The colour of such a band on white.
pub fn pale(colour: RGBColor) -> RGBColor {
    mixed(colour, OF_BAND)
}

/// Mixed with white, more with each step.
fn lighter(colour: RGBColor, steps: u32) -> RGBColor {
    mixed(colour, 0.62f64.powi(steps.min(3) as i32))
}

/// So much of it, the rest white.
fn mixed(colour: RGBColor, keep: f64) -> RGBColor {
    let mix = |value: u8| (255.0 - (255.0 - f64::from(value)) * keep).round() as u8;
    RGBColor(mix(colour.0), mix(colour.1), mix(colour.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_has_the_colour_of_what_it_waits_for_whatever_else_occurred() {
        use Cause::*;
        let few = causes(&[Cause::PoolTimeout]);
        let many = causes(&[QueueFull, Throttled, ClientTimeout, Deadlock, LockTimeout, PoolTimeout]);
        assert_eq!(few[0], many[5]);
        for (index, colour) in many.iter().enumerate() {
            assert!(!many[..index].contains(colour));
            assert!(![P50, P99].contains(colour), "the summary shows both");
        }
    }

    /// Three fleets have a hue each; waiting for a thread and the CPU of one are two shades of it.
    #[test]
    fn of_three_resources_of_a_kind_each_has_its_own_hue() {
        use StageKind::*;
        let names = ["a", "b", "c"];
        let stage = |kind, name: &str| Stage { label: String::new(), kind, resource: name.into(), of: None };
        let both = names.map(|name| [stage(Thread, name), stage(Cpu, name)]).concat();
        let network = [both, vec![stage(Network, "")]].concat();
        let found = super::stages(&network);
        let expected = [BLUE, ORANGE, GREEN].map(|hue| [hue, lighter(hue, 1)]).concat();
        assert_eq!((found[6], &found[..6]), (GREY, &expected[..]));
        let two = super::stages(&[stage(Cpu, "a"), stage(Cpu, "b")]);
        assert_eq!(two, [YELLOW, lighter(YELLOW, 1)]);
    }

    #[test]
    fn no_two_kinds_of_time_and_no_two_resources_share_a_colour() {
        use StageKind::*;
        let kinds = [
            Network, Retry, Thread, Cpu, Pool, Cache, Database, Lock, Service, Start, Queue, Storage, Delay,
            Pool, Database,
        ];
        let stages =
            kinds.map(|kind| Stage { label: String::new(), kind, resource: String::new(), of: None });
        let mut colours = super::stages(&stages);
        colours.sort_by_key(|colour| (colour.0, colour.1, colour.2));
        colours.dedup();
        assert_eq!(colours.len(), stages.len());
    }
}
