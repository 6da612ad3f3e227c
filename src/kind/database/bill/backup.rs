//! What the backups of a database are charged for: what is kept beyond what is free, copies in another Region and their way there, and the nodes of a
//! database that was made anew from them.
//!
//! In: the database, its commits and what was copied by hour. Out: charges. As much as the storage is free, and of Aurora a day. (Aurora user guide, "Understanding
//! Amazon Aurora backup storage usage"; Amazon RDS pricing, backup storage.) In another Region nothing is free.

use crate::catalog::region::Region;
use crate::cost::BillPart;
use crate::cost::accrual::{Accrual, MONTH_HOURS};
use crate::cost::charge::{Charge, to_region};
use crate::kind::database::backup::{COMMITS, COPIED};
use crate::kind::database::language::{Backup, Database};
use crate::units::Time;
use crate::usage::Used;

const HOUR: Time = Time::from_secs(3_600);
const DAY: Time = Time::from_secs(86_400);
/// A mebibyte in gigabytes, the unit of what is sent, and in gibibytes, the unit of what is kept.
const MIB_AS_GB: f64 = 1_048_576.0 / 1e9;

pub(super) fn charges<'a>(database: &'a Database, service: &'static str, used: &Used) -> Vec<Charge<'a>> {
    let Some(backup) = &database.backup else { return Vec::new() };
    let of = Of { database, backup, service, used };
    let free = if database.engine.is_aurora() { DAY } else { Time::ZERO };
    let mut all: Vec<Charge<'a>> =
        of.changes("backups beyond what is free", backup.retention - free).into_iter().collect();
    if backup.region.is_some() {
        all.extend(of.in_other_region());
    }
    for (spans, there) in [(&used.resized, None), (&used.spot, backup.region)] {
        if !spans.is_empty() {
            all.extend(of.restored(spans, there));
        }
    }
    all
}

struct Of<'a, 'u> {
    database: &'a Database,
    backup: &'a Backup,
    /// The service of its nodes.
    service: &'static str,
    used: &'u Used,
}

impl<'a> Of<'a, '_> {
    fn kept(&self, what: &str, factor: f64) -> Charge<'a> {
        let service = if self.database.engine.is_aurora() { "Aurora" } else { self.service };
        Charge {
            what: what.into(),
            ..Charge::steady(service, "backup", &self.database.name, "GB-month", factor / MONTH_HOURS)
        }
    }

    fn by_hour(&self, sort: &str) -> Accrual {
        Accrual::Hourly(self.used.sorts.get(sort).cloned().unwrap_or_default())
    }

    /// What the commits of so long have changed, each hour as if it had always been like that.
    fn changes(&self, what: &str, kept: Time) -> Option<Charge<'a>> {
        let hours = kept.as_secs_f64() / HOUR.as_secs_f64();
        let charge = self.kept(what, self.backup.change.as_gib() * hours);
        (hours > 0.0).then(|| Charge { accrual: self.by_hour(COMMITS), ..charge })
    }

    fn in_other_region(&self) -> Vec<Charge<'a>> {
        let storage = self.database.storage.as_gib();
        // Each copy of Aurora is of all the data; of RDS the first is, and those after it of what is new.
        let (copies, is_full) = match self.backup.every.filter(|_| self.database.engine.is_aurora()) {
            Some(every) => (self.backup.retention.as_secs_f64() / every.as_secs_f64(), true),
            None => (1.0, false),
        };
        let mut all = vec![self.kept("copies of backups in the other Region", storage * copies.max(1.0))];
        if !is_full {
            all.extend(self.changes("changes since the first copy there", self.backup.retention));
        }
        let mut all: Vec<Charge<'a>> =
            all.into_iter().map(|charge| charge.in_region(self.backup.region)).collect();
        let (accrual, each) = match self.backup.every {
            Some(_) => (self.by_hour(COPIED), MIB_AS_GB),
            None => (self.by_hour(COMMITS), self.backup.change.as_gb()),
        };
        all.push(Charge {
            what: "copies of backups to the other Region".into(),
            accrual,
            ..Charge::steady("DataTransfer", to_region(self.backup.region), &self.database.name, "GB", each)
        });
        all
    }

    /// The nodes and the volume of a database that was made anew, where it is: the old one stays, and is charged as long as the run lasts.
    fn restored(&self, spans: &[Vec<(Time, Time)>], there: Option<Region>) -> Vec<Charge<'a>> {
        let Database { engine, writer, multi_az, cluster, io_optimized, name, .. } = self.database;
        let (service, place) =
            (self.service, if *multi_az && there.is_none() { "multi-az" } else { "single-az" });
        let (option, storage) = match (engine.is_aurora(), io_optimized) {
            (true, true) => ("/io-optimized".to_owned(), "storage-io-optimized".to_owned()),
            (true, false) => (String::new(), "storage-standard".to_owned()),
            (false, _) => {
                let place = if *cluster { "multi-az-cluster" } else { place };
                let volume = self.database.volume.map_or("gp3", |it| it.of.name());
                (format!("/{place}"), format!("{volume}-storage/{place}"))
            }
        };
        let nodes = Charge {
            what: format!("{} instance-hours of the restored database", writer.name),
            part: Some(BillPart::Writer),
            accrual: Accrual::Spans(spans.concat()),
            ..Charge::steady(service, &format!("{}{option}", writer.name), name, "hour", 1.0)
        };
        let volumes = Charge {
            what: "storage of the restored database".into(),
            accrual: Accrual::Spans(spans.iter().filter_map(|nodes| nodes.first().copied()).collect()),
            ..Charge::steady(
                if engine.is_aurora() { "Aurora" } else { service },
                &storage,
                name,
                "GB-month",
                self.database.storage.as_gib() / MONTH_HOURS,
            )
        };
        let all = if self.database.serverless.is_some() { vec![volumes] } else { vec![nodes, volumes] };
        all.into_iter().map(|charge| charge.in_region(there)).collect()
    }
}
