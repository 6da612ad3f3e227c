//! Nodes of a database: processors with a limit of connections and a buffer pool.
//!
//! In: connections that pools open, pages that statements touch. Out: how many connections a node accepts, and which
//! pages come from storage.

use super::acus::Acus;
use super::language::Database as Settings;
use super::pace::Pace;
use super::presence::Did;
use super::volume::Volume;
use crate::catalog::zone::Place;
use crate::engine::lru::Lru;
use crate::flow::slowed::Slowed;
use crate::flow::{Flow, NONE};

/// Share of memory that holds pages. Source: default parameter groups: `innodb_buffer_pool_size` of RDS and Aurora MySQL,
/// `{DBInstanceClassMemory*3/4}`; `shared_buffers` of Aurora PostgreSQL, 75 % (AWS Knowledge Center, rds-aurora-postgresql-shared-buffers).
/// RDS for PostgreSQL has 25 % in `shared_buffers`, and its `effective_cache_size` expects half of memory in the page cache of the system:
/// that no page is in both, and that one from the page cache is as near, are assumptions.
pub const BUFFER_POOL_SHARE: f64 = 0.75;

/// A node of a database.
#[derive(Debug)]
pub struct Node {
    /// Its processor.
    pub processor: u32,
    /// Open connections.
    pub open: u32,
    /// How often its connections have broken: those that are being made then come to nothing.
    pub breaks: u32,
    /// Most connections that were open at once.
    pub peak: u32,
    limit: u32,
    /// Its cores, at its largest capacity.
    pub vcpus: u32,
    /// Strength of a core, at its largest capacity.
    pub strength: f64,
    /// Its capacity, if that follows the load.
    pub acus: Option<Acus>,
    /// Where it is.
    pub place: Place,
    /// It is in the Region that does not write.
    pub far: bool,
    /// It is lost with its zone.
    pub lost: bool,
    /// It has not been added yet, or has been removed: such a node counts as lost for whoever looks for one.
    pub absent: bool,
    /// Pages in memory, if rows have a size.
    pub buffer: Option<Lru>,
    /// Its volume, if that can run out of I/Os.
    pub volume: Option<Volume>,
    /// I/Os of its log since the last row.
    pub log_ios: u64,
    /// How fast it is, if statements that run at once slow each other down.
    pub pace: Option<Pace>,
    /// Its work where faults make statements slower.
    slowed: Slowed,
}

/// A connection that is being made: to which node, known by its processor, and how often its connections had broken.
#[derive(Clone, Copy, Debug)]
pub struct Dialled {
    processor: u32,
    breaks: u32,
}

impl Dialled {
    /// None.
    pub const NONE: Dialled = Dialled { processor: NONE, breaks: 0 };
}

/// Connections that a pool must open, and cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lacking {
    /// Those that nodes refuse at their limits.
    pub refused: u32,
    /// Those to nodes that are lost: nobody answers.
    pub unanswered: u32,
}

impl Node {
    /// The nodes of a database, the writer first. The buffer pools hold as many of the `pages` pages as fit, if rows
    /// have a size.
    pub fn of(settings: &Settings, pages: u32, flow: &mut Flow) -> Vec<Node> {
        let classes = std::iter::once((&settings.writer, settings.writer_connections));
        let replicas = (0..settings.most_replicas()).map(|replica| match replica < settings.replicas {
            true => (&settings.replica, settings.replica_connections),
            // Those that are added are of the class of the writer.
            false => (&settings.writer, settings.writer_connections),
        });
        let near = 1 + settings.most_replicas() as usize;
        let far = (0..settings.far_nodes()).map(|_| (&settings.writer, settings.writer_connections));
        let nodes = classes.chain(replicas).chain(far).enumerate().map(|(index, (class, limit))| {
            let absent = match index.checked_sub(near) {
                None => index > settings.replicas as usize,
                Some(far) => far >= settings.nodes_when(true) as usize,
            };
            let capacity =
                (class.memory.0 as f64 * BUFFER_POOL_SHARE / settings.engine.page().0 as f64) as u64;
            let buffer = settings.row.map(|_| warm_buffer(pages, capacity));
            let acus = settings.serverless.as_ref().map(Acus::of);
            let cores = acus.map_or((class.vcpus, class.strength), |it| (it.cores, it.strength));
            let processor = flow.add_processor(cores.0, cores.1);
            let (vcpus, strength, place) = (class.vcpus, class.strength, settings.place_of(index));
            Node {
                processor,
                open: 0,
                breaks: 0,
                peak: 0,
                limit,
                vcpus,
                strength,
                acus,
                place,
                far: index >= near,
                lost: absent,
                absent,
                buffer,
                volume: settings.volume.map(|it| Volume::new(it, settings.engine.page_write())),
                log_ios: 0,
                pace: settings.contention.map(|law| Pace::new(law, strength)),
                slowed: Slowed::default(),
            }
        });
        nodes.collect()
    }

