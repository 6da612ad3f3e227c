//! The reference of the scenario language: every table, key, default and source, and examples.
//!
//! In: the [`Shape`] that each reader keeps beside itself and reads by. Out: Markdown.
//! A reader cannot ask for a key that its shape does not list, so the page cannot fall behind the code.

use std::fmt::Write as _;

use super::request::language as request;
use super::{availability, billing, client, objective, plan, root, traffic, users};
use crate::catalog::{self, InstanceType};
use crate::kind::code::Code;
use crate::kind::table::PLACED_SHAPE;
use crate::kind::{self, account, keys, location, retry};
use crate::language::names::Named;
use crate::language::rhythm;
use crate::language::shape::{Absent, Shape};
use crate::number::setting;

/// Tables of traffic and of those who send it.
pub(super) const HEAD: &[&Shape] = &[
    &root::SHAPE,
    &traffic::SHAPE,
    &traffic::counts::SHAPE,
    &traffic::curve::SPIKE_SHAPE,
    &rhythm::DAILY_SHAPE,
    &traffic::replay::SHAPE,
    &users::SHAPE,
    &client::SHAPE,
    &retry::RETRIES_SHAPE,
    &request::SHAPE,
];

/// Tables of how the account pays.
pub(super) const BILL: &[&Shape] =
    &[&billing::SHAPE, &billing::RESERVED_SHAPE, &billing::SAVINGS_SHAPE, &billing::MONTH_SHAPE];

/// Every table of the language, in reading order.
pub fn shapes() -> impl Iterator<Item = &'static Shape> {
    let kinds = kind::TABLES.iter().flat_map(|words| words.shapes.iter().copied());
    HEAD.iter()
        .copied()
        .chain(request::shapes())
        .chain([&keys::SHAPE, &location::SHAPE, &PLACED_SHAPE])
        .chain(kinds)
        .chain([&account::SHAPE, &objective::SHAPE, &availability::SHAPE, &plan::SHAPE])
        .chain(BILL.iter().copied())
}

/// The reference of the language in Markdown.
pub fn reference() -> String {
    let mut page = String::from(PREFACE);
    for shape in shapes() {
        let _ = write!(page, "\n## `{}`\n\n{}\n\n", shape.title, shape.about);
        page.push_str("| Key | Value | Default | Meaning | Source of the default |\n|---|---|---|---|---|\n");
        for key in shape.keys {
            let (default, source) = match key.absent {
                Absent::Required => ("required".to_owned(), ""),
                Absent::Default(show) => {
                    let (value, source) = show();
                    (format!("`{value}`"), source)
                }
                Absent::Words(words) => (words.to_owned(), ""),
            };
            let row = [&format!("`{}`", key.name), key.value, &default, key.about, source]
                .map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(page, "| {} |", row.join(" | "));
        }
    }
    page.push_str(GAUGES);
    for dial in kind::GAUGES.iter().copied().flatten() {
        let by = if dial.own { "you" } else { "AWS" };
        let _ = writeln!(page, "| `{}.NAME.{}` | {} | {by} |", dial.kind.table(), dial.name, dial.about);
    }
    page.push_str(INSTANCES);
    for family in catalog::families() {
        let size = |it: &InstanceType| {
            let size = it.name.split('.').next_back().unwrap_or_default();
            format!("{size} {} × {} ({}{})", it.vcpus, it.memory.as_gib(), network_of(it), credits_of(it))
        };
        let sizes: Vec<String> = catalog::sizes(family).map(size).collect();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} |",
            family.name,
            family.strength,
            sizes.join(", "),
            family.source
        );
    }
    page.push_str(WARNINGS);
    for code in Code::ALL {
        let _ = writeln!(page, "| `{}` | {} |", code.name(), code.about());
    }
    page.push_str(RESULTS);
    page.push_str(EXAMPLES);
    page
}

/// `0.75–10 Gbit/s`: what a type may send for ever, and what in a burst.
fn network_of(instance: &InstanceType) -> String {
    let (baseline, burst) = (catalog::bandwidth(&instance.name), catalog::burst_bandwidth(&instance.name));
    let gbps = |bits: f64| (bits / 1e6).round() / 1e3;
    match baseline.zip(burst) {
        Some((baseline, burst)) if burst > baseline => format!("{}–{} Gbit/s", gbps(baseline), gbps(burst)),
        Some((baseline, _)) => format!("{} Gbit/s", gbps(baseline)),
        None => String::new(),
    }
}

