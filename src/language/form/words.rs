//! Reads the words of a key: alternatives such as `number or "unlimited"`, each with its range.
//!
//! In: words. Out: the [`Form`] of all alternatives, or the words that are not understood.

use super::{Form, List, Listed, Quantity, Range, Table, Text};

/// What words stand for.
#[derive(Clone, Copy)]
enum Atom {
    Quantity(Quantity),
    /// Text that the schema does not look into.
    Text,
    /// A name of a list.
    Listed(Listed),
    Number,
    Whole,
    Flag(&'static [bool]),
    Date,
    Shape,
    /// A name of hardware, or a table that says what it has.
    Instance,
    /// Tables of one shape, by names of the file.
    NamedShapes,
    Step,
    /// A list of such alternatives as stand before.
    OfThem,
    Gauges,
}

/// The words, the longer ones first where two begin alike.
const ATOMS: &[(&str, Atom)] = &[
    ("tables keyed by name", Atom::NamedShapes),
    ("steps", Atom::Step),
    ("instants", Atom::Quantity(Quantity::Duration)),
    ("numbers", Atom::Number),
    ("shares", Atom::Quantity(Quantity::Share)),
    ("letters", Atom::Listed(Listed::Zone)),
    ("names", Atom::Text),
    ("names of alarms", Atom::Listed(Listed::Alarm)),
    ("an array of them", Atom::OfThem),
    ("two gauges", Atom::Gauges),
    ("true or false", Atom::Flag(&[true, false])),
    ("true", Atom::Flag(&[true])),
    ("false", Atom::Flag(&[false])),
    ("step", Atom::Step),
    ("table of sources of traffic and shares", Atom::Shape),
    ("table", Atom::Shape),
    ("alarm", Atom::Shape),
    ("as [client]", Atom::Shape),
    ("as `instance`", Atom::Instance),
    ("daily", Atom::Shape),
    ("date and time with an offset", Atom::Date),
    ("a date", Atom::Date),
    ("duration", Atom::Quantity(Quantity::Duration)),
    ("a duration", Atom::Quantity(Quantity::Duration)),
    ("law", Atom::Quantity(Quantity::Law)),
    ("demand", Atom::Quantity(Quantity::Demand)),
    ("rate", Atom::Quantity(Quantity::Rate)),
    ("share", Atom::Quantity(Quantity::Share)),
    ("percentage", Atom::Quantity(Quantity::Share)),
    ("a law of data", Atom::Quantity(Quantity::DataLaw)),
    ("amount of data", Atom::Quantity(Quantity::Data)),
    ("data a second", Atom::Quantity(Quantity::Bandwidth)),
    ("data", Atom::Quantity(Quantity::Data)),
    ("bandwidth", Atom::Quantity(Quantity::Bandwidth)),
    ("bound", Atom::Quantity(Quantity::Bound)),
    ("number", Atom::Number),
    ("a number", Atom::Number),
    ("whole number", Atom::Whole),
    ("a whole number", Atom::Whole),
    ("minutes", Atom::Number),
    ("MB", Atom::Number),
    ("US dollars", Atom::Number),
    ("text", Atom::Text),
    ("pattern", Atom::Text),
    ("name", Atom::Text),
    ("name of an alarm", Atom::Listed(Listed::Alarm)),
    ("name of a warning", Atom::Listed(Listed::Warning)),
    ("name in `versions`", Atom::Listed(Listed::Version)),
    ("name in the IANA database", Atom::Listed(Listed::TimeZone)),
    ("path", Atom::Text),
    ("code of a Region", Atom::Listed(Listed::Region)),
    ("code of an AWS Region", Atom::Listed(Listed::Region)),
    ("letter", Atom::Listed(Listed::Zone)),
    ("two letters", Atom::Text),
    ("zone", Atom::Listed(Listed::Zone)),
    ("time zone", Atom::Listed(Listed::TimeZone)),
    ("instance type", Atom::Listed(Listed::InstanceType)),
    ("instance class", Atom::Listed(Listed::DatabaseClass)),
    ("node type", Atom::Listed(Listed::CacheNode)),
    ("type", Atom::Text),
    ("type of a DAX node", Atom::Listed(Listed::DaxNode)),
    ("gauge", Atom::Listed(Listed::Gauge)),
    ("time as of cron, MINUTE HOUR DAY MONTH WEEKDAY", Atom::Text),
    ("rule", Atom::Listed(Listed::Rule)),
    ("size", Atom::Quantity(Quantity::Data)),
    ("distribution", Atom::Quantity(Quantity::Law)),
    ("of what stands before them", Atom::Listed(Listed::Entry)),
    ("of what else requests enter by", Atom::Listed(Listed::Entry)),
    ("of what else requests can enter", Atom::Listed(Listed::Entry)),
    ("weight", Atom::Number),
    ("metric math", Atom::Shape),
    ("a gauge", Atom::Listed(Listed::Gauge)),
];

/// How what says more of an alternative begins.
const NOTES: &[&str] = &[
    ", up to ",
    " up to ",
    ", at most ",
    ", at least ",
    ", from ",
    " from ",
    ", after ",
    ", a multiple of ",
    ", a whole part of ",
    " above ",
    " below ",
    ", below ",
    ": ",
    ", such as ",
    " such as ",
    ", as in ",
    ", ascending",
    " of ",
    " in ",
    ", of ",
    " with ",
    " at ",
    " math of two",
];

/// Reads all alternatives.
pub(super) fn read(words: &str) -> Result<Form, String> {
    let mut rest = words.trim();
    let mut form = Form::default();
    loop {
        let alternative;
        (alternative, rest) = one(rest, &form)?;
        form = form.or(alternative);
        rest = match next(rest) {
            Some(next) => next,
            None if rest.is_empty() => return Ok(form),
            None => return Err(rest.to_owned()),
        };
    }
}

/// What stands behind the words between two alternatives.
fn next(rest: &str) -> Option<&str> {
    [", or ", " or ", ", "].iter().find_map(|between| rest.strip_prefix(between))
}

/// One alternative with its notes, and what stands behind it.
fn one<'a>(words: &'a str, before: &Form) -> Result<(Form, &'a str), String> {
    let mut rest;
    let mut form;
    if let Some(elements) = words.strip_prefix("array of ") {
        let mut element = Form::default();
        rest = elements;
        loop {
            let alternative;
            (alternative, rest) = one(rest, &element)?;
            element = element.or(alternative);
            // A comma before `or` ends the elements.
            match next(rest).filter(|_| !rest.starts_with(", or ")) {
                Some(next) => rest = next,
                None => break,
            }
        }
        return Ok((list(element), rest));
    }
    if words.starts_with('"') {
        let (word, tail) = quoted(words).ok_or(words)?;
        (form, rest) = (of_quoted(word), tail);
    } else if words.starts_with('{') {
        (form, rest) = table(words)?;
    } else if words.starts_with('[') {
        (form, rest) = tuple(words)?;
    } else if words.starts_with(|it: char| it.is_ascii_digit()) {
        let end = words.find([',', ' ']).unwrap_or(words.len());
        let only = vec![words[..end].parse::<f64>().map_err(|_| words)?];
        let number = Some(Range { only, ..Range::default() });
        return Ok((Form { number, ..Form::default() }, &words[end..]));
    } else {
        let (known, atom) = atom(words).ok_or(words)?;
        rest = &words[known.len()..];
        form = of(atom, before);
    }
    while let Some(note) = note(rest) {
        if let Some(range) = form.number.as_mut() {
            bound(range, &rest[..note]);
        }
        rest = &rest[note..];
    }
    Ok((form, rest))
}

