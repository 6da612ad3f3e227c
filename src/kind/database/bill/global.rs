//! What the second Region of a database is charged for: its nodes, its storage, and what is written to it.
//!
//! In: the database, and its commits in each hour. Out: charges, at the prices of the second Region if the file says which it is, else at those of the first; what is
//! replicated is charged where it comes from.

use crate::cost::BillPart;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::Charge;
use crate::kind::database::language::Database;
use crate::usage::Used;

pub(super) fn charges<'a>(database: &'a Database, service: &'static str, used: &Used) -> Vec<Charge<'a>> {
    let Some(global) = &database.global else { return Vec::new() };
    let (class, name) = (&database.writer.name, &database.name);
    let (option, storage) = match database.io_optimized {
        true => ("/io-optimized", "storage-io-optimized"),
        false => ("", "storage-standard"),
    };
    vec![
        Charge {
            what: format!("{class} instance-hours of the second Region"),
            part: Some(BillPart::Replica),
            region: global.region,
            ..Charge::steady(service, &format!("{class}{option}"), name, "hour", f64::from(global.nodes))
        },
        Charge {
            what: "storage of the second Region".into(),
            region: global.region,
            ..Charge::steady("Aurora", storage, name, "GB-month", database.storage.as_gib() / MONTH_HOURS)
        },
        Charge {
            what: "replicated write I/O".into(),
            accrual: Accrual::Hourly(used.abroad.clone()),
            ..Charge::steady("Aurora", "global-replicated-write-io", name, "million", 1e-6)
        },
    ]
}
