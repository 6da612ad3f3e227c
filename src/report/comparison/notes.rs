//! What two scenarios differ in, before any figure is read. In: the notes of a comparison. Out: a line for each.

use super::super::table::{WARNING, paint};
use crate::comparison::{Comparison, Letter, Note, OnlyObjectives};
use crate::number::{agreeing, amount, millis, number};

/// A line for each note; nothing without notes.
pub(super) fn notes(comparison: &Comparison) -> String {
    let durations = (comparison.a.duration_s, comparison.b.duration_s);
    let has_intervals = comparison.seeds.len() > 1;
    let notes = comparison.notes.iter().map(|note| text(note, durations, has_intervals));
    let lines = notes.chain(objectives(&comparison.objectives_only));
    lines.map(|line| format!("{}\n", paint(WARNING, line))).collect()
}

/// How many objectives are those of one of them alone.
fn objectives(only: &OnlyObjectives) -> Option<String> {
    let side = |letter: &str, count: usize| (count > 0).then(|| format!("{count} only in {letter}"));
    let sides = [side("A", only.a.len()), side("B", only.b.len())];
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    (!sides.is_empty()).then(|| format!("Objectives: not the same, {}.", sides.join(", ")))
}

fn text(note: &Note, durations: (f64, f64), has_intervals: bool) -> String {
    let time = |seconds: f64| millis(1e3 * seconds);
    match note {
        Note::Stored { side, path, simcap } => {
            let letter = match side {
                Letter::A => "A",
                Letter::B => "B",
            };
            let by = simcap.as_ref().map_or(String::new(), |version| format!(", made by simcap {version}"));
            let intervals = match has_intervals {
                true => ": intervals of percentiles are narrower than those of new runs, and hold the truth less often",
                false => "",
            };
            format!("{letter} is the stored outcome {path}{by}{intervals}")
        }
        Note::Duration { a_s, b_s } => format!(
            "Duration: {} in A, {} in B. Counts and costs are those of each event.",
            time(*a_s),
            time(*b_s)
        ),
        Note::Warmup { a_s, b_s } => {
            format!("Warm-up, which percentiles leave out: {} in A, {} in B.", time(*a_s), time(*b_s))
        }
        Note::Region { a, b } => format!("Region: {a} in A, {b} in B, with other prices."),
        Note::Traffic { a, b, sure: true } => format!(
            "Traffic: {} in A ({}/s), {} in B ({}/s).",
            agreeing(amount(*a), "request"),
            number(a / durations.0),
            amount(*b),
            number(b / durations.1),
        ),
        Note::Traffic { a, b, sure: false } => format!(
            "Traffic: not the same requests arrive in A and B ({} and {}), so less of the chance cancels out.",
            amount(*a),
            amount(*b)
        ),
        Note::Seed { a, b } => format!(
            "Seed: both run under the seeds from {a}, that of A. The seed of B, {b}, is not used; --seed sets another one \
             for both."
        ),
        Note::Runs { a, b } => {
            format!("Runs: alone, A would have {a} and B {b}. Here both have the same number, to make pairs.")
        }
    }
}
