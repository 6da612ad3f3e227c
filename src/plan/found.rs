//! Puts a plan together when its search is over. In: the search, and what is kept of its runs. Out: [`Planned`].

use super::options::Options;
use super::planned::{Binds, Candidate, Fate, Missed, Planned, VERSION};
use super::play::{Play, is_to_be_met};
use super::rare::Unseen;
use super::search::Search;
use super::sure::{Standing, unseen_of};
use crate::objective::Verdict;
use crate::objective::quantity::Quantity;
use crate::outcome::digest::{Digest, Together};
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::study::{PointResult, SOURCES, Study};

/// All of it.
pub(super) fn planned(
    study: &Study,
    options: &Options,
    search: &Search,
    play: &Play<'_>,
    unseen: Vec<Unseen>,
    best: Option<usize>,
    second: Option<usize>,
) -> Planned {
    let (latency, limit_ms) = latency(&study.first);
    let mut points: Vec<Candidate> = (0..study.points.len())
        .map(|at| {
            let fate = match at {
                _ if Some(at) == best => Fate::Best,
                _ if Some(at) == second => Fate::Second,
                _ => fate(study, search, at),
            };
            candidate(study, search, play, at, fate, &latency)
        })
        .collect();
    mark_front(&mut points);
    let most = search.all.points.iter().map(|it| it.runs()).max().unwrap_or(0);
    let able = study.points.iter().filter(|it| it.key.is_ok()).count();
    let least = best.map_or(f64::INFINITY, |it| search.all.points[it].cost());
    let is_unsure = |at: &usize| {
        let it = &search.all.points[*at];
        it.stands() == Standing::Unsure && it.cost() <= least
    };
    Planned {
        version: VERSION,
        simcap: SOURCES.into(),
        study: study.id().clone(),
        name: study.first.name.clone(),
        file: study.file.display().to_string(),
        overrides: study.overrides.clone(),
        axes: study.axes.clone(),
        seed: study.seeds[0],
        asked: *options,
        latency,
        limit_ms,
        best,
        second,
        second_is_sure: second.is_some_and(|it| search.all.points[it].stands() == Standing::Meets),
        alike: best.map_or(Vec::new(), |best| search.all.alike(best)),
        most_runs: search.all.most,
        rarest: best.map(|it| unseen_of(search.all.points[it].runs(), 1.0 - options.confidence)),
        unseen,
        unsure: (0..points.len()).filter(is_unsure).collect(),
        binds: best.and_then(|best| binds(search, play, best, &points)),
        over: best.and_then(|best| over(play, best)),
        every: search.every,
        runs: play.runs(),
        grid_runs: able * play.with_bill(most),
        points,
        without_faults: None,
    }
}

/// The latency that is shown, and its limit.
fn latency(scenario: &Scenario) -> (String, Option<f64>) {
    let bounded = |bound: &Bound| matches!(bound, Bound::Latency { .. });
    let first = scenario.objectives.iter().map(|it| &it.bound).find(|it| bounded(it));
    let usual = Quantity::Latency { class: None, quantile: 0.99 };
    let of = first.and_then(Quantity::bounded_by).unwrap_or(usual);
    (of.name(scenario), first.map(Bound::limit))
}

fn candidate(
    study: &Study,
    search: &Search,
    play: &Play<'_>,
    at: usize,
    fate: Fate,
    latency: &str,
) -> Candidate {
    let point = &study.points[at];
    let tried = search.all.tried(at);
    let together = play.asked.get(&at).and_then(|runs| Together::of(runs));
    let problem = point.key.clone().err();
    let has_result = together.is_some() || problem.is_some();
    let result = has_result.then(|| PointResult::of(point.choices.clone(), problem, together, &[]));
    Candidate {
        choices: point.choices.clone(),
        fate,
        runs: tried.map_or(0, |it| it.runs()),
        cost_usd: tried.map(|it| it.cost()).filter(|it| it.is_finite()),
        latency_ms: result.as_ref().and_then(|it| it.figure(latency)).map(|it| it.value),
        front: false,
        result,
    }
}

