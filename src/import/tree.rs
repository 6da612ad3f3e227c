//! The paths of a log as a tree, from which classes are proposed. In: methods and paths, and a hash of who asked. Out: patterns with `*`
//! where a segment has many values, each with its count.
//!
//! Its size is bounded: a position with more than [`CHILDREN_MAX`] values becomes `*`, and beyond [`NODES_MAX`] nodes paths are only counted.

use std::collections::BTreeMap;

use super::clients::{CLIENTS_KEPT, Clients};
use super::method::{METHODS, method_index};
use super::names::{ANY, DEPTH_MAX, path_of, segments};
use super::segment::{is_always_word, is_id, is_of_people, is_plural};

/// Most values of a position that are kept.
const CHILDREN_MAX: usize = 256;
/// Most values of a position that are words of the site.
const WORDS_MAX: usize = 24;
/// A value of this share of its position is a word even among many.
const LARGE_SHARE: f64 = 0.05;
/// After a plural, a value with fewer requests is an id.
const AFTER_PLURAL_MIN: u64 = 20;
/// From so many clients on, a value that only one of them asked for is none of the site.
const CLIENTS_MIN: usize = 20;
/// Most nodes of the tree: with some 200 bytes each, less than 40 MB.
const NODES_MAX: usize = 200_000;
/// Clients are counted up to here.
const CLIENTS_COUNTED: usize = 64;
/// A value is of few clients if at most this part of all that were counted asked for it.
const FEW_PART: usize = 10;
/// So many requests of each client make a value of few clients theirs: their page, and no rare page of the site.
const OWN_MIN: u64 = 3;

#[derive(Clone, Debug, Default)]
struct Node {
    /// Requests of this path and below.
    count: u64,
    /// Requests that end here, by method.
    ends: [u64; METHODS.len()],
    clients: Clients,
    children: BTreeMap<Box<[u8]>, Node>,
    star: Option<Box<Node>>,
    is_crowded: bool,
}

impl Node {
    /// Adds another node to this one.
    fn merge(&mut self, other: Node) {
        self.count += other.count;
        self.clients.merge(&other.clients);
        for (own, more) in self.ends.iter_mut().zip(other.ends) {
            *own += more;
        }
        if let Some(star) = other.star {
            self.star.get_or_insert_default().merge(*star);
        }
        for (segment, child) in other.children {
            match self.is_crowded && !is_always_word(&segment) {
                true => self.star.get_or_insert_default().merge(child),
                false => self.children.entry(segment).or_default().merge(child),
            }
        }
        if other.is_crowded || self.children.len() > CHILDREN_MAX {
            self.is_crowded = true;
            self.gather(|_, _| true);
        }
    }

    /// Moves the children to `*` of which that is said.
    fn gather(&mut self, is_id: impl Fn(&[u8], &Node) -> bool) {
        for (segment, child) in std::mem::take(&mut self.children) {
            match !is_always_word(&segment) && is_id(&segment, &child) {
                true => self.star.get_or_insert_default().merge(child),
                false => drop(self.children.insert(segment, child)),
            }
        }
    }
}

/// A proposal: a method, segments, and how many requests it had.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Proposal {
    pub method: &'static str,
    pub segments: Vec<String>,
    pub count: u64,
}

/// The tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    root: Node,
    nodes: usize,
    clients: std::collections::BTreeSet<u64>,
}

impl Tree {
    /// Adds a request; `client` is a hash, or zero if the log does not say.
    pub(super) fn add(&mut self, method: &[u8], address: &[u8], client: u64) {
        if client != 0 && self.clients.len() < CLIENTS_COUNTED {
            self.clients.insert(client);
        }
        let mut node = &mut self.root;
        let mut before: &[u8] = b"";
        node.count += 1;
        for (depth, segment) in segments(path_of(address)).enumerate() {
            if depth == DEPTH_MAX {
                break;
            }
            let is_hidden = is_id(segment) || is_of_people(before) && !is_always_word(segment);
            let is_new = !is_hidden && !node.is_crowded && !node.children.contains_key(segment);
            let is_full = is_new && (node.children.len() >= CHILDREN_MAX || self.nodes >= NODES_MAX);
            if is_full {
                node.is_crowded = true;
                node.gather(|_, _| true);
            }
            node = match is_hidden || node.is_crowded && !node.children.contains_key(segment) {
                true => node.star.get_or_insert_default(),
                false => {
                    self.nodes += usize::from(is_new);
                    node.children.entry(segment.into()).or_default()
                }
            };
            node.count += 1;
            node.clients.add(client);
            before = segment;
        }
        node.ends[method_index(method)] += 1;
    }

    /// Adds another tree.
    pub(super) fn merge(&mut self, other: Tree) {
        self.root.merge(other.root);
        self.nodes += other.nodes;
        self.clients.extend(other.clients.into_iter().take(CLIENTS_COUNTED));
    }

    /// The proposals, the most frequent first.
    pub(super) fn proposals(mut self) -> Vec<Proposal> {
        let few = match self.clients.len() {
            CLIENTS_MIN.. => (self.clients.len() / FEW_PART).clamp(1, CLIENTS_KEPT),
            _ => 0,
        };
        settle(&mut self.root, b"", few);
        let mut found = Vec::new();
        flatten(&self.root, &mut Vec::new(), &mut found);
        found.sort_by(|one, other| {
            let key = |it: &Proposal| (std::cmp::Reverse(it.count), it.segments.clone(), it.method);
            key(one).cmp(&key(other))
        });
        found
    }
}

