//! What statements and commits ask of the volumes of a database of RDS.
//!
//! In: pages that are not in memory, commits with the rows that they wrote. Out: waits for the volume of a node, pages that are written later, replicas that
//! apply no faster than their volumes write; a row of the volumes. A database without a `storage` type does not come here.

use super::model::{Databases, row_number};
use super::node::page_of;
use super::record::VolumeSeries;
use super::volume::{NO_PAGE, Read};
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::id::Kind;
use crate::measure::column::the_one;
use crate::measure::load::Noted;
use crate::measure::part::Part;
use crate::measure::resource::{Node as Side, Resource};
use crate::units::Time;

/// Bytes of a write of the log. Assumption: a commit of a web application fits into one block of the file system.
const LOG_WRITE: f64 = 4_096.0;
/// Time with credits after which a volume without any is news again. Assumption: credits that are spent in less than a minute are those of a
/// moment in which little was asked for.
const SAME_LACK: Time = Time::from_secs(60);

impl Databases<'_> {
    /// Time that an I/O of so many bytes waits for the volume of a node, if that has one; and the part of a statement that it is.
    pub(super) fn ask_volume(
        &mut self,
        database: usize,
        node: usize,
        (bytes, part): (f64, f32),
        flow: &mut Flow,
    ) -> u64 {
        let state = &mut self.each[database];
        let Some(volume) = &mut state.nodes[node].volume else { return 0 };
        let wait = volume.take(bytes, part, flow.now);
        if volume.is_spent() {
            let before = volume.spent_at.replace(flow.now);
            if before.is_none_or(|before| flow.now - before > SAME_LACK.0) {
                let of = if node == 0 { "the writer" } else { "a replica" };
                let iops = self.settings[database].volume.map_or(0.0, |it| it.iops);
                let text =
                    format!("burst credits of the volume of {of} are spent: it does {iops} I/Os a second");
                flow.incident(Kind::Database, &self.settings[database].name, text);
            }
        }
        wait
    }

    /// Time for which the log of a node waits to be written, for so many commits.
    pub(super) fn ask_log(&mut self, database: usize, node: usize, commits: f32, flow: &mut Flow) -> u64 {
        let writes = self.settings[database].volume.map_or(0, |it| it.log_writes);
        let each = (LOG_WRITE, commits / writes as f32);
        self.each[database].nodes[node].log_ios += u64::from(writes);
        (0..writes).map(|_| self.ask_volume(database, node, each, flow)).max().unwrap_or(0)
    }

    /// A transaction commits: it has changed pages, and its log is written, unless a group is flushed together.
    pub(super) fn write_log(
        &mut self,
        id: u32,
        database: u16,
        (rows, count, others): (u32, u8, u8),
        flow: &mut Flow,
    ) -> Next {
        let database = usize::from(database);
        self.change_pages(id, database, 0, (rows, count, others), flow);
        if self.settings[database].group_commit.is_some() {
            return Next::Op;
        }
        match self.ask_log(database, 0, 1.0, flow) {
            0 => Next::Op,
            wait => flow.pass(wait, id),
        }
    }

    /// The replicas write what a transaction has written, each to its own volume: they apply it no earlier.
    pub(super) fn write_on_replicas(
        &mut self,
        id: u32,
        database: u16,
        written: (u32, u8, u8),
        flow: &mut Flow,
    ) {
        let database = usize::from(database);
        // All of them together apply it once.
        let part = 1.0 / self.each[database].nodes.len().saturating_sub(1).max(1) as f32;
        for node in 1..self.each[database].nodes.len() {
            if !self.each[database].nodes[node].lost {
                self.change_pages(id, database, node, written, flow);
                let wait = self.ask_log(database, node, part, flow);
                self.each[database].replication.hold(node - 1, flow.now.saturating_add(wait));
            }
        }
    }

    /// Pages that a transaction has changed on a node: those of its rows, and one for each write of which the rows are not known.
    fn change_pages(
        &mut self,
        id: u32,
        database: usize,
        node: usize,
        (rows, count, others): (u32, u8, u8),
        flow: &Flow,
    ) {
        let written = &self.written[rows as usize..][..usize::from(count)];
        let state = &mut self.each[database];
        let Some(volume) = &mut state.nodes[node].volume else { return };
        for &(keys, slot) in written {
            let row = flow.attempts.key(id, slot);
            let page = match state.layout.get(usize::from(keys)) {
                Some(&(per_page, first)) => {
                    let count = flow.keys[usize::from(keys)].count().div_ceil(per_page);
                    u64::from(first + page_of(row, count))
                }
                // Without a size of rows, each row is a page.
                None => row_number(keys, row),
            };
            volume.change(page, flow.now);
        }
        (0..others).for_each(|_| volume.change(NO_PAGE, flow.now));
    }

    /// Reads a row of the volumes of a database.
    pub(super) fn read_volumes(&mut self, index: usize, span: f64, flow: &mut Flow) {
        if self.settings[index].volume.is_none() {
            return;
        }
        let nodes = &mut self.each[index].nodes;
        let reads: Vec<Read> =
            nodes.iter_mut().filter_map(|node| Some(node.volume.as_mut()?.read(flow.now))).collect();
        if reads.len() > 2 {
            let members = reads[1..].iter().zip(1..);
            let members = members.map(|(it, number)| Noted::new(Part::Replica(number), it.busy, span));
            flow.note_members(Resource::Volume { database: index, node: Side::Reader }, members);
        }
        let series = the_one(&mut self.series[index].volume);
        let (writer, replicas) = reads.split_at(1);
        for (side, reads) in [writer, replicas].into_iter().enumerate() {
            self.each[index].volume_io[side].add(reads);
        }
        series.push(writer, replicas, span);
        let logs = self.each[index].nodes.iter_mut().map(|node| std::mem::take(&mut node.log_ios));
        // All are read, so that a replica that becomes the writer begins anew.
        let log = logs.reduce(|writer, _| writer).unwrap_or(0);
        the_one(&mut self.series[index].volume).writer_log_iops.push(log as f64 * 1e9 / span);
    }

    /// Statements and commits that the volumes of a side have let through, up to the last row.
    pub(super) fn io_passed(&self, database: usize, node: Side) -> f64 {
        let [writer, replicas] = &self.each[database].volume_io;
        match node {
            Side::Writer => writer.let_through,
            Side::Reader | Side::Far => replicas.let_through,
            Side::All => writer.let_through + replicas.let_through,
        }
    }
}

impl VolumeSeries {
    fn push(&mut self, writer: &[Read], replicas: &[Read], span: f64) {
        let sum = |reads: &[Read], of: fn(&Read) -> f64| reads.iter().fold(0.0, |sum, it| sum + of(it));
        let mean = |reads: &[Read], of| sum(reads, of) / reads.len().max(1) as f64;
        self.writer_iops.push(sum(writer, |it| it.done) * 1e9 / span);
        self.writer_iops_limit.push(sum(writer, |it| it.limit));
        self.writer_busy_percent.push(100.0 * mean(writer, |it| it.busy) / span);
        self.writer_waiting.push(sum(writer, |it| it.waited) / span);
        self.writer_credits_percent.push(100.0 * mean(writer, |it| it.credits));
        self.replica_iops.push(sum(replicas, |it| it.done) * 1e9 / span);
        self.replica_iops_limit.push(sum(replicas, |it| it.limit));
        self.replica_busy_percent.push(100.0 * mean(replicas, |it| it.busy) / span);
        self.replica_waiting.push(sum(replicas, |it| it.waited) / span);
        self.replica_credits_percent.push(100.0 * mean(replicas, |it| it.credits));
    }
}
