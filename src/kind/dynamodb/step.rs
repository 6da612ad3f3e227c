//! Steps at a table: `{ get_item = … }`, `{ put_item = … }` and their like, by the names of AWS. In: table, sizes, keys. Out: a [`Use`], and its ops.

use super::deed::{Deed, HALVES};
use super::item::ANY;
use super::language::DynamoTable;
use super::language::shapes::{ITEMS_MAX, QUERY_MAX};
use super::model::{Op, of};
use super::warning::{HOT_READS, HOT_WRITES};
use crate::dist::Law;
use crate::flow::number;
use crate::id::{KeySpaceId, Kind, TableId, UNKNOWN};
use crate::kind::keyed::{KEYS, SAME_KEY, same};
use crate::kind::path::{Leaves, PathOwner};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings, keys};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::measure::stage::StageKind;
use crate::units::{Bytes, Time};

/// A request to a table.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The table.
    pub table: TableId,
    /// What it does.
    pub deed: Deed,
    /// Size of an item, if not that of the table.
    pub item: Option<Bytes>,
    /// How many items it reads or writes.
    pub items: u32,
    /// Whether it reads what was written last, with strong consistency.
    pub consistent: bool,
    /// The population of which its item is one; any item without.
    pub keys: Option<KeySpaceId>,
    /// The share of the requests for that population which the most popular key gets.
    pub first_share: f64,
    /// Whether it is the key that the request drew before, if it has.
    pub same: bool,
}

/// Items of a query: 10.
pub const QUERY_ITEMS: Given<u32> =
    Given::new(10, "assumption: the articles of a basket, the orders of a client");
/// Items of a transaction: 2.
pub const TRANSACTION_ITEMS: Given<u32> =
    Given::new(2, "assumption: one that changes two items, such as an order and the stock");
/// Strong consistency: no.
pub const CONSISTENT: Given<bool> = Given::new(
    false,
    "Amazon DynamoDB developer guide, \"Read consistency\": eventually consistent reads are the default",
);

const ITEM: Key =
    Key::optional("item", "amount of data, up to 400 KB", "`item` of the table", "size of the item");
const EACH: Key =
    Key::optional("item", "amount of data, up to 400 KB", "`item` of the table", "size of each item");
const OF: Key = Key::optional(
    "keys",
    KEYS,
    "any item: all partitions are asked alike",
    "the population of which the item is one: requests for one key go to the partition that has it",
);
const READ: Key = Key::given(
    "consistent",
    "true or false",
    || CONSISTENT.show(),
    "`ConsistentRead`: reads what was written last, for twice the units",
);