/// Decides at each position which values are words of the site; what at most `few` clients asked for may be of them.
fn settle(node: &mut Node, before: &[u8], few: usize) {
    let many = node.children.len() > WORDS_MAX;
    let total = node.count;
    let after_plural = is_plural(before);
    let of_few = node.children.values().filter(|child| few > 0 && child.clients.are_few(few)).count();
    // Where most values differ by client, none of them is a word.
    let differs = of_few > 2 && 2 * of_few > node.children.len();
    node.gather(|_, child| {
        let is_large = child.count as f64 >= LARGE_SHARE * total as f64 && child.count >= AFTER_PLURAL_MIN;
        let own = OWN_MIN * child.clients.known() as u64;
        let is_of_few = few > 0
            && child.clients.are_few(few)
            && (child.clients.are_few(1) || differs || child.count >= own);
        is_of_few || many && !is_large || after_plural && !is_large
    });
    for (segment, child) in &mut node.children {
        settle(child, segment, few);
    }
    if let Some(star) = &mut node.star {
        settle(star, b"", few);
    }
}

fn flatten(node: &Node, path: &mut Vec<String>, found: &mut Vec<Proposal>) {
    for (method, count) in METHODS.into_iter().zip(node.ends) {
        if count > 0 {
            let mut segments = path.clone();
            if segments.len() == DEPTH_MAX {
                segments.push("**".into());
            }
            found.push(Proposal { method, segments, count });
        }
    }
    let children =
        node.children.iter().map(|(segment, child)| (String::from_utf8_lossy(segment).into_owned(), child));
    let star = node.star.iter().map(|star| (ANY.to_owned(), &**star));
    for (segment, child) in children.chain(star) {
        path.push(segment);
        flatten(child, path, found);
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(paths: &[(&str, u64)]) -> Vec<(String, u64)> {
        let mut tree = Tree::default();
        for (path, times) in paths {
            (0..*times).for_each(|client| tree.add(b"GET", path.as_bytes(), client + 1));
        }
        tree.proposals().into_iter().map(|it| (format!("/{}", it.segments.join("/")), it.count)).collect()
    }

    #[test]
    fn numbers_and_hashes_are_ids() {
        let found = proposed(&[
            ("/", 9),
            ("/item/17", 3),
            ("/item/9f86d081884c7d65/reviews?page=2", 2),
            ("/item/42", 1),
        ]);
        let expected = [("/", 9), ("/item/*", 4), ("/item/*/reviews", 2)];
        assert_eq!(found, expected.map(|(path, count)| (path.to_owned(), count)));
    }

    #[test]
    fn a_position_with_many_values_holds_ids_and_its_large_words() {
        let names: Vec<String> = (b'a'..=b'z')
            .flat_map(|a| (b'a'..=b'b').map(move |b| format!("/shop/x{}{}", a as char, b as char)))
            .collect();
        let mut paths: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 2)).collect();
        paths.push(("/shop/offers", 40));
        assert_eq!(proposed(&paths), [("/shop/*".to_owned(), 104), ("/shop/offers".to_owned(), 40)]);
    }

    #[test]
    fn what_follows_people_is_never_shown() {
        let found =
            proposed(&[("/users/jane", 50), ("/users/me", 50), ("/orders/smith", 5), ("/orders/search", 5)]);
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["/users/*", "/users/me", "/orders/*", "/orders/search"]);
    }

    #[test]
    fn what_only_one_client_asks_for_is_none_of_the_site() {
        let mut tree = Tree::default();
        for client in 1..40u64 {
            tree.add(b"GET", b"/shop/cart", client);
            tree.add(b"GET", b"/shop/secret", 7);
        }
        let found: Vec<String> = tree.proposals().into_iter().map(|it| it.segments.join("/")).collect();
        assert_eq!(found, ["shop/*", "shop/cart"]);
    }

    /// Each person has two devices, and so many requests that their pages are among the most frequent.
    #[test]
    fn what_differs_by_client_is_none_of_the_site() {
        let names = ["alice", "bobby", "carla", "dora"];
        let mut tree = Tree::default();
        for client in 1..200u64 {
            tree.add(b"GET", b"/about", client);
            for _ in 0..5 {
                let own = format!("/dashboard/{}/report", names[client as usize % 4]);
                tree.add(b"GET", own.as_bytes(), 1_000 + client % 8);
            }
        }
        let found: Vec<String> = tree.proposals().into_iter().map(|it| it.segments.join("/")).collect();
        assert_eq!(found, ["dashboard/*/report", "about"]);
        // Where many clients ask for a part of the path, it stays.
        let mut tree = Tree::default();
        for client in 1..200u64 {
            tree.add(b"GET", b"/dashboard", client);
            tree.add(
                b"GET",
                format!("/dashboard/{}", names[client as usize % 4]).as_bytes(),
                1_000 + client % 8,
            );
        }
        let found: Vec<String> = tree.proposals().into_iter().map(|it| it.segments.join("/")).collect();
        assert_eq!(found, ["dashboard", "dashboard/*"]);
    }

    #[test]
    fn parts_of_a_log_make_the_tree_of_the_whole() {
        let paths: Vec<String> =
            (0..600).map(|i| format!("/a{}/b{}", i % 7, char::from(b'a' + (i % 26) as u8))).collect();
        let (mut whole, mut one, mut other) = (Tree::default(), Tree::default(), Tree::default());
        for (index, path) in paths.iter().enumerate() {
            whole.add(b"GET", path.as_bytes(), index as u64 + 1);
            let part = if index % 3 == 0 { &mut one } else { &mut other };
            part.add(b"GET", path.as_bytes(), index as u64 + 1);
        }
        one.merge(other);
        assert_eq!(one.proposals(), whole.proposals());
    }
}
