//! The list of kinds: what a scenario can be made of, one folder and one line here for each.
//!
//! In: steps of attempts, timers and facts. Out: the same, given to the kind that they are of. All of it is written by one
//! macro, so that a new kind is one more line, and is dispatched statically. CONTRIBUTING.md, "Add a kind", has the steps.

pub(crate) mod bandwidth;
pub(crate) mod bill;
pub(crate) mod burstable;
pub mod code;
pub mod demand;
pub mod effort;
pub(crate) mod expected;
pub mod figure;
pub mod keyed;
pub mod keys;
pub(crate) mod load;
pub mod network;
pub(crate) mod part;
pub(crate) mod path;
pub(crate) mod record;
pub(crate) mod step;
pub(crate) mod table;
#[cfg(test)]
pub(crate) mod tests;
pub mod time;
pub(crate) mod view;
pub mod warning;
pub mod zones;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalog::zone::Zone;
use crate::cost::charge::Charge;
use crate::dist::Law;
use crate::flow::Flow;
use crate::flow::draws::Draws;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::timer::{Key, Timer};
use crate::id::{self, Dial, Gauge, KeySpaceId, Owner};
use crate::language::names::Named;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Key as ShapeKey, Shape};
use crate::measure::capacity::Capacity;
use crate::measure::column::{self, Column, column};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::measure::wanted::Wanted;
use crate::measure::watched::Watched;
use crate::units::Time;
use crate::usage::Used;
use bill::Billed;
use effort::Work;
use expected::Expected;
use figure::{KindFigure, Known};
use part::{Asked, Offered, Part, Place, Plan, Skip};
use path::{CompileOwn, PathOwner, Written};
use record::{EachChart, EachKind, Recorded, records};
use step::{Compile, Needs, Scope, steps};
use table::{Table, Words};
use view::{Kinds, View};
use warning::Warning;

/// All kinds, for the seam of what they show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct All;

impl Kinds for All {
    type Settings = Settings;
    type Series = Series;
    type Totals = Totals;
    type Outcomes = Outcomes;
}

/// A run that has ended.
pub(crate) type Scene<'a> = view::Scene<'a, All>;
/// All runs of a scenario, which have ended.
pub(crate) type Ended<'a> = view::Ended<'a, All>;
/// A resource that was full over some rows.
pub(crate) type Full<'a> = view::Full<'a, All>;

