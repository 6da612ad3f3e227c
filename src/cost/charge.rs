//! One line of a bill before it has a price: what is sold, and how much of it was used when.

use super::accrual::{Accrual, MONTH_HOURS};
use super::month::MonthPlan;
use super::statement::BillPart;
use crate::catalog::region::Region;
use crate::id::{Kind, Reference};
use crate::units::Time;

/// Something that AWS charges for.
#[derive(Clone, Debug)]
pub(crate) struct Charge<'a> {
    /// AWS service, as in the price list.
    pub(crate) service: &'static str,
    /// SKU, as in the price list.
    pub(crate) sku: String,
    /// The resource in the file, or empty.
    pub(crate) resource: &'a str,
    /// The kind of that resource.
    pub(crate) kind: Option<Kind>,
    /// The Region whose price it has, if that is not the one of the scenario.
    pub(crate) region: Option<Region>,
    /// What it is, for people.
    pub(crate) what: String,
    /// Which part of the resource it is for, where several are sold as the same.
    pub(crate) part: Option<BillPart>,
    /// Unit of the quantity.
    pub(crate) unit: &'static str,
    /// Billed units per accrued unit: nodes per hour, GB-months per hour, 2 for a transfer billed in both directions.
    pub(crate) factor: f64,
    /// The use over time.
    pub(crate) accrual: Accrual,
    /// The part of the quantity that this price applies to; everything, except in a tiered price.
    pub(crate) tier: (f64, f64),
}

/// For a price that applies to any quantity.
pub(crate) const UNTIERED: (f64, f64) = (0.0, f64::INFINITY);

/// What is sold as data that is sent to another Region: some ways cost less than others.
pub(crate) fn to_region(to: Option<Region>) -> &'static str {
    match to.map(Region::code) {
        Some("us-east-2") => "inter-region/us-east-2",
        _ => "inter-region",
    }
}

impl<'a> Charge<'a> {
    /// A charge for every hour of the run, still without words for people.
    pub(crate) fn steady(
        service: &'static str,
        sku: &str,
        resource: &'a str,
        unit: &'static str,
        factor: f64,
    ) -> Charge<'a> {
        Charge {
            service,
            sku: sku.into(),
            resource,
            kind: None,
            region: None,
            what: String::new(),
            part: None,
            unit,
            factor,
            accrual: Accrual::Steady,
            tier: UNTIERED,
        }
    }

    /// The same for a resource of this kind.
    pub(crate) fn of_kind(self, kind: Kind) -> Charge<'a> {
        Charge { kind: Some(kind), ..self }
    }

    /// The same in another Region than that of the scenario, if there is one, unless it says itself in which it is.
    pub(crate) fn in_region(self, region: Option<Region>) -> Charge<'a> {
        Charge { region: self.region.or(region), ..self }
    }

    /// The code of the Region whose price it has.
    pub(crate) fn priced_in<'r>(&self, home: &'r str) -> &'r str {
        self.region.map_or(home, |region| region.code())
    }

    /// The resource that it is for.
    pub(crate) fn of(&self) -> Option<Reference> {
        Some(Reference { kind: self.kind?, name: self.resource.into() })
    }

    /// Quantity used before `instant` of a run that lasts `duration`; the total at [`Time::NEVER`].
    pub(crate) fn until(&self, instant: Time, duration: Time) -> f64 {
        self.in_tier(self.factor * self.accrual.until(instant, duration))
    }

    /// Quantity that accrues from one instant to another, whatever part of it this price applies to.
    pub(crate) fn accrued(&self, from: Time, until: Time, duration: Time) -> f64 {
        self.factor * (self.accrual.until(until, duration) - self.accrual.until(from, duration))
    }

    /// The same charge of one hour that is like a part of a run, or like its median hour.
    pub(crate) fn of_an_hour(self, part: Option<(Time, Time)>, duration: Time) -> Charge<'a> {
        let hourly = match part {
            Some((from, until)) => {
                let hours = (until - from).as_secs_f64() / 3_600.0;
                (self.accrual.until(until, duration) - self.accrual.until(from, duration)) / hours
            }
            None => self.accrual.month(duration) / MONTH_HOURS,
        };
        Charge { accrual: Accrual::Hourly(vec![hourly]), ..self }
    }

    /// Quantity in a month with so many events like a run, and so much else.
    pub(crate) fn month_of_events(&self, plan: &MonthPlan, ordinary: f64, duration: Time) -> f64 {
        self.in_tier(f64::from(plan.events) * self.accrued(Time::ZERO, Time::NEVER, duration) + ordinary)
    }

    /// Quantity in a month of steady state.
    pub(crate) fn month(&self, duration: Time) -> f64 {
        self.in_tier(self.factor * self.accrual.month(duration))
    }

    /// Quantity in a month that is as this whole time.
    pub(crate) fn month_of_all(&self, time: Time) -> f64 {
        let hours = time.as_secs_f64() / 3_600.0;
        self.in_tier(self.factor * self.accrual.until(time, time) * MONTH_HOURS / hours)
    }

    fn in_tier(&self, quantity: f64) -> f64 {
        let (from, to) = self.tier;
        (quantity.min(to) - from).max(0.0)
    }
}
