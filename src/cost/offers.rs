//! AWS's public offer files as a price list. In: the lines of `index.csv` of an offer, of one Region or of all. Out: [`Price`]s by service and SKU.
//!
//! The files are those of the AWS Price List Bulk API, `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/OFFER/current/REGION/index.csv`. They begin with five
//! lines about the file, then the names of the columns. (AWS Billing user guide, "Reading a service price list file".) A row says what it is for by its
//! attributes; each rule knows those of one thing that this program charges for. Rows that no rule knows are left out.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use super::prices::Price;

/// What a rule asks of an attribute.
#[derive(Clone, Copy, Debug)]
enum Test {
    Is(&'static str),
    Begins(&'static str),
    Ends(&'static str),
}

impl Test {
    fn holds(self, text: &str) -> bool {
        match self {
            Test::Is(all) => text == all,
            Test::Begins(begin) => text.starts_with(begin),
            Test::Ends(end) => text.ends_with(end),
        }
    }
}

use Test::{Begins, Ends, Is};

/// What usage types of a Region begin with, before a hyphen; those of us-east-1 mostly with nothing. (AWS Billing: usage types in cost and usage reports.)
const REGIONS: [&str; 38] = [
    "USE1", "USE2", "USW1", "USW2", "UGW1", "UGE1", "CAN1", "CAN2", "CAW1", "SAE1", "MXC1", "EU", "EUC1",
    "EUC2", "EUW1", "EUW2", "EUW3", "EUN1", "EUS1", "EUS2", "APN1", "APN2", "APN3", "APS1", "APS2", "APS3",
    "APS4", "APS5", "APS6", "APS7", "APS8", "APS9", "APE1", "APE2", "MES1", "MEC1", "AFS1", "ILC1",
];

/// A usage type without its Region: that is what it is of, and not of something whose name ends alike.
fn usage_of(text: &str) -> &str {
    match text.split_once('-') {
        Some((region, rest)) if REGIONS.contains(&region) => rest,
        _ => text,
    }
}

/// How one thing is found in an offer, and what it is called here.
#[derive(Clone, Copy, Debug)]
struct Rule {
    /// Attributes, by the names of their columns.
    asks: &'static [(&'static str, Test)],
    /// Service and SKU here; `{Column}` is the value of a column, in small letters.
    service: &'static str,
    sku: &'static str,
    /// The unit here, and how many of the units of the offer it is.
    unit: &'static str,
    times: f64,
}

const USAGE: &str = "usageType";
const FAMILY: &str = "Product Family";
const ENGINE: &str = "Database Engine";

const fn rule(
    asks: &'static [(&'static str, Test)],
    (service, sku): (&'static str, &'static str),
    (unit, times): (&'static str, f64),
) -> Rule {
    Rule { asks, service, sku, unit, times }
}

const HOUR: (&str, f64) = ("hour", 1.0);
const GB: (&str, f64) = ("GB", 1.0);
const GB_MONTH: (&str, f64) = ("GB-month", 1.0);
const MILLION: (&str, f64) = ("million", 1e6);

