//! The price list: the AWS price of a unit of each thing, its source and its date.
//!
//! In: `prices.csv` beside this file and the `[prices]` of a scenario. Out: a [`Price`] by service, region and
//! SKU, or the [`Quote`] that applies to one scenario.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::catalog::row;

/// One row of the price list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Price {
    /// AWS service, for example `EC2`.
    pub service: String,
    /// AWS region, for example `ap-northeast-2`.
    pub region: String,
    /// What is sold, for example `m6i.large` or `db.r6g.large/multi-az`.
    pub sku: String,
    /// Unit of the quantity: `hour`, `GB`, `million`.
    pub unit: String,
    /// Price of one unit, US dollars before tax.
    pub usd: f64,
    /// Date in the source, as `YYYY-MM-DD`; absent if the source has none.
    pub date: Option<String>,
    /// The public source.
    pub source: String,
}

/// The newest date in the price list: prices are old by that, or by a newer one.
pub const NEWEST: &str = "2026-11-28";

/// All known prices. A run needs a dozen of more than a thousand, so only their rows are read: to read all took as long as the
/// simulation of thousands of requests.
#[derive(Debug)]
pub struct PriceList {
    /// The row of each `service,region,sku`.
    rows: FxHashMap<&'static str, Row>,
}

/// A row of the file, and what it says once somebody has asked.
#[derive(Debug)]
struct Row {
    text: &'static str,
    price: OnceLock<Option<Price>>,
}

static EMBEDDED: LazyLock<PriceList> = LazyLock::new(|| {
    let lines = include_str!("prices.csv").lines().filter(|line| !line.starts_with('#'));
    // The first line names the columns. What a row is found by has no commas and no quotes.
    let with_key = |line: &'static str| {
        let (end, _) = line.match_indices(',').nth(2)?;
        Some((&line[..end], Row { text: line, price: OnceLock::new() }))
    };
    PriceList { rows: lines.skip(1).filter_map(with_key).collect() }
});

impl PriceList {
    /// The list built into the program.
    pub fn embedded() -> &'static PriceList {
        &EMBEDDED
    }

    /// The price of a SKU in a region.
    pub fn get(&self, service: &str, region: &str, sku: &str) -> Option<&Price> {
        let found = self.rows.get(format!("{service},{region},{sku}").as_str())?;
        found.price.get_or_init(|| row(found.text)).as_ref()
    }

    /// The regions that have prices, in alphabetical order.
    pub fn regions(&self) -> Vec<&str> {
        let mut regions: Vec<&str> = self.rows.keys().filter_map(|key| key.split(',').nth(1)).collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }
}

/// The price of one unit that applies to a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// Price of one unit, US dollars.
    pub usd: f64,
    /// Date of the price, if it has one.
    pub date: Option<String>,
    /// Where it comes from.
    pub source: PriceSource,
}

/// Where a price comes from; in a document, its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(from = "String", into = "String")]
pub enum PriceSource {
    /// A public list, with its date: `AWS Price List, 2026-10-01`.
    List(String),
    /// `[prices]` of the scenario.
    Scenario,
    /// Nowhere: a warning names such items before a run.
    Unknown,
}

impl fmt::Display for PriceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PriceSource::List(source) => source,
            PriceSource::Scenario => "scenario file",
            PriceSource::Unknown => "no price known",
        })
    }
}

impl From<PriceSource> for String {
    fn from(source: PriceSource) -> String {
        source.to_string()
    }
}

impl From<String> for PriceSource {
    fn from(words: String) -> PriceSource {
        let plain = [PriceSource::Scenario, PriceSource::Unknown];
        let found = plain.into_iter().find(|source| source.to_string() == words);
        found.unwrap_or(PriceSource::List(words))
    }
}

/// The prices that a scenario brings with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnPrices {
    /// Those of `[prices]`, by `service/sku`, some with a Region before it.
    pub given: BTreeMap<String, f64>,
    /// Those of the files of `price_list`, by `region/service/sku`.
    pub listed: BTreeMap<String, Price>,
}