/// Makes the list: `folder Kind Part`, the part being the struct of all resources of the kind. Kinds are read, built, hear
/// facts and end rows in this order. `tables LIST` is there if the file has tables of the kind: the field of [`Settings`] in
/// which they are. `records LIST` is there if rows and totals of the kind are kept: the field of [`Series`], [`Totals`] and
/// [`Outcomes`] in which they are. `steps TYPE` is there if a path has steps at the kind: the settings of such a step, in `NAME/step.rs`.
macro_rules! kinds {
    ($($module:ident $Kind:ident $Part:ident $(<$life:lifetime>)? $(tables $tables:ident)? $(records $records:ident $([$keep:meta])?)? $(steps $Step:ident)?;)*) => {
        $(pub mod $module;)*

        #[doc = include_str!("model/rules.md")]
        $(#[doc = include_str!(concat!("kind/", stringify!($module), "/rules.md"))])*
        pub mod rules {}

        /// The files of that page.
        #[cfg(test)]
        pub(crate) const RULES: &[&str] = &[
            include_str!("model/rules.md"),
            $(include_str!(concat!("kind/", stringify!($module), "/rules.md")),)*
        ];

        records! { $($($module $Kind $records $([$keep])?;)?)* }

        steps! { $($($module $Kind $Step;)?)* }

        /// What the file says of every kind: its tables, in the order of the file.
        #[derive(Clone, Debug, Default)]
        pub struct Settings {
            $($(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                pub $tables: Vec<$module::language::$Kind>,
            )?)*
        }

        /// What the reference says of the tables of each kind.
        pub(crate) const TABLES: [Words; [$($(stringify!($tables),)?)*].len()] = Words::sorted([
            $($(Words::of(id::Kind::$Kind, |all: &Settings| &all.$tables),)?)*
        ]);

        impl Settings {
            /// Reads the tables of every kind, and collects the paths that they own.
            pub(crate) fn read<'a>(reader: &Reader<'a>, paths: &mut Vec<(PathOwner, Written<'a>)>) -> Settings {
                Settings {
                    $($($tables: table::read_all(reader, id::Kind::$Kind, paths),)?)*
                }
            }

            /// Checks what only shows when all tables are read.
            pub(crate) fn check(&self, cx: &Context) {
                $($(
                    for (index, settings) in self.$tables.iter().enumerate() {
                        settings.check(index, self, cx);
                    }
                )?)*
            }

            /// Instants known from the file at which a resource has another size.
            pub(crate) fn changes(&self) -> Vec<Time> {
                let mut found = Vec::new();
                $($(self.$tables.iter().for_each(|it| found.extend(it.changes()));)?)*
                found
            }

            /// The charges of every resource, by what it used.
            pub(crate) fn charges<'a>(&'a self, counted: &BTreeMap<PathOwner, Used>) -> Vec<Charge<'a>> {
                let nothing = Used::default();
                let of = |kind, index| counted.get(&(kind, index)).unwrap_or(&nothing);
                let mut charges = Vec::new();
                $($(for (index, it) in self.$tables.iter().enumerate() {
                    let place = <$module::language::$Kind as Billed<Settings>>::PLACE;
                    charges.extend(it.charges(self, of(id::Kind::$Kind, index)).into_iter().map(|it| (place, it.of_kind(id::Kind::$Kind))));
                })?)*
                charges.sort_by_key(|(place, _)| *place);
                charges.into_iter().map(|(_, charge)| charge).collect()
            }

            /// Whether anything of a resource can be full.
            pub(crate) fn can_fill(&self, kind: id::Kind, index: usize) -> bool {
                match kind {
                    $($(id::Kind::$Kind => self.$tables.get(index).is_none_or(|it| it.can_fill()),)?)*
                    _ => true,
                }
            }

            /// The zones in which something has a place.
            pub(crate) fn zones(&self) -> BTreeSet<Zone> {
                let mut found = BTreeSet::new();
                $($(self.$tables.iter().for_each(|it| found.extend(it.places(self)));)?)*
                found
            }

            /// The zones that are taken at some time, each with the kind and the name of what takes it.
            pub(crate) fn taken(&self) -> Vec<(id::Kind, &str, Zone)> {
                let mut found = Vec::new();
                $($(for it in &self.$tables {
                    found.extend(it.takes().map(|zone| (id::Kind::$Kind, it.name(), zone)));
                })?)*
                found
            }

            /// Other named tables that a resource uses.
            pub(crate) fn uses(&self, kind: id::Kind, index: usize) -> Vec<(id::Kind, usize)> {
                match kind {
                    $($(id::Kind::$Kind => self.$tables.get(index).map(|it| it.uses()).unwrap_or_default(),)?)*
                    _ => Vec::new(),
                }
            }

            /// The tables to which the connection pools of a resource lead.
            pub(crate) fn pools(&self, kind: id::Kind, index: usize) -> Vec<(id::Kind, usize)> {
                match kind {
                    $($(id::Kind::$Kind => self.$tables.get(index).map(|it| it.pools()).unwrap_or_default(),)?)*
                    _ => Vec::new(),
                }
            }

            /// Work for the simulation in so many seconds without any request. `walk` gives the events of one walk on the path
            /// that a resource owns.
            pub(crate) fn own_work(&self, seconds: f64, walk: impl Fn(PathOwner) -> f64) -> Work {
                let mut work = Work::default();
                $($(for (index, it) in self.$tables.iter().enumerate() {
                    work.add(it.own_work(self, seconds, || walk((id::Kind::$Kind, index))));
                })?)*
                work
            }

            /// How many resources there are.
            pub fn resources(&self) -> usize {
                0 $($(+ self.$tables.len())?)*
            }

            /// What an attempt on the path of a resource holds on a fleet.
            pub(crate) fn holder(&self, (kind, index): PathOwner, fleet: usize) -> Resource {
                match kind {
                    $($(id::Kind::$Kind if index < self.$tables.len() => {
                        <$module::$Part as view::View<All>>::holder(self, index, fleet)
                    })?)*
                    _ => Resource::Threads { fleet },
                }
            }

            /// The names in the file of the resources of a kind.
            pub(crate) fn names(&self, kind: id::Kind) -> Vec<&str> {
                match kind {
                    $($(id::Kind::$Kind => self.$tables.iter().map(|it| it.name()).collect(),)?)*
                    _ => Vec::new(),
                }
            }
        }

        /// Every kind, as the owner of timers and queues.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Kind {
            $(#[doc = concat!("See [`", stringify!($module), "`].")] $Kind,)*
        }

        /// A step at a resource of some kind.
        #[derive(Clone, Copy, Debug)]
        #[repr(u8)]
        pub(crate) enum Op {
            $(#[doc = concat!("At a resource of [`", stringify!($module), "`].")] $Kind($module::Op),)*
        }

        $(impl From<$module::Op> for Op {
            fn from(op: $module::Op) -> Op {
                Op::$Kind(op)
            }
        })*

        /// The gauges of every kind.
        pub(crate) const GAUGES: &[&[Dial]] = &[$($module::language::GAUGES,)*];

        /// The state of every kind in a run.
        #[derive(Debug)]
        pub(crate) struct Parts<'s> {
            $(#[doc = concat!("See [`", stringify!($module), "`].")] pub $module: $module::$Part$(<$life>)?,)*
        }

        impl<'s> Parts<'s> {
            /// The resources of a scenario at the start of a run.
            pub fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
                $(let $module = Part::build(plan, flow);)*
                Parts { $($module,)* }
            }

            /// Keys of a population will soon be used: reads what kinds keep of them.
            #[inline]
            pub fn fetch(&self, keys: u16, ahead: &[u32]) {
                $(self.$module.fetch(keys, ahead);)*
            }

            /// How often a step leads past those after it, and how far.
            pub fn skips(op: Op, draws: &Draws) -> Option<Skip> {
                match op {
                    $(Op::$Kind(op) => <$module::$Part as Part>::skips(op, draws),)*
                }
            }

            /// How many attempts so far came to a resource that may lead them past steps, and how many of them it did.
            pub fn past(&self, of: Resource) -> Option<(u64, u64)> {
                None$(.or_else(|| self.$module.past(of)))*
            }

            /// What a step asks of which resource, on a path that has come to a place.
            pub fn asks(op: Op, place: &mut Place) -> Option<Asked> {
                match op {
                    $(Op::$Kind(op) => <$module::$Part as Part>::asks(op, place),)*
                }
            }

            /// Writes the path that a resource owns.
            pub fn own_path((kind, index): PathOwner, all: &Settings, to: &mut impl CompileOwn<Op = Op>) {
                $(if kind.table() == stringify!($module) {
                    <$module::$Part as Part>::own_path(index, all, to);
                })*
            }

            /// What each attempt on the path that a resource owns takes a part of, beside its steps.
            pub fn own_visits((kind, index): PathOwner, all: &Settings) -> Vec<Resource> {
                $(if kind.table() == stringify!($module) {
                    return <$module::$Part as Part>::own_visits(index, all);
                })*
                Vec::new()
            }

            /// Takes a step of an attempt.
            #[inline(always)]
            pub fn step(&mut self, op: &Op, id: u32, flow: &mut Flow) -> Next {
                match op {
                    $(Op::$Kind(op) => self.$module.step(*op, id, flow),)*
                }
            }

            /// A timer that a kind has set is due.
            #[allow(unreachable_code, reason = "some kinds have no timers")]
            pub fn fire(&mut self, key: Key, flow: &mut Flow) {
                $(if key.owner == Kind::$Kind as u8 {
                    return self.$module.fire(Timer::of(key), flow);
                })*
            }

            /// Delivers a fact to every kind in the order of the list.
            pub fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
                if let Fact::Read { gauge, by } = *fact
                    && let Some(reading) = self.gauge(gauge, flow)
                {
                    return flow.tell(Fact::Shows { by, reading });
                }
                $(self.$module.hear(fact, flow);)*
            }

            /// An attempt ends early: every kind takes back what it holds there.
            pub fn release(&mut self, id: u32, flow: &mut Flow) {
                $(self.$module.release(id, flow);)*
            }

            /// An errand has come to nothing: the kind that sent it hears of that.
            pub fn lost(&mut self, owner: u8, id: u32, flow: &mut Flow) {
                $(if owner == Kind::$Kind as u8 {
                    self.$module.lost(id, flow);
                })*
            }

            /// The level at which an attempt waits in a queue by priority.
            pub fn level(op: Op) -> u8 {
                match op {
                    $(Op::$Kind(op) => <$module::$Part as Part>::level(op),)*
                }
            }

            /// What a gauge shows.
            fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
                None$(.or_else(|| self.$module.gauge(of, flow)))*
            }

            /// An attempt that ends early has left the queue of a station; returns whether a kind knows that station.
            pub fn left_queue(&mut self, id: u32, station: u32) -> bool {
                $(self.$module.left_queue(id, station))||*
            }

            /// A host is gone: takes back what an attempt holds of it.
            pub fn take_back(&mut self, id: u32, host: u32, flow: &mut Flow) {
                $(self.$module.take_back(id, host, flow);)*
            }

            /// The connections to a node have broken: returns the attempts that are on them.
            pub fn sever(&mut self, processor: u32, flow: &mut Flow) -> Vec<u32> {
                let mut all = Vec::new();
                $(all.extend(self.$module.sever(processor, flow));)*
                all
            }

            /// The wait of an attempt in a step has reached its limit; returns the cause by which it fails, if it does.
            pub fn give_up(&mut self, op: Op, id: u32, flow: &mut Flow) -> Option<Cause> {
                match op {
                    $(Op::$Kind(op) => self.$module.give_up(op, id, flow),)*
                }
            }

            /// A row of the timeline ends, which was this many nanoseconds long.
            pub fn end_row(&mut self, span: f64, flow: &mut Flow) {
                $(self.$module.end_row(span, flow);)*
            }

            /// At the end of a run: what each resource used that is billed.
            pub fn used(&mut self, flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
                $(self.$module.used(flow, add);)*
            }

            /// Bytes that passed between hosts and each resource since this was last asked.
            pub fn passed(&mut self, add: &mut impl FnMut(f64)) {
                $(self.$module.passed(add);)*
            }

            /// Work done, or servers taken, so far by a resource, if a kind counts it.
            pub fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
                None$(.or_else(|| self.$module.counted(of, flow)))*
            }

            /// How often the path that a resource owns was asked for.
            pub fn offered(&self, (kind, index): PathOwner) -> Option<Offered> {
                $(if kind.table() == stringify!($module) {
                    return self.$module.offered(index);
                })*
                None
            }

            /// What waits at resources beside attempts, by its words.
            pub fn crowd(&self) -> Vec<(String, u64)> {
                let mut found = Vec::new();
                $(found.extend(self.$module.crowd());)*
                found
            }

            /// The processor on which an attempt has a job in a step, if it has one.
            pub fn processor(&self, op: Op, id: u32) -> Option<u32> {
                match op {
                    $(Op::$Kind(op) => self.$module.processor(op, id),)*
                }
            }
        }

        /// Every resource that can fill, row by row, in the order of the list.
        pub(crate) fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::watch(scene));)*
            all
        }

        /// Every resource of which requests take a part.
        pub(crate) fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::capacities(scene));)*
            all
        }

        /// Every limit of which something is wanted whatever the traffic.
        pub(crate) fn wanted(scene: &Scene<'_>) -> Vec<Wanted> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::wanted(scene));)*
            all
        }

        /// In which rows something asked for was not done, other than requests that failed and resources that were full.
        pub(crate) fn lacking(scene: &Scene<'_>) -> Vec<Vec<bool>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::lacking(scene));)*
            all
        }

        /// In which rows a limit was reached; none of what no kind knows.
        pub(crate) fn at_limit(scene: &Scene<'_>, of: Resource) -> Vec<bool> {
            None$(.or_else(|| <$module::$Part as View<All>>::at_limit(scene, of)))*.unwrap_or_default()
        }

        /// How many hosts of a group may serve, row by row; nothing where it cannot grow.
        pub(crate) fn most_hosts(scene: &Scene<'_>, group: usize) -> Option<Vec<f64>> {
            None$(.or_else(|| <$module::$Part as View<All>>::most_hosts(scene, group)))*
        }

        /// Whether a resource is held while another one, further down, is waited for.
        pub(crate) fn waits_for(scene: &Scene<'_>, of: Resource, other: Resource) -> bool {
            $(<$module::$Part as View<All>>::waits_for(scene, of, other))||*
        }

        /// What waits though no step of a path says so, and for which resource.
        pub(crate) fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
            $(<$module::$Part as View<All>>::waits(settings, add);)*
        }

        /// Resources of which whatever is full meanwhile can have come.
        pub(crate) fn upsets(settings: &Settings) -> Vec<Resource> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View<All>>::upsets(settings));)*
            all
        }

        /// What keeps a resource held that is no capacity, and in which rows.
        pub(crate) fn blocked(scene: &Scene<'_>, of: Resource) -> Option<(Resource, Vec<bool>)> {
            None$(.or_else(|| <$module::$Part as View<All>>::blocked(scene, of)))*
        }

        /// What a resource is called.
        pub(crate) fn name(scene: &Scene<'_>, of: Resource) -> String {
            None$(.or_else(|| <$module::$Part as View<All>>::name(scene, of)))*.unwrap_or_default()
        }

        /// What is rarely intended, by what can be expected before a run.
        pub(crate) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
            let mut found = Vec::new();
            $(found.extend(<$module::$Part as View<All>>::expected(expected));)*
            found
        }

        /// What is rarely intended, by what runs have shown.
        pub(crate) fn ended(ended: &Ended<'_>) -> Vec<Warning> {
            let mut found = Vec::new();
            $(found.extend(<$module::$Part as View<All>>::ended(ended));)*
            found
        }

        /// A resource that was full, with numbers of its rows.
        pub(crate) fn full(about: &Full<'_>) -> String {
            let usual = || view::with(format!("{} full", about.name), &[about.waiting.into()]);
            None$(.or_else(|| <$module::$Part as View<All>>::full(about)))*.unwrap_or_else(usual)
        }

        /// What a timer is, in words, if a kind has set it.
        #[allow(unreachable_code, reason = "some kinds have no timers")]
        pub(crate) fn label(key: Key) -> Option<&'static str> {
            $(if key.owner == Kind::$Kind as u8 {
                return Some(<$module::Timer as Timer>::of(key).label());
            })*
            None
        }
    };
}

kinds! {
    fleet Fleet Fleets<'s> tables fleets records fleets;
    cache Cache Caches<'s> tables caches records caches steps Use;
    database Database Databases<'s> tables databases records databases steps Work;
    service Service Services<'s> tables services records services steps Visit;
    queue Queue Queues<'s> tables queues records queues [serde(skip_serializing_if = "Vec::is_empty")] steps Call;
    topic Topic Topics tables topics;
    balancer Balancer Balancers<'s> tables balancers;
    scaling Scaling Controls<'s>;
    fault Fault Faults<'s> tables faults;
}
