//! The world at the start of a run.
//!
//! In: a scenario and a seed. Out: the program, the flow, every kind, and the first events.

use super::border::borders;
use super::crowd::Crowds;
use super::gauges::Gauges;
use super::loads::Loads;
use super::program::{Line, Program};
use super::tried::tried;
use super::{Timer, World, zoned};
use crate::engine::calendar::Calendar;
use crate::flow::Flow;
use crate::flow::fact::Fact;
use crate::flow::keys::Keys;
use crate::id::LocationId;
use crate::kind::Parts;
use crate::kind::part::{Origin, Plan};
use crate::measure::Recorder;
use crate::scenario::Scenario;
use crate::scenario::client::Client;

impl<'s> World<'s> {
    /// The world before the first event.
    pub(super) fn new(scenario: &'s Scenario, seed: u64) -> Self {
        let mut calendar = Calendar::new(scenario.duration.0);
        let mut program = Program::compile(scenario, seed, &mut |delay| calendar.lane(delay.0));
        let loads = Loads::new(&program, scenario);
        let mut flow = Flow::new(calendar, recorder(scenario, &program.places), program.widths);
        flow.end = scenario.duration.0;
        flow.passed = vec![0; program.ops.len()];
        flow.draws = std::mem::take(&mut program.draws);
        flow.keys = scenario
            .key_spaces
            .iter()
            .map(|space| Keys::new(&space.name, space.count, space.zipf, seed))
            .collect();
        flow.recorder.timeline.loads = loads.series();
        let mut plan = Plan {
            kinds: &scenario.kinds,
            key_spaces: &scenario.key_spaces,
            duration: scenario.duration,
            bucket: scenario.bucket,
            warmup: scenario.warmup,
            seed,
            region: &scenario.region,
            prices: &scenario.prices,
            keyed: std::mem::take(&mut program.keyed),
            slots: std::mem::take(&mut program.slots),
            objects: std::mem::take(&mut program.objects),
            entries: program.entries.clone(),
            calls: calls(&program, scenario),
            tried: tried(scenario),
            borders: borders(&program, scenario),
            origins: scenario.sources.iter().map(|it| origin(&it.client)).collect(),
            locations: &scenario.locations,
        };
        flow.counts_requests = flow.draws.replays() || program.counts_requests;
        let parts = Parts::build(&mut plan, &mut flow);
        let mut world = World {
            scenario,
            seed,
            last: scenario.duration.0.saturating_sub(1),
            events: 0,
            flow,
            parts,
            sources: Vec::new(),
            crowds: Crowds::default(),
            arrival: (u64::MAX, 0),
            gauges: Gauges::new(scenario),
            loads,
            program,
        };
        for group in 0..world.flow.groups.len() {
            for fact in [Fact::Begin(group), Fact::Begun(group)] {
                world.flow.tell(fact);
                world.deliver();
            }
        }
        world.build_sources();
        world.flow.set_first(Timer::Row {}, scenario.bucket.0.min(world.flow.end));
        world
    }
}

/// Where the requests of a client come from.
fn origin(client: &Client) -> Origin {
    Origin { addresses: client.addresses, location: client.from.map(LocationId::index) }
}

/// The ops at which a balancer chooses a host of each fleet.
fn calls(program: &Program, scenario: &Scenario) -> Vec<Vec<usize>> {
    let mut calls = vec![Vec::new(); scenario.fleets.len()];
    for (at, Line { op, .. }) in program.ops.iter().enumerate() {
        if let Some(balancer) = op.chosen_by() {
            calls[scenario.balancers[usize::from(balancer)].targets.index()].push(at);
        }
    }
    calls
}

/// An empty recorder, with rows for every class that an objective bounds by row, and the stays that one bounds.
fn recorder(scenario: &Scenario, places: &[u16]) -> Recorder {
    let (classes, bucket_s) = (scenario.classes.len(), scenario.bucket.as_secs_f64());
    let mut recorder = Recorder::new(classes, places.to_vec(), scenario.warmup.0, bucket_s);
    for objective in &scenario.objectives {
        // Whether objectives hold again after a fault is asked in windows.
        let by_row = matches!(objective.bound, crate::scenario::objective::Bound::Every { .. })
            || scenario.has_faults();
        if let Some(class) = objective.bound.class_by_row().filter(|_| by_row) {
            recorder.keep_rows(class.index());
        }
        if let Some(figure) = objective.bound.stays() {
            let all = 0..scenario.kinds.names(figure.kind()).len();
            let owners = all.filter(|index| figure.index().is_none_or(|only| only == *index));
            owners.filter_map(|index| figure.owner_at(index)).for_each(|owner| recorder.stays.keep(owner));
        }
    }
    recorder.zones = zoned::counted(scenario);
    recorder
}