impl OwnPrices {
    /// Adds the rows of a price list, which replace those before them. Returns how many there were.
    ///
    /// # Errors
    /// Why it is no price list, with the line.
    pub fn add_list(&mut self, csv: &str) -> Result<usize, String> {
        let mut rows = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(csv.as_bytes());
        let mut count = 0;
        for row in rows.deserialize() {
            let price: Price = row.map_err(|error| error.to_string())?;
            let known = PriceList::embedded();
            let known = ["us-east-1", "ap-northeast-2"]
                .iter()
                .find_map(|it| known.get(&price.service, it, &price.sku));
            if let Some(known) = known.filter(|known| known.unit != price.unit) {
                return Err(format!(
                    "{} of {} is sold by the {}, and not by the {}",
                    price.sku, price.service, known.unit, price.unit
                ));
            }
            if !price.usd.is_finite() || price.usd < 0.0 {
                return Err(format!("a price of {} dollars for {}", price.usd, price.sku));
            }
            self.listed.insert(format!("{}/{}", price.region, key(&price.service, &price.sku)), price);
            count += 1;
        }
        Ok(count)
    }
}

impl<const N: usize> From<[(String, f64); N]> for OwnPrices {
    fn from(given: [(String, f64); N]) -> OwnPrices {
        OwnPrices { given: given.into(), ..OwnPrices::default() }
    }
}

impl FromIterator<(String, f64)> for OwnPrices {
    fn from_iter<I: IntoIterator<Item = (String, f64)>>(given: I) -> OwnPrices {
        OwnPrices { given: given.into_iter().collect(), ..OwnPrices::default() }
    }
}

/// The price that applies in a Region: that of the scenario if it gives one, first of all for this Region, else that of its price lists, else that of the list
/// built into the program.
pub fn quote(region: &str, own: &OwnPrices, service: &str, sku: &str) -> Option<Quote> {
    let (here, anywhere) = (format!("{region}/{}", key(service, sku)), key(service, sku));
    if let Some(&usd) = own.given.get(&here).or_else(|| own.given.get(&anywhere)) {
        return Some(Quote { usd, date: None, source: PriceSource::Scenario });
    }
    let price = own.listed.get(&here).or_else(|| PriceList::embedded().get(service, region, sku))?;
    let source = match &price.date {
        Some(date) => format!("{}, {date}", price.source),
        None => price.source.clone(),
    };
    Some(Quote { usd: price.usd, date: price.date.clone(), source: PriceSource::List(source) })
}

