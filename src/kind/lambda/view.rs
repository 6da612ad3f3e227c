//! What functions show of a run: their concurrency. In: settings and rows. Out: what can run out, and its words.

use super::record::LambdaSeries;
use super::{Lambdas, trouble, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::{Trouble, Watched};
use crate::number::number;

impl View<All> for Lambdas<'_> {
    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let functions = scene.timeline.lambdas.iter().enumerate();
        let watched = functions.map(|(lambda, series)| {
            let of = Resource::Concurrency { lambda };
            Watched::busy(of, busy(series), &series.throttled).or_refusing(&series.throttled)
        });
        let handling = scene.settings.lambdas.iter().enumerate().filter(|(_, it)| it.handles);
        let events = handling.map(|(lambda, _)| {
            let rows = trouble::rows(lambda, scene);
            let trouble = Trouble::Rows(rows.clone());
            Watched { trouble, ..Watched::marked(Resource::Events { lambda }, rows) }
        });
        watched.chain(events).collect()
    }

    fn lacking(scene: &Scene<'_>) -> Vec<Vec<bool>> {
        (0..scene.settings.lambdas.len()).map(|lambda| trouble::rows(lambda, scene)).collect()
    }

    fn holder(_settings: &Settings, index: usize, _fleet: usize) -> Resource {
        Resource::Events { lambda: index }
    }

    /// Events wait for an environment, as long as that takes.
    fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
        for (lambda, _) in settings.lambdas.iter().enumerate().filter(|(_, it)| it.handles) {
            add(Resource::Events { lambda }, Resource::Concurrency { lambda });
        }
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let functions = scene.timeline.lambdas.iter().enumerate();
        let capacities = functions.filter_map(|(lambda, series)| {
            let of = Resource::Concurrency { lambda };
            let name = Self::name(scene, of)?;
            let constant = Capacity::constant(of, name, StageKind::Start, &busy(series));
            // Nobody knows how long what was throttled would have taken.
            let refusing = series.throttled.iter().map(|it| if *it > 0.0 { f64::INFINITY } else { 0.0 });
            let limit = scene.lambdas.get(lambda)?.limit(&scene.account, &scene.lambdas);
            Some(Capacity { at_once: Some(limit), refusing: refusing.collect(), ..constant })
        });
        capacities.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let (what, lambda) = match of {
            Resource::Concurrency { lambda } => ("concurrency", lambda),
            Resource::Events { lambda } => ("events", lambda),
            _ => return None,
        };
        let name = scene.lambdas.get(lambda).map_or("", |it| it.name.as_str());
        Some(format!("{what} of function `{name}`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        if let Resource::Events { lambda } = about.resource.of {
            return trouble::words(lambda, about);
        }
        let Resource::Concurrency { lambda } = about.resource.of else { return None };
        let series = about.scene.timeline.lambdas.get(lambda)?;
        let (throttled, most) = (peak(&series.throttled, about.rows), peak(&series.most, about.rows));
        let throttled = match throttled > 0.0 {
            true => format!("up to {} a second throttled", number(throttled)),
            false => String::new(),
        };
        let is_full = peak(&series.busy_percent, about.rows) >= FULL;
        let what = if is_full { "was full" } else { "could not grow as fast as requests came" };
        Some(with(format!("{} {what}", about.name), &[format!("up to {} at once", number(most)), throttled]))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Percent from which concurrency is full.
const FULL: f64 = 95.0;

/// Percent of the concurrency that is taken, and all of it while invocations are throttled.
fn busy(series: &LambdaSeries) -> Vec<f64> {
    let rows = series.busy_percent.iter().zip(&series.throttled);
    rows.map(|(busy, throttled)| if *throttled > 0.0 { 100.0 } else { *busy }).collect()
}
