//! What APIs show of a run: the rate that they take. In: settings and rows. Out: what can run out, and its words.

use super::label;
use super::language::Api;
use super::language::plan::Plan;
use super::{Apis, warning};
use crate::id::Kind;
use crate::kind::expected::Expected;
use crate::kind::path::PathOwner;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::{all_of, number};

impl View<All> for Apis<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let watched = shared(scene).map(|api| {
            let throttled = throttled(api, scene);
            Watched::busy(Resource::ApiRate { api }, busy(api, scene), &throttled).or_refusing(&throttled)
        });
        let parts = parts(scene).into_iter().map(|it| {
            Watched::busy(it.of, full_where(it.percent, it.throttled), it.throttled).or_refusing(it.throttled)
        });
        watched.chain(parts).collect()
    }

    fn shared(settings: &Settings, of: Resource) -> Option<Resource> {
        let Resource::ApiRate { api } = of else { return None };
        Some(Resource::ApiRate { api: Api::shares(api, &settings.apis) })
    }

    fn shares_with(settings: &Settings, (kind, index): PathOwner) -> Option<PathOwner> {
        (kind == Kind::Api).then(|| (kind, Api::shares(index, &settings.apis)))
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
        let parts = parts(scene).into_iter().map(|it| {
            let constant = Capacity::constant(it.of, it.name, StageKind::Network, it.percent);
            let refusing = it.throttled.iter().map(|throttled| throttled / it.rate).collect();
            Capacity { refusing, ..constant }
        });
        capacities.chain(parts).collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let (Resource::ApiRate { api } | Resource::Routes { api } | Resource::Keys { api }) = of else {
            return None;
        };
        if of != (Resource::ApiRate { api }) {
            return parts(scene).into_iter().find(|it| it.of == of).map(|it| it.name);
        }
        let name = |api: usize| scene.apis.get(api).map_or("", |it| it.name.as_str());
        let all: Vec<String> = Api::sharing(api, &scene.apis).map(|it| format!("`{}`", name(it))).collect();
        Some(match all.len() {
            0 | 1 => label::RATE.quoted(&[name(api)]),
            2..=NAMED => label::ACCOUNT.plain(&[&format!("APIs {}", all_of(&all))]),
            many => label::ACCOUNT.plain(&[&format!("{many} APIs")]),
        })
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let throttled = match about.resource.of {
            Resource::ApiRate { api } => peak(&throttled(api, about.scene), about.rows),
            of => peak(parts(about.scene).into_iter().find(|it| it.of == of)?.throttled, about.rows),
        };
        let words = [format!("up to {} a second throttled", number(throttled))];
        let its = about.resource.of.agreeing("its", "their");
        Some(with(format!("{} at {its} limit", about.name), if throttled > 0.0 { &words } else { &[] }))
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

/// The routes of an API, or the keys of its plans, which take less than the API does.
struct Limited<'a> {
    of: Resource,
    name: Called,
    percent: &'a [f64],
    throttled: &'a [f64],
    /// Requests a second that all of them take.
    rate: f64,
}

/// Those of all APIs that have some.
fn parts<'a>(scene: &Scene<'a>) -> Vec<Limited<'a>> {
    let apis = scene.settings.apis.iter().zip(&scene.timeline.apis).enumerate();
    let parts = apis.flat_map(|(api, (settings, series))| {
        let of_routes: f64 = settings.routes.iter().map(|route| route.throttle.rate.0).sum();
        let of_plan = |plan: &Plan| plan.throttle.map(|it| it.rate.0 * f64::from(plan.keys));
        let of_keys: f64 = settings.plans.iter().filter_map(of_plan).sum();
        let limited = |of, what: Label, (percent, throttled), rate: f64| Limited {
            of,
            name: what.quoted(&[&settings.name]),
            percent,
            throttled,
            rate: rate.max(f64::MIN_POSITIVE),
        };
        let routes = (series.routes_percent.as_slice(), series.routes_throttled.as_slice());
        let routes = limited(Resource::Routes { api }, label::ROUTES, routes, of_routes);
        let keys = (series.keys_percent.as_slice(), series.keys_throttled.as_slice());
        let keys = limited(Resource::Keys { api }, label::KEYS, keys, of_keys);
        let has = [!settings.routes.is_empty(), !settings.plans.is_empty()];
        [routes, keys].into_iter().zip(has).filter(|(_, has)| *has).map(|(it, _)| it)
    });
    parts.collect()
}

/// Requests a second that the rate throttled, of all APIs that share it: what routes and keys turn away does not come to it.
fn throttled(api: usize, scene: &Scene<'_>) -> Vec<f64> {
    let mut sums: Vec<f64> = Vec::new();
    for series in Api::sharing(api, &scene.apis).filter_map(|it| scene.timeline.apis.get(it)) {
        sums.resize(series.throttled.len(), 0.0);
        for (row, sum) in sums.iter_mut().enumerate() {
            let before = at(&series.routes_throttled, row) + at(&series.keys_throttled, row);
            *sum += (series.throttled[row] - before).max(0.0);
        }
    }
    sums
}

/// Percent of the rate that is taken, and all of it while requests are throttled.
fn busy(api: usize, scene: &Scene<'_>) -> Vec<f64> {
    let percent = scene.timeline.apis.get(api).map_or(&[][..], |it| &it.busy_percent);
    full_where(percent, &throttled(api, scene))
}

/// Percent that is taken, and all of it while requests are throttled.
fn full_where(percent: &[f64], throttled: &[f64]) -> Vec<f64> {
    let rows = percent.iter().zip(throttled);
    rows.map(|(busy, throttled)| if *throttled > 0.0 { 100.0 } else { *busy }).collect()
}
