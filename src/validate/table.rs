//! The report as tables. In: a [`Report`]. Out: aligned text for a terminal, or Markdown for a document.

use std::fmt::Write;

use super::case::Trust;
use super::suite::{CaseReport, Comparison, Depth, FamilyReport, Partial, Report, Verdict};

/// Significant digits of a number.
const DIGITS: i32 = 5;

/// How much of a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What misses.
    Misses,
    /// Every comparison.
    Rows,
    /// Also where the answers of each family come from, and what a reader must know of them.
    Whole,
}

/// Every comparison: family, case, metric, expected, simulated with its 95 % interval, verdict.
pub fn text(report: &Report, detail: Detail) -> String {
    let mut text = String::new();
    for family in &report.families {
        let shown = |comparison: &&Comparison| detail != Detail::Misses || comparison.misses();
        let mut rows: Vec<[String; 6]> = Vec::new();
        for case in &family.cases {
            for comparison in case.comparisons.iter().filter(shown) {
                rows.push(row(case, comparison));
            }
        }
        if rows.is_empty() {
            continue;
        }
        let titles = ["case", "metric", "expected", "simulated", "difference", "verdict"].map(String::from);
        rows.insert(0, titles);
        let _ = writeln!(text, "{}  {}", family.id, family.title);
        if detail == Detail::Whole {
            let lines = [&family.origin, &family.notes].into_iter().flat_map(|words| words.lines());
            let lines = lines.map(str::trim).filter(|line| !line.is_empty());
            text.extend(lines.map(|line| format!("  {line}\n")));
        }
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..5).map(width).collect();
        for [case, metric, expected, simulated, difference, verdict] in &rows {
            let line = format!(
                "  {case:<0$}  {metric:<1$}  {expected:>2$}  {simulated:>3$}  {difference:>4$}  {verdict}",
                widths[0], widths[1], widths[2], widths[3], widths[4]
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text.push('\n');
    }
    text + &summary(report)
}

/// The result in sentences, one per line; if interrupted, what is missing comes first.
fn summary(report: &Report) -> String {
    let (mut judged, mut rare, mut measured, mut inside, mut intervals) = (0, 0, 0, 0, 0);
    let mut misses = Vec::new();
    for (case, comparison) in report.comparisons() {
        match comparison.verdict {
            Verdict::TooRare => rare += 1,
            Verdict::Shown => measured += 1,
            _ => judged += 1,
        }
        if let Some(holds) = comparison.inside() {
            intervals += 1;
            inside += usize::from(holds);
        }
        if comparison.misses() {
            misses.push((case, comparison));
        }
    }
    let cases: usize = report.families.iter().map(|family| family.cases.len()).sum();
    let mut text = String::new();
    if let Some(Partial { reason, cases, cases_planned }) = &report.partial {
        let _ = writeln!(text, "Partial  ended early: {reason}; {cases} of {cases_planned} cases are judged");
    }
    let _ = write!(
        text,
        "{cases} cases, {judged} judged comparisons: {} hold, {} miss",
        judged - misses.len(),
        misses.len()
    );
    if measured > 0 {
        let _ = write!(text, "; {measured} beside measurements");
    }
    if rare > 0 {
        let _ = write!(text, "; {rare} too rare to be judged");
    }
    text.push('\n');
    if intervals > 0 {
        let _ = writeln!(
            text,
            "{inside} of {intervals} 95 % intervals ({:.1} %) hold their answer; half of them are narrower than ±{:.2} %",
            100.0 * inside as f64 / intervals as f64,
            100.0 * median_width(report)
        );
    }
    for (case, comparison) in misses {
        let why = match &comparison.verdict {
            Verdict::MissesAsKnown(why) => why,
            _ => "unexplained",
        };
        let _ = writeln!(text, "miss  {}  {}  {}: {why}", case.id, comparison.metric, difference(comparison));
    }
    text
}

/// Half the width of the median interval, relative to its answer.
fn median_width(report: &Report) -> f64 {
    let judged = report.comparisons().filter(|(_, comparison)| comparison.inside().is_some());
    let mut widths: Vec<f64> = judged
        .filter(|(_, comparison)| comparison.expected != 0.0)
        .map(|(_, comparison)| comparison.half_width / comparison.expected.abs())
        .collect();
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 2).copied().unwrap_or(0.0)
}

fn row(case: &CaseReport, comparison: &Comparison) -> [String; 6] {
    [
        case.id.clone(),
        comparison.metric.clone(),
        expected(comparison),
        simulated(comparison),
        difference(comparison),
        verdict(comparison).into(),
    ]
}

fn expected(comparison: &Comparison) -> String {
    let value = number(comparison.expected);
    match (comparison.expected_error, comparison.expected_range) {
        (Some(error), _) if error > 0.0 => format!("{value} (se {})", short(error)),
        (_, Some((min, max))) if min < max => format!("{value} (±{:.2} %)", 100.0 * comparison.spread()),
        _ => value,
    }
}

fn simulated(comparison: &Comparison) -> String {
    match comparison.half_width {
        half if half > 1e-12 * comparison.simulated.abs() => {
            format!("{} ± {}", number(comparison.simulated), short(half))
        }
        _ => number(comparison.simulated),
    }
}

fn difference(comparison: &Comparison) -> String {
    if comparison.simulated == comparison.expected {
        return "0 %".into();
    }
    match comparison.expected {
        0.0 => number(comparison.simulated),
        _ => format!("{:+.2} %", 100.0 * comparison.relative()),
    }
}

