//! The scenario while it is made. In: tables from each family of resources. Out: all of them with unique names, and what became of
//! each resource.

use std::collections::{BTreeMap, BTreeSet};

use super::clean;
use super::table::{Item, Table};
use super::world::World;

/// A fleet: instances or tasks.
#[derive(Debug)]
pub struct Fleet {
    /// Its table.
    pub table: Table,
    /// The resource that it is made of, and those that describe its instances.
    pub parts: BTreeSet<usize>,
    /// Whether its instances are tasks.
    pub tasks: bool,
    /// Whether its instances carry tasks.
    pub cluster: bool,
    /// Dynamic policies.
    pub policies: Vec<Item>,
    /// Scheduled actions.
    pub schedule: Vec<Item>,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its table.
    pub table: Table,
    /// The resource, its aliases and its versions.
    pub parts: BTreeSet<usize>,
    /// Whether it only helps to make other resources, and nobody calls it then.
    pub helper: bool,
}

/// A balancer with what stands behind it.
#[derive(Debug)]
pub struct Balancer {
    /// Its table.
    pub table: Table,
    /// The resource, its listeners and its target groups.
    pub parts: BTreeSet<usize>,
    /// Whether only hosts inside reach it.
    pub internal: bool,
    /// Fleets that get what no rule takes.
    pub default: Vec<usize>,
    /// Path, host and fleets of each rule.
    pub rules: Vec<(Option<String>, Option<String>, Vec<usize>)>,
}

/// Something with data or messages.
#[derive(Debug)]
pub struct Store {
    /// Its table, by whose kind it is known.
    pub table: Table,
    /// The resources that it is made of.
    pub parts: BTreeSet<usize>,
    /// Fleets and functions that take messages from it.
    pub workers: Option<Worker>,
}

/// Who works on messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Worker {
    /// A fleet.
    Fleet(usize),
    /// A function.
    Function(usize),
}

/// What stands before balancers: distributions, APIs, names.
#[derive(Debug)]
pub struct Front {
    /// Its table.
    pub table: Table,
    /// The resources that it is made of.
    pub parts: BTreeSet<usize>,
    /// What it sends requests to.
    pub to: Vec<Onward>,
}

/// Where a distribution, an API or a name sends requests.
#[derive(Clone, Debug)]
pub struct Onward {
    /// Of which path, where it tells them apart.
    pub path: Option<String>,
    /// The name of a table.
    pub to: String,
    /// Whether copies of answers are kept.
    pub kept: bool,
}

impl Onward {
    /// All requests go to this table, and nothing is kept.
    pub fn all(to: &str) -> Onward {
        Onward { path: None, to: to.to_owned(), kept: false }
    }
}

/// All of it.
#[derive(Debug)]
pub struct Draft<'w> {
    /// What was read.
    pub world: &'w World,
    /// Groups of instances and services of tasks.
    pub fleets: Vec<Fleet>,
    /// Functions.
    pub functions: Vec<Function>,
    /// Balancers.
    pub balancers: Vec<Balancer>,
    /// Caches, databases, queues and the like.
    pub stores: Vec<Store>,
    /// APIs, distributions, names.
    pub fronts: Vec<Front>,
    /// Tables that stand for themselves: alarms, web ACLs, gateways.
    pub others: Vec<Table>,
    /// What became of a resource.
    pub became: BTreeMap<usize, String>,
    /// Remarks on resources that became nothing.
    pub remarks: Vec<String>,
    /// Stores that an API calls by itself, without a function.
    pub direct: BTreeSet<usize>,
    /// Whether something goes by a calendar.
    pub dated: bool,
    /// The resource that each table stands for, by its name.
    pub mains: BTreeMap<String, usize>,
    taken: BTreeSet<String>,
}

