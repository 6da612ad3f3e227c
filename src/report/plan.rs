//! The page of a plan. In: [`Planned`]. Out: styled text: the best point, the next one, what binds, what faults add, and a row for each
//! point that was tried.

use super::changes::with_changes;
use super::section::{Paper, Section};
use super::table::{BAD, Cell, GOOD, HEADING, PLAIN, QUIET, Side, Style, Table, WARNING, paint};
use crate::number::{all_of, counted, millis, setting, share, times, usd};
use crate::plan::{Candidate, Fate, Missed, Planned, Unseen};
use crate::study::Axis;

/// Rows that a page shows if not everything is asked for.
const MOST_ROWS: usize = 24;
/// Columns of the values of a point.
const VALUES: usize = 40;

/// The whole page.
pub fn plan(found: &Planned, paper: Paper) -> String {
    let parts = [points(found, paper.whole)];
    let printed = parts.iter().map(|part| paper.print(part)).chain(paper.left_out(&parts));
    let text = [title(found), answer_of_plan(found)].into_iter().chain(seen(found)).chain(printed);
    paper.fold(text.collect::<Vec<_>>().join("\n"))
}

/// The tables of the page, whole.
pub(super) fn parts(found: &Planned) -> Vec<Section> {
    vec![points(found, true)]
}

fn title(found: &Planned) -> String {
    let file = with_changes(&found.file, &found.overrides);
    format!("{}  {}\n  {file}\n", paint(HEADING, &found.name), paint(QUIET, facts(found)))
}

/// How much was run: `31 runs from seed 1; the whole grid would be 88`.
pub(super) fn facts(found: &Planned) -> String {
    let points = counted(found.points.len() as u64, "point");
    let runs = counted(found.runs as u64, "run");
    let grid = found.grid_runs.max(1);
    let part = share(found.runs as f64 / grid as f64);
    format!("{points}, {runs} from seed {}: {part} of the {grid} of the whole grid", found.seed)
}

/// The answer, in sentences.
pub fn answer_of_plan(found: &Planned) -> String {
    let sure = format!("sure to {}", confidence(found.asked.confidence));
    let traffic = match found.asked.headroom {
        1.0 => String::new(),
        headroom => format!(" at {} the traffic", times(headroom)),
    };
    let Some(best) = found.best else {
        let text = match found.unsure.as_slice() {
            [] => format!("No point meets every objective{traffic} ({sure}).\n"),
            _ => format!("No point surely meets every objective{traffic}.\n"),
        };
        return paint(BAD, text) + &unsure(found);
    };
    let words = format!("{}: {}{}", found.values(best), bill(found, best), latency(found, best, &traffic));
    let mut text = match &found.over {
        None if !found.unsure.is_empty() || !found.alike.is_empty() => {
            format!("{}: it meets, {sure}; whether it is the cheapest cannot be told.\n", paint(GOOD, words))
        }
        None => format!("{}, {sure}.\n", paint(GOOD, words)),
        Some(Missed { objective, observed }) => format!(
            "{}\nThe cheapest that meets the others: {words}, {sure}.\n",
            paint(BAD, format!("No point meets {objective}: {observed}."))
        ),
    };
    text += &unsure(found);
    text += &alike(found);
    text += &second(found, best);
    text += &binds(found);
    text += &at_the_end(found, best);
    text += &without_faults(found, best);
    text + &unseen(found)
}

/// `$31.33 the event`.
fn bill(found: &Planned, point: usize) -> String {
    let cost = found.cost(point).map_or("no known cost".into(), usd);
    format!("{cost} {}", found.asked.cost.words())
}

/// `, p99 412ms (limit 500ms)`.
fn latency(found: &Planned, point: usize, traffic: &str) -> String {
    let Some(ms) = found.points[point].latency_ms else { return String::new() };
    let limit = found.limit_ms.map_or(String::new(), |limit| format!(" (limit {})", millis(limit)));
    format!(", {} {}{limit}{traffic}", found.latency, millis(ms))
}

/// Cheaper points of which nobody can tell.
fn unsure(found: &Planned) -> String {
    if found.unsure.is_empty() {
        return String::new();
    }
    let each: Vec<String> =
        found.unsure.iter().map(|it| format!("{} ({})", found.values(*it), bill(found, *it))).collect();
    let runs = counted(found.most_runs as u64, "run");
    let line = format!("May or may not meet, after {runs}: {}. More --max-runs may tell.", all_of(&each));
    paint(WARNING, line) + "\n"
}

