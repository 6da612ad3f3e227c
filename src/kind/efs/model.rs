//! File systems: when each operation may begin, and how long it takes.
//!
//! In: steps of attempts, hosts that are gone. Out: files that are read and written; what is stored.
//!
//! An operation passes up to three meters, one after the other: the throughput of the file system, where that is limited; the operations and the bytes of
//! its way; and the bytes of its client. The one that is asked by all is the first, so that a slow client keeps nobody else waiting.

use rustc_hash::FxHashMap;

use super::language::{self, FileSystem as Settings, Mode};
use super::limits;
use super::record::FileSystemSeries;
use crate::engine::meter::{Credits, Meter};
use crate::flow::draws::DrawId;
use crate::flow::fact::{Fact, Reading};
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::NoTimer;
use crate::flow::{Flow, NONE};
use crate::id::{self, Gauge};
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::kind::path::PathOwner;
use crate::kind::way::Way;
use crate::kind::wide::Wide;
use crate::measure::resource::Resource;
use crate::usage::Used;

/// All file systems.
#[derive(Debug)]
pub struct FileSystems<'s> {
    pub(super) settings: &'s [language::FileSystem],
    pub(super) each: Vec<FileSystem>,
    files: PerAttempt<File>,
    /// Rows so far.
    pub(super) series: Vec<FileSystemSeries>,
}

/// The file of an attempt.
#[derive(Clone, Copy, Debug, Default)]
struct File {
    /// Bytes that are left of it.
    left: u64,
    /// When its next operation may begin by the meters so far.
    start: f64,
    /// How long that waits, and how long its bytes take.
    span: u64,
    /// The bytes of the operation that is under way, if one is.
    under_way: Option<u64>,
}

/// The tier of what is on no host.
pub(super) const OUTSIDE: u8 = u8::MAX;

/// Steps at a file system.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A file of so many bytes is opened.
    Open { bytes: Wide },
    /// The throughput of the file system lets its next operation through.
    Meter { efs: u16, way: Way, work: DrawId },
    /// The limits of its way let it through, and those of its client, which is the host in a tier if it is one.
    Io { efs: u16, way: Way, tier: u8, work: DrawId },
    /// Its time; as long as there are more operations, the file goes on at `first`.
    Serve { latency: DrawId, first: u32 },
    /// It is done.
    Close { efs: u16, way: Way, bytes: Wide },
}

pub type Timer = NoTimer<{ id::Kind::FileSystem as u8 }>;

/// One file system.
#[derive(Debug)]
pub struct FileSystem {
    /// What passes of both ways together, if that has an end.
    pub(super) throughput: Option<Meter>,
    /// What passes each way.
    pub(super) ways: [Meter; 2],
    /// What passes each client, by its host.
    clients: FxHashMap<u32, Meter>,
    pub(super) counts: Counts,
    pub(super) marks: Marks,
    /// What is stored now.
    pub(super) stored: u64,
    /// Byte-nanoseconds of that so far, and until when.
    pub(super) area: (f64, u64),
    /// The same by hour, and bytes that are billed by hour, each way.
    pub(super) hours: Vec<f64>,
    pub(super) billed: [Vec<f64>; 2],
}

/// Totals since the start, each way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Operations that were asked for, both ways together.
    pub asked: u64,
    /// Operations that are done.
    pub operations: [u64; 2],
    /// Nanoseconds of the limits of their way that these have taken.
    pub worked: [f64; 2],
    /// Their bytes.
    pub bytes: [u64; 2],
    /// Nanoseconds that they have waited or will wait, both ways together.
    pub waited: u64,
    /// Bytes that are metered for the bill.
    pub metered: [f64; 2],
    /// Files that are done.
    pub files: [u64; 2],
}

/// The same at the end of the last row.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pub operations: [Mark; 2],
    pub bytes: [Mark; 2],
    pub waited: Mark,
    pub metered: [f64; 2],
    /// Busy nanoseconds of each way, and of the throughput.
    pub busy: [f64; 3],
    pub area: f64,
}