/// On-demand prices.
const RULES: &[Rule] = &[
    rule(
        &[
            (FAMILY, Is("Compute Instance")),
            ("Operating System", Is("Linux")),
            ("Tenancy", Is("Shared")),
            ("Pre Installed S/W", Is("NA")),
            ("CapacityStatus", Is("Used")),
        ],
        ("EC2", "{Instance Type}"),
        HOUR,
    ),
    rule(&[(FAMILY, Is("Storage")), (USAGE, Is("EBS:VolumeUsage.gp2"))], ("EBS", "gp2-storage"), GB_MONTH),
    rule(&[(FAMILY, Is("Storage")), (USAGE, Is("EBS:VolumeUsage.gp3"))], ("EBS", "gp3-storage"), GB_MONTH),
    rule(&[(FAMILY, Is("Storage")), (USAGE, Is("EBS:VolumeUsage.piops"))], ("EBS", "io1-storage"), GB_MONTH),
    rule(&[(FAMILY, Is("Storage")), (USAGE, Is("EBS:VolumeUsage.io2"))], ("EBS", "io2-storage"), GB_MONTH),
    rule(&[(USAGE, Is("EBS:VolumeP-IOPS.gp3"))], ("EBS", "gp3-iops"), ("IOPS-month", 1.0)),
    rule(&[(USAGE, Is("EBS:VolumeP-IOPS.piops"))], ("EBS", "io1-iops"), ("IOPS-month", 1.0)),
    rule(&[(USAGE, Is("EBS:VolumeP-IOPS.io2"))], ("EBS", "io2-iops"), ("IOPS-month", 1.0)),
    // Sold by the gibibyte a second.
    rule(
        &[(USAGE, Is("EBS:VolumeP-Throughput.gp3"))],
        ("EBS", "gp3-throughput"),
        ("MiBps-month", 1.0 / 1_024.0),
    ),
    rule(&[(USAGE, Is("NatGateway-Hours"))], ("VPC", "nat-gateway"), HOUR),
    rule(&[(USAGE, Is("NatGateway-Bytes"))], ("VPC", "nat-gateway-data"), GB),
    rule(&[(USAGE, Is("PublicIPv4:InUseAddress"))], ("VPC", "public-ipv4"), HOUR),
    rule(
        &[(FAMILY, Is("Load Balancer-Application")), (USAGE, Is("LoadBalancerUsage"))],
        ("ELB", "ALB"),
        HOUR,
    ),
    rule(
        &[(FAMILY, Is("Load Balancer-Application")), (USAGE, Is("LCUUsage"))],
        ("ELB", "ALB-LCU"),
        ("LCU-hour", 1.0),
    ),
    rule(&[(FAMILY, Is("Load Balancer-Network")), (USAGE, Is("LoadBalancerUsage"))], ("ELB", "NLB"), HOUR),
    rule(
        &[(FAMILY, Is("Load Balancer-Network")), (USAGE, Is("LCUUsage"))],
        ("ELB", "NLB-LCU"),
        ("NLCU-hour", 1.0),
    ),
    rule(&[(FAMILY, Is("Load Balancer")), (USAGE, Is("LoadBalancerUsage"))], ("ELB", "CLB"), HOUR),
    rule(&[(FAMILY, Is("Load Balancer")), (USAGE, Is("DataProcessing-Bytes"))], ("ELB", "CLB-GB"), GB),
    rule(
        &[(FAMILY, Is("Database Instance")), (ENGINE, Is("MySQL")), ("Deployment Option", Ends("-AZ"))],
        ("RDS-MySQL", "{Instance Type}/{Deployment Option}"),
        HOUR,
    ),
    rule(
        &[(FAMILY, Is("Database Instance")), (ENGINE, Is("PostgreSQL")), ("Deployment Option", Ends("-AZ"))],
        ("RDS-PostgreSQL", "{Instance Type}/{Deployment Option}"),
        HOUR,
    ),
    rule(
        &[(FAMILY, Is("Database Instance")), (ENGINE, Is("Aurora MySQL")), (USAGE, Begins("InstanceUsage:"))],
        ("Aurora-MySQL", "{Instance Type}"),
        HOUR,
    ),
    rule(
        &[
            (FAMILY, Is("Database Instance")),
            (ENGINE, Is("Aurora PostgreSQL")),
            (USAGE, Begins("InstanceUsage:")),
        ],
        ("Aurora-PostgreSQL", "{Instance Type}"),
        HOUR,
    ),
    rule(&[(USAGE, Is("Aurora:StorageUsage"))], ("Aurora", "storage-standard"), GB_MONTH),
    rule(&[(USAGE, Is("Aurora:IO-OptimizedStorageUsage"))], ("Aurora", "storage-io-optimized"), GB_MONTH),
    rule(&[(USAGE, Is("Aurora:StorageIOUsage"))], ("Aurora", "io-standard"), MILLION),
    rule(&[(USAGE, Is("Aurora:ServerlessV2Usage"))], ("Aurora", "serverless-v2"), ("ACU-hour", 1.0)),
    rule(
        &[(FAMILY, Is("Cache Instance")), ("Cache Engine", Is("Redis"))],
        ("ElastiCache-Redis", "{Instance Type}"),
        HOUR,
    ),
    rule(&[(USAGE, Is("Fargate-vCPU-Hours:perCPU"))], ("Fargate", "linux-x86-vcpu"), ("vCPU-hour", 1.0)),
    rule(&[(USAGE, Is("Fargate-GB-Hours"))], ("Fargate", "linux-x86-memory"), ("GB-hour", 1.0)),
    rule(&[(USAGE, Is("AmazonEKS-Hours:perCluster"))], ("EKS", "cluster"), HOUR),
    rule(&[("Group", Is("AWS-Lambda-Requests"))], ("Lambda", "requests"), MILLION),
    rule(&[("Group", Is("AWS-Lambda-Duration"))], ("Lambda", "duration-x86"), ("GB-second", 1.0)),
    rule(&[("Group", Is("AWS-Lambda-Duration-ARM"))], ("Lambda", "duration-arm"), ("GB-second", 1.0)),
    rule(
        &[(USAGE, Is("TimedStorage-ByteHrs")), ("serviceCode", Is("AmazonS3"))],
        ("S3", "standard"),
        GB_MONTH,
    ),
    rule(
        &[(USAGE, Is("Requests-Tier1")), ("serviceCode", Is("AmazonS3"))],
        ("S3", "put-copy-post-list"),
        ("thousand", 1e3),
    ),
    rule(&[(USAGE, Is("Requests-Tier2")), ("serviceCode", Is("AmazonS3"))], ("S3", "get"), ("thousand", 1e3)),
    rule(&[("Group", Is("SQS-APIRequest-Tier1"))], ("SQS", "standard"), MILLION),
    rule(&[("Group", Is("SQS-APIRequest-FIFO-Tier1"))], ("SQS", "fifo"), MILLION),
    rule(
        &[(USAGE, Is("ReadRequestUnits")), ("serviceCode", Is("AmazonDynamoDB"))],
        ("DynamoDB", "on-demand-RRU"),
        MILLION,
    ),
    rule(
        &[(USAGE, Is("WriteRequestUnits")), ("serviceCode", Is("AmazonDynamoDB"))],
        ("DynamoDB", "on-demand-WRU"),
        MILLION,
    ),
    rule(&[(USAGE, Is("ReadCapacityUnit-Hrs"))], ("DynamoDB", "provisioned-RCU"), ("RCU-hour", 1.0)),
    rule(&[(USAGE, Is("WriteCapacityUnit-Hrs"))], ("DynamoDB", "provisioned-WCU"), ("WCU-hour", 1.0)),
    rule(
        &[(USAGE, Is("TimedStorage-ByteHrs")), ("serviceCode", Is("AmazonDynamoDB"))],
        ("DynamoDB", "storage"),
        GB_MONTH,
    ),
    rule(&[(USAGE, Is("CW:AlarmMonitorUsage"))], ("CloudWatch", "alarm-standard"), ("alarm-month", 1.0)),
    rule(
        &[(USAGE, Is("CW:HighResAlarmMonitorUsage"))],
        ("CloudWatch", "alarm-high-resolution"),
        ("alarm-month", 1.0),
    ),
    rule(&[(USAGE, Is("CW:MetricMonitorUsage"))], ("CloudWatch", "metric"), ("metric-month", 1.0)),
    rule(&[(USAGE, Is("DataTransfer-Regional-Bytes"))], ("DataTransfer", "inter-az/each-direction"), GB),
];

