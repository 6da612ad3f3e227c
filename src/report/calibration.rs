//! The page of a calibration, and the file that it makes. In: [`Calibration`]. Out: styled text: what numbers have to be, how far the fitted file
//! is off, where it does not fit; and a scenario that extends the file with nothing but the fitted values.

use std::path::Path;

use toml::de::DeValue;

use super::measured::{misfits, off, periods, size, style};
use super::section::{Paper, Section};
use super::table::{BAD, Cell, HEADING, PLAIN, QUIET, Side, Table, WARNING, paint};
use crate::calibrate::{Calibration, HoldOut, Number};
use crate::number::{all_of, counted, number, percent, share};
use crate::text::visible;

/// Columns of a comment in the file.
const COMMENT: usize = 110;
/// Part of an error that is no change of it.
const SAME: f64 = 0.05;
/// Mean square of misses from which a model is not that of the system.
const OTHER: f64 = 4.0;

/// The whole page.
pub fn calibration(found: &Calibration, paper: Paper) -> String {
    let parts = parts(found, paper.whole);
    let printed = parts.iter().map(|part| paper.print(part)).chain(paper.left_out(&parts));
    paper.fold(worse(found).into_iter().chain([title(found)]).chain(printed).collect::<Vec<_>>().join("\n"))
}

/// The first line of a fit that is worse than the file on what was held out: by the figures that got better and worse, each relative to the
/// larger of both.
fn worse(found: &Calibration) -> Option<String> {
    let change = |it: &crate::calibrate::Off| {
        let (before, after) = (it.before?.mean, it.held_out?.mean);
        let largest = before.max(after);
        // What nobody fits, such as requests, is the same in both.
        (largest > 0.0 && (after - before).abs() > SAME * largest).then(|| (after - before) / largest)
    };
    let changes: Vec<(f64, String)> =
        found.figures.iter().filter_map(|it| Some((change(it)?, it.of.words()))).collect();
    let sum: f64 = changes.iter().map(|it| it.0).sum();
    let mut of: Vec<&(f64, String)> = changes.iter().filter(|it| it.0 > 0.0).collect();
    of.sort_by(|one, other| other.0.total_cmp(&one.0));
    let named: Vec<&str> = of.iter().take(3).map(|it| it.1.as_str()).collect();
    (sum > 0.0).then(|| {
        let text = format!(
            "Worse than the file: on what was held out the fitted file is farther off than the file as it is ({}).",
            named.join(", ")
        );
        paint(BAD, text)
    })
}

fn title(found: &Calibration) -> String {
    let changes: String = found.overrides.iter().map(|change| format!(" --set {change}")).collect();
    let starts = found.starts.as_ref().map_or(String::new(), |date| format!(", from {date}"));
    let facts = format!(
        "{}{starts}; held out: {}; {} from seed {}",
        periods(found.periods, found.width_s),
        found.hold_out,
        counted(found.runs as u64, "run"),
        found.seeds.first().unwrap_or(&0)
    );
    format!(
        "{}  {}\n  {}{changes}\n  {}\n",
        paint(HEADING, &found.name),
        paint(QUIET, facts),
        found.file,
        found.measured
    )
}

fn parts(found: &Calibration, whole: bool) -> Vec<Section> {
    let mut parts = vec![numbers(found), errors(found)];
    parts.extend(misfits(&found.misfits, whole));
    parts.extend(law(found));
    parts
}

/// `×1.05 (1.02 to 1.08)`, or what stands for it.
fn told(it: &Number) -> Vec<String> {
    let range = |found: &crate::calibrate::Estimated, show: fn(f64) -> String| {
        format!("{} ({} to {})", show(found.value), show(found.low), show(found.high))
    };
    let factor = it.factor.as_ref().map(|found| format!("×{}", range(found, number)));
    let cv = it.cv.as_ref().map(|found| format!("cv {}", range(found, number)));
    let share = it.share.as_ref().map(|found| range(found, share));
    factor.into_iter().chain(cv).chain(share).collect()
}

