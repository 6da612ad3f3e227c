//! What two scenarios differ in, before any figure is read. In: the notes of a comparison. Out: a line for each.

use super::super::table::{WARNING, paint};
use crate::comparison::{Comparison, Letter, Note, OnlyObjectives};
use crate::number::{agreeing, amount, millis, number};

/// A line for each note, with the letter of the second scenario; nothing without notes.
pub(super) fn notes(comparison: &Comparison, b: char) -> String {
    lines(comparison, b, &|_| true)
}

/// What is said of the first scenario alone.
pub(super) fn of_first(comparison: &Comparison) -> String {
    let only = OnlyObjectives::default();
    let comparison = Comparison { objectives_only: only, ..comparison.clone() };
    lines(&comparison, 'B', &is_of_first)
}

/// What is said of the second scenario, or of both.
pub(super) fn beside_first(comparison: &Comparison, b: char) -> String {
    lines(comparison, b, &|note| !is_of_first(note))
}

fn is_of_first(note: &Note) -> bool {
    matches!(note, Note::Stored { side: Letter::A, .. })
}

fn lines(comparison: &Comparison, b: char, shown: &dyn Fn(&Note) -> bool) -> String {
    let durations = (comparison.a.duration_s, comparison.b.duration_s);
    let has_intervals = comparison.seeds.len() > 1;
    let notes = comparison.notes.iter().filter(|note| shown(note));
    let notes = notes.map(|note| text(note, b, durations, has_intervals));
    let lines = notes.chain(objectives(&comparison.objectives_only, b));
    lines.map(|line| format!("{}\n", paint(WARNING, line))).collect()
}

/// How many objectives are those of one of them alone.
fn objectives(only: &OnlyObjectives, b: char) -> Option<String> {
    let side = |letter: char, count: usize| (count > 0).then(|| format!("{count} only in {letter}"));
    let sides = [side('A', only.a.len()), side(b, only.b.len())];
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    (!sides.is_empty()).then(|| format!("Objectives: not the same, {}.", sides.join(", ")))
}

fn text(note: &Note, letter_b: char, durations: (f64, f64), has_intervals: bool) -> String {
    let time = |seconds: f64| millis(1e3 * seconds);
    match note {
        Note::Stored { side, path, simcap, baseline, narrow } => {
            let letter = match side {
                Letter::A => 'A',
                Letter::B => letter_b,
            };
            let what = if *baseline { "baseline" } else { "stored outcome" };
            let own = env!("CARGO_PKG_VERSION");
            let by = simcap.as_ref().map_or(String::new(), |version| {
                format!(", made by simcap {version} and not {own}: what differs may be the program")
            });
            let intervals = match *narrow && has_intervals {
                true => {
                    ". It has no tails, so intervals of percentiles are narrower than those of new runs, and hold the truth less often"
                }
                false => "",
            };
            format!("{letter} is the {what} {path}{by}{intervals}.")
        }
        Note::Duration { a_s, b_s } => format!(
            "Duration: {} in A, {} in {letter_b}. Counts and costs are those of each event.",
            time(*a_s),
            time(*b_s)
        ),
        Note::Warmup { a_s, b_s } => {
            format!(
                "Warm-up, which percentiles leave out: {} in A, {} in {letter_b}.",
                time(*a_s),
                time(*b_s)
            )
        }
        Note::Region { a, b } => format!("Region: {a} in A, {b} in {letter_b}, with other prices."),
        // Of one run each it is not chance that these requests came.
        Note::Traffic { a, b, sure } if *sure || !has_intervals => format!(
            "Traffic: {} in A ({}/s), {} in {letter_b} ({}/s).",
            agreeing(amount(*a), "request"),
            number(a / durations.0),
            amount(*b),
            number(b / durations.1),
        ),
        Note::Traffic { a, b, .. } => format!(
            "Traffic: not the same requests arrive in A and {letter_b} ({} and {}), so less of the chance cancels out.",
            amount(*a),
            amount(*b)
        ),
        Note::Seed { a, b } => format!(
            "Seed: both run under the seeds from {a}, that of A. The seed of {letter_b}, {b}, is not used; --seed sets another one \
             for both."
        ),
        Note::Runs { a, b } => {
            format!(
                "Runs: alone, A would have {a} and {letter_b} {b}. Here both have the same number, to make pairs."
            )
        }
    }
}
