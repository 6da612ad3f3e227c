//! Tables: which requests they take, how long these take, and how their capacity changes.
//!
//! In: steps of attempts; timers. Out: requests served, tried again, or failed as throttled; items that are stored.

use rustc_hash::FxHashMap;

use super::dax::Dax;
use super::deed::{Deed, HALVES, SORTS};
use super::item::{Asking, NOT_ASKING, Placed};
use super::language::DynamoTable;
use super::record::DynamoTableSeries;
use super::state::Table;
use crate::catalog::region::Region;
use crate::flow::Flow;
use crate::flow::draws::{DrawId, Draws};
use crate::flow::fact::{Fact, Reading};
use crate::flow::keys::Keys;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::keys::KeySpace;
use crate::kind::part::{Asked, Counted, Part, Place, Plan, Share, Skip};
use crate::kind::path::PathOwner;
use crate::measure::resource::Resource;
use crate::usage::Used;

/// All tables.
#[derive(Debug)]
pub struct Tables<'s> {
    pub(super) settings: &'s [DynamoTable],
    pub(super) key_spaces: &'s [KeySpace],
    pub(super) each: Vec<Table>,
    /// Requests at a table.
    pub(super) asking: PerAttempt<Asking>,
    /// The items of transactions of several.
    pub(super) transactions: FxHashMap<u32, Vec<Placed>>,
    /// By table and population: what draws the further ones of these.
    pub(super) further: FxHashMap<(u16, u16), Keys>,
    pub(super) seed: u64,
    /// The Region of the file.
    home: Option<Region>,
    /// Rows so far.
    pub(super) series: Vec<DynamoTableSeries>,
}

/// Steps at a table.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// DAX looks for the item; a hit goes on at `hit`.
    Look { table: u16, keys: u16, slot: u8, draw: DrawId, hit: u32 },
    /// A request begins, and goes to the table at `start`.
    Begin { table: u16, keys: u16, slot: u8, items: u8, start: u32 },
    /// The pause of the SDK after a request was throttled.
    Pause { table: u16 },
    /// The table takes the request, or throttles it; then it goes on at `again`. `units` has the halves of units of all its items as nanoseconds.
    Ask { table: u16, deed: Deed, items: u8, units: DrawId, again: u32 },
    /// The time of the request.
    Serve { draw: DrawId },
    /// It is done.
    Done { table: u16, deed: Deed, halves: u32, size: u32 },
    /// DAX keeps the item.
    Keep { table: u16, deed: Deed },
}

timers! {
    Kind::DynamoTable;
    /// The window of a partition that has throttled requests is over.
    Window { table: u16, partition: u32 } = "split of a partition of a table";
    /// Copies come to the other replica.
    Copied { table: u16 } = "copies of table";
    /// A minute is over.
    Minute { table: u16 } = "minute of the auto scaling of table";
    /// Alarms see what was consumed.
    Seen { table: u16 } = "alarms of the auto scaling of table";
    /// Capacity has changed.
    Updated { table: u16 } = "update of table";
}

