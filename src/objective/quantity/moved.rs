//! A quantity of one scenario as another one has it. In: where classes and resources stand there. Out: the quantity there.

use super::Quantity;
use crate::id::{ClassId, Owner};

impl Quantity {
    /// The same with other positions, as of the same classes and resources in another scenario; nothing if that lacks
    /// one of them.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn moved(
        &self,
        class: &dyn Fn(ClassId) -> Option<ClassId>,
        owner: &dyn Fn(Owner) -> Option<Owner>,
    ) -> Option<Quantity> {
        let of_class = |it: Option<ClassId>| match it {
            None => Some(None),
            Some(it) => class(it).map(Some),
        };
        Some(match *self {
            Quantity::Latency { class, quantile } => Quantity::Latency { class: of_class(class)?, quantile },
            Quantity::Mean(class) => Quantity::Mean(of_class(class)?),
            Quantity::Errors(class) => Quantity::Errors(of_class(class)?),
            Quantity::Availability(class) => Quantity::Availability(of_class(class)?),
            Quantity::Figure(ref figure) => Quantity::Figure(figure.moved(owner)?),
            Quantity::Headroom(None) => Quantity::Headroom(None),
            Quantity::Headroom(Some(resource)) => Quantity::Headroom(Some(owner(resource)?)),
            Quantity::Worst { window, ref of } => {
                Quantity::Worst { window, of: Box::new(of.moved(class, owner)?) }
            }
            Quantity::Arrived
            | Quantity::Completed
            | Quantity::Failed
            | Quantity::Attempts
            | Quantity::Goodput
            | Quantity::AttemptAvailability
            | Quantity::Uptime
            | Quantity::Down
            | Quantity::Recovery(_)
            | Quantity::InZone(_)
            | Quantity::UsersFailing
            | Quantity::UsersUnanswered
            | Quantity::Cost
            | Quantity::CostPerMillion
            | Quantity::CostPerMonth => self.clone(),
        })
    }
}