impl<'s> Part<'s> for FileSystems<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.file_systems;
        FileSystems {
            each: settings.iter().map(FileSystem::new).collect(),
            settings,
            files: PerAttempt::new(File::default()),
            series: Vec::new(),
        }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Meter { efs, work, .. } => Some((Resource::FileThroughput { efs: efs.into() }, Some(work))),
            Op::Io { efs, way, work, .. } => Some((of(efs.into(), way), Some(work))),
            Op::Open { .. } | Op::Serve { .. } | Op::Close { .. } => None,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Open { bytes } => {
                *self.files.of_mut(id) = File { left: bytes.value(), ..File::default() };
                Next::Op
            }
            Op::Meter { efs, way, .. } => {
                let (it, settings) = (&mut self.each[usize::from(efs)], &self.settings[usize::from(efs)]);
                let file = self.files.of_mut(id);
                let bytes = way.metered(file.left.min(settings.io.0));
                if let (Some(meter), Some(most)) = (&mut it.throughput, settings.metered()) {
                    file.start = meter.admit(1e9 * bytes / most, bytes, flow.now as f64);
                }
                Next::Op
            }
            Op::Io { efs, way, tier, .. } => {
                let host = if tier == OUTSIDE { NONE } else { flow.attempts.tier(id, tier).instance };
                self.operation(id, efs, way, host, flow.now);
                Next::Op
            }
            Op::Serve { latency, first } => {
                let File { left, span, .. } = self.files.of(id);
                let span = span.saturating_add(flow.draws.of(latency).time());
                let next = flow.pass(span, id);
                if left > 0 { Next::WaitThen(first) } else { next }
            }
            Op::Close { efs, way, bytes } => {
                let file = self.files.of_mut(id);
                let (it, settings) = (&mut self.each[usize::from(efs)], &self.settings[usize::from(efs)]);
                it.counts.pass(way, file.under_way.take(), settings);
                it.counts.files[way.place()] += 1;
                if way == Way::Write {
                    it.catch_up(flow.now);
                    it.stored = it.stored.saturating_add(bytes.value());
                }
                Next::Op
            }
        }
    }

    fn hear(&mut self, fact: &Fact, _flow: &mut Flow) {
        if let Fact::Gone(host) = *fact {
            for it in &mut self.each {
                it.clients.remove(&host);
            }
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, it) in self.each.iter().enumerate() {
            let [reads, writes] = it.billed.clone();
            let used =
                Used { hours: reads, more: vec![writes], capacity: it.hours.clone(), ..Used::default() };
            add((id::Kind::FileSystem, index), used);
        }
    }

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        let now = flow.now as f64;
        match of {
            Resource::FileReads { efs } => Some(self.each[efs].counts.worked[Way::Read.place()]),
            Resource::FileWrites { efs } => Some(self.each[efs].counts.worked[Way::Write.place()]),
            Resource::FileThroughput { efs } => self.each[efs].throughput.as_ref().map(|it| it.work(now)),
            _ => None,
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let index = of.index as usize;
        let it = (of.kind == id::Kind::FileSystem).then(|| &self.each[index])?;
        Some(match of.name {
            "burst_credit_balance" => Reading::Level(100.0 * it.credits(flow.now)),
            _ => {
                let operations = it.counts.operations.iter().zip(&self.settings[index].iops);
                let most = operations.map(|(count, limit)| 100e9 * *count as f64 / limit.0);
                Reading::Integral(most.fold(0.0, f64::max))
            }
        })
    }
}

impl FileSystems<'_> {
    /// The next operation of a file: how long it waits, and how long its bytes take.
    fn operation(&mut self, id: u32, efs: u16, way: Way, host: u32, now: u64) {
        let (it, settings) = (&mut self.each[usize::from(efs)], &self.settings[usize::from(efs)]);
        let file = self.files.of_mut(id);
        it.counts.pass(way, file.under_way.take(), settings);
        let bytes = file.left.min(settings.io.0);
        file.left -= bytes;
        file.under_way = Some(bytes);
        let place = way.place();
        let mut begin = file.start.max(now as f64);
        begin = it.ways[place].admit(settings.span(way, bytes as f64, 1.0), 0.0, begin);
        let taking = 8e9 * bytes as f64 / settings.client.0;
        if host != NONE {
            let client = it.clients.entry(host).or_insert_with(|| Meter::new(None));
            begin = client.admit(taking, 0.0, begin);
        }
        let wait = (begin - now as f64).ceil() as u64;
        let counts = &mut it.counts;
        counts.asked += 1;
        counts.waited = counts.waited.saturating_add(wait);
        file.span = wait.saturating_add(taking.round() as u64);
    }
}

impl Counts {
    /// An operation of so many bytes is done, if there was one.
    fn pass(&mut self, way: Way, bytes: Option<u64>, settings: &Settings) {
        let (Some(bytes), place) = (bytes, way.place()) else { return };
        self.operations[place] += 1;
        self.worked[place] += settings.span(way, bytes as f64, 1.0);
        self.bytes[place] += bytes;
        self.metered[place] += Way::Write.metered(bytes);
    }
}

impl FileSystem {
    fn new(settings: &Settings) -> FileSystem {
        let credits = (settings.mode == Mode::Bursting).then(|| {
            let most = limits::credits(settings.storage);
            Credits::new(settings.credits * most, most, limits::baseline(settings.storage))
        });
        FileSystem {
            throughput: settings.metered().map(|_| Meter::new(credits)),
            ways: [Meter::new(None), Meter::new(None)],
            clients: FxHashMap::default(),
            counts: Counts::default(),
            marks: Marks::default(),
            stored: settings.storage.0,
            area: (0.0, 0),
            hours: Vec::new(),
            billed: Default::default(),
        }
    }

    /// Part of its burst credits that is left.
    pub(super) fn credits(&self, now: u64) -> f64 {
        self.throughput.as_ref().map_or(1.0, |meter| meter.credits(now as f64))
    }

    /// Counts what has been stored until now.
    pub(super) fn catch_up(&mut self, now: u64) {
        self.area.0 += self.stored as f64 * (now - self.area.1) as f64;
        self.area.1 = now;
    }
}

/// What a file of a way takes a part of.
pub(super) fn of(efs: usize, way: Way) -> Resource {
    match way {
        Way::Read => Resource::FileReads { efs },
        Way::Write => Resource::FileWrites { efs },
    }
}
