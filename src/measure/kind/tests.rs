//! What holds for the tables of all kinds. In: the tables. Out: assertions.

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;

use super::cache::{CacheSeries, CacheTotals};
use super::database::{DatabaseSeries, DatabaseTotals};
use super::fleet::{FleetSeries, FleetTotals, PoolSeries};
use super::service::{ServiceSeries, ServiceTotals};
use crate::measure::column::{Cells, Series, Values, add, divide};
use crate::measure::figure::{Page, Totals};
use crate::measure::histogram::Histogram;
use crate::measure::timeline::Timeline;

fn fields(of: &impl Serialize) -> BTreeSet<String> {
    serde_json::to_value(of).unwrap().as_object().unwrap().keys().cloned().collect()
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let names: Vec<&str> = names.collect();
    let set: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(set.len(), names.len(), "two have one name: {names:?}");
    set
}

fn check_columns<S: Series + Default + Serialize>() {
    let hidden = |cells: &Cells<S>| matches!(cells, Cells::Parts(parts) if parts.list.is_none());
    let columns = S::COLUMNS.iter().filter(|column| !hidden(&column.cells)).map(|column| column.name);
    let table = distinct(columns.chain(S::LABELS.iter().copied()));
    assert_eq!(table, fields(&S::default()), "the table of {} and its fields", S::KIND);
}

#[test]
fn every_series_of_the_file_is_in_the_table_of_its_kind_and_the_reverse() {
    check_columns::<Timeline>();
    check_columns::<FleetSeries>();
    check_columns::<PoolSeries>();
    check_columns::<CacheSeries>();
    check_columns::<DatabaseSeries>();
    check_columns::<ServiceSeries>();
}

fn check_figures<T: Totals>()
where
    T::Told: Serialize,
{
    let table = distinct(T::FIGURES.iter().map(|figure| figure.name));
    assert_eq!(table, fields(&T::Told::default()), "the table of {} and its fields", T::TITLE);
    let mut places = Vec::new();
    let mut titles = Vec::new();
    for figure in T::FIGURES {
        match figure.page {
            Page::Column { place, title, .. } => {
                places.push(usize::from(place));
                titles.push(title);
            }
            Page::Line { after, .. } => assert!(!after.is_empty(), "{}", figure.name),
            Page::Not(why) => assert!(why.contains(' '), "{} does not say why it is not shown", figure.name),
        }
    }
    places.sort_unstable();
    assert_eq!(places, (0..titles.len()).collect::<Vec<_>>(), "the places on the page of {}", T::TITLE);
    distinct(titles.into_iter());
}

#[test]
fn every_figure_of_the_file_is_in_the_table_of_its_kind_and_on_the_page_or_says_why_not() {
    check_figures::<FleetTotals>();
    check_figures::<CacheTotals>();
    check_figures::<DatabaseTotals>();
    check_figures::<ServiceTotals>();
}

/// A series whose columns all differ, and differ from those of other salts.
fn filled<S: Series + Default>(salt: u32) -> S {
    let mut series = S::default();
    for (place, column) in S::COLUMNS.iter().enumerate() {
        let value = f64::from(salt * 100 + place as u32 + 1);
        let values = vec![value, value + 0.5];
        match &column.cells {
            Cells::Mean(field) | Cells::Shared(field, _) | Cells::Worst(field) => {
                *(field.of_mut)(&mut series) = values;
            }
            Cells::Weighed(field, _) => {
                *(field.of_mut)(&mut series) = values.into_iter().map(Some).collect();
            }
            Cells::Named(field) => {
                (field.of_mut)(&mut series).insert("timeout".into(), values.clone());
                (field.of_mut)(&mut series).insert(format!("cause {salt}"), values);
            }
            Cells::Stages(field, _) => *(field.of_mut)(&mut series) = vec![values.clone(), values],
            Cells::Same(field) => *(field.of_mut)(&mut series) = vec![0.0, 1.0],
            Cells::Percentiles(_) | Cells::Parts(_) => {}
        }
    }
    series
}

fn timeline(salt: u32) -> Timeline {
    Timeline {
        fleets: vec![FleetSeries { pools: vec![filled(salt), filled(salt + 1)], ..filled(salt) }],
        caches: vec![filled(salt)],
        databases: vec![filled(salt), filled(salt + 2)],
        services: vec![filled(salt)],
        ..filled(salt)
    }
}

fn mean(one: &Timeline, other: &Timeline) -> Timeline {
    let mut sum = one.clone();
    add(&mut sum, other);
    divide(&mut sum, 2.0);
    sum
}

/// Every value of every column, by its place.
fn values(timeline: &Timeline) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    for listed in timeline.columns() {
        let values: Vec<f64> = match listed.values {
            Values::All(values) => values.to_vec(),
            Values::Gaps(values) => values.iter().copied().flatten().collect(),
        };
        let name = format!("{} {} {:?}", listed.path, listed.name, listed.key);
        all.extend(values.into_iter().map(|value| (name.clone(), value)));
    }
    all
}

