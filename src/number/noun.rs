//! Counts with their nouns. In: a number as it is shown, and a noun. Out: words that agree: `1 run`, `2 runs`.

/// A number as it is shown, with the noun that agrees with it: `1 run`, `7 runs`, `about 1 instance`, `0.66 points`. The
/// plural is regular. Every sentence with a count has it from here.
pub fn agreeing(shown: impl Into<String>, noun: &str) -> String {
    let shown = shown.into();
    let noun = noun_after(&shown, noun);
    format!("{shown} {noun}")
}

/// The noun that agrees with a number as it is shown.
fn noun_after(shown: &str, noun: &str) -> String {
    match is_one(shown) {
        true => noun.into(),
        false => plural(noun),
    }
}

fn is_one(shown: &str) -> bool {
    shown.trim_start_matches("about ") == "1"
}

/// A whole number with the noun: `1 run`, `7 runs`, `1,240 runs`.
pub fn counted(count: u64, noun: &str) -> String {
    agreeing(super::count(count), noun)
}

/// How much of something is done: `1 of 3 files is checked`, `0 of 8 runs are complete`.
pub fn done_of(done: usize, of: usize, noun: &str, what: &str) -> String {
    let are = if done == 1 || of == 1 { "is" } else { "are" };
    format!("{done} of {} {are} {what}", counted(of as u64, noun))
}

/// The regular plural of a noun, by its last word: `requests`, `queries`, `classes`.
fn plural(noun: &str) -> String {
    let is_vowel = |c: char| "aeiou".contains(c);
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|end| noun.ends_with(end)) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::number;
    use super::*;

    #[test]
    fn a_noun_agrees_with_what_is_shown() {
        assert_eq!(
            [0, 1, 2, 1_240].map(|n| counted(n, "query")),
            ["0 queries", "1 query", "2 queries", "1,240 queries"]
        );
        assert_eq!([1, 2].map(|n| counted(n, "class")), ["1 class", "2 classes"]);
        assert_eq!([1, 2].map(|n| counted(n, "day")), ["1 day", "2 days"]);
        // What is shown decides, not what is meant.
        let shown = [0.4, 0.9996, 1.0, 1.0004, 1.2].map(|value| agreeing(number(value), "point"));
        assert_eq!(shown, ["0.4 points", "1 point", "1 point", "1 point", "1.2 points"]);
        assert_eq!(agreeing("about 1", "instance"), "about 1 instance");
        let done =
            [(0, 1), (1, 1), (0, 2), (1, 2), (2, 2)].map(|(done, of)| done_of(done, of, "run", "complete"));
        let words =
            ["0 of 1 run is", "1 of 1 run is", "0 of 2 runs are", "1 of 2 runs is", "2 of 2 runs are"];
        assert_eq!(done, words.map(|words| format!("{words} complete")));
        for noun in ["run", "query", "class", "box", "switch", "capacity unit"] {
            for count in 0..=30 {
                let text = counted(count, noun);
                assert_eq!(text == format!("{count} {noun}"), count == 1, "{text}");
            }
        }
    }
}