fn fate(study: &Study, search: &Search, at: usize) -> Fate {
    if study.points[at].key.is_err() {
        return Fate::NotPossible;
    }
    let Some(tried) = search.all.tried(at) else {
        return if search.is_below(at) { Fate::Below } else { Fate::Dearer };
    };
    match (tried.stands(), tried.seems_met()) {
        (Standing::Meets, _) => Fate::Meets,
        (Standing::Fails, _) => Fate::Fails,
        (Standing::Unsure, _) => Fate::Unsure,
        (Standing::Open, true) => Fate::SeemsToMeet,
        (Standing::Open, false) => Fate::SeemsToFail,
    }
}

/// Marks the points that no other one beats in both cost and latency.
fn mark_front(points: &mut [Candidate]) {
    let place = |it: &Candidate| Some((it.cost_usd?, it.latency_ms?));
    let mut order: Vec<(f64, f64, usize)> = points
        .iter()
        .enumerate()
        .filter_map(|(at, it)| place(it).map(|(cost, p99)| (cost, p99, at)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut fastest = f64::INFINITY;
    for (_, p99, at) in order {
        points[at].front = p99 < fastest;
        fastest = fastest.min(p99);
    }
}

fn said(verdict: &Verdict) -> Missed {
    Missed { objective: verdict.objective.clone(), observed: verdict.observed.clone() }
}

/// What keeps the best point from being cheaper.
fn binds(search: &Search, play: &Play<'_>, best: usize, points: &[Candidate]) -> Option<Binds> {
    let raced = |at: usize| {
        let runs = play.asked.get(&at)?;
        let together = Together::of(runs)?;
        let asked: Vec<bool> = runs[0].objectives.iter().map(is_to_be_met).collect();
        let verdicts = together.objectives.clone().into_iter().zip(asked).filter(|it| it.1).map(|it| it.0);
        Some((verdicts.collect::<Vec<_>>(), together))
    };
    let (verdicts, _) = raced(best)?;
    // No failure at all is far from any limit on their share, whatever part of the limit that is.
    let is_nothing = |at: usize| {
        let of_run = |run: &Digest| run.objectives.iter().filter(|it| is_to_be_met(it)).nth(at)?.value;
        play.asked.get(&best).is_some_and(|runs| runs.iter().all(|run| of_run(run) == Some(0.0)))
    };
    let means = search.all.points[best].means().into_iter().enumerate();
    let means: Vec<f64> = means.map(|(at, it)| if is_nothing(at) { f64::INFINITY } else { it }).collect();
    let nearest = (0..means.len()).min_by(|a, b| means[*a].total_cmp(&means[*b]))?;
    let place = search.place_of(best)?;
    // The nearest of its line, whatever the bill of a failing point leaves out.
    let place_below = |at: usize| search.place_of(at).filter(|it| it.0 == place.0 && it.1 < place.1);
    let least = points[best].cost_usd?;
    let dearest = |a: &usize, b: &usize| points[*a].cost_usd.partial_cmp(&points[*b].cost_usd).unwrap();
    let is_failing = |at: &usize| matches!(points[*at].fate, Fate::Fails | Fate::SeemsToFail);
    let of_line = (0..points.len()).filter(is_failing).filter_map(|at| Some((place_below(at)?.1, at)));
    let of_line = of_line.max().map(|it| it.1);
    let failing = |at: &usize| is_failing(at) && points[*at].cost_usd < Some(least);
    let cheaper = of_line.or_else(|| (0..points.len()).filter(failing).max_by(dearest));
    let (missed, full) = match cheaper.and_then(raced) {
        None => (Vec::new(), Vec::new()),
        Some((verdicts, together)) => {
            let first = together.nearest.map(|it| it.resource);
            let full = if together.full.is_empty() { first.into_iter().collect() } else { together.full };
            (verdicts.iter().filter(|it| !it.met).map(said).collect(), full)
        }
    };
    Some(Binds { nearest: said(verdicts.get(nearest)?), cheaper, missed, full })
}

/// An objective on the bill that a point misses.
fn over(play: &Play<'_>, best: usize) -> Option<Missed> {
    let runs = play.of_bill(best);
    let together = Together::of(runs)?;
    let asked: Vec<bool> = runs[0].objectives.iter().map(is_to_be_met).collect();
    let mut of_bill = together.objectives.iter().zip(asked).filter(|(_, asked)| !asked).map(|it| it.0);
    of_bill.find(|it| !it.met).map(said)
}
