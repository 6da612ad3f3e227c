//! Figures that were measured over time, as a load test or CloudWatch has them. In: a figure, whose it is, an instant, a value. Out: its
//! value in any period.

use std::collections::BTreeMap;

use super::instant::SECOND;

/// Most values of all figures: some 100 MB.
const POINTS_MAX: usize = 2_000_000;

/// Too many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// A column of `measured.csv`: `cpu_percent of web`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    pub figure: String,
    /// Whose it is; nothing for all together.
    pub of: Option<String>,
}

impl Column {
    pub(super) fn new(figure: impl Into<String>, of: Option<&str>) -> Column {
        Column { figure: figure.into(), of: of.map(str::to_owned) }
    }

    /// As the first line of the file has it.
    pub(super) fn header(&self) -> String {
        match &self.of {
            Some(of) => format!("{} of {of}", self.figure),
            None => self.figure.clone(),
        }
    }

    /// Whether values of several periods add up; else they have a mean.
    pub(super) fn is_count(&self) -> bool {
        matches!(&*self.figure, "requests" | "aborted" | "refused" | "answered" | "hits" | "misses")
            || self.figure.starts_with("errors")
    }
}

/// Values at an instant: what they add up to, and how many there were.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Point {
    sum: f64,
    count: f64,
}

/// All figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Series {
    columns: BTreeMap<Column, BTreeMap<i64, Point>>,
    points: usize,
    /// The length of the only period, if a file has one and no clock.
    pub whole: Option<i64>,
}

impl Series {
    /// Adds a value at an instant in nanoseconds.
    pub(super) fn add(&mut self, column: &Column, at: i64, value: f64) -> Result<(), TooMany> {
        if !value.is_finite() {
            return Ok(());
        }
        if self.points >= POINTS_MAX {
            return Err(TooMany);
        }
        if !self.columns.contains_key(column) {
            self.columns.insert(column.clone(), BTreeMap::new());
        }
        let Some(points) = self.columns.get_mut(column) else { return Ok(()) };
        let before = points.len();
        let point = points.entry(at).or_default();
        point.sum += value;
        point.count += 1.0;
        self.points += points.len() - before;
        Ok(())
    }

    /// Takes the figures of another one.
    pub(super) fn merge(&mut self, other: Series) -> Result<(), TooMany> {
        for (column, points) in other.columns {
            let own = self.columns.entry(column).or_default();
            let before = own.len();
            for (at, more) in points {
                let point = own.entry(at).or_default();
                point.sum += more.sum;
                point.count += more.count;
            }
            self.points += own.len() - before;
        }
        self.whole = self.whole.or(other.whole);
        if self.points > POINTS_MAX { Err(TooMany) } else { Ok(()) }
    }

    /// Leaves out what is before an instant, or not before another.
    pub(super) fn keep(&mut self, from: Option<i64>, to: Option<i64>) {
        for points in self.columns.values_mut() {
            points.retain(|at, _| from.is_none_or(|from| *at >= from) && to.is_none_or(|to| *at < to));
        }
        self.columns.retain(|_, points| !points.is_empty());
        self.points = self.columns.values().map(BTreeMap::len).sum();
    }

    /// The columns, in order.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.keys()
    }

    /// The first instant and the end of the last period.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let first = self.columns.values().filter_map(|points| points.keys().next()).min()?;
        let ends = self.columns.iter().filter_map(|(column, points)| {
            Some(points.keys().next_back()? + self.period_of(column).unwrap_or(SECOND))
        });
        Some((*first, ends.max()?))
    }

    /// The longest period of any figure.
    pub(super) fn period(&self) -> Option<i64> {
        self.columns.keys().filter_map(|column| self.period_of(column)).max()
    }

    /// How far apart most values of a figure are, in whole seconds.
    fn period_of(&self, column: &Column) -> Option<i64> {
        let points = self.columns.get(column)?;
        let mut gaps: BTreeMap<i64, usize> = BTreeMap::new();
        for (one, next) in points.keys().zip(points.keys().skip(1)) {
            *gaps.entry(((next - one) / SECOND).max(1)).or_default() += 1;
        }
        let most = gaps.into_iter().max_by_key(|(gap, count)| (*count, -gap)).map(|(gap, _)| gap * SECOND);
        most.or(self.whole)
    }

    /// What a figure added up to, or was on the mean, in each period from an instant on; empty where nothing was measured.
    pub(super) fn in_periods(&self, column: &Column, from: i64, period: i64) -> BTreeMap<i64, f64> {
        let mut found: BTreeMap<i64, Point> = BTreeMap::new();
        let points = self.columns.get(column).into_iter().flatten();
        for (at, point) in points {
            let sum = found.entry((at - from).div_euclid(period)).or_default();
            sum.sum += point.sum;
            sum.count += point.count;
        }
        let value = |point: Point| if column.is_count() { point.sum } else { point.sum / point.count };
        found.into_iter().map(|(row, point)| (row, value(point))).collect()
    }

    /// What a figure adds up to.
    pub(super) fn sum(&self, column: &Column) -> f64 {
        self.columns.get(column).map_or(0.0, |points| points.values().map(|point| point.sum).sum())
    }

    /// Takes a figure out.
    pub(super) fn remove(&mut self, column: &Column) -> Vec<(i64, f64)> {
        let points = self.columns.remove(column).unwrap_or_default();
        self.points -= points.len();
        points.into_iter().map(|(at, point)| (at, point.sum)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_others_have_a_mean() {
        let (requests, cpu) =
            (Column::new("requests", Some("home")), Column::new("cpu_percent", Some("web")));
        let mut series = Series::default();
        for minute in 0..4 {
            series.add(&requests, minute * 60 * SECOND, 10.0).unwrap();
            series.add(&cpu, minute * 60 * SECOND, minute as f64 * 10.0).unwrap();
        }
        let of =
            |column: &Column| series.in_periods(column, 0, 120 * SECOND).into_values().collect::<Vec<_>>();
        assert_eq!((of(&requests), of(&cpu)), (vec![20.0, 20.0], vec![5.0, 25.0]));
        assert_eq!((series.period(), series.span()), (Some(60 * SECOND), Some((0, 240 * SECOND))));
        assert_eq!(requests.header(), "requests of home");
    }
}
