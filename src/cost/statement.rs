//! The bill as a document: plain data that goes into the outcome as it is.

use serde::{Deserialize, Serialize};

/// The bill: `total_usd` is the sum of the items' `usd`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bill {
    /// The event.
    pub total_usd: f64,
    /// Per million completed requests; absent without any.
    pub per_million_requests_usd: Option<f64>,
    /// As if the steady state (the median hour of the run) ran for 730 hours.
    pub month_usd: f64,
    /// The items.
    pub items: Vec<BillItem>,
    /// Newest and oldest date of the prices used, as `YYYY-MM-DD`.
    pub price_dates: Option<(String, String)>,
}

/// One item of the bill.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BillItem {
    /// AWS service: `EC2`, `ELB`, `ElastiCache-Redis`, `Aurora-MySQL`, `DataTransfer`.
    pub service: String,
    /// The resource in the file it belongs to (`web`), or empty.
    pub resource: String,
    /// What: `m6i.large instance-hours`.
    pub what: String,
    /// How much.
    pub quantity: f64,
    /// Unit of the quantity: `hour`, `GB`, `LCU-hour`, `million`.
    pub unit: String,
    /// Price of one unit.
    pub unit_price_usd: f64,
    /// `quantity × unit_price_usd`.
    pub usd: f64,
    /// The same for a month of steady state.
    pub month_usd: f64,
    /// Where the price comes from and its date: `AWS price list, 2026-10-01`; `scenario file` when overridden.
    pub source: String,
}
