//! The bill, item by item. In: an [`Outcome`]. Out: one table with its total.

use super::margin::margin_of;
use crate::cost::{BillItem, MonthOf, Orders, PriceSource};
use crate::number::{margin, number, things, usd};
use crate::outcome::estimate::Quantity;
use crate::outcome::{Bill, Outcome};
use crate::report::section::Section;
use crate::report::table::{Cell, HEADING, QUIET, Side, Table};
use crate::text::Word;

pub(in crate::report) const PART: Word = Word::new(
    "Bill",
    "What the event costs, in US dollars before tax: each AWS service, or each item with --bill, at the prices of the list of the region.",
);
const EVENT: Word = Word::new("event", "The cost of the event itself, in US dollars.");
const QUANTITY: Word = Word::new("quantity", "How much was used of an item, in the unit beside it.");
const PRICE: Word =
    Word::new("price", "The price of one unit, in US dollars; `no price` where the list has none.");
const TOTAL: Word = Word::new("total", "The sum of all items, in US dollars.");

/// The words of this part.
pub(in crate::report) const WORDS: &[Word] = &[
    EVENT,
    QUANTITY,
    PRICE,
    TOTAL,
    Word::new(
        MONTH,
        "A month of 730 hours, each like the median hour of the event, in US dollars: what an ordinary month would cost with the same sizes.",
    ),
    Word::new(
        "month of NAME events",
        "A month that has so many such events and is ordinary between them, in US dollars; by `month` of [bill].",
    ),
    Word::new(
        "month of 1 event",
        "A month that has one such event and is ordinary for the rest, in US dollars; by `month` of [bill].",
    ),
];

/// What a month is: the hours of a month, each like the median hour of the event.
const MONTH: &str = "730 median hours";

/// What the month of a bill is.
fn month(bill: &Bill) -> String {
    match &bill.month_of {
        Some(MonthOf { events, .. }) => format!("month of {}", things(f64::from(*events), "event")),
        None => MONTH.into(),
    }
}

/// What each AWS service cost, the dearest first, and the total.
pub(in crate::report) fn by_service(outcome: &Outcome) -> Table {
    let bill = &outcome.bill;
    let mut services: Vec<(&str, f64, f64)> = Vec::new();
    for item in &bill.items {
        match services.iter_mut().find(|(name, ..)| *name == item.service) {
            Some((_, event, month)) => {
                *event += item.usd;
                *month += item.month_usd;
            }
            None => services.push((&item.service, item.usd, item.month_usd)),
        }
    }
    services.sort_by(|one, other| other.1.total_cmp(&one.1));
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.titles(&["", EVENT.text, &month(bill)]);
    for (name, event, month) in services {
        table.row([name.into(), usd(event).into(), Cell::new(usd(month), QUIET)]);
    }
    table.row(total(bill));
    table
}

fn total(bill: &Bill) -> [Cell; 3] {
    [
        Cell::new(TOTAL.text, HEADING),
        Cell::new(usd(bill.total_usd), HEADING),
        Cell::new(usd(bill.month_usd), QUIET),
    ]
}

/// By service, or item by item.
pub(super) fn section(outcome: &Outcome, whole: bool) -> Option<Section> {
    let bill = &outcome.bill;
    let table = if whole { items(outcome) } else { by_service(outcome) };
    let margin = |of: Quantity| margin_of(outcome.estimate(&of), margin);
    let mut sums = Vec::new();
    if outcome.runs.count > 1 {
        sums.push(format!("{}{} the event", usd(bill.total_usd), margin(Quantity::Cost)));
    }
    if let Some(price) = bill.per_million_requests_usd {
        let margin = margin(Quantity::CostPerMillion);
        sums.push(format!("{}{margin} per million completed requests", usd(price)));
    }
    let mut sums = if sums.is_empty() { Vec::new() } else { vec![sums.join(", ")] };
    sums.extend(of_runs(outcome));
    sums.extend(bill.orders.as_ref().map(orders));
    let more = if whole { "" } else { "; every item with --bill" };
    let remark = match &bill.price_dates {
        Some((oldest, newest)) if oldest == newest => format!("US dollars before tax, prices of {newest}"),
        Some((one, other)) => {
            format!("US dollars before tax, prices of {} to {}", one.min(other), one.max(other))
        }
        None => "US dollars before tax".into(),
    };
    let old = match bill.old_prices {
        0 => String::new(),
        count => format!(", {} of them more than a year older", number(count as f64)),
    };
    (!bill.items.is_empty()).then(|| Section::of(PART, remark + &old + more).table(table).lines(sums))
}

/// Dollars of an item; of one whose price nobody knows that.
fn price(item: &BillItem, dollars: f64) -> String {
    if item.source == PriceSource::Unknown { "no price".into() } else { usd(dollars) }
}

/// The cheapest and the dearest run, where they differ.
fn of_runs(outcome: &Outcome) -> Option<String> {
    let runs = &outcome.estimate(&Quantity::Cost)?.by_run;
    let costs = || runs.iter().flatten().copied();
    let (least, most) = (costs().reduce(f64::min)?, costs().reduce(f64::max)?);
    let (least, most) = (usd(least), usd(most));
    (runs.len() > 1 && least != most)
        .then(|| format!("{least} the cheapest of {} runs, {most} the dearest", runs.len()))
}

/// What orders cost, and what those that failed would have brought.
fn orders(of: &Orders) -> String {
    let each = of.per_order_usd.map_or_else(String::new, |each| format!("{} for each of ", usd(each)));
    let lost = of.lost_usd.map_or_else(String::new, |lost| format!(", worth {}", usd(lost)));
    format!(
        "{each}{} ({}); {} failed{lost}",
        things(of.completed.round(), "order"),
        of.classes.join(", "),
        number(of.failed)
    )
}

fn items(outcome: &Outcome) -> Table {
    let bill = &outcome.bill;
    let (left, right) = (Side::Left, Side::Right);
    let mut table = Table::new(&[left, left, left, right, left, right, right, right]);
    table.sparing(&[4, 3, 5, 7]);
    table.titles(&["", "", "", QUANTITY.text, "", PRICE.text, EVENT.text, &month(bill)]);
    for item in &bill.items {
        table.row([
            item.service.as_str().into(),
            item.resource.as_str().into(),
            item.what.as_str().into(),
            number(item.quantity).into(),
            item.unit.as_str().into(),
            price(item, item.unit_price_usd).into(),
            price(item, item.usd).into(),
            Cell::new(price(item, item.month_usd), QUIET),
        ]);
    }
    let empty = || Cell::from("");
    let [name, event, month] = total(bill);
    table.row([name].into_iter().chain((0..5).map(|_| empty())).chain([event, month]));
    table
}
