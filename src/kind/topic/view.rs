//! What topics show of a run: what is sent to one is in its queues; of event buses, the quota of calls. In: settings and rows. Out: what can run out, and its words.

use super::label;
use super::language::Topic;
use super::{Topics, warning};
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
use crate::measure::watched::Watched;
use crate::number::{all_of, number};

impl View<All> for Topics {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let watched = shared(scene).filter_map(|topic| {
            let throttled = throttled(topic, scene);
            let percent = &scene.timeline.topics.get(topic)?.puts_percent;
            let busy = percent.iter().zip(&throttled);
            let busy = busy.map(|(busy, throttled)| if *throttled > 0.0 { 100.0 } else { busy.min(100.0) });
            Some(
                Watched::busy(Resource::EventPuts { topic }, busy.collect(), &throttled)
                    .or_refusing(&throttled),
            )
        });
        watched.collect()
    }

    fn shared(settings: &Settings, of: Resource) -> Option<Resource> {
        let Resource::EventPuts { topic } = of else { return None };
        Some(Resource::EventPuts { topic: Topic::shares(topic, &settings.topics) })
    }

    fn shares_with(settings: &Settings, (kind, index): PathOwner) -> Option<PathOwner> {
        (kind == Kind::Topic).then(|| (kind, Topic::shares(index, &settings.topics)))
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let capacities = shared(scene).filter_map(|topic| {
            let of = Resource::EventPuts { topic };
            let asked = &scene.timeline.topics.get(topic)?.puts_percent;
            let taken: Vec<f64> = asked.iter().map(|asked| asked.min(100.0)).collect();
            let throttled = throttled(topic, scene);
            let refusing = asked.iter().zip(&throttled);
            let refusing =
                refusing.map(
                    |(asked, throttled)| {
                        if *throttled > 0.0 { (asked - 100.0).max(0.0) / 100.0 } else { 0.0 }
                    },
                );
            let refusing = refusing.collect();
            let constant = Capacity::constant(of, name(topic, scene, ""), StageKind::Network, &taken);
            Some(Capacity { refusing, waiting: Some(throttled.into()), ..constant })
        });
        capacities.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let Resource::EventPuts { topic } = of else { return None };
        Some(name(topic, scene, "`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::EventPuts { topic } = about.resource.of else { return None };
        let settings = about.scene.settings;
        let [puts, _] = settings.topics.get(topic)?.quotas(settings);
        let throttled = peak(&throttled(topic, about.scene), about.rows);
        let words = [
            format!("{} a second", number(puts)),
            format!("up to {} tries a second throttled", number(throttled)),
        ];
        Some(with(format!("{} at their quota", about.name), &words))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// Most buses of an account that are named.
const NAMED: usize = 3;

fn name(topic: usize, scene: &Scene<'_>, quote: &str) -> Called {
    let topics = &scene.settings.topics;
    let name = |topic: usize| topics.get(topic).map_or("", |it| it.name.as_str());
    let all: Vec<String> =
        Topic::sharing(topic, topics).map(|it| format!("{quote}{}{quote}", name(it))).collect();
    match all.len() {
        0..=NAMED => label::PUTS.plain(&[&all_of(&all)]),
        many => label::ACCOUNT.plain(&[&format!("{many} buses")]),
    }
}

/// The first of the buses that share a quota.
fn shared<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = usize> + use<'s> {
    let topics = &scene.settings.topics;
    let buses = topics.iter().enumerate().filter(|(_, topic)| topic.bus.is_some());
    buses.map(|(topic, _)| topic).filter(|topic| Topic::shares(*topic, topics) == *topic)
}

/// Tries a second that were throttled, of all buses that share a quota.
fn throttled(topic: usize, scene: &Scene<'_>) -> Vec<f64> {
    let mut sums: Vec<f64> = Vec::new();
    let sharing = Topic::sharing(topic, &scene.settings.topics);
    for series in sharing.filter_map(|topic| scene.timeline.topics.get(topic)) {
        sums.resize(series.throttled.len(), 0.0);
        sums.iter_mut().zip(&series.throttled).for_each(|(sum, more)| *sum += more);
    }
    sums
}
