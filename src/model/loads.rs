//! The load that requests offer to each resource, and how much of it is served.
//!
//! In: the program, and counters that exist anyway. Out: rows of [`LoadSeries`]. A request that is refused at the
//! entrance, or that gives up in a queue, counts with the demand of one that gets through. The offered load of a class
//! follows from its path, with the mean demands of its laws, and after misses with the share of look-ups that missed.
//! The served load is the work of busy processors and servers or, for resources that are held, the servers taken: while they
//! fill, none is given back yet. What attempts without a client ask for, such as workers, is added at the end: a queue
//! spreads it over time, and how long it took shows only then. Users whom a slow answer keeps from asking again count with
//! what they would ask.

use std::ops::Range;

use super::World;
use super::evened::Evened;
use super::held_back::HeldBack;
use super::program::{Line, Op, Program};
use crate::flow::draws::DrawId;
use crate::id::Kind;
use crate::kind::part::{Backlog, Counted, Offered, Place, Refused, Share};
use crate::kind::{self, Parts};
use crate::measure::load::{LoadSeries, rows_in_stretch};
use crate::measure::resource::{Node, Resource};
use crate::scenario::Scenario;

/// Paths of all classes to all resources.
#[derive(Debug)]
pub struct Loads {
    ways: Vec<Way>,
    /// Counters at the end of the last row.
    arrived: Vec<u64>,
    /// What leads past steps, such as a cache past what is done on a miss.
    past: Vec<Past>,
    /// Work done, or servers taken, of each resource.
    counted: Vec<f64>,
    /// Requests of users that slow answers keep back.
    held_back: Vec<HeldBack>,
    /// Fleets whose instances fill together.
    evened: Evened,
    /// Rows in a stretch of the columns of members.
    rows_in_stretch: usize,
    rows: usize,
    /// Of each step of a path that a resource owns, in the order of the ways, what one attempt asks for in each row: how many
    /// attempts there were is known at the end.
    later: Vec<Vec<f64>>,
}

/// The path to one resource.
#[derive(Debug)]
struct Way {
    to: Resource,
    visits: Vec<Visit>,
}

/// A step at a resource.
#[derive(Debug)]
struct Visit {
    from: From,
    /// Mean demand of the step, nanoseconds; 1 if the demand is how long something is held.
    demand: f64,
    /// The same of all its steps at this resource together: what one request asks for if nothing leads it past any.
    whole: f64,
    /// What may lead past this step.
    past: Vec<Share>,
}

/// Whose step it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// Of a class.
    Class(usize),
    /// Of a path that a resource owns, by its place among those of the scenario.
    Path(usize),
}

/// The attempts that were led past steps.
#[derive(Debug)]
struct Past {
    of: Counted,
    /// How many came there, and how many of them it led past, at the end of the last row.
    counted: (u64, u64),
    /// The share that it did not lead past, in the last row to which any came.
    others: f64,
}

impl Loads {
    /// The paths of a program.
    pub fn new(program: &Program, scenario: &Scenario) -> Loads {
        let mut ways = Vec::new();
        for class in 0..program.entry.len() {
            let from = program.entry[class] as usize;
            follow(program, scenario, From::Class(class), from..program.ops.len(), &mut ways);
        }
        for (path, own) in scenario.paths.iter().enumerate() {
            let Some((_, entries)) = program.entries.iter().find(|entries| entries.0 == own.of) else {
                continue;
            };
            let (Some(&first), Some(&last)) = (entries.first(), entries.last()) else { continue };
            // What comes after the last entry ends the attempts.
            follow(program, scenario, From::Path(path), first as usize..last as usize, &mut ways);
        }
        let rows = scenario.duration.0.div_ceil(scenario.bucket.0.max(1)) as usize;
        Loads {
            arrived: vec![0; program.entry.len()],
            past: counted(&ways),
            counted: vec![0.0; ways.len()],
            held_back: HeldBack::of(scenario),
            evened: Evened::of(program, scenario),
            rows_in_stretch: rows_in_stretch(rows),
            rows: 0,
            later: vec![Vec::new(); ways.iter().flat_map(|way| &way.visits).filter_map(Visit::path).count()],
            ways,
        }
    }

    /// Columns for the rows to come.
    pub fn series(&self) -> Vec<LoadSeries> {
        let series = |way: &Way| LoadSeries { evened: self.evened.has(way.to), ..LoadSeries::new(way.to) };
        self.ways.iter().map(series).collect()
    }
}