/// What numbers have to be.
fn numbers(found: &Calibration) -> Section {
    let mut table = Table::new(&[Side::Left; 5]);
    table.titles(&["number", "file", "fitted", "with its interval at 95 %", "from"]);
    table.sparing(&[4]);
    for it in &found.numbers {
        let fitted = it.text.clone().unwrap_or_else(|| "as it is".into());
        let style = if it.text.is_some() { PLAIN } else { QUIET };
        let told = told(it);
        let told = if told.is_empty() { vec!["not known".to_owned()] } else { told };
        table.row([
            it.path.as_str().into(),
            it.file.as_str().into(),
            Cell::new(fitted, style),
            Cell::paragraphs(told, style, 40),
            it.from.join(", ").into(),
        ]);
    }
    let mut lines: Vec<String> =
        found.numbers.iter().flat_map(|it| &it.left).map(|it| format!("{}.", capital(it))).collect();
    let is_sure = |of: &crate::measured::Figure| {
        let law = found.utilisation.iter().find(|it| it.of == *of);
        law.and_then(|it| it.background).is_some_and(|it| it.low > 0.0)
    };
    let always = found.background.iter().filter(|it| it.1 >= 0.5 && is_sure(&it.0));
    lines.extend(always.map(|(of, points)| {
        format!(
            "{} of {} is busy without any request: the file has no such number, so runs lack it; a backtest beside this calibration adds it.",
            percent(*points),
            of.name.as_deref().unwrap_or_default()
        )
    }));
    lines.extend(found.notes.iter().cloned());
    Section::new("Numbers", "what they have to be so that runs do what was measured")
        .table(table)
        .styled(lines, WARNING, None)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// How far figures are off.
fn errors(found: &Calibration) -> Section {
    let right = Side::Right;
    let mut table = Table::new(&[Side::Left, right, right, right, right]);
    table.titles(&["", "file as it is", "fitted to", "held out", "bias"]);
    for it in &found.figures {
        let cell = |errors: &Option<crate::backtest::Errors>| match errors {
            Some(errors) => Cell::new(size(it.scale, errors.mean), style(it.scale, errors.mean)),
            None => Cell::new("–", QUIET),
        };
        let last = it.held_out.as_ref().or(it.fitted.as_ref());
        table.row([
            it.of.words().into(),
            cell(&it.before),
            cell(&it.fitted),
            cell(&it.held_out),
            last.map_or("–".into(), |errors| off(it.scale, errors.bias)).into(),
        ]);
    }
    let remark = match found.hold_out {
        HoldOut::Nothing => {
            "mean size of errors; nothing was held out, so nobody knows how it does on other periods".into()
        }
        it => format!("mean size of errors; held out: {it}"),
    };
    let misfit = found.misfit.map(|misfit| match misfit {
        misfit if misfit > OTHER => format!(
            "Misses are {} times what chance does: the model is not quite the system, so intervals may be too narrow.",
            number(misfit.sqrt())
        ),
        misfit => format!("Misses are {} times what chance does.", number(misfit.sqrt())),
    });
    Section::new("Errors", remark).table(table).styled(misfit.into_iter().collect(), QUIET, None)
}

/// What the utilisation law says.
fn law(found: &Calibration) -> Option<Section> {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Right, Side::Right]);
    table.titles(&["", "demands", "times what the file has", "without requests", "explained"]);
    table.sparing(&[4]);
    for it in &found.utilisation {
        for (at, group) in it.groups.iter().enumerate() {
            let first = at == 0;
            let estimate = group.factor;
            let text = format!(
                "×{} ({} to {})",
                number(estimate.value),
                number(estimate.low),
                number(estimate.high)
            );
            let background = it.background.map_or("–".into(), |it| percent(it.value));
            table.row([
                if first { it.of.words() } else { String::new() }.into(),
                Cell::from(group.paths.join(" + ")),
                text.into(),
                if first { background } else { String::new() }.into(),
                if first { share(it.explained) } else { String::new() }.into(),
            ]);
        }
    }
    let remark = "busy = rate × demand, period by period, without queues";
    (!found.utilisation.is_empty()).then(|| Section::new("Utilisation law", remark).table(table))
}

/// Every pair as a table.
pub fn calibration_csv(found: &Calibration) -> String {
    super::backtest::pairs_csv(&found.compared, &|period| found.start_s(period))
}

/// The scenario with the fitted values, for a folder: it extends the file, and has nothing but what was fitted and `--set`.
pub fn calibrated(found: &Calibration, folder: &Path) -> String {
    let file = Path::new(&found.file);
    let base = super::file::path_between(folder, file).unwrap_or_else(|| found.file.clone());
    let mut text = String::new();
    let held = match found.hold_out {
        HoldOut::Nothing => "all of them fitted to".into(),
        it => format!("{it} held out"),
    };
    let periods = periods(found.periods, found.width_s);
    comment(&mut text, &format!("Fitted to {}: {periods}, {held}.", visible(&found.measured)));
    text += &format!("extends = {}\n", quoted(&base));
    for change in &found.overrides {
        // A key stands once; what is fitted is what was set, and then fitted.
        let is_fitted = |path: &str| found.changes().any(|it| it.1 == path.trim());
        if let Some((path, value)) = change.split_once('=').filter(|it| !is_fitted(it.0)) {
            text += &format!("\n{} = {}\n", path.trim(), toml(value));
        }
    }
    for (it, path, value) in found.changes() {
        let between = it
            .between
            .as_ref()
            .map_or(String::new(), |(low, high)| format!(", mean between {low} and {high} (95 %)"));
        let cv = it
            .cv
            .map_or(String::new(), |cv| format!(", cv between {} and {}", number(cv.low), number(cv.high)));
        let from = if it.from.is_empty() { String::new() } else { format!("; from {}", all_of(&it.from)) };
        text.push('\n');
        comment(&mut text, &format!("{value}{between}{cv}{from}; the file had {}.", it.file));
        if !it.together.is_empty() {
            comment(
                &mut text,
                &format!("Only the sum is known with {}: each keeps its part.", all_of(&it.together)),
            );
        }
        it.left.iter().for_each(|it| comment(&mut text, &format!("{}.", capital(it))));
        text += &format!("{path} = {}\n", toml(value));
    }
    text
}

fn comment(text: &mut String, words: &str) {
    for line in super::table::wrapped(&visible(words), COMMENT) {
        *text += &format!("# {line}\n");
    }
}

/// A value of an override as TOML: text gets its quotes.
fn toml(value: &str) -> String {
    let value = value.trim();
    match DeValue::parse(value) {
        Ok(_) => value.to_owned(),
        Err(_) => quoted(value),
    }
}

/// A text between quotes. What is escaped in JSON is escaped so in TOML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
