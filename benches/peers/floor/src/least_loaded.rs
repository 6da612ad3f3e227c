//! The server with the fewest requests outstanding, among at most 32: for each load, a bitmap of the servers with that
//! load.

/// More outstanding requests than a server ever has.
const LOADS: usize = 4096;

/// The loads of all servers.
pub struct LeastLoaded {
    servers_of: Box<[u32; LOADS]>,
    load_of: [u32; 32],
    least: u32,
}

impl LeastLoaded {
    pub fn new(servers: usize) -> Self {
        let mut servers_of = Box::new([0; LOADS]);
        servers_of[0] = (1 << servers) - 1;
        Self { servers_of, load_of: [0; 32], least: 0 }
    }

    /// Gives a request to the first server with the least load.
    #[inline(always)]
    pub fn take(&mut self) -> usize {
        let least = self.least as usize;
        let server = (self.servers_of[least].trailing_zeros() & 31) as usize;
        let bit = 1 << server;
        self.load_of[server] = self.least + 1;
        self.servers_of[least] ^= bit;
        self.servers_of[least + 1] |= bit;
        self.least += u32::from(self.servers_of[least] == 0);
        server
    }

    /// A request of this server has been answered.
    #[inline(always)]
    pub fn give(&mut self, server: usize) {
        let load = self.load_of[server & 31];
        let bit = 1 << (server & 31);
        self.load_of[server & 31] = load - 1;
        self.servers_of[load as usize] ^= bit;
        self.servers_of[load as usize - 1] |= bit;
        self.least = self.least.min(load - 1);
    }
}
