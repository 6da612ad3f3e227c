//! What runbooks show of a run: nothing of their own, for what they do is among the incidents. In: the settings. Out: warnings.

use super::{Runbooks, warning};
use crate::kind::expected::Expected;
use crate::kind::view::View;
use crate::kind::warning::Warning;
use crate::kind::{All, Settings};

impl View<All> for Runbooks<'_> {
    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}
