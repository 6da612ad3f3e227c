//! What stands before balancers and functions. In: APIs of API Gateway, distributions of CloudFront, names of Route 53. Out: their
//! tables, with what each sends requests to.

use std::collections::BTreeSet;

use super::draft::{Draft, Front, Onward, Store, duration, seconds};
use super::resource::View;
use super::table::{Item, Table};

/// Adds APIs, then distributions, which may have them as origins.
pub fn read(draft: &mut Draft<'_>) {
    apis(draft);
    distributions(draft);
}

/// The name of what requests can enter by, among these resources.
pub fn entrance(draft: &Draft<'_>, refs: &BTreeSet<usize>) -> Option<String> {
    let front = draft.fronts.iter().find(|it| !it.parts.is_disjoint(refs)).map(|it| it.table.name());
    let balancer =
        || refs.iter().find_map(|at| draft.balancer_of(*at)).map(|at| draft.balancers[at].table.name());
    let function =
        || refs.iter().find_map(|at| draft.function_of(*at)).map(|at| draft.functions[at].table.name());
    let fleet = || refs.iter().find_map(|at| draft.fleet_of(*at)).map(|at| draft.fleets[at].table.name());
    let bucket = || draft.store_of(refs, "s3").map(|at| draft.stores[at].table.name());
    front.or_else(balancer).or_else(function).or_else(fleet).or_else(bucket).map(str::to_owned)
}

/// The same without buckets, which an API does not have behind it.
fn behind_api(draft: &Draft<'_>, refs: &BTreeSet<usize>) -> Option<String> {
    let name = entrance(draft, refs)?;
    let bucket = draft.stores.iter().any(|store| store.table.name() == name);
    (!bucket).then_some(name)
}

const API: &[&str] = &["aws_api_gateway_rest_api", "aws_apigatewayv2_api"];

fn apis(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, api) in world.of(API) {
        let view = api.view();
        if view.text(&["protocol_type"]) == Some("WEBSOCKET") {
            draft.remark(i, "an API of WebSockets, which the language does not have");
            continue;
        }
        let http = api.kind == API[1];
        let mut targets: Vec<String> = Vec::new();
        let mut parts = BTreeSet::from([i]);
        for (at, part) in world.of(&["aws_api_gateway_integration", "aws_apigatewayv2_integration"]) {
            if !world.linked(part.view(), &["rest_api_id", "api_id"], API).contains(&i) {
                continue;
            }
            let inner = part.view().block(&["integration"]).unwrap_or(part.view());
            let uri =
                inner.get(&["uri", "integration_uri"]).map(|value| world.refs(value)).unwrap_or_default();
            targets.extend(behind_api(draft, &uri));
            parts.insert(at);
        }
        // SAM and OpenAPI: functions say by which API they are reached, or the API has them in its body.
        for function in &draft.functions {
            let own = function.parts.first().and_then(|at| world.resources[*at].values.get("events"));
            if own.is_some_and(|events| by_api(draft, events, i, http)) {
                targets.push(function.table.name().to_owned());
            }
        }
        if let Some(body) = view.get(&["body", "definition_body"]) {
            let refs = world.refs(body);
            targets.extend(
                draft
                    .functions
                    .iter()
                    .filter(|it| !it.parts.is_disjoint(&refs))
                    .map(|it| it.table.name().to_owned()),
            );
        }
        // The quick create of an HTTP API names what is behind it in the API itself.
        if let Some(target) = view.get(&["target"]).filter(|_| http) {
            targets.extend(behind_api(draft, &world.refs(target)));
        }
        let mut seen = BTreeSet::new();
        targets.retain(|name| seen.insert(name.clone()));
        if targets.is_empty() {
            let reach = world.reach(&parts.iter().copied().collect::<Vec<_>>());
            let own =
                |it: &Store| matches!(it.table.kind(), "queue" | "topic" | "stream" | "dynamodb" | "s3");
            let stores = draft.stores.iter().enumerate();
            let direct: Vec<usize> =
                stores.filter(|(_, it)| own(it) && !it.parts.is_disjoint(&reach)).map(|(at, _)| at).collect();
            match direct.is_empty() {
                true => draft.remark(i, "nothing was found behind this API that the language has"),
                false => draft.remark(
                    i,
                    "it calls another service by itself: its own time and limits are not in the class",
                ),
            }
            draft.direct.extend(direct);
            continue;
        }
        // An API of the language has one function behind it, so each function gets one.
        for (at, target) in targets.iter().enumerate() {
            let mut table = draft.table("api", i);
            if http {
                table.set("kind", "http");
            }
            table.set("integration", target.as_str());
            if at > 0 {
                table.note("the same API: in the language each has one thing behind it");
            }
            stages(draft, i, &mut table, &mut parts);
            for part in &parts {
                draft.part(*part, &table);
            }
            let own = if at == 0 { parts.clone() } else { BTreeSet::new() };
            draft.fronts.push(Front { table, parts: own, to: vec![Onward::all(target)] });
        }
    }
    implicit(draft);
}

