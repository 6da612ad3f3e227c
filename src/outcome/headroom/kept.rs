//! What is held for longer because of a fault: threads and connections whose requests wait for something that does not answer.
//!
//! In: the rows in which something is struck or lost, and a resource that is held while others are waited for. Out: the same resource, as busy as
//! what it was given would have kept it at its usual time. The estimate takes response times as they are where nothing is wrong: a thread that
//! waits on a fault says how long the fault kept it, and nothing of how much traffic there can be.

use crate::kind;
use crate::kind::Scene;
use crate::kind::view::at;
use crate::measure::capacity::Capacity;
use crate::measure::load::LoadSeries;
use crate::measure::member::FULL;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};

/// Times the usual time is longer. Assumption: as for a strike that is felt.
const LONGER: f64 = 2.0;

/// The rows in which a fault may keep what is held.
#[derive(Debug)]
pub(super) struct Kept {
    /// Empty where nothing was ever struck or lost.
    struck: Vec<bool>,
}

impl Kept {
    /// By what is watched.
    pub fn of(scene: &Scene<'_>, watched: &[Watched<'_>]) -> Kept {
        let upsets = kind::upsets(scene.settings);
        if upsets.is_empty() {
            return Kept { struck: Vec::new() };
        }
        let is_lost = |of: Resource| {
            matches!(
                of,
                Resource::LostInstances { .. }
                    | Resource::LostNodes { .. }
                    | Resource::LostShards { .. }
                    | Resource::LostGateways { .. }
            )
        };
        let mut struck = vec![false; scene.timeline.time_s.len()];
        for it in watched.iter().filter(|it| upsets.contains(&it.of) || is_lost(it.of)) {
            struck.iter_mut().zip(&it.full).for_each(|(struck, full)| *struck |= full);
        }
        // What is struck at times that the file does not give is among what was lost.
        for of in upsets {
            struck.iter_mut().zip(scene.lost(of)).for_each(|(struck, count)| *struck |= *count > 0.0);
        }
        Kept { struck }
    }

    /// Makes a resource as busy as it is at its usual time, where a fault has kept it for longer; returns the rows in which it was full because of
    /// that, and nothing where no fault has kept it. They go on from where something is struck for as long as it is full without a break. Those in which it is `blocked` by what is lost are
    /// left as they are: that is told of it.
    pub fn ease(
        &self,
        capacity: &mut Capacity<'_>,
        load: Option<&LoadSeries>,
        blocked: &[bool],
    ) -> Option<Vec<bool>> {
        let load = load.filter(|_| matches!(capacity.kind, StageKind::Thread | StageKind::Pool))?;
        if !self.struck.contains(&true) {
            return None;
        }
        let rows = capacity.busy.len().min(self.struck.len());
        let waiting = |row: usize| capacity.waiting.as_deref().map_or(0.0, |waiting| at(waiting, row));
        let full: Vec<bool> =
            (0..rows).map(|row| capacity.busy[row] >= FULL && waiting(row) >= WAITING).collect();
        let mut is_kept = false;
        let kept: Vec<bool> = (0..rows)
            .map(|row| {
                is_kept = self.struck[row] || is_kept && full[row];
                is_kept
            })
            .collect();
        let held = |row: usize| capacity.busy[row] * at(&capacity.there, row);
        let calm = |row: &usize| !kept[*row] && !full[*row];
        let (time, begun) = (0..rows)
            .filter(calm)
            .fold((0.0, 0.0), |sum, row| (sum.0 + held(row), sum.1 + at(&load.served, row)));
        if begun <= 0.0 {
            return None;
        }
        // For as long as usual: by what it was given, and by what the traffic of the row would give it.
        let usual = |given: &[f64], row: usize| time / begun * at(given, row);
        let is_longer = |row: usize| held(row) > LONGER * usual(&load.served, row);
        let is_idle_alone =
            |row: usize| full[row] && usual(&load.asked, row) < FULL * at(&capacity.there, row);
        let mut longer: Vec<usize> =
            (0..rows).filter(|&row| kept[row] && (is_longer(row) || is_idle_alone(row))).collect();
        // What is known to wait for something lost is told as that.
        longer.retain(|row| blocked.get(*row) != Some(&true));
        if longer.is_empty() {
            return None;
        }
        let mut eased = vec![false; rows];
        for row in longer {
            eased[row] = full[row];
            let alone = usual(&load.served, row).min(usual(&load.asked, row));
            capacity.busy[row] = alone / at(&capacity.there, row).max(f64::MIN_POSITIVE);
            if let Some(refusing) = capacity.refusing.get_mut(row) {
                *refusing = 0.0;
            }
        }
        Some(eased)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One instance, ten rows, ten threads taken in each but two of one in which all is held: something is struck in the first of these, and the
    /// second goes on from there. A tenth of a thread is held for each that is taken, so one in each of them is a hundredth of the threads.
    #[test]
    fn what_a_fault_keeps_counts_with_its_usual_time() {
        let of = Resource::Threads { fleet: 0 };
        let full = |row: usize| (4..6).contains(&row) || row == 8;
        let percent: Vec<f64> = (0..10).map(|row| if full(row) { 100.0 } else { 10.0 }).collect();
        let waiting: Vec<f64> = (0..10).map(|row| if full(row) { 7.0 } else { 0.0 }).collect();
        let mut load = LoadSeries::new(of);
        load.asked = vec![10.0; 10];
        load.served = (0..10).map(|row| if full(row) { 1.0 } else { 10.0 }).collect();
        let eased = |struck: Vec<bool>| {
            let mut capacity = Capacity {
                waiting: Some(waiting.clone().into()),
                refusing: percent.iter().map(|it| if *it > 99.0 { f64::INFINITY } else { 0.0 }).collect(),
                ..Capacity::constant(of, "threads".into(), StageKind::Thread, &percent)
            };
            let rows = Kept { struck }.ease(&mut capacity, Some(&load), &[]);
            (rows, capacity)
        };
        let (rows, capacity) = eased((0..10).map(|row| row == 4).collect());
        let rows = rows.unwrap();
        assert_eq!((0..10).filter(|&row| rows[row]).collect::<Vec<_>>(), [4, 5]);
        assert!((capacity.busy[4] - 0.01).abs() < 1e-12 && (capacity.busy[5] - 0.01).abs() < 1e-12);
        assert_eq!(capacity.refusing[5], 0.0);
        // Row 8 is full by itself.
        assert_eq!((capacity.busy[8], capacity.refusing[8], capacity.busy[3]), (1.0, f64::INFINITY, 0.1));
        assert!(eased(vec![false; 10]).0.is_none());
    }
}
