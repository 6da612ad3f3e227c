//! What clients keep for a time, such as the answer of a lookup.
//!
//! In: the number of a client, and the time. Out: what it has, as long as it may keep it; then it has to ask again.

/// What each client keeps.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    each: Vec<Option<Copy<T>>>,
}

/// What one client keeps.
#[derive(Debug)]
struct Copy<T> {
    until: u64,
    what: T,
}

/// What a client has.
#[derive(Debug)]
pub(crate) enum Has<'k, T> {
    /// This, which it may keep for longer.
    It(&'k mut T),
    /// What it may keep no longer.
    Old,
    /// It has never asked.
    Never,
}

impl<T> Default for Kept<T> {
    fn default() -> Kept<T> {
        Kept { each: Vec::new() }
    }
}

impl<T> Kept<T> {
    /// What a client has at an instant.
    pub fn of(&mut self, client: usize, now: u64) -> Has<'_, T> {
        match self.each.get_mut(client).and_then(Option::as_mut) {
            Some(copy) if copy.until > now => Has::It(&mut copy.what),
            Some(_) => Has::Old,
            None => Has::Never,
        }
    }

    /// A client keeps something until an instant.
    pub fn keep(&mut self, client: usize, until: u64, what: T) {
        if client >= self.each.len() {
            self.each.resize_with(client + 1, || None);
        }
        self.each[client] = Some(Copy { until, what });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_it_until_it_may_keep_it_no_longer() {
        let mut kept: Kept<char> = Kept::default();
        assert!(matches!(kept.of(7, 0), Has::Never));
        kept.keep(7, 60, 'a');
        assert!(matches!(kept.of(7, 59), Has::It('a')) && matches!(kept.of(6, 59), Has::Never));
        assert!(matches!(kept.of(7, 60), Has::Old));
    }
}
