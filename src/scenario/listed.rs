//! Lists of names that are the same for every file, for editors. In: which list. Out: its names, from where the reader of the file has them.

use crate::catalog;
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::kind::code::Code;
use crate::kind::dynamodb::language::dax;
use crate::language::calendar;
use crate::language::form::Listed;

/// Lists without which there is no other name, with what the schema calls them. Of time zones any spelling is read, and of a zone its Region
/// may stand before the letter.
pub(super) const CLOSED: [(Listed, &str); 6] = [
    (Listed::InstanceType, "instance_type"),
    (Listed::DatabaseClass, "database_class"),
    (Listed::CacheNode, "cache_node"),
    (Listed::DaxNode, "dax_node"),
    (Listed::Region, "region"),
    (Listed::Warning, "warning"),
];

/// What the schema calls a list, if it has all names that there are.
pub(super) fn closed(list: Listed) -> Option<&'static str> {
    CLOSED.into_iter().find(|(closed, _)| *closed == list).map(|(_, name)| name)
}

/// The names of a list, in the order of its table; none of what a file names itself.
pub(super) fn names(list: Listed) -> Vec<String> {
    let owned = |names: Vec<&'static str>| names.into_iter().map(str::to_owned).collect();
    match list {
        Listed::InstanceType => owned(catalog::instance_type_names()),
        Listed::DatabaseClass => owned(catalog::database_class_names()),
        Listed::CacheNode => owned(catalog::cache_node_names()),
        Listed::DaxNode => owned(dax::names().collect()),
        Listed::Region => owned(Region::all().map(Region::code).collect()),
        Listed::Zone => Zone::first(Zone::MOST).iter().map(Zone::to_string).collect(),
        Listed::TimeZone => calendar::zones(),
        Listed::Warning => owned(Code::ALL.map(Code::name).to_vec()),
        Listed::Gauge | Listed::Alarm | Listed::Rule | Listed::Version | Listed::Entry => Vec::new(),
    }
}