/// The longest known words at the beginning.
fn atom(words: &str) -> Option<(&'static str, Atom)> {
    let whole = |known: &str| {
        words.strip_prefix(known).is_some_and(|rest| !rest.starts_with(|it: char| it.is_alphanumeric()))
    };
    ATOMS.iter().filter(|(known, _)| whole(known)).max_by_key(|(known, _)| known.len()).copied()
}

fn of(atom: Atom, before: &Form) -> Form {
    let table = |table| Form { table: Some(table), ..Form::default() };
    let quantity = |it| text(Text::Quantity(it));
    match atom {
        Atom::Quantity(it) => quantity(it),
        Atom::Text => text(Text::Free),
        Atom::Listed(it) => text(Text::Listed(it)),
        Atom::Number => Form { number: Some(Range::default()), ..Form::default() },
        Atom::Whole => Form { number: Some(Range { whole: true, ..Range::default() }), ..Form::default() },
        Atom::Flag(flags) => Form { flags: flags.to_vec(), ..Form::default() },
        Atom::Date => Form { date: true, ..text(Text::Free) },
        Atom::Shape => table(Table::Shape),
        Atom::Instance => table(Table::Shape).or(text(Text::Listed(Listed::InstanceType))),
        Atom::NamedShapes => table(Table::Named(Box::new(table(Table::Shape)))),
        Atom::Step => table(Table::Step),
        Atom::OfThem => list(before.clone()),
        Atom::Gauges => list(text(Text::Listed(Listed::Gauge))),
    }
}

