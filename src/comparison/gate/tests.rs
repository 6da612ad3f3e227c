//! Rules on comparisons whose intervals are written down.

use super::super::rule::Figures;
use super::*;
use crate::interval::Interval;
use crate::outcome::{Outcome, sample};

fn interval(low: f64, high: f64) -> Option<Interval> {
    Some(Interval { low, high, half_width: (high - low) / 2.0, level: 0.95, runs: 5 })
}

/// A comparison of an outcome with itself, and then one figure moved.
fn moved(outcome: &Outcome, of: &Quantity, to: impl Fn(&mut Difference)) -> Comparison {
    let mut comparison = Comparison::of(outcome, outcome);
    let figure = comparison.figures.iter_mut().find(|it| it.of.as_ref() == Some(of)).unwrap();
    figure.word = Word::CannotTell;
    to(figure);
    comparison
}

fn ruled(comparison: &mut Comparison, rule: &str, outcome: &Outcome) -> Ruled {
    let sides = [Figures::of_outcome(outcome), Figures::of_outcome(outcome)];
    comparison.judged_by(&[Rule::parse(rule, &sides).unwrap()], false);
    comparison.rules[0].clone()
}

const P99: Quantity = Quantity::Latency { class: None, quantile: 0.99 };

#[test]
fn a_percentage_of_a_latency_is_judged_by_the_ratio() {
    let outcome = sample::several();
    let mut found = moved(&outcome, &P99, |it| {
        (it.a, it.b, it.difference) = (100.0, 110.0, 10.0);
        (it.ratio, it.interval) = (interval(1.06, 1.15), interval(-5.0, 25.0));
    });
    let mut ruling = |rule: &str| ruled(&mut found, rule, &outcome).ruling;
    assert_eq!(ruling("p99 worse 5%"), Ruling::Failed);
    assert_eq!(ruling("p99 worse 15.1%"), Ruling::Passed);
    assert_eq!(ruling("p99 worse 10%"), Ruling::CannotTell);
    assert_eq!(ruling("p99 worse"), Ruling::Failed);
    assert_eq!(ruling("p99 better 0.1%"), Ruling::Passed);
    assert_eq!(ruling("p99 changed 5%"), Ruling::Failed);
    assert_eq!(ruling("p99 less"), Ruling::Passed);
    // Amounts have the interval of the difference, which is wider here.
    assert_eq!(ruling("p99 worse 5ms"), Ruling::CannotTell);
    assert_eq!(ruling("p99 worse 25ms"), Ruling::Passed);
}

#[test]
fn a_share_moves_by_points_and_more_goodput_is_better() {
    let outcome = sample::several();
    let mut found = moved(&outcome, &Quantity::Errors(None), |it| {
        (it.a, it.b, it.difference) = (0.0, 0.004, 0.004);
        (it.ratio, it.interval) = (None, interval(0.002, 0.006));
    });
    assert_eq!(ruled(&mut found, "errors worse 0.1pp", &outcome).ruling, Ruling::Failed);
    assert_eq!(ruled(&mut found, "errors worse 0.6pp", &outcome).ruling, Ruling::Passed);
    let of_nothing = ruled(&mut found, "errors worse 50%", &outcome);
    assert_eq!(of_nothing.ruling, Ruling::Failed, "of nothing, any part is nothing");
    assert!(!of_nothing.moved.unwrap().relative);
    let mut found = moved(&outcome, &Quantity::Goodput, |it| {
        (it.a, it.b, it.difference) = (200.0, 190.0, -10.0);
        (it.ratio, it.interval) = (None, interval(-12.0, -8.0));
    });
    for (rule, ruling) in [
        ("goodput worse 2%", Ruling::Failed),
        ("goodput less 2%", Ruling::Failed),
        ("goodput worse 5%", Ruling::CannotTell),
        ("goodput more", Ruling::Passed),
        ("goodput better 1/s", Ruling::Passed),
    ] {
        assert_eq!(ruled(&mut found, rule, &outcome).ruling, ruling, "{rule}");
    }
    let near = ruled(&mut found, "goodput worse 5.5%", &outcome);
    assert_eq!(
        near.unsure,
        Some(Unsure::Near { runs: Some(12) }),
        "half a percent of a point with one to the end: four times 3 runs"
    );
}

