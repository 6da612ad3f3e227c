//! The phases of hand-made timelines, each with one trouble.

use super::*;
use crate::outcome::{Verdict, sample};

const ROWS: Range<usize> = 4..8;

/// The sample without verdicts, slow in rows 4 to 7: p99 of 2.4 s, 61 % of it in `stage`.
fn slow_in(stage: usize) -> Outcome {
    let mut outcome = sample::outcome();
    outcome.objectives.clear();
    for row in ROWS {
        outcome.timeline.slow_ms[stage][row] = 1_464.0;
        outcome.timeline.slow_ms[0][row] = 2_400.0 - 1_464.0 - 36.0;
        outcome.timeline.latency_ms.get_mut("p99").unwrap()[row] = Some(2_400.0);
    }
    outcome
}

fn told(outcome: &Outcome) -> Vec<(f64, f64, bool, String)> {
    phases(outcome).into_iter().map(|it| (it.from_s, it.to_s, it.trouble, it.sentence)).collect()
}

#[test]
fn a_calm_run_is_one_normal_phase() {
    let outcome = slow_in(2);
    let calm = Outcome { timeline: sample::timeline(), ..outcome };
    let text = "normal: p99 around 40ms; 50 % of the p99 was time on CPU, shared with others (`web`)";
    assert_eq!(told(&calm), [(0.0, 120.0, false, text.into())]);
}

#[test]
fn no_timeline_has_no_phase() {
    let outcome = Outcome { timeline: Timeline::default(), ..sample::outcome() };
    assert_eq!(phases(&outcome), []);
}

#[test]
fn a_full_pool_is_named_with_its_numbers() {
    let mut outcome = slow_in(2);
    let pool = &mut outcome.timeline.fleets[0].pools[0];
    for row in ROWS {
        pool.used_percent[row] = 100.0;
        pool.waiting[row] = 290.0 + row as f64;
    }
    outcome.timeline.databases[0].writer_cpu_percent[ROWS].fill(97.2);
    let phases = phases(&outcome);
    let spans: Vec<_> = phases.iter().map(|it| (it.from_s, it.to_s, it.trouble, it.stage)).collect();
    assert_eq!(spans, [(0.0, 40.0, false, 1), (40.0, 80.0, true, 2), (80.0, 120.0, false, 1)]);
    insta::assert_snapshot!(phases[1].sentence, @"the pool to `orders` on `web` was full (100 % used, up to 297 waiting): 61 % of the p99 was waiting for a connection; meanwhile the writer of `orders` at 97 % CPU; p99 up to 2.4s");
}

#[test]
fn a_saturated_cpu_is_told_from_a_merely_busy_one() {
    let mut outcome = slow_in(1);
    outcome.timeline.fleets[0].cpu_percent[ROWS].fill(98.0);
    insta::assert_snapshot!(phases(&outcome)[1].sentence, @"CPU of `web` was saturated (98 %): 62 % of the p99 was time on CPU, shared with others; p99 up to 2.4s");
    outcome.timeline.fleets[0].cpu_percent[ROWS].fill(62.0);
    insta::assert_snapshot!(phases(&outcome)[1].sentence, @"CPU of `web` was the largest part (62 % busy): 62 % of the p99 was time on CPU, shared with others; p99 up to 2.4s");
}

#[test]
fn locked_rows_are_named_with_their_wait() {
    let mut outcome = slow_in(4);
    let database = &mut outcome.timeline.databases[0];
    database.lock_waiting[ROWS].fill(57.0);
    database.lock_wait_ms[ROWS].copy_from_slice(&[None, Some(900.0), Some(1_310.0), None]);
    insta::assert_snapshot!(phases(&outcome)[1].sentence, @"hot rows of `orders` were locked (up to 57 transactions waiting, mean wait up to 1.31s): 61 % of the p99 was waiting for a row lock; p99 up to 2.4s");
}

#[test]
fn failures_without_latency_lead_with_their_cause() {
    let mut outcome = Outcome { timeline: sample::timeline(), ..slow_in(1) };
    let mut reset = vec![0.0; sample::ROWS];
    reset[ROWS].fill(110.0);
    outcome.timeline.failed.insert("502 connection reset".into(), reset);
    outcome.timeline.failed.get_mut("client timeout").unwrap()[5] = 40.0;
    outcome.timeline.fleets[0].unhealthy[6] = 3.0;
    let told = told(&outcome);
    assert_eq!(told.iter().map(|it| it.2).collect::<Vec<_>>(), [false, true, false]);
    insta::assert_snapshot!(told[1].3, @"11 % of requests failed, mostly 502 connection reset; meanwhile up to 3 targets of `web` unhealthy; the p99 of the others stayed within 40ms");
}

#[test]
fn an_outage_of_everything_is_one_trouble() {
    let mut outcome = Outcome { timeline: sample::timeline(), ..slow_in(1) };
    for row in ROWS {
        outcome.timeline.completed[row] = 0.0;
        outcome.timeline.latency_ms.get_mut("p99").unwrap()[row] = None;
        outcome.timeline.failed.get_mut("client timeout").unwrap()[row] = 1_000.0;
    }
    let phase = &phases(&outcome)[1];
    assert_eq!((phase.from_s, phase.to_s, phase.share), (40.0, 80.0, 0.0));
    assert_eq!(phase.sentence, "100 % of requests failed, client timeout; no request completed");
}

#[test]
fn a_run_slow_from_end_to_end_is_trouble_by_its_objective() {
    let mut outcome = Outcome { timeline: sample::timeline(), ..slow_in(1) };
    outcome.timeline.latency_ms.get_mut("p99").unwrap().fill(Some(900.0));
    assert!(!phases(&outcome)[0].trouble);
    let missed = sample::outcome().objectives.remove(1);
    let verdict = Verdict { objective: "latency p99 < 800ms".into(), ..missed };
    outcome.objectives.push(verdict);
    let phases = phases(&outcome);
    assert_eq!(phases.len(), 1);
    assert!(phases[0].trouble);
}

#[test]
fn a_trouble_whose_cause_changes_is_told_in_parts() {
    let mut outcome = slow_in(2);
    for row in 6..10 {
        outcome.timeline.slow_ms[2][row] = 2.0;
        outcome.timeline.slow_ms[4][row] = 2_000.0;
        outcome.timeline.latency_ms.get_mut("p99").unwrap()[row] = Some(2_400.0);
    }
    let stages: Vec<_> = phases(&outcome).iter().map(|it| (it.from_s, it.stage)).collect();
    assert_eq!(stages, [(0.0, 1), (40.0, 2), (60.0, 4), (100.0, 1)]);
}

#[test]
fn a_timeline_with_missing_columns_is_no_panic() {
    let mut outcome = slow_in(2);
    outcome.timeline.completed.truncate(5);
    outcome.timeline.slow_ms.truncate(1);
    outcome.timeline.fleets.clear();
    outcome.timeline.databases.clear();
    outcome.stages.clear();
    assert!(!phases(&outcome).is_empty());
}
