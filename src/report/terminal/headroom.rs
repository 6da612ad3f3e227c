//! Headroom to saturation. In: an [`Outcome`]. Out: a line for each resource, the nearest limit first, and in words.

use crate::id::Owner;
use crate::number::{all_of, clock, of_capacity, things, times, whole};
use crate::outcome::{Headroom, Outcome, Resource, Strike};
use crate::report::section::Section;
use crate::report::table::{BAD, Cell, PLAIN, QUIET, Side, Table, WARNING};
use crate::text::Word;
use crate::units::Time;

/// Columns of the sentence on the nearest limit; longer ones go on in the next line.
const LINE: usize = 110;
/// Most resources shown, if not all.
const MOST: usize = 6;
/// A limit is near below this multiple of the run's traffic.
const NEAR: f64 = 1.5;
/// Above this multiple its busiest minutes left room of something that was saturated.
const ROOM: f64 = 1.1;

pub(in crate::report) const PART: Word = Word::new(
    "Headroom",
    "How much more traffic each resource could take before it is full, the nearest limit first; an estimate from the busiest minutes of the run. `simcap headroom` finds it by runs.",
);
/// The titles of the columns.
const HEADS: [Word; 6] = [
    Word::NONE,
    Word::new(
        "peak",
        "How much of the resource its busiest minutes asked for, in percent of what it can do.",
    ),
    Word::new("from", "When the busiest minutes of the resource began, on the clock of the run."),
    Word::new(
        "full at",
        "At which multiple of this traffic the resource is full, with the size that it had then: ×1.4 is 40 % more.",
    ),
    Word::new(
        "full at max size",
        "At which multiple of this traffic the resource is full with the largest size that Auto Scaling may give it.",
    ),
    Word::new(
        "instances",
        "How many instances there are at the largest size that Auto Scaling may reach, a count.",
    ),
];
/// The title of the part, and of what a row says of a resource first.
#[cfg(feature = "schema")]
pub(in crate::report) const TITLES: [&str; 3] = [PART.text, HEADS[1].text, HEADS[3].text];
const AT_ONCE: Word = Word::new(
    "at once",
    "More came in an instant than the resource could hold, while its busiest minutes had room; the peak of that has no percent.",
);
const ABSENT: Word = Word::new("none there", "Nothing of the resource served while work waited for it.");
const SATURATED: Word = Word::new(
    "saturated",
    "The resource was full in this run for longer than a moment: there is no room for more traffic.",
);
const WANTED: Word = Word::new(
    "wanted",
    "How much of the resource the largest size would ask for, in percent of what there is, where that does not follow the traffic.",
);
const NEAREST: Word =
    Word::new("nearest limit", "In words what fills first when traffic grows, and at which multiple of it.");

/// The words of this part.
pub(in crate::report) fn words() -> Vec<Word> {
    let heads = HEADS.into_iter().filter(|head| *head != Word::NONE);
    heads.chain([AT_ONCE, ABSENT, SATURATED, WANTED, NEAREST]).collect()
}

pub(super) fn section(outcome: &Outcome, whole: bool) -> Option<Section> {
    let used: Vec<&Headroom> =
        outcome.headroom.iter().filter(|it| it.as_it_stood.multiplier.is_some() || it.saturated).collect();
    let nearest = used.first()?;
    let most = if whole { usize::MAX } else { MOST };
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.sparing(&[5, 1, 2]);
    let grows = used.iter().take(most).any(|it| it.at_maximum.is_some());
    table.heads(&HEADS[..if grows { 6 } else { 4 }]);
    for headroom in used.iter().take(most) {
        table.row(row(headroom));
    }
    if let Some(next) = used.get(most) {
        let further = format!("{} more, from {} (-v)", used.len() - most, limit(next));
        table.row([Cell::new(format!("… {further}"), QUIET)]);
    }
    let remark = "estimated from the busiest minutes; assumes the same mix, hit ratios and response times";
    let nearest = match harder(&used, nearest) {
        _ if lost(nearest).is_some() => apart_from_lost(outcome, &used),
        _ if nearest.absent && nearest.held_by.is_none() => apart_from_absent(outcome, &used, nearest),
        Some(other) => format!("{}; {}", sentence(outcome, other), before_it_grew(nearest)),
        None => {
            let more = [by_runs(nearest), spread(nearest), was_full(outcome, nearest)];
            format!("{}{}", sentence(outcome, nearest), more.concat())
        }
    };
    let nearest = vec![format!("{}: {nearest}", NEAREST.text)];
    Some(Section::of(PART, remark).table(table).styled(nearest, PLAIN, Some(LINE)))
}

