//! The rows of the tables: from when to when. In: counters and figures. Out: [`Rows`], and what the summary says of them.

use super::counts::Counts;
use super::error::ImportError;
use super::instant::{SECOND, is_believed, shown};
use super::measured::Rows;
use super::options::DAYS_MAX;
use super::row::Reason;
use super::series::Series;
use super::summary::Summary;
use super::tally::{CELLS_MAX, Tally};
use crate::number::{count, counted};
use crate::units::Time;

/// Most rows of a table.
const ROWS_MAX: i64 = 1_000_000;

/// Where rows begin and how many there are: those of the logs, or else of the figures.
pub(super) fn rows(
    summary: &mut Summary,
    tally: &Tally,
    series: &Series,
    period: i64,
) -> Result<Rows, ImportError> {
    let periods = tally.classes.iter().flat_map(|class| class.cells.keys());
    let of_logs = periods.clone().min().zip(periods.max()).map(|(first, last)| (*first, *last));
    let of_logs = of_logs.map(|(first, last)| (first * period, last - first + 1));
    // Figures begin when their first period does, which may be at any minute.
    let of_series = series.span().map(|(first, end)| {
        let from = first.div_euclid(SECOND) * SECOND;
        (from, (end - 1 - from).div_euclid(period) + 1)
    });
    let Some((from, count)) = of_logs.or(of_series) else {
        let total = summary.total();
        let what = match total.lines {
            0 => "there is no line".to_owned(),
            lines => format!("of {} none could be used{}", counted(lines, "line"), most_frequent(&total)),
        };
        return Err(ImportError::Nothing(what));
    };
    let rows = Rows { from, period, count };
    let end = rows.from.saturating_add(rows.count.saturating_mul(period));
    summary.span = match of_logs {
        Some(_) => summary
            .counts
            .iter()
            .filter_map(|counts| counts.span)
            .reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))),
        None => series.span(),
    };
    let of_edges = |(first, last): (i64, i64)| (period - (first - rows.from), last - (end - period));
    let is_low = |(before, after): &(i64, i64)| {
        rows.count > 1 && (before * 10 < period * 9 || after * 10 < period * 9)
    };
    summary.edges = summary.span.filter(|_| of_logs.is_some()).map(of_edges).filter(is_low);
    // Figures may reach further than the logs.
    summary.span = summary.span.map(|(first, last)| (first.max(rows.from), last.min(end)));
    summary.has_clock = is_believed(rows.from);
    let classes = tally.classes.iter().filter(|class| !class.cells.is_empty()).count() as i64;
    if !fits(rows.count, period, classes) {
        return Err(ImportError::Periods {
            period: Time(period.unsigned_abs()).to_string(),
            first: shown(rows.from),
            last: shown(end),
        });
    }
    Ok(rows)
}

/// Whether so many rows of so many classes can be kept, and are no more than a scenario may have.
fn fits(count: i64, period: i64, classes: i64) -> bool {
    count <= ROWS_MAX
        && count.saturating_mul(classes + 1) <= CELLS_MAX as i64
        && count.saturating_mul(period) <= DAYS_MAX * 86_400 * SECOND
}

/// Whether requests between these instants can be counted by this period; what was not seen yet can only be more.
pub(super) fn can_be((first, last): (i64, i64), period: i64, classes: i64) -> bool {
    fits(last.div_euclid(period) - first.div_euclid(period) + 1, period, classes)
}

/// Why most lines were dropped.
fn most_frequent(total: &Counts) -> String {
    let most = Reason::ALL.into_iter().max_by_key(|reason| total.of(*reason).count);
    most.map_or(String::new(), |reason| format!(" ({}: {})", count(total.of(reason).count), reason.words()))
}
