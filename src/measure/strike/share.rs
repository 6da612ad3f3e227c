//! Whose the requests are that failed at nothing which a strike held, while strikes were felt.
//!
//! In: when each strike was felt, and how many had failed when that began and ended. Out: those of each strike that was felt alone, and those of
//! several faults together. Each request is in one of these, or in none.

use serde::{Deserialize, Serialize};

use super::Rows;

/// The time in which a strike was felt.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The position of its fault.
    pub fault: usize,
    /// When it begins.
    pub at_s: f64,
    /// How long it is; to the end of the run without that.
    pub after_s: Option<f64>,
    /// Requests that had failed when it began.
    pub failed: u64,
}

/// Requests that failed while several faults were felt, at nothing that one of them held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// The names of the faults.
    pub faults: Vec<String>,
    /// How many.
    pub failed: u64,
}

impl Rows<'_> {
    /// Shares requests out that failed: `failed` of each row, per second. Windows come in the order of their begins. Returns how many failed in
    /// each while it was the only one, or the first of the only fault, and those of several faults with the positions of these.
    pub fn share_out(&self, failed: &[f64], windows: &[Window]) -> (Vec<u64>, Vec<(Vec<usize>, u64)>) {
        let mut edges: Vec<(f64, bool, usize, u64)> = Vec::new();
        for (index, window) in windows.iter().enumerate().filter(|(_, it)| it.after_s != Some(0.0)) {
            edges.push((window.at_s, true, index, window.failed));
            let rows = self.rows_until(window.at_s, window.after_s);
            let all: f64 = (0..rows).map(|row| failed[row] * (self.end(row) - self.time_s[row])).sum();
            let end_s = window.after_s.map_or(f64::INFINITY, |after| window.at_s + after);
            edges.push((end_s, false, index, all.round() as u64));
        }
        edges.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let mut own = vec![0; windows.len()];
        let mut together: Vec<(Vec<usize>, u64)> = Vec::new();
        let (mut felt, mut so_far): (Vec<usize>, u64) = (Vec::new(), 0);
        for (_, begins, index, count) in edges {
            let more = count.saturating_sub(so_far);
            so_far = so_far.max(count);
            let mut faults: Vec<usize> = felt.iter().map(|&it| windows[it].fault).collect();
            faults.sort_unstable();
            faults.dedup();
            match faults.len() {
                0 => {}
                1 => own[felt[0]] += more,
                _ => match together.iter_mut().find(|(known, _)| *known == faults) {
                    Some((_, sum)) => *sum += more,
                    None => together.push((faults, more)),
                },
            }
            match begins {
                true => felt.push(index),
                false => felt.retain(|it| *it != index),
            }
        }
        together.retain(|(_, sum)| *sum > 0);
        (own, together)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten a second fail from 30 s to 60 s, in rows of 10 s.
    fn shared(windows: &[(usize, f64, f64, u64)]) -> (Vec<u64>, Vec<(Vec<usize>, u64)>) {
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
        let window = |&(fault, at_s, until, failed): &(usize, f64, f64, u64)| Window {
            fault,
            at_s,
            after_s: Some(until - at_s),
            failed,
        };
        rows.share_out(&failed, &windows.iter().map(window).collect::<Vec<_>>())
    }

    /// From 32 s, after 20 failures, to 50 s, and from 38 s, after 80, to 60 s: 60 of the first, 120 of both, 100 of the second. All that
    /// failed from 32 s on, and no more.
    #[test]
    fn what_fails_while_two_are_felt_is_told_once() {
        let (own, both) = shared(&[(0, 32.0, 50.0, 20), (1, 38.0, 60.0, 80)]);
        assert_eq!((own, both), (vec![60, 100], vec![(vec![0, 1], 120)]));
    }

    /// Strikes of one fault that overlap: each request is of the first that is felt then.
    #[test]
    fn strikes_of_one_fault_share_nothing() {
        let (own, both) = shared(&[(3, 32.0, 50.0, 20), (3, 38.0, 60.0, 80)]);
        assert_eq!((own, both), (vec![180, 100], Vec::new()));
    }

    /// One that is not felt has no part in anything, and nothing is of anybody after the end of the last one.
    #[test]
    fn what_is_not_felt_has_no_part() {
        let (own, both) = shared(&[(0, 32.0, 50.0, 20), (1, 38.0, 38.0, 80)]);
        assert_eq!((own, both), (vec![180, 0], Vec::new()));
    }
}
