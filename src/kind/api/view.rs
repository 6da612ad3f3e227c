//! What APIs show of a run: the rate that they take. In: settings and rows. Out: what can run out, and its words.

use super::language::Api;
use super::{Apis, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::{all_of, number};

impl View<All> for Apis<'_> {
    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let watched = shared(scene).map(|api| {
            let throttled = throttled(api, scene);
            Watched::busy(Resource::ApiRate { api }, busy(api, scene), &throttled).or_refusing(&throttled)
        });
        watched.collect()
    }

    fn shared(settings: &Settings, of: Resource) -> Option<Resource> {
        let Resource::ApiRate { api } = of else { return None };
        Some(Resource::ApiRate { api: Api::shares(api, &settings.apis) })
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let capacities = shared(scene).filter_map(|api| {
            let of = Resource::ApiRate { api };
            let name = Self::name(scene, of)?;
            let percent = &scene.timeline.apis.get(api)?.busy_percent;
            let constant = Capacity::constant(of, name, StageKind::Network, percent);
            let rate = scene.apis.get(api)?.rate(&scene.account).max(f64::MIN_POSITIVE);
            let refusing = throttled(api, scene).iter().map(|throttled| throttled / rate).collect();
            Some(Capacity { refusing, ..constant })
        });
        capacities.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let Resource::ApiRate { api } = of else { return None };
        let name = |api: usize| scene.apis.get(api).map_or("", |it| it.name.as_str());
        let all: Vec<String> = Api::sharing(api, &scene.apis).map(|it| format!("`{}`", name(it))).collect();
        Some(match all.len() {
            0 | 1 => format!("request rate of API `{}`", name(api)),
            2..=NAMED => format!("request rate of the account (APIs {})", all_of(&all)),
            many => format!("request rate of the account ({many} APIs)"),
        })
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::ApiRate { api } = about.resource.of else { return None };
        let throttled = peak(&throttled(api, about.scene), about.rows);
        let words = [format!("up to {} a second throttled", number(throttled))];
        Some(with(format!("{} at its limit", about.name), if throttled > 0.0 { &words } else { &[] }))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Most APIs of an account that are named.
const NAMED: usize = 3;

/// The APIs with a rate of their own, and the first of those that share that of the account in a Region.
fn shared<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = usize> + use<'s> {
    let series = 0..scene.timeline.apis.len();
    series.filter(|api| Api::shares(*api, &scene.settings.apis) == *api)
}

/// Requests a second that were throttled, of all APIs that share a rate.
fn throttled(api: usize, scene: &Scene<'_>) -> Vec<f64> {
    let mut sums: Vec<f64> = Vec::new();
    for series in Api::sharing(api, &scene.apis).filter_map(|it| scene.timeline.apis.get(it)) {
        sums.resize(series.throttled.len(), 0.0);
        sums.iter_mut().zip(&series.throttled).for_each(|(sum, more)| *sum += more);
    }
    sums
}

/// Percent of the rate that is taken, and all of it while requests are throttled.
fn busy(api: usize, scene: &Scene<'_>) -> Vec<f64> {
    let percent = scene.timeline.apis.get(api).map_or(&[][..], |it| &it.busy_percent);
    let rows = percent.iter().zip(throttled(api, scene));
    rows.map(|(busy, throttled)| if throttled > 0.0 { 100.0 } else { *busy }).collect()
}