/// Whether an event of a function comes by this API; one that names none comes by the only one.
fn by_api(draft: &Draft<'_>, events: &serde_json::Value, api: usize, http: bool) -> bool {
    let kind = if http { "HttpApi" } else { "Api" };
    super::resource::entries(Some(events)).into_values().map(View::of).any(|event| {
        let properties = event.block(&["properties"]);
        let named = properties.and_then(|it| it.get(&["rest_api_id", "api_id"]));
        event.text(&["type"]) == Some(kind)
            && named.is_some_and(|value| draft.world.refs(value).contains(&api))
    })
}

/// The API that SAM makes where functions name none.
fn implicit(draft: &mut Draft<'_>) {
    let world = draft.world;
    for at in 0..draft.functions.len() {
        let Some(&first) = draft.functions[at].parts.first() else { continue };
        let Some(events) = world.resources[first].values.get("events") else { continue };
        let kinds: Vec<&str> = super::resource::entries(Some(events))
            .into_values()
            .filter(|event| {
                let named =
                    View::of(event).block(&["properties"]).and_then(|it| it.get(&["rest_api_id", "api_id"]));
                named.is_none_or(|value| world.refs(value).is_empty())
            })
            .filter_map(|event| View::of(event).text(&["type"]))
            .filter(|kind| matches!(*kind, "Api" | "HttpApi"))
            .collect();
        let Some(kind) = kinds.first() else { continue };
        let became = draft.became.get(&first).cloned();
        let mut table = draft.table("api", first);
        draft.became.extend(became.map(|became| (first, became)));
        if *kind == "HttpApi" {
            table.set("kind", "http");
        }
        let target = draft.functions[at].table.name().to_owned();
        table.set("integration", target.as_str());
        draft.fronts.push(Front { table, parts: BTreeSet::new(), to: vec![Onward::all(&target)] });
    }
}

/// The throttle and the cache of the stage.
fn stages(draft: &mut Draft<'_>, api: usize, table: &mut Table, parts: &mut BTreeSet<usize>) {
    let world = draft.world;
    let kinds = ["aws_api_gateway_stage", "aws_apigatewayv2_stage", "aws_api_gateway_method_settings"];
    let mut settings: Vec<View<'_>> = Vec::new();
    for (i, stage) in world.of(&kinds) {
        let view = stage.view();
        if world.linked(view, &["rest_api_id", "api_id"], API).contains(&api) {
            parts.insert(i);
            settings.push(view);
            settings.extend(view.blocks(&["settings", "method_settings", "default_route_settings"]));
        }
    }
    let first = |names: &[&str]| settings.iter().find_map(|view| view.number(names)).filter(|it| *it >= 1.0);
    let rate = first(&["throttling_rate_limit"]);
    let burst = first(&["throttling_burst_limit"]);
    let stated = |names: &[&str]| settings.iter().any(|view| view.number(names).is_some_and(|it| it >= 0.0));
    let half = rate.is_none() || burst.is_none();
    if half && (stated(&["throttling_rate_limit"]) || stated(&["throttling_burst_limit"])) {
        table.note("throttle: left out, for the language takes a rate and a burst of at least 1 each");
    }
    if let (Some(rate), Some(burst)) = (rate, burst) {
        let item = Item::table([("rate", format!("{rate}/s").into()), ("burst", (burst as u64).into())]);
        table.set("throttle", item);
    }
    let on = settings.iter().any(|view| view.flag(&["cache_cluster_enabled"]) == Some(true));
    let size = first(&["cache_cluster_size"]).or_else(|| {
        settings.iter().find_map(|view| view.number(&["cache_cluster_size"])).filter(|size| *size == 0.5)
    });
    const SIZES: [f64; 8] = [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118.0, 237.0];
    if let Some(size) = size.filter(|size| on && SIZES.contains(size) && !table.has("kind")) {
        table.set("cache", Item::table([("size", size.into())]));
    }
}

