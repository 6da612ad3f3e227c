//! What a kind says of its tables: how they are read, documented and checked.
//!
//! In: tables of the file. Out: settings. The settings of all kinds together are a parameter of the trait, so that this file
//! needs no list of kinds.

use super::effort::Work;
use super::host::Hosts;
use super::path::{PathOwner, Written};
use crate::catalog::InstanceType;
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::id;
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Key, Shape};
use crate::language::source::Span;
use crate::language::value::Value;
use crate::units::Time;

/// The value of a key below which there are tables with names.
pub(crate) const NAMED: &str = "tables keyed by name";

/// What tables with a place have beside their own keys.
pub(crate) const PLACED_SHAPE: Shape = Shape {
    title: "beside a resource with a place",
    about: "Where a fleet, a cache, a database, a service, a queue, a topic, a stream, a bucket, a DynamoDB table or a fault is. A balancer is where its targets are.",
    keys: &[Key::optional(
        "region",
        "code of a Region",
        "the `region` of the file",
        "the AWS Region in which it is: calls from other Regions take the way there and back (cloudping.co, medians between EC2 hosts), and their bytes are billed",
    )],
};

/// Reads an AWS Region by its code.
pub(crate) fn region(value: Value) -> Option<Region> {
    region_of(value.cx, &value.span(), value.text()?)
}

/// The AWS Region of a code that stands somewhere in a file.
pub(crate) fn region_of(cx: &Context, span: &Span, code: &str) -> Option<Region> {
    let found = Region::of(code);
    if found.is_none() {
        let hint = match cx.closest(code, Region::all().map(Region::code)) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("one of {}", Region::all().map(Region::code).collect::<Vec<_>>().join(", ")),
        };
        cx.push(Problem::at(span, format!("no AWS Region `{code}` is known")).hint(hint));
    }
    found
}

/// The table of a name that must exist in exactly one of some kinds.
pub(crate) fn named(value: Value, kinds: &[id::Kind]) -> Option<PathOwner> {
    let (kind, index) = value.cx.resolve(&value.span(), kinds, value.text()?)?;
    Some((kind, index as usize))
}