/// What was lost, so that what waited for it kept a resource full.
fn lost(headroom: &Headroom) -> Option<Resource> {
    headroom.held_by.filter(|of| of.is_event())
}

/// `the writer of db was lost, and what waited for it filled the rest; apart from that CPU of app saturates at ×20 of this traffic`.
fn apart_from_lost(outcome: &Outcome, used: &[&Headroom]) -> String {
    let mut names: Vec<String> = used.iter().filter_map(|it| Some(holding(outcome, lost(it)?))).collect();
    names.dedup();
    let was = if names.len() > 1 { "were" } else { "was" };
    let filled = format!("{} {was} lost, and what waited for it filled the rest", all_of(&names));
    match used.iter().find(|it| lost(it).is_none()) {
        Some(other) => format!("{filled}; apart from that {}", sentence(outcome, other)),
        None => filled,
    }
}

/// `smtp had nothing that serves for a time, while work waited for it; apart from that it saturates at ×3.75 of this traffic`.
fn apart_from_absent(outcome: &Outcome, used: &[&Headroom], nearest: &Headroom) -> String {
    let missing = sentence(outcome, nearest);
    let own = nearest.at_largest().filter(|own| *own > 1.0);
    // What is full with as little traffic as that, or less, stands before it on the page.
    let others = used.iter().filter(|it| !it.absent && !it.saturated);
    let other = others.filter(|it| it.limit() < own || own.is_none()).find(|it| it.limit().is_some());
    let (it, saturates) = (nearest.of.agreeing("it", "they"), nearest.of.agreeing("saturates", "saturate"));
    match (other, own) {
        (Some(other), _) => format!("{missing}; apart from that {}", sentence(outcome, other)),
        (None, Some(own)) => {
            format!("{missing}; apart from that {it} {saturates} at {} of this traffic", times(own))
        }
        (None, None) => missing,
    }
}

/// What fills before something that was saturated only until it had grown: its largest size is no limit as near as that.
fn harder<'a>(used: &[&'a Headroom], nearest: &Headroom) -> Option<&'a Headroom> {
    let largest = nearest.at_maximum.and(nearest.at_largest()).filter(|_| nearest.saturated)?;
    // What was saturated as well has a sentence like this one; what another one held full says nothing of its own size.
    let others = used.iter().copied().filter(|it| !it.saturated && it.held_by.is_none());
    let near = |it: &Headroom| it.at_largest().unwrap_or(f64::INFINITY);
    others.filter(|it| near(it) < largest).min_by(|a, b| near(a).total_cmp(&near(b)))
}

/// Whether its fleet has more instances at another time, by a timetable or a schedule: then the limit is that of a time.
fn grew(outcome: &Outcome, headroom: &Headroom) -> bool {
    let Owner::Fleet(fleet) = headroom.of.owner() else { return false };
    let serving = outcome.timeline.fleets.get(fleet).map_or(&[][..], |fleet| &fleet.serving);
    let most = serving.iter().copied().fold(0.0, f64::max);
    headroom.as_it_stood.instances.is_some_and(|then| most.round() > then.round())
}

