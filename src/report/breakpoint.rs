//! The page of a search for limits. In: [`Breakpoints`]. Out: styled text: what breaks first in sentences, then a table.

use super::changes::with_changes;
use super::section::{Paper, Section};
use super::table::{BAD, Cell, GOOD, HEADING, PLAIN, QUIET, Side, Table, WARNING, paint};
use crate::breakpoint::{Between, Breakpoints, Ended, Limit, Probe, Subject};
use crate::number::{agreeing, all_of, clock, count, counted, number, share, times};

/// What it means that goodput stops growing.
const STOPS: &str = "Goodput stops growing where over the last 5 % it grows by less than half as much as the traffic, or as the number of users: it turns up to 2.5 % below.";
/// What it means that a resource saturates, where a fault fills some for a while.
const SATURATES: &str = "A resource saturates where its busiest minutes ask for all of it; what a fault fills for a moment is no limit of the traffic.";
/// Sentences on what breaks after the first.
const MOST_NEXT: usize = 3;
/// Most limits of one step that are named.
const MOST_TOGETHER: usize = 4;

/// Everything that a search found.
pub fn breakpoints(found: &Breakpoints, paper: Paper) -> String {
    let parts = parts(found);
    let printed = parts.iter().map(|part| paper.print(part)).chain(paper.left_out(&parts));
    paper
        .fold([title(found), first_to_break(found)].into_iter().chain(printed).collect::<Vec<_>>().join("\n"))
}

/// The tables: what breaks at which multiple, and what was run.
pub(super) fn parts(found: &Breakpoints) -> [Section; 2] {
    [limits(found), probes(found)]
}

fn title(found: &Breakpoints) -> String {
    let scenario = &found.scenario;
    let facts = paint(QUIET, facts(found));
    let file = with_changes(&scenario.file, &scenario.overrides);
    format!("{}  {facts}\n  {file}\n", paint(HEADING, &scenario.name))
}

/// How much was run: `12 multiples of its traffic, one run of each under seed 1`.
pub(super) fn facts(found: &Breakpoints) -> String {
    let (tried, runs) = (found.probes.len() as u64, found.seeds.len());
    let seeds = match found.seeds.as_slice() {
        [seed] => format!("one run of each under seed {seed}"),
        seeds => format!("{runs} runs of each from seed {}", seeds[0]),
    };
    let until = found.until_s.map_or(String::new(), |end| format!(" until {}", clock(end)));
    format!("{} of its traffic{until}, {seeds}", counted(tried, "multiple"))
}

/// A line of progress: what the runs of one multiple came to, and how many multiples there are about.
pub fn multiple(probe: &Probe, done: usize, about: usize) -> String {
    let missed = probe.objectives.iter().filter(|verdict| !verdict.met && !verdict.is_unknown()).count();
    let saturated = probe.saturated.len();
    let some = |count: usize, of: &str, what: &str| match count {
        0 => String::new(),
        _ => format!(", {} {what}", counted(count as u64, of)),
    };
    format!(
        "{}: {} of {} requests/s answered{}{} ({done} of {})",
        times(probe.multiplier),
        number(probe.goodput_per_s),
        number(probe.offered_per_s),
        some(missed, "objective", "missed"),
        some(saturated, "resource", "saturated"),
        agreeing(format!("about {about}"), "multiple"),
    )
}

/// Why this is not all that was asked for, if it is not.
fn partial(found: &Breakpoints) -> String {
    let Some(reason) = &found.partial else { return String::new() };
    let text = format!("the search was ended early: {reason}");
    format!("{}  {}\n", paint(HEADING, "Partial"), paint(WARNING, text))
}

/// What breaks first, and next, in sentences.
pub fn first_to_break(found: &Breakpoints) -> String {
    partial(found) + &sentences(found)
}

fn sentences(found: &Breakpoints) -> String {
    let (always, failing): (Vec<&Limit>, Vec<&Limit>) =
        found.failing().into_iter().partition(|limit| found.is_whatever_the_traffic(limit));
    let mut text = whatever_the_traffic(&always, found);
    let Some(first) = failing.first() else {
        let highest = paint(GOOD, times(found.highest()));
        let what = if always.is_empty() { "Nothing" } else { "Nothing else" };
        return text
            + &format!(
                "{what} breaks up to {highest} of this traffic, the largest multiple that was run.\n"
            );
    };
    let style = if at_once(first) { BAD } else { WARNING };
    let mut steps = failing.chunk_by(|one, next| is_one_step(one, next)).map(step);
    let first = steps.next().unwrap_or_default();
    text.push_str(&format!("Breaks first: {}.\n", paint(style, first)));
    for next in steps.take(MOST_NEXT) {
        text.push_str(&format!("Then: {next}.\n"));
    }
    let scales = found.headroom.iter().any(|it| it.at_maximum.is_some());
    let why = if scales { ": more traffic may start Auto Scaling earlier" } else { "" };
    let again = failing.iter().filter_map(|limit| {
        let (again, name) = (times(limit.holds_again?), name(limit));
        let holds = match limit.subject {
            Subject::Saturation { of, .. } => of.agreeing("holds", "hold"),
            Subject::Objective { .. } | Subject::Goodput => "holds",
        };
        Some(format!("{name} {holds} again at {again}{why}. The table shows the multiples between.\n"))
    });
    text.extend(again);
    text
}

