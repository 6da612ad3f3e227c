//! How many requests failed while a strike was felt, at nothing that a strike held: because of it, or of something else.
//!
//! In: when it was felt, and how many had failed when that began. Out: a count. Strikes that are felt at the same time have the same requests
//! in theirs: nothing says whose they are.

use super::Rows;

impl Rows<'_> {
    /// Requests that failed from an instant on, for so long or to the end: `failed` of each row, per second, of which `before` had come before
    /// that. It ends with the last row in which it is felt.
    pub fn meanwhile(&self, failed: &[f64], before: u64, at_s: f64, after_s: Option<f64>) -> u64 {
        if after_s == Some(0.0) {
            return 0;
        }
        let rows = self.rows_until(at_s, after_s);
        let all: f64 = (0..rows).map(|row| failed[row] * (self.end(row) - self.time_s[row])).sum();
        (all.round() as u64).saturating_sub(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten a second fail from 30 s to 60 s, in rows of 10 s. A strike is felt from 32 s, when 20 have failed, to 50 s, and another one to the end.
    /// One that is not felt has none.
    #[test]
    fn what_fails_while_a_strike_is_felt_is_counted() {
        let time: Vec<f64> = (0..10).map(|row| f64::from(row) * 10.0).collect();
        let failed: Vec<f64> = (0..10).map(|row| if (3..6).contains(&row) { 10.0 } else { 0.0 }).collect();
        let rows = Rows {
            time_s: &time,
            end_s: 100.0,
            offered: &[10.0; 10],
            completed: &[0.0; 10],
            failed: failed.clone(),
            of_others: vec![0.0; 10],
            p99: &[None; 10],
            in_flight: &[0.0; 10],
            felt: vec![false; 10],
        };
        assert_eq!(rows.meanwhile(&failed, 20, 32.0, Some(18.0)), 180);
        assert_eq!(rows.meanwhile(&failed, 20, 32.0, None), 280);
        assert_eq!(rows.meanwhile(&failed, 20, 32.0, Some(0.0)), 0);
    }
}
