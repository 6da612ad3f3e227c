//! What the account pays for beside what it uses, by hand: reservations, Savings Plans, free allowances, months.

use super::*;
use crate::cost::month::MonthPlan;
use crate::id::ClassId;
use crate::scenario::billing::{Billing, Reserved, SavingsPlan};

/// Two hours in us-east-1 with three instances of m5.large in the first and one in the second. On demand each costs $0.096 an hour.
fn two_hours(billing: Billing) -> Bill {
    let fleets = vec![sample::fleet("m5.large")];
    let scenario =
        Scenario { billing, ..sample::of("us-east-1", Settings { fleets, ..Settings::default() }) };
    let counted = [lives(&[(0.0, 7_200.0), (0.0, 3_600.0), (0.0, 3_600.0)])].into();
    bill(&scenario, &Usage { duration: HOUR * 2, counted, ..Usage::default() })
}

fn m5(count: u32, rate: Option<f64>) -> Reserved {
    Reserved { service: "EC2", sku: "m5.large".into(), count, rate }
}

/// Two are reserved at $0.06: four hours of them are paid for. One hour of the first is left on demand; in the second one of the two is for nothing.
#[test]
fn what_is_reserved_is_paid_for_and_covers_as_many_hours_of_each_hour() {
    let plain = two_hours(Billing::default());
    assert_close(item(&plain, "m5.large instance-hours").usd, 4.0 * 0.096);
    let reserved = two_hours(Billing { reserved: vec![m5(2, None)], ..Billing::default() });
    assert_close(item(&reserved, "m5.large instance-hours").quantity, 1.0);
    assert_close(item(&reserved, "m5.large reserved for a year").usd, 4.0 * 0.06);
    assert_close(
        reserved.total_usd - item(&reserved, "m5.large instance-hours").usd,
        plain.total_usd - 4.0 * 0.096 + 4.0 * 0.06,
    );
    // Another type is not covered, and a month has all of its hours.
    let other = Reserved { sku: "m5.xlarge".into(), ..m5(2, None) };
    let other = two_hours(Billing { reserved: vec![other], ..Billing::default() });
    assert_close(item(&other, "m5.large instance-hours").quantity, 4.0);
    assert_close(item(&reserved, "m5.large reserved for a year").month_usd, 2.0 * 730.0 * 0.06);
}

/// $0.14 an hour at 27 % less. Three instances are $0.21024 at that rate, of which it pays for 66.59 %; one is $0.07008, and the rest of that hour is for nothing.
#[test]
fn a_savings_plan_pays_for_a_part_of_each_hour() {
    let plan = SavingsPlan { commitment: 0.14, discount: 0.27 };
    let saved = two_hours(Billing { savings_plan: Some(plan), ..Billing::default() });
    let left = 3.0 * (1.0 - 0.14 / (3.0 * 0.096 * 0.73));
    assert_close(item(&saved, "m5.large instance-hours").quantity, left);
    assert_close(item(&saved, "Compute Savings Plan").usd, 0.28);
    // What is reserved comes first: one instance of the first hour is left, at $0.07008.
    let both = Billing { reserved: vec![m5(2, None)], savings_plan: Some(plan), ..Billing::default() };
    assert!(two_hours(both).items.iter().all(|item| item.what != "m5.large instance-hours"));
}

/// Four are reserved as capacity: one runs empty in the first hour, three in the second.
#[test]
fn a_capacity_reservation_is_paid_for_where_it_runs_empty() {
    let held = two_hours(Billing { capacity: vec![m5(4, None)], ..Billing::default() });
    assert_close(item(&held, "m5.large capacity reservation, not used").usd, 4.0 * 0.096);
    assert_close(item(&held, "m5.large instance-hours").usd, 4.0 * 0.096);
    // Reserved Instances pay for it as well: of eight hours four are left.
    let both = Billing { capacity: vec![m5(4, None)], reserved: vec![m5(2, None)], ..Billing::default() };
    let both = two_hours(both);
    let left = item(&both, "m5.large instance-hours").quantity
        + item(&both, "m5.large capacity reservation, not used").quantity;
    assert_close(left, 4.0);
}

/// A month with three events of two hours, and 724 hours like the second of them, which has one instance: 3 x 4 + 724 hours.
#[test]
fn a_month_has_events_and_ordinary_hours() {
    let ordinary = Some((HOUR, HOUR * 2));
    let month = |plan: MonthPlan| {
        let all = two_hours(Billing { month: Some(plan), ..Billing::default() });
        item(&all, "m5.large instance-hours").month_usd / 0.096
    };
    assert_close(month(MonthPlan { events: 3, ordinary }), 12.0 + 724.0);
    // Without a word an ordinary hour is the median one: of 3 and 1 that is 2.
    assert_close(month(MonthPlan { events: 3, ordinary: None }), 12.0 + 2.0 * 724.0);
    assert_close(month(MonthPlan { events: 0, ordinary }), 730.0);
}