/// What the traffic does not decide, and what may.
fn whatever_the_traffic(always: &[&Limit], found: &Breakpoints) -> String {
    if always.is_empty() {
        return String::new();
    }
    let lowest = found.probes.first().map_or(1.0, |probe| probe.multiplier);
    let what: Vec<String> = always.iter().map(|limit| fails(limit)).collect();
    let names: Vec<String> = found.faults.iter().map(|name| format!("`{name}`")).collect();
    let faults = match names.as_slice() {
        [] => String::new(),
        [one] => format!(" The fault {one} strikes at every multiple."),
        several => format!(" The faults {} strike at every multiple.", all_of(several)),
    };
    let at_all = format!("{} at every multiple down to {}", all_of(&what), times(lowest));
    format!("Whatever the traffic: {}. Less traffic does not mend that.{faults}\n", paint(BAD, at_all))
}

/// Whether it fails without any further traffic.
fn at_once(limit: &Limit) -> bool {
    limit.between.fails.is_some_and(|fails| fails <= 1.0)
}

fn name(limit: &Limit) -> String {
    match &limit.subject {
        Subject::Objective { text, .. } => format!("`{text}`"),
        Subject::Saturation { resource, .. } => resource.clone(),
        Subject::Goodput => "goodput".into(),
    }
}

/// `threads of web saturate`.
fn fails(limit: &Limit) -> String {
    match &limit.subject {
        Subject::Objective { text, .. } => format!("`{text}` is missed"),
        Subject::Saturation { of, resource } => {
            format!("{resource} {}", of.agreeing("saturates", "saturate"))
        }
        Subject::Goodput => "goodput stops growing".into(),
    }
}

/// Whether both fail between the same two multiples: nothing was run that tells which is first.
fn is_one_step(one: &Limit, other: &Limit) -> bool {
    let ends = |it: &Limit| it.between.holds.zip(it.between.fails);
    ends(one).is_some() && ends(one) == ends(other)
}

/// What fails in one step: ``pool of web saturates and `p99 < 1s` is missed, together: at ×1.2 of this traffic, not yet at ×1.1``.
fn step(limits: &[&Limit]) -> String {
    let [first, .., _] = limits else { return limits.first().map_or_else(String::new, |it| sentence(it)) };
    let mut what: Vec<String> = limits.iter().take(MOST_TOGETHER).map(|it| fails(it)).collect();
    if limits.len() > MOST_TOGETHER {
        what.push(format!("{} more", count((limits.len() - MOST_TOGETHER) as u64)));
    }
    let place = sentence(first).split_off(fails(first).len());
    format!("{}, together:{place}; which of them is first was not measured", all_of(&what))
}

fn sentence(limit: &Limit) -> String {
    let what = fails(limit);
    let already = if at_once(limit) { " already" } else { "" };
    match limit.between {
        Between { holds: Some(holds), fails: Some(fails) } => {
            format!("{what}{already} at {} of this traffic, not yet at {}", times(fails), times(holds))
        }
        Between { fails: Some(fails), .. } => {
            format!("{what}{already} at {}, and at no smaller multiple was it seen to hold", times(fails))
        }
        Between { .. } => format!("{what} nowhere"),
    }
}

