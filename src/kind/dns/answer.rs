//! How a lookup is answered. In: a policy, the records, and where the client is. Out: the values of the answer.
//!
//! Where no record of a group is healthy, all count as healthy. (Route 53 developer guide, how Amazon Route 53 chooses records when health checking is
//! configured.)

use super::language::records::Place;
use super::language::{Dns, Policy};
use super::shown::Shown;
use crate::catalog::region::Region;
use crate::dist::below;
use crate::flow::NONE;
use crate::kind::location::Location;
use crate::rng::Stream;
use crate::units::Time;

/// Most values of a multivalue answer. Source: Route 53 developer guide, multivalue answer routing.
pub(super) const VALUES_MAX: usize = 8;

/// One value of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// The record that it is of.
    pub record: u8,
    /// The address, by its number; [`NONE`] where the record leads to no fleet.
    pub address: u32,
}

/// Where the client is that asks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Client<'l> {
    /// At a location.
    At(&'l Location),
    /// Near to a Region, as far as anybody knows.
    Near(Option<Region>),
}

impl Client<'_> {
    fn round_trip(&self, to: Region) -> Time {
        match self {
            Client::At(location) => location.round_trip(to),
            Client::Near(region) => region.map_or(Time::ZERO, |own| own.round_trip(to)),
        }
    }
}

/// The values of an answer; none if no record is for the client.
pub(super) fn values(settings: &Dns, shown: &[Shown], client: Client, stream: &mut Stream) -> Vec<Value> {
    let there: Vec<usize> = (0..shown.len()).filter(|&record| shown[record].is_there()).collect();
    match settings.policy {
        Policy::Simple => there.iter().flat_map(|&record| of_record(shown, record)).collect(),
        Policy::Multivalue => several(shown, &there, stream),
        _ => record(settings, shown, &there, client, stream).map_or_else(Vec::new, |it| of_record(shown, it)),
    }
}

/// All values of a record.
fn of_record(shown: &[Shown], record: usize) -> Vec<Value> {
    let number = record as u8;
    match &shown[record].addresses {
        Some(all) => all.iter().map(|(address, _)| Value { record: number, address: *address }).collect(),
        None => vec![Value { record: number, address: NONE }],
    }
}

/// The record by which a client is answered.
fn record(
    settings: &Dns,
    shown: &[Shown],
    there: &[usize],
    client: Client,
    stream: &mut Stream,
) -> Option<usize> {
    let healthy = |of: &[usize]| -> Vec<usize> {
        let some: Vec<usize> = of.iter().copied().filter(|&it| shown[it].healthy).collect();
        if some.is_empty() { of.to_vec() } else { some }
    };
    match settings.policy {
        Policy::Weighted => weighted(shown, there, stream),
        Policy::Failover => {
            let primary = |of: &[usize]| of.iter().copied().find(|&it| settings.records[it].primary);
            let good = healthy(there);
            primary(&good).or_else(|| good.first().copied())
        }
        Policy::Latency => {
            let far = |it: &usize| match &settings.records[*it].place {
                Some(Place::Region(region)) => client.round_trip(*region),
                _ => Time::ZERO,
            };
            healthy(there).into_iter().min_by_key(far)
        }
        Policy::Geolocation => {
            let fits = |it: usize| fit(settings.records[it].place.as_ref(), client);
            let own: Vec<usize> = there.iter().copied().filter(|&it| fits(it) > 0).collect();
            // The most specific one that is healthy.
            healthy(&own).into_iter().max_by_key(|&it| fits(it))
        }
        Policy::Simple | Policy::Multivalue => None,
    }
}

/// How well a place fits a client: 0 not at all.
fn fit(place: Option<&Place>, client: Client) -> u8 {
    let location = match client {
        Client::At(location) => Some(location),
        Client::Near(_) => None,
    };
    match place {
        Some(Place::Country(country)) => 3 * u8::from(location.is_some_and(|it| it.country == *country)),
        Some(Place::Continent(continent)) => {
            2 * u8::from(location.is_some_and(|it| it.continent == *continent))
        }
        Some(Place::Default) => 1,
        Some(Place::Region(_)) | None => 0,
    }
}

