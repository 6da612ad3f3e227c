//! What holds for the tables of all kinds. In: the list of kinds, with a sample of each. Out: assertions.

use std::collections::BTreeSet;
use std::fmt::Debug;

use serde::Serialize;

use crate::kind::cache::record::CacheSeries;
use crate::kind::database::record::DatabaseSeries;
use crate::kind::fleet::record::FleetSeries;
use crate::kind::table::Foreign;
use crate::kind::{self, TABLES, estimated, figures, series, tables};
use crate::measure::bounded::Rank;
use crate::measure::column::{self, Cells, Column, Series, Values, add, divide};
use crate::measure::figure::{Page, Shown, Totals};
use crate::measure::histogram::Histogram;
use crate::measure::pool::PoolSeries;
use crate::measure::stage::Cause;
use crate::measure::timeline;
use crate::measure::unit::Unit;

type Timeline = timeline::Timeline<kind::Series>;

/// A kind that has a sample of itself, without which the tests do not compile.
pub(crate) trait Sample: Totals<Series: Default + Serialize, Told: Debug> + Clone + Debug {
    /// Totals of which no part is zero, other ones for each salt.
    fn sample(salt: u64) -> Self;

    /// Adds to a filled series the series that are parts of it.
    fn add_parts(_series: &mut Self::Series, _salt: u32) {}
}

/// What is checked of the tables of each kind.
pub(crate) trait EachTable {
    /// The tables of one kind.
    fn visit<T: Sample>(&mut self);
}

/// A filled series with its parts.
pub(crate) fn filled_with_parts<T: Sample>(salt: u32) -> T::Series {
    let mut series = filled(salt);
    T::add_parts(&mut series, salt);
    series
}

/// Four times.
pub(crate) fn times(millis: u64) -> Histogram {
    let mut histogram = Histogram::default();
    (1..=4).for_each(|part| histogram.record(part * millis * 1_000_000));
    histogram
}

fn fields(of: &impl Serialize) -> BTreeSet<String> {
    serde_json::to_value(of).unwrap().as_object().unwrap().keys().cloned().collect()
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let names: Vec<&str> = names.collect();
    let set: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(set.len(), names.len(), "two have one name: {names:?}");
    set
}

fn check_columns<S: Series + Serialize>(of: &S) {
    // Not in the file, or without a field of their own there.
    let hidden = |cells: &Cells<S>| matches!(cells, Cells::Parts(parts) if parts.list.is_none());
    let columns = S::COLUMNS.iter().filter(|column| !hidden(&column.cells) && !column.name.is_empty());
    let columns = columns.map(|column| column.name);
    let table = distinct(columns.chain(S::LABELS.iter().copied()));
    assert_eq!(table, fields(of), "the table of {} and its fields", S::KIND);
}

#[test]
fn every_series_of_the_file_is_in_the_table_of_its_kind_and_the_reverse() {
    struct Each;
    impl EachTable for Each {
        fn visit<T: Sample>(&mut self) {
            check_columns(&filled_with_parts::<T>(1));
        }
    }
    tables(&mut Each);
    // A list of a later kind is only written if it has something.
    check_columns(&series(1));
    check_columns(&PoolSeries::default());
    check_columns(&<timeline::Timeline>::default());
}

/// What a column of a page is explained by is what stands in its cells, and where that is no more than a part of what the field means, it has
/// words of its own.
fn check_page(of_field: Unit, title: &str, (unit, about): (Unit, &str), shown: Shown<'_>) {
    let in_cell = match shown {
        Shown::Text(_) => Unit::Text,
        Shown::Number(_, unit) => unit,
        Shown::AtMost(_) | Shown::PartOf(..) => Unit::Count,
        Shown::Whole(_) => Unit::Percent,
        Shown::Nothing => panic!("{title}: the sample shows nothing"),
    };
    assert_eq!(unit, in_cell, "{title}");
    let is_part = matches!(shown, Shown::AtMost(_) | Shown::PartOf(..));
    assert!(!about.is_empty() || (unit == of_field && !is_part), "{title} does not say what it shows");
    let is_most = |word: &str| about.contains(word);
    assert!(!title.starts_with("p99") || is_most("99 of 100"), "{title}: {about:?}");
    assert!(!title.contains("worst") || is_most("longest"), "{title}: {about:?}");
}

fn check_figures<T: Sample>() {
    let table = distinct(T::FIGURES.iter().map(|figure| figure.name));
    assert_eq!(table, fields(&T::sample(1).told(1.0)), "the table of {} and its fields", T::TITLE);
    let mut places = Vec::new();
    let mut titles = Vec::new();
    for figure in T::FIGURES {
        match figure.page {
            Page::Column { place, title, unit, about, cell } => {
                places.push(usize::from(place));
                titles.push(title);
                let told = T::sample(1).told(1.0);
                check_page(figure.unit, title, (unit, about), cell(&told));
            }
            Page::Line { noun, after, .. } => {
                assert!(!noun.is_empty() || !after.is_empty(), "{}", figure.name);
                assert!(figure.unit == Unit::Count || noun.is_empty(), "{}: it has a unit", figure.name);
                assert!([noun, after].iter().all(|words| words.trim() == *words), "{}: blanks", figure.name);
            }
            Page::Not(why) => assert!(why.contains(' '), "{} does not say why it is not shown", figure.name),
        }
    }
    places.sort_unstable();
    assert_eq!(places, (0..titles.len()).collect::<Vec<_>>(), "the places on the page of {}", T::TITLE);
    distinct(titles.into_iter());
}

