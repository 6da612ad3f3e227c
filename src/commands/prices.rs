//! `simcap prices`: offer files of AWS as a price list for `price_list`. In: files. Out: CSV on stdout.

use std::io::BufReader;

use anyhow::Context;
use simcap::cost::offers;
use simcap::files;

use crate::cli::{Prices, Voice};
use crate::exit::Exit;

pub fn prices(args: &Prices, voice: Voice) -> anyhow::Result<Exit> {
    let mut list = csv::WriterBuilder::new().from_writer(Vec::new());
    list.write_record(["service", "region", "sku", "unit", "usd", "date", "source"])?;
    for path in &args.offers {
        let name = path.display();
        let file = files::open(path).with_context(|| format!("cannot read `{name}`"))?;
        let prices = offers::read(BufReader::new(file)).with_context(|| format!("cannot read `{name}`"))?;
        if prices.is_empty() {
            anyhow::bail!("`{name}` has no price of anything that is charged for here");
        }
        if !voice.quiet {
            eprintln!("{name}: {} prices", prices.len());
        }
        for price in prices {
            let date = price.date.as_deref().unwrap_or_default();
            let usd = price.usd.to_string();
            list.write_record([
                &price.service,
                &price.region,
                &price.sku,
                &price.unit,
                &usd,
                date,
                &price.source,
            ])?;
        }
    }
    super::say::say(&String::from_utf8(list.into_inner()?)?)?;
    Ok(Exit::Fine)
}