#[test]
fn what_cannot_be_told_says_why() {
    let outcome = sample::several();
    let mut unpriced = moved(&outcome, &Quantity::Cost, |it| it.word = Word::Unknown);
    assert_eq!(ruled(&mut unpriced, "cost more 3%", &outcome).unsure, Some(Unsure::Unpriced));
    let mut unequal = moved(&outcome, &Quantity::Failed, |it| it.better = Better::Neither);
    assert_eq!(ruled(&mut unequal, "failed worse 3%", &outcome).unsure, Some(Unsure::Duration));
    let without = |it: &mut Difference| (it.interval, it.ratio) = (None, None);
    let mut several = moved(&outcome, &P99, without);
    assert_eq!(ruled(&mut several, "p99 worse 3%", &outcome).unsure, Some(Unsure::NoValue));
    let mut one = moved(&outcome, &P99, without);
    one.seeds.truncate(1);
    assert_eq!(ruled(&mut one, "p99 worse 3%", &outcome).unsure, Some(Unsure::OneRun));
    let mut same = Comparison::of(&outcome, &outcome);
    assert_eq!(ruled(&mut same, "p99 changed", &outcome).ruling, Ruling::Passed);
    same.figures.retain(|it| it.of != Some(P99));
    assert_eq!(ruled(&mut same, "p99 changed", &outcome).unsure, Some(Unsure::NoValue));
}

#[test]
fn objectives_are_worse_where_one_that_was_met_is_missed() {
    let a = sample::several();
    assert!(a.objectives.len() > 1);
    let with = |standings: &[Standing]| {
        let mut outcome = a.clone();
        outcome.objectives.iter_mut().zip(standings).for_each(|(it, standing)| it.standing = *standing);
        outcome
    };
    use Standing::{CannotTell, Met, Missed};
    for (before, after, ruling) in [
        ([Met, Met], [Met, Missed], Ruling::Failed),
        ([Met, Missed], [Met, Missed], Ruling::Passed),
        ([Met, Missed], [CannotTell, Missed], Ruling::CannotTell),
        ([CannotTell, Met], [Missed, Met], Ruling::CannotTell),
        ([CannotTell, Missed], [Met, CannotTell], Ruling::Passed),
    ] {
        let (before, after) = (with(&before), with(&after));
        let mut found = Comparison::of(&before, &after);
        let ruled = ruled(&mut found, "objectives worse", &before);
        assert_eq!(ruled.ruling, ruling, "{ruled:?}");
    }
    // An objective with another limit is another objective.
    let (before, mut after) = (with(&[Met, Met]), with(&[Met, Met]));
    after.objectives[0].bound.as_mut().unwrap().limit *= 2.0;
    let mut found = Comparison::of(&before, &after);
    let dropped = ruled(&mut found, "objectives worse", &before);
    assert_eq!((dropped.unsure, dropped.objectives.len()), (Some(Unsure::Dropped), 1));
    let text = serde_json::to_string(&found).unwrap();
    let back: Comparison = serde_json::from_str(&text).unwrap();
    assert_eq!(back.rules, found.rules);
}

/// A limit that was moved does not hide that it is missed now: who misses a looser one misses that of before, too.
#[test]
fn a_looser_limit_that_is_missed_is_worse_and_a_tighter_one_may_not_be() {
    let before = sample::several();
    let at = before.objectives.iter().position(|it| it.bound.as_ref().unwrap().of.better() == Better::Lower);
    let at = at.unwrap();
    let ruling = |times: f64, met: Standing| {
        let (mut before, mut after) = (before.clone(), before.clone());
        before.objectives.iter_mut().chain(&mut after.objectives).for_each(|it| it.standing = Standing::Met);
        before.objectives[at].standing = met;
        after.objectives[at].standing = Standing::Missed;
        after.objectives[at].bound.as_mut().unwrap().limit *= times;
        let mut found = Comparison::of(&before, &after);
        ruled(&mut found, "objectives worse", &before).ruling
    };
    assert_eq!(ruling(2.0, Standing::Met), Ruling::Failed);
    assert_eq!(ruling(0.5, Standing::Met), Ruling::CannotTell, "the one of before may still be met");
    assert_eq!(ruling(2.0, Standing::Missed), Ruling::Passed, "it was missed before");
}
