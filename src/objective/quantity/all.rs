//! The quantities of a scenario: which ones its outcome tells, which ones its objectives bound, and their words.
//!
//! In: a scenario and its objectives. Out: each [`Quantity`], and its name. Words are for people; nothing is looked up
//! by them.

use super::Quantity;
use crate::id::ClassId;
use crate::kind;
use crate::measure::recovery::Point;
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;

/// Percentiles that every outcome tells.
const PERCENTILES: [f64; 6] = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999];

impl Quantity {
    /// Everything that an outcome of the scenario tells, its objectives included.
    pub fn all(scenario: &Scenario) -> Vec<Quantity> {
        let classes = || (0..scenario.classes.len()).map(|index| Some(ClassId(index as u32)));
        let everybody = || std::iter::once(None).chain(classes().filter(|_| scenario.classes.len() > 1));
        let mut all = Vec::new();
        for class in everybody() {
            all.extend(PERCENTILES.map(|quantile| Quantity::Latency { class, quantile }));
            all.extend([Quantity::Mean(class), Quantity::Errors(class), Quantity::Availability(class)]);
        }
        let counts = [Quantity::Arrived, Quantity::Completed, Quantity::Failed, Quantity::Attempts];
        let costs = [Quantity::Cost, Quantity::CostPerMillion, Quantity::CostPerMonth];
        all.extend([Quantity::AttemptAvailability, Quantity::Uptime, Quantity::Down]);
        all.extend(scenario.zones().into_iter().map(Quantity::InZone));
        if scenario.has_users() {
            all.extend([Quantity::UsersFailing, Quantity::UsersUnanswered]);
        }
        all.extend(counts.into_iter().chain([Quantity::Goodput]).chain(costs));
        if scenario.has_faults() {
            all.extend(Point::ALL.map(Quantity::Recovery));
        }
        let figures = kind::estimated(|kind| scenario.names(kind).len());
        all.extend(figures.into_iter().map(Quantity::Figure));
        for objective in &scenario.objectives {
            let bounded = Quantity::bounded_by(&objective.bound);
            all.extend(bounded.filter(|bounded| !all.contains(bounded)));
        }
        all
    }

    /// What an objective bounds; nothing where no figure is followed for it. The maximum has none: more runs do not
    /// make it more certain.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn bounded_by(bound: &Bound) -> Option<Quantity> {
        match *bound {
            Bound::Latency { quantile, class, .. } => {
                (quantile < 1.0).then_some(Quantity::Latency { class, quantile })
            }
            Bound::Errors { class, .. } => Some(Quantity::Errors(class)),
            Bound::Cost { .. } => Some(Quantity::Cost),
            Bound::Figure { of, .. } if of.quantile().is_some_and(|quantile| quantile >= 1.0) => None,
            ref bound => Some(Quantity::observed_by(bound)),
        }
    }

    /// What is read from a run to judge a bound.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn observed_by(bound: &Bound) -> Quantity {
        match *bound {
            Bound::Latency { quantile, class, .. } => Quantity::Latency { class, quantile },
            Bound::Errors { class, .. } => Quantity::Errors(class),
            Bound::Cost { .. } => Quantity::Cost,
            Bound::Availability { class, .. } => Quantity::Availability(class),
            Bound::Figure { of, .. } => Quantity::Figure(of),
            Bound::Headroom { resource, .. } => Quantity::Headroom(resource),
            Bound::Recovery { of, .. } => Quantity::Recovery(of),
            Bound::Every { window, ref bound } => {
                Quantity::Worst { window, of: Box::new(Quantity::observed_by(bound)) }
            }
        }
    }

    /// The name, as an objective or `--precision` would have it.
    pub fn name(&self, scenario: &Scenario) -> String {
        let of = |class: Option<ClassId>, what: &str| match class {
            Some(class) => format!("{} {what}", scenario.classes[class.index()].name),
            None => what.to_owned(),
        };
        match *self {
            Quantity::Latency { class, quantile } => of(class, &percentile(quantile)),
            Quantity::Availability(class) => of(class, "availability"),
            Quantity::Headroom(Some(resource)) => format!("headroom of {}", resource.name(scenario)),
            Quantity::Headroom(None) => "headroom".into(),
            Quantity::Worst { window, ref of } => format!("worst {window} of {}", of.name(scenario)),
            Quantity::Mean(class) => of(class, "mean"),
            Quantity::Errors(class) => of(class, "errors"),
            Quantity::AttemptAvailability => "availability of attempts".into(),
            Quantity::Uptime => "availability by time".into(),
            Quantity::Down => "down".into(),
            Quantity::Recovery(point) => point.words().into(),
            Quantity::InZone(zone) => format!("availability in zone {zone}"),
            Quantity::UsersFailing => "users who met a failure".into(),
            Quantity::UsersUnanswered => "users never answered".into(),
            Quantity::Arrived => "arrived".into(),
            Quantity::Completed => "completed".into(),
            Quantity::Failed => "failed".into(),
            Quantity::Attempts => "attempts".into(),
            Quantity::Goodput => "goodput".into(),
            Quantity::Cost => "cost".into(),
            Quantity::CostPerMillion => "cost per million requests".into(),
            Quantity::CostPerMonth => "cost per month".into(),
            Quantity::Figure(ref figure) => {
                let resource = figure.owner().map(|owner| owner.name(scenario));
                let percentile = figure.quantile().map(percentile);
                figure.words(resource, percentile.as_deref())
            }
        }
    }

    /// The quantity that people call by these words, among those that every outcome of the scenario tells.
    pub fn named(words: &str, scenario: &Scenario) -> Option<Quantity> {
        Quantity::all(scenario).into_iter().find(|quantity| quantity.name(scenario) == words)
    }
}

/// The name of a percentile: `p99.9`, `max`.
fn percentile(quantile: f64) -> String {
    match quantile {
        // 0.999 × 100 is not 99.9 to the last bit.
        quantile if quantile < 1.0 => format!("p{}", (quantile * 1e8).round() / 1e6),
        _ => "max".into(),
    }
}
