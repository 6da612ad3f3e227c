//! What the users of a closed population have met. In: of each user, whether a request failed and whether one was answered. Out: counts of
//! users.

/// Users of a population of whom at least one request has ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UsersMet {
    /// All of them.
    pub asked: u64,
    /// Those of whom at least one request failed.
    pub failed: u64,
    /// Those of whom no request was answered.
    pub unanswered: u64,
}

impl UsersMet {
    /// Adds a user.
    pub fn note(&mut self, failed: bool, answered: bool) {
        self.asked += u64::from(failed || answered);
        self.failed += u64::from(failed);
        self.unanswered += u64::from(failed && !answered);
    }

    /// All populations together.
    pub fn of_all(each: &[UsersMet]) -> UsersMet {
        let mut all = UsersMet::default();
        each.iter().for_each(|one| all.add(one));
        all
    }

    /// Adds another run, or another population.
    pub fn add(&mut self, other: &UsersMet) {
        self.asked += other.asked;
        self.failed += other.failed;
        self.unanswered += other.unanswered;
    }
}
