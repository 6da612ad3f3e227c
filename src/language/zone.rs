//! A time zone in a file. In: the name of one. Out: the zone, of the database that comes with the program.

use jiff::tz::TimeZone;

use super::calendar;
use super::value::Value;

/// The time zone of a name.
pub(crate) fn read(value: Value) -> Option<TimeZone> {
    let text = value.text()?;
    let zone = calendar::zone(text);
    if zone.is_none() {
        let zones = calendar::zones();
        let hint = match value.cx.closest(text, zones.iter().map(String::as_str)) {
            Some(close) => format!("did you mean \"{close}\"?"),
            None => "write a name of the IANA database, such as \"Asia/Seoul\" or \"UTC\"".to_owned(),
        };
        value.problem(format!("`{text}` is not a time zone"), hint);
    }
    zone
}
