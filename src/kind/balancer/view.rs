//! What a balancer shows of a run: that it fails open, for it never runs out. In: what was lost. Out: its words, and warnings.

use super::{Balancers, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, in_some_runs};
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::resource::Resource;

impl View<All> for Balancers<'_> {
    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let Resource::FailsOpen { fleet } = of else { return None };
        let fleet = scene.fleets.get(fleet).map_or("", |fleet| fleet.name.as_str());
        Some(format!("healthy targets of `{fleet}`"))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Resource::FailsOpen { fleet } = about.resource.of else { return None };
        let all = about.scene.balancers.iter().filter(|balancer| balancer.targets.index() == fleet);
        let names: Vec<String> = all.map(|balancer| format!("`{}`", balancer.name)).collect();
        let open = &about.resource.waiting;
        let in_some = in_some_runs(open, about.rows);
        let at_times = if about.rows.clone().any(|row| at(open, row) == 0.0) { " at times" } else { "" };
        Some(format!(
            "no {}: {} sends to all (fails open){at_times}{in_some}",
            about.name,
            names.join(" or ")
        ))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}
