//! The load that requests offer to each resource, and how much of it is served.
//!
//! In: the program, and counters that exist anyway. Out: rows of [`LoadSeries`]. A request that is refused at the
//! entrance, or that gives up in a queue, counts with the demand of one that gets through. The offered load of a class
//! follows from its path, with the mean demands of its laws, and after misses with the share of look-ups that missed.
//! The served load is the work of busy processors and servers or, for resources that are held, the servers taken: while they
//! fill, none is given back yet. Users whom a slow answer keeps from asking again count with what they would ask.

use super::World;
use super::held_back::HeldBack;
use super::program::{Op, Program};
use crate::flow::draws::DrawId;
use crate::kind::Parts;
use crate::kind::part::{Place, Share};
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
    /// Rows in a stretch of the columns of members.
    rows_in_stretch: usize,
    rows: usize,
}

/// The path to one resource.
#[derive(Debug)]
struct Way {
    to: Resource,
    visits: Vec<Visit>,
}

/// A step of a class at a resource.
#[derive(Debug)]
struct Visit {
    class: usize,
    /// Mean demand of the step, nanoseconds; 1 if the demand is how long something is held.
    demand: f64,
    /// What may lead past this step.
    past: Vec<Share>,
}

/// The attempts that a resource led past steps.
#[derive(Debug)]
struct Past {
    of: Resource,
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
            follow(program, scenario, class, &mut ways);
        }
        let rows = scenario.duration.0.div_ceil(scenario.bucket.0.max(1)) as usize;
        Loads {
            arrived: vec![0; program.entry.len()],
            past: counted(&ways),
            counted: vec![0.0; ways.len()],
            held_back: HeldBack::of(scenario),
            rows_in_stretch: rows_in_stretch(rows),
            rows: 0,
            ways,
        }
    }

    /// The share of the attempts that were not led past steps.
    fn not_past(&self, share: Share) -> f64 {
        match share {
            Share::Given(past) => 1.0 - past,
            Share::Counted(of) => self.past.iter().find(|past| past.of == of).map_or(1.0, |past| past.others),
        }
    }

    /// Columns for the rows to come.
    pub fn series(&self) -> Vec<LoadSeries> {
        self.ways.iter().map(|way| LoadSeries::new(way.to)).collect()
    }
}

/// The resources that count how many attempts they lead past steps.
fn counted(ways: &[Way]) -> Vec<Past> {
    let shares = ways.iter().flat_map(|way| &way.visits).flat_map(|visit| &visit.past);
    let mut of: Vec<Resource> = shares
        .filter_map(|share| match *share {
            Share::Counted(of) => Some(of),
            Share::Given(_) => None,
        })
        .collect();
    of.sort_unstable();
    of.dedup();
    of.into_iter().map(|of| Past { of, counted: (0, 0), others: 1.0 }).collect()
}

/// Adds the visits of a class, op by op.
fn follow(program: &Program, scenario: &Scenario, class: usize, ways: &mut Vec<Way>) {
    let mut place = Place { groups: [0; u8::BITS as usize], node: Node::Writer };
    let mut on: Vec<(usize, Share)> = Vec::new();
    let mut visit = |to: Resource, draw: Option<DrawId>, on: &[(usize, Share)]| {
        let demand = draw.map_or(1.0, |draw| program.draws.all[draw.index()].mean());
        let past = on.iter().map(|(_, share)| *share).collect();
        let way = ways.iter().position(|way| way.to == to).unwrap_or_else(|| {
            ways.push(Way { to, visits: Vec::new() });
            ways.len() - 1
        });
        ways[way].visits.push(Visit { class, demand, past });
    };
    let from = program.entry[class] as usize;
    for (at, (op, _)) in program.ops.iter().enumerate().skip(from) {
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
                    visit(to, draw, &on);
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
        for of_users in &loads.held_back {
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
        for index in 0..self.loads.ways.len() {
            let way = &self.loads.ways[index];
            let visits = way.visits.iter().map(|visit| {
                let chance = visit.past.iter().map(|share| self.loads.not_past(*share));
                arrived[visit.class] * visit.demand * chance.product::<f64>()
            });
            let asked = visits.sum();
            let counted = self.counted(way.to);
            let served = counted - std::mem::replace(&mut self.loads.counted[index], counted);
            let series = &mut self.flow.recorder.timeline.loads[index];
            series.asked.push(asked);
            series.served.push(served);
        }
        self.loads.rows += 1;
        self.flow.readings.stretch = self.loads.rows / self.loads.rows_in_stretch;
    }

    /// Work done, or servers taken, so far.
    fn counted(&self, of: Resource) -> f64 {
        // A resource that no kind counts does no work, such as connections or healthy targets.
        self.parts.counted(of, &self.flow).unwrap_or(0.0)
    }
}