/// `CPU of web was saturated before it had grown: 2 instances carried ×0.8, all 10 instances carry ×4.93 of this traffic`.
fn before_it_grew(headroom: &Headroom) -> String {
    let most = headroom.at_maximum.and_then(|it| Some((it.all(headroom.of)?, it.multiplier?)));
    let (most, multiplier) = most.unwrap_or_default();
    let (name, was) = (headroom.name(), headroom.of.agreeing("was", "were"));
    let it = headroom.of.agreeing("it", "they");
    let stood =
        headroom.as_it_stood.instances.map_or(it.into(), |count| things(count, headroom.of.grows_by()));
    format!(
        "{name} {was} saturated before {it} had grown: {stood} carried {}, {most} carry {} of this traffic",
        // Work that waits is no trouble once it has grown, so its limit is another one.
        headroom
            .as_it_stood
            .multiplier
            .into_iter()
            .chain(headroom.limit())
            .reduce(f64::min)
            .map_or("–".into(), times),
        times(multiplier)
    )
}

fn row(headroom: &Headroom) -> Vec<Cell> {
    let style = match headroom.limit() {
        _ if headroom.saturated => BAD,
        Some(limit) if limit < NEAR => WARNING,
        _ => PLAIN,
    };
    let load = &headroom.as_it_stood;
    let mut cells: Vec<Cell> = vec![
        headroom.name().into(),
        match headroom.at_once_s {
            Some(_) if load.multiplier.is_none() || !headroom.saturated => AT_ONCE.text.into(),
            _ => of_capacity(load.busy).into(),
        },
        match load.until_s {
            Some(until) => format!("{}–{}", clock(load.at_s), clock(until)).into(),
            None => clock(load.at_s).into(),
        },
        match (headroom.saturated, load.multiplier, headroom.at_maximum) {
            (true, ..) if headroom.absent => Cell::new(ABSENT.text, BAD),
            (true, ..) => Cell::new(SATURATED.text, BAD),
            (false, Some(multiplier), None) => Cell::new(times(multiplier), style),
            // Not yet a limit: Auto Scaling adds capacity.
            (false, Some(multiplier), Some(_)) => times(multiplier).into(),
            (false, None, _) => "–".into(),
        },
    ];
    if let Some((multiplier, most)) = headroom.at_maximum.and_then(|it| Some((it.multiplier?, it.instances?)))
    {
        // Connections do not depend on the traffic: shown is how many the largest size would want.
        cells.push(match headroom.of.follows_traffic() {
            false => {
                let wanted = headroom.at_maximum.map_or(0.0, |it| it.busy);
                Cell::new(format!("{} {}", of_capacity(wanted), WANTED.text), style)
            }
            true => Cell::new(times(multiplier), style),
        });
        cells.push(match headroom.of.grows_by() {
            "instance" => whole(most).into(),
            unit => things(most, unit).into(),
        });
    }
    cells
}

/// `, 95 %: ×1.09 to ×1.13`, of what was not saturated: where the mean of many runs lies, not how far single ones are apart. The
/// estimate is of the rows of all runs together: where the interval of the mean does not hold it, the page says of what it is.
fn by_runs(headroom: &Headroom) -> String {
    let interval = headroom.by_runs.filter(|_| !headroom.saturated && headroom.of.follows_traffic());
    let Some((interval, limit)) = interval.zip(headroom.limit()) else { return String::new() };
    let (low, high) = (times(interval.low), times(interval.high));
    let is_of_it = interval.holds(limit);
    match low == high {
        true if is_of_it || low == times(limit) => String::new(),
        true => format!("; in single runs it is {low}"),
        false if is_of_it => format!(", 95 %: {low} to {high}"),
        false => {
            let side = if limit < interval.low { "higher" } else { "lower" };
            format!("; the mean of single runs is {side}, 95 %: {low} to {high}")
        }
    }
}

/// `; what waits from 0:00 on can be worked off until 20:00`: a queue has spread the work over that time.
fn spread(headroom: &Headroom) -> String {
    let load = &headroom.as_it_stood;
    match load.until_s.filter(|_| !headroom.saturated) {
        Some(until) => {
            format!("; what waits from {} on can be worked off until {}", clock(load.at_s), clock(until))
        }
        None => String::new(),
    }
}

