//! Backups of a database: as it was at which instants it can be made anew, and how many commits it had then.
//!
//! In: commits, and since when nothing is uploaded any more. Out: the last point that can be restored, in its own Region or from the copy in another
//! one, and what has been copied there. A point is a whole second, as of RDS and Aurora. A database without backups does not come here.

use std::collections::BTreeMap;

use super::language;
use crate::dist::{Sampler, uniform};
use crate::flow::Flow;
use crate::kind::bill::Hourly;
use crate::rng::Stream;
use crate::units::{Bytes, Time};

/// A second.
pub(super) const SECOND: u64 = 1_000_000_000;
/// Daily snapshots are a day apart.
const DAY: i64 = 86_400;

/// Backups of one database.
#[derive(Debug)]
pub struct Backup {
    /// Commits before each second so far.
    seconds: Vec<u64>,
    /// Commits so far that it has.
    commits: u64,
    /// When the last one was.
    pub last: u64,
    /// Uploads of the log: the first one, and the time between two.
    uploads: (u64, u64),
    /// Snapshots that are copied to another Region.
    copies: Option<Copies>,
    /// From an upload until another Region has the log, if one gets it.
    transfer: Option<(Sampler, Stream)>,
    /// Since when nothing is uploaded.
    stopped: Option<u64>,
    /// When the last daily snapshot was made, in seconds; before the start of the run that is negative.
    snapshot: i64,
    /// Law of the time until a new instance is there.
    pub provision: (Sampler, Stream),
    /// A restore that is under way.
    pub restoring: Option<Restore>,
    /// From when on each database that was made anew is there, with how many nodes, and whether in the other Region.
    pub made: Vec<(Time, u32, bool)>,
    /// Commits by hour, for the bill.
    commits_by_hour: Hourly,
    /// Mebibytes of snapshots that were copied, by hour.
    copied_by_hour: Hourly,
}

/// Snapshots that are copied to another Region.
#[derive(Debug)]
struct Copies {
    first: u64,
    every: u64,
    /// How long a copy takes.
    takes: u64,
    /// The next one that is made.
    next: u64,
    /// Mebibytes of all so far.
    copied: u64,
    /// Commits that those so far have.
    had: u64,
    /// What a commit adds; absent where each copy is of all the data.
    change: Option<Bytes>,
    storage: Bytes,
}

/// A restore that is under way.
#[derive(Clone, Copy, Debug)]
pub struct Restore {
    /// The second as of which it is.
    pub point: u64,
    /// It is made in the other Region.
    pub abroad: bool,
    /// When its first instance is there.
    pub from: u64,
    /// It is of RDS, whose volume is filled while it works.
    pub is_lazy: bool,
}

/// Commits, by hour.
pub const COMMITS: &str = "commits";
/// Mebibytes of snapshots that were copied to another Region, by hour.
pub const COPIED: &str = "copied";

/// What a run has used of backups.
#[derive(Debug, Default)]
pub struct Kept {
    /// [`COMMITS`] and [`COPIED`].
    pub sorts: BTreeMap<String, Vec<f64>>,
    /// From when to when the nodes were there of each database that was made anew.
    pub made: Vec<Vec<(Time, Time)>>,
    /// The same of each that was made in the other Region.
    pub made_abroad: Vec<Vec<(Time, Time)>>,
}

/// As what a database can be made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The second: it has all commits before.
    pub point: u64,
    /// For how long one has to wait until the log until then is there.
    pub wait: u64,
}

impl Backup {
    /// Backups at the start of a run. `stream` gives random numbers for a purpose.
    pub fn of(
        settings: &language::Backup,
        database: &language::Database,
        stream: impl Fn(&str) -> Stream,
    ) -> Backup {
        let phase = |given: Option<Time>, every: Time, purpose: &str| {
            given.map_or_else(|| (uniform(&mut stream(purpose)) * every.0 as f64) as u64, |given| given.0)
        };
        let is_aurora = database.engine.is_aurora();
        let copies = settings.region.and(settings.every).map(|every| {
            let first = phase(settings.first_snapshot, every, "backup/first snapshot");
            Copies {
                first,
                every: every.0,
                takes: settings.copy_rate.time_of(database.storage).0,
                next: first,
                copied: 0,
                had: 0,
                change: (!is_aurora).then_some(settings.change),
                storage: database.storage,
            }
        });
        let sends_logs = settings.region.is_some() && copies.is_none();
        Backup {
            seconds: Vec::new(),
            commits: 0,
            last: 0,
            uploads: (
                phase(settings.first_upload, settings.uploads, "backup/first upload"),
                settings.uploads.0,
            ),
            copies,
            transfer: sends_logs.then(|| (Sampler::new(&settings.transfer), stream("backup/transfer"))),
            stopped: None,
            snapshot: -((settings.snapshot_age.0 / SECOND) as i64),
            provision: (Sampler::new(&settings.provision), stream("backup/provision")),
            restoring: None,
            made: Vec::new(),
            commits_by_hour: Hourly::default(),
            copied_by_hour: Hourly::default(),
        }
    }

    /// A transaction has committed.
    #[inline]
    pub fn commit(&mut self, now: u64) {
        self.reach(now / SECOND);
        self.commits += 1;
        self.last = now;
    }

    /// The commits before each second up to this one are known.
    fn reach(&mut self, second: u64) {
        while self.seconds.len() as u64 <= second {
            self.seconds.push(self.commits);
        }
    }

    /// Commits before a second.
    pub fn before(&self, second: u64) -> u64 {
        self.seconds.get(second as usize).copied().unwrap_or(self.commits)
    }

