//! Steps of a path at resources of a kind: how they are read, what they need, and how they become ops.
//!
//! In: one verb of a path. Out: the settings of the step; then what it needs, by [`Needs`], and its ops, by [`Compile`]. The
//! settings of all kinds are a parameter, so that this file needs no list of kinds.

use std::cell::RefCell;

use super::front::{Asked, Lead, Objects};
use super::host::GroupId;
use super::keys::Populations;
use super::path::{Leaves, PathOwner};
use super::policy::Policies;
use crate::dist::Law;
use crate::flow::draws::DrawId;
use crate::id::KeySpaceId;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::Time;

/// The settings of one step; `All` are those of all kinds of resource, `Op` the ops of all kinds.
pub(crate) trait Step<All, Op>: Sized {
    /// A shape for each verb, in reading order; the first key is the verb. A verb that is a key of another one's shape too
    /// belongs to that one where both stand in a step.
    const SHAPES: &'static [&'static Shape];
    /// Shapes of what a step has inside of it that is no step of a path.
    const INNER: &'static [&'static Shape] = &[];

    /// Whether it writes the ways to its resource and back itself; else an attempt goes there before its first op, and back after the
    /// last one.
    const GOES: bool = false;

    /// Whether requests can enter by the name of a table of this kind.
    const ENTERED: bool = false;

    /// Reads the step of a verb.
    fn read(verb: &str, reader: &Reader, scope: &impl Scope<All>) -> Self;

    /// Where a request is led that enters by the name of a table: one way, or several of which it takes one.
    fn leads(_index: usize, _all: &All, _asked: &Asked) -> Vec<Lead<Self>> {
        Vec::new()
    }

    /// The gates of this kind that a request of a client passes before it enters a table of any kind, by what it asks for.
    fn gates(_before: PathOwner, _all: &All, _asked: &Asked) -> Vec<Self> {
        Vec::new()
    }

    /// The key under which a verb has steps inside of it, if it has some.
    fn nests(_verb: &str) -> Option<&'static str> {
        None
    }

    /// The law of the time that it takes, if it varies.
    fn varies<'t>(&'t self, _all: &'t All) -> Option<&'t Law> {
        None
    }

    /// The step at another kind for which it is short as well, and which follows it.
    fn follow(&self) -> Option<Follow> {
        None
    }

    /// Whether its work goes on if its caller has gone, because it is done elsewhere and nothing of the caller is held for it.
    fn outlives_caller(&self) -> bool {
        false
    }

    /// Whether it is one of several ways into a tier, each with the call inside, of which an attempt takes one.
    fn is_way(&self) -> bool {
        false
    }

    /// Whether it is a gate before a tier, which an attempt passes or fails at.
    fn is_gate(&self) -> bool {
        false
    }

    /// Whether its answer goes to the client itself, over the internet, where nothing stands before it.
    fn answers_clients(&self) -> bool {
        false
    }

    /// Whether those inside of it see it in the place of the client: it has its own connections to them, and sends their answers on.
    fn hides_clients(&self) -> bool {
        false
    }

    /// Whether it says to which host of a fleet inside of it an attempt goes.
    fn addresses(&self) -> bool {
        false
    }

    /// The step that tries others by a policy, given by its position; whether their work outlives their caller is known.
    fn tried(_policy: u32, _outlives: bool) -> Option<Self> {
        None
    }

    /// The step that sends messages or events to a table, where its sender is already there.
    fn sending(_to: PathOwner, _messages: u8) -> Option<Self> {
        None
    }

    /// The step for which another one was short.
    fn following(_follow: &Follow) -> Option<Self> {
        None
    }

    /// What it sends out of the VPC of the host that does it, if it goes there.
    fn leaves(&self, _all: &All) -> Option<Leaves> {
        None
    }

    /// The step inside of which what leaves a host of a fleet goes, if something stands between.
    fn passing(_leaves: &Leaves, _fleet: usize, _all: &All) -> Option<Self> {
        None
    }

    /// The path by which a table knows what the request asks for, if that is kept there.
    fn asks_for(&self) -> Option<(PathOwner, &str)> {
        None
    }

    /// The populations from which it draws keys, and the resources at which it uses them.
    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        Vec::new()
    }

    /// What it needs, in the order in which an attempt needs it.
    fn needs(&self, all: &All, to: &mut impl Needs);

    /// Writes its ops.
    fn compile(&self, all: &All, to: &mut impl Compile<Op = Op>);
}

