//! The top level of the file: the run itself, and the named tables in an order in which each finds what it names.
//!
//! In: the reader of the whole file. Out: a [`Scenario`], with problems where its parts do not fit together.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use toml::de::DeValue;

use super::Scenario;
use super::availability::{self, Counting};
use super::billing::{self, Billing, Prices};
use super::client::{self, Client};
use super::instead;
use super::objective::{self, Objective};
use super::plan::{self, Plan};
use super::request::scope::Scope;
use super::request::{Class, OwnPath, Target, language as request};
use super::runs;
use super::traffic::{self, Source};
use super::users::{self, Users};
use crate::catalog::region::Region;
use crate::cost::prices::OwnPrices;
use crate::id::Kind;
use crate::kind;
use crate::kind::code::Code;
use crate::kind::keys::{self, Populations};
use crate::kind::location::{self, Location};
use crate::kind::policy::Policies;
use crate::kind::resilience::language::Resilience;
use crate::kind::table::{self, NAMED};
use crate::language::calendar::{self, Calendar};
use crate::language::extended::{EXTENDS, WITHOUT};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::number::counted;
use crate::units::Time;

/// Region whose prices apply: us-east-1.
pub const REGION: Given<&str> =
    Given::new("us-east-1", "assumption: the region that AWS's own examples use most");
/// Start of the percentiles: at once.
pub const WARMUP: Given<Time> = Given::new(Time::ZERO, "assumption: an event begins with the run");
/// Seed: 1.
pub const SEED: Given<u64> = Given::new(1, "assumption: a fixed seed, so that a run repeats itself");
/// Longest run: a leap year.
const DURATION_MAX: Time = Time::from_secs(366 * 86_400);
/// Rows of a timeline with the default bucket, at most.
const ROWS: u64 = 1_440;
/// Most paths that are left out.
const WITHOUT_MAX: usize = 1_000;
/// Most price lists.
const PRICE_LISTS_MAX: usize = 20;
/// Most prices of a file.
const PRICES_MAX: usize = 10_000;
/// Rows of the timeline times resources; a wider bucket costs less.
const CELLS_MAX: u64 = 5_000_000;

/// The language of the top level.
pub const SHAPE: Shape = Shape { title: "scenario", about: "The top level of the file.", keys: &KEYS };

/// The keys of the top level, among them one for the tables of each kind.
const KEYS: [Key; HEAD.len() + kind::TABLES.len() + TAIL.len()] = {
    let mut keys = [HEAD[0]; HEAD.len() + kind::TABLES.len() + TAIL.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = match at {
            _ if at < HEAD.len() => HEAD[at],
            _ if at - HEAD.len() < kind::TABLES.len() => kind::TABLES[at - HEAD.len()].key,
            _ => TAIL[at - HEAD.len() - kind::TABLES.len()],
        };
        at += 1;
    }
    keys
};

const HEAD: [Key; 14] = [
    Key::optional(
        "extends",
        "name of a file, such as \"base.toml\"",
        "none",
        "the scenario that this one changes: tables of both are put together, and other values replaced; `steps.0.cpu` replaces a value in an item of a list; the file is looked for in the folder of this one",
    ),
    Key::optional(
        "without",
        "path of a table or a key, such as \"fleet.web\", or an array of them",
        "none",
        "what of that scenario is left out first, so that this file can write it anew or do without",
    ),
    Key::optional("name", "text", "the name of the file", "title for people"),
    Key::given(
        "region",
        "code of an AWS Region, such as \"ap-northeast-2\"",
        || REGION.show(),
        "where everything is, and whose prices apply; the program has those of ap-northeast-2 and us-east-1, and `price_list` brings others",
    ),
    Key::required("duration", "duration, up to 366 days", "simulated span"),
    Key::optional(
        "starts",
        "date and time with an offset, such as \"2026-11-27T09:00:00+09:00\"",
        "none",
        "date at which the run starts, for scheduled actions by `cron`",
    ),
    Key::optional(
        "bucket",
        "duration",
        "`\"1s\"` below 10 min, else a 1,440th of the duration, rounded up to 1, 2, 5, 10, 15, 30 s or whole minutes (assumption: fine enough for what is sudden, few enough to chart)",
        "width of a row of the timeline",
    ),
    Key::given(
        "warmup",
        "duration",
        || WARMUP.show(),
        "requests that arrive before it are left out of the percentiles",
    ),
    Key::given(
        "seed",
        "whole number",
        || SEED.show(),
        "seed of the random numbers, if the command line gives none; each purpose has a stream of its own, named after its \
         source, class or resource, so another name is another draw",
    ),
    Key::optional(
        "runs",
        "whole number from 1 to 1000",
        runs::WORDS,
        "runs with different seeds, merged into one outcome with intervals, if the command line gives none",
    ),
    Key::optional(
        "traffic",
        NAMED,
        "none",
        "open sources of requests; the file has an open source or `users`, or both",
    ),
    Key::optional("users", NAMED, "none", "closed populations of users"),
    Key::optional(
        "client",
        "table",
        "clients that never give up (assumption: a limit is to be said, since browsers and programs differ)",
        "what people and their apps do when it is slow",
    ),
    Key::optional("request", NAMED, "", "request classes; at least one"),
];

