//! Taking turns: each member once in a round, the first member first.
//!
//! In: members that come and go. Out: whose turn it is. The position in the round is kept when others come or go: a
//! member that has had its turn is not asked again before the rest, and one that has not is not skipped.

/// Members in order, and the one whose turn is next.
#[derive(Debug, Default)]
pub struct Turns {
    members: Vec<u32>,
    /// Position of the next member; the number of members means that the round is over.
    next: usize,
}

impl Turns {
    /// The members, in order.
    pub fn members(&self) -> &[u32] {
        &self.members
    }

    /// Adds a member, at its position in the order.
    pub fn insert(&mut self, member: u32) {
        if let Err(at) = self.members.binary_search(&member) {
            self.members.insert(at, member);
            // Inserted at the position of the next member, it becomes the next: its turn in this round is still to
            // come.
            self.next += usize::from(at < self.next);
        }
    }

    /// Removes a member.
    pub fn remove(&mut self, member: u32) {
        if let Ok(at) = self.members.binary_search(&member) {
            self.members.remove(at);
            self.next -= usize::from(at < self.next);
        }
    }

    /// The member whose turn it is; the turn then passes to the next.
    #[inline]
    pub fn take(&mut self) -> Option<u32> {
        if self.next >= self.members.len() {
            self.next = 0;
        }
        let member = self.members.get(self.next).copied()?;
        self.next += 1;
        Some(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(members: &[u32]) -> Turns {
        let mut turns = Turns::default();
        members.iter().for_each(|&member| turns.insert(member));
        turns
    }

    fn some(turns: &mut Turns, count: usize) -> Vec<u32> {
        (0..count).filter_map(|_| turns.take()).collect()
    }

    #[test]
    fn the_first_comes_first() {
        assert_eq!(some(&mut turns(&[0, 1, 2]), 7), [0, 1, 2, 0, 1, 2, 0]);
        assert_eq!(turns(&[]).take(), None);
    }

    #[test]
    fn a_place_is_kept_when_members_go() {
        let mut turns = turns(&[0, 1, 2, 3]);
        assert_eq!(some(&mut turns, 2), [0, 1]);
        turns.remove(0);
        assert_eq!(some(&mut turns, 3), [2, 3, 1]);
        turns.remove(2);
        assert_eq!(some(&mut turns, 3), [3, 1, 3]);
        turns.remove(1);
        turns.remove(3);
        assert_eq!(turns.take(), None);
    }

    #[test]
    fn a_place_is_kept_when_members_come() {
        let mut turns = turns(&[1, 3]);
        assert_eq!(turns.take(), Some(1));
        turns.insert(0);
        turns.insert(4);
        assert_eq!(some(&mut turns, 5), [3, 4, 0, 1, 3]);
        turns.insert(5);
        turns.insert(2);
        assert_eq!(some(&mut turns, 3), [4, 5, 0]);
    }
}
