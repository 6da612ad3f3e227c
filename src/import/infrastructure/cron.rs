//! Times of scheduled actions. In: the expressions of EC2 and of Application Auto Scaling. Out: the five fields that the language has.

/// Five fields, from five or from `cron(…)` with six.
pub fn five(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = text.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')'));
    let fields: Vec<&str> = inner.unwrap_or(text).split_whitespace().collect();
    let fields: Vec<String> = match (inner, fields.as_slice()) {
        // The sixth is a year, and days of the week count from 1, Sunday.
        (Some(_), [minute, hour, day, month, weekday, year]) if matches!(*year, "*" | "?") => {
            [minute, hour, day, month]
                .iter()
                .map(|it| it.replace('?', "*"))
                .chain([weekdays(weekday)?])
                .collect()
        }
        (None, [_, _, _, _, _]) => fields.iter().map(|field| (*field).to_owned()).collect(),
        _ => return None,
    };
    let limits = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];
    let fits = fields.iter().zip(limits).all(|(field, limits)| is_field(field, limits));
    fits.then(|| fields.join(" "))
}

/// Names, numbers, lists, ranges and steps.
fn is_field(field: &str, (from, to): (u32, u32)) -> bool {
    const NAMES: &str = "SUN MON TUE WED THU FRI SAT JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC";
    let value = |text: &str| {
        let named = text.len() == 3 && NAMES.split(' ').any(|name| name == text.to_uppercase());
        (named && from < 2 && to < 13)
            || text.parse::<u32>().is_ok_and(|number| (from..=to).contains(&number))
    };
    field.split(',').all(|part| {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let stepped = step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0 && step <= to));
        let ranged =
            range.split_once('-').map_or_else(|| range == "*" || value(range), |(a, b)| value(a) && value(b));
        stepped && ranged
    })
}

/// Days of the week of a `cron(…)`, counted from 0 as in five fields.
fn weekdays(text: &str) -> Option<String> {
    if text == "?" {
        return Some("*".to_owned());
    }
    let (range, step) = text.split_once('/').map_or((text, None), |(range, step)| (range, Some(step)));
    let mut days = String::new();
    for letter in range.chars() {
        match letter.to_digit(10) {
            Some(digit @ 1..=7) => days.push_str(&(digit - 1).to_string()),
            Some(_) => return None,
            None => days.push(letter),
        }
    }
    Some(step.map_or(days.clone(), |step| format!("{days}/{step}")))
}

/// Whether a text is a name of the IANA database.
pub fn is_zone(text: &str) -> bool {
    jiff::tz::TimeZone::get(text).is_ok()
}