/// What is sold to the internet by its tiers, by where each begins in gigabytes.
const TIERS: [(&str, &str); 4] = [
    ("0", "internet-out/first-10TB"),
    ("10240", "internet-out/next-40TB"),
    ("51200", "internet-out/next-100TB"),
    ("153600", "internet-out/over-150TB"),
];

/// The prices of an offer.
///
/// # Errors
/// It cannot be read, or is no offer file.
pub fn read(offer: impl BufRead) -> io::Result<Vec<Price>> {
    let wrong = |message: String| io::Error::new(io::ErrorKind::InvalidData, message);
    let mut rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(offer);
    let (mut published, mut columns) = (String::new(), BTreeMap::new());
    let mut found: BTreeMap<(String, String, String), (f64, Price)> = BTreeMap::new();
    for record in rows.records() {
        let record = record.map_err(|error| wrong(error.to_string()))?;
        if columns.is_empty() {
            match record.get(0) {
                Some("Publication Date") => {
                    published = record.get(1).unwrap_or_default().chars().take(10).collect()
                }
                Some("SKU") => {
                    columns = record.iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
                }
                _ => {}
            }
            continue;
        }
        let cell = |name: &str| columns.get(name).and_then(|at| record.get(*at)).unwrap_or_default();
        let Some(price) = of_row(&cell, &published) else { continue };
        // Of what is sold by quantity the first tier that is not free is the one that is charged.
        let start: f64 = cell("StartingRange").parse().unwrap_or(0.0);
        let key = (price.region.clone(), price.service.clone(), price.sku.clone());
        let known = found.entry(key).or_insert_with(|| (start, price.clone()));
        if start < known.0 {
            *known = (start, price);
        }
    }
    if columns.is_empty() {
        return Err(wrong("no line begins with `SKU`: it is not the index.csv of an offer".into()));
    }
    Ok(found.into_values().map(|(_, price)| price).collect())
}