const TAIL: [Key; 11] = [
    Key::optional("account", "table", "as in [account]", "quotas of the account"),
    Key::optional(
        "instead",
        "{ REGION = { NAME = name } }",
        "none",
        "what steps inside of a tier in a Region use in place of what they name: one request runs in two Regions",
    ),
    Key::optional("keys", NAMED, "none", "populations of keys or rows"),
    Key::optional("location", NAMED, "none", "places where clients are"),
    Key::optional("objectives", "table", "none", "bounds on the outcome"),
    Key::optional("availability", "table", "as in [availability]", "how availability is counted by time"),
    Key::optional("plan", "table", "none", "what `simcap plan` may choose from"),
    Key::optional(
        "allow",
        "name of a warning, or an array of them",
        "none",
        "warnings that are known and accepted: nothing more is said of them",
    ),
    Key::optional(
        "price_list",
        "name of a file, or an array of them",
        "none",
        "prices as `simcap prices` writes them, which replace those of the program and are those of Regions that it does not know; of several files the last one with a price counts",
    ),
    Key::optional(
        "bill",
        "table",
        "everything is on demand (assumption: who has agreed on something else says it)",
        "how the account pays, and what an order is worth",
    ),
    Key::optional(
        "prices",
        "{ \"SERVICE/SKU\" = number }",
        "the price list of the region",
        "prices that replace those of the list, in US dollars per unit, for example \"EC2/m6i.large\" = 0.118; with the code of a Region before it, \"us-east-1/EC2/m6i.large\" = 0.096, one is for that Region alone",
    ),
];

/// A date with a time and an offset, between quotes or not.
fn date(value: Value) -> Option<Timestamp> {
    let text = match value.value {
        DeValue::Datetime(date) => date.to_string(),
        _ => value.text()?.to_owned(),
    };
    let date = calendar::date(&text);
    if date.is_none() {
        value.problem(
            format!("`{text}` is not a date with a time and an offset"),
            "write \"2026-11-27T00:00:00Z\", or \"2026-11-27T09:00:00+09:00\" for a clock nine hours ahead of UTC",
        );
    }
    date
}

/// What the file extends is part of the tree already; what it says of that is checked.
fn of_extended(reader: &Reader) {
    let base = reader.maybe(EXTENDS, Value::text);
    let without = reader.maybe(WITHOUT, |value| {
        let all = value.one_or_more(WITHOUT_MAX)?;
        all.into_iter().for_each(|it| {
            it.text();
        });
        Some(value)
    });
    if let Some(value) = without.filter(|_| base.is_none()) {
        value.problem("this file extends no other one", "write `extends = \"FILE\"`, or remove it");
    }
}