/// One hour: two instances all of it, and eight more from 20 to 50 minutes. Two are reserved. The event has 2 + 4 - 2 = 4 hours on demand. An ordinary hour is like the first quarter: two
/// instances, both reserved, so that the rest of the month has none.
#[test]
fn what_is_reserved_covers_an_ordinary_hour_by_itself() {
    let ordinary = Some((Time::ZERO, HOUR / 4));
    let of = |reserved: Vec<Reserved>| {
        let billing =
            Billing { reserved, month: Some(MonthPlan { events: 1, ordinary }), ..Billing::default() };
        let fleets = vec![sample::fleet("m5.large")];
        let scenario =
            Scenario { billing, ..sample::of("us-east-1", Settings { fleets, ..Settings::default() }) };
        let mut spans = vec![(0.0, 3_600.0); 2];
        spans.extend([(1_200.0, 3_000.0); 8]);
        let all =
            bill(&scenario, &Usage { duration: HOUR, counted: [lives(&spans)].into(), ..Usage::default() });
        item(&all, "m5.large instance-hours").month_usd / 0.096
    };
    assert_close(of(vec![m5(2, None)]), 4.0);
    assert_close(of(Vec::new()), 6.0 + 2.0 * 729.0);
}

/// Two hours with two reserved as capacity: one instance all the time, and three more in the second half of each hour. In the first halves one runs empty, an hour in all; what runs more in the
/// second halves makes up for none of it.
#[test]
fn a_capacity_reservation_is_counted_by_the_second() {
    let billing = Billing { capacity: vec![m5(2, None)], ..Billing::default() };
    let fleets = vec![sample::fleet("m5.large")];
    let scenario =
        Scenario { billing, ..sample::of("us-east-1", Settings { fleets, ..Settings::default() }) };
    let mut spans = vec![(0.0, 7_200.0)];
    spans.extend([(1_800.0, 3_600.0); 3]);
    spans.extend([(5_400.0, 7_200.0); 3]);
    let all =
        bill(&scenario, &Usage { duration: HOUR * 2, counted: [lives(&spans)].into(), ..Usage::default() });
    assert_close(item(&all, "m5.large capacity reservation, not used").quantity, 1.0);
}

/// 150 GB to the internet, of which 100 are free.
#[test]
fn the_first_gigabytes_to_the_internet_are_free() {
    let of = |free_tier: bool| {
        let billing = Billing { free_tier, ..Billing::default() };
        let scenario = Scenario { billing, ..sample::empty("us-east-1") };
        let usage = Usage {
            duration: HOUR,
            internet_out: [(None, vec![Bytes(150 * GB)])].into(),
            ..Usage::default()
        };
        bill(&scenario, &usage).total_usd
    };
    assert_close(of(false), 150.0 * 0.09);
    assert_close(of(true), 50.0 * 0.09);
}

/// The first example of the pricing page of AWS Lambda: 3 million requests of 120 ms with 1,536 MB are 540,000 GB-seconds, of which 400,000 are free, and 2 million requests
/// that are not: $2.33 and $0.40, $2.73 in all. The same by two functions, of which one has a third.
#[test]
fn the_example_of_the_page_of_lambda() {
    let function = |name: &str| {
        let mut function = sample::shop().kinds.lambdas.remove(0);
        function.name = name.into();
        function
    };
    // Milliseconds of one gigabyte.
    let used =
        |part: f64| Used { hours: vec![3e6 * part], more: vec![vec![540e6 * part]], ..Used::default() };
    let of = |lambdas: Vec<_>, parts: &[f64]| {
        let billing = Billing { free_tier: true, ..Billing::default() };
        let scenario =
            Scenario { billing, ..sample::of("us-east-1", Settings { lambdas, ..Settings::default() }) };
        let counted = parts.iter().enumerate().map(|(index, part)| ((Kind::Lambda, index), used(*part)));
        bill(&scenario, &Usage { duration: HOUR, counted: counted.collect(), ..Usage::default() }).total_usd
    };
    let by_hand = 140_000.0 * 0.000_016_666_7 + 2.0 * 0.2;
    assert!((by_hand - 2.73_f64).abs() < 0.005);
    assert_close(of(vec![function("one")], &[1.0]), by_hand);
    assert_close(of(vec![function("one"), function("two")], &[1.0 / 3.0, 2.0 / 3.0]), by_hand);
}

/// $200 for 4,000 orders, and 100 that failed.
#[test]
fn orders_cost_what_the_event_costs() {
    let billing = Billing { orders: vec![ClassId(0)], order_value: Some(60.0), ..Billing::default() };
    let scenario = Scenario { billing, ..sample::shop() };
    let of = |placed: f64| {
        orders(&scenario, &Bill { total_usd: 200.0, ..Bill::default() }, |_| (placed, 100.0)).unwrap()
    };
    let some = of(4_000.0);
    assert_eq!((some.per_order_usd, some.lost_usd, some.completed), (Some(0.05), Some(6_000.0), 4_000.0));
    assert_eq!(of(0.0).per_order_usd, None);
    assert!(orders(&sample::shop(), &Bill::default(), |_| (1.0, 1.0)).is_none());
}
