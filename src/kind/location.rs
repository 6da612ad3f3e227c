//! `[location.NAME]`: where clients are. In: the Region that is nearest to them. Out: a [`Location`], which knows how far they are from others.

use super::table::{region, region_of};
use crate::catalog::region::Region;
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// A place where clients are.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Name in the file.
    pub name: String,
    /// The AWS Region that is nearest to its clients.
    pub near: Region,
    /// Its country, by two letters of ISO 3166.
    pub country: String,
    /// Its continent, by the two letters that Route 53 has for it.
    pub continent: String,
    /// Round trips to Regions as the file has them.
    round_trips: Vec<(Region, Time)>,
}

/// Continents, by the letters of Route 53.
pub const CONTINENTS: [&str; 7] = ["AF", "AN", "AS", "EU", "NA", "OC", "SA"];

/// The language of a location.
pub const SHAPE: Shape = Shape {
    title: "[location.NAME]",
    about: "A place where clients are, for `client.from`: how far they are from each Region, and what DNS and a CDN take them for.",
    keys: &[
        Key::required("near", "code of a Region", "the AWS Region that is nearest to its clients"),
        Key::optional(
            "country",
            "two letters, as in ISO 3166",
            "that of the Region",
            "the country of the location, for DNS records by geolocation",
        ),
        Key::optional(
            "continent",
            "\"AF\", \"AN\", \"AS\", \"EU\", \"NA\", \"OC\" or \"SA\"",
            "that of the Region",
            "the continent of the location, for DNS records by geolocation",
        ),
        Key::optional(
            "round_trips",
            "{ REGION = duration }",
            "as between the nearest Region and that one (cloudping.co, medians between EC2 hosts)",
            "network round trip to a Region, beside the `round_trip` of the client",
        ),
    ],
};

impl Location {
    /// Reads a location.
    pub(crate) fn read(name: &str, reader: &Reader) -> Location {
        // After a problem any Region will do.
        let near = reader.must("near", region, Region::ANY);
        let continents = CONTINENTS.map(|it| (it, it));
        Location {
            name: name.to_owned(),
            near,
            country: reader.or("country", country, near.country().to_owned()),
            continent: reader.or("continent", |value| value.choice(&continents), near.continent()).to_owned(),
            round_trips: reader.maybe("round_trips", round_trips).unwrap_or_default(),
        }
    }

    /// One of which the file says no more than the nearest Region.
    #[cfg(test)]
    pub(crate) fn near(near: Region) -> Location {
        let [country, continent] = [near.country(), near.continent()].map(str::to_owned);
        Location { name: near.code().to_owned(), near, country, continent, round_trips: Vec::new() }
    }

    /// Network round trip between its clients and a Region, beside that of their own access.
    pub fn round_trip(&self, to: Region) -> Time {
        let given = self.round_trips.iter().find(|(region, _)| *region == to);
        given.map_or_else(|| self.near.round_trip(to), |(_, time)| *time)
    }
}

/// Reads a country by its two letters.
pub(crate) fn country(value: Value) -> Option<String> {
    let text = value.text()?;
    if text.len() != 2 || !text.bytes().all(|it| it.is_ascii_uppercase()) {
        value.problem(format!("`{text}` is no country"), "write its two letters, such as \"KR\"");
        return None;
    }
    Some(text.to_owned())
}

fn round_trips(value: Value) -> Option<Vec<(Region, Time)>> {
    let mut found = Vec::new();
    for (name, value) in value.entries("\"us-east-1\" = \"180ms\"", Region::all().count())? {
        let region = region_of(value.cx, &name.span, name.text);
        found.extend(region.and_then(|region| Some((region, value.time()?))));
    }
    Some(found)
}
