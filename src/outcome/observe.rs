//! What a run came to under each objective. In: a [`View`]. Out: an [`Observed`] for each, in the order of the file.

use super::every;
use super::recovery;
use super::view::View;
use crate::id::ClassId;
use crate::measure::figure::share_of_some;
use crate::measure::recovery::Point;
use crate::objective::quantity::Quantity;
use crate::objective::{self, Observed, Reading};
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::units::Time;

/// What a run, or all runs, came to under each objective.
pub(super) fn observe(scenario: &Scenario, view: &View<'_>) -> Vec<Observed> {
    let classes = &view.measured.recorder.classes;
    let histogram =
        |class: Option<ClassId>| class.map_or(&view.latency, |class| &classes[class.index()].latency);
    let tally =
        |class: Option<ClassId>| class.map_or(&view.requests, |class| &classes[class.index()].requests);
    let quantile =
        |class, quantile, limit: Time| histogram(class).quantile_beside(quantile, limit.0).map(Time);
    let errors = |class| {
        let tally = tally(class);
        share_of_some(tally.failures() as f64, tally.arrived as f64).unwrap_or(f64::NAN)
    };
    let further = |bound: &Bound| match bound {
        Bound::Every { window, bound } => every::reading(scenario, view, *window, bound),
        bound => {
            let value = Quantity::observed_by(bound).of_beside(scenario, view, Some(bound.limit()));
            let value = match bound {
                // What has not come by the end of a run may never come.
                Bound::Recovery { of: Point::Rto, .. } if !recovery::is_over(scenario, view) => {
                    Some(f64::INFINITY)
                }
                _ => value,
            };
            let at_most = match bound {
                Bound::Headroom { resource, .. } => view.is_open(scenario, *resource),
                _ => false,
            };
            Reading { value, windows: None, at_most }
        }
    };
    objective::observe(scenario, &quantile, &errors, &view.bill, &further)
}
