//! Pages of more than one run: a comparison, and a search for limits. In: what was found, and the outcomes compared. Out: HTML with
//! the words of the terminal pages.

use super::charts::{self, Values};
use super::escape::{Prose, Text};
use super::frame::Page;
use super::parts::part;
use super::source::Source;
use crate::breakpoint::Breakpoints;
use crate::comparison::{Comparison, Comparisons};
use crate::number::all_of;
use crate::outcome::Outcome;
use crate::plan::Planned;
use crate::report::changes::with_changes;
use crate::report::chart::{headroom_picture, plan_picture, policies, sides, sweep_picture, tornado_picture};
use crate::report::section::Section;
use crate::report::table::lines_of;
use crate::report::{breakpoint, comparison, plan, sensitivity, sweep};
use crate::sensitivity::Sensitivity;
use crate::study::Swept;

/// The version that has compared or searched.
const SIMCAP: &str = env!("CARGO_PKG_VERSION");

/// The page of a comparison of two.
pub fn html_of_comparison(found: &Comparison, outcomes: &[Outcome], sources: &[Source]) -> String {
    let mut parts = vec![
        ("Decision".to_owned(), lines(&comparison::decision(found))),
        ("Scenarios".to_owned(), lines(&comparison::listed(found))),
    ];
    parts.extend(comparison::parts(found, true).iter().map(titled));
    let all = Comparisons::of(outcomes);
    parts.extend(comparison::parts_of_policies(&all).iter().map(titled));
    compared(parts, comparison::runs(&found.seeds), outcomes, sources)
}

/// The page of a comparison of more than two.
pub fn html_of_comparisons(all: &Comparisons, outcomes: &[Outcome], sources: &[Source]) -> String {
    let mut parts = vec![(
        "Decision".to_owned(),
        lines(&(comparison::gate(&all.comparisons) + &comparison::decision_of_many(all))),
    )];
    let mut tables = comparison::parts_of_many(all).into_iter();
    parts.extend(tables.next().as_ref().map(titled));
    parts.push(("Scenarios".to_owned(), lines(&comparison::listed_all(all))));
    let against = comparison::against_first(all).into_iter();
    let against: String = against
        .map(|(title, words)| format!("<h3>{} against A</h3>\n{}", Text(&title), lines(&words)))
        .collect();
    parts.push(("Against A".to_owned(), against));
    parts.extend(tables.map(|table| titled(&table)));
    compared(parts, comparison::runs(&all.seeds), outcomes, sources)
}

/// The page of a search for limits.
pub fn html_of_breakpoints(found: &Breakpoints, source: Option<&Source>) -> String {
    let scenario = &found.scenario;
    let mut parts = vec![
        ("Breaks first".to_owned(), lines(&breakpoint::first_to_break(found))),
        ("Scenario".to_owned(), lines(&with_changes(&scenario.file, &scenario.overrides))),
    ];
    let tables = breakpoint::parts(found);
    parts.splice(1..1, tables.iter().map(titled));
    let curve = headroom_picture(found).map(|svg| ("Curve".to_owned(), super::shown(&svg)));
    parts.splice(1..1, curve);
    parts.extend(source.map(|source| ("Text of the scenario".to_owned(), source.html())));
    Page {
        name: &format!("Headroom of {}", scenario.name),
        facts: breakpoint::facts(found),
        partial: None,
        simcap: SIMCAP,
        parts,
        values: Values::default(),
    }
    .html()
}

/// The page of a study.
pub fn html_of_sweep(found: &Swept) -> String {
    let mut parts = vec![("Decision".to_owned(), lines(&sweep::cheapest_of_sweep(found)))];
    let undrawn = || sweep::undrawn(found).map(|words| format!("<p>{}</p>\n", Prose(&words)));
    let chart = sweep_picture(found).map(|svg| super::shown(&svg)).or_else(undrawn);
    parts.extend(chart.map(|body| ("Chart".to_owned(), body)));
    parts.extend(sweep::parts(found).iter().map(titled));
    parts.push(("Scenario".to_owned(), lines(&with_changes(&found.file, &found.overrides))));
    Page {
        name: &format!("Sweep of {}", found.name),
        facts: sweep::facts(found),
        partial: None,
        simcap: SIMCAP,
        parts,
        values: Values::default(),
    }
    .html()
}

/// The page of a sensitivity analysis.
pub fn html_of_sensitivity(found: &Sensitivity) -> String {
    let mut parts = vec![("Decision".to_owned(), lines(&sensitivity::flips_of_sensitivity(found, true)))];
    let chart = tornado_picture(found).map(|svg| ("Chart".to_owned(), super::shown(&svg)));
    parts.extend(chart);
    parts.extend(sensitivity::parts(found, true).iter().map(titled));
    parts.push(("Scenario".to_owned(), lines(&with_changes(&found.file, &found.overrides))));
    Page {
        name: &format!("Sensitivity of {}", found.name),
        facts: sensitivity::facts(found),
        partial: None,
        simcap: SIMCAP,
        parts,
        values: Values::default(),
    }
    .html()
}

/// The page of a plan.
pub fn html_of_plan(found: &Planned) -> String {
    let mut parts = vec![("Decision".to_owned(), lines(&plan::answer_of_plan(found)))];
    parts.extend(plan_picture(found).map(|svg| ("Cost and latency".to_owned(), super::shown(&svg))));
    parts.extend(plan::parts(found).iter().map(titled));
    parts.push(("Scenario".to_owned(), lines(&with_changes(&found.file, &found.overrides))));
    Page {
        name: &format!("Plan of {}", found.name),
        facts: plan::facts(found),
        partial: None,
        simcap: SIMCAP,
        parts,
        values: Values::default(),
    }
    .html()
}

/// The charts of several come after what decides.
fn compared(
    mut parts: Vec<(String, String)>,
    facts: String,
    outcomes: &[Outcome],
    sources: &[Source],
) -> String {
    let mut names: Vec<String> = outcomes.iter().map(|it| it.scenario.name.clone()).collect();
    names.dedup();
    // Of a baseline there is nothing to draw.
    let have_rows = outcomes.iter().all(Outcome::has_rows);
    let figures = || sides(outcomes).into_iter().chain(policies(outcomes)).collect();
    let charts = have_rows.then(|| charts::of_several(outcomes, figures())).flatten();
    let values = match charts {
        Some(charts) => {
            parts.insert(2, ("Charts".to_owned(), charts.body));
            charts.values
        }
        None => Values::default(),
    };
    let texts: String = sources.iter().map(Source::html).collect();
    parts.extend((!texts.is_empty()).then(|| ("Texts of the scenarios".to_owned(), texts)));
    let name = format!("Comparison of {}", all_of(&names));
    Page { name: &name, facts, partial: None, simcap: SIMCAP, parts, values }.html()
}

fn titled(section: &Section) -> (String, String) {
    (section.title.clone(), part(section))
}

/// Lines of the terminal page as paragraphs.
fn lines(styled: &str) -> String {
    lines_of(styled).iter().map(|line| format!("<p>{}</p>\n", Prose(line))).collect()
}