/// Where in a file a step is read.
pub(crate) trait Scope<All> {
    /// The tables of all kinds.
    fn all(&self) -> &All;

    /// The group of hosts inside of which the step is; nothing outside of all, or where its name is broken.
    fn group(&self) -> Option<GroupId>;

    /// The populations so far.
    fn populations(&self) -> &RefCell<Populations>;

    /// The policies so far.
    fn policies(&self) -> &RefCell<Policies>;

    /// The name of that group.
    fn caller(&self) -> Option<&str>;

    /// The shape that a table has by its one verb.
    fn verb(&self, value: Value, shapes: &[&'static Shape]) -> Option<&'static Shape>;

    /// Reads a demand of CPU, which is that of an instance.
    fn cpu(&self, value: Value) -> Option<Law>;
}

/// A step that follows another one, as in `{ write = …, invalidate = … }`, with the same keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Follow {
    /// Its verb.
    pub verb: &'static str,
    /// The position of the table that it uses, in the list of its kind.
    pub of: u32,
    /// The population of its key.
    pub keys: KeySpaceId,
}

/// What takes down what steps need on the mean, each listener the part that it asks for.
pub(crate) trait Needs {
    /// The group of hosts inside of which the step is, if it is inside of one; that of a fleet has the number of the fleet.
    fn fleet(&self) -> Option<usize>;

    /// It uses a named table.
    fn uses(&mut self, _table: PathOwner) {}

    /// It waits for a resource, if that is full.
    fn waits(&mut self, _of: Resource) {}

    /// From here to its end it holds a resource.
    fn holds(&mut self, _of: Resource) {}

    /// It waits for a resource, and occupies one unit of it for so many seconds; where nodes differ in strength, on one of
    /// strength 1.
    fn works(&mut self, of: Resource, _seconds: f64) {
        self.waits(of);
    }

    /// It takes so many seconds with nothing waited for, and so many events of the simulation.
    fn passes(&mut self, _seconds: f64, _events: f64) {}

    /// It does something so often that a resource counts.
    fn counts(&mut self, _of: PathOwner, _what: &'static str, _times: f64) {}

    /// A path that a resource owns is walked for it at another time, so often: only the events of that count.
    fn later(&mut self, _path: PathOwner, _times: f64) {}

    /// CPU of the instance.
    fn cpu(&mut self, _law: &Law) {}

    /// Time that passes.
    fn delay(&mut self, _law: &Law) {}

    /// The steps inside of it, which are taken with this probability.
    fn inside(&mut self, share: f64);
}

/// What writes the program of a path: a step gives it ops in the order in which an attempt takes them.
pub(crate) trait Compile {
    /// A step at a resource of any kind.
    type Op;

    /// Priority of the class whose path it is.
    fn level(&self) -> u8;

    /// Whether an attempt may come here again for the same request or message: tried again, or delivered again.
    fn comes_again(&mut self) -> bool;

    /// The group of hosts inside of which the path is, if it is inside of one; that of a fleet has the number of the fleet.
    fn fleet(&self) -> Option<usize>;

    /// The number of the tier of that fleet: how many others the path is inside of.
    fn tier(&self) -> u8;

    /// What draws from a law, from a stream that has the name of this place and this purpose.
    fn draw(&mut self, law: &Law, purpose: &str) -> DrawId {
        self.draw_on(1.0, law, purpose)
    }

    /// The same for work on a machine of this strength.
    fn draw_on(&mut self, strength: f64, law: &Law, purpose: &str) -> DrawId;

    /// What draws hits with this probability, from a stream that has the name of this place; its position.
    fn ratio(&mut self, ratio: f64) -> u16;

    /// Before the op that draws a recorded value, with no wait between: puts the value of the request there.
    fn recall(&mut self, law: &Law, draw: DrawId, stage: u16);

    /// The slot of an attempt with its key of a population: the one that is kept here, or `same` as drawn before, or new.
    fn key(&mut self, keys: KeySpaceId, same: bool) -> u8;

    /// How many keys are kept.
    fn kept(&self) -> usize;

    /// An API waits for the next tier that the path enters: it says so there.
    fn bounded_by(&mut self, api: u16);

    /// From here on the key of a population stays as it is.
    fn keep(&mut self, keys: KeySpaceId);

    /// Of the keys that are kept, only so many stay so.
    fn forget(&mut self, kept: usize);

    /// Keys of a population are used at a resource, which may keep something of each.
    fn keyed(&mut self, of: PathOwner, keys: KeySpaceId);

