//! What functions show of a run: their concurrency. In: settings and rows. Out: what can run out, and its words.

use super::label;
use super::language::Lambda;
use super::record::LambdaSeries;
use super::{Lambdas, trouble, warning};
use crate::id::Kind;
use crate::kind::expected::Expected;
use crate::kind::path::PathOwner;
use crate::kind::view::{View, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::{Trouble, Watched};
use crate::number::{all_of, number};

impl View<All> for Lambdas<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let watched = shared(scene).map(|lambda| {
            let of = Resource::Concurrency { lambda };
            let throttled = throttled(lambda, scene);
            Watched::busy(of, busy(lambda, scene), &throttled).or_refusing(&throttled)
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
            let concurrency = Lambda::shares(lambda, &settings.lambdas);
            add(Resource::Events { lambda }, Resource::Concurrency { lambda: concurrency });
        }
    }

    fn shared(settings: &Settings, of: Resource) -> Option<Resource> {
        let Resource::Concurrency { lambda } = of else { return None };
        Some(Resource::Concurrency { lambda: Lambda::shares(lambda, &settings.lambdas) })
    }

    fn shares_with(settings: &Settings, (kind, index): PathOwner) -> Option<PathOwner> {
        (kind == Kind::Lambda).then(|| (kind, Lambda::shares(index, &settings.lambdas)))
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let capacities = shared(scene).filter_map(|lambda| {
            let of = Resource::Concurrency { lambda };
            let name = Self::name(scene, of)?;
            let constant = Capacity::constant(of, name, StageKind::Start, &busy(lambda, scene));
            // Nobody knows how long what was throttled would have taken.
            let throttled = throttled(lambda, scene);
            let refusing = throttled.iter().map(|it| if *it > 0.0 { f64::INFINITY } else { 0.0 });
            let limit = scene.lambdas.get(lambda)?.limit(&scene.account, &scene.lambdas);
            Some(Capacity { at_once: Some(limit), refusing: refusing.collect(), ..constant })
        });
        capacities.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let name = |lambda: usize| scene.lambdas.get(lambda).map_or("", |it| it.name.as_str());
        match of {
            Resource::Events { lambda } => Some(label::EVENTS.quoted(&[name(lambda)])),
            Resource::Concurrency { lambda } => {
                let all: Vec<String> =
                    Lambda::sharing(lambda, &scene.lambdas).map(|it| format!("`{}`", name(it))).collect();
                Some(match all.len() {
                    0 | 1 => label::CONCURRENCY.quoted(&[name(lambda)]),
                    2..=NAMED => label::ACCOUNT.plain(&[&format!("functions {}", all_of(&all))]),
                    many => label::ACCOUNT.plain(&[&format!("{many} functions")]),
                })
            }
            _ => None,
        }
    }

    fn full(about: &Full<'_>) -> Option<String> {
        if let Resource::Events { lambda } = about.resource.of {
            return trouble::words(lambda, about);
        }
        let Resource::Concurrency { lambda } = about.resource.of else { return None };
        let (scene, rows) = (about.scene, about.rows);
        let all: Vec<usize> = Lambda::sharing(lambda, &scene.lambdas).collect();
        let series = scene.timeline.lambdas.get(lambda)?;
        let throttled = peak(&throttled(lambda, scene), rows);
        let over_rate = peak(&sums(lambda, scene, |it| &it.over_rate), rows);
        let over_scaling = peak(&sums(lambda, scene, |it| &it.over_scaling), rows);
        let is_full = peak(&series.busy_percent, rows) >= FULL;
        let what = match is_full {
            // Most of what was throttled was so before anybody looked for an environment.
            _ if over_rate > throttled / 2.0 => {
                "took no more requests a second, ten for each environment that it may have"
            }
            true => "was full",
            false if over_scaling > 0.0 => "could not grow as fast as requests came",
            // By chance, within a row.
            false => "was full at times",
        };
        let most = match all.len() {
            1 => peak(&series.most, rows),
            _ => peak(&sums(lambda, scene, |it| &it.concurrency), rows).round(),
        };
        let throttled = match throttled > 0.0 {
            true => format!("up to {} a second throttled", number(throttled)),
            false => String::new(),
        };
        Some(with(format!("{} {what}", about.name), &[format!("up to {} at once", number(most)), throttled]))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Percent from which concurrency is full.
const FULL: f64 = 95.0;

/// Most functions of an account that are named.
const NAMED: usize = 3;

/// The functions with concurrency of their own, and the first of those that share what nobody has reserved in a Region.
fn shared<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = usize> + use<'s> {
    let series = 0..scene.timeline.lambdas.len();
    series.filter(|lambda| Lambda::shares(*lambda, &scene.settings.lambdas) == *lambda)
}

/// A column of all functions that share concurrency, summed up.
fn sums(lambda: usize, scene: &Scene<'_>, of: fn(&LambdaSeries) -> &Vec<f64>) -> Vec<f64> {
    let mut sums: Vec<f64> = Vec::new();
    for series in Lambda::sharing(lambda, &scene.lambdas).filter_map(|it| scene.timeline.lambdas.get(it)) {
        sums.resize(of(series).len(), 0.0);
        sums.iter_mut().zip(of(series)).for_each(|(sum, more)| *sum += more);
    }
    sums
}

/// Invocations a second that were throttled, of all functions that share concurrency.
fn throttled(lambda: usize, scene: &Scene<'_>) -> Vec<f64> {
    sums(lambda, scene, |it| &it.throttled)
}

/// Percent of the concurrency that is taken, and all of it while invocations are throttled.
fn busy(lambda: usize, scene: &Scene<'_>) -> Vec<f64> {
    let percent = scene.timeline.lambdas.get(lambda).map_or(&[][..], |it| &it.busy_percent);
    let rows = percent.iter().zip(throttled(lambda, scene));
    rows.map(|(busy, throttled)| if throttled > 0.0 { 100.0 } else { *busy }).collect()
}
