//! What is kept of every kind: rows, totals and outcomes, a list for each kind that has `records` in the list of kinds.
//!
//! In: the `record` of each kind, with its columns and figures in tables. Out: [`Series`](super::Series),
//! [`Totals`](super::Totals) and [`Outcomes`](super::Outcomes), and all that is done with every kind of them alike.

use crate::flow::Flow;
use crate::id::{self, Owner};
use crate::measure::chart::Chart;
use crate::measure::unit::Unit;
use crate::measure::{column, figure};

/// A kind of which something is kept. Its part keeps the rows and gives them at the end.
pub(crate) trait Recorded {
    /// The rows of one resource.
    type Series: column::Series;
    /// The totals of one resource.
    type Totals: figure::Totals<Series = Self::Series>;

    /// Rows and totals of each resource, at the end of a run.
    fn close(&mut self, flow: &mut Flow) -> (Vec<Self::Series>, Vec<Self::Totals>);
}

/// What is done with the outcomes of each kind in turn.
pub(crate) trait EachKind {
    /// All resources of one kind, and which resource is at a position.
    fn visit<T: figure::Totals>(&mut self, owner: fn(usize) -> Option<Owner>, all: &[T::Told]);
}

/// What is done with the charts of each kind in turn.
pub(crate) trait EachChart {
    /// A chart, and all resources of its kind.
    fn visit<T: figure::Totals>(
        &mut self,
        chart: &Chart<T::Series, T::Told>,
        series: &[T::Series],
        told: &[T::Told],
    );
}

/// What the figures of a kind are counted in, and what its part of a page has.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    /// The kind.
    pub(crate) kind: id::Kind,
    /// The field of a document that has the list of them.
    pub(crate) list: &'static str,
    /// Its figures, by their names.
    pub(crate) figures: Vec<(&'static str, Unit)>,
    /// The title of its part of a page.
    pub(crate) title: &'static str,
    /// What stands beside that title.
    pub(crate) remark: &'static str,
    /// Its columns on a page.
    pub(crate) heads: Vec<Head>,
}

/// A column of the table of a kind on a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    /// The field of its figure.
    pub(crate) field: &'static str,
    /// Its title.
    pub(crate) title: &'static str,
    /// What its cells are counted in.
    pub(crate) unit: Unit,
    /// What it shows, where that is not what the field means; else empty.
    pub(crate) about: &'static str,
}

/// What a kind counts in.
pub(crate) fn counted<T: figure::Totals>(kind: id::Kind, list: &'static str) -> Counted {
    let figures = T::FIGURES.iter().map(|figure| (figure.name, figure.unit)).collect();
    let head = |figure: &figure::Figure<T>| match figure.page {
        figure::Page::Column { title, unit, about, .. } => {
            Some(Head { field: figure.name, title, unit, about })
        }
        figure::Page::Line { .. } | figure::Page::Not(_) => None,
    };
    let heads = T::FIGURES.iter().filter_map(head).collect();
    Counted { kind, list, figures, title: T::TITLE, remark: T::REMARK, heads }
}

/// The position in another list of the resource that has the same name there.
pub(crate) fn place<T: figure::Totals>(own: &[T::Told], other: &[T::Told], index: usize) -> Option<usize> {
    let wanted = T::heading(own.get(index)?);
    other.iter().position(|it| T::heading(it) == wanted)
}

