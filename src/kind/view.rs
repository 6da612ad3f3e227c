//! The seam between what was recorded and the pages: what a kind shows of a run.
//!
//! In: what a file says of all kinds, and the rows of a run. Out: what can run out, row by row, and its words. A
//! kind speaks of its own resources; what another one knows of them comes through the lists of the [`Scene`].

use std::fmt::Debug;
use std::ops::{Deref, Range};

use super::expected::{Expected, Walk};
use super::load::Load;
use super::path::PathOwner;
use super::warning::Warning;
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::Cause;
use crate::measure::timeline::Timeline;
use crate::measure::wanted::Wanted;
use crate::measure::watched::Watched;
use crate::number::things;
use crate::units::Time;

/// What the list of kinds makes of all of them. The seam names the kinds by this alone, so that it does not need the list.
pub trait Kinds {
    /// Their tables in the file.
    type Settings: Debug;
    /// Their rows.
    type Series: Debug;
    /// Their totals.
    type Totals: Debug;
    /// What all runs came to.
    type Outcomes: Debug;
}

/// All runs of a scenario, which have ended.
#[derive(Debug)]
pub struct Ended<'a, K: Kinds> {
    /// What the file says, and the rows.
    pub scene: Scene<'a, K>,
    /// What all of them came to.
    pub outcomes: &'a K::Outcomes,
}

/// A run that has ended: what a file says, and what was recorded.
#[derive(Debug)]
pub struct Scene<'a, K: Kinds> {
    /// The tables of all kinds.
    pub settings: &'a K::Settings,
    /// Simulated span.
    pub duration: Time,
    /// Rows.
    pub timeline: &'a Timeline<K::Series>,
    /// Totals of all kinds; absent where they are not asked for.
    pub totals: Option<&'a K::Totals>,
}

/// What the file says is a part of the scene: `scene.fleets`.
impl<K: Kinds> Deref for Scene<'_, K> {
    type Target = K::Settings;

    fn deref(&self) -> &K::Settings {
        self.settings
    }
}

impl<K: Kinds> Scene<'_, K> {
    /// Start of a row in seconds; of the one after the last, the end.
    pub fn time_s(&self, row: usize) -> f64 {
        self.timeline.time_s.get(row).copied().unwrap_or(self.duration.as_secs_f64())
    }

    /// How many of something were lost, row by row; empty where none ever were.
    pub fn lost(&self, of: Resource) -> &[f64] {
        self.timeline.lost.iter().find(|series| series.of == of).map_or(&[], |series| &series.rows)
    }

    /// Seconds of a row; the last one may be shorter than the others.
    pub fn row_s(&self, row: usize) -> f64 {
        self.timeline.time_s.get(row).map_or(0.0, |start| (self.time_s(row + 1) - start).max(0.0))
    }
}

/// A resource that was full over some rows, and what its words may need.
#[derive(Debug)]
pub struct Full<'a, K: Kinds> {
    /// The run.
    pub scene: &'a Scene<'a, K>,
    /// Which.
    pub resource: &'a Watched<'a>,
    /// From its first full row to its last.
    pub rows: &'a Range<usize>,
    /// Whether it is what others came of.
    pub cause: bool,
    /// Its name, with the member that was full.
    pub name: &'a str,
    /// `up to 12 waiting`; empty where nobody waited.
    pub waiting: &'a str,
    /// What its sentence is about, in order, each with its rows: what one says, the others need not say again. Empty where it
    /// stands alone.
    pub chain: &'a [(Resource, Range<usize>)],
    /// The rows that the sentence is about.
    pub span: &'a Range<usize>,
    /// Rows without trouble: they show what a request asks for when it gets it.
    pub calm: &'a [bool],
    /// What the traffic of the file asks for.
    pub(crate) load: &'a Load,
}