/// Points that may cost as little.
fn alike(found: &Planned) -> String {
    if found.alike.is_empty() {
        return String::new();
    }
    let each: Vec<String> =
        found.alike.iter().map(|it| format!("{} ({})", found.values(*it), bill(found, *it))).collect();
    paint(WARNING, format!("May cost as little: {}; the runs cannot tell.", all_of(&each))) + "\n"
}

fn second(found: &Planned, best: usize) -> String {
    let Some(second) = found.second else { return String::new() };
    let more = match (found.cost(best), found.cost(second)) {
        (Some(best), Some(second)) if best > 0.0 => {
            let sign = if second < best { "-" } else { "+" };
            let (more, part) = ((second - best).abs(), (second / best - 1.0).abs());
            format!(" ({sign}{}, {sign}{})", usd(more), share(part))
        }
        _ => String::new(),
    };
    let sure = if found.second_is_sure { "" } else { ", not surely" };
    format!("Second best of what was run: {}: {}{more}{sure}.\n", found.values(second), bill(found, second))
}

/// Which objective is nearest to its limit, and what the next cheaper point misses.
fn binds(found: &Planned) -> String {
    let Some(binds) = &found.binds else { return String::new() };
    let Missed { objective, observed } = &binds.nearest;
    let mut text = format!("What binds: {objective}: {observed}.");
    if let Some(cheaper) = binds.cheaper {
        let missed: Vec<String> =
            binds.missed.iter().map(|it| format!("{} ({})", it.objective, it.observed)).collect();
        let full = match binds.full.as_slice() {
            [] => String::new(),
            full => format!("; full: {}", full.join(", ")),
        };
        let missed = if missed.is_empty() { "an objective".into() } else { all_of(&missed) };
        text += &format!(" {} ({}) misses {missed}{full}.", found.values(cheaper), bill(found, cheaper));
    }
    text + "\n"
}

/// Of which axes the best point has the least number there is: fewer may do.
fn at_the_end(found: &Planned, best: usize) -> String {
    let is_least = |axis: &Axis, at: usize| {
        let numbers = axis.numbers()?;
        Some(numbers.len() > 1 && numbers.iter().all(|it| numbers[at] <= *it))
    };
    let choices = found.axes.iter().zip(&found.points[best].choices);
    let least = choices.filter(|(axis, at)| is_least(axis, **at) == Some(true));
    let names: Vec<String> = least.map(|(axis, _)| axis.name.clone()).collect();
    match names.as_slice() {
        [] => String::new(),
        names => format!("Least of what was asked for: {}; fewer may do.\n", all_of(names)),
    }
}

/// What the faults of the scenario add.
fn without_faults(found: &Planned, best: usize) -> String {
    let Some(without) = found.without_faults.as_deref() else { return String::new() };
    let Some(other) = without.best else {
        return "Without its faults no point is surely found.\n".into();
    };
    let added = match (found.cost(best), without.cost(other)) {
        (Some(with), Some(without)) if with >= without && !found.unsure.is_empty() => {
            format!("the faults add {} at most", usd(with - without))
        }
        (Some(with), Some(without)) if with >= without => format!("the faults add {}", usd(with - without)),
        (Some(with), Some(without)) => format!("the faults save {}", usd(without - with)),
        _ => "the faults cost an unknown amount".into(),
    };
    format!("Without its faults: {}: {}; {added}.\n", without.values(other), bill(without, other))
}

/// How many days were seen.
fn seen(found: &Planned) -> Option<String> {
    let days = counted(found.points[found.best?].runs as u64, "day");
    let rarest = setting(tidy(found.rarest?));
    let line = format!(
        "Seen: {days}. What goes wrong on fewer than {rarest} of all days may not be among them; --rare asks for more.\n"
    );
    Some(paint(QUIET, line))
}

/// What is too rare to be among the days.
fn unseen(found: &Planned) -> String {
    let line = |Unseen { what, share, runs }: &Unseen| {
        let line = format!(
            "{what} comes on {} of all days, and {runs} runs would surely have such a day: this is a plan for the others.",
            setting(tidy(*share))
        );
        paint(WARNING, line) + "\n"
    };
    found.unseen.iter().map(line).collect()
}