    /// Commits from a second on.
    pub fn since(&self, second: u64) -> u64 {
        self.commits - self.before(second)
    }

    /// The last of its commits are lost.
    pub fn lose(&mut self, commits: u64) {
        self.commits = self.commits.saturating_sub(commits);
        let too_many = self.seconds.iter_mut().rev().take_while(|before| **before > self.commits);
        too_many.for_each(|before| *before = self.commits);
    }

    /// Whether its log, or its storage, can be uploaded.
    pub fn note(&mut self, uploads: bool, now: u64) {
        match uploads {
            true => self.stopped = None,
            false => self.stopped = self.stopped.or(Some(now)),
        }
    }

    /// As what it can be made anew in its own Region: the last point, or a second that may have to be waited for.
    pub fn here(&self, wanted: Option<u64>, now: u64) -> Source {
        let last = last_of(self.uploads, self.stopped.unwrap_or(now)).unwrap_or(0) / SECOND;
        match wanted {
            None => Source { point: last, wait: 0 },
            Some(wanted) if wanted <= last => Source { point: wanted, wait: 0 },
            Some(_) if self.stopped.is_some() => Source { point: last, wait: 0 },
            Some(wanted) => {
                let wait = first_from(self.uploads, wanted.saturating_mul(SECOND)).saturating_sub(now);
                Source { point: wanted, wait }
            }
        }
    }

    /// The same from the copy in another Region; nothing without one.
    pub fn abroad(&mut self, wanted: Option<u64>, now: u64) -> Option<Source> {
        let until = self.stopped.unwrap_or(now);
        if let Some(copies) = &self.copies {
            let last =
                until.saturating_sub(copies.takes).min(wanted.unwrap_or(u64::MAX).saturating_mul(SECOND));
            let has_any = until >= copies.takes;
            let point = last_of((copies.first, copies.every), last).filter(|_| has_any);
            return Some(Source { point: point.unwrap_or(0) / SECOND, wait: 0 });
        }
        let (law, stream) = self.transfer.as_mut()?;
        // The last upload that has arrived.
        let mut upload = last_of(self.uploads, until);
        while let Some(at) = upload
            && at.saturating_add(law.time(stream).0) > until
        {
            upload = at.checked_sub(self.uploads.1);
        }
        let last = upload.unwrap_or(0) / SECOND;
        Some(match wanted {
            Some(wanted) if wanted <= last => Source { point: wanted, wait: 0 },
            Some(wanted) if self.stopped.is_none() => {
                let uploaded = first_from(self.uploads, wanted.saturating_mul(SECOND));
                let there = uploaded.saturating_add(law.time(stream).0);
                Source { point: wanted, wait: there.saturating_sub(now) }
            }
            _ => Source { point: last, wait: 0 },
        })
    }

    /// Whether the other Region has the log, and not only snapshots.
    pub fn has_log_abroad(&self) -> bool {
        self.transfer.is_some()
    }

    /// Commits of the log between the last daily snapshot and a second. Of the time before the run it has as many as of the run until then, on the mean.
    pub fn since_snapshot(&self, second: u64) -> f64 {
        let at = second as i64;
        let snapshot = self.snapshot + (at - self.snapshot).div_euclid(DAY) * DAY;
        let all = self.before(second) as f64;
        match u64::try_from(snapshot) {
            Ok(snapshot) => all - self.before(snapshot) as f64,
            Err(_) if second == 0 => 0.0,
            Err(_) => all * (at - snapshot) as f64 / at as f64,
        }
    }

    /// A row ends, by which so many transactions have committed.
    pub fn read(&mut self, commits: u64, flow: &Flow) {
        self.commits_by_hour.read(commits, flow);
        let copied = self.copy_until(flow.now);
        self.copied_by_hour.read(copied, flow);
    }

    /// What the bill goes by.
    pub fn used(&self, now: u64) -> Kept {
        let sorts = [(COMMITS, &self.commits_by_hour), (COPIED, &self.copied_by_hour)];
        let spans = |abroad: bool| {
            let those = self.made.iter().filter(|it| it.2 == abroad);
            those.map(|&(from, nodes, _)| vec![(from, Time(now)); nodes as usize]).collect()
        };
        Kept {
            sorts: sorts.into_iter().map(|(name, hours)| (name.to_owned(), hours.used().hours)).collect(),
            made: spans(false),
            made_abroad: spans(true),
        }
    }

    /// Snapshots are made until now, and copied; of those of RDS only what is new.
    fn copy_until(&mut self, now: u64) -> u64 {
        let Some(copies) = &mut self.copies else { return 0 };
        while copies.next <= now {
            if self.stopped.is_none_or(|stopped| stopped > copies.next) {
                let second = copies.next / SECOND;
                let has = self.seconds.get(second as usize).copied().unwrap_or(self.commits);
                let new = has.saturating_sub(copies.had);
                let bytes = copies
                    .change
                    .map_or(copies.storage.0, |change| change.0.saturating_mul(new).min(copies.storage.0));
                copies.had = has;
                copies.copied += bytes >> 20;
            }
            copies.next = copies.next.saturating_add(copies.every);
        }
        copies.copied
    }
}

/// The last of instants that are equally far apart, up to one; nothing if the first is later.
fn last_of((first, every): (u64, u64), until: u64) -> Option<u64> {
    let since = until.checked_sub(first)?;
    Some(first + since / every * every)
}

/// The first of them from an instant on.
fn first_from((first, every): (u64, u64), from: u64) -> u64 {
    first.saturating_add(from.saturating_sub(first).div_ceil(every).saturating_mul(every))
}