/// The key of a price in `[prices]`, for all Regions; with the code of a Region and a slash before it, it is for that one.
pub fn key(service: &str, sku: &str) -> String {
    format!("{service}/{sku}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A list of the file comes before that of the program, and a price of the file before both.
    #[test]
    fn the_nearest_price_counts() {
        let mut own = OwnPrices::default();
        let list = "# bought\nservice,region,sku,unit,usd,date,source\nEC2,us-east-1,m5.large,hour,0.05,2026-11-01,offer\nEC2,eu-west-1,m5.large,hour,0.107,,offer\n";
        assert_eq!(own.add_list(list), Ok(2));
        let usd =
            |own: &OwnPrices, region: &str| quote(region, own, "EC2", "m5.large").map(|quote| quote.usd);
        assert_eq!(usd(&OwnPrices::default(), "eu-west-1"), None);
        assert_eq!((usd(&own, "eu-west-1"), usd(&own, "us-east-1")), (Some(0.107), Some(0.05)));
        assert_eq!(usd(&own, "ap-northeast-2"), Some(0.118));
        assert_eq!(
            quote("us-east-1", &own, "EC2", "m5.large").unwrap().source.to_string(),
            "offer, 2026-11-01"
        );
        own.given.insert("EC2/m5.large".into(), 1.0);
        assert_eq!(usd(&own, "eu-west-1"), Some(1.0));
        let wrong = OwnPrices::default()
            .add_list("service,region,sku,unit,usd,date,source\nEC2,us-east-1,m5.large,hour,much,,x\n");
        assert!(wrong.unwrap_err().contains("line: 2"));
        assert!(OwnPrices::default().add_list("a,b\n1,2\n").is_err());
        let unit = OwnPrices::default()
            .add_list("service,region,sku,unit,usd,date,source\nEC2,eu-west-1,m5.large,second,0.1,,x\n");
        assert_eq!(unit.unwrap_err(), "m5.large of EC2 is sold by the hour, and not by the second");
    }
    use crate::catalog::{instance_type, rows};

    /// All rows, as they stand in the file.
    fn all() -> Vec<Price> {
        rows(include_str!("prices.csv"))
    }

    #[test]
    fn every_row_has_a_price_a_source_and_a_place_of_its_own() {
        let list = PriceList::embedded();
        assert_eq!(all().len(), list.rows.len(), "a key occurs twice");
        for price in all() {
            assert!(price.usd > 0.0 && price.usd < 100.0, "{price:?}");
            assert!(!price.source.is_empty() && !price.unit.is_empty(), "{price:?}");
            assert_eq!(
                list.get(&price.service, &price.region, &price.sku),
                Some(&price),
                "another row is found"
            );
        }
        assert_eq!(list.regions(), ["ap-northeast-2", "us-east-1"]);
    }

    #[test]
    fn every_date_is_a_day_or_absent() {
        for price in &all() {
            let Some(date) = &price.date else { continue };
            let parts: Vec<u32> = date.split('-').map(|part| part.parse().unwrap()).collect();
            assert!(date.len() == 10 && (2020..2100).contains(&parts[0]), "{price:?}");
            assert!((1..=12).contains(&parts[1]) && (1..=31).contains(&parts[2]), "{price:?}");
        }
        assert_eq!(all().iter().filter_map(|price| price.date.clone()).max().as_deref(), Some(NEWEST));
    }

    #[test]
    fn both_regions_have_the_same_prices_except_for_a_few() {
        let all = all();
        let skus = |region: &str| -> Vec<(&str, &str)> {
            let here = all.iter().filter(|price| price.region == region);
            here.map(|price| (price.service.as_str(), price.sku.as_str())).collect()
        };
        let (seoul, virginia) = (skus("ap-northeast-2"), skus("us-east-1"));
        let mut only: Vec<_> = virginia.iter().filter(|sku| !seoul.contains(sku)).collect();
        only.retain(|(service, name)| *service != "EC2" || instance_type(name).is_none());
        // Nobody sells the old class in Seoul.
        assert_eq!(only, [&("Aurora-MySQL", "db.r4.large")]);
        // For PostgreSQL there are only the prices of Seoul that were read.
        let elsewhere = |sku: &&(&str, &str)| !virginia.contains(sku) && !sku.0.ends_with("-PostgreSQL");
        assert_eq!(seoul.iter().find(elsewhere), None);
    }

    /// A size of a family costs in proportion to its memory, in every region: a price that was read wrongly would not.
    #[test]
    fn sizes_of_a_family_cost_in_proportion_to_their_memory() {
        let all = all();
        let (mut families, mut of_seoul) = (BTreeMap::new(), 0);
        for price in all.iter().filter(|price| price.service == "EC2") {
            let Some(known) = instance_type(&price.sku) else { continue };
            let (family, _) = price.sku.split_once('.').unwrap();
            // Sizes of T differ in memory and in credits.
            if family.starts_with('t') {
                continue;
            }
            of_seoul += u32::from(price.region == "ap-northeast-2");
            let each = price.usd / known.memory.0 as f64;
            let first = *families.entry((price.region.as_str(), family)).or_insert(each);
            assert!((each / first - 1.0).abs() < 0.02, "{price:?}: {each} a byte, {first} for another size");
        }
        assert!(of_seoul > 300, "{of_seoul}");
    }
}
