//! Whether a path that somebody has typed is one that is known. In: both, part by part. Out: yes or no.

use crate::scenario::explain::NAME;

/// How two parts are compared: the known one, which may have a place for a name of the file, and the other one.
pub(super) type Alike = fn(&str, &str) -> bool;

/// The parts of a path: without brackets, places in a list, and a name that stands for any.
pub(super) fn parts_of(what: &str) -> Vec<&str> {
    let is_word = |it: &&str| !is_position(it) && *it != NAME;
    what.trim().trim_matches(['[', ']']).split('.').filter(is_word).collect()
}

fn is_position(part: &str) -> bool {
    part.is_empty() || part.bytes().all(|it| it.is_ascii_digit())
}

/// The same letters; what stands before and behind a place for a name is in both.
pub(super) fn is_same(known: &str, part: &str) -> bool {
    let Some((before, behind)) = known.split_once(NAME) else { return known == part };
    let Some(rest) = part.strip_prefix(before) else { return false };
    // A name may have the words in it that follow: what is behind it can begin anywhere.
    let ends = rest.char_indices().skip(1).map(|(at, _)| at).chain((!rest.is_empty()).then_some(rest.len()));
    if behind.contains(NAME) {
        return ends.into_iter().any(|end| is_same(behind, &rest[end..]));
    }
    rest.strip_suffix(behind).is_some_and(|name| !name.is_empty())
}

/// The same but for capitals, and for how words are joined: `in flight` is `in_flight`.
pub(super) fn is_alike(known: &str, part: &str) -> bool {
    known.contains(NAME) && is_same(known, part) || folded(known) == folded(part)
}

fn folded(text: &str) -> String {
    text.to_lowercase().replace(['_', '-'], " ")
}

/// Whether a path is this one, with names of the file in their places, or without them.
pub(super) fn is_whole(path: &[String], parts: &[&str], alike: Alike) -> bool {
    match (path.split_first(), parts.split_first()) {
        (None, None) => true,
        (Some((first, path)), Some((part, rest))) if alike(first, part) && is_whole(path, rest, alike) => {
            true
        }
        (Some((first, path)), _) if first == NAME => is_whole(path, parts, alike),
        _ => false,
    }
}

/// Whether a path ends so.
pub(super) fn is_end(path: &[String], parts: &[&str], alike: Alike) -> bool {
    let at_name = |at: &usize| !path[*at].contains(NAME);
    (0..path.len()).filter(at_name).any(|at| is_whole(&path[at..], parts, alike))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn names_of_the_file_stand_where_the_path_has_a_place_for_them() {
        let whole = |known: &str, typed: &str| is_whole(&path(known), &parts_of(typed), is_same);
        assert!(whole("fleet.NAME.boot", "fleet.web.boot") && whole("fleet.NAME.boot", "fleet.boot"));
        assert!(whole("fleet.NAME.pool.NAME.NAME.waiting", "fleet.web.pool.orders.writer.waiting"));
        assert!(!whole("fleet.NAME.boot", "fleet.web.boots") && !whole("fleet.NAME.boot", "fleet.a.b.boot"));
        assert!(
            whole("slow.NAME_ms", "slow.time_of_a_thread_ms")
                && !whole("slow.NAME_ms", "slow.time_of_a_thread")
        );
        assert!(!whole("slow.NAME_ms", "slow._ms"));
        assert!(is_whole(&path("in flight"), &["In_Flight"], is_alike));
        assert!(!is_whole(&path("in flight"), &["In_Flight"], is_same));
        assert!(is_end(&path("fleet.NAME.boot.image"), &["boot", "image"], is_same));
    }
}