/// Makes what holds all records: `folder Kind list`, and in brackets what `serde` is to do with an empty list: those of the
/// first kinds are written, and files without resources of a later one stay as they were.
macro_rules! records {
    ($($module:ident $Kind:ident $records:ident $([$keep:meta])?;)*) => {
        /// What is kept of each resource, row by row.
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct Series {
            $(
                #[doc = concat!("The rows of each `[", stringify!($module), ".NAME]`, in the order of the file.")]
                #[serde(default)]
                $(#[$keep])?
                pub $records: Vec<$module::record::Series>,
            )*
        }

        impl column::Series for Series {
            const KIND: &'static str = "";
            const LABELS: &'static [&'static str] = &[];
            const COLUMNS: &'static [Column<Series>] = &[$(column!(parts $records),)*];

            fn labels(&self) -> Vec<&str> {
                Vec::new()
            }
        }

        impl Series {
            /// The value of a figure over some rows, if rows have it.
            pub(crate) fn value(&self, of: &KindFigure, rows: &[usize]) -> Option<f64> {
                match of.kind() {
                    $(id::Kind::$Kind => of.in_rows::<$module::record::Totals>(&self.$records, rows),)*
                    _ => None,
                }
            }
        }

        /// What runs left of each resource, as whole numbers, areas and histograms.
        #[derive(Clone, Debug, Default)]
        pub struct Totals {
            $(
                #[doc = concat!("What each `[", stringify!($module), ".NAME]` came to, in the order of the file.")]
                pub $records: Vec<$module::record::Totals>,
            )*
        }

        impl Totals {
            /// Adds another run.
            pub fn add(&mut self, more: &Totals) {
                use $crate::measure::figure::Totals as _;
                $(self.$records.iter_mut().zip(&more.$records).for_each(|(sum, more)| sum.add(more));)*
            }

            /// The figures of one event, from the sum of so many runs.
            pub fn told(&self, runs: f64) -> Outcomes {
                use $crate::measure::figure::Totals as _;
                Outcomes { $($records: self.$records.iter().map(|totals| totals.told(runs)).collect(),)* }
            }

            /// What became of writes, wherever data is kept.
            pub fn writes(&self) -> Writes {
                use $crate::measure::figure::Totals as _;
                let mut all = Writes::default();
                $(self.$records.iter().for_each(|it| all = all.and(it.writes()));)*
                all
            }

            /// The value of a figure, from the sum of so many runs, as it is compared with a limit if there is one; absent where
            /// nothing happened that it is about.
            pub(crate) fn value(&self, of: &KindFigure, runs: f64, beside: Option<f64>) -> Option<f64> {
                match of.kind() {
                    $(id::Kind::$Kind => of.of_totals(&self.$records, runs, beside),)*
                    _ => None,
                }
            }
        }

        impl Totals {
            /// Of a percentile: all the times of which it is one.
            pub(crate) fn times(&self, of: &KindFigure) -> Option<crate::measure::histogram::Histogram> {
                match of.kind() {
                    $(id::Kind::$Kind => of.times(&self.$records),)*
                    _ => None,
                }
            }
        }

        /// The figures of each resource.
        #[derive(Clone, Debug, Default, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct Outcomes {
            $(
                #[doc = concat!("What each `[", stringify!($module), ".NAME]` came to, in the order of the file.")]
                #[serde(default)]
                $(#[$keep])?
                pub $records: Vec<$module::record::Outcome>,
            )*
        }

        impl Outcomes {
            /// Visits the resources of each kind.
            pub(crate) fn each(&self, visitor: &mut impl EachKind) {
                $({
                    let owner = |index| Owner::of(id::Kind::$Kind, u32::try_from(index).ok()?);
                    visitor.visit::<$module::record::Totals>(owner, &self.$records);
                })*
            }

            /// A resource as another outcome has it: that of the same name there.
            pub(crate) fn same_in(&self, other: &Outcomes, owner: Owner) -> Option<Owner> {
                $(if let Owner::$Kind(index) = owner {
                    let place = record::place::<$module::record::Totals>;
                    return place(&self.$records, &other.$records, index).map(Owner::$Kind);
                })*
                None
            }
        }

        impl Parts<'_> {
            /// Rows and totals of every resource, at the end of a run.
            pub fn close(&mut self, flow: &mut Flow) -> (Series, Totals) {
                $(let $records = self.$module.close(flow);)*
                (Series { $($records: $records.0,)* }, Totals { $($records: $records.1,)* })
            }
        }

        /// Visits the charts of each kind, in the order of the list.
        pub(crate) fn charts(series: &Series, outcomes: &Outcomes, visitor: &mut impl EachChart) {
            $(<$module::record::Totals as $crate::measure::figure::Totals>::CHARTS
                .iter()
                .for_each(|chart| visitor.visit::<$module::record::Totals>(chart, &series.$records, &outcomes.$records));)*
        }

        /// What the tables of all kinds say of their figures.
        pub(crate) fn figures() -> impl Iterator<Item = Known> {
            let kinds = [$(figure::known::<$module::record::Totals>(id::Kind::$Kind),)*];
            kinds.into_iter().flatten()
        }

        /// The figures that are estimated of each resource, for so many resources of each kind.
        pub(crate) fn estimated(count: impl Fn(id::Kind) -> usize) -> Vec<KindFigure> {
            let mut all = Vec::new();
            $(all.extend(figure::estimated::<$module::record::Totals>(id::Kind::$Kind, count(id::Kind::$Kind)));)*
            all
        }

        /// The tables of each kind.
        #[cfg(test)]
        pub(crate) fn tables(visitor: &mut impl tests::EachTable) {
            $(visitor.visit::<$module::record::Totals>();)*
        }

        /// Two filled series of each kind.
        #[cfg(test)]
        pub(crate) fn series(salt: u32) -> Series {
            $(let $records = |salt| tests::filled_with_parts::<$module::record::Totals>(salt);)*
            Series { $($records: vec![$records(salt), $records(salt + 2)],)* }
        }

        /// What the columns and the figures of each list are counted in, by their names.
        pub(crate) fn units() -> Vec<record::Counted> {
            vec![$(record::counted::<$module::record::Totals>(id::Kind::$Kind, stringify!($records)),)*]
        }

        /// Number of keys of `[objectives]` that the kinds have.
        pub(crate) const OBJECTIVES: usize = 0 $(+ <$module::record::Totals as $crate::measure::figure::Totals>::BOUNDED.len())*;

        /// Those keys, in the order of the list.
        pub(crate) const OBJECTIVE_KEYS: [ShapeKey; OBJECTIVES] = {
            let mut keys = [ShapeKey::optional("", "", "", ""); OBJECTIVES];
            let mut at = 0;
            $({
                let bounded = <$module::record::Totals as $crate::measure::figure::Totals>::BOUNDED;
                let mut next = 0;
                while next < bounded.len() {
                    keys[at] = bounded[next].rule.key;
                    (at, next) = (at + 1, next + 1);
                }
            })*
            keys
        };
    };
}
pub(crate) use records;
