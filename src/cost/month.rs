//! What a month is, as the user defines it. In: how many events it has, and which hours of the run are ordinary. Out: [`MonthPlan`].

use super::accrual::MONTH_HOURS;
use crate::units::Time;

/// A month with so many events like the run, and ordinary hours else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MonthPlan {
    /// How many events.
    pub events: u32,
    /// From when to when the run is like an ordinary hour; without a word that is its median hour.
    pub ordinary: Option<(Time, Time)>,
}

impl MonthPlan {
    /// More events than that fit into no month.
    pub const MOST: u32 = 10_000;

    /// Hours of a month that are ordinary, if the run takes so long.
    pub(crate) fn ordinary_hours(&self, duration: Time) -> f64 {
        (MONTH_HOURS - f64::from(self.events) * duration.as_secs_f64() / 3_600.0).max(0.0)
    }

    /// Whether so many events fit into a month.
    pub(crate) fn fits(&self, duration: Time) -> bool {
        f64::from(self.events) * duration.as_secs_f64() / 3_600.0 <= MONTH_HOURS
    }
}