/// The settings of one named table, such as `[service.NAME]`; `All` are the settings of all kinds.
pub(crate) trait Table<All>: Sized {
    /// What the reference says of the key at the top of the file.
    const ABOUT: &'static str;
    /// Every shape of its language in reading order: that of the table itself comes first.
    const SHAPES: &'static [&'static Shape];
    /// Words for its keys that people bring from elsewhere.
    const FOREIGN: &'static [Foreign] = &[];
    /// Whether it is billed even if nothing uses it.
    const BILLED: bool = true;
    /// Whether it acts by itself, so that no request has to use it.
    const ACTS: bool = false;
    /// Whether the file can say in which Region it is.
    const PLACED: bool = false;
    /// Whether each of them is a group of hosts, which run the steps of a tier.
    const IS_GROUP: bool = false;

    /// Whether it is of a Region as a whole: it is lost with all zones of that, and with no zone alone.
    fn is_regional(&self) -> bool {
        false
    }

    /// Whether no request comes to it while its Region is lost.
    fn goes_with_region(&self) -> bool {
        self.is_regional()
    }

    /// Reads a table; fills in the path if it owns one.
    fn read<'a>(name: &str, reader: &Reader<'a>, path: &mut Option<Written<'a>>) -> Self;

    /// Its name in the file.
    fn name(&self) -> &str;

    /// Whether this one is billed though nothing uses it.
    fn is_billed(&self) -> bool {
        Self::BILLED
    }

    /// It is in another Region than that of the file.
    fn move_to(&mut self, _region: Region) {}

    /// The Region in which it is, if that is not the one of the file.
    fn region(&self, _all: &All) -> Option<Region> {
        None
    }

    /// Second Regions of it, which must be others than its own, each by the key that names it.
    fn second_regions(&self) -> Vec<(&'static str, Region)> {
        Vec::new()
    }

    /// Other named tables that it uses where it is used itself.
    fn uses(&self) -> Vec<(id::Kind, usize)> {
        Vec::new()
    }

    /// How its hosts run steps, if it is a group of hosts.
    fn hosts(&self) -> Option<Hosts<'_>> {
        None
    }

    /// What one of its hosts does in a second while such a share of its CPU is busy, in vCPU-seconds of strength 1; `on` is the type
    /// of the host if it is another one than in the file. Nothing where hosts have no CPU that is known.
    fn work_at(&self, busy: f64, on: Option<&InstanceType>) -> Option<f64> {
        on.map(|of| busy * of.mean_vcpus() * of.strength)
    }

    /// The tables to which its connection pools lead, one for each pool in the order of the file.
    fn pools(&self) -> Vec<(id::Kind, usize)> {
        Vec::new()
    }

    /// The zones in which it has a place.
    fn places(&self, _all: &All) -> Vec<Zone> {
        Vec::new()
    }

    /// The zone that it takes at some time, if it takes one.
    fn takes(&self) -> Option<Zone> {
        None
    }

    /// The resource of which it strikes the requests at some time, if it does, by the kind and the position of its table.
    fn strikes(&self) -> Option<(id::Kind, usize)> {
        None
    }

    /// Whether it makes data wrong at some time, so that it matters which rows a second try asks for.
    fn spoils_data(&self) -> bool {
        false
    }

    /// The resource of which it lets nodes die at some time, if it does, by the kind and the position of its table.
    fn kills(&self) -> Option<(id::Kind, usize)> {
        None
    }

    /// Instants known from the file at which it has another size.
    fn changes(&self) -> Vec<Time> {
        Vec::new()
    }

    /// The chance that what comes to it at random instants, and may not come at all, comes within a run; nothing where no such thing does.
    fn by_chance(&self, _duration: Time) -> Option<f64> {
        None
    }

    /// Work for the simulation in so many seconds without any request, on the mean. `walk` gives the events of one walk on the
    /// path that it owns.
    fn own_work(&self, _all: &All, _seconds: f64, _walk: impl Fn() -> f64) -> Work {
        Work::default()
    }

    /// Whether anything of it can be full.
    fn can_fill(&self) -> bool {
        true
    }

    /// Completes the tables of the kind when all of them are read.
    fn complete(_tables: &mut Vec<Self>, _paths: &mut Vec<(PathOwner, Written<'_>)>) {}

    /// Checks what only shows when all tables are read; `index` is its position in its list.
    fn check(&self, _index: usize, _all: &All, _cx: &Context) {}
}

/// Reads the tables of a kind in the order of the file, and collects the paths that they own.
pub(crate) fn read_all<'a, All, T: Table<All>>(
    reader: &Reader<'a>,
    kind: id::Kind,
    paths: &mut Vec<(PathOwner, Written<'a>)>,
    home: Option<Region>,
) -> Vec<T> {
    let mut index = 0;
    let beside = T::PLACED.then_some(&PLACED_SHAPE);
    let mut tables = reader.tables_beside(kind, T::SHAPES[0], beside, |name, reader| {
        let mut path = None;
        let mut settings = T::read(name, reader, &mut path);
        let region = beside.and_then(|_| reader.maybe("region", region));
        let own = region.or(home);
        for (key, second) in settings.second_regions() {
            if let Some(value) = reader.get(key).filter(|_| own == Some(second)) {
                let code = second.code();
                value.problem(format!("`{name}` is in {code} already"), "write the code of another Region");
            }
        }
        region.filter(|region| Some(*region) != home).into_iter().for_each(|region| settings.move_to(region));
        paths.extend(path.map(|path| ((kind, index), path)));
        index += 1;
        settings
    });
    T::complete(&mut tables, paths);
    tables
}

/// Words that people know from elsewhere for one key of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreign {
    /// The words.
    pub words: &'static [&'static str],
    /// What to write here: a key, or a key and its value.
    pub here: &'static str,
}

/// What the reference says of the tables of a kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// The kind.
    pub kind: id::Kind,
    /// Its key at the top of the file.
    pub key: Key,
    /// The shapes of its language in reading order.
    pub shapes: &'static [&'static Shape],
    /// Words for its keys that people bring from elsewhere.
    pub foreign: &'static [Foreign],
    /// Whether it acts by itself.
    pub acts: bool,
    /// Whether the file can say in which Region a table is.
    pub placed: bool,
}

impl Words {
    /// Those of the kind whose tables are in a list of the settings.
    pub(crate) const fn of<All, T: Table<All>>(kind: id::Kind, _: fn(&All) -> &Vec<T>) -> Words {
        let key = Key::optional(id::Kind::TABLES[kind as usize], NAMED, "none", T::ABOUT);
        Words { kind, key, shapes: T::SHAPES, foreign: T::FOREIGN, acts: T::ACTS, placed: T::PLACED }
    }

    /// A hint for a word that its tables do not have as a key; case, dashes and underscores do not count: `WaitTimeSeconds` is
    /// `wait_time_seconds`.
    pub(crate) fn hint(&self, word: &str) -> Option<String> {
        let plain = |word: &str| word.to_lowercase().replace(['-', '_'], "");
        let found =
            self.foreign.iter().find(|it| it.words.iter().any(|known| plain(known) == plain(word)))?;
        Some(match found.here.contains('=') {
            true => format!("here that is `{}`", found.here),
            false => format!("did you mean `{}`?", found.here),
        })
    }

    /// In the order of the pages, which is that of [`id::Kind::ALL`].
    pub(crate) const fn sorted<const N: usize>(mut words: [Words; N]) -> [Words; N] {
        let mut sorted = 0;
        while sorted < N {
            let mut at = sorted;
            while at > 0 && words[at - 1].kind as usize > words[at].kind as usize {
                let before = words[at - 1];
                words[at - 1] = words[at];
                words[at] = before;
                at -= 1;
            }
            sorted += 1;
        }
        words
    }
}
