//! Words and tables that a backtest and a calibration share. In: figures measured and predicted. Out: text.

use super::section::Section;
use super::table::{BAD, Cell, GOOD, PLAIN, QUIET, Side, Style, Table, WARNING};
use crate::backtest::{Compared, Errors, Misfit, Pair, Scale, signed};
use crate::measured::{Figure, What};
use crate::number::{clock, counted, millis, number, percent, width};

/// Periods that a page shows of a figure if not everything is asked for.
const MOST_PERIODS: usize = 12;
/// Sentences that a page shows.
const MOST_SENTENCES: usize = 6;

/// `40 periods of 30 s`, `1 period of a minute`.
pub(super) fn periods(count: usize, width_s: f64) -> String {
    let wide = width(width_s);
    let article = if wide.starts_with(|it: char| it.is_ascii_digit()) { "" } else { "a " };
    format!("{} of {article}{wide}", counted(count as u64, "period"))
}

/// A value of a figure.
pub(super) fn value(of: What, value: f64) -> String {
    match of {
        what if what.is_time() => millis(value),
        what if what.is_percent() => percent(value),
        What::Requests | What::Errors => number(value.round()),
        _ => number(value),
    }
}

/// A difference without its sign.
pub(super) fn size(scale: Scale, off: f64) -> String {
    match scale {
        Scale::Relative => percent(100.0 * off.abs()),
        Scale::Points => format!("{} pt", number((100.0 * off.abs()).round() / 100.0)),
        Scale::Count => number(off.abs()),
    }
}

/// A difference with its sign.
pub(super) fn off(scale: Scale, off: f64) -> String {
    match scale {
        Scale::Relative => signed(off),
        _ => format!("{}{}", if off < 0.0 { '-' } else { '+' }, size(scale, off)),
    }
}

/// What a figure came to over periods: a sum of what is counted, else the mean.
pub(super) fn together(of: What, sum: f64, errors: &Errors) -> String {
    match of {
        What::Requests | What::Errors => value(of, sum),
        _ => value(of, sum / errors.periods.max(1) as f64),
    }
}

/// Every figure: what it came to, and how far it is off.
pub(super) fn figures(
    title: &str,
    remark: String,
    all: &[Compared],
    start_s: &dyn Fn(usize) -> f64,
) -> Section {
    let right = Side::Right;
    let mut table = Table::new(&[Side::Left, right, right, right, right, right, Side::Left]);
    table.titles(&["", "measured", "predicted", "median error", "mean error", "bias", "worst"]);
    table.sparing(&[4, 6]);
    for compared in all {
        let name = Cell::from(compared.of.words());
        let Some(errors) = &compared.errors else {
            let why = if compared.few > 0 { "too few requests" } else { "no period is judged" };
            table.row([name, Cell::new("–", QUIET), Cell::new(why, QUIET)]);
            continue;
        };
        let (what, scale) = (compared.of.what, compared.scale);
        table.row([
            name,
            together(what, errors.measured, errors).into(),
            together(what, errors.predicted, errors).into(),
            Cell::new(size(scale, errors.median), style(scale, errors.median)),
            size(scale, errors.mean).into(),
            off(scale, errors.bias).into(),
            format!("{} at {}", off(scale, errors.largest), clock(start_s(errors.worst))).into(),
        ]);
    }
    table.without_empty();
    let few: usize = all.iter().map(|it| it.few).sum();
    let few = (few > 0).then(|| {
        format!("{} of figures had too few requests and are left out.", counted(few as u64, "period"))
    });
    Section::new(title, remark).table(table).styled(few.into_iter().collect(), QUIET, None)
}

/// Small, large, and between.
pub(super) fn style(scale: Scale, off: f64) -> Style {
    let (good, bad) = match scale {
        Scale::Relative => (0.1, 0.25),
        Scale::Points => (3.0, 8.0),
        Scale::Count => return PLAIN,
    };
    match off.abs() {
        off if off <= good => GOOD,
        off if off >= bad => BAD,
        _ => WARNING,
    }
}