/// What a kind shows. Nothing, unless it says otherwise.
pub trait View<K: Kinds> {
    /// Its resources that can fill.
    fn watch<'a>(_scene: &Scene<'a, K>) -> Vec<Watched<'a>> {
        Vec::new()
    }

    /// Its resources of which requests take a part.
    fn capacities<'a>(_scene: &Scene<'a, K>) -> Vec<Capacity<'a>> {
        Vec::new()
    }

    /// Its limits of which something is wanted whatever the traffic.
    fn wanted(_scene: &Scene<'_, K>) -> Vec<Wanted> {
        Vec::new()
    }

    /// In which rows something asked for was not done there, other than requests that failed and resources that were full.
    fn lacking(_scene: &Scene<'_, K>) -> Vec<Vec<bool>> {
        Vec::new()
    }

    /// In which rows a limit was reached, if it is one of its own: other kinds ask for it, in place of its type.
    fn at_limit(_scene: &Scene<'_, K>, _of: Resource) -> Option<Vec<bool>> {
        None
    }

    /// The part of each row in which a resource of another kind did nothing, because of something of its own: other kinds ask for it.
    /// Nothing where it always worked.
    fn not_working(_scene: &Scene<'_, K>, _of: Resource) -> Option<Vec<f64>> {
        None
    }

    /// What an attempt on the path that one of its tables owns holds: a thread of the fleet, unless it says otherwise.
    fn holder(_settings: &K::Settings, _index: usize, fleet: usize) -> Resource {
        Resource::Threads { fleet }
    }

    /// The resource that stands for one of its own, if several are one and the same.
    fn shared(_settings: &K::Settings, _of: Resource) -> Option<Resource> {
        None
    }

    /// The table that stands for one of its own where they share something, such as what an account may have: who uses one acts on those who use the other.
    fn shares_with(_settings: &K::Settings, _of: PathOwner) -> Option<PathOwner> {
        None
    }

    /// How many hosts of a group may serve, row by row, if the group is one of its own and can grow: other kinds ask for it.
    fn most_hosts(_scene: &Scene<'_, K>, _group: usize) -> Option<Vec<f64>> {
        None
    }

    /// Whether one of its resources is held while another one, further down, is waited for.
    fn waits_for(_scene: &Scene<'_, K>, _of: Resource, _other: Resource) -> bool {
        false
    }

    /// What waits at its resources though no step of a path says so: what waits, and for which resource.
    fn waits(_settings: &K::Settings, _add: &mut impl FnMut(Resource, Resource)) {}

    /// Its resources of which whatever is full meanwhile can have come, such as a zone that is lost.
    fn upsets(_settings: &K::Settings) -> Vec<Resource> {
        Vec::new()
    }

    /// What is struck, if it is a strike of its own, by the kind and the position of its table: one thing of the file, or all that has a place
    /// in a zone.
    fn struck(_settings: &K::Settings, _of: Resource) -> Vec<PathOwner> {
        Vec::new()
    }

    /// How many requests a second failed at what a strike of its own holds, row by row.
    fn failed_at<'a>(_scene: &Scene<'a, K>, _of: Resource) -> Option<&'a [f64]> {
        None
    }

    /// Whether it is a strike of its own that changes nothing, such as one that makes requests hardly slower.
    fn is_nothing(_settings: &K::Settings, _of: Resource) -> bool {
        false
    }

    /// Whether what strikes requests there can be why they fail by a cause, if it is one of its own: what makes them slow answers none with an
    /// error.
    fn can_fail(_scene: &Scene<'_, K>, _of: Resource, _cause: Cause) -> bool {
        true
    }

    /// How often calls within the system were tried again in some rows, beside those without trouble, in words, and in which of the rows.
    fn again(_scene: &Scene<'_, K>, _rows: &Range<usize>, _calm: &[bool]) -> Option<(Range<usize>, String)> {
        None
    }

    /// Whether it only makes something a little slower, if it is one of its own: alone it fails nothing, until something fills because of it.
    fn is_slight(_scene: &Scene<'_, K>, _of: Resource) -> bool {
        false
    }

    /// Whether something can fill because of what happened, if it is of its own: what only fails requests fills nothing.
    fn fills(_settings: &K::Settings, _of: Resource) -> bool {
        true
    }

    /// Whether it keeps what it strikes for longer, or leaves less of it, if it is a strike of its own: what only answers with errors fills nothing.
    fn keeps(_scene: &Scene<'_, K>, _of: Resource) -> bool {
        true
    }

    /// What keeps one of its resources held that is no capacity, such as row locks, and in which rows.
    fn blocked(_scene: &Scene<'_, K>, _of: Resource) -> Option<(Resource, Vec<bool>)> {
        None
    }

    /// What is asked for without end, whatever the traffic, by walks on the paths that resources own: what one starts comes back.
    fn endless(_settings: &K::Settings, _paths: &[Walk<'_>]) -> Vec<Resource> {
        Vec::new()
    }

    /// What its resources can be called.
    const LABELS: &'static [Label] = &[];

    /// What a resource is called, if it is one of its own: a label of the list, with the name that the file gives it.
    fn name(_scene: &Scene<'_, K>, _of: Resource) -> Option<Called> {
        None
    }

    /// What is rarely intended of its resources, by what can be expected before a run.
    fn expected(_expected: &Expected<'_, K::Settings>) -> Vec<Warning> {
        Vec::new()
    }

    /// What is rarely intended of its resources, by what runs have shown; that stands in the place of what was expected.
    fn ended(_ended: &Ended<'_, K>) -> Vec<Warning> {
        Vec::new()
    }

    /// A resource that was full, with numbers of its rows, if it is one of its own that has more to say than its name. No
    /// words: the rest of the sentence has said it all.
    fn full(_about: &Full<'_, K>) -> Option<String> {
        None
    }
}

