//! What a balancer shows: nothing of a run, for it never runs out. In: what is expected. Out: warnings.

use super::{Balancers, warning};
use crate::kind::expected::Expected;
use crate::kind::view::View;
use crate::kind::warning::Warning;
use crate::kind::{All, Settings};

impl View<All> for Balancers<'_> {
    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}