    /// Connections that it still accepts.
    pub fn room(&self) -> u32 {
        if self.lost { 0 } else { self.limit.saturating_sub(self.open) }
    }

    /// Takes a connection, for which it has room.
    pub fn accept(&mut self) {
        self.open += 1;
        self.peak = self.peak.max(self.open);
    }

    /// A connection that begins now.
    pub fn dialled(&self) -> Dialled {
        Dialled { processor: self.processor, breaks: self.breaks }
    }

    /// Whether it is the node to which a connection began, and its connections have not broken since.
    pub fn still_has(&self, dialled: Dialled) -> bool {
        (self.processor, self.breaks) == (dialled.processor, dialled.breaks) && !self.lost
    }

    /// Work that it has done so far: what statements ask for where no fault makes them slower.
    pub fn work(&self, flow: &Flow) -> f64 {
        self.slowed.work(self.cpu_work(flow))
    }

    /// From now on its statements take so many times as long.
    pub(super) fn slow_down(&mut self, factor: f64, flow: &Flow) {
        let work = self.cpu_work(flow);
        self.slowed.settle(factor.recip(), || work);
    }

    /// What its CPU has done so far.
    fn cpu_work(&self, flow: &Flow) -> f64 {
        let busy = flow.processors[self.processor as usize].busy_area(flow.now);
        match (self.pace, self.acus) {
            (Some(pace), _) => pace.work(busy),
            (None, Some(acus)) => acus.work(busy),
            (None, None) => busy * self.strength,
        }
    }

    /// Busy-core nanoseconds so far, as a part of its `vcpus`: a second in which it used all of its present capacity, however small that
    /// was, is one in which all of them were busy.
    pub fn used(&self, flow: &Flow) -> f64 {
        let busy = flow.processors[self.processor as usize].busy_area(flow.now);
        self.acus.map_or(busy, |acus| acus.used(busy) * f64::from(self.vcpus))
    }

    /// What it did in the row that ends.
    pub fn did_in_row(&mut self, flow: &mut Flow) -> Did {
        let (busy, jobs) = flow.processor_in_row(self.processor);
        let all = flow.processors[self.processor as usize].busy_area(flow.now);
        let used = self.acus.as_mut().map_or(busy, |acus| acus.used_in_row(all) * f64::from(self.vcpus));
        Did { used, busy, jobs }
    }

    /// It starts again, with nothing in memory.
    pub fn start_cold(&mut self) {
        self.lost = false;
        if let Some(buffer) = &mut self.buffer {
            *buffer = buffer.emptied();
        }
    }
}

/// The page, of `count` pages, on which a row is: rows are scattered, so that popular ones do not share pages.
#[inline]
pub fn page_of(row: u32, count: u32) -> u32 {
    // Multiplication by an odd number permutes 32-bit numbers; the high bits then spread over the pages.
    let scattered = row.wrapping_mul(0x9e37_79b1);
    ((u64::from(scattered) * u64::from(count)) >> 32) as u32
}

/// A buffer pool with as many pages as fit, as in a cluster that has been running.
fn warm_buffer(pages: u32, capacity: u64) -> Lru {
    let mut buffer = Lru::new(pages as usize, capacity);
    for page in 0..pages.min(capacity.min(u64::from(u32::MAX)) as u32) {
        buffer.insert(page);
    }
    buffer
}