/// A figure period by period: of many, some that are as far apart as each other.
pub(super) fn by_period(all: &[&Compared], start_s: &dyn Fn(usize) -> f64, whole: bool) -> Option<Section> {
    let periods = all.iter().flat_map(|it| it.pairs.iter().map(|pair| pair.period));
    let mut periods: Vec<usize> = periods.collect();
    periods.sort_unstable();
    periods.dedup();
    let step = if whole { 1 } else { periods.len().div_ceil(MOST_PERIODS).max(1) };
    let mut table = Table::new(&[Side::Right]);
    let mut titles = vec!["from".to_owned()];
    titles.extend(all.iter().flat_map(|it| [it.of.words(), "predicted".to_owned()]));
    table.titles(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    for period in periods.iter().step_by(step) {
        let cells = all.iter().flat_map(|it| {
            let pair = it.pairs.iter().find(|pair| pair.period == *period);
            pair.map_or_else(|| ["–".into(), "–".into()], |pair| cells(it, pair))
        });
        table.row(std::iter::once(Cell::from(clock(start_s(*period)))).chain(cells));
    }
    let names: Vec<String> = all.first()?.of.name.iter().cloned().collect();
    let remark = match step {
        1 => String::new(),
        _ => format!("one of {step} periods; all with -v"),
    };
    let title = if names.is_empty() { "By period".into() } else { format!("By period: {}", names[0]) };
    Some(Section::new(title, remark).table(table))
}

fn cells(compared: &Compared, pair: &Pair) -> [Cell; 2] {
    let what = compared.of.what;
    let style = match what {
        What::Requests | What::Errors => PLAIN,
        _ => style(compared.scale, compared.difference(pair)),
    };
    [value(what, pair.measured).into(), Cell::new(value(what, pair.predicted), style)]
}

/// Where a model does not fit.
pub(super) fn misfits(all: &[Misfit], whole: bool) -> Option<Section> {
    let shown = if whole { all.len() } else { MOST_SENTENCES };
    let lines = all.iter().take(shown).map(|it| format!("{}.", it.sentence)).collect();
    let more = all.len().saturating_sub(shown);
    let more = (more > 0).then(|| format!("… {more} more (-v)"));
    (!all.is_empty()).then(|| {
        Section::new("Where it does not fit", "the gravest first").styled(lines, WARNING, None).styled(
            more.into_iter().collect(),
            QUIET,
            None,
        )
    })
}

/// Figures of what is compared by class or resource: latencies first, the one that is worst at the front.
pub(super) fn worst_first(all: &[Compared]) -> Vec<Vec<&Compared>> {
    let mut names: Vec<Option<&String>> = Vec::new();
    for it in all {
        if !names.contains(&it.of.name.as_ref()) {
            names.push(it.of.name.as_ref());
        }
    }
    let main =
        [What::Requests, What::P50, What::P95, What::P99, What::Cpu, What::Busy, What::Instances, What::Hit];
    let of = |name: Option<&String>| -> Vec<&Compared> {
        let is_main = |what: &What| {
            let figure = Figure { what: *what, name: name.cloned() };
            all.iter().find(|it| it.of == figure && !it.pairs.is_empty())
        };
        let mut found: Vec<&Compared> = main.iter().filter_map(is_main).collect();
        if found.iter().all(|it| !it.of.what.is_time()) {
            found.extend(all.iter().find(|it| it.of.name.as_ref() == name && it.of.what == What::Mean));
        }
        // Three of them have room beside each other.
        while found.len() > 3 {
            let at = found.iter().position(|it| it.of.what == What::P50).unwrap_or(found.len() - 1);
            found.remove(at);
        }
        found
    };
    let mut groups: Vec<Vec<&Compared>> = names.into_iter().map(of).filter(|it| !it.is_empty()).collect();
    let worst = |group: &Vec<&Compared>| {
        let relative = group.iter().filter(|it| it.of.what.is_time()).filter_map(|it| it.errors);
        relative.map(|it| it.median).fold(-1.0, f64::max)
    };
    groups.sort_by(|one, other| worst(other).total_cmp(&worst(one)));
    groups
}
