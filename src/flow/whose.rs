//! Whose a station is, by its number. In: a host. Out: the number of the station that is its threads, and the host again.

/// The bit that marks the threads of a host, which are in its own record.
const OF_HOST: u32 = 1 << 30;

/// The number of the station that is the threads of a host.
pub const fn threads_of(host: u32) -> u32 {
    host | OF_HOST
}

/// The host whose threads a station is.
pub const fn host_of(station: u32) -> Option<usize> {
    if station & OF_HOST != 0 { Some((station & !OF_HOST) as usize) } else { None }
}