    /// Puts down a list of populations and slots; an op finds it at the position that comes back.
    fn slots(&mut self, list: &[(u16, u8)]) -> u32;

    /// Objects that a path asks for at something that keeps copies: their number among those of its kind.
    fn objects(&mut self, objects: Objects) -> u16;

    /// CPU of the instance.
    fn cpu(&mut self, law: &Law);

    /// Time that passes.
    fn delay(&mut self, law: &Law);

    /// Writes a part of a step, whose streams of random numbers have names of their own.
    fn part(&mut self, index: usize, write: impl FnOnce(&mut Self))
    where
        Self: Sized;

    /// A journey over the network to the resource of the step or back, or a part of it; two in a row are one longer journey. To another
    /// Region it is as much longer as that is far.
    fn hop(&mut self, span: Time);

    /// A journey over the network within a Region, wherever the resource of the step is.
    fn hop_within(&mut self, span: Time);

    /// So many bytes go to the resource of the step here, and so many come back, which is billed where that is in another Region; less than none take
    /// back what was counted before.
    fn carries(&mut self, there: i64, back: i64);

    /// An attempt comes to a table that is of a Region as a whole: it hears nothing where that is lost.
    fn reaches(&mut self, table: PathOwner);

    /// The answer of such a table leaves: who asked hears nothing where its Region is lost, or was since it came.
    fn answers(&mut self, table: PathOwner);

    /// The stage to which time at a resource is booked, with its label on the page.
    fn stage(&mut self, kind: StageKind, of: Option<Resource>, resource: &str, label: &str) -> u16;

    /// The position of the next op, to which something jumps.
    fn label(&mut self) -> u32;

    /// A step at a resource of a kind.
    fn ask(&mut self, op: impl Into<Self::Op>, stage: u16);

    /// Puts another step at a resource at a position where there is one.
    fn patch(&mut self, at: u32, op: impl Into<Self::Op>);

    /// The steps inside of this one, or those of the path that a resource owns.
    fn inside(&mut self);
}

/// Makes a step of any kind: `folder Kind Step`, the step being the settings of a step at a resource of that kind.
macro_rules! steps {
    ($($module:ident $Kind:ident $Step:ident;)*) => {
        /// A step of a path at a resource of some kind.
        #[derive(Clone, Debug)]
        pub enum Step {
            $(#[doc = concat!("See [`", stringify!($module), "`].")] $Kind($module::step::$Step),)*
        }

        impl Step {
            /// A shape for each verb, in reading order.
            pub(crate) fn shapes() -> impl Iterator<Item = &'static Shape> {
                let shapes = [$(<$module::step::$Step as step::Step<Settings, Op>>::SHAPES,)*];
                shapes.into_iter().flatten().copied()
            }

            /// Shapes of what steps have inside of them that is no step of a path.
            pub(crate) fn inner_shapes() -> impl Iterator<Item = &'static Shape> {
                let shapes = [$(<$module::step::$Step as step::Step<Settings, Op>>::INNER,)*];
                shapes.into_iter().flatten().copied()
            }

            /// Reads the step of a verb, if it is one of a kind.
            pub(crate) fn read(verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Option<Step> {
                $(
                    if <$module::step::$Step as step::Step<Settings, Op>>::SHAPES.iter().any(|shape| shape.verb() == verb) {
                        return Some(Step::$Kind(<$module::step::$Step as step::Step<Settings, Op>>::read(verb, reader, scope)));
                    }
                )*
                None
            }

            /// The key under which a verb has steps inside of it, if it has some.
            pub(crate) fn nests(verb: &str) -> Option<&'static str> {
                None$(.or_else(|| <$module::step::$Step as step::Step<Settings, Op>>::nests(verb)))*
            }

            /// Whether its work goes on if its caller has gone.
            pub(crate) fn outlives_caller(&self) -> bool {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::outlives_caller(step),)*
                }
            }

