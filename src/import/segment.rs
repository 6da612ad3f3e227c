//! Which parts of a path are part of the design of a site, and which are the id of something or of somebody. In: a segment. Out: whether
//! it may stand in a file.

/// Longest segment that is a word.
const WORD_MAX: usize = 32;
/// Most digits of a word: `v2`, `oauth2`, `s3`.
const DIGITS_MAX: usize = 2;
/// Most parts of a word between hyphens; a title has more.
const PARTS_MAX: usize = 4;
/// Longest run of letters that is still a word.
const LETTERS_MAX: usize = 24;
/// Most changes from a small letter to a large one: `getUserProfile` has two, Base64 has many.
const HUMPS_MAX: usize = 4;

/// What follows these is a person, or belongs to one, whatever it looks like.
const OF_PEOPLE: [&[u8]; 36] = [
    b"user",
    b"users",
    b"account",
    b"accounts",
    b"customer",
    b"customers",
    b"member",
    b"members",
    b"person",
    b"people",
    b"profile",
    b"profiles",
    b"author",
    b"authors",
    b"owner",
    b"owners",
    b"employee",
    b"employees",
    b"patient",
    b"patients",
    b"student",
    b"students",
    b"contact",
    b"contacts",
    b"u",
    b"email",
    b"emails",
    b"token",
    b"tokens",
    b"session",
    b"sessions",
    b"invite",
    b"invites",
    b"unsubscribe",
    b"username",
    b"name",
];
/// Words of any site, after what is of people as well.
const ALWAYS_WORDS: [&[u8]; 20] = [
    b"me",
    b"self",
    b"login",
    b"logout",
    b"signin",
    b"signout",
    b"signup",
    b"register",
    b"new",
    b"search",
    b"list",
    b"edit",
    b"count",
    b"settings",
    b"current",
    b"all",
    b"export",
    b"import",
    b"reset",
    b"password",
];
/// Words that end in `s` and are no plural of things with ids.
const NO_PLURALS: [&[u8]; 18] = [
    b"assets",
    b"status",
    b"news",
    b"css",
    b"js",
    b"settings",
    b"address",
    b"access",
    b"process",
    b"business",
    b"sales",
    b"as",
    b"is",
    b"us",
    b"apps",
    b"sms",
    b"services",
    b"docs",
];

/// Endings of programs and documents; another one may be of a name, as in `first.last`.
const ENDINGS: [&[u8]; 36] = [
    b"html", b"htm", b"xhtml", b"php", b"asp", b"aspx", b"ashx", b"asmx", b"axd", b"svc", b"jsp", b"jsf",
    b"do", b"action", b"cgi", b"pl", b"py", b"rb", b"json", b"xml", b"rss", b"atom", b"csv", b"yaml", b"css",
    b"js", b"mjs", b"png", b"jpg", b"gif", b"svg", b"ico", b"pdf", b"txt", b"zip", b"gz",
];

/// Whether a segment has a point, and what follows is no ending of a file: `first.last`.
fn is_dotted(segment: &[u8]) -> bool {
    match memchr::memrchr(b'.', segment) {
        Some(point @ 1..) => {
            let ending = &segment[point + 1..];
            let has_digit = ending.iter().any(u8::is_ascii_digit);
            !has_digit
                && (segment[..point].contains(&b'.')
                    || !ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
        }
        _ => false,
    }
}

/// Whether a segment is an id by its looks: a number, a UUID, a hash, an address, a title, a placeholder of a load test.
pub(super) fn is_id(segment: &[u8]) -> bool {
    if segment.is_empty() || segment.len() > WORD_MAX || is_placeholder(segment) {
        return true;
    }
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !segment.iter().all(is_plain) {
        return true;
    }
    let digits = segment.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = segment.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let parts = segment.split(|byte| !byte.is_ascii_alphanumeric()).count();
    let humps = segment
        .windows(2)
        .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
        .count();
    let longest = segment.split(|byte| !byte.is_ascii_alphabetic()).map(<[u8]>::len).max().unwrap_or(0);
    digits > DIGITS_MAX
        || letters == 0
        || parts > PARTS_MAX
        || humps > HUMPS_MAX
        || longest > LETTERS_MAX
        || is_hash(segment)
        || is_dotted(segment)
}

/// Eight letters of a hexadecimal number without a vowel that reads as a word would be rare; `deadbeef` is a hash.
fn is_hash(segment: &[u8]) -> bool {
    segment.len() >= 8 && segment.iter().all(u8::is_ascii_hexdigit)
}

/// `[id]`, `{id}`, `<id>`, `:id`, `$id`, `*`: what load tests and frameworks write for an id.
fn is_placeholder(segment: &[u8]) -> bool {
    matches!(segment[0], b'[' | b'{' | b'<' | b':' | b'$' | b'*')
}

/// Whether what follows a segment is of a person.
pub(super) fn is_of_people(before: &[u8]) -> bool {
    OF_PEOPLE.iter().any(|word| before.eq_ignore_ascii_case(word))
}

/// Whether a segment names many things, so that an id of one may follow.
pub(super) fn is_plural(before: &[u8]) -> bool {
    let ends_so =
        before.len() > 2 && matches!(before, [.., before, b's' | b'S'] if !matches!(before, b's' | b'S'));
    ends_so && !NO_PLURALS.iter().any(|word| before.eq_ignore_ascii_case(word))
}

/// Whether a word is one of any site.
pub(super) fn is_always_word(segment: &[u8]) -> bool {
    ALWAYS_WORDS.iter().any(|word| segment.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_words() {
        let ids = [
            "7",
            "1234567",
            "550e8400-e29b-41d4-a716-446655440000",
            "deadbeef",
            "9f86d081884c7d65",
            "jane.doe@example.com",
            "my-first-summer-in-spain",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6",
            "QmFzZVNpeHR5Rm91",
            "order-20150517",
            "~alice",
            "alice.smith",
            "alice.smith.html",
            "a%20b",
            "größe",
            "[id]",
            "{id}",
            ":id",
            "*",
            "sk_live_4eC39HqLyjWD",
            "",
            "-",
        ];
        ids.iter().for_each(|id| assert!(is_id(id.as_bytes()), "{id}"));
        let words = [
            "v1",
            "api",
            "getUserProfile",
            "oauth2",
            "index.html",
            "dynamic-dns-with-dhcp",
            "checkout",
            "01_Homepage",
        ];
        words.iter().for_each(|word| assert!(!is_id(word.as_bytes()), "{word}"));
    }

    #[test]
    fn what_follows_people_and_plurals_may_be_an_id() {
        assert!(is_of_people(b"Users") && !is_of_people(b"api"));
        assert!(
            is_plural(b"orders") && is_plural(b"tags") && !is_plural(b"assets") && !is_plural(b"address")
        );
        assert!(is_always_word(b"me"));
    }
}