/// The share of the attempts that were not led past steps.
fn not_past(counted: &[Past], share: Share) -> f64 {
    match share {
        Share::Given(past) => 1.0 - past,
        Share::Counted(of) => counted.iter().find(|past| past.of == of).map_or(1.0, |past| past.others),
    }
}

/// Where attempts that are led past steps are counted.
fn counted(ways: &[Way]) -> Vec<Past> {
    let shares = ways.iter().flat_map(|way| &way.visits).flat_map(|visit| &visit.past);
    let mut of: Vec<Counted> = shares
        .filter_map(|share| match *share {
            Share::Counted(of) => Some(of),
            Share::Given(_) => None,
        })
        .collect();
    of.sort_unstable();
    of.dedup();
    of.into_iter().map(|of| Past { of, counted: (0, 0), others: 1.0 }).collect()
}

impl Visit {
    /// The path of a resource that it is a step of.
    fn path(&self) -> Option<usize> {
        match self.from {
            From::Class(_) => None,
            From::Path(path) => Some(path),
        }
    }
}

/// Adds the visits of a class or of the path of a resource, op by op.
fn follow(program: &Program, scenario: &Scenario, from: From, ops: Range<usize>, ways: &mut Vec<Way>) {
    let mut place = Place { groups: [0; u8::BITS as usize], node: Node::Writer };
    let mut on: Vec<(usize, Share)> = Vec::new();
    let mut visit = |to: Resource, draw: Option<DrawId>, on: &[(usize, Share)]| {
        let demand = draw.map_or(1.0, |draw| program.draws.all[draw.index()].mean());
        let past = on.iter().map(|(_, share)| *share).collect();
        let way = ways.iter().position(|way| way.to == to).unwrap_or_else(|| {
            ways.push(Way { to, visits: Vec::new() });
            ways.len() - 1
        });
        let visits = &mut ways[way].visits;
        visits.push(Visit { from, demand, whole: 0.0, past });
        // Those of one class or path come one after the other.
        let of_same = |visit: &Visit| visit.from == from;
        let whole = visits.iter().rev().take_while(|visit| of_same(visit)).map(|visit| visit.demand).sum();
        visits.iter_mut().rev().take_while(|visit| of_same(visit)).for_each(|visit| visit.whole = whole);
    };
    if let From::Path(path) = from
        && !ops.is_empty()
    {
        let own = &scenario.paths[path];
        let is_fleet = scenario.kinds.table_of(own.fleet.index()).is_none_or(|(kind, _)| kind == Kind::Fleet);
        place.groups[0] = if is_fleet { own.fleet.index() } else { Place::NO_FLEET };
        Parts::own_visits(own.of, &scenario.kinds).into_iter().for_each(|of| visit(of, None, &[]));
    }
    for (at, Line { op, .. }) in program.ops.iter().enumerate().take(ops.end).skip(ops.start) {
        on.retain(|(end, _)| *end > at);
        match *op {
            Op::Pick { balancer, tier, .. } => {
                place.groups[usize::from(tier)] = scenario.balancers[usize::from(balancer)].targets.index();
            }
            Op::Thread { tier, .. } => {
                visit(Resource::Threads { fleet: place.groups[usize::from(tier)] }, None, &on);
            }
            Op::Cpu { tier, draw } | Op::Run { tier, draw } => {
                visit(Resource::Cpu { fleet: place.groups[usize::from(tier)] }, Some(draw), &on);
            }
            Op::Of(op) => {
                if let Some((to, draw)) = Parts::asks(op, &mut place) {
                    visit(kind::shared(&scenario.kinds, to), draw, &on);
                }
                if let Some(skip) = Parts::skips(op, &program.draws) {
                    on.push((skip.to as usize, skip.share));
                }
            }
            Op::Respond { .. } => break,
            _ => {}
        }
    }
}

