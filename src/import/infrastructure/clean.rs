//! What may be shown. In: addresses and names of a file. Out: the same without account ids, ARNs and what else could be somebody's.

/// An address of a resource, short and without long numbers: keys of `for_each` can be anything, so only plain ones are shown.
pub fn address(text: &str) -> String {
    let mut parts = text.split("[\"");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (key, rest) = part.split_once("\"]").unwrap_or((part, ""));
        let plain =
            key.len() <= 24 && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/'));
        kept.push_str(&if plain { format!("[{key}]") } else { "[…]".to_owned() });
        kept.push_str(rest);
    }
    shortened(&kept)
}

fn shortened(text: &str) -> String {
    let mut shown = String::new();
    let mut digits = String::new();
    for letter in text.chars().take(160).chain([' ']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        // Twelve digits are an account.
        shown.push_str(if digits.len() >= 10 { "…" } else { &digits });
        digits.clear();
        match letter {
            '@' | ':' | '\u{E000}' | '\u{E001}' => shown.push('…'),
            _ if letter.is_control() => shown.push(' '),
            _ => shown.push(letter),
        }
    }
    shown.trim().to_owned()
}

/// A name of a table: small letters, digits and `-`, without what says nothing.
pub fn name(text: &str) -> String {
    let text = address(&split_words(text));
    let letters = text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let mut name = String::new();
    for letter in letters {
        if letter != '-' || !name.ends_with('-') {
            name.push(letter);
        }
    }
    let name: String = name.trim_matches('-').chars().take(32).collect();
    name.trim_matches('-').to_owned()
}

/// `WebServerGroup` as `Web-Server-Group`.
fn split_words(text: &str) -> String {
    super::words::small(text)
}
