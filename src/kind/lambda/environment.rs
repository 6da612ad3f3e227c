//! Execution environments. In: nothing. Out: what is known of one.

/// Where an environment is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is made, and initializes.
    Starts,
    /// It has a request.
    Busy,
    /// It has none.
    Idle,
    /// It has ended.
    Gone,
}

/// An execution environment.
#[derive(Clone, Copy, Debug)]
pub struct Environment {
    /// Its function.
    pub function: u16,
    /// Its host.
    pub host: u32,
    /// Where it is in its life.
    pub state: State,
    /// Since when it has been initializing, or working, or idle.
    pub since: u64,
    /// How long it initializes.
    pub init: u64,
    /// It was made before it was asked for.
    pub provisioned: bool,
    /// A database refuses its connections.
    pub refused: bool,
    /// The request that it has.
    pub attempt: u32,
    /// Requests that it has had.
    pub served: u32,
}
