//! Chart: the event in one picture, for people who have not read the scenario. In: an outcome. Out: the verdict and the cause in words;
//! what was asked for and served, the latency against its objective, and the resources in the order in which they filled.

use super::super::picture;
use super::figure::{Figure, Note, Panel};
use super::latency;
use super::marker::markers;
use super::palette;
use super::series::Rows;
use super::text::unquoted;
use super::throughput;
use super::utilisation;
use crate::outcome::Outcome;
use crate::report::terminal;

/// Most resources: those that filled first.
const MOST: usize = 5;
/// Height of each of them over that of a plot: so much that its name has room.
const ROW: f64 = 0.36;
/// Most events that are marked: the legend has room for no more.
const MOST_MARKS: usize = 4;

/// The chart; every outcome has one.
pub fn figure(outcome: &Outcome) -> Option<Figure> {
    let rows = Rows::of(outcome);
    let demand = Panel { weight: 1.0, ..throughput::demand(outcome, &rows, &throughput::failures(outcome)) };
    let mut panels = vec![vec![demand], vec![latency::brief(outcome, &rows)]];
    if let Some(heat) = utilisation::heat(outcome, MOST) {
        let weight = ROW * heat.y.ticks.len() as f64;
        panels.push(vec![Panel { weight, ..heat }]);
    }
    let (mut markers, mut unmarked) = markers(outcome);
    unmarked += markers.len().saturating_sub(MOST_MARKS);
    markers.truncate(MOST_MARKS);
    let figure = Figure::over_time(outcome, "Summary", verdict(outcome), panels);
    Some(Figure { notes: cause(outcome), markers, unmarked, ..figure })
}

/// `Objectives: 1 of 3 missed: latency p99 < 800ms`.
fn verdict(outcome: &Outcome) -> String {
    format!("Objectives: {}", terminal::verdict_in_words(outcome))
}

/// What broke first, and what came of it.
fn cause(outcome: &Outcome) -> Vec<Note> {
    let trouble = outcome.phases.iter().any(|phase| phase.trouble);
    let Some((when, links)) = terminal::first_cause(outcome) else { return Vec::new() };
    let colour = if trouble { palette::INCIDENT } else { palette::MUTED };
    let mut links = links.into_iter().map(|link| unquoted(&link));
    // A link of trouble begins with its own time.
    let at = |first: String| match first.starts_with(|c: char| c.is_ascii_digit()) && trouble {
        true => first,
        false => format!("{when}  {first}"),
    };
    let title = terminal::cause_title(outcome);
    let first = links.next().map(|first| Note { title, text: at(first), colour });
    let rest: Vec<String> = links.collect();
    let then =
        (!rest.is_empty()).then(|| Note { title: picture::THEN.text, text: rest.join(" → "), colour });
    first.into_iter().chain(then).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    /// Who sees only this picture reads the same sentences as on the page.
    #[test]
    fn the_summary_has_the_words_of_the_page_and_what_filled_below() {
        let outcome = sample::outcome();
        let figure = figure(&outcome).unwrap();
        let page = crate::report::page(&outcome, &[]);
        let plain = anstream::adapter::strip_str(&page).to_string();
        assert_eq!(figure.notes[0].title, "Cause");
        let cause = &figure.notes[0].text;
        let mut troubles = outcome.phases.iter().filter(|phase| phase.trouble);
        assert!(troubles.any(|it| it.sentence.replace('`', "").contains(cause)), "{cause}");
        let words = figure.subtitle.strip_prefix("Objectives: ").unwrap();
        assert!(plain.lines().any(|line| line == format!("Verdict  {words}")), "{words}");
        assert_eq!(figure.rows.len(), 3);
        // Of what filled in one row the cause stands first.
        let first = figure.rows[2][0].y.ticks[0].label.strip_prefix("1. ").unwrap();
        assert!(cause.contains(&format!("{first} full")), "{first}: {cause}");
        let mut without = outcome;
        without.utilisation.clear();
        assert_eq!(super::figure(&without).unwrap().rows.len(), 2, "an outcome of an older version");
    }
}