            /// Whether it is one of several ways into a tier.
            pub(crate) fn is_way(&self) -> bool {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::is_way(step),)*
                }
            }

            /// Whether it writes the ways to its resource and back itself.
            pub(crate) fn goes(&self) -> bool {
                match self {
                    $(Step::$Kind(_) => <$module::step::$Step as step::Step<Settings, Op>>::GOES,)*
                }
            }

            /// Whether it is a gate before a tier.
            pub(crate) fn is_gate(&self) -> bool {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::is_gate(step),)*
                }
            }

            /// Whether its answer goes to the client itself where nothing stands before it.
            pub(crate) fn answers_clients(&self) -> bool {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::answers_clients(step),)*
                }
            }

            /// Whether those inside of it see it in the place of the client.
            pub(crate) fn hides_clients(&self) -> bool {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::hides_clients(step),)*
                }
            }

            /// Whether it says to which host of a fleet inside of it an attempt goes.
            pub(crate) fn addresses(&self) -> bool {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::addresses(step),)*
                }
            }

            /// The table of a name by which requests enter: a balancer, a fleet, or what stands before them.
            pub(crate) fn entered(value: Value) -> Option<PathOwner> {
                table::named(value, &Self::entries())
            }

            /// The kinds of such tables.
            pub(crate) fn entries() -> Vec<id::Kind> {
                let kinds = [$((id::Kind::$Kind, <$module::step::$Step as step::Step<Settings, Op>>::ENTERED),)*];
                let fronts = kinds.into_iter().filter(|(_, entered)| *entered).map(|(kind, _)| kind);
                [id::Kind::Balancer, id::Kind::Fleet].into_iter().chain(fronts).collect()
            }

            /// Where a request is led that enters by the name of a table.
            pub(crate) fn leads((kind, index): PathOwner, all: &Settings, asked: &Entering) -> Vec<Lead<Step>> {
                match kind {
                    $(id::Kind::$Kind => {
                        let leads = <$module::step::$Step as step::Step<Settings, Op>>::leads(index, all, asked);
                        leads.into_iter().map(|lead| lead.by(Step::$Kind)).collect()
                    })*
                    _ => Vec::new(),
                }
            }

            /// The gates that a request of a client passes before it enters a table.
            pub(crate) fn gates(before: PathOwner, all: &Settings, asked: &Entering) -> Vec<Step> {
                let mut gates = Vec::new();
                $({
                    let own = <$module::step::$Step as step::Step<Settings, Op>>::gates(before, all, asked);
                    gates.extend(own.into_iter().map(Step::$Kind));
                })*
                gates
            }

            /// The step that tries others by a policy.
            pub(crate) fn tried(policy: u32, outlives: bool) -> Option<Step> {
                None$(.or_else(|| <$module::step::$Step as step::Step<Settings, Op>>::tried(policy, outlives).map(Step::$Kind)))*
            }

            /// The step for which it is short as well, and which follows it.
            pub(crate) fn follow(&self) -> Option<Step> {
                let follow = match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::follow(step),)*
                }?;
                None$(.or_else(|| <$module::step::$Step as step::Step<Settings, Op>>::following(&follow).map(Step::$Kind)))*
            }

            /// The step that sends messages or events to a table.
            pub(crate) fn sending(to: PathOwner, messages: u8) -> Option<Step> {
                None$(.or_else(|| <$module::step::$Step as step::Step<Settings, Op>>::sending(to, messages).map(Step::$Kind)))*
            }

            /// What it sends out of the VPC of the host that does it.
            pub(crate) fn leaves(&self, all: &Settings) -> Option<path::Leaves> {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::leaves(step, all),)*
                }
            }

            /// What stands between a host of a fleet and what is done outside of its VPC, if something does.
            pub(crate) fn passage(&self, fleet: usize, all: &Settings) -> Option<Step> {
                let leaves = self.leaves(all)?;
                None$(.or_else(|| <$module::step::$Step as step::Step<Settings, Op>>::passing(&leaves, fleet, all).map(Step::$Kind)))*
            }

            /// The path by which a table knows what the request asks for, if that is kept there.
            pub(crate) fn asks_for(&self) -> Option<(PathOwner, &str)> {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::asks_for(step),)*
                }
            }

            /// The populations from which it draws keys, and the resources at which it uses them.
            pub(crate) fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::keys(step),)*
                }
            }

            /// What it needs.
            pub(crate) fn needs(&self, all: &Settings, to: &mut impl Needs) {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::needs(step, all, to),)*
                }
            }

            /// The law of the time that it takes, if it varies.
            pub(crate) fn varies<'t>(&'t self, all: &'t Settings) -> Option<&'t Law> {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::varies(step, all),)*
                }
            }

            /// Writes its ops.
            pub(crate) fn compile(&self, all: &Settings, to: &mut impl Compile<Op = Op>) {
                match self {
                    $(Step::$Kind(step) => <$module::step::$Step as step::Step<Settings, Op>>::compile(step, all, to),)*
                }
            }
        }
    };
}

pub(crate) use steps;
