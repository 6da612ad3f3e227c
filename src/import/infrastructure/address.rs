//! Addresses of Terraform: `module.web["a"].aws_lb.front[0]`. In: an address. Out: its parts.

/// A name without its number or key.
pub fn bare(part: &str) -> &str {
    part.split('[').next().unwrap_or(part)
}

/// `module.a["x.y"].module.b.aws_x.y[0]` as the calls `a`, `b` and the rest.
pub fn split(address: &str) -> (Vec<String>, &str) {
    let mut way = Vec::new();
    let mut rest = address;
    while let Some(inner) = rest.strip_prefix("module.") {
        let end = inner.find(['.', '[']).unwrap_or(inner.len());
        way.push(inner[..end].to_owned());
        rest = &inner[end..];
        if rest.starts_with('[') {
            let close = match rest.find("\"]") {
                Some(at) if rest.starts_with("[\"") => at + 2,
                _ => rest.find(']').map_or(rest.len(), |at| at + 1),
            };
            rest = &rest[close..];
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    (way, rest)
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