/// Reads the whole file.
pub(super) fn scenario(file_name: &str, reader: &Reader) -> Scenario {
    of_extended(reader);
    let stem = Path::new(file_name).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let at_least = Time::from_millis(1);
    let duration =
        reader.must("duration", |value| value.time_within(at_least..=DURATION_MAX), Time::from_secs(3_600));

    if let Some(value) = reader.get("starts") {
        // After a problem any date will do, so that there is not one more for each `cron`. No reader has set it before.
        let starts = date(value).unwrap_or(Timestamp::UNIX_EPOCH);
        let _ = reader.cx.calendar.set(Calendar { starts, duration });
    }
    let bucket = reader.or("bucket", |value| bucket(value, duration), default_bucket(duration));

    let mut populations = Populations::default();
    reader.tables(Kind::Keys, &keys::SHAPE, |name, reader| {
        keys::named(name, reader, &mut populations);
    });
    let populations = RefCell::new(populations);
    let locations = reader.tables(Kind::Location, &location::SHAPE, Location::read);
    let mut written = Vec::new();
    let region = reader.maybe("region", table::region).map_or(REGION.value, Region::code);
    let mut kinds = kind::Settings::read(reader, &mut written, Region::of(region));
    let policies = RefCell::new(Policies::new(kinds.resiliences.len()));
    let instead = instead::read(reader);
    let scope = Scope::new(reader.cx, &kinds, &populations, &policies, duration, &instead);
    let classes: Vec<Class> =
        reader.tables(Kind::Class, &request::SHAPE, |name, reader| Class::read(name, reader, &scope));
    let paths = written.into_iter().map(|(of, written)| OwnPath::read(of, written, &scope)).collect();
    kinds.resiliences.extend(policies.into_inner().into_in_place().into_iter().map(Resilience::from));
    for target in classes.iter().flat_map(Class::faces) {
        if let Target::Balancer(id) = target
            && let Some(balancer) = kinds.balancers.get(id.index())
        {
            let outer = balancer.root(id.index());
            let groups = kinds.balancers.iter_mut().enumerate();
            groups.filter(|(index, it)| it.root(*index) == outer).for_each(|(_, it)| it.enter());
        }
    }
    let client = reader
        .maybe("client", |value| {
            value.table(&client::SHAPE, |reader| Client::read(reader, &Client::default()))
        })
        .unwrap_or_default();

    let open = reader
        .tables(Kind::Traffic, &traffic::SHAPE, |name, reader| Source::read(name, reader, &client, duration));
    let mut before = 0;
    let closed = reader.tables(Kind::Users, &users::SHAPE, |name, reader| {
        Source::closed(name, reader, &client, Users::read(reader, &mut before))
    });
    let sources: Vec<Source> = open.into_iter().chain(closed).collect();

    let objectives = reader.maybe("objectives", |value| {
        value.table(&objective::SHAPE, |reader| Objective::read_all(reader, bucket, &kinds))
    });

    let counting = |value: Value| value.table(&availability::SHAPE, |reader| Counting::read(reader, bucket));

    let prices = OwnPrices {
        given: reader.maybe("prices", prices).unwrap_or_default(),
        ..reader.maybe("price_list", price_lists).unwrap_or_default()
    };
    let priced = Prices { region, own: &prices };
    let billing = reader
        .maybe("bill", |value| {
            value.table(&billing::SHAPE, |reader| Billing::read(reader, duration, &priced))
        })
        .unwrap_or_default();

    Scenario {
        name: reader.or("name", |value| value.text().map(str::to_owned), stem.to_owned()),
        slug: slug(stem),
        region: region.to_owned(),
        duration,
        bucket,
        starts: reader.cx.calendar.get().map(|calendar| calendar.starts),
        warmup: reader.or("warmup", |value| warmup(value, duration), WARMUP.value),
        seed: reader.or("seed", |value| value.whole(0..=u64::MAX), SEED.value),
        runs: reader.or(
            "runs",
            |value| value.count(1..=runs::RUNS_MAX),
            runs::by_traffic(&sources, duration),
        ),
        sources,
        classes,
        kinds,
        paths,
        key_spaces: populations.into_inner().into_spaces(),
        locations,
        objectives: objectives.unwrap_or_default(),
        availability: reader.or("availability", counting, Counting::usual(bucket)),
        plan: reader.maybe("plan", |value| value.table(&plan::SHAPE, Plan::read)).unwrap_or_default(),
        allow: reader.maybe("allow", Code::read_all).unwrap_or_default(),
        prices: billing.with_rates(prices),
        billing,
    }
}

