//! What APIs show of a run: the rate that they take. In: settings and rows. Out: what can run out, and its words.

use super::record::ApiSeries;
use super::{Apis, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::number;

impl View<All> for Apis<'_> {
    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let apis = scene.timeline.apis.iter().enumerate();
        let watched = apis.map(|(api, series)| {
            Watched::busy(Resource::ApiRate { api }, busy(series), &series.throttled)
                .or_refusing(&series.throttled)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let apis = scene.timeline.apis.iter().enumerate();
        let capacities = apis.filter_map(|(api, series)| {
            let of = Resource::ApiRate { api };
            let name = Self::name(scene, of)?;
            let constant = Capacity::constant(of, name, StageKind::Network, &series.busy_percent);
            let rate = scene.apis.get(api)?.rate(&scene.account).max(f64::MIN_POSITIVE);
            let refusing = series.throttled.iter().map(|throttled| throttled / rate).collect();
            Some(Capacity { refusing, ..constant })
        });
        capacities.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let Resource::ApiRate { api } = of else { return None };
        let name = scene.apis.get(api).map_or("", |it| it.name.as_str());
        Some(format!("request rate of API `{name}`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::ApiRate { api } = about.resource.of else { return None };
        let series = about.scene.timeline.apis.get(api)?;
        let throttled = peak(&series.throttled, about.rows);
        let words = [format!("up to {} a second throttled", number(throttled))];
        Some(with(format!("{} at its limit", about.name), if throttled > 0.0 { &words } else { &[] }))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Percent of the rate that is taken, and all of it while requests are throttled.
fn busy(series: &ApiSeries) -> Vec<f64> {
    let rows = series.busy_percent.iter().zip(&series.throttled);
    rows.map(|(busy, throttled)| if *throttled > 0.0 { 100.0 } else { *busy }).collect()
}
