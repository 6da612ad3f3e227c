//! Addresses of Terraform: `module.web["a"].aws_lb.front[0]`. In: an address. Out: its parts.

/// Stands at the end of an address for what a local of its module refers to.
pub const LOCAL: &str = "local";

/// A name without its number or key.
pub fn bare(part: &str) -> &str {
    part.split('[').next().unwrap_or(part)
}

/// `module.a["x.y"].module.b.aws_x.y[0]` as the calls `a`, `b` and the rest.
pub fn split(address: &str) -> (Vec<String>, &str) {
    let (way, rest) = calls(address);
    (way.iter().map(|call| bare(call).to_owned()).collect(), rest)
}

/// The calls of an address with their numbers and keys: `a["x.y"]`, `b`.
pub fn keyed(address: &str) -> Vec<String> {
    calls(address).0.into_iter().map(str::to_owned).collect()
}

fn calls(address: &str) -> (Vec<&str>, &str) {
    let mut way = Vec::new();
    let mut rest = address;
    while let Some(inner) = rest.strip_prefix("module.") {
        let end = part(inner);
        way.push(&inner[..end]);
        rest = inner[end..].strip_prefix('.').unwrap_or(&inner[end..]);
    }
    (way, rest)
}

/// The parts of a reference, which points separate, but for those in a key.
pub fn parts(reference: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = reference;
    while !rest.is_empty() {
        let end = part(rest);
        parts.push(&rest[..end]);
        rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
    }
    parts
}

/// Where the first part of an address ends: a name, with its number or key.
fn part(text: &str) -> usize {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let rest = &text[end..];
    if !rest.starts_with('[') {
        return end;
    }
    let close = match rest.find("\"]") {
        Some(at) if rest.starts_with("[\"") => at + 2,
        _ => rest.find(']').map_or(rest.len(), |at| at + 1),
    };
    end + close
}

/// An address with the numbers of the first modules on the way to it only: a reference may know no more of them.
pub fn half_known(address: &str) -> Vec<String> {
    let (way, own) = calls(address);
    let with = |known: usize| {
        let call =
            |(i, call): (usize, &&str)| format!("module.{}.", if i < known { call } else { bare(call) });
        way.iter().enumerate().map(call).collect::<String>()
    };
    let known = (0..way.len()).map(with);
    known.flat_map(|way| [format!("{way}{own}"), format!("{way}{}", plain(own))]).collect()
}

/// An address without the numbers of modules and of the resource, as references say it.
pub fn written(address: &str) -> String {
    let (way, own) = split(address);
    let mut text: String = way.iter().map(|call| format!("module.{call}.")).collect();
    text.push_str(plain(own));
    text
}

/// An address without its last number or key.
pub fn plain(address: &str) -> &str {
    match address.ends_with(']') {
        true => address.rfind('[').map_or(address, |at| &address[..at]),
        false => address,
    }
}

/// The number or the key at the end of an address.
pub fn number(address: &str) -> Option<&str> {
    address.ends_with(']').then(|| &address[plain(address).len()..])
}

/// Whether an address is that of something that is only looked up.
pub fn is_data(address: &str) -> bool {
    split(address).1.starts_with("data.")
}
