//! What a file says of every kind: the tables of each, and all that is asked of them alike.
//!
//! In: the list of kinds that have tables. Out: [`Settings`](super::Settings), read, checked and charged kind by kind, and what
//! the reference says of them.

/// Makes what holds all tables: `folder Kind Part list`, the list being the field in which they are.
macro_rules! settings {
    ($($module:ident $Kind:ident $Part:ident $tables:ident;)*) => {
        /// What the file says of every kind: its tables, in the order of the file.
        #[derive(Clone, Debug, Default)]
        pub struct Settings {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                pub $tables: Vec<$module::language::$Kind>,
            )*
            /// Quotas of the account, which resources share.
            pub account: Account,
            /// The Region of the file.
            pub home: Option<Region>,
        }

        /// What the reference says of the tables of each kind.
        pub(crate) const TABLES: [Words; [$(stringify!($tables),)*].len()] = Words::sorted([
            $(Words::of(id::Kind::$Kind, |all: &Settings| &all.$tables),)*
        ]);

        impl Settings {
            /// Reads the tables of every kind, and collects the paths that they own.
            pub(crate) fn read<'a>(
                reader: &Reader<'a>,
                paths: &mut Vec<(PathOwner, Written<'a>)>,
                home: Option<Region>,
            ) -> Settings {
                Settings {
                    $($tables: table::read_all(reader, id::Kind::$Kind, paths, home),)*
                    account: Account::read(reader),
                    home,
                }
            }

            /// The Region in which a resource is, if that is not the one of the file.
            pub(crate) fn region(&self, (kind, index): PathOwner) -> Option<Region> {
                match kind {
                    $(id::Kind::$Kind => self.$tables.get(index)?.region(self),)*
                    _ => None,
                }
            }

            /// Checks what only shows when all tables are read.
            pub(crate) fn check(&self, cx: &Context) {
                $(
                    for (index, settings) in self.$tables.iter().enumerate() {
                        settings.check(index, self, cx);
                    }
                )*
            }

            /// Instants known from the file at which a resource has another size.
            pub(crate) fn changes(&self) -> Vec<Time> {
                let mut found = Vec::new();
                $(self.$tables.iter().for_each(|it| found.extend(it.changes()));)*
                found
            }

            /// The charges of every resource, by what it used.
            pub(crate) fn charges<'a>(&'a self, counted: &BTreeMap<PathOwner, Used>) -> Vec<Charge<'a>> {
                let nothing = Used::default();
                let of = |kind, index| counted.get(&(kind, index)).unwrap_or(&nothing);
                let mut charges = Vec::new();
                $(for (index, it) in self.$tables.iter().enumerate() {
                    let place = <$module::language::$Kind as Billed<Settings>>::PLACE;
                    let own = it.charges(self, of(id::Kind::$Kind, index)).into_iter();
                    let region = it.region(self);
                    charges.extend(own.map(|it| (place, it.of_kind(id::Kind::$Kind).in_region(region))));
                })*
                charges.sort_by_key(|(place, _)| *place);
                charges.into_iter().map(|(_, charge)| charge).collect()
            }

            /// Whether anything of a resource can be full.
            pub(crate) fn can_fill(&self, kind: id::Kind, index: usize) -> bool {
                match kind {
                    $(id::Kind::$Kind => self.$tables.get(index).is_none_or(|it| it.can_fill()),)*
                    _ => true,
                }
            }

            /// The zones in which something has a place.
            pub(crate) fn zones(&self) -> BTreeSet<Zone> {
                let mut found = BTreeSet::new();
                $(self.$tables.iter().for_each(|it| found.extend(it.places(self)));)*
                found
            }

            /// Whether a table has something in a zone, or is in the Region of which that stands for all zones.
            pub(crate) fn has_place(&self, (kind, index): PathOwner, zone: Zone) -> bool {
                self.is_whole_in((kind, index), zone) || match kind {
                    $(id::Kind::$Kind => {
                        self.$tables.get(index).is_some_and(|it| it.places(self).iter().any(|it| it.is_in(zone)))
                    })*
                    _ => false,
                }
            }

            /// Whether a table is of a Region as a whole, of which a zone stands for all.
            pub(crate) fn is_whole_in(&self, (kind, index): PathOwner, zone: Zone) -> bool {
                zone.is_whole() && self.region((kind, index)) == zone.region() && match kind {
                    $(id::Kind::$Kind => self.$tables.get(index).is_some_and(|it| it.is_regional()),)*
                    _ => false,
                }
            }

            /// Whether anything has a place in a zone, or is in the Region of which that stands for all zones.
            pub(crate) fn is_used(&self, zone: Zone) -> bool {
                self.zones().iter().any(|it| it.is_in(zone))
                    $(|| (0..self.$tables.len()).any(|index| self.is_whole_in((id::Kind::$Kind, index), zone)))*
            }

            /// The Region with which a table is lost at some time, so that no request comes to it, by the zone that stands for all of it.
            pub(crate) fn lost_with(&self, (kind, index): PathOwner) -> Option<Zone> {
                let goes = match kind {
                    $(id::Kind::$Kind => self.$tables.get(index).is_some_and(|it| it.goes_with_region()),)*
                    _ => false,
                };
                let mut regions = std::iter::empty()$(.chain(self.$tables.iter().filter_map(|it| it.takes())))*;
                regions.find(|zone| goes && zone.is_whole() && zone.region() == self.region((kind, index)))
            }

            /// Whether the file can say in which Region tables of a kind are.
            pub(crate) fn is_placed(&self, kind: id::Kind) -> bool {
                match kind {
                    $(id::Kind::$Kind => <$module::language::$Kind as Table<Settings>>::PLACED,)*
                    _ => false,
                }
            }

            /// The zones that are taken at some time, each with the kind and the name of what takes it.
            pub(crate) fn taken(&self) -> Vec<(id::Kind, &str, Zone)> {
                let mut found = Vec::new();
                $(for it in &self.$tables {
                    let zones = it.takes().into_iter().flat_map(Zone::each);
                    found.extend(zones.map(|zone| (id::Kind::$Kind, it.name(), zone)));
                })*
                found
            }

            /// What strikes the requests of a resource at some time: positions and names.
            pub(crate) fn striking(&self, of: (id::Kind, usize)) -> Vec<(u16, &str)> {
                let mut found = Vec::new();
                $(for (index, it) in self.$tables.iter().enumerate() {
                    if it.strikes() == Some(of) {
                        found.push((crate::flow::number(index), it.name()));
                    }
                })*
                found
            }

            /// Whether anything makes data wrong at some time.
            pub(crate) fn spoils_data(&self) -> bool {
                false $(|| self.$tables.iter().any(|it| it.spoils_data()))*
            }

            /// What lets nodes of a resource die at some time: kinds and names.
            pub(crate) fn killing(&self, of: (id::Kind, usize)) -> Vec<(id::Kind, &str)> {
                let mut found = Vec::new();
                $(found.extend(self.$tables.iter().filter(|it| it.kills() == Some(of)).map(|it| (id::Kind::$Kind, it.name())));)*
                found
            }

            /// Whether a resource is billed though nothing uses it.
            pub(crate) fn is_billed(&self, kind: id::Kind, index: usize) -> bool {
                match kind {
                    $(id::Kind::$Kind => self.$tables.get(index).is_some_and(|it| it.is_billed()),)*
                    _ => false,
                }
            }

            /// Other named tables that a resource uses.
            pub(crate) fn uses(&self, kind: id::Kind, index: usize) -> Vec<(id::Kind, usize)> {
                match kind {
                    $(id::Kind::$Kind => self.$tables.get(index).map(|it| it.uses()).unwrap_or_default(),)*
                    _ => Vec::new(),
                }
            }

            /// The tables to which the connection pools of a resource lead.
            pub(crate) fn pools(&self, kind: id::Kind, index: usize) -> Vec<(id::Kind, usize)> {
                match kind {
                    $(id::Kind::$Kind => self.$tables.get(index).map(|it| it.pools()).unwrap_or_default(),)*
                    _ => Vec::new(),
                }
            }

            /// The table of a group of hosts, by its number.
            pub(crate) fn table_of(&self, group: usize) -> Option<PathOwner> {
                let mut rest = group;
                $(if <$module::language::$Kind as Table<Settings>>::IS_GROUP {
                    if rest < self.$tables.len() {
                        return Some((id::Kind::$Kind, rest));
                    }
                    rest -= self.$tables.len();
                })*
                let _ = rest;
                None
            }

            /// The group of hosts that a table is; nothing if it is none, or its name is broken.
            pub(crate) fn group_of(&self, (kind, index): PathOwner) -> Option<GroupId> {
                let mut before = 0;
                $(if <$module::language::$Kind as Table<Settings>>::IS_GROUP {
                    if kind == id::Kind::$Kind {
                        return (index < self.$tables.len()).then(|| GroupId(crate::flow::number(before + index)));
                    }
                    before += self.$tables.len();
                })*
                let _ = before;
                None
            }

            /// How many groups of hosts there are.
            pub(crate) fn groups(&self) -> usize {
                0 $(+ if <$module::language::$Kind as Table<Settings>>::IS_GROUP { self.$tables.len() } else { 0 })*
            }

            /// How the hosts of a group run steps.
            pub(crate) fn hosts(&self, group: usize) -> Option<Hosts<'_>> {
                let (kind, index) = self.table_of(group)?;
                match kind {
                    $(id::Kind::$Kind => self.$tables.get(index)?.hosts(),)*
                    _ => None,
                }
            }

            /// What comes at random instants, and may not come at all in a run: kind and name of its table, and its chance.
            pub(crate) fn by_chance(&self, duration: Time) -> Vec<(id::Kind, &str, f64)> {
                let mut found = Vec::new();
                $(for it in &self.$tables {
                    found.extend(it.by_chance(duration).map(|chance| (id::Kind::$Kind, it.name(), chance)));
                })*
                found
            }

            /// What a host of a group does in a second while such a share of its CPU is busy.
            pub(crate) fn work_at(&self, group: usize, busy: f64, on: Option<&InstanceType>) -> Option<f64> {
                let (kind, index) = self.table_of(group)?;
                match kind {
                    $(id::Kind::$Kind => self.$tables.get(index)?.work_at(busy, on),)*
                    _ => None,
                }
            }

            /// Work for the simulation in so many seconds without any request. `walk` gives the events of one walk on the path
            /// that a resource owns.
            pub(crate) fn own_work(&self, seconds: f64, walk: impl Fn(PathOwner) -> f64) -> Work {
                let mut work = Work::default();
                $(for (index, it) in self.$tables.iter().enumerate() {
                    work.add(it.own_work(self, seconds, || walk((id::Kind::$Kind, index))));
                })*
                work
            }

            /// How many resources there are.
            pub fn resources(&self) -> usize {
                0 $(+ self.$tables.len())*
            }

            /// What an attempt on the path of a resource holds on a fleet.
            pub(crate) fn holder(&self, (kind, index): PathOwner, fleet: usize) -> Resource {
                match kind {
                    $(id::Kind::$Kind if index < self.$tables.len() => {
                        <$module::$Part as view::View<All>>::holder(self, index, fleet)
                    })*
                    _ => Resource::Threads { fleet },
                }
            }

            /// The names in the file of the resources of a kind.
            pub(crate) fn names(&self, kind: id::Kind) -> Vec<&str> {
                match kind {
                    $(id::Kind::$Kind => self.$tables.iter().map(|it| it.name()).collect(),)*
                    _ => Vec::new(),
                }
            }
        }
    };
}
pub(crate) use settings;