/// Makes the language of a verb: its first key, then others.
macro_rules! verbs {
    ($($(#[$doc:meta])+ $NAME:ident $verb:literal $about:literal [$($key:expr),*];)*) => {
        $(
            $(#[$doc])+
            pub const $NAME: Shape = Shape {
                title: concat!("{ ", $verb, " = … }"),
                about: $about,
                keys: &[Key::required($verb, "name of a DynamoDB table", "the table"), $($key,)* OF, SAME_KEY],
            };
        )*
    };
}

verbs! {
    /// The language of `GetItem`.
    GET_SHAPE "get_item" "Read an item of a DynamoDB table." [ITEM, READ];
    /// The language of `PutItem`.
    PUT_SHAPE "put_item" "Write an item of a DynamoDB table: with `keys` in place of the one that is there, else a new one." [ITEM];
    /// The language of `UpdateItem`.
    UPDATE_SHAPE "update_item" "Change an item of a DynamoDB table. It takes units for all of the item." [ITEM];
    /// The language of `DeleteItem`.
    DELETE_SHAPE "delete_item" "Delete an item of a DynamoDB table." [ITEM];
    /// The language of `Query`.
    QUERY_SHAPE "query" "Read items of a DynamoDB table that share a partition key. Their sizes are added up, and then count as one read."
        [Key::given("items", "whole number", || QUERY_ITEMS.show(), "how many items it reads"), EACH, READ];
    /// The language of `TransactGetItems`.
    TRANSACT_GET_SHAPE "transact_get" "Read several items of a DynamoDB table at once, for twice the units: all, or none."
        [Key::given("items", "whole number, up to 100", || TRANSACTION_ITEMS.show(), "how many items it reads"), EACH];
    /// The language of `TransactWriteItems`.
    TRANSACT_WRITE_SHAPE "transact_write" "Write several items of a DynamoDB table at once, for twice the units: all, or none."
        [Key::given("items", "whole number, up to 100", || TRANSACTION_ITEMS.show(), "how many items it writes"), EACH];
}

/// The verbs.
const VERBS: [(&str, Deed); 7] = [
    ("get_item", Deed::Get),
    ("put_item", Deed::Put),
    ("update_item", Deed::Update),
    ("delete_item", Deed::Delete),
    ("query", Deed::Query),
    ("transact_get", Deed::TransactGet),
    ("transact_write", Deed::TransactWrite),
];

impl Step<Settings, kind::Op> for Use {
    const GOES: bool = true;
    const SHAPES: &'static [&'static Shape] = &[
        &GET_SHAPE,
        &PUT_SHAPE,
        &UPDATE_SHAPE,
        &DELETE_SHAPE,
        &QUERY_SHAPE,
        &TRANSACT_GET_SHAPE,
        &TRANSACT_WRITE_SHAPE,
    ];

    fn read(verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Use {
        let (verb, deed) = VERBS.into_iter().find(|(known, _)| *known == verb).unwrap_or(VERBS[0]);
        let table = reader.must(verb, Value::id, TableId(UNKNOWN));
        let resource = (Kind::DynamoTable, table.0);
        let items = match deed {
            Deed::Query => reader.or("items", |value| value.count(1..=u32::MAX), QUERY_ITEMS.value),
            Deed::TransactGet | Deed::TransactWrite => {
                reader.or("items", |value| value.count(1..=ITEMS_MAX), TRANSACTION_ITEMS.value)
            }
            _ => 1,
        };
        let keys = reader.maybe("keys", |value| keys::of_step(value, resource, scope.populations()));
        let first_share = keys.map_or(0.0, |keys| scope.populations().borrow().first_share(keys));
        let step = Use {
            table,
            deed,
            item: reader.maybe("item", super::language::item),
            items,
            consistent: matches!(deed, Deed::Get | Deed::Query)
                && reader.or("consistent", Value::flag, CONSISTENT.value),
            keys,
            first_share,
            same: same(reader, "keys"),
        };
        if let Some(settings) = scope.all().dynamo_tables.get(table.index()) {
            step.check(settings, reader);
        }
        step
    }

    /// Headers are no bytes to speak of.
    fn leaves(&self, all: &Settings) -> Option<Leaves> {
        let bytes = self.passing_bytes(all.dynamo_tables.get(self.table.index())?);
        let (request, response) = if self.deed.reads() { (Bytes(0), bytes) } else { (bytes, Bytes(0)) };
        let to = (Kind::DynamoTable, self.table.index());
        Some(Leaves { to, by_endpoint: true, request, response, outlives: false })
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        self.keys.map(|keys| ((Kind::DynamoTable, self.table.index()), keys)).into_iter().collect()
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let index = self.table.index();
        let (table, owner) = (&all.dynamo_tables[index], (Kind::DynamoTable, index));
        to.uses(owner);
        let units = f64::from(self.halves(table)) / HALVES * f64::from(self.counted_items());
        // A part of a second of the limit at the start.
        to.works(of(index, self.deed), units / table.limit()[self.deed.sort()]);
        let of_first = if self.deed.reads() { HOT_READS } else { HOT_WRITES };
        to.counts(owner, of_first, units * self.first_share);
        let times = if self.deed.transacts() { 2.0 } else { 1.0 };
        let seconds = times * table.time(self.deed).mean().as_secs_f64();
        to.passes(seconds + 2.0 * table.hop.as_secs_f64(), 5.0);
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.table.index();
        let table = &all.dynamo_tables[index];
        let slot = self.keys.map_or(0, |keys| to.key(keys, self.same));
        let keys = self.keys.map_or(ANY, |keys| number(keys.index()));
        let (id, deed, owner) = (number(index), self.deed, (Kind::DynamoTable, index));
        let sort = if deed.reads() { "reads" } else { "writes" };
        let label = format!("{sort} at the table {}", table.name);
        let stage = to.stage(StageKind::Storage, Some(of(index, deed)), &table.name, &label);
        let label = format!("{sort} throttled by the table {}, until the next try", table.name);
        let paused = to.stage(StageKind::Retry, Some(of(index, deed)), &table.name, &label);
        let halves = self.halves(table);
        // What it asks for is a number, which the estimate of the headroom knows by a draw.
        let units = u64::from(halves).saturating_mul(self.counted_items().into());
        let units = to.draw(&Law::Constant(Time(units)), "units");
        let items = number(self.counted_items() as usize);
        let dax = table.dax.as_ref().filter(|_| self.goes_through_dax());
        let mut look = None;
        if let Some(dax) = dax {
            to.keyed(owner, self.keys.unwrap_or(KeySpaceId(UNKNOWN)));
            to.hop(table.hop);
            if deed == Deed::Get {
                to.reaches(owner);
                let draw = to.draw(&dax.time, "dax");
                let at = to.label();
                let op = move |hit| Op::Look { table: id, keys, slot, draw, hit };
                to.ask(op(0), stage);
                look = Some((at, op));
            }
        }
        let begin = to.label();
        let op = |start| Op::Begin { table: id, keys, slot, items, start };
        to.ask(op(0), stage);
        let again = to.label();
        to.hop(table.hop);
        to.ask(Op::Pause { table: id }, paused);
        let start = to.label();
        to.patch(begin, op(start));
        to.hop(table.hop);
        to.reaches(owner);
        to.ask(Op::Ask { table: id, deed, items, units, again }, stage);
        let draw = to.draw(table.time(deed), "time");
        to.ask(Op::Serve { draw }, stage);
        if deed.transacts() {
            to.ask(Op::Serve { draw }, stage);
        }
        to.answers(owner);
        let passing = self.passing_bytes(table).0 as i64;
        match deed.reads() {
            true => to.carries(0, passing),
            false => to.carries(passing, 0),
        }
        let size = number_of(self.size_of(table));
        to.ask(Op::Done { table: id, deed, halves, size }, stage);
        to.hop(table.hop);
        if dax.is_some() {
            to.ask(Op::Keep { table: id, deed }, stage);
            let end = to.label();
            if let Some((at, op)) = look {
                to.patch(at, op(end));
            }
            to.hop(table.hop);
        }
    }
}

impl Use {
    /// A query of more than a megabyte is several calls.
    fn check(&self, table: &DynamoTable, reader: &Reader) {
        if self.deed == Deed::Query && self.passing_bytes(table) > QUERY_MAX {
            let message =
                format!("a query of {}, and one call reads {QUERY_MAX} at most", self.passing_bytes(table));
            reader.cx.push(
                reader.problem(message).hint("read fewer `items`, and write the step once for each call"),
            );
        }
    }

    /// Size of an item.
    fn size_of(&self, table: &DynamoTable) -> Bytes {
        self.item.unwrap_or(table.item)
    }

    /// Halves of units of each item that is counted by itself.
    fn halves(&self, table: &DynamoTable) -> u32 {
        self.deed.halves(self.size_of(table), self.items, self.consistent)
    }

    /// Items that are counted by themselves.
    fn counted_items(&self) -> u32 {
        if self.deed.transacts() { self.items } else { 1 }
    }

    /// The bytes that pass.
    fn passing_bytes(&self, table: &DynamoTable) -> Bytes {
        match self.deed {
            Deed::Delete => Bytes(0),
            _ => Bytes(self.size_of(table).0.saturating_mul(self.items.into())),
        }
    }

    /// Whether DAX may answer it, or has to know of it.
    fn goes_through_dax(&self) -> bool {
        let is_known = match self.deed {
            Deed::Get => !self.consistent,
            Deed::Put | Deed::Update | Deed::Delete => true,
            Deed::Query | Deed::TransactGet | Deed::TransactWrite => false,
        };
        is_known && self.keys.is_some()
    }
}

fn number_of(size: Bytes) -> u32 {
    u32::try_from(size.0).unwrap_or(u32::MAX)
}