impl<'w> Draft<'w> {
    /// Nothing yet.
    pub fn new(world: &'w World) -> Draft<'w> {
        Draft {
            world,
            fleets: Vec::new(),
            functions: Vec::new(),
            balancers: Vec::new(),
            stores: Vec::new(),
            fronts: Vec::new(),
            others: Vec::new(),
            became: BTreeMap::new(),
            remarks: Vec::new(),
            direct: BTreeSet::new(),
            dated: false,
            mains: BTreeMap::new(),
            taken: BTreeSet::from(["visitors".to_owned()]),
        }
    }

    /// A new table for a resource, which has the address of that above it.
    pub fn table(&mut self, kind: &'static str, of: usize) -> Table {
        let resource = &self.world.resources[of];
        let mut base = clean::name(&resource.label);
        if base.is_empty() {
            base = kind.to_owned();
        }
        let ending = match kind {
            "balancer" => "lb",
            "distribution" => "cdn",
            other => other,
        };
        let candidates = [base.clone(), format!("{base}-{ending}")];
        let numbered = (2..).map(|i| format!("{base}-{ending}-{i}"));
        let name =
            candidates.into_iter().chain(numbered).find(|name| !self.taken.contains(name)).unwrap_or(base);
        self.taken.insert(name.clone());
        self.mains.insert(name.clone(), of);
        self.became.insert(of, format!("{kind} {name}"));
        let mut table = Table::new(kind, &name);
        table.head(resource.shown.clone());
        for doubt in &resource.doubts {
            table.note(doubt.clone());
        }
        table
    }

    /// Says that a resource is part of a table.
    pub fn part(&mut self, of: usize, table: &Table) {
        self.became.entry(of).or_insert_with(|| format!("{} {}", table.kind(), table.name()));
    }

    /// The fleet that a resource became, or of which it is a part.
    pub fn fleet_of(&self, resource: usize) -> Option<usize> {
        self.fleets.iter().position(|fleet| fleet.parts.contains(&resource))
    }

    /// The function that a resource became, or of which it is a part.
    pub fn function_of(&self, resource: usize) -> Option<usize> {
        self.functions.iter().position(|function| function.parts.contains(&resource))
    }

    /// The balancer of which a resource is a part.
    pub fn balancer_of(&self, resource: usize) -> Option<usize> {
        self.balancers.iter().position(|balancer| balancer.parts.contains(&resource))
    }

    /// The store of a kind of which one of these resources is a part.
    pub fn store_of(&self, resources: &BTreeSet<usize>, kind: &str) -> Option<usize> {
        let fits = |store: &Store| store.table.kind() == kind && !store.parts.is_disjoint(resources);
        self.stores.iter().position(fits)
    }

    /// How a resource is shown.
    pub fn shown(&self, resource: usize) -> &'w str {
        &self.world.resources[resource].shown
    }

    /// A remark on a resource that becomes no table.
    pub fn remark(&mut self, resource: usize, why: &str) {
        self.became.entry(resource).or_insert_with(|| "a remark".to_owned());
        let text = format!("{}: {why}", self.shown(resource));
        if !self.remarks.contains(&text) {
            self.remarks.push(text);
        }
    }
}

/// Seconds as a duration.
pub fn seconds(number: f64) -> String {
    let whole = number.round() as u64;
    match whole {
        0 => "0s".to_owned(),
        _ if whole.is_multiple_of(86_400) => format!("{}d", whole / 86_400),
        _ if whole.is_multiple_of(3_600) => format!("{}h", whole / 3_600),
        _ if whole.is_multiple_of(60) => format!("{}m", whole / 60),
        _ => format!("{whole}s"),
    }
}

/// The nearest number that the language takes; where it is another one than the files say, that is said.
pub fn nearest(table: &mut Table, key: &str, value: f64, from: f64, to: f64) -> f64 {
    let taken = value.clamp(from, to);
    if taken != value {
        table.note(format!(
            "`{key}` is {value} in the files: here {taken}, for the language takes {from} to {to}"
        ));
    }
    taken
}

/// The same for a whole number.
pub fn nearest_whole(table: &mut Table, key: &str, value: u64, from: u64, to: u64) -> u64 {
    nearest(table, key, value as f64, from as f64, to as f64) as u64
}

/// A number where it is in a range, or nothing, and says why not.
pub fn in_range(table: &mut Table, key: &str, value: Option<f64>, from: f64, to: f64) -> Option<f64> {
    let value = value?;
    let fits = (from..=to).contains(&value);
    if !fits {
        table.note(format!("`{key}` is outside of what AWS and the language take: left at its default"));
    }
    fits.then_some(value)
}

/// Sets a duration that the language takes, or says why not.
pub fn duration(table: &mut Table, key: &str, value: Option<f64>, from: f64, to: f64) {
    match value {
        Some(value) if (from..=to).contains(&value) => _ = table.set(key, seconds(value)),
        Some(_) => {
            _ = table
                .note(format!("`{key}` is outside of what AWS and the language take: left at its default"))
        }
        None => {}
    }
}

/// Sets a number that the language takes, or says why not.
pub fn whole(table: &mut Table, key: &str, value: Option<f64>, from: u64, to: u64) {
    match value {
        Some(value) if (from as f64..=to as f64).contains(&value) => _ = table.set(key, value.round() as u64),
        Some(_) => {
            _ = table
                .note(format!("`{key}` is outside of what AWS and the language take: left at its default"))
        }
        None => {}
    }
}