#[test]
fn the_mean_of_a_run_and_itself_is_that_run() {
    let one = timeline(3);
    let mut alone = one.clone();
    divide(&mut alone, 1.0);
    assert_eq!(values(&alone), values(&one));
    assert_eq!(values(&mean(&one, &one)), values(&one));
}

#[test]
fn the_mean_of_two_runs_is_the_same_either_way_and_moves_every_column() {
    let (one, other) = (timeline(3), timeline(11));
    let (there, back) = (values(&mean(&one, &other)), values(&mean(&other, &one)));
    assert_eq!(there.len(), back.len());
    let (ones, others) = (values(&one), values(&other));
    for (it, same) in there.iter().zip(&back) {
        assert_eq!(it.0, same.0);
        assert!((it.1 - same.1).abs() <= 1e-9 * it.1.abs(), "{it:?} {same:?}");
        let moved = |from: &[(String, f64)]| !from.contains(it);
        // The worst of two runs is that of one of them.
        let kept = it.0.ends_with("time_s None") || it.0.contains(" lag_ms ");
        assert!(kept || moved(&ones) && moved(&others), "{it:?} is that of one run");
    }
}

fn times(millis: u64) -> Histogram {
    let mut histogram = Histogram::default();
    (1..=4).for_each(|part| histogram.record(part * millis * 1_000_000));
    histogram
}

/// Twice a run is, for one event, that run; a part that is not added would leave half of it.
fn check_twice<T: Totals + Clone>(one: T)
where
    T::Told: Debug + Serialize,
{
    let told = one.told(1.0);
    let file = serde_json::to_value(&told).unwrap();
    for (field, value) in file.as_object().unwrap() {
        assert!(!value.is_null() && value.as_f64() != Some(0.0), "{field} would not show a missing sum");
    }
    let mut both = one.clone();
    both.add(&one);
    let twice = serde_json::to_value(both.told(2.0)).unwrap();
    for (field, value) in file.as_object().unwrap() {
        match (value.get("count"), twice[field].get("count")) {
            // A histogram has all samples of both.
            (Some(count), Some(all)) => {
                assert_eq!(2 * count.as_u64().unwrap(), all.as_u64().unwrap(), "{field}")
            }
            _ => assert_eq!(value, &twice[field], "{field}"),
        }
    }
}

fn fleet(salt: u64) -> FleetTotals {
    FleetTotals {
        name: "web".into(),
        instance: "m6i.large".into(),
        cpu_target: Some(60.0),
        peak_instances: 7 + salt as u32,
        launched: 5 + salt,
        terminated: 3 + salt,
        never_served: 2 + salt,
        instance_seconds: 100.5 + salt as f64,
        cpu_busy: 40.0 + salt as f64,
        cpu_there: 90.0 + salt as f64,
    }
}

fn cache(salt: u64) -> CacheTotals {
    CacheTotals {
        name: "catalog".into(),
        lookups: 50 + salt,
        hits: 20 + salt,
        evictions: 3 + salt,
        expirations: 4 + salt,
        invalidations: 5 + salt,
        coalesced: 6 + salt,
        items: 7 + salt,
        capacity: 100,
    }
}

fn database(salt: u64) -> DatabaseTotals {
    DatabaseTotals {
        name: "orders".into(),
        engine: "mysql".into(),
        reads: 30 + salt,
        writes: 20 + salt,
        commits: 10 + salt,
        lock_timeouts: 1 + salt,
        deadlocks: 2 + salt,
        connections_refused: 3 + salt,
        peak_connections: 4 + salt as u32,
        replica_reads: 15 + salt,
        stale_reads: 5 + salt,
        lag: times(8 + salt),
        lock_waits: 6 + salt,
        lock_waited: 7_000_000 + salt,
        pages_hit: 8 + salt,
        pages: 19 + salt,
    }
}

fn service(salt: u64) -> ServiceTotals {
    ServiceTotals {
        name: "payment".into(),
        arrived: 40 + salt,
        served: 30 + salt,
        rejected: 4 + salt,
        abandoned: 3 + salt,
        delayed: 20 + salt,
        wait: times(5 + salt),
        utilisation: 0.5 + salt as f64,
        mean_in_station: 2.5 + salt as f64,
    }
}

#[test]
fn the_totals_of_a_run_and_itself_are_those_of_that_run() {
    check_twice(fleet(0));
    check_twice(cache(0));
    check_twice(database(0));
    check_twice(service(0));
}

#[test]
fn totals_add_up_the_same_either_way() {
    fn check<T: Totals + Clone + Debug>(one: T, other: T) {
        let (mut there, mut back) = (one.clone(), other.clone());
        there.add(&other);
        back.add(&one);
        assert_eq!(format!("{there:?}"), format!("{back:?}"));
    }
    check(fleet(1), fleet(5));
    check(cache(1), cache(5));
    check(database(1), database(5));
    check(service(1), service(5));
}