#[test]
fn every_figure_of_the_file_is_in_the_table_of_its_kind_and_on_the_page_or_says_why_not() {
    struct Each;
    impl EachTable for Each {
        fn visit<T: Sample>(&mut self) {
            check_figures::<T>();
        }
    }
    tables(&mut Each);
}

/// A series whose columns all differ, and differ from those of other salts.
pub(crate) fn filled<S: Series + Default>(salt: u32) -> S {
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
            Cells::Causes(field) => {
                // One that every run has, and one that others may lack.
                let own = Cause::ALL[1 + salt as usize % (Cause::ALL.len() - 1)];
                (field.of_mut)(&mut series).insert(Cause::ALL[0], values.clone());
                (field.of_mut)(&mut series).insert(own, values);
            }
            Cells::Stages(field, _) => *(field.of_mut)(&mut series) = vec![values.clone(), values],
            Cells::Same(field) => *(field.of_mut)(&mut series) = vec![0.0, 1.0],
            Cells::Percentiles(_) | Cells::Derived(_) | Cells::Parts(_) => {}
        }
    }
    series
}

/// A timeline with two resources of each kind.
fn timeline(salt: u32) -> Timeline {
    Timeline { kinds: series(salt), ..filled(salt) }
}

fn mean(one: &Timeline, other: &Timeline) -> Timeline {
    let mut sum = one.clone();
    add(&mut sum, other);
    divide(&mut sum, 2.0);
    sum
}

/// Whether the name of a value is that of a column of the worst of all runs.
fn is_worst(name: &str) -> bool {
    #[derive(Default)]
    struct Each(Vec<String>);
    impl EachTable for Each {
        fn visit<T: Sample>(&mut self) {
            self.0.extend(worst(T::Series::COLUMNS));
        }
    }
    fn worst<S>(columns: &[Column<S>]) -> impl Iterator<Item = String> {
        let worst = columns.iter().filter(|it| matches!(it.cells, Cells::Worst(_)));
        worst.map(|it| format!(" {} ", it.name))
    }
    let mut each = Each::default();
    tables(&mut each);
    // A part of fleets and of populations.
    each.0.extend(worst(PoolSeries::COLUMNS));
    each.0.iter().any(|column| name.contains(column.as_str()))
}

/// Every value of every column, by its place.
fn values(timeline: &Timeline) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    for listed in timeline.columns() {
        let values: Vec<f64> = match listed.values {
            Values::All(values) => values.to_vec(),
            Values::Gaps(values) => values.iter().copied().flatten().collect(),
        };
        let name = format!("{:?} {} {:?}", listed.path, listed.name, listed.key);
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
        let kept = it.0.ends_with("time_s None") || is_worst(&it.0);
        assert!(kept || moved(&ones) && moved(&others), "{it:?} is that of one run");
    }
}

