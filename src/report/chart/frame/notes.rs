//! Notes above the panels of a picture. In: their texts, and the room. Out: the lines of each.

use super::super::canvas::Sheet;
use super::super::figure::Figure;
use super::super::text::{Fonts, Weight};
use super::{NOTE_LEFT, NOTE_SIZE, PAGE};

/// Most lines of one.
const MOST_NOTE_LINES: usize = 2;
/// What stands between the links of a chain, and for links that are left out.
const LINK: &str = " → ";
const LEFT_OUT: &str = "…";

/// The lines of each note.
pub(super) fn note_lines(figure: &Figure, sheet: &Sheet<'_>) -> Vec<Vec<String>> {
    let room = PAGE.right - PAGE.left - NOTE_LEFT;
    figure.notes.iter().map(|note| lines_of(&note.text, &sheet.fonts, room)).collect()
}

/// The lines of a text. Of a chain that is too long, links in the middle are left out: what came of it at the end stays. What is too long
/// even so is cut off.
fn lines_of(text: &str, fonts: &Fonts, room: f64) -> Vec<String> {
    let wrapped = |text: &str| fonts.wrapped(text, NOTE_SIZE, Weight::Regular, room);
    let mut links: Vec<&str> = text.split(LINK).filter(|link| *link != LEFT_OUT).collect();
    let mut lines = wrapped(text);
    while lines.len() > MOST_NOTE_LINES && links.len() > 2 {
        links.remove(links.len() / 2);
        let (begin, end) = links.split_at(links.len() / 2);
        lines = wrapped(&[begin, &[LEFT_OUT], end].concat().join(LINK));
    }
    match lines.len() > MOST_NOTE_LINES {
        true => fonts.wrapped_to(&lines.join(" "), NOTE_SIZE, Weight::Regular, room, MOST_NOTE_LINES),
        false => lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chain has five links of which two lines have no room for the middle; what failed is the last.
    #[test]
    fn a_long_chain_keeps_its_end() {
        let fonts = Fonts::embedded().unwrap();
        let link = |name: &str| format!("{name} of the database shop are full (up to 2,854 waiting)");
        let links = ["threads", "locks", "pools"].map(link).join(" → ");
        let text = format!("{links} → 1 of 2 targets takes all → 71 % of requests failed");
        let lines = lines_of(&text, &fonts, 900.0);
        assert_eq!(lines.len(), 2);
        let told = lines.join(" ");
        assert!(told.starts_with(&link("threads")) && told.ends_with("→ 71 % of requests failed"), "{told}");
        assert!(told.contains(" → … → "), "{told}");
        assert_eq!(lines_of("short → end", &fonts, 900.0), ["short → end"]);
        let alone = lines_of(&"word ".repeat(80), &fonts, 900.0);
        assert!(alone.len() == 2 && alone[1].ends_with('…'), "{alone:?}");
    }
}
