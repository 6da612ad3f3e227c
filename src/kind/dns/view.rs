//! What names show of a run: requests that went by old answers to what does not serve. In: what happened, and the settings. Out: words, and warnings.

use super::label;
use super::language::Dns;
use super::{Names, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, requests_in_all};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::units::Time;

impl View<All> for Names<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        let Resource::OldAnswer { dns } = of else { return None };
        Some(label::ANSWERS.quoted(&[scene.domains.get(dns).map_or("", |it| it.name.as_str())]))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::OldAnswer { dns } = about.resource.of else { return None };
        let own = about.scene.domains.get(dns)?;
        let (requests, in_some) = requests_in_all(&about.resource.waiting, about.rows);
        Some(format!(
            "{requests} sent by old answers of `{}`, which clients keep for {}, to what does not serve{in_some}",
            own.name,
            kept(own)
        ))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// `60s`, or `60s and some for ever`: how long clients keep an answer.
fn kept(own: &Dns) -> String {
    let longest = (0..own.records.len()).map(|record| own.ttl_of(record)).max().unwrap_or(Time::ZERO);
    match own.holds.map(|it| it.span) {
        None => longest.to_string(),
        Some(Some(span)) => format!("{longest}, and some for {span}"),
        Some(None) => format!("{longest}, and some for ever"),
    }
}
