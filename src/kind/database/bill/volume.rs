//! What the volumes of a database of RDS are charged for: their size, and what is provisioned.
//!
//! In: the database. Out: charges. The standby of the writer has a volume as the writer has one, at a price of its own; each replica has its own.

use crate::cost::BillPart;
use crate::cost::accrual::MONTH_HOURS;
use crate::cost::charge::Charge;
use crate::kind::database::language::Database;

/// The volume of the writer, where its nodes stand in `place`, and those of its replicas.
pub(super) fn of_writer_and_replicas<'a>(
    database: &'a Database,
    service: &'static str,
    place: &str,
) -> Vec<Charge<'a>> {
    let mut all = volumes(database, service, place, "", 1.0);
    all.extend(
        volumes(database, service, "single-az", "replica ", f64::from(database.replicas))
            .into_iter()
            .map(|charge| Charge { part: Some(BillPart::Replica), ..charge }),
    );
    all
}

/// So many volumes: their size, and the I/Os and the throughput that are provisioned.
pub(super) fn volumes<'a>(
    database: &'a Database,
    service: &'static str,
    place: &str,
    whose: &str,
    count: f64,
) -> Vec<Charge<'a>> {
    let of = database.volume.map_or("gp3", |it| it.of.name());
    let charge = |what: &str, sku: &str, unit: &'static str, quantity: f64| Charge {
        what: format!("{whose}{what}"),
        ..Charge::steady(
            service,
            &format!("{of}-{sku}/{place}"),
            &database.name,
            unit,
            count * quantity / MONTH_HOURS,
        )
    };
    let mut all = vec![charge("storage", "storage", "GB-month", database.storage.as_gib())];
    if let Some(volume) = database.volume {
        let iops =
            (volume.billed_iops > 0.0).then(|| charge("IOPS", "iops", "IOPS-month", volume.billed_iops));
        let mib = (volume.billed_mib > 0.0)
            .then(|| charge("throughput", "throughput", "MiBps-month", volume.billed_mib));
        all.extend(iops.into_iter().chain(mib));
    }
    all
}