/// `; 10 %, 144 credits`: the baseline of each vCPU that earned credits pay for, and the most credits that are kept.
fn credits_of(instance: &InstanceType) -> String {
    let credits = catalog::burstable(&instance.name);
    credits.map_or(String::new(), |it| {
        let launch = if it.launch > 0.0 { format!(", {} at launch", it.launch) } else { String::new() };
        format!("; {}, {} credits{launch}", setting(it.baseline), it.balance)
    })
}

const GAUGES: &str = "
## Gauges

A policy or an [alarm.NAME] can go by a gauge of any resource, as by a custom metric: `metric = \"queue.orders.age\"`. It is read
at the end of each period. What you publish, and AWS does not, is on the bill as a custom metric: $0.30 a month in us-east-1, and
$0.01 for 1,000 requests that publish it, one each minute, or each period of an alarm if that is shorter.

| Gauge | Shows | Published by |
|---|---|---|
";

const INSTANCES: &str = "
## Instance types

`instance = \"FAMILY.SIZE\"` of a fleet. The strength is the work of one busy vCPU in one second, relative to the m5 family; for
each size there are its vCPUs × its GiB of memory; what its network carries for ever, and in a burst; and of T types the CPU share of
each vCPU that the earned credits pay for, and the most credits that it keeps. Sources: sizes, Karpenter's list of instance types (2026-08), which is that of the
EC2 API; strengths *as measured* are requests/s of a Spring Boot service (github Atom-oh/aws-ec2-benchmark, 2026-07), checked
against other benchmarks; the scores are over that of m5. Any other hardware: `instance = { vcpus, memory, strength }`.

| Family | Strength | Sizes | Source of the strength |
|---|---|---|---|
";

const WARNINGS: &str = "
## Warnings

`simcap check` and the page of a run warn of what can run, but is rarely intended. A warning does not change how a command
ends, but for `check --deny-warnings`. `allow = [\"NAME\"]` at the top of the file accepts one.

| Name | Warns of |
|---|---|
";

/// The form in which results refer to tables.
const RESULTS: &str = include_str!("reference/results.md");

/// Whole scenarios for what tables do not show; a test reads and runs every one.
const EXAMPLES: &str = include_str!("reference/examples.md");

const PREFACE: &str = "\
# The scenario language

A scenario is one TOML 1.0 file. Resources are tables keyed by kind and name, such as `[fleet.web]`; names are free.
Quantities are text with a unit:

- a *duration* is `\"250ms\"`, `\"1.5s\"`, `\"1h30m\"` (ns, us, ms, s, m, h, d);
- a *rate* is `\"400/s\"`, `\"90/min\"` or `\"1.2k/s\"`;
- *data* is `\"2 GiB\"` or `\"30 KB\"`; a *share* is `\"99.9%\"`;
- a *law* is a span of time that may vary: `\"6ms\"` (constant), `\"exponential 6ms\"`, `\"erlang-4 6ms\"`,
  `\"lognormal 6ms cv 0.5\"`, `\"hyperexponential 6ms cv 3\"` (two phases with balanced means), `\"gamma 6ms cv 0.7\"`,
  `\"weibull 6ms shape 1.5\"`, `\"uniform 5ms 15ms\"`, or `\"empirical times.csv\"`: the first column of a file beside
  the scenario, one duration a line, in seconds where it has no unit;
- two figures of a time are a law, too: `\"p50 30ms p99 200ms\"`, or `\"mean 45ms p99 200ms\"`, with any percentiles in any order. It is
  the log-normal law that has both: σ = ln(x₂ / x₁) / (z₂ − z₁) and µ = ln x₁ − σ z₁, with the normal quantiles z of the two
  percentiles x (Johnson, Kotz, Balakrishnan, Continuous Univariate Distributions, chapter 14). Of a mean and a percentile
  above it two laws have both, and the one with less spread is meant. One or three figures are an error;
- CPU time of a step can be said by a rate at which the instance was so busy: `cpu = \"50/s at 80%\"`. By the utilisation law (Lazowska
  and others, Quantitative System Performance, section 3.2) that is 80 % × vCPUs × strength / 50 for each request, of the
  instance type of the fleet on which the step runs, or of another one: `\"50/s at 80% on m5.large\"`. It means requests of this step
  alone, and can be the mean of any law: `\"exponential 50/s at 80%\"`, `\"lognormal 50/s at 80% cv 0.5\"`;
- a *demand* is a law, or `\"replay trace.csv.gz column service_us unit us\"`: what was recorded, row by row. The k-th
  request of a source takes the value of the k-th row, on every attempt and wherever its path uses the column; behind
  the last row comes the first again. The first line names the columns; the unit is ns, us, ms or s, the default.
  `plus 300us` at the end adds as much to every value;
