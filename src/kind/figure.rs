//! A figure of one resource, or of all of a kind together, as estimates, verdicts and comparisons refer to it.
//!
//! In: what the tables of the kinds say of their figures. Out: [`KindFigure`], its words, unit and direction.

use std::cell::RefCell;

use crate::id::{self, Owner};
use crate::measure::bounded::{Bounded, Rank, Rule};
use crate::measure::figure::{Estimated, Totals};
use crate::measure::histogram::Histogram;
use crate::measure::unit::{Better, Unit};

/// What the table of a kind says of one of its figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// The kind.
    pub kind: id::Kind,
    /// Its name in `outcome.json`.
    pub name: &'static str,
    /// Its words before the name of the resource: `CPU of`.
    words: &'static str,
    unit: Unit,
    better: Better,
    /// How bounds on it are read and judged, if it can be bounded.
    pub rule: Option<&'static Rule>,
    /// Whether rows have it; of a percentile, the largest.
    pub by_row: bool,
}

/// What the table of a kind says of its figures: of each that can be bounded, then of the other estimates.
pub(crate) fn known<T: Totals>(kind: id::Kind) -> Vec<Known> {
    let bounded = T::BOUNDED.iter().map(|Bounded { rule, in_rows, .. }| Known {
        kind,
        name: rule.name,
        words: rule.words,
        unit: rule.unit,
        better: rule.better,
        rule: Some(rule),
        by_row: in_rows.is_some(),
    });
    let is_bounded = |it: &&Estimated<T>| T::BOUNDED.iter().any(|bounded| bounded.rule.name == it.name);
    let others = estimates::<T>().filter(|it| !is_bounded(it)).map(|it| Known {
        kind,
        name: it.name,
        words: it.words,
        unit: it.unit,
        better: it.better,
        rule: None,
        by_row: false,
    });
    bounded.chain(others).collect()
}

/// The estimates in the table of a kind.
pub(crate) fn estimates<T: Totals>() -> impl Iterator<Item = &'static Estimated<T>> {
    T::FIGURES.iter().filter_map(|figure| figure.estimate.as_ref())
}

/// What is estimated of so many resources of a kind.
pub(crate) fn estimated<T: Totals>(kind: id::Kind, count: usize) -> Vec<KindFigure> {
    let all = known::<T>(kind);
    let named = |name: &str| all.iter().copied().find(|it| it.name == name);
    let of = |index| {
        let of_one = move |known| KindFigure::new(known, Some(index), None);
        estimates::<T>().filter_map(|it| named(it.name)).filter_map(of_one).collect::<Vec<_>>()
    };
    (0..count).flat_map(of).collect()
}

/// A figure of one resource of a kind, or of all of them together: `CPU of web`, `lag p99`.
#[derive(Clone, Copy, Debug)]
pub struct KindFigure {
    known: Known,
    index: Option<usize>,
    quantile: Option<f64>,
}

impl PartialEq for KindFigure {
    fn eq(&self, other: &KindFigure) -> bool {
        let key = |it: &KindFigure| (it.known.kind, it.known.name, it.index, it.quantile);
        key(self) == key(other)
    }
}

impl KindFigure {
    /// The figure of the resource at a position, or of all; nothing where the table has no such figure: of all, or a
    /// percentile where it is none, or the other way round.
    pub(crate) fn new(known: Known, index: Option<usize>, quantile: Option<f64>) -> Option<KindFigure> {
        let percentile = known.rule.is_some_and(|rule| rule.percentile);
        let of_all = known.rule.is_some();
        let valid = (of_all || index.is_some()) && percentile == quantile.is_some();
        valid.then_some(KindFigure { known, index, quantile })
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> id::Kind {
        self.known.kind
    }

    /// Its name in `outcome.json`.
    pub fn name(&self) -> &'static str {
        self.known.name
    }

    /// The position of the resource among those of its kind; absent of all together.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// Of a percentile: which, between 0 and 1.
    pub fn quantile(&self) -> Option<f64> {
        self.quantile
    }

    /// What it is counted in.
    pub fn unit(&self) -> Unit {
        self.known.unit
    }

    /// Which way it should go.
    pub fn better(&self) -> Better {
        self.known.better
    }

    /// How bounds on it are judged, if it can be bounded.
    pub(crate) fn rule(&self) -> Option<&'static Rule> {
        self.known.rule
    }

    /// The resource; absent of all together.
    pub fn owner(&self) -> Option<Owner> {
        self.owner_at(self.index?)
    }

    /// The resource of its kind at a position.
    pub(crate) fn owner_at(&self, index: usize) -> Option<Owner> {
        Owner::of(self.known.kind, u32::try_from(index).ok()?)
    }

    /// Whether it is of a resource: that one, or any of its kind.
    pub(crate) fn is_of(&self, owner: Owner) -> bool {
        owner.kind() == self.known.kind && self.index.is_none_or(|only| only == owner.index())
    }

    /// In words, with the name of the resource and the words of the percentile.
    pub(crate) fn words(&self, resource: Option<&str>, percentile: Option<&str>) -> String {
        let figure = [Some(self.known.words), percentile].into_iter().flatten().collect::<Vec<_>>().join(" ");
        match (resource, self.known.rule) {
            (None, _) => figure,
            (Some(name), Some(_)) => format!("{figure} of {name}"),
            (Some(name), None) => format!("{figure} {name}"),
        }
    }

    /// The same with another position, as of the same resource in another scenario; nothing if that lacks it.
    pub fn moved(&self, owner: &dyn Fn(Owner) -> Option<Owner>) -> Option<KindFigure> {
        match self.index {
            None => Some(*self),
            Some(_) => Some(KindFigure { index: Some(owner(self.owner()?)?.index()), ..*self }),
        }
    }

    /// Of a list with an entry for each resource of the kind, those that it is about.
    pub(crate) fn chosen<'a, T>(&self, all: &'a [T]) -> Vec<&'a T> {
        match self.index {
            None => all.iter().collect(),
            Some(index) => all.get(index).into_iter().collect(),
        }
    }

    /// Its value in the totals of its kind, which are the sum of so many runs, as it is compared with a limit if there is one.
    pub(crate) fn of_totals<T: Totals>(&self, all: &[T], runs: f64, beside: Option<f64>) -> Option<f64> {
        if let Some(bounded) = T::BOUNDED.iter().find(|it| it.rule.name == self.name()) {
            let rank = Rank { quantile: self.quantile.unwrap_or(1.0), beside, times: None };
            return (bounded.of)(&self.chosen(all), rank);
        }
        let estimated = estimates::<T>().find(|it| it.name == self.name())?;
        (estimated.of)(all.get(self.index?)?, runs)
    }

    /// Of a percentile: all the times of which it is one.
    pub(crate) fn times<T: Totals>(&self, all: &[T]) -> Option<Histogram> {
        let bounded = T::BOUNDED.iter().find(|it| it.rule.name == self.name())?;
        let times = RefCell::default();
        (bounded.of)(&self.chosen(all), Rank { quantile: self.quantile?, beside: None, times: Some(&times) });
        Some(times.into_inner())
    }

    /// Its value over some rows of the series of its kind.
    pub(crate) fn in_rows<T: Totals>(&self, all: &[T::Series], rows: &[usize]) -> Option<f64> {
        let bounded = T::BOUNDED.iter().find(|it| it.rule.name == self.name())?;
        bounded.in_rows?(&self.chosen(all), rows)
    }
}