/// The price of a row, if a rule knows what it is for.
fn of_row<'a>(cell: &impl Fn(&str) -> &'a str, published: &str) -> Option<Price> {
    let usd: f64 = cell("PricePerUnit").parse().ok().filter(|usd| *usd > 0.0)?;
    // Bytes that leave have a Region from which they do.
    let region = [cell("Region Code"), cell("From Region Code")].into_iter().find(|code| !code.is_empty())?;
    if cell("Currency") != "USD" {
        return None;
    }
    let is_reserved = match cell("TermType") {
        "OnDemand" => false,
        "Reserved" => {
            let is_ours = cell("LeaseContractLength") == "1yr"
                && cell("PurchaseOption") == "No Upfront"
                && cell("OfferingClass") == "standard";
            if !is_ours {
                return None;
            }
            true
        }
        _ => return None,
    };
    let (service, sku, (unit, times)) = match to_internet(cell) {
        Some(sku) => ("DataTransfer", sku.to_owned(), GB),
        None => {
            let text = |name: &str| if name == USAGE { usage_of(cell(name)) } else { cell(name) };
            let fits = |rule: &&Rule| rule.asks.iter().all(|(name, test)| test.holds(text(name)));
            let rule = RULES.iter().find(fits)?;
            (rule.service, filled(rule.sku, cell), (rule.unit, rule.times))
        }
    };
    let sku = if is_reserved { format!("{sku}/ri-1y-no-upfront") } else { sku };
    Some(Price {
        service: service.into(),
        region: region.into(),
        sku,
        unit: unit.into(),
        usd: rounded(usd * times),
        date: (!published.is_empty()).then(|| published.to_owned()),
        source: "AWS Price List".into(),
    })
}

/// The tier of bytes to the internet.
fn to_internet<'a>(cell: &impl Fn(&str) -> &'a str) -> Option<&'static str> {
    if cell("Transfer Type") != "AWS Outbound" || cell("To Location") != "External" {
        return None;
    }
    TIERS.iter().find(|(start, _)| *start == cell("StartingRange")).map(|(_, sku)| *sku)
}

/// A SKU with the values of its columns.
fn filled<'a>(template: &str, cell: &impl Fn(&str) -> &'a str) -> String {
    let mut text = String::new();
    for piece in template.split_inclusive(['{', '}']) {
        match piece.strip_suffix('}') {
            Some(name) => text.push_str(&cell(name).to_lowercase()),
            None => text.push_str(piece.trim_end_matches('{')),
        }
    }
    text
}

