//! What the versions of a fleet are. In: its settings, and the number of a version. Out: how that one is other than the first.

use super::version::{ERRORS, FIRST, SPEED};
use super::{Boot, Fleet, Version};
use crate::dist::Law;
use crate::language::problem::Problem;
use crate::language::reader::Reader;

impl Fleet {
    /// A version by its number, if it is not the first one.
    fn version(&self, of: usize) -> Option<&Version> {
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

/// Instances of a warm pool are prepared before it is known which version they will be of, and a timetable deploys nothing.
pub(super) fn check(reader: &Reader, fleet: &Fleet) {
    let Some(versions) = reader.get("versions").filter(|_| !fleet.versions.is_empty()) else { return };
    let reasons = [
        (
            "warm_pool",
            "what a pool has prepared is of no version",
            "replacing the instances of a pool is not modelled",
        ),
        (
            "timetable",
            "a timetable brings no version",
            "a `refresh` brings a version, and needs Auto Scaling",
        ),
    ];
    for (key, what, hint) in reasons {
        if let Some(other) = reader.get(key) {
            let problem = Problem::at(&versions.span(), format!("versions do not go with `{key}`"));
            reader.cx.push(problem.also(&other.span(), what).hint(format!("{hint}: keep one of the two")));
        }
    }
}