/// By weight. Records of no weight are considered only if all others are unhealthy, and then alike; if none is healthy at all, those with a
/// weight are. Where all have none, they are equal.
fn weighted(shown: &[Shown], there: &[usize], stream: &mut Stream) -> Option<usize> {
    let (some, none): (Vec<usize>, Vec<usize>) =
        there.iter().copied().partition(|&it| shown[it].switch.weight > 0);
    let healthy =
        |of: &[usize]| -> Vec<usize> { of.iter().copied().filter(|&it| shown[it].healthy).collect() };
    let among = match (healthy(&some), healthy(&none)) {
        (good, _) if !good.is_empty() => good,
        (_, good) if !good.is_empty() => good,
        _ if some.is_empty() => none,
        _ => some,
    };
    let weight = |it: usize| u64::from(shown[it].switch.weight);
    let sum: u64 = among.iter().map(|&it| weight(it)).sum();
    if sum == 0 {
        return among.get(below(stream, among.len() as u64) as usize).copied();
    }
    let mut rest = below(stream, sum);
    among.into_iter().find(|&it| match rest.checked_sub(weight(it)) {
        Some(less) => {
            rest = less;
            false
        }
        None => true,
    })
}

/// Up to eight healthy values of all records, in a random order; of all values if none is healthy.
fn several(shown: &[Shown], there: &[usize], stream: &mut Stream) -> Vec<Value> {
    let all = there.iter().flat_map(|&record| {
        let addresses = shown[record].addresses.iter().flatten();
        addresses.map(move |(address, healthy)| (Value { record: record as u8, address: *address }, *healthy))
    });
    let all: Vec<(Value, bool)> = all.collect();
    let is_any = all.iter().any(|(_, healthy)| *healthy);
    let mut left: Vec<Value> =
        all.into_iter().filter(|(_, healthy)| *healthy || !is_any).map(|(it, _)| it).collect();
    let mut chosen = Vec::new();
    while chosen.len() < VALUES_MAX && !left.is_empty() {
        chosen.push(left.swap_remove(below(stream, left.len() as u64) as usize));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::dns::language::records::{Record, Switch};
    use crate::rng::stream;

    fn dns(policy: Policy, records: Vec<Record>) -> Dns {
        Dns {
            name: "test".into(),
            policy,
            ttl: Time::ZERO,
            records,
            changes: Vec::new(),
            propagation: Time::ZERO,
            resolvers: 1,
            shared: false,
            holds: None,
            fixed: true,
        }
    }

    fn records(places: &[Option<Place>]) -> Vec<Record> {
        let record = |(index, place): (usize, &Option<Place>)| Record {
            place: place.clone(),
            primary: index == 0,
            ..Record::to((crate::id::Kind::Balancer, index))
        };
        places.iter().enumerate().map(record).collect()
    }

    fn shown(weights: &[(u32, bool)]) -> Vec<Shown> {
        let record = |&(weight, healthy): &(u32, bool)| Shown {
            switch: Switch { weight, on: true },
            healthy,
            addresses: None,
        };
        weights.iter().map(record).collect()
    }

    /// How often each record is the answer, of 10,000.
    fn counts(settings: &Dns, shown: &[Shown], client: Client) -> Vec<f64> {
        let (mut stream, mut counts) = (stream(1, "test"), vec![0.0; shown.len()]);
        for _ in 0..10_000 {
            let found = values(settings, shown, client, &mut stream);
            found.iter().for_each(|it| counts[usize::from(it.record)] += 1.0);
        }
        counts
    }

    /// Within four standard deviations.
    fn are(found: &[f64], shares: &[f64]) {
        for (count, share) in found.iter().zip(shares) {
            let deviation = (1e4 * share * (1.0 - share)).sqrt();
            assert!((count - 1e4 * share).abs() <= 4.0 * deviation, "{found:?}, expected {shares:?}");
        }
    }

    const NOWHERE: Client = Client::Near(None);

    #[test]
    fn weights_decide_among_healthy_records() {
        let settings = dns(Policy::Weighted, records(&[None, None, None]));
        let of = |all: &[(u32, bool)]| counts(&settings, &shown(all), NOWHERE);
        are(&of(&[(60, true), (30, true), (10, true)]), &[0.6, 0.3, 0.1]);
        are(&of(&[(60, false), (30, true), (10, true)]), &[0.0, 0.75, 0.25]);
        are(&of(&[(60, true), (0, true), (0, true)]), &[1.0, 0.0, 0.0]);
        let third = 1.0 / 3.0;
        are(&of(&[(0, true), (0, true), (0, true)]), &[third, third, third]);
        // Those of no weight come in when all others are unhealthy, and nobody is left out when all are.
        are(&of(&[(60, false), (0, true), (0, true)]), &[0.0, 0.5, 0.5]);
        are(&of(&[(60, false), (0, false), (20, false)]), &[0.75, 0.0, 0.25]);
    }

    #[test]
    fn failover_goes_to_the_primary_record_unless_only_the_other_is_healthy() {
        let settings = dns(Policy::Failover, records(&[None, None]));
        let of = |all: &[(u32, bool)]| counts(&settings, &shown(all), NOWHERE);
        for (first, second, expected) in
            [(true, true, 0), (false, true, 1), (true, false, 0), (false, false, 0)]
        {
            let found = of(&[(0, first), (0, second)]);
            assert_eq!(found[expected], 1e4, "{first} {second}");
        }
    }

    fn location(near: &str) -> Location {
        Location::near(Region::of(near).unwrap())
    }

    #[test]
    fn the_nearest_healthy_region_answers() {
        let region = |code| Some(Place::Region(Region::of(code).unwrap()));
        let places = [region("us-east-1"), region("ap-northeast-2"), region("eu-west-1")];
        let settings = dns(Policy::Latency, records(&places));
        let tokyo = location("ap-northeast-1");
        // From Tokyo: Seoul 34 ms, Virginia 146 ms, Ireland 201 ms.
        let of = |all: &[(u32, bool)]| counts(&settings, &shown(all), Client::At(&tokyo));
        assert_eq!(of(&[(0, true), (0, true), (0, true)]), [0.0, 1e4, 0.0]);
        assert_eq!(of(&[(0, true), (0, false), (0, true)]), [1e4, 0.0, 0.0]);
        assert_eq!(of(&[(0, false), (0, false), (0, false)]), [0.0, 1e4, 0.0]);
    }

    #[test]
    fn the_most_specific_place_answers() {
        let places =
            [Some(Place::Default), Some(Place::Continent("AS".into())), Some(Place::Country("KR".into()))];
        let settings = dns(Policy::Geolocation, records(&places));
        let all = [(0, true); 3];
        let [seoul, tokyo, paris] = ["ap-northeast-2", "ap-northeast-1", "eu-west-3"].map(location);
        let of = |at: &Location, all: &[(u32, bool)]| counts(&settings, &shown(all), Client::At(at));
        assert_eq!(of(&seoul, &all), [0.0, 0.0, 1e4]);
        assert_eq!(of(&tokyo, &all), [0.0, 1e4, 0.0]);
        assert_eq!(of(&paris, &all), [1e4, 0.0, 0.0]);
        assert_eq!(of(&seoul, &[(0, true), (0, true), (0, false)]), [0.0, 1e4, 0.0]);
        assert_eq!(counts(&settings, &shown(&all), NOWHERE), [1e4, 0.0, 0.0]);
        let without = dns(Policy::Geolocation, records(&places[1..]));
        assert_eq!(counts(&without, &shown(&all[1..]), Client::At(&paris)), [0.0, 0.0], "no answer");
    }

    /// Twelve addresses of which ten are healthy: eight of these, each equally often; with none healthy, eight of all.
    #[test]
    fn a_multivalue_answer_has_up_to_eight_healthy_values() {
        let settings = dns(Policy::Multivalue, records(&[None]));
        let of = |good: u32| {
            let addresses = Some((0..12).map(|it| (it, it < good)).collect());
            [Shown { switch: Switch { weight: 0, on: true }, healthy: true, addresses }]
        };
        for (good, among) in [(10, 10.0), (0, 12.0), (3, 3.0)] {
            let (mut stream, mut counts) = (stream(1, "test"), [0.0f64; 12]);
            for _ in 0..10_000 {
                let found = values(&settings, &of(good), NOWHERE, &mut stream);
                assert_eq!(found.len(), 8.min(among as usize));
                found.iter().for_each(|it| counts[it.address as usize] += 1.0);
            }
            let share: f64 = (8.0_f64 / among).min(1.0);
            let shares: Vec<f64> =
                (0..12).map(|it| if it < good || good == 0 { share } else { 0.0 }).collect();
            are(&counts, &shares);
        }
    }
}