impl<'s> Part<'s> for Tables<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.dynamo_tables;
        let each = settings.iter().enumerate().map(|(index, settings)| {
            let of = (id::Kind::DynamoTable, index);
            let mut table = Table::new(settings, plan.kinds.lost_with(of), plan.seed);
            if settings.dax.is_some() {
                let mut used = vec![false; plan.key_spaces.len()];
                let own = plan.keyed.iter().filter(|(owner, _)| *owner == of);
                own.for_each(|(_, keys)| used[usize::from(*keys)] = true);
                table.dax = Dax::new(settings, plan.key_spaces, &used);
            }
            table
        });
        let tables = Tables {
            each: each.collect(),
            settings,
            key_spaces: plan.key_spaces,
            asking: PerAttempt::new(NOT_ASKING),
            transactions: FxHashMap::default(),
            further: FxHashMap::default(),
            seed: plan.seed,
            home: Region::of(plan.region),
            series: Vec::new(),
        };
        tables.begin_minutes(flow);
        tables
    }

    /// Their units, in halves.
    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Ask { table, deed, units, .. } => Some((of(table.into(), deed), Some(units))),
            _ => None,
        }
    }

    fn skips(op: Op, _draws: &Draws) -> Option<Skip> {
        match op {
            Op::Look { table, hit, .. } => {
                let share = Share::Counted(Counted::At(of(table.into(), Deed::Get)));
                Some(Skip { to: hit, share })
            }
            _ => None,
        }
    }

    fn past(&self, of: Counted) -> Option<(u64, u64)> {
        match of {
            Counted::At(Resource::ReadUnits { dynamodb }) => {
                self.each.get(dynamodb).map(|it| (it.counts.lookups, it.counts.hits))
            }
            _ => None,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Look { table, keys, slot, draw, hit } => {
                let is_hit = self.is_hit(id, table, (keys, slot), flow);
                let span = flow.draws.of(draw).time();
                flow.pass(span, id);
                Next::wait(is_hit.then_some(hit))
            }
            Op::Begin { table, keys, slot, items, start } => {
                self.begin(id, table, (keys, slot), items, flow);
                Next::At(start)
            }
            Op::Pause { table } => self.pause(id, table, flow),
            Op::Ask { table, deed, items, units, again } => {
                let halves = flow.draws.of(units).mean() / f64::from(items);
                self.ask(id, (table, deed), (halves as u32, items), again, flow)
            }
            Op::Serve { draw } => {
                let span = flow.draws.of(draw).time();
                flow.pass(span, id)
            }
            Op::Done { table, deed, halves, size } => {
                self.done(id, (table, deed), (halves, size), flow);
                Next::Op
            }
            Op::Keep { table, deed } => {
                self.keep(id, (table, deed), flow);
                Next::Op
            }
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Window { table, partition } => self.window_ends(table, partition, flow),
            Timer::Copied { table } => self.copied(table, flow),
            Timer::Minute { table } => self.minute(table, flow),
            Timer::Seen { table } => self.seen(table, flow),
            Timer::Updated { table } => self.updated(table, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::RegionLost { region, .. } => self.region_changes(region, true, flow),
            Fact::RegionBack { region } => self.region_changes(region, false, flow),
            _ => {}
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, it) in self.each.iter().enumerate() {
            let [reads, writes] = it.billed.each_ref().map(|hourly| hourly.used().hours);
            let [read_units, write_units] = it.provisioned_hours.clone();
            let used = Used {
                hours: reads,
                more: vec![writes, read_units, write_units],
                capacity: it.stored_hours.clone(),
                ..Used::default()
            };
            add((id::Kind::DynamoTable, index), used);
        }
    }

    /// Halves of units that were asked for where they were taken, and not those of copies.
    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        match of {
            Resource::ReadUnits { dynamodb } => Some(self.each[dynamodb].counts.consumed[0] as f64),
            Resource::WriteUnits { dynamodb } => Some(self.each[dynamodb].counts.consumed[1] as f64),
            _ => None,
        }
    }

    fn gauge(&self, of: Gauge, _flow: &Flow) -> Option<Reading> {
        let it = (of.kind == id::Kind::DynamoTable).then(|| &self.each[of.index as usize])?;
        let counts = &it.counts;
        Some(Reading::Integral(match of.name {
            "consumed_read_units" => counts.consumed[0] as f64 / HALVES * 1e9,
            "consumed_write_units" => counts.consumed[1] as f64 / HALVES * 1e9,
            _ => (0..SORTS).map(|sort| counts.throttled(sort)).sum::<u64>() as f64 * 1e9,
        }))
    }
}

impl Tables<'_> {
    /// The Region of a table.
    pub(super) fn region_of(&self, table: usize) -> Option<Region> {
        self.settings[table].region.or(self.home)
    }
}

/// What a request at a table takes a part of.
pub(super) fn of(table: usize, deed: Deed) -> Resource {
    match deed.reads() {
        true => Resource::ReadUnits { dynamodb: table },
        false => Resource::WriteUnits { dynamodb: table },
    }
}
