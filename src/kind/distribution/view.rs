//! What a distribution shows of a run: its quotas. In: its settings and rows. Out: what can run out, and its words.

use super::label;
use super::{Distributions, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::number;

impl View<All> for Distributions<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let all = scene.timeline.distributions.iter().enumerate();
        let watched = all.map(|(distribution, series)| {
            let of = Resource::Distribution { distribution };
            let nobody = vec![0.0; series.quota_percent.len()];
            Watched::busy(of, series.quota_percent.clone(), &nobody).or_refusing(&series.throttled)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let all = scene.timeline.distributions.iter().enumerate();
        let capacity = all.map(|(distribution, series)| {
            let of = Resource::Distribution { distribution };
            let name = label::QUOTAS.plain(&[&series.name]);
            let constant = Capacity::constant(of, name, StageKind::Cache, &series.quota_percent);
            let asked = |(taken, refused): (&f64, &f64)| if *taken > 0.0 { refused / taken } else { 0.0 };
            let refusing = series.requests.iter().zip(&series.throttled).map(asked).collect();
            Capacity { waiting: Some(vec![0.0; series.requests.len()].into()), refusing, ..constant }
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let Resource::Distribution { distribution } = of else { return None };
        let name = scene.distributions.get(distribution).map_or("", |it| it.name.as_str());
        Some(label::QUOTAS.quoted(&[name]))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::Distribution { distribution } = about.resource.of else { return None };
        let series = about.scene.timeline.distributions.get(distribution)?;
        let refused = peak(&series.throttled, about.rows);
        let turned =
            if refused > 0.0 { format!("up to {}/s turned away", number(refused)) } else { String::new() };
        Some(with(format!("{} full", about.name), &[turned]))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}
