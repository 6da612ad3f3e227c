//! Text that controls a terminal: refused in scenarios, escaped in text from elsewhere.

use super::read;

/// Every place for text: names, values, keys of any depth.
const PLACES: [&str; 9] = [
    "name = \"{}\"\n",
    "region = \"{}\"\n",
    "[prices]\n\"EC2/{}\" = 1.0\n",
    "[service.\"{}\"]\nservers = 1\ntime = \"1ms\"\n",
    "[fleet.web]\ninstance = { name = \"{}\", vcpus = 2, price = 0.1 }\n",
    "[fleet.web]\ninstance = \"m6i.large\"\nscaling = [{ name = \"{}\", target_tracking = { target = 50 } }]\n",
    "[traffic.a]\nreplay = { file = \"{}\", column = \"t\" }\n",
    "[request.r]\nsteps = [{ cpu = \"6ms {}\" }]\n",
    "a.b.c.\"{}\".d = 1\n",
];

#[test]
fn no_text_of_a_scenario_can_hide_or_reorder() {
    let hidden = [
        ("\\u001b]0;owned\\u0007", "a control character, U+001B"),
        ("x\\nObjectives: all 1 met", "a control character, U+000A"),
        ("\\u009b2J", "a control character, U+009B"),
        ("\\u202egnp", "a character that reorders text, U+202E"),
        ("a\\u200bb", "a character that takes no room, U+200B"),
        ("a\\ufeff", "a character that takes no room, U+FEFF"),
        ("a\\u2066b", "a character that reorders text, U+2066"),
        ("\\u200f", "a character that reorders text, U+200F"),
        ("\\u061c", "a character that reorders text, U+061C"),
    ];
    for place in PLACES {
        for (text, message) in hidden {
            let page = read(place.replace("{}", text).as_bytes()).unwrap_err();
            assert!(page.contains(message), "{place} with {text}: {page}");
            let raw = page.chars().find(|&c| c != '\n' && simcap::text::is_hidden(c));
            assert_eq!(raw, None, "{place} with {text}: {page:?}");
        }
        let page = read(place.replace("{}", "Größe 負荷 ×2").as_bytes()).unwrap_err();
        assert!(!page.contains("in a text"), "{page}");
    }
}

#[test]
fn a_flood_of_unknown_keys_is_counted_without_looking_for_words() {
    // None of them is like a key that there is.
    let text: String = (0..100_000).map(|key| format!("nothing-{key} = 1\n")).collect();
    let page = read(text.as_bytes()).unwrap_err();
    let count = page.lines().last().unwrap().split(' ').next().unwrap().replace(',', "");
    let count: usize = count.parse().unwrap();
    assert!(count >= 100_000, "{count}");
    // The first thousand have hints, the page shows fifty.
    assert_eq!(page.matches("hint: possible here").count(), page.matches("unknown key").count());
}