/// Twice a run is, for one event, that run; a part that is not added would leave half of it.
fn check_twice<T: Sample>() {
    let one = T::sample(0);
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

#[test]
fn the_totals_of_a_run_and_itself_are_those_of_that_run() {
    struct Each;
    impl EachTable for Each {
        fn visit<T: Sample>(&mut self) {
            check_twice::<T>();
        }
    }
    tables(&mut Each);
}

#[test]
fn totals_add_up_the_same_either_way() {
    struct Each;
    impl EachTable for Each {
        fn visit<T: Sample>(&mut self) {
            let (one, other) = (T::sample(1), T::sample(5));
            let (mut there, mut back) = (one.clone(), other.clone());
            there.add(&other);
            back.add(&one);
            assert_eq!(format!("{there:?}"), format!("{back:?}"));
        }
    }
    tables(&mut Each);
}

#[test]
fn figures_of_all_kinds_have_names_of_their_own_and_every_estimate_is_followed() {
    let names = distinct(figures().map(|known| known.name));
    struct Each(usize, BTreeSet<String>);
    impl EachTable for Each {
        fn visit<T: Sample>(&mut self) {
            let estimates = T::FIGURES.iter().filter_map(|figure| figure.estimate.as_ref());
            estimates.for_each(|it| {
                self.0 += 1;
                self.1.insert(it.name.into());
            });
        }
    }
    let mut each = Each(0, BTreeSet::new());
    tables(&mut each);
    assert!(each.1.is_subset(&names) && each.1.len() == each.0);
    let estimated: Vec<&str> = estimated(|_| 1).iter().map(|figure| figure.name()).collect();
    assert_eq!(estimated.len(), each.0, "{estimated:?}");
    assert_eq!(distinct(estimated.into_iter()), each.1);
}

#[test]
fn a_figure_that_can_be_bounded_says_how() {
    let rules: Vec<_> = figures().filter_map(|known| known.rule).collect();
    assert!(rules.len() >= 3);
    distinct(rules.iter().map(|rule| rule.key.name));
    for rule in rules {
        let operator = if rule.is_lower() { '>' } else { '<' };
        assert!(rule.example.contains(operator), "{}", rule.key.name);
        assert!(rule.key.value.contains(rule.example), "{}", rule.key.name);
        assert_eq!(rule.percentile, rule.example.contains("p99 "), "{}", rule.key.name);
        assert!(!rule.nothing.is_empty(), "{}", rule.key.name);
    }
}

/// An estimate of a figure that can be bounded, too, is the same number.
#[test]
fn the_estimate_and_the_bound_of_one_resource_agree() {
    struct Each;
    impl EachTable for Each {
        fn visit<T: Sample>(&mut self) {
            let one = T::sample(3);
            for bounded in T::BOUNDED {
                let estimates = T::FIGURES.iter().filter_map(|figure| figure.estimate.as_ref());
                for same in estimates.filter(|it| it.name == bounded.rule.name) {
                    assert_eq!(
                        (same.of)(&one, 1.0),
                        (bounded.of)(&[&one], Rank { quantile: 1.0, beside: None, times: None }),
                        "{}",
                        same.name
                    );
                    assert_eq!(same.better, bounded.rule.better, "{}", same.name);
                    assert_eq!(same.unit, bounded.rule.unit, "{}", same.name);
                    assert_eq!(same.words, format!("{} of", bounded.rule.words));
                }
            }
        }
    }
    tables(&mut Each);
}

#[test]
fn a_ratio_weighs_a_run_by_what_it_is_a_ratio_of() {
    let cache = |lookups: f64, hit_ratio| CacheSeries {
        lookups: vec![lookups],
        hit_ratio: vec![hit_ratio],
        ..CacheSeries::default()
    };
    let of = |series| kind::Series { caches: vec![series], ..kind::Series::default() };
    let mut both = of(cache(300.0, Some(1.0)));
    column::add(&mut both, &of(cache(100.0, Some(0.0))));
    column::add(&mut both, &of(cache(0.0, None)));
    assert_eq!(both.caches[0].hit_ratio, [Some(0.75)]);
    let mut late = of(cache(0.0, None));
    column::add(&mut late, &of(cache(10.0, Some(0.4))));
    assert_eq!(late.caches[0].hit_ratio, [Some(0.4)]);
}

#[test]
fn the_busy_share_of_groups_of_unequal_size_is_that_of_all_capacity() {
    let fleet = |serving: f64, busy: f64| FleetSeries {
        serving: vec![serving],
        in_rotation: vec![serving],
        cpu_percent: vec![busy],
        threads_busy: vec![busy / 10.0],
        ..FleetSeries::default()
    };
    let of = |series| kind::Series { fleets: vec![series], ..kind::Series::default() };
    // One instance that is busy all the time, and three that are half busy: 2.5 of 4.
    let mut both = of(fleet(1.0, 100.0));
    column::add(&mut both, &of(fleet(3.0, 50.0)));
    column::add(&mut both, &of(fleet(0.0, 0.0)));
    assert_eq!((both.fleets[0].cpu_percent[0], both.fleets[0].threads_busy[0]), (62.5, 6.25));
}

#[test]
fn the_worst_lag_of_a_row_is_that_of_the_worst_run() {
    let lag = |lag| DatabaseSeries { lag_ms: vec![lag], ..DatabaseSeries::default() };
    let of = |series| kind::Series { databases: vec![series], ..kind::Series::default() };
    let mut both = of(lag(20.0));
    column::add(&mut both, &of(lag(304.0)));
    column::divide(&mut both, 2.0);
    assert_eq!(both.databases[0].lag_ms, [304.0]);
}

/// A word that people bring is no key of the table, stands for one that is, and is there once.
#[test]
fn foreign_words_stand_for_keys_that_there_are() {
    for words in TABLES {
        let (shape, mut known) = (words.shapes[0], BTreeSet::new());
        for Foreign { words: all, here } in words.foreign {
            let key = here.split([' ', '=']).next().unwrap_or_default();
            assert!(shape.has(key), "{} has no `{key}`", shape.title);
            for word in *all {
                assert!(!shape.has(word), "`{word}` is a key of {}", shape.title);
                assert!(known.insert(*word), "`{word}` comes twice in {}", shape.title);
                assert!(words.hint(word).is_some_and(|hint| hint.contains(here)), "{word}");
            }
        }
        assert!(!words.foreign.is_empty(), "people bring words for {}", shape.title);
        assert_eq!(words.hint("colour"), None);
    }
}
