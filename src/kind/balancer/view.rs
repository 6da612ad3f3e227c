//! What a balancer shows of a run: nothing of its own, for it never runs out. In: nothing. Out: nothing.

use super::Balancers;
use crate::kind::{All};
use crate::kind::view::{View};

impl View<All> for Balancers<'_> {}
