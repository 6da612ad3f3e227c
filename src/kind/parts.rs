//! The resources of every kind in a run.
//!
//! In: the list of kinds. Out: [`Parts`](super::Parts), which gives each step, timer and fact to the kind that it is of, without
//! dynamic dispatch, and the kinds as owners of timers.

/// Makes what runs all kinds: `folder Kind Part`, the part being the struct of all resources of the kind.
macro_rules! parts {
    ($($module:ident $Kind:ident $Part:ident $(<$life:lifetime>)?;)*) => {
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
            pub fn past(&self, of: part::Counted) -> Option<(u64, u64)> {
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

            /// Writes what errands of all kinds do outside of all hosts.
            pub fn errands(all: &Settings, to: &mut impl CompileErrand<Op = Op>) {
                $(<$module::$Part as Part>::errands(all, to);)*
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
                if let Fact::Read { gauge, by } = *fact {
                    let reading = self.gauge(gauge, flow);
                    return flow.tell(Fact::Shows { by, reading });
                }
                $(self.$module.hear(fact, flow);)*
            }

            /// An attempt ends early: every kind takes back what it holds there.
            pub fn release(&mut self, id: u32, flow: &mut Flow) {
                $(self.$module.release(id, flow);)*
            }

            /// An errand has come to nothing: the kind that sent it hears of that.
            pub fn lost(&mut self, owner: u8, id: u32, cause: Option<Cause>, flow: &mut Flow) {
                $(if owner == Kind::$Kind as u8 {
                    self.$module.lost(id, cause, flow);
                })*
            }

            /// An errand goes on as another attempt: the kind that sent it hears of that.
            pub fn renumbered(&mut self, owner: u8, from: u32, to: u32, flow: &mut Flow) {
                $(if owner == Kind::$Kind as u8 {
                    self.$module.renumbered(from, to, flow);
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

            /// Whether a kind has anything of a host in use.
            pub fn is_in_use(&self, host: u32, flow: &Flow) -> bool {
                $(self.$module.is_in_use(host, flow) ||)* false
            }

            /// The connections to a node have broken: returns the attempts that are on them.
            pub fn sever(&mut self, processor: u32, flow: &mut Flow) -> Vec<u32> {
                let mut all = Vec::new();
                $(all.extend(self.$module.sever(processor, flow));)*
                all
            }

            /// The connection of an attempt to a node has broken while time passed in a step.
            pub fn cut(&mut self, op: Op, id: u32) {
                match op {
                    $(Op::$Kind(op) => self.$module.cut(op, id),)*
                }
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
                // Nearly always only its own kind counts for it.
                let mut sum = None;
                $(if let Some(own) = self.$module.counted(of, flow) {
                    sum = Some(sum.unwrap_or(0.0) + own);
                })*
                sum
            }

            /// Times what the paths ask for that is asked of a resource at present.
            pub fn times_asked(&self, of: Resource) -> f64 {
                1.0$( * self.$module.times_asked(of))*
            }

            /// By which part of itself a piece of work takes longer for each that waits for it.
            pub fn lengthens(&self, of: Resource) -> f64 {
                0.0$( + self.$module.lengthens(of))*
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
            pub fn processor(&self, op: Op, id: u32, flow: &Flow) -> Option<u32> {
                match op {
                    $(Op::$Kind(op) => self.$module.processor(op, id, flow),)*
                }
            }
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
pub(crate) use parts;
