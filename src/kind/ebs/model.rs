//! Volumes of instances: which files they have, when each I/O may begin, and how long it takes.
//!
//! In: steps of attempts on hosts, hosts that are launched and gone. Out: files that are read and written, and those that are not there.

use std::collections::BTreeMap;

use super::copies::Copies;
use super::disk::Disk;
use super::language::{self, BlockVolume as Settings};
use super::record::VolumeSeries;
use crate::flow::Flow;
use crate::flow::draws::DrawId;
use crate::flow::fact::{Fact, Reading};
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::NoTimer;
use crate::id::{self, Gauge, Kind};
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::kind::path::PathOwner;
use crate::kind::way::Way;
use crate::kind::wide::Wide;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::units::{Bytes, Time};
use crate::usage::Used;

/// Stands for a file of which it does not matter which one it is.
pub(super) const ANY: u16 = u16::MAX;
/// Time with credits after which a volume without any is news again. Assumption: credits that are spent in less than a minute are those of a moment in
/// which little was asked for.
const SAME_LACK: Time = Time::from_secs(60);

/// The volumes of all fleets.
#[derive(Debug)]
pub struct BlockVolumes<'s> {
    pub(super) settings: &'s [language::BlockVolume],
    pub(super) each: Vec<Volumes>,
    files: PerAttempt<File>,
    /// Rows so far.
    pub(super) series: Vec<VolumeSeries>,
}

/// The file of an attempt.
#[derive(Clone, Copy, Debug, Default)]
struct File {
    /// Bytes that are left of it.
    left: u64,
    /// How long the I/O waits.
    wait: u64,
    /// The bytes of the I/O that is under way, if one is.
    under_way: Option<u64>,
}

/// Steps at the volume of a host.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A file is looked for on the host in a tier.
    Find { ebs: u16, tier: u8, slot: u8, keys: u16 },
    /// A file of so many bytes is opened.
    Open { bytes: Wide },
    /// The volume of the host in a tier lets its next I/O through.
    Io { ebs: u16, way: Way, tier: u8, work: DrawId },
    /// Its time; as long as there are more I/Os, the file goes on at `first`.
    Serve { latency: DrawId, first: u32 },
    /// It is done.
    Close { ebs: u16, way: Way, tier: u8, slot: u8, keys: u16 },
}

pub type Timer = NoTimer<{ id::Kind::BlockVolume as u8 }>;

/// The volumes of one fleet.
#[derive(Debug, Default)]
pub(super) struct Volumes {
    /// Those that are there, by host.
    pub disks: BTreeMap<u32, Disk>,
    /// Files that were written.
    copies: Copies,
    pub counts: Counts,
    pub marks: Marks,
    /// What volumes that are gone have worked, in nanoseconds.
    gone: f64,
    /// When the credits of one were spent last.
    spent_at: Option<u64>,
}

/// Totals since the start, where there are two each way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// I/Os that were asked for.
    pub asked: u64,
    /// I/Os that are done.
    pub ios: [u64; 2],
    /// Their bytes.
    pub bytes: [u64; 2],
    /// Nanoseconds that they have waited or will wait.
    pub waited: u64,
    /// Files that are done.
    pub files: [u64; 2],
    /// Files that were not there.
    pub missing: u64,
    /// Files that were lost with a host, and how far back they go at most.
    pub lost: u64,
    pub lost_span: u64,
}

/// The same at the end of the last row.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pub ios: [Mark; 2],
    pub bytes: [Mark; 2],
    pub waited: Mark,
    pub missing: Mark,
}