/// `; that it was full from 0:00 on, at times, is chance or a moment: its busiest minutes ask for 92.1 % of it`, where the phases say that it
/// was. Being full there is that work waited or was turned away; a limit is what its busiest minutes together have no room for.
fn was_full(outcome: &Outcome, headroom: &Headroom) -> String {
    let load = &headroom.as_it_stood;
    let (it, was) = (headroom.of.agreeing("it", "they"), headroom.of.agreeing("was", "were"));
    let (its, them) = (headroom.of.agreeing("its", "their"), headroom.of.agreeing("it", "them"));
    if let Some(work_s) = headroom.at_once_s.filter(|_| !headroom.saturated) {
        let (at, work) = (clock(load.at_s), about(work_s));
        return format!(
            "; what came at once at {at} filled {them} for {work}, which is a moment and no limit yet"
        );
    }
    let links = || outcome.phases.iter().filter(|phase| phase.trouble).flat_map(|phase| &phase.chain);
    let Some(full) = links().find(|link| link.resource == Some(headroom.of)) else { return String::new() };
    let has_room = load.busy < 1.0 && headroom.limit() > Some(1.0) && headroom.of.follows_traffic();
    if headroom.saturated || !has_room || load.until_s.is_some() {
        return String::new();
    }
    let (at, busy) = (clock(full.at_s), of_capacity(load.busy));
    let why = match outcome.faults.iter().find(|strike| is_felt(strike, full.at_s)) {
        Some(strike) => format!("on, while `{}` was felt, is no limit of this traffic", strike.name),
        None => "on is chance or a moment".into(),
    };
    format!("; that {it} {was} full at times from {at} {why}: {its} busiest minutes ask for {busy} of {them}")
}

/// Whether a fault was not over at that time, or requests were not yet as before.
fn is_felt(strike: &Strike, at_s: f64) -> bool {
    let mitigated = strike.mitigated_after_s.map(|after| strike.at_s + after);
    let end = strike.until_s.zip(mitigated).map_or(f64::INFINITY, |(until, mitigated)| until.max(mitigated));
    (strike.at_s..=end).contains(&at_s)
}

fn limit(headroom: &Headroom) -> String {
    headroom.limit().map_or("–".into(), times)
}

fn sentence(outcome: &Outcome, nearest: &Headroom) -> String {
    let (name, of) = (nearest.name(), nearest.of);
    let (was, saturates) = (of.agreeing("was", "were"), of.agreeing("saturates", "saturate"));
    let largest = nearest.at_maximum.and_then(|it| Some((it.multiplier?, it.all(nearest.of)?, it.busy)));
    if nearest.endless {
        return format!(
            "{name} {was} kept full by work that comes back without end: no traffic is carried, however little"
        );
    }
    if nearest.closed {
        return format!(
            "{name} {was} kept full by users who send again as soon as they are answered: they ask for as much as they \
             get; how many of them fit is found by `simcap headroom` only"
        );
    }
    if let Some(work_s) = nearest.at_once_s.filter(|_| nearest.as_it_stood.multiplier.is_none()) {
        return format!(
            "{name} {was} kept full by what came at once at {}: that takes {} to work off; how much of it is carried \
             within your objective is found by `simcap headroom` only",
            clock(nearest.as_it_stood.at_s),
            about(work_s)
        );
    }
    if let Some(holder) = nearest.held_by {
        let holder = holding(outcome, holder);
        let them = of.agreeing("it", "them");
        return format!("{name} {was} kept full by {holder}: more of {them} would not help");
    }
    if nearest.absent {
        return match of.agreeing("one", "many") {
            "one" => format!("{name} had nothing that serves for a time, while work waited for it"),
            _ => format!("{name}: none were there for a time, while work waited for them"),
        };
    }
    match (nearest.of.follows_traffic(), nearest.saturated, largest) {
        (false, true, _) => {
            let wanted = wanted(nearest.as_it_stood.busy);
            format!("{name}: the pools wanted {wanted} what it takes, so some were refused")
        }
        (false, false, Some((_, most, wanted))) => format!(
            "{name}: {most} would want {} what it takes; a fleet that grows with the traffic \
             gets there at {}",
            self::wanted(wanted),
            limit(nearest)
        ),
        (_, true, None) => match nearest.as_it_stood.multiplier {
            Some(multiplier) if multiplier < 1.0 && grew(outcome, nearest) => {
                let (at, size) =
                    (clock(nearest.as_it_stood.at_s), nearest.as_it_stood.instances.unwrap_or(0.0));
                let (size, carried) = (things(size, "instance"), limit(nearest));
                format!(
                    "{name} {was} saturated at {at}, with {size}: that carried {carried} of the traffic then"
                )
            }
            Some(multiplier) if multiplier < 1.0 => {
                let carry = of.agreeing("it carries", "they carry");
                format!("{name} {was} saturated: {carry} {} of this traffic", limit(nearest))
            }
            // Full for a while, and not because of the traffic of its busiest minutes: these asked for less.
            Some(multiplier) if multiplier > ROOM => {
                let busy = of_capacity(nearest.as_it_stood.busy);
                let (its, it) = (of.agreeing("its", "their"), of.agreeing("it", "them"));
                format!(
                    "{name} {was} saturated for a time, though {its} busiest minutes asked for {busy} of {it}"
                )
            }
            _ => format!("{name} {was} saturated: no more traffic fits"),
        },
        (_, true, Some((multiplier, most, _))) if multiplier < 1.0 => {
            format!("{name} {was} saturated: even {most} carry only {} of this traffic", times(multiplier))
        }
        (_, true, Some(_)) => before_it_grew(nearest),
        (_, false, None) => format!("{name} {saturates} at {} of this traffic", limit(nearest)),
        (_, false, Some((multiplier, most, _))) => {
            format!("{name} {saturates} at {} of this traffic, with {most}", times(multiplier))
        }
    }
}