/// `2 shards of `catalog` lost in zone b`: what was lost of a resource over some rows. What means over runs leave of one is one.
pub fn lost(resource: &Watched<'_>, over: &Range<usize>, noun: &str, of: &str) -> String {
    let zone = resource.zone.map_or_else(String::new, |zone| format!(" in zone {zone}"));
    format!("{} of `{of}` lost{zone}", things(peak(&resource.waiting, over).ceil(), noun))
}

/// ` in some runs`, where a count of several runs never came to one on their mean.
pub fn in_some_runs(rows: &[f64], over: &Range<usize>) -> &'static str {
    if peak(rows, over) < 1.0 - 1e-6 { " in some runs" } else { "" }
}

/// `22 requests` to which something has happened in the rows, and ` in some runs` if so.
pub fn requests_in_all(happened: &[f64], rows: &Range<usize>) -> (String, &'static str) {
    let sum: f64 = rows.clone().map(|row| at(happened, row)).sum();
    (things(sum.ceil(), "request"), in_some_runs(happened, rows))
}

/// A text with its numbers in brackets; empty ones are left out.
pub fn with(text: String, numbers: &[String]) -> String {
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    match numbers.is_empty() {
        true => text,
        false => format!("{text} ({})", numbers.join(", ")),
    }
}

/// Mean of a series over `rows`, 0 where it has none of them.
pub fn mean(series: &[f64], rows: &Range<usize>) -> f64 {
    let (sum, values) =
        finite(series, rows).fold((0.0, 0.0), |(sum, values), value| (sum + value, values + 1.0));
    if values > 0.0 { sum / values } else { 0.0 }
}

/// Mean of all values of a series.
pub fn mean_of(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Largest value of a series over `rows`, 0 where it has none of them.
pub fn peak(series: &[f64], rows: &Range<usize>) -> f64 {
    finite(series, rows).fold(0.0, f64::max)
}

/// Holds a kind to its list: a label that is not in it could not be explained.
pub(super) fn check_label(labels: &[Label], called: &Called) {
    debug_assert!(labels.contains(&called.label), "`{called}` has a label that is in no list");
}

/// The value of the middle row, by size: a row that was so in part, such as the first one, does not change it.
pub fn typical(series: &[f64], rows: &Range<usize>) -> f64 {
    let mut values: Vec<f64> = finite(series, rows).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

fn finite(series: &[f64], rows: &Range<usize>) -> impl Iterator<Item = f64> {
    series.iter().copied().take(rows.end).skip(rows.start).filter(|value| value.is_finite())
}

/// A value of a row, 0 where there is none.
pub fn at(column: &[f64], row: usize) -> f64 {
    column.get(row).copied().unwrap_or(0.0)
}
