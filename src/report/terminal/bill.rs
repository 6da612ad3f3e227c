//! The bill, item by item. In: an [`Outcome`]. Out: one table with its total.

use super::{heading, margin_of};
use crate::number::{margin, number, usd};
use crate::outcome::Outcome;
use crate::outcome::estimate::Quantity;
use crate::report::table::{Cell, HEADING, QUIET, Side, Table};

pub(super) fn section(outcome: &Outcome) -> Option<String> {
    let bill = &outcome.bill;
    let (left, right) = (Side::Left, Side::Right);
    let mut table = Table::new(&[left, left, left, right, left, right, right, right]);
    table.titles(&["", "", "", "quantity", "", "price", "event", "month"]);
    for item in &bill.items {
        table.row([
            item.service.as_str().into(),
            item.resource.as_str().into(),
            item.what.as_str().into(),
            number(item.quantity).into(),
            item.unit.as_str().into(),
            usd(item.unit_price_usd).into(),
            usd(item.usd).into(),
            Cell::new(usd(item.month_usd), QUIET),
        ]);
    }
    let empty = || Cell::from("");
    let mut total = vec![Cell::new("total", HEADING)];
    total.extend((0..5).map(|_| empty()));
    total.push(Cell::new(usd(bill.total_usd), HEADING));
    total.push(Cell::new(usd(bill.month_usd), QUIET));
    table.row(total);
    let margin = |of: Quantity| margin_of(outcome.estimate(&of), margin);
    let mut sums = Vec::new();
    if outcome.runs.count > 1 {
        sums.push(format!("{}{} the event", usd(bill.total_usd), margin(Quantity::Cost)));
    }
    if let Some(price) = bill.per_million_requests_usd {
        let margin = margin(Quantity::CostPerMillion);
        sums.push(format!("{}{margin} per million completed requests", usd(price)));
    }
    let sums = if sums.is_empty() { String::new() } else { format!("  {}\n", sums.join(", ")) };
    let remark = match &bill.price_dates {
        Some((oldest, newest)) if oldest == newest => format!("US dollars before tax, prices of {newest}"),
        Some((one, other)) => {
            format!("US dollars before tax, prices of {} to {}", one.min(other), one.max(other))
        }
        None => "US dollars before tax".into(),
    };
    (!bill.items.is_empty()).then(|| format!("{}{table}{sums}", heading("Bill", &remark)))
}