/// Without the digits that a product of two numbers has too many.
fn rounded(usd: f64) -> f64 {
    format!("{usd:.12}").parse().unwrap_or(usd)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "\"FormatVersion\",\"v1.0\"\n\"Disclaimer\",\"This pricing list is for informational purposes only.\"\n\
                        \"Publication Date\",\"2026-11-20T18:04:17Z\"\n\"Version\",\"20261120180417\"\n\"OfferCode\",\"AmazonEC2\"\n\
                        \"SKU\",\"OfferTermCode\",\"TermType\",\"StartingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"LeaseContractLength\",\"PurchaseOption\",\
                        \"OfferingClass\",\"Product Family\",\"serviceCode\",\"Instance Type\",\"Tenancy\",\"Operating System\",\"usageType\",\"CapacityStatus\",\
                        \"Pre Installed S/W\",\"Region Code\",\"Deployment Option\",\"Database Engine\",\"Transfer Type\",\"To Location\",\"From Region Code\"\n";

    fn row(cells: &[(&str, &str)]) -> String {
        let columns = HEAD.lines().last().unwrap().split(',').map(|name| name.trim_matches('"'));
        let usual = |name: &str| match name {
            "TermType" => "OnDemand",
            "Currency" => "USD",
            "StartingRange" => "0",
            "Region Code" => "eu-west-1",
            _ => "",
        };
        let cell = |name: &str| {
            let own = cells.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
            format!("\"{}\"", own.unwrap_or(usual(name)))
        };
        columns.map(cell).collect::<Vec<_>>().join(",") + "\n"
    }

    fn prices(rows: &[String]) -> Vec<(String, f64, String)> {
        let text = HEAD.to_owned() + &rows.concat();
        let prices = read(text.as_bytes()).unwrap().into_iter();
        prices.map(|it| (format!("{}/{}/{}", it.region, it.service, it.sku), it.usd, it.unit)).collect()
    }

    fn instance(more: &[(&str, &str)]) -> String {
        let usual = [
            ("Product Family", "Compute Instance"),
            ("Instance Type", "m5.large"),
            ("Operating System", "Linux"),
            ("Tenancy", "Shared"),
            ("Pre Installed S/W", "NA"),
            ("CapacityStatus", "Used"),
            ("PricePerUnit", "0.1070000000"),
        ];
        row(&[more, &usual].concat())
    }

    #[test]
    fn instances_are_those_of_linux_on_shared_hardware() {
        let rows = [
            instance(&[("Operating System", "Windows"), ("PricePerUnit", "0.199")]),
            instance(&[("Tenancy", "Dedicated"), ("PricePerUnit", "0.114")]),
            instance(&[("CapacityStatus", "UnusedCapacityReservation")]),
            instance(&[]),
            instance(&[
                ("TermType", "Reserved"),
                ("LeaseContractLength", "1yr"),
                ("PurchaseOption", "No Upfront"),
                ("OfferingClass", "standard"),
                ("PricePerUnit", "0.0670000000"),
            ]),
            instance(&[
                ("TermType", "Reserved"),
                ("LeaseContractLength", "3yr"),
                ("PurchaseOption", "No Upfront"),
                ("OfferingClass", "standard"),
                ("PricePerUnit", "0.046"),
            ]),
            instance(&[("Currency", "CNY"), ("Instance Type", "m5.xlarge")]),
        ];
        assert_eq!(
            prices(&rows),
            [
                ("eu-west-1/EC2/m5.large".into(), 0.107, "hour".into()),
                ("eu-west-1/EC2/m5.large/ri-1y-no-upfront".into(), 0.067, "hour".into()),
            ]
        );
    }

    #[test]
    fn units_are_those_of_the_list_and_tiers_those_of_the_bill() {
        let egress = |start: &str, usd: &str| {
            row(&[
                ("Transfer Type", "AWS Outbound"),
                ("To Location", "External"),
                ("StartingRange", start),
                ("PricePerUnit", usd),
            ])
        };
        let rows = [
            row(&[("usageType", "EU-EBS:VolumeP-Throughput.gp3"), ("PricePerUnit", "45.056")]),
            row(&[
                ("usageType", "EU-Requests-Tier1"),
                ("serviceCode", "AmazonS3"),
                ("PricePerUnit", "0.000005"),
            ]),
            row(&[
                ("usageType", "EU-TimedStorage-ByteHrs"),
                ("serviceCode", "AmazonS3"),
                ("PricePerUnit", "0.023"),
            ]),
            row(&[
                ("usageType", "EU-TimedStorage-ByteHrs"),
                ("serviceCode", "AmazonS3"),
                ("StartingRange", "51200"),
                ("PricePerUnit", "0.022"),
            ]),
            row(&[
                ("Product Family", "Database Instance"),
                ("Database Engine", "MySQL"),
                ("Instance Type", "db.r6g.large"),
                ("Deployment Option", "Multi-AZ"),
                ("PricePerUnit", "0.48"),
            ]),
            egress("0", "0.09"),
            egress("10240", "0.085"),
            egress("7", "0.01"),
        ];
        let found = prices(&rows);
        let of = |key: &str| {
            found.iter().find(|it| it.0 == format!("eu-west-1/{key}")).map(|it| (it.1, it.2.as_str()))
        };
        assert_eq!(of("EBS/gp3-throughput"), Some((0.044, "MiBps-month")));
        assert_eq!(of("S3/put-copy-post-list"), Some((0.005, "thousand")));
        assert_eq!(of("S3/standard"), Some((0.023, "GB-month")));
        assert_eq!(of("RDS-MySQL/db.r6g.large/multi-az"), Some((0.48, "hour")));
        assert_eq!(of("DataTransfer/internet-out/first-10TB"), Some((0.09, "GB")));
        assert_eq!(of("DataTransfer/internet-out/next-40TB"), Some((0.085, "GB")));
        assert_eq!(found.len(), 6);
    }

    /// Names that end alike are of other things; what begins with a free tier has the price of the next one; bytes that leave have only a Region from which they do.
    #[test]
    fn only_what_is_charged_is_taken() {
        let usage = |usage: &str, service: &str, usd: &str| {
            row(&[("usageType", usage), ("serviceCode", service), ("PricePerUnit", usd)])
        };
        let balancer = |usage: &str, usd: &str| {
            row(&[
                ("Product Family", "Load Balancer-Application"),
                ("usageType", usage),
                ("PricePerUnit", usd),
            ])
        };
        let rows = [
            balancer("EU-TS-LoadBalancerUsage", "0.0056"),
            balancer("EU-LoadBalancerUsage", "0.0252"),
            balancer("EU-ReservedLCUUsage", "0.001"),
            usage("EU-ReplWriteRequestUnits", "AmazonDynamoDB", "0.00000106"),
            usage("EU-WriteRequestUnits", "AmazonDynamoDB", "0.000000705"),
            usage("EU-IA-ReadRequestUnits", "AmazonDynamoDB", "0.00000035"),
            usage("EU-ReadRequestUnits", "AmazonDynamoDB", "0.0000001415"),
            row(&[
                ("usageType", "EU-TimedStorage-ByteHrs"),
                ("serviceCode", "AmazonDynamoDB"),
                ("PricePerUnit", "0"),
            ]),
            row(&[
                ("usageType", "EU-TimedStorage-ByteHrs"),
                ("serviceCode", "AmazonDynamoDB"),
                ("StartingRange", "25"),
                ("PricePerUnit", "0.283"),
            ]),
            row(&[
                ("Region Code", ""),
                ("From Region Code", "eu-west-1"),
                ("Transfer Type", "AWS Outbound"),
                ("To Location", "External"),
                ("PricePerUnit", "0.09"),
            ]),
            // us-east-1 has no prefix.
            row(&[
                ("Region Code", "us-east-1"),
                ("Product Family", "Load Balancer-Application"),
                ("usageType", "LoadBalancerUsage"),
                ("PricePerUnit", "0.0225"),
            ]),
            row(&[
                ("Region Code", "us-east-1"),
                ("Product Family", "Load Balancer-Application"),
                ("usageType", "TS-LoadBalancerUsage"),
                ("PricePerUnit", "0.005"),
            ]),
        ];
        let found: Vec<(String, f64)> = prices(&rows).into_iter().map(|(key, usd, _)| (key, usd)).collect();
        let by_hand = [
            ("eu-west-1/DataTransfer/internet-out/first-10TB", 0.09),
            ("eu-west-1/DynamoDB/on-demand-RRU", 0.1415),
            ("eu-west-1/DynamoDB/on-demand-WRU", 0.705),
            ("eu-west-1/DynamoDB/storage", 0.283),
            ("eu-west-1/ELB/ALB", 0.0252),
            ("us-east-1/ELB/ALB", 0.0225),
        ];
        assert_eq!(found, by_hand.map(|(key, usd)| (key.to_owned(), usd)));
    }

    /// What a rule is for is in the list of the program, in the same unit: else nothing would be charged for it.
    #[test]
    fn every_rule_is_for_something_that_is_charged() {
        let list = super::super::prices::PriceList::embedded();
        for rule in RULES.iter().filter(|rule| !rule.sku.contains('{')) {
            let price = list.get(rule.service, "us-east-1", rule.sku);
            assert_eq!(price.map(|it| it.unit.as_str()), Some(rule.unit), "{}/{}", rule.service, rule.sku);
        }
        assert!(TIERS.iter().all(|(_, sku)| list.get("DataTransfer", "us-east-1", sku).is_some()));
    }

    #[test]
    fn what_is_no_offer_is_refused() {
        assert!(read("a,b\n1,2\n".as_bytes()).unwrap_err().to_string().contains("not the index.csv"));
        assert_eq!(read(HEAD.as_bytes()).unwrap(), []);
    }
}