- *keys* are the name of a `[keys.NAME]` table, or `{ count = 1000, zipf = 0.9 }` in place.

A key that is not listed here is an error. `--set path.to.key=value` replaces a value from the command line.
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::id::Kind;
    use crate::language::names::Named;
    use crate::measure::resource::Resource;

    #[test]
    fn every_default_has_a_source() {
        let mut defaults = 0;
        for shape in shapes() {
            for key in shape.keys {
                let Absent::Default(show) = key.absent else { continue };
                defaults += 1;
                let (value, source) = show();
                assert!(!value.is_empty() && source.len() > 10, "{} {}: {source:?}", shape.title, key.name);
                // The page has it as code, which cannot be inside of code.
                assert!(!value.contains('`'), "{} {}: {value}", shape.title, key.name);
            }
        }
        assert!(defaults > 50);
    }

    /// Words that state a value, and not only that there is none, or which other key counts.
    fn states_a_value(words: &str) -> bool {
        let words = words.strip_prefix("none").unwrap_or(words);
        let is_literal = |part: &str| {
            let first = part.chars().next().unwrap_or(' ');
            first == '"'
                || first.is_ascii_digit()
                || ["true", "false"].contains(&part)
                || part.starts_with("{ ")
        };
        let bare = words.split(' ').next().unwrap_or_default().trim_end_matches([':', ';', ',']);
        is_literal(bare) || words.split('`').skip(1).step_by(2).any(is_literal)
    }

    /// As a default with a value of its own: in brackets behind it.
    #[test]
    fn every_default_in_words_has_a_source() {
        assert!(
            states_a_value("`\"never\"`") && states_a_value("as there, else `3`") && states_a_value("0: all")
        );
        assert!(states_a_value("true unless it is") && states_a_value("12,000 and 4,000"));
        assert!(!states_a_value("that of [account]") && !states_a_value("`item` of the table"));
        let mut values = 0;
        for shape in shapes() {
            for key in shape.keys {
                let Absent::Words(words) = key.absent else { continue };
                if words.starts_with("required") || !states_a_value(words) {
                    continue;
                }
                values += 1;
                let source = words.split_once(" (").map(|(_, source)| source).unwrap_or_default();
                let has_source = source.len() > 10 || words.contains("assumption: ");
                assert!(has_source, "{} {}: {words:?} has no source", shape.title, key.name);
            }
        }
        assert!(values > 100, "{values}");
    }

    #[test]
    fn every_table_of_a_kind_has_its_key_at_the_top_and_its_shape_in_the_order_of_the_ids() {
        let titles: Vec<&str> = shapes().map(|shape| shape.title).collect();
        let top: Vec<&str> = root::SHAPE.keys.iter().map(|key| key.name).collect();
        let tables = kind::TABLES.map(|words| words.kind.table());
        assert_eq!(tables.iter().collect::<BTreeSet<_>>().len(), tables.len());
        for table in tables {
            assert!(top.contains(&table), "{table} is no key of the top level");
            assert!(
                titles.contains(&format!("[{table}.NAME]").as_str()),
                "[{table}.NAME] is not in the reference"
            );
        }
        let order = |table: &str| Kind::TABLES.iter().position(|known| *known == table);
        assert!(tables.is_sorted_by_key(|table| order(table)), "{tables:?}");
    }

    /// What `part` can be is what serde says when it is none of them.
    #[test]
    fn every_part_of_a_resource_is_in_the_text_on_results() {
        let nothing = serde_json::json!({ "nothing": {} });
        let unknown = serde_json::from_value::<Resource>(nothing).unwrap_err().to_string();
        let (_, parts) = unknown.split_once("expected one of ").unwrap();
        let parts: Vec<&str> = parts.split(", ").map(|it| it.trim_matches('`')).collect();
        assert!(parts.len() > 15 && parts.contains(&"cpu"), "{parts:?}");
        let missing: Vec<&str> =
            parts.into_iter().filter(|part| !RESULTS.contains(&format!("`{part}`"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_verb_of_a_path_is_that_of_one_shape() {
        let steps = request::shapes().filter(|shape| !shape.title.ends_with("in a transaction"));
        let verbs: Vec<&str> = steps.map(|shape| shape.keys[0].name).collect();
        assert_eq!(verbs.iter().collect::<BTreeSet<_>>().len(), verbs.len(), "{verbs:?}");
        for shape in kind::Step::shapes() {
            assert_eq!(shape.title, format!("{{ {} = … }}", shape.keys[0].name));
        }
    }
}
