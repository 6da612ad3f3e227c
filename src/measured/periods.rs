//! The periods of a table. In: the instants of its rows. Out: the [`Grid`] of equally wide periods on which they lie.

use super::error::MeasuredError;

/// Part of a period by which a row may be off its place: clocks that sample are seldom exact.
const OFF: f64 = 0.02;
/// Most periods: a year of minutes.
pub(super) const PERIODS_MAX: usize = 600_000;

/// Equally wide periods.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    pub(super) first_s: f64,
    pub(super) width_s: f64,
    pub(super) periods: usize,
    /// The period of each row.
    pub(super) of_row: Vec<usize>,
}

/// Rows with their lines, in order of time.
pub(super) fn grid(rows: &[(f64, u64)]) -> Result<Grid, Box<MeasuredError>> {
    let [(first_s, _), _, ..] = rows else {
        let hint = "one row for each period: at_s, then the figures; two rows say how long a period is";
        return Err(MeasuredError::new(None, "it has fewer than two rows", hint));
    };
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let hint =
            "one row for each period; where rows are of several resources, give each a column of its own";
        return Err(MeasuredError::new(Some(pair[1].1), "its time is that of another row", hint));
    }
    let gaps = rows.windows(2).map(|pair| pair[1].0 - pair[0].0);
    let width_s = gaps.fold(f64::INFINITY, f64::min);
    let mut of_row = Vec::with_capacity(rows.len());
    for (at, line) in rows {
        let place = (at - first_s) / width_s;
        if (place - place.round()).abs() > OFF {
            let message =
                format!("it begins {} s after the first row: periods are {width_s} s", at - first_s);
            let hint = "rows are equally far apart; leave out what is not known, but keep the distance";
            return Err(MeasuredError::new(Some(*line), message, hint));
        }
        of_row.push(place.round() as usize);
    }
    let periods = of_row.last().map_or(0, |last| last + 1);
    if periods > PERIODS_MAX {
        let message = format!("periods of {width_s} s make {periods} of them, more than {PERIODS_MAX}");
        return Err(MeasuredError::new(None, message, "use longer periods, or a part of the recording"));
    }
    Ok(Grid { first_s: *first_s, width_s, periods, of_row })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[f64]) -> Result<Grid, String> {
        let rows: Vec<(f64, u64)> = times.iter().zip(2..).map(|(at, line)| (*at, line)).collect();
        grid(&rows).map_err(|error| error.message.clone())
    }

    #[test]
    fn the_least_distance_is_a_period_and_gaps_are_many_of_them() {
        let found = of(&[0.0, 60.0, 120.5, 300.0]).unwrap();
        assert_eq!((found.width_s, found.periods, found.of_row), (60.0, 6, vec![0, 1, 2, 5]));
        assert!(of(&[0.0, 60.0, 150.0]).unwrap_err().contains("periods are 60 s"));
        assert!(of(&[0.0, 60.0, 60.0]).unwrap_err().contains("another row"));
        assert!(of(&[0.0]).is_err());
        assert!(of(&[0.0, 1e-3, 1e6]).unwrap_err().contains("more than"));
    }
}