fn distributions(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, it) in world.of(&["aws_cloudfront_distribution"]) {
        let view = it.view().block(&["distribution_config"]).unwrap_or(it.view());
        let mut origins: Vec<(String, String)> = Vec::new();
        let mut timing: Option<View<'_>> = None;
        for origin in view.blocks(&["origin", "origins"]) {
            let refs = world.refs(origin.value());
            let Some(target) = entrance(draft, &refs) else { continue };
            let id = origin.get(&["origin_id", "id"]).and_then(|id| id.as_str()).unwrap_or_default();
            origins.push((id.to_owned(), target));
            timing = timing.or(origin.block(&["custom_origin_config"]));
        }
        let default = view.block(&["default_cache_behavior"]);
        let find = |behaviour: View<'_>| {
            let id = behaviour.get(&["target_origin_id"])?.as_str()?;
            let own = origins.iter().find(|(other, _)| other == id).map(|(_, target)| target.clone());
            own.or_else(|| {
                group(view, id)
                    .and_then(|id| origins.iter().find(|(other, _)| *other == id))
                    .map(|it| it.1.clone())
            })
        };
        let guessed = || Some(origins.first()?.1.clone());
        let Some(target) = default.and_then(find).or_else(guessed) else {
            draft.remark(i, "no origin of this distribution was found that the language has");
            continue;
        };
        let mut table = draft.table("distribution", i);
        let (item, kept) = behaviour(draft, default, Item::table([("origin", target.as_str().into())]));
        let mut to = vec![Onward { kept, ..Onward::all(&target) }];
        table.set("default", item);
        let mut list = Vec::new();
        for entry in view.blocks(&["ordered_cache_behavior", "cache_behaviors"]) {
            let path = entry.text(&["path_pattern"]).filter(|path| path.len() < 128 && path.is_ascii());
            let (Some(path), Some(origin)) = (path, find(entry)) else {
                table.note("a behaviour whose path or origin was not found");
                continue;
            };
            let path = if path.starts_with(['/', '*']) { path.to_owned() } else { format!("/{path}") };
            let item = Item::table([("path", path.as_str().into()), ("origin", origin.as_str().into())]);
            let (item, kept) = behaviour(draft, Some(entry), item);
            list.push((item, None));
            to.push(Onward { path: Some(path), to: origin, kept });
        }
        if !list.is_empty() {
            table.lines("behaviours", list);
        }
        if let Some(timing) = timing {
            let keep = timing.number(&["origin_keepalive_timeout"]);
            duration(&mut table, "keep_alive", keep, 0.0, 120.0);
            duration(&mut table, "response_timeout", timing.number(&["origin_read_timeout"]), 1.0, 120.0);
        }
        draft.fronts.push(Front { table, parts: BTreeSet::from([i]), to });
    }
}

/// The first member of an origin group.
fn group(view: View<'_>, id: &str) -> Option<String> {
    let groups = view.blocks(&["origin_group", "origin_groups"]);
    let mut items = groups.iter().flat_map(|it| it.blocks(&["items"])).chain(groups.iter().copied());
    let own = items.find(|it| it.get(&["origin_id", "id"]).and_then(|own| own.as_str()) == Some(id))?;
    let members = own.block(&["members"]).map_or_else(|| own.blocks(&["member"]), |it| it.blocks(&["items"]));
    Some(members.first()?.get(&["origin_id"])?.as_str()?.to_owned())
}

/// A behaviour with its times to live, and whether it keeps anything.
fn behaviour(draft: &mut Draft<'_>, view: Option<View<'_>>, item: Item) -> (Item, bool) {
    // The policies that AWS manages, by their ids.
    const DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
    let Some(view) = view else { return (item, true) };
    let policy = view.text(&["cache_policy_id"]);
    if policy == Some(DISABLED) {
        return (item.with("ttl", "0s"), false);
    }
    let world = draft.world;
    let own = world.linked(view, &["cache_policy_id"], &["aws_cloudfront_cache_policy"]).first().copied();
    if let Some(at) = own {
        draft.became.insert(at, "times of a distribution".to_owned());
    }
    let settings = own.map(|at| world.resources[at].view());
    let view = settings.map_or(view, |it| it.block(&["cache_policy_config"]).unwrap_or(it));
    let stated = |names: &[&str]| view.number(names).filter(|it| (0.0..=31_536_000.0).contains(it));
    let (min, usual, max) = (stated(&["min_ttl"]), stated(&["default_ttl"]), stated(&["max_ttl"]));
    if (policy.is_some() && own.is_none()) || (min.is_none() && usual.is_none() && max.is_none()) {
        return (item, true);
    }
    let max = max.unwrap_or(31_536_000.0).max(min.unwrap_or(0.0));
    let usual = usual.unwrap_or(86_400.0).clamp(min.unwrap_or(0.0), max);
    if max == 0.0 {
        return (item.with("ttl", "0s"), false);
    }
    let ttl = Item::table([
        ("min", seconds(min.unwrap_or(0.0)).into()),
        ("default", seconds(usual).into()),
        ("max", seconds(max).into()),
    ]);
    (item.with("ttl", ttl), true)
}
