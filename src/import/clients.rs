//! Who asked for a part of a path, as far as it takes to tell a word of the site from one of a person. In: hashes of clients. Out: whether they
//! are few.

/// Of one value, clients are told apart up to here.
pub(super) const CLIENTS_KEPT: usize = 8;

/// Who asked for something: hashes in order, or more than are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Clients {
    are_many: bool,
    known: Vec<u64>,
}

impl Clients {
    /// A client, or zero if the log does not say.
    pub(super) fn add(&mut self, client: u64) {
        if self.are_many {
            return;
        }
        if client == 0 {
            (self.are_many, self.known) = (true, Vec::new());
        } else if let Err(place) = self.known.binary_search(&client) {
            match self.known.len() < CLIENTS_KEPT {
                true => self.known.insert(place, client),
                false => (self.are_many, self.known) = (true, Vec::new()),
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Clients) {
        match other.are_many {
            true => self.add(0),
            false => other.known.iter().for_each(|client| self.add(*client)),
        }
    }

    /// Whether there are at most so many.
    pub(super) fn are_few(&self, most: usize) -> bool {
        !self.are_many && self.known.len() <= most
    }

    /// How many are told apart.
    pub(super) fn known(&self) -> usize {
        self.known.len()
    }
}
