//! What firewalls show of a run: nothing that is full, for they only let through or block. In: what is expected. Out: warnings.

use super::{Firewalls, warning};
use crate::kind::expected::Expected;
use crate::kind::view::View;
use crate::kind::warning::Warning;
use crate::kind::{All, Settings};

impl View<All> for Firewalls<'_> {
    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}