impl World<'_> {
    /// Ends a row, which was this many nanoseconds long, of offered and served load of each resource.
    pub(super) fn read_loads(&mut self, span: f64) {
        let grown = |known: &mut u64, now: u64| now - std::mem::replace(known, now);
        let loads = &mut self.loads;
        let arrived = loads.arrived.iter_mut().zip(&self.flow.recorder.classes);
        let mut arrived: Vec<f64> =
            arrived.map(|(known, class)| grown(known, class.requests.arrived) as f64).collect();
        for of_users in &mut loads.held_back {
            of_users.add(&self.crowds, span, &mut arrived);
        }
        for past in &mut loads.past {
            let now = self.parts.past(past.of).unwrap_or_default();
            let (came, led) = (now.0 - past.counted.0, now.1 - past.counted.1);
            past.counted = now;
            if came > 0 {
                past.others = (1.0 - led as f64 / came as f64).max(0.0);
            }
        }
        let mut later = 0;
        for index in 0..self.loads.ways.len() {
            let Loads { ways, past, later: each, .. } = &mut self.loads;
            let (mut asked, mut squares) = (0.0, 0.0);
            for visit in &ways[index].visits {
                let chance = visit.past.iter().map(|share| not_past(past, *share));
                let demand = visit.demand * chance.product::<f64>();
                match visit.from {
                    From::Class(class) => {
                        asked += arrived[class] * demand;
                        squares += arrived[class] * demand * visit.whole;
                    }
                    From::Path(_) => {
                        each[later].push(demand);
                        later += 1;
                    }
                }
            }
            let way = &self.loads.ways[index];
            let times = self.parts.times_asked(way.to);
            (asked, squares) = (asked * times, squares * times * times);
            let counted = self.counted(way.to);
            let served = counted - std::mem::replace(&mut self.loads.counted[index], counted);
            let series = &mut self.flow.recorder.timeline.loads[index];
            series.asked.push(asked);
            series.squares.push(squares);
            series.served.push(served);
        }
        self.loads.rows += 1;
        self.flow.readings.stretch = self.loads.rows / self.loads.rows_in_stretch;
    }

    /// At the end of the run: adds what paths that resources own have asked for.
    pub(super) fn close_loads(&mut self) {
        let later = std::mem::take(&mut self.loads.later);
        let offered = self.offered(&later);
        let mut later = later.into_iter();
        for (way, series) in self.loads.ways.iter().zip(&mut self.flow.recorder.timeline.loads) {
            let direct = series.asked.clone();
            let mut marks = vec![None; direct.len()];
            for (visit, path) in way.visits.iter().filter_map(|visit| Some((visit, visit.path()?))) {
                let (Some(demand), Some(offered)) = (later.next(), &offered[path]) else { continue };
                let more = offered.attempts.iter().zip(demand).map(|(attempts, demand)| attempts * demand);
                for ((asked, squares), more) in series.asked.iter_mut().zip(&mut series.squares).zip(more) {
                    *asked += more;
                    *squares += more * visit.whole;
                }
                for (mark, backlog) in marks.iter_mut().zip(&offered.backlog) {
                    match backlog {
                        Backlog::None => {}
                        Backlog::Gone => *mark = mark.or(Some(true)),
                        Backlog::Stays => *mark = Some(false),
                    }
                }
            }
            series.lengthens = self.parts.lengthens(way.to);
            series.spread_by(marks.into_iter(), &direct);
        }
    }

    /// How often each path that a resource owns was asked for. What a resource before a path has turned away counts as asked for,
    /// and what a path asks of the one before another path follows from that.
    fn offered(&self, later: &[Vec<f64>]) -> Vec<Option<Offered>> {
        let paths = &self.scenario.paths;
        let mut offered: Vec<Option<Offered>> =
            paths.iter().map(|path| self.parts.offered(path.of)).collect();
        let refused: Vec<(usize, Refused)> = (0..paths.len())
            .filter_map(|path| Some((path, offered[path].as_ref()?.refused.clone()?)))
            .collect();
        // Each round gets one path further along a chain of them.
        for _ in 0..refused.len() {
            for (path, refused) in &refused {
                let asked = self.asked(refused.by, later, &offered);
                if let (Some(asked), Some(offered)) = (asked, &mut offered[*path]) {
                    refused.count(&asked, &mut offered.attempts);
                }
            }
        }
        offered
    }

    /// What was asked of a resource row by row, by classes and by the paths of resources.
    fn asked(&self, of: Resource, later: &[Vec<f64>], offered: &[Option<Offered>]) -> Option<Vec<f64>> {
        let ways = &self.loads.ways;
        let at = ways.iter().position(|way| way.to == of)?;
        let own = |way: &Way| way.visits.iter().filter_map(Visit::path).count();
        let first: usize = ways[..at].iter().map(own).sum();
        let mut asked = self.flow.recorder.timeline.loads[at].asked.clone();
        for (path, demand) in ways[at].visits.iter().filter_map(Visit::path).zip(&later[first..]) {
            let Some(offered) = &offered[path] else { continue };
            let more = offered.attempts.iter().zip(demand).map(|(attempts, demand)| attempts * demand);
            asked.iter_mut().zip(more).for_each(|(asked, more)| *asked += more);
        }
        Some(asked)
    }

    /// Work done, or servers taken, so far.
    fn counted(&self, of: Resource) -> f64 {
        // A resource that no kind counts does no work, such as connections or healthy targets.
        self.parts.counted(of, &self.flow).unwrap_or(0.0)
    }
}