impl<'s> Part<'s> for BlockVolumes<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.block_volumes;
        BlockVolumes {
            each: settings.iter().map(|_| Volumes::default()).collect(),
            settings,
            files: PerAttempt::new(File::default()),
            series: Vec::new(),
        }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Io { ebs, work, .. } => Some((Resource::BlockIo { ebs: ebs.into() }, Some(work))),
            _ => None,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Find { ebs, tier, slot, keys } => {
                let (host, key) = (flow.attempts.tier(id, tier).instance, flow.attempts.key(id, slot));
                let it = &mut self.each[usize::from(ebs)];
                if it.copies.has((keys, key), host) {
                    return Next::Op;
                }
                it.counts.missing += 1;
                flow.note_happened(Resource::MissingFiles { ebs: ebs.into() }, 1);
                Next::Fail(Cause::NotFound)
            }
            Op::Open { bytes } => {
                *self.files.of_mut(id) = File { left: bytes.value(), ..File::default() };
                Next::Op
            }
            Op::Io { ebs, way, tier, .. } => {
                let host = flow.attempts.tier(id, tier).instance;
                self.io(id, ebs.into(), (way, host), flow);
                Next::Op
            }
            Op::Serve { latency, first } => {
                let File { left, wait, .. } = self.files.of(id);
                let takes = wait.saturating_add(flow.draws.of(latency).time());
                let next = flow.pass(takes, id);
                if left > 0 { Next::WaitThen(first) } else { next }
            }
            Op::Close { ebs, way, tier, slot, keys } => {
                let done = self.files.of_mut(id).under_way.take();
                let it = &mut self.each[usize::from(ebs)];
                it.counts.pass(way, done);
                it.counts.files[way.place()] += 1;
                if way == Way::Write && keys != ANY {
                    let (host, key) = (flow.attempts.tier(id, tier).instance, flow.attempts.key(id, slot));
                    it.copies.write((keys, key), host, flow.now);
                }
                Next::Op
            }
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        let (Fact::Launched(host) | Fact::Gone(host)) = *fact else { return };
        for (settings, it) in self.settings.iter().zip(&mut self.each) {
            if flow.hosts[host as usize].group != settings.fleet.index() {
                continue;
            }
            match fact {
                Fact::Launched(_) => it.attach(host, settings, flow.now),
                _ => it.lose(host, settings, flow.now),
            }
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    /// The lives of volumes.
    fn used(&mut self, flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, settings) in self.settings.iter().enumerate() {
            let hosts = flow.hosts.iter().filter(|host| host.group == settings.fleet.index());
            let life =
                |(from, to): (u64, u64)| (Time(from), Time(if settings.delete { to } else { flow.end }));
            let spans = hosts.filter_map(|host| host.billed(flow.end)).map(life).collect();
            add((Kind::BlockVolume, index), Used { spans, ..Used::default() });
        }
    }

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        let Resource::BlockIo { ebs } = of else { return None };
        let it = &self.each[ebs];
        Some(it.disks.values().fold(it.gone, |sum, disk| sum + disk.work(flow.now)))
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let it = (of.kind == Kind::BlockVolume).then(|| &self.each[of.index as usize])?;
        Some(Reading::Level(100.0 * it.credits(flow.now)))
    }
}

impl BlockVolumes<'_> {
    /// The next I/O of a file on a host.
    fn io(&mut self, id: u32, ebs: usize, (way, host): (Way, u32), flow: &mut Flow) {
        let (it, settings) = (&mut self.each[ebs], &self.settings[ebs]);
        let file = self.files.of_mut(id);
        it.counts.pass(way, file.under_way.take());
        let bytes = file.left.min(settings.io.0);
        file.left -= bytes;
        file.under_way = Some(bytes);
        let Some(disk) = it.disks.get_mut(&host) else {
            // The host is gone, and the attempt with it.
            file.wait = 0;
            return;
        };
        let now = flow.now as f64;
        let begin = disk.admit(settings, bytes, now);
        let is_spent = disk.is_spent();
        let wait = (begin - now).ceil() as u64;
        it.counts.asked += 1;
        it.counts.waited = it.counts.waited.saturating_add(wait);
        // Its bytes pass at the bandwidth of the volume.
        file.wait = wait.saturating_add(settings.throughput.time_of(Bytes(bytes)).0);
        if is_spent {
            let before = it.spent_at.replace(flow.now);
            if before.is_none_or(|before| flow.now - before > SAME_LACK.0) {
                let text =
                    format!("burst credits of a volume are spent: it does {} I/Os a second", settings.iops);
                flow.incident(Kind::BlockVolume, &settings.name, text);
            }
        }
    }
}

impl Counts {
    /// An I/O of so many bytes is done, if there was one.
    fn pass(&mut self, way: Way, bytes: Option<u64>) {
        let (Some(bytes), place) = (bytes, way.place()) else { return };
        self.ios[place] += 1;
        self.bytes[place] += bytes;
    }
}

impl Volumes {
    /// An instance is launched, with a new volume; the first ones have what the file says of their credits.
    fn attach(&mut self, host: u32, settings: &Settings, now: u64) {
        let given = settings.burst.map_or(1.0, |burst| burst.initial);
        let credits = if now == 0 { given } else { 1.0 };
        self.disks.insert(host, Disk::new(settings, credits, now));
    }

    /// An instance is gone. Its files are lost with its volume, if that ends with it; else they are where nobody looks.
    fn lose(&mut self, host: u32, settings: &Settings, now: u64) {
        self.gone += self.disks.remove(&host).map_or(0.0, |disk| disk.work(now));
        let (lost, first) = self.copies.lose(host);
        if settings.delete && lost > 0 {
            self.counts.lost += lost;
            self.counts.lost_span = self.counts.lost_span.max(now - first);
        }
    }

    /// Part of their credits that is left, mean over the volumes.
    pub fn credits(&self, now: u64) -> f64 {
        match self.disks.len() {
            0 => 1.0,
            count => self.disks.values().map(|disk| disk.credits(now)).sum::<f64>() / count as f64,
        }
    }
}
