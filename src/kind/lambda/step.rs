//! Where requests enter a function. In: the name by which they enter. Out: nothing of its own: a function is a tier, and a call of it is written as
//! one of any tier.

use crate::id::{Kind, LambdaId, UNKNOWN};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;

/// Invoke a function.
#[derive(Clone, Copy, Debug)]
pub struct Invoke {
    /// Which.
    pub function: LambdaId,
}

impl Step<Settings, kind::Op> for Invoke {
    const SHAPES: &'static [&'static Shape] = &[];
    const ENTERED: bool = true;

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Invoke {
        // No verb stands for it.
        Invoke { function: LambdaId(UNKNOWN) }
    }

    fn needs(&self, _all: &Settings, to: &mut impl Needs) {
        to.uses((Kind::Lambda, self.function.index()));
    }

    fn compile(&self, _all: &Settings, _to: &mut impl Compile<Op = kind::Op>) {}
}
