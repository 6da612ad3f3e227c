//! Price lists: from an offer file of AWS to a bill in a Region of which the program has no prices.

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use simcap::cost::PriceSource;
use simcap::scenario::{self, ScenarioError};

fn simcap(args: &[&str], folder: &Path) -> Output {
    Command::cargo_bin("simcap").unwrap().current_dir(folder).args(args).output().unwrap()
}

const OFFER: &str = "\"FormatVersion\",\"v1.0\"\n\"Publication Date\",\"2026-11-20T18:04:17Z\"\n\
                     \"SKU\",\"TermType\",\"StartingRange\",\"PricePerUnit\",\"Currency\",\"Product Family\",\"Instance Type\",\"Operating System\",\"Tenancy\",\
                     \"Pre Installed S/W\",\"CapacityStatus\",\"Region Code\",\"usageType\"\n\
                     \"A\",\"OnDemand\",\"\",\"0.1070000000\",\"USD\",\"Compute Instance\",\"m5.large\",\"Linux\",\"Shared\",\"NA\",\"Used\",\"eu-west-1\",\"EU-BoxUsage:m5.large\"\n\
                     \"B\",\"OnDemand\",\"\",\"0.1000000000\",\"USD\",\"CloudWatch Alarms\",\"\",\"\",\"\",\"\",\"\",\"eu-west-1\",\"EU-CW:AlarmMonitorUsage\"\n";

const SHOP: &str = "region = \"eu-west-1\"\nduration = \"1h\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"5ms\" }]\n\
                    [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n";

#[test]
fn an_offer_file_becomes_a_price_list_and_that_a_bill() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    fs::write(folder.join("offer.csv"), OFFER).unwrap();
    let made = simcap(&["prices", "offer.csv"], folder);
    assert!(made.status.success(), "{made:?}");
    let list = String::from_utf8(made.stdout).unwrap();
    assert_eq!(
        list,
        "service,region,sku,unit,usd,date,source\nCloudWatch,eu-west-1,alarm-standard,alarm-month,0.1,2026-11-20,AWS Price List\n\
         EC2,eu-west-1,m5.large,hour,0.107,2026-11-20,AWS Price List\n"
    );
    fs::write(folder.join("prices.csv"), &list).unwrap();
    let of = |list: &str| {
        let text = format!("{list}{SHOP}");
        let scenario = scenario::parse("shop.toml", text.as_bytes(), folder, &[]).unwrap();
        let outcome = simcap::simulate(&scenario, 1, &mut |_| {});
        let item = outcome.bill.items.iter().find(|item| item.price == "EC2/m5.large").unwrap().clone();
        (item.quantity, item.usd, item.source)
    };
    let source = PriceSource::List("AWS Price List, 2026-11-20".into());
    assert_eq!(of("price_list = \"prices.csv\"\n"), (2.0, 0.214, source));
    // Without the list nothing is known of that Region, and the command says so before a run.
    assert_eq!(of("").2, PriceSource::Unknown);
    fs::write(folder.join("shop.toml"), SHOP).unwrap();
    let checked = simcap(&["check", "shop.toml"], folder);
    let told = String::from_utf8(checked.stderr).unwrap() + &String::from_utf8(checked.stdout).unwrap();
    assert!(told.contains("no price for EC2/m5.large in eu-west-1"), "{told}");
}

#[test]
fn what_is_no_list_or_no_offer_is_named() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    fs::write(
        folder.join("odd.csv"),
        "service,region,sku,unit,usd,date,source\nEC2,eu-west-1,m5.large,hour,cheap,,me\n",
    )
    .unwrap();
    let page =
        |line: &str| match scenario::parse("shop.toml", format!("{line}{SHOP}").as_bytes(), folder, &[]) {
            Err(ScenarioError::Invalid(report)) => report.render(false),
            _ => panic!("no problem"),
        };
    let odd = page("price_list = \"odd.csv\"\n");
    assert!(odd.contains("`odd.csv` is no price list") && odd.contains("line: 2"), "{odd}");
    let missing = page("price_list = [\"none.csv\"]\n");
    assert!(missing.contains("cannot read `none.csv`"), "{missing}");
    let nowhere =
        scenario::parse("shop.toml", SHOP.replace("eu-west-1", "eu-west-9").as_bytes(), folder, &[]);
    let Err(ScenarioError::Invalid(report)) = nowhere else { panic!("no problem") };
    assert!(report.render(false).contains("no AWS Region `eu-west-9` is known"), "{}", report.render(false));
}

/// A file that is no offer is refused, with its name.
#[test]
fn what_is_no_offer_is_refused() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("list.csv"), "a,b\n1,2\n").unwrap();
    for file in ["list.csv", "none.csv"] {
        let refused = simcap(&["prices", file], place.path());
        let told = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && told.contains(&format!("cannot read `{file}`")), "{told}");
    }
}
