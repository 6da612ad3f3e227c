//! Instances that were taken out of service on purpose. In: the rows of a fleet. Out: words for what they were taken for.

use crate::kind::fleet::label;
use crate::kind::view::{at, in_some_runs, peak, requests_in_all};
use crate::kind::{Full, Scene};
use crate::measure::resource::label::Called;
use crate::measure::resource::{Purpose, Resource};
use crate::number::{setting, share, things};
use crate::units::Time;

/// `instance refresh of `web``, `resize of `web``.
pub(super) fn name(scene: &Scene<'_>, fleet: usize, by: Purpose) -> Called {
    let fleet = scene.fleets.get(fleet).map_or("", |it| it.name.as_str());
    let label = match by {
        Purpose::Refresh => label::REFRESH,
        Purpose::Rebalancing => label::REBALANCING,
        Purpose::Lifetime => label::LIFETIME,
        Purpose::Standby => label::STANDBY,
        Purpose::Resize => label::RESIZE,
        Purpose::Unhealthy => label::UNHEALTHY,
        Purpose::Rollback => label::ROLLBACK,
        Purpose::Deployment => label::DEPLOYMENT,
    };
    label.quoted(&[fleet])
}

/// `instance refresh of `web` (up to 2 instances missing)`, `resize of `web` to m5.large (2 instances missing)`.
pub(super) fn words(about: &Full<'_>) -> String {
    let Full { scene, rows, name, .. } = *about;
    let to = type_of(about, scene.time_s(rows.start + 1));
    format!("{name}{to} ({})", missing(about))
}

/// `up to 2 instances of `web` have version `v2`, which fails 30 % of its requests`.
pub(super) fn worse(about: &Full<'_>, fleet: usize) -> String {
    let Some(settings) = about.scene.fleets.get(fleet) else { return String::new() };
    let most = peak(&about.resource.waiting, about.rows);
    let up_to = if most > 1.0 { "up to " } else { "" };
    let mut worse = settings.versions.iter().filter(|version| version.is_worse());
    let which = match (worse.next(), worse.next()) {
        (Some(one), None) => {
            let fails = (one.errors > 0.0).then(|| format!("fails {} of its requests", share(one.errors)));
            let slow = (one.speed < 1.0).then(|| format!("works at {} of the speed", setting(one.speed)));
            let unread = (one.malformed > 0.0).then(|| {
                format!("answers {} of its requests with what nobody can read", share(one.malformed))
            });
            let all: Vec<String> = [fails, unread, slow].into_iter().flatten().collect();
            format!("version `{}`, which {}", one.name, all.join(" and "))
        }
        _ => "a version that fails requests or is slower".into(),
    };
    let (count, name) = (things(most.ceil(), "instance"), &settings.name);
    let have = if most > 1.0 { "have" } else { "has" };
    format!("{up_to}{count} of `{name}` {have} {which}{}", in_some_runs(&about.resource.waiting, about.rows))
}

/// `22 requests cut off at instances of `web` that left before the answer`.
pub(super) fn unfinished(about: &Full<'_>, fleet: usize) -> String {
    let name = about.scene.fleets.get(fleet).map_or("", |it| it.name.as_str());
    let (requests, in_some) = requests_in_all(&about.resource.waiting, about.rows);
    format!("{requests} cut off at instances of `{name}` that left before the answer{in_some}")
}

/// `up to 2 instances missing`.
pub(super) fn missing(about: &Full<'_>) -> String {
    let Full { resource, rows, .. } = *about;
    let most = peak(&resource.waiting, rows);
    // At the end of the rows some may answer again.
    let varies = rows.clone().any(|row| at(&resource.waiting, row) < most);
    let up_to = if most > 1.0 && varies { "up to " } else { "" };
    let in_some = in_some_runs(&resource.waiting, rows);
    format!("{up_to}{} missing{in_some}", things(most.ceil(), "instance"))
}

/// ` to m5.large`, where instances become another type.
fn type_of(about: &Full<'_>, time_s: f64) -> String {
    match about.resource.of {
        Resource::TakenOut { fleet, by: Purpose::Resize } => {
            let settings = about.scene.fleets.get(fleet);
            let to = settings.map(|it| it.hardware_at(Time::from_secs_f64(time_s)).instance.name.as_str());
            to.map_or_else(String::new, |to| format!(" to {to}"))
        }
        _ => String::new(),
    }
}