fn verdict(comparison: &Comparison) -> &'static str {
    match (&comparison.verdict, comparison.expected_range) {
        (Verdict::Holds, _) if comparison.inside() == Some(false) => "holds, outside 95 %",
        (Verdict::Holds, _) => "holds",
        (Verdict::Misses, _) => "MISSES",
        (Verdict::MissesAsKnown(_), _) => "misses, known",
        (Verdict::TooRare, _) => "too rare",
        (Verdict::Shown, Some((min, max))) if min == max && min != comparison.simulated => "",
        (Verdict::Shown, _) if comparison.relative().abs() <= comparison.spread() => "within the spread",
        (Verdict::Shown, _) => "beyond the spread",
    }
}

/// The beginning of a document.
const INTRODUCTION: &str = "\
# Validation

How close the model comes to answers that are known from elsewhere: theory, other simulations, measurements of real
systems. Each case is an ordinary scenario, which `simcap validate --show CASE` prints and `--export DIR` writes
together with the traces it replays. Times are in seconds.

Behind a simulated mean stands half of its 95 % interval over independent seeds, behind an expected value its standard
error (se) if it was simulated itself, or the spread (±) of a measurement's repetitions. A case misses by Holm's rule
over all judged comparisons at 1 %: if the model is true, the chance of any miss at all is at most 1 %. The 95 %
intervals are for the reader; if the model is true, 95 % of them hold. Of every case the comparison that is farthest out
is shown; the command shows all. Measurements are not judged: the difference stands beside their own spread.
";

/// The report as a document: every case in a row, measured ones metric by metric.
pub fn markdown(report: &Report) -> String {
    let depth = match report.depth {
        Depth::Quick => "simcap validate",
        Depth::Full => "simcap validate --full",
    };
    let mut text =
        format!("{INTRODUCTION}\nMade by `{depth} --format markdown`:\n\n{}\n", in_lines(&summary(report)));
    families(&mut text, report);
    text
}

/// The beginning of the page of calibration.
const CALIBRATION: &str = "\
# Calibration

Published results of databases and caches beside what the model gives for them. Each engine has one set of physical
parameters for all of its cells: demands, cores, the time of a flush, what each commit adds, the pace of an applier. There is no factor
for a cell. What a set was fitted to is said with it, and where the model misses, why. `simcap validate --show CASE` prints the scenario of a
case.

Made by `simcap validate --calibration`.
";

/// The page of calibration.
pub fn calibration(report: &Report) -> String {
    let mut text = format!("{CALIBRATION}\n");
    families(&mut text, report);
    text
}

/// Every family with its cases.
fn families(text: &mut String, report: &Report) {
    for family in &report.families {
        let _ = write!(text, "## {}: {}\n\n{}\n", family.id, family.title, family.origin);
        if !family.notes.is_empty() {
            let _ = write!(text, "\n{}\n", family.notes);
        }
        let measured = family.cases.iter().flat_map(|case| &case.comparisons);
        let measured = measured.clone().all(|comparison| comparison.trust == Trust::Measured);
        match measured {
            true => measured_rows(text, family),
            false => judged_rows(text, family),
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
}

/// One paragraph or list item per line.
fn in_lines(summary: &str) -> String {
    summary.lines().map(|line| format!("- {line}\n")).collect()
}

fn judged_rows(text: &mut String, family: &FamilyReport) {
    text.push_str(
        "\n| Case | | Compared | In 95 % intervals | Farthest out | Expected | Simulated | Verdict |\n",
    );
    text.push_str("|---|---|--:|--:|---|--:|--:|---|\n");
    for case in &family.cases {
        let inside: Vec<bool> = case.comparisons.iter().filter_map(Comparison::inside).collect();
        let holding = inside.iter().filter(|&&holds| holds).count();
        let holding = if inside.is_empty() { "–".into() } else { format!("{holding} of {}", inside.len()) };
        let least = |one: &&Comparison, two: &&Comparison| one.p_value.total_cmp(&two.p_value);
        let judged = case.comparisons.iter().filter(|comparison| comparison.verdict != Verdict::TooRare);
        let Some(farthest) = judged.min_by(least) else { continue };
        let verdict = match case.comparisons.iter().filter(|comparison| comparison.misses()).count() {
            0 => "holds".into(),
            misses => format!("**{misses} of {} miss**", case.comparisons.len()),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {holding} | {} | {} | {} | {verdict} |",
            case.id,
            case.name,
            case.comparisons.len(),
            farthest.metric,
            expected(farthest),
            simulated(farthest)
        );
    }
}

fn measured_rows(text: &mut String, family: &FamilyReport) {
    text.push_str("\n| Case | | Metric | Measured (spread) | Simulated | Difference | |\n");
    text.push_str("|---|---|---|--:|--:|--:|---|\n");
    for case in &family.cases {
        for comparison in &case.comparisons {
            let [id, metric, expected, simulated, difference, verdict] = row(case, comparison);
            let _ = writeln!(
                text,
                "| {id} | {} | {metric} | {expected} | {simulated} | {difference} | {verdict} |",
                case.name
            );
        }
    }
}

/// A number with `DIGITS` significant digits.
fn number(value: f64) -> String {
    digits(value, DIGITS)
}

/// An error with fewer digits.
fn short(value: f64) -> String {
    digits(value, 2)
}

fn digits(value: f64, significant: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let size = libm::log10(value.abs()).floor() as i32;
    if size < -6 {
        let decimals = (significant - 1) as usize;
        return format!("{value:.decimals$e}");
    }
    let decimals = (significant - 1 - size).max(0) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').into(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_five_digits() {
        assert_eq!(
            [0.012_345_67, 50.0, 123_456.7, 0.1, 4e-9].map(number),
            ["0.012346", "50", "123457", "0.1", "4.0000e-9"]
        );
        assert_eq!(short(0.001_26), "0.0013");
    }
}
