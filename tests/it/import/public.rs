//! Real public logs, as far as their licences allow it; what they are is in `public/README.md`.

use super::import;

#[test]
fn a_log_of_apache_needs_no_hand_work() {
    let made = import(&[("apache.log", include_str!("public/apache.log"))]).unwrap();
    let counts: Vec<u32> =
        made.column("measured.csv", "requests").iter().map(|count| count.parse().unwrap()).collect();
    // From the minute 10:05 to 11:05; the log has one minute of each hour.
    assert_eq!((counts.len(), counts[0], counts[60]), (61, 52, 8));
    assert!(made.page.contains("lines are earlier than the line before"), "{}", made.page);
    let classes = made.file("classes.toml");
    assert!(classes.contains("GET /blog/tags/*") && classes.contains("name = \"home\""), "{classes}");
}
