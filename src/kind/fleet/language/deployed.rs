//! What the versions of a fleet are. In: its settings, and the number of a version. Out: how that one is other than the first.

use super::version::{ERRORS, FIRST, MALFORMED, SPEED};
use super::{Boot, Fleet, Version};
use crate::dist::Law;

impl Fleet {
    /// A version by its number, if it is not the first one.
    pub fn version(&self, of: usize) -> Option<&Version> {
        self.versions.get(of.checked_sub(1)?)
    }

    /// Its name.
    pub fn version_name(&self, of: usize) -> &str {
        self.version(of).map_or(FIRST, |version| &version.name)
    }

    /// How fast it is, of the first one.
    pub fn version_speed(&self, of: usize) -> f64 {
        self.version(of).map_or(SPEED.value, |version| version.speed)
    }

    /// Share of the requests that fail there.
    pub fn version_errors(&self, of: usize) -> f64 {
        self.version(of).map_or(ERRORS.value, |version| version.errors)
    }

    /// Share of the requests that it answers with what nobody can read.
    pub fn version_malformed(&self, of: usize) -> f64 {
        self.version(of).map_or(MALFORMED.value, |version| version.malformed)
    }

    /// Whether it passes health checks.
    pub fn version_passes(&self, of: usize) -> bool {
        self.version(of).is_none_or(|version| version.passes)
    }

    /// How long its user data takes, and then its application.
    pub fn version_boot(&self, of: usize) -> (&Law, &Law) {
        let Boot { bootstrap, application, .. } = &self.boot;
        let own = self.version(of);
        (
            own.and_then(|it| it.bootstrap.as_ref()).unwrap_or(bootstrap),
            own.and_then(|it| it.application.as_ref()).unwrap_or(application),
        )
    }
}
