//! Hardware that the catalog may not have. In: names of instance types, database classes, cache nodes and Regions. Out: one that the language
//! takes, and what to say if it is another one.

use super::table::Item;
use crate::catalog::{self, region::Region};

/// Sizes from the smallest to the largest; each has about twice the memory of the one before.
const SIZES: &[&str] = &[
    "nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "3xlarge", "4xlarge", "6xlarge",
    "8xlarge", "9xlarge", "10xlarge", "12xlarge", "16xlarge", "18xlarge", "24xlarge", "32xlarge", "48xlarge",
    "metal",
];

/// An instance type as a fleet takes it.
pub fn instance(name: &str) -> (Item, Option<String>) {
    if catalog::instance_type(name).is_some() {
        return (name.into(), None);
    }
    let Some((family, size)) = name.split_once('.').filter(|_| is_plausible(name)) else {
        return (Item::from("m5.large"), Some("ASSUMED: the type is not one that can be read".into()));
    };
    let burstable = family.starts_with('t');
    let vcpus: u64 = match size {
        "nano" | "micro" | "small" | "medium" => {
            if burstable {
                2
            } else {
                1
            }
        }
        "large" => 2,
        "metal" => 96,
        _ => size.trim_end_matches("xlarge").parse::<u64>().unwrap_or(1).clamp(1, 112) * 4,
    };
    let each = match family.chars().next() {
        Some('c') => 2,
        Some('r' | 'z' | 'i') => 8,
        Some('x' | 'u') => 16,
        _ => 4,
    };
    let memory = match size {
        "nano" => "0.5 GiB".to_owned(),
        "micro" => "1 GiB".to_owned(),
        "small" => "2 GiB".to_owned(),
        _ => format!("{} GiB", vcpus * each),
    };
    let item = Item::table([("vcpus", vcpus.into()), ("memory", memory.into()), ("name", name.into())]);
    (item, Some(format!("ASSUMED: {name} is not in the catalog; sizes by its name, strength that of m5")))
}

/// The database class that is nearest.
pub fn database(name: &str) -> (String, Option<String>) {
    nearest(name, &catalog::database_class_names(), "db.r6g.large")
}

/// The cache node that is nearest.
pub fn cache(name: &str) -> (String, Option<String>) {
    nearest(name, &catalog::cache_node_names(), "cache.m6g.large")
}

fn nearest(name: &str, known: &[&str], usual: &str) -> (String, Option<String>) {
    if known.contains(&name) {
        return (name.to_owned(), None);
    }
    if !is_plausible(name) || !name.contains('.') {
        return (usual.to_owned(), Some("ASSUMED: the class is not one that can be read".into()));
    }
    let distance = |other: &&&str| {
        let (size, others_size) = (rank(name), rank(other));
        let (family, others_family) = (family(name), family(other));
        let letter = usize::from(family.chars().next() != others_family.chars().next());
        let generation = digit(family).abs_diff(digit(others_family));
        let suffix = usize::from(family.ends_with('g') != others_family.ends_with('g'));
        // Size and kind of memory count far more than the generation.
        size.abs_diff(others_size) * 40 + letter * 60 + generation * 3 + suffix
    };
    let best = known.iter().min_by_key(distance).copied().unwrap_or(usual);
    (best.to_owned(), Some(format!("ASSUMED: the nearest in the catalog to {name}")))
}

/// Whether a text could be the name of hardware, and no secret.
pub fn is_plausible(name: &str) -> bool {
    name.len() < 32
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
}

fn rank(name: &str) -> usize {
    let size = name.rsplit('.').next().unwrap_or_default();
    SIZES.iter().position(|other| *other == size).unwrap_or(4)
}

fn family(name: &str) -> &str {
    let parts: Vec<&str> = name.split('.').collect();
    parts.get(parts.len().saturating_sub(2)).copied().unwrap_or_default()
}

fn digit(family: &str) -> usize {
    family.chars().find_map(|c| c.to_digit(10)).map_or(5, |digit| digit as usize)
}

/// Whether a code is that of a Region that is known.
pub fn is_region(code: &str) -> bool {
    Region::of(code).is_some()
}