fn limits(found: &Breakpoints) -> Section {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Right]);
    table.titles(&["", "", "holds at", "fails at", "surely holds", "surely fails", "estimate"]);
    table.sparing(&[4, 5]);
    let shown = |multiple: Option<f64>| multiple.map_or_else(|| "–".into(), times);
    let holding = || found.limits.iter().filter(|limit| limit.between.fails.is_none());
    for limit in found.failing().into_iter().chain(holding()) {
        let (what, style) = match (&limit.subject, limit.between.fails) {
            (_, None) if limit.between.holds.is_none() => ("not known yet", QUIET),
            (Subject::Saturation { of, .. }, None) => (of.agreeing("holds", "hold"), GOOD),
            (_, None) => ("holds", GOOD),
            (Subject::Objective { .. }, _) => ("missed", BAD),
            (Subject::Saturation { of, .. }, _) => (of.agreeing("saturates", "saturate"), WARNING),
            (Subject::Goodput, _) => ("stops growing", WARNING),
        };
        let surely = limit.surely_between;
        table.row([
            Cell::new(what, style),
            name(limit).into(),
            shown(limit.between.holds).into(),
            Cell::new(shown(limit.between.fails), if limit.between.fails.is_some() { style } else { PLAIN }),
            surely.map_or_else(String::new, |it| shown(it.holds)).into(),
            surely.map_or_else(String::new, |it| shown(it.fails)).into(),
            limit.estimate.map_or_else(String::new, times).into(),
        ]);
    }
    table.without_empty();
    let remark = match found.seeds.len() {
        1 => "one run of each has no intervals: run more to know how sure this is",
        _ => {
            "surely: all runs agree, or the whole 95 % interval of an objective is on that side of its bound"
        }
    };
    let stops = found.failing().iter().any(|limit| limit.subject == Subject::Goodput);
    let meaning = [stops.then_some(STOPS), (!found.faults.is_empty()).then_some(SATURATES)];
    let meaning = meaning.into_iter().flatten().map(str::to_owned).collect();
    Section::new("Limits", remark).table(table).styled(meaning, QUIET, None)
}

fn probes(found: &Breakpoints) -> Section {
    let mut table = Table::new(&[Side::Right]);
    table.titles(&["traffic", "requests/s", "goodput/s", "answered", "objectives missed", "saturated"]);
    for probe in &found.probes {
        let missed = probe.objectives.iter().filter(|verdict| !verdict.met && !verdict.is_unknown()).count();
        let saturated = probe.saturated.len();
        table.row([
            times(probe.multiplier).into(),
            number(probe.offered_per_s).into(),
            number(probe.goodput_per_s).into(),
            share(probe.answered).into(),
            Cell::new(count(missed as u64), if missed > 0 { BAD } else { PLAIN }),
            Cell::new(count(saturated as u64), if saturated > 0 { WARNING } else { PLAIN }),
        ]);
    }
    let why = found.ended.map_or(String::new(), |ended| ending(ended, found));
    let part = found.until_s.map(|end| {
        format!(
            "The runs end at {} of {}: at ×1 nothing came near a limit later, and verdicts were the same. Objectives and \
             goodput are judged on that part: what waits at its end counts as not answered. What fills only after an objective is missed is told between the multiples that were run. --whole runs all of it.",
            clock(end),
            clock(found.scenario.duration_s)
        )
    });
    Section::new("Multiples that were run", why).table(table).styled(part.into_iter().collect(), QUIET, None)
}

/// Why no larger multiple was run.
fn ending(ended: Ended, found: &Breakpoints) -> String {
    let highest = times(found.highest());
    let has_objectives = found.probes.iter().any(|probe| !probe.objectives.is_empty());
    let why = match ended {
        Ended::EverythingBroken if !has_objectives => {
            "there every resource is saturated, and goodput has stopped growing"
        }
        Ended::Goodput if !has_objectives => "there goodput has stopped growing",
        Ended::EverythingBroken => {
            "there every objective is missed, every resource is saturated, and goodput has stopped growing"
        }
        Ended::ObjectivesAndGoodput => {
            "there every objective that more traffic can break is missed, and goodput has stopped growing"
        }
        Ended::Goodput => "there goodput has stopped growing, and more traffic can break no objective",
        Ended::ObjectivesLongSince => {
            "every objective that more traffic can break is missed at half of that, and goodput grows on"
        }
        Ended::GoodputLongSince => {
            "goodput has stopped growing at half of that, and an objective is still met that more traffic can break"
        }
        Ended::UpTo => &format!("larger ones were not allowed (--up-to {})", times(found.up_to)),
        Ended::MostUsers => "above that there would be more users than a scenario may have",
        Ended::Interrupted => "then the search was interrupted",
    };
    format!("up to {highest}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two limits hold at ×1 and fail at ×1.5, and a third one fails later: the first two are told together.
    #[test]
    fn limits_of_one_step_are_told_together() {
        let limit = |text: &str, holds: f64, fails: f64| Limit {
            subject: Subject::Objective { index: 0, text: text.into() },
            between: Between { holds: Some(holds), fails: Some(fails) },
            surely_between: None,
            estimate: None,
            holds_again: None,
        };
        let all = [limit("p99 < 1s", 1.0, 1.5), limit("errors < 1%", 1.0, 1.5), limit("p50 < 1s", 1.5, 2.0)];
        let refs: Vec<&Limit> = all.iter().collect();
        let steps: Vec<String> = refs.chunk_by(|one, next| is_one_step(one, next)).map(step).collect();
        let first = "`p99 < 1s` is missed and `errors < 1%` is missed, together: at ×1.5 of this traffic, not yet at ×1; \
                     which of them is first was not measured";
        assert_eq!(steps, [first, "`p50 < 1s` is missed at ×2 of this traffic, not yet at ×1.5"]);
    }
}