/// `95 %`, `99.99 %`.
fn confidence(share: f64) -> String {
    format!("{} %", (share * 1e4).round() / 1e2)
}

/// To two digits.
fn tidy(share: f64) -> f64 {
    let unit = libm::pow(10.0, libm::floor(libm::log10(share)) - 1.0);
    (share / unit).round() * unit
}

/// The points that were tried, the cheapest first.
fn points(found: &Planned, whole: bool) -> Section {
    let mut tried: Vec<(usize, &Candidate)> =
        found.points.iter().enumerate().filter(|(_, it)| it.runs > 0).collect();
    let cost = |it: &Candidate| it.cost_usd.unwrap_or(f64::INFINITY);
    tried.sort_by(|a, b| cost(a.1).total_cmp(&cost(b.1)).then(a.0.cmp(&b.0)));
    let left = Side::Left;
    let right = Side::Right;
    let mut table = Table::new(&[left, left, right, right, right, left, left]);
    table.sparing(&[6, 5]);
    table.titles(&["values", "", "runs", "cost", &found.latency, "front", "was full"]);
    let shown = if whole { tried.len() } else { MOST_ROWS };
    for (at, point) in tried.iter().take(shown) {
        let style = style(point.fate);
        let full = point.result.as_ref().map_or(String::new(), |it| it.full.join(", "));
        table.row([
            Cell::paragraphs(vec![found.labels(*at).join(", ")], PLAIN, VALUES),
            Cell::new(point.fate.text(), style),
            Cell::from(point.runs.to_string()),
            Cell::from(point.cost_usd.map_or("–".into(), usd)),
            Cell::from(point.latency_ms.map_or("–".into(), millis)),
            Cell::from(if point.front { "yes" } else { "" }.to_owned()),
            Cell::from(if full.is_empty() { "–".into() } else { full }),
        ]);
    }
    table.without_empty();
    let more = tried.len().saturating_sub(shown);
    let names: Vec<&str> = found.axes.iter().map(|it| it.name.as_str()).collect();
    let mut notes =
        vec![format!("Values of {}; front: no other one is both cheaper and faster.", names.join(", "))];
    notes.extend((more > 0).then(|| format!("{more} more: plan.csv, or -v")));
    notes.extend(untried(found));
    let unpriced = tried.iter().filter_map(|(_, it)| it.result.as_ref()).find(|it| !it.unpriced.is_empty());
    let unpriced = unpriced.map(|it| format!("Without a price: {}", it.unpriced.join("; ")));
    Section::new("Tried", format!("of {}", counted(found.points.len() as u64, "point")))
        .table(table)
        .styled(notes, QUIET, None)
        .styled(unpriced.into_iter().collect(), WARNING, None)
}

/// Why the others have no run.
fn untried(found: &Planned) -> Option<String> {
    let count = |fate: Fate| found.points.iter().filter(|it| it.fate == fate).count() as u64;
    let (below, dearer, odd) = (count(Fate::Below), count(Fate::Dearer), count(Fate::NotPossible));
    let whys = [
        (below, "below one of their line that fails"),
        (dearer, "dearer than the best"),
        (odd, "not possible"),
    ];
    // A misspelt value is one of these: the first of them says what is wrong.
    let problem = found.points.iter().enumerate().find_map(|(at, it)| {
        let problem = it.result.as_ref()?.problem.as_ref()?;
        Some(format!(" Not possible: {}: {problem}.", found.labels(at).join(", ")))
    });
    let problem = problem.unwrap_or_default();
    let whys: Vec<String> =
        whys.iter().filter(|it| it.0 > 0).map(|(count, why)| format!("{count} {why}")).collect();
    let every = if found.every { " Every point that may be cheaper was tried." } else { "" };
    (!whys.is_empty()).then(|| format!("Without a run: {}.{every}{problem}", all_of(&whys)))
}

fn style(fate: Fate) -> Style {
    match fate {
        Fate::Best | Fate::Second | Fate::Meets => GOOD,
        Fate::Fails => BAD,
        Fate::Unsure => WARNING,
        _ => QUIET,
    }
}
