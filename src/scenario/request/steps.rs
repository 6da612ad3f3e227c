//! How a request writes its steps. In: `{ cpu = "6ms" }` and its like. Out: [`Step`]s, checked against the tier they are in.

use super::language::{FILL, SAME, inner_verbs};
use super::path::{Statement, Step, Target, TransactionStep};
use super::scope::Scope;
use super::tiers::{Tiers, entered, inside_a_tier, pool};
use crate::dist::Law;
use crate::id::{CacheId, DatabaseId, FleetId, KeySpaceId, Kind, UNKNOWN};
use crate::kind;
use crate::language::names::list;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::scenario::foreign;
use crate::units::Time;

/// Deepest nesting of steps.
const DEPTH_MAX: u32 = 16;
/// Most steps of all requests together.
const STEPS_MAX: usize = 10_000;
/// Most statements of one transaction.
const STATEMENTS_MAX: usize = 200;

const NO_LAW: Law = Law::Constant(Time::ZERO);

/// The verb of a shape: its first key.
fn verb_of(shape: &Shape) -> &'static str {
    shape.keys.first().map_or("", |key| key.name)
}

/// The shape of a step by its one verb.
fn shape(value: Value, shapes: &[&'static Shape]) -> Option<&'static Shape> {
    let table = value.as_table("a step such as { cpu = \"6ms\" }")?;
    let verbs = || shapes.iter().map(|shape| verb_of(shape));
    let mut found: Vec<&'static str> = verbs().filter(|verb| table.contains_key(*verb)).collect();
    // It also modifies a `write`.
    if found.contains(&"write") {
        found.retain(|verb| *verb != "invalidate");
    }
    match found.as_slice() {
        [verb] => return shapes.iter().copied().find(|shape| shape.is_of(verb)),
        [] => {
            let close = table
                .iter()
                .find_map(|(key, _)| value.cx.closest(key.get_ref(), verbs()).map(|verb| (key.span(), verb)));
            match close {
                Some((span, verb)) => value.cx.push(
                    Problem::at(&span, "a step that does nothing").hint(format!("did you mean `{verb}`?")),
                ),
                None => {
                    let known = table.keys().find_map(|key| foreign::step(key.get_ref()));
                    let hint = known
                        .unwrap_or_else(|| format!("a step has one of {}", list(&Vec::from_iter(verbs()))));
                    value.problem("a step that does nothing", hint);
                }
            }
        }
        [first, second, ..] => value.problem(
            format!("a step that is both `{first}` and `{second}`"),
            "one step does one thing: write two steps",
        ),
    }
    None
}

impl Scope<'_> {
    /// Reads a list of steps, or a single one.
    pub(super) fn steps(&self, value: Value, tiers: Tiers) -> Option<Vec<Step>> {
        if self.depth.get() >= DEPTH_MAX {
            value.problem("steps are nested too deeply", format!("at most {DEPTH_MAX} levels are possible"));
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let steps = value.one_or_more(STEPS_MAX).map(|entries| {
            let before = self.steps.get();
            self.steps.set(before + entries.len());
            if before <= STEPS_MAX && self.steps.get() > STEPS_MAX {
                value.problem("too many steps", format!("at most {STEPS_MAX} in all requests together"));
            }
            let mut steps = Vec::with_capacity(entries.len());
            for entry in entries {
                if let Some(shape) = shape(entry, &self.verbs) {
                    entry.table(shape, |reader| self.step(verb_of(shape), reader, tiers, &mut steps));
                }
            }
            steps
        });
        self.depth.set(self.depth.get() - 1);
        steps
    }

    fn step(&self, verb: &str, reader: &Reader, tiers: Tiers, steps: &mut Vec<Step>) {
        let step = match verb {
            "cpu" => Step::Cpu(reader.must("cpu", |value| self.cpu(value, tiers), NO_LAW)),
            "delay" => Step::Delay(reader.must("delay", Value::demand, NO_LAW)),
            "cache" => self.lookup(reader, tiers),
            "invalidate" => {
                let cache = reader.must("invalidate", Value::id, CacheId(UNKNOWN));
                let fixed = self.fixed_hit_ratio(cache).is_some();
                Step::Invalidate { cache, keys: self.keys(reader, cache, fixed) }
            }
            "read" => Step::Read(self.read(reader, tiers)),
            "write" => return self.write(reader, tiers, steps),
            "transaction" => self.transaction(reader, tiers),
            "call" => self.call(reader, tiers),
            _ => match kind::Step::read(verb, reader) {
                Some(step) => Step::Of(step),
                None => return,
            },
        };
        steps.push(step);
    }

    fn cpu(&self, value: Value, tiers: Tiers) -> Option<Law> {
        inside_a_tier(&value, tiers);
        value.demand()
    }

    fn keys(&self, reader: &Reader, cache: CacheId, fixed: bool) -> KeySpaceId {
        let resource = (Kind::Cache, cache.0);
        let keys = match reader.get("keys") {
            Some(value) => self.population(value, resource),
            None if fixed || cache == CacheId(UNKNOWN) => {
                self.populations.borrow_mut().single(self.cx, resource)
            }
            None => {
                reader.missing(&["keys"]);
                None
            }
        };
        keys.unwrap_or(KeySpaceId(UNKNOWN))
    }

    fn lookup(&self, reader: &Reader, tiers: Tiers) -> Step {
        let cache = reader.must("cache", Value::id, CacheId(UNKNOWN));
        let hit_ratio = reader.maybe("hit_ratio", Value::share).or(self.fixed_hit_ratio(cache));
        Step::Lookup {
            cache,
            keys: self.keys(reader, cache, hit_ratio.is_some()),
            same: same(reader, "keys"),
            hit_ratio,
            miss: reader.maybe("miss", |value| self.steps(value, tiers)).unwrap_or_default(),
            fill: reader.or("fill", Value::flag, FILL.value),
        }
    }

    fn database(&self, reader: &Reader, key: &'static str, tiers: Tiers) -> DatabaseId {
        let database = |value: Value| {
            let database = value.id()?;
            pool(self, &value.span(), database, tiers);
            Some(database)
        };
        reader.must(key, database, DatabaseId(UNKNOWN))
    }

    fn read(&self, reader: &Reader, tiers: Tiers) -> Statement {
        let database = self.database(reader, "read", tiers);
        Statement {
            database,
            demand: reader.must("demand", Value::demand, NO_LAW),
            rows: reader.maybe("rows", |value| self.population(value, (Kind::Database, database.0))),
            same: same(reader, "rows"),
            lock: false,
        }
    }

    fn write(&self, reader: &Reader, tiers: Tiers, steps: &mut Vec<Step>) {
        let database = self.database(reader, "write", tiers);
        let cache = reader.maybe("invalidate", Value::id::<CacheId>);
        // Rows written in place are the keys of the cache that they invalidate.
        let resource = match cache {
            Some(cache) => (Kind::Cache, cache.0),
            None => (Kind::Database, database.0),
        };
        let rows = reader.maybe("rows", |value| self.population(value, resource));
        let demand = reader.must("demand", Value::demand, NO_LAW);
        let same = same(reader, "rows");
        steps.push(Step::Write(Statement { database, demand, rows, same, lock: lock(reader, rows) }));
        match (cache, rows) {
            (Some(cache), Some(keys)) => steps.push(Step::Invalidate { cache, keys }),
            (Some(_), None) if reader.get("rows").is_none() => reader.missing(&["rows"]),
            _ => {}
        }
    }

    fn transaction(&self, reader: &Reader, tiers: Tiers) -> Step {
        let database = self.database(reader, "transaction", tiers);
        let inner = |value: Value| {
            let mut statements = Vec::new();
            let verbs: Vec<&Shape> = inner_verbs().collect();
            for entry in value.one_or_more(STATEMENTS_MAX)? {
                if let Some(shape) = shape(entry, &verbs) {
                    statements.extend(entry.table(shape, |reader| {
                        self.transaction_step(verb_of(shape), reader, database, tiers)
                    }));
                }
            }
            if value.is_empty_array() {
                value.problem(
                    "a transaction that does nothing",
                    "write { read = \"2ms\" } or { write = \"2ms\" }",
                );
            }
            Some(statements)
        };
        Step::Transaction { database, statements: reader.must("steps", inner, Vec::new()) }
    }

    fn transaction_step(
        &self,
        verb: &str,
        reader: &Reader,
        database: DatabaseId,
        tiers: Tiers,
    ) -> TransactionStep {
        let rows = || reader.maybe("rows", |value| self.population(value, (Kind::Database, database.0)));
        match verb {
            "cpu" => TransactionStep::Cpu(reader.must("cpu", |value| self.cpu(value, tiers), NO_LAW)),
            "delay" => TransactionStep::Delay(reader.must("delay", Value::demand, NO_LAW)),
            "read" => TransactionStep::Read(Statement {
                database,
                demand: reader.must("read", Value::demand, NO_LAW),
                rows: rows(),
                same: same(reader, "rows"),
                lock: false,
            }),
            _ => {
                let rows = rows();
                let demand = reader.must("write", Value::demand, NO_LAW);
                let same = same(reader, "rows");
                TransactionStep::Write(Statement { database, demand, rows, same, lock: lock(reader, rows) })
            }
        }
    }

    fn call(&self, reader: &Reader, tiers: Tiers) -> Step {
        let target = reader.maybe("call", |value| self.target(value));
        if reader.get("call").is_none() {
            reader.missing(&["call"]);
        }
        let tiers = entered(self, reader, "call", target, tiers);
        Step::Call {
            target: target.unwrap_or(Target::Fleet(FleetId(UNKNOWN))),
            steps: reader.must("steps", |value| self.steps(value, &tiers), Vec::new()),
        }
    }
}

/// Whether a step takes the key that the request drew before; without a population there is none.
fn same(reader: &Reader, population: &'static str) -> bool {
    let same = |value: Value| {
        let same = value.flag()?;
        if same && reader.get(population).is_none() {
            value.problem("the same key of no population", format!("name the `{population}` as well"));
        }
        Some(same)
    };
    reader.or("same", same, SAME.value)
}

/// Whether a write locks its row; without rows there is nothing to lock.
fn lock(reader: &Reader, rows: Option<KeySpaceId>) -> bool {
    reader.or(
        "lock",
        |value| {
            let lock = value.flag()?;
            if lock && reader.get("rows").is_none() {
                value.problem("nothing to lock", "name the `rows` that the write touches");
            }
            Some(lock)
        },
        rows.is_some(),
    )
}
