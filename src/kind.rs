//! The list of kinds: what a scenario can be made of, one folder and one line here for each.
//!
//! In: steps of attempts, timers and facts. Out: the same, given to the kind that they are of. All of it is written by one
//! macro, so that a new kind is one more line, and is dispatched statically. CONTRIBUTING.md, "Add a kind", has the steps.

pub mod keys;
pub mod network;
pub(crate) mod part;
pub(crate) mod view;

use crate::flow::Flow;
use crate::flow::fact::Fact;
use crate::flow::next::Next;
use crate::flow::timer::{Key, Timer};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::measure::capacity::Capacity;
use crate::measure::chart::Chart;
use crate::measure::wanted::Wanted;
use crate::measure::watched::Watched;
use part::{Asked, Part, Place, Plan};
use view::{Full, Scene, View};

/// Makes the list: `folder Kind Part`, the part being the struct of all resources of the kind. Kinds are built, hear
/// facts and end rows in this order.
macro_rules! kinds {
    ($($module:ident $Kind:ident $Part:ident $(<$life:lifetime>)?;)*) => {
        $(pub mod $module;)*

        /// Every kind, as the owner of timers and queues.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Kind {
            $(#[doc = concat!("See [`", stringify!($module), "`].")] $Kind,)*
        }

        /// A step at a resource of some kind.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Op {
            $(#[doc = concat!("At a resource of [`", stringify!($module), "`].")] $Kind($module::Op),)*
        }

        $(impl From<$module::Op> for Op {
            fn from(op: $module::Op) -> Op {
                Op::$Kind(op)
            }
        })*

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

            /// What a step asks of which resource, on a path that has come to a place.
            pub fn asks(op: Op, place: &mut Place) -> Option<Asked> {
                match op {
                    $(Op::$Kind(op) => <$module::$Part as Part>::asks(op, place),)*
                }
            }

            /// Takes a step of an attempt.
            #[inline(always)]
            pub fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
                match op {
                    $(Op::$Kind(op) => self.$module.step(op, id, flow),)*
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
                $(self.$module.hear(fact, flow);)*
            }

            /// An attempt ends early: every kind takes back what it holds there.
            pub fn release(&mut self, id: u32, flow: &mut Flow) {
                $(self.$module.release(id, flow);)*
            }

            /// An attempt that ends early has left the queue of a station; returns whether a kind knows that station.
            pub fn left_queue(&mut self, id: u32, station: u32) -> bool {
                $(self.$module.left_queue(id, station))||*
            }

            /// A host is gone: takes back what an attempt holds of it.
            pub fn take_back(&mut self, id: u32, host: u32, flow: &mut Flow) {
                $(self.$module.take_back(id, host, flow);)*
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

            /// Bytes that passed between hosts and each resource since this was last asked.
            pub fn passed(&mut self, add: &mut impl FnMut(f64)) {
                $(self.$module.passed(add);)*
            }

            /// Work done, or servers taken, so far by a resource, if a kind counts it.
            pub fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
                None$(.or_else(|| self.$module.counted(of, flow)))*
            }

            /// The processor on which an attempt has a job in a step, if it has one.
            pub fn processor(&self, op: Op, id: u32) -> Option<u32> {
                match op {
                    $(Op::$Kind(op) => self.$module.processor(op, id),)*
                }
            }
        }

        /// The charts that kinds have written down.
        pub(crate) fn charts() -> impl Iterator<Item = Chart> {
            [$(<$module::$Part as View>::CHART,)*].into_iter().flatten()
        }

        /// Every resource that can fill, row by row, in the order of the list.
        pub(crate) fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View>::watch(scene));)*
            all
        }

        /// Every resource of which requests take a part.
        pub(crate) fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View>::capacities(scene));)*
            all
        }

        /// Every limit of which something is wanted whatever the traffic.
        pub(crate) fn wanted(scene: &Scene<'_>) -> Vec<Wanted> {
            let mut all = Vec::new();
            $(all.extend(<$module::$Part as View>::wanted(scene));)*
            all
        }

        /// In which rows a limit was reached; none of what no kind knows.
        pub(crate) fn at_limit(scene: &Scene<'_>, of: Resource) -> Vec<bool> {
            None$(.or_else(|| <$module::$Part as View>::at_limit(scene, of)))*.unwrap_or_default()
        }

        /// What a resource is called.
        pub(crate) fn name(scene: &Scene<'_>, of: Resource) -> String {
            None$(.or_else(|| <$module::$Part as View>::name(scene, of)))*.unwrap_or_default()
        }

        /// A resource that was full, with numbers of its rows.
        pub(crate) fn full(about: &Full<'_>) -> String {
            let usual = || view::with(format!("{} full", about.name), &[about.waiting.into()]);
            None$(.or_else(|| <$module::$Part as View>::full(about)))*.unwrap_or_else(usual)
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
    fleet Fleet Fleets<'s>;
    cache Cache Caches<'s>;
    database Database Databases<'s>;
    service Service Services<'s>;
    balancer Balancer Balancers<'s>;
    scaling Scaling Controls<'s>;
}