/// What only the whole scenario shows.
pub(super) fn whole(cx: &Context, scenario: &Scenario) {
    traffic::some(cx, &scenario.sources);
    let rows = scenario.duration.0.div_ceil(scenario.bucket.0.max(1));
    let resources: usize = Kind::ALL.iter().map(|kind| cx.names.count(*kind)).sum();
    if rows.saturating_mul(resources.max(1) as u64) > CELLS_MAX {
        let problem = Problem::of_file(format!(
            "a timeline of {} for {} is too large",
            counted(rows, "row"),
            counted(resources as u64, "resource")
        ));
        cx.push(problem.hint("widen `bucket`, or shorten `duration`"));
    }
    scenario.kinds.check(cx);
}

/// A folder name made of a file name.
fn slug(stem: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let slug: String = stem.chars().map(plain).collect();
    match slug.trim_matches('.').is_empty() {
        true => "scenario".to_owned(),
        false => slug,
    }
}

fn default_bucket(duration: Time) -> Time {
    if duration < Time::from_secs(600) {
        return Time::from_secs(1);
    }
    let secs = duration.0.div_ceil(ROWS * 1_000_000_000);
    let round = [1, 2, 5, 10, 15, 30].into_iter().find(|round| *round >= secs);
    Time::from_secs(round.unwrap_or(secs.div_ceil(60) * 60))
}

fn bucket(value: Value, duration: Time) -> Option<Time> {
    if value.is_table() {
        value.problem("`bucket` is the width of a row of the timeline", "an S3 bucket is an [s3.NAME]");
        return None;
    }
    let bucket = value.time_within(Time::from_millis(10)..=Time::from_secs(86_400))?;
    if bucket > duration {
        value.problem(
            format!("a bucket of {bucket} in a run of {duration}"),
            "shorten it to the duration or less",
        );
        return None;
    }
    Some(bucket)
}

fn warmup(value: Value, duration: Time) -> Option<Time> {
    let warmup = value.time()?;
    if warmup >= duration {
        value.problem(
            format!("a warm-up of {warmup} in a run of {duration} leaves nothing to measure"),
            "shorten it, or lengthen `duration`",
        );
        return None;
    }
    Some(warmup)
}

/// The prices of files, each over those before it.
fn price_lists(value: Value) -> Option<OwnPrices> {
    let mut all = OwnPrices::default();
    for file in value.one_or_more(PRICE_LISTS_MAX)? {
        let name = file.text()?;
        let text = file.accept(file.cx.recordings.text(name))?;
        if let Err(error) = all.add_list(&text) {
            let hint = "a price list has the columns service,region,sku,unit,usd,date,source";
            file.problem(format!("`{name}` is no price list: {error}"), hint);
        }
    }
    Some(all)
}

fn prices(value: Value) -> Option<BTreeMap<String, f64>> {
    let entries = value.entries("\"EC2/m6i.large\" = 0.118", PRICES_MAX)?;
    let mut prices = BTreeMap::new();
    for (name, value) in entries {
        if name.text.split_once('/').is_none_or(|(service, sku)| service.is_empty() || sku.is_empty()) {
            let problem = Problem::at(&name.span, format!("`{}` is not the name of a price", name.text));
            value.cx.push(problem.hint("write service and sku: \"EC2/m6i.large\" = 0.118"));
        }
        if let Some(price) = value.number(0.0..=1e9) {
            prices.insert(name.text.to_owned(), price);
        }
    }
    Some(prices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_a_round_number_of_seconds() {
        let bucket = |secs| default_bucket(Time::from_secs(secs)).to_string();
        assert_eq!(bucket(5), "1s");
        assert_eq!(bucket(599), "1s");
        assert_eq!(bucket(3_600), "5s");
        assert_eq!(bucket(4 * 3_600), "10s");
        assert_eq!(bucket(86_400), "1m");
        assert_eq!(bucket(31 * 86_400), "31m");
    }

    #[test]
    fn a_slug_is_a_folder_name() {
        assert_eq!(slug("black-friday"), "black-friday");
        assert_eq!(slug("a b/c"), "a-b-c");
        assert_eq!(slug(".."), "scenario");
        assert_eq!(slug(""), "scenario");
    }
}
