//! Steps of a path at resources of a kind: how they are read, what they ask for, and how they become ops.
//!
//! In: one verb of a path. Out: the settings of the step; then its ops, written through [`Compile`]. The settings of all kinds
//! are a parameter, so that this file needs no list of kinds.

use super::path::PathOwner;
use crate::dist::Law;
use crate::flow::draws::DrawId;
use crate::id;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::Time;

/// The settings of one step; `All` are those of all kinds of resource, `Op` the ops of all kinds.
pub(crate) trait Step<All, Op>: Sized {
    /// A shape for each verb, in reading order; the first key is the verb.
    const SHAPES: &'static [&'static Shape];

    /// Reads the step of a verb.
    fn read(verb: &str, reader: &Reader) -> Self;

    /// The key under which a verb has steps inside of it, if it has some.
    fn nests(_verb: &str) -> Option<&'static str> {
        None
    }

    /// The law of the time that it takes, if it varies.
    fn varies<'t>(&'t self, _all: &'t All) -> Option<&'t Law> {
        None
    }

    /// What it asks for.
    fn asks(&self, all: &All) -> Asks;

    /// Writes its ops.
    fn compile(&self, all: &All, to: &mut impl Compile<Op = Op>);
}

/// What one step asks for, on the mean.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asks {
    /// The named table that it uses.
    pub of: (id::Kind, usize),
    /// What it waits for, and for how many seconds it then occupies one unit of that.
    pub work: Option<(Resource, f64)>,
    /// Seconds that it takes with nothing waited for.
    pub alone_s: f64,
    /// Events of the simulation.
    pub events: f64,
    /// The paths that are walked for it at another time, and how often: only their events count.
    pub walks: Vec<(PathOwner, f64)>,
}

/// What writes the program of a path: a step gives it ops in the order in which an attempt takes them.
pub(crate) trait Compile {
    /// A step at a resource of any kind.
    type Op;

    /// Priority of the class whose path it is.
    fn level(&self) -> u8;

    /// The fleet inside of which the path is, if it is inside of one.
    fn fleet(&self) -> Option<usize>;

    /// What draws from a law, from a stream that has the name of this place and this purpose.
    fn draw(&mut self, law: &Law, purpose: &str) -> DrawId;

    /// Before the op that draws a recorded value, with no wait between: puts the value of the request there.
    fn recall(&mut self, law: &Law, draw: DrawId, stage: u16);

    /// A journey over the network; two in a row are one longer journey.
    fn hop(&mut self, span: Time);

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
