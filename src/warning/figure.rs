//! Numbers in the sentences of warnings. In: a number. Out: text for people.

/// Beyond this a number says no more than that it is absurd.
const ABSURD: f64 = 1e9;

/// A number for people, to three digits at most.
pub(crate) fn figure(value: f64) -> String {
    if value.is_nan() || value > ABSURD {
        return "more than 1,000,000,000".into();
    }
    let decimals = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text.as_str(),
    };
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) && digit.is_ascii_digit() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}.{rest}") }
}

/// A share for people: `69 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{} %", figure((share * 1_000.0).round() / 10.0))
}