/// Seconds in words, to three digits: `12.5s`.
fn about(seconds: f64) -> String {
    let digit = libm::pow(10.0, 2.0 - libm::log10(seconds.max(1.0)).floor());
    Time::from_secs_f64((seconds * digit).round() / digit).to_string()
}

/// A share in words: `120 % of`, or `12 times`.
fn wanted(part: f64) -> String {
    let text = of_capacity(part);
    if text.ends_with("times") { text } else { format!("{text} of") }
}

fn holding(outcome: &Outcome, holder: Resource) -> String {
    match holder {
        Resource::Locks { database } => {
            let name = outcome.databases.get(database).map_or("the database", |it| it.name.as_str());
            format!("transactions that waited for row locks of {name}")
        }
        Resource::LostNodes { database, .. } => {
            let name = outcome.databases.get(database).map_or("the database", |it| it.name.as_str());
            format!("the writer of {name}")
        }
        of => {
            let other = outcome.headroom.iter().find(|it| it.of == of);
            other.map_or_else(|| "something saturated".into(), |it| format!("the saturated {}", it.name()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::outcome::runs::Runs;

    /// The section of the page, without line breaks.
    fn page(text: &str, seeds: u64) -> String {
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let mut runs = Runs::new(&scenario, &[]);
        (1..=seeds).for_each(|seed| runs.add(seed, crate::model::run(&scenario, seed, &mut |_| {})));
        let section = section(&runs.outcome(), false).unwrap().to_string();
        section.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    const FLEET: &str = "[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"100ms\" }]\n[fleet.web]\n\
                         instance = { vcpus = 1, memory = \"4 GiB\" }\n";

    /// 25/s × 100 ms are two and a half instances: one carries 0.4 of that, four carry 1.6 times as much.
    #[test]
    fn a_fleet_that_was_full_before_it_grew_says_what_each_size_carries() {
        let text = format!(
            "duration = \"20m\"\ntraffic.a.rate = \"25/s\"\nclient = {{ timeout = \"10s\" }}\n{FLEET}min = 1\nmax = 4\n\
             scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 60 }} }}]\n"
        );
        let page = page(&text, 1);
        let words = "CPU of web was saturated before it had grown: 1 instance carried ×0.";
        assert!(page.contains(words) && page.contains(", all 4 instances carry ×1."), "{page}");
    }

    #[test]
    fn the_limit_of_a_timetable_is_that_of_a_time() {
        let text = format!(
            "duration = \"12m\"\ntraffic.a.rate = [[\"0m\", \"4/s\"], [\"5m\", \"4/s\"], [\"5m\", \"18/s\"]]\n\
             client = {{ timeout = \"10s\" }}\n{FLEET}instances = 1\ntimetable = [[\"0m\", 1], [\"8m\", 3]]\n"
        );
        let page = page(&text, 1);
        assert!(page.contains("CPU of web was saturated at 5:"), "{page}");
        assert!(page.contains(", with 1 instance: that carried ×0.5"), "{page}");
        assert!(page.contains("of the traffic then"), "{page}");
    }

    /// 1,200 messages come in the first minute, and five pollers have each for 2 s: 480 s of twenty minutes.
    #[test]
    fn a_backlog_that_is_spread_says_over_which_time() {
        let text = "duration = \"20m\"\n[traffic.t]\nrate = [[\"0s\", \"20/s\"], [\"60s\", \"20/s\"], [\"60s\", \"0/s\"]]\n\
                    interarrival = \"1s\"\n[request.put]\nsteps = [{ send = \"jobs\" }]\n[queue.jobs]\nworkers = \"w\"\n\
                    time = \"1980ms\"\npollers = 5\nwait = \"20s\"\n[fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n\
                    [objectives]\nage = \"p99 < 10m\"\n";
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let mut runs = Runs::new(&scenario, &[]);
        runs.add(1, crate::model::run(&scenario, 1, &mut |_| {}));
        let outcome = runs.outcome();
        let section =
            section(&outcome, false).unwrap().to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(section.contains("pollers of jobs 40.0 % 0:00–20:00 ×2.5"), "{section}");
        let words = "pollers of jobs saturate at ×2.5 of this traffic; what waits from 0:00 on can be worked off until 20:00";
        assert!(section.contains(words), "{section}");
        let phase = &outcome.phases[0].sentence;
        let words = "tightest: pollers of `jobs` 40 % busy from 0:00 to 20:00, the time to work off what waited, full at ×2.5";
        assert!(phase.contains(words), "{phase}");
    }

    /// A writer alone in zone a, which is lost from 2 to 5 minutes: 20/s wait for a connection and hold a thread each. The CPU does
    /// 20 times 20 ms a second, of two vCPUs.
    #[test]
    fn what_waits_for_a_lost_writer_is_no_limit() {
        let page = page(
            "duration = \"8m\"\nbucket = \"5s\"\ntraffic.a.rate = \"20/s\"\nclient = { timeout = \"20s\" }\n\
             [request.page]\nvia = \"app\"\nsteps = [{ cpu = \"20ms\" }, { write = \"db\", demand = \"200us\" }]\n[fleet.app]\n\
             instance = \"m5.large\"\ninstances = 1\nthreads = 100\nazs = [\"b\"]\npools = { db = 5 }\n[database.db]\n\
             engine = \"mysql\"\nwriter = \"db.r6g.large\"\n[fault.gone]\nzone = \"a\"\nat = \"2m\"\nfor = \"3m\"\n",
            1,
        );
        let words = "nearest limit: the writer of db was lost, and what waited for it filled the rest; apart from that CPU of app \
                     saturates at ×";
        assert!(page.contains(words), "{page}");
        assert!(page.contains("threads of app") && page.contains("saturated"), "the table has it: {page}");
    }

    #[test]
    fn several_runs_say_how_well_they_know_their_mean() {
        let text = format!("duration = \"20m\"\ntraffic.a.rate = \"5/s\"\n{FLEET}instances = 1\n");
        let (one, four) = (page(&text, 1), page(&text, 4));
        assert!(!one.contains("95 %"), "{one}");
        assert!(
            four.contains(" of this traffic, 95 %: ×1.9") || four.contains(" of this traffic, 95 %: ×2"),
            "{four}"
        );
    }

    /// What is full for a moment, or by chance, in the phases, and has room in its busiest minutes: the page says both. Of 1,250 who come
    /// at once five servers have 2.5 s of work; of ten servers eight are asked for, and some are turned away by chance.
    #[test]
    fn what_was_full_for_a_moment_or_by_chance_says_that_it_was() {
        let moment = |traffic: &str| {
            format!(
                "duration = \"2m\"\n{traffic}\n[request.r]\nsteps = [{{ service = \"s\" }}]\n[service.s]\nservers = 5\n\
                 time = \"10ms\"\n[objectives]\nlatency = \"p99 <= 1s\"\n"
            )
        };
        let users = "[users.u]\ncount = [[\"0s\", 0], [\"30s\", 0], [\"30s\", 1250]]\nthink = \"1h\"\nstart = \"request\"";
        let rate = "bucket = \"5s\"\n[traffic.u]\ninterarrival = \"1us\"\nrate = [[\"0s\", \"0/s\"], [\"30s\", \"0/s\"], \
                    [\"30s\", \"1250000/s\"], [\"30.001s\", \"1250000/s\"], [\"30.001s\", \"0/s\"]]";
        let once = page(&moment(rate), 1);
        assert!(once.contains("s at once 0:30 "), "{once}");
        let words = "s saturates at ×1.2 of this traffic; what came at once at 0:30 filled it for 2.5s, which is a moment and no \
                     limit yet";
        assert!(once.contains(words), "{once}");
        // In rows of a second, of which two were full.
        let once = page(&moment(users), 8);
        let words = "s saturates at ×1.2 of this traffic; that it was full at times from 0:30 on is chance or a moment: its busiest \
                     minutes ask for 83.3 % of it";
        assert!(once.contains(words), "{once}");
        let text = |rate: &str| {
            format!(
                "duration = \"10m\"\ntraffic.a.rate = \"{rate}\"\n[request.r]\nsteps = [{{ service = \"s\" }}]\n[service.s]\n\
                 servers = 10\nqueue = 0\ntime = \"exponential 100ms\"\n"
            )
        };
        let chance = page(&text("80/s"), 4);
        let words =
            "; that it was full at times from 0:00 on is chance or a moment: its busiest minutes ask for 80";
        assert!(chance.contains(words), "{chance}");
        let calm = page(&text("8/s"), 4);
        assert!(calm.contains("s saturates at") && !calm.contains("full at times"), "{calm}");
    }

    /// The interval of the mean of single runs stands beside the estimate that it holds. Beside another one it says what it is.
    #[test]
    fn an_interval_that_does_not_hold_the_estimate_says_of_what_it_is() {
        let mut headroom = crate::outcome::sample::several().headroom.remove(0);
        let interval = |low: f64, high: f64| crate::interval::Interval {
            low,
            high,
            half_width: (high - low) / 2.0,
            level: 0.95,
            runs: 8,
        };
        headroom.saturated = false;
        headroom.at_maximum = None;
        headroom.as_it_stood.multiplier = Some(1.05);
        let mut words = |low: f64, high: f64| {
            headroom.by_runs = Some(interval(low, high));
            by_runs(&headroom)
        };
        assert_eq!(words(1.01, 1.09), ", 95 %: ×1.01 to ×1.09");
        assert_eq!(words(1.55, 1.59), "; the mean of single runs is higher, 95 %: ×1.55 to ×1.59");
        assert_eq!(words(0.55, 0.59), "; the mean of single runs is lower, 95 %: ×0.55 to ×0.59");
        assert_eq!(
            (words(1.05, 1.05), words(1.57, 1.57)),
            (String::new(), "; in single runs it is ×1.57".into())
        );
    }

    /// What was saturated carries 0.99 of its traffic at most, in the sentence as in an objective.
    #[test]
    fn what_was_saturated_carries_no_more_in_words_than_for_an_objective() {
        let mut outcome = crate::outcome::sample::several();
        outcome.headroom.truncate(1);
        outcome.headroom[0].saturated = true;
        outcome.headroom[0].at_maximum = None;
        outcome.headroom[0].as_it_stood.multiplier = Some(0.996);
        let section = section(&outcome, false).unwrap().to_string();
        assert!(section.contains("carries ×0.99 of this traffic"), "{section}");
    }
}