fn text(text: Text) -> Form {
    Form { texts: vec![text], ..Form::default() }
}

fn list(element: Form) -> Form {
    Form { list: Some(List::Of(Box::new(element))), ..Form::default() }
}

/// How long the note at the beginning is, if there is one.
fn note(rest: &str) -> Option<usize> {
    let opens = NOTES.iter().copied().filter(|opener| rest.starts_with(opener)).map(str::len).max().or_else(
        || {
            let digits = rest.strip_prefix(", ")?;
            digits.starts_with(|it: char| it.is_ascii_digit()).then_some(2)
        },
    )?;
    // Examples and words in quotes may stand between `or`.
    let ends: &[&str] = match rest.contains("such as ") {
        true => &[", or ", " or {", ", {"],
        false => &[", or ", " or \"", " or {", ", {", ", of ", ", at most"],
    };
    let end = ends.iter().filter_map(|end| rest[opens..].find(end)).min();
    Some(end.map_or(rest.len(), |end| opens + end))
}

/// Takes the ends of a range from a note.
fn bound(range: &mut Range, note: &str) {
    let number = |text: &str| text.trim().replace(',', "").parse::<f64>().ok();
    let after = |word: &str| note.split_once(word).map(|(_, rest)| rest);
    let most = after("up to ").or_else(|| after("at most ")).and_then(number);
    range.most = most.or(range.most);
    if let Some(least) = after("at least ").and_then(number) {
        range.least = Some(least);
    }
    if let Some(least) = after("from ").and_then(|rest| number(rest.strip_suffix(" on")?)) {
        range.least = Some(least);
    }
    let ends = note.trim_start_matches(", ").trim_start_matches(" from ").trim_start_matches("from ");
    if let Some((least, most)) = ends.split_once(" to ") {
        (range.least, range.most) = (number(least).or(range.least), number(most).or(range.most));
    }
}

/// What a text in quotes stands for: a word, or an example of what has no word.
fn of_quoted(word: &str) -> Form {
    let is_bound = word.contains(['<', '>']);
    let example = |it| text(Text::Quantity(it));
    match word.chars().next() {
        // Of bounds there may be several.
        _ if is_bound => Form { list: list(example(Quantity::Bound)).list, ..example(Quantity::Bound) },
        Some('+' | '-' | '=') => example(Quantity::Change),
        _ => text(Text::Word(word.to_owned())),
    }
}

/// A text in quotes at the beginning, and what stands behind it.
fn quoted(words: &str) -> Option<(&str, &str)> {
    words.strip_prefix('"')?.split_once('"')
}

/// Up to the bracket that closes the first one: what stands inside, and behind.
fn bracketed(words: &str, open: char, close: char) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (at, it) in words.char_indices() {
        depth += i32::from(it == open) - i32::from(it == close);
        if depth == 0 {
            return Some((words[1..at].trim(), &words[at + 1..]));
        }
    }
    None
}

/// `{ count, zipf }`, or `{ NAME = number }` where names of the file are keys.
fn table(words: &str) -> Result<(Form, &str), String> {
    let (inside, rest) = bracketed(words, '{', '}').ok_or(words)?;
    let is_name = |key: &str| key == key.to_uppercase();
    let table = match inside.split_once(" = ") {
        Some((key, value)) if is_name(key) => Table::Named(Box::new(read(value)?)),
        // `{ at, FLEET = weight, … }`: an instant, and names of the file.
        Some((keys, value)) if keys.strip_prefix("at, ").is_some_and(is_name) => {
            let at = of(Atom::Quantity(Quantity::Duration), &Form::default());
            Table::Named(Box::new(at.or(read(value.trim_end_matches(", …"))?)))
        }
        _ => Table::Shape,
    };
    Ok((Form { table: Some(table), ..Form::default() }, rest))
}

/// `[duration, number]`.
fn tuple(words: &str) -> Result<(Form, &str), String> {
    let (inside, rest) = bracketed(words, '[', ']').ok_or(words)?;
    let each = inside.split(", ").map(read).collect::<Result<_, _>>()?;
    Ok((Form { list: Some(List::Each(each)), ..Form::default() }, rest))
}
