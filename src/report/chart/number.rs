//! Numbers for people: `8,120`, `2.4 s`, `$12.40`, `1:02:30`. In: values. Out: words short enough for a chart.

/// A count or a rate without its unit: `8,120`, `12.4 M`, `0.25`.
pub fn count(value: f64) -> String {
    match value.abs() {
        size if size >= 9_999_999.5 => format!("{} M", short(value / 1e6)),
        size if size >= 999.5 => grouped(value),
        _ => short(value),
    }
}

/// Milliseconds with the unit that suits: `0.4 ms`, `82 ms`, `2.4 s`, `3.5 min`.
pub fn millis(value: f64) -> String {
    match value {
        value if value < 1_000.0 => format!("{} ms", short(value)),
        value if value < 120_000.0 => format!("{} s", short(value / 1e3)),
        value => format!("{} min", short(value / 60e3)),
    }
}

/// A percentage: `97.5 %`.
pub fn percent(value: f64) -> String {
    format!("{} %", short(value))
}

/// US dollars: `$1,240`, `$12.40`, `$5`.
pub fn usd(value: f64) -> String {
    if value >= 99.995 || value == 0.0 {
        return format!("${}", grouped(value));
    }
    if value < 0.01 {
        return format!("${}", short(value));
    }
    let cents = format!("{value:.2}");
    format!("${}", cents.strip_suffix(".00").unwrap_or(&cents))
}

/// An instant of the event for a sentence: `h:mm:ss`, or `m:ss` in a run of less than an hour.
pub fn clock(secs: f64, span: f64) -> String {
    let secs = secs.max(0.0).round() as u64;
    match span >= 3_600.0 {
        true => format!("{}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60),
        false => format!("{}:{:02}", secs / 60, secs % 60),
    }
}

/// A span of whole rows of the timeline: `10 s`, `minute`, `5 minutes`.
pub fn span(secs: f64) -> String {
    match secs {
        60.0 => "minute".into(),
        secs if secs >= 60.0 && secs % 60.0 == 0.0 => format!("{} minutes", secs / 60.0),
        secs => format!("{} s", short(secs)),
    }
}

/// Three significant digits at most, without trailing zeros.
fn short(value: f64) -> String {
    let digits = match value.abs() {
        0.0 => 0,
        size if size >= 99.95 => 0,
        size if size >= 9.995 => 1,
        size if size >= 0.0995 => 2,
        size => (1.0 - size.log10().floor()).min(9.0) as usize,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::from(if value < 0.0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_carry_their_unit() {
        assert_eq!(count(8_120.4), "8,120");
        assert_eq!(count(41_234_567.0), "41.2 M");
        assert_eq!(count(0.25), "0.25");
        assert_eq!(millis(0.4), "0.4 ms");
        assert_eq!(millis(2_400.0), "2.4 s");
        assert_eq!(millis(210_000.0), "3.5 min");
        assert_eq!(percent(100.0), "100 %");
        assert_eq!([usd(0.0), usd(5.0), usd(12.4), usd(1_240.0)], ["$0", "$5", "$12.40", "$1,240"]);
        assert_eq!(clock(3_670.0, 14_400.0), "1:01:10");
        assert_eq!(clock(65.0, 600.0), "1:05");
    }
}
