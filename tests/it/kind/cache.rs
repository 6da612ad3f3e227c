//! Caches: what is kept and for how long, misses that fill, a shard that is full.

// By hand.
mod bytes;
mod expiry;
mod fill;
mod language;
mod memcached;
mod nodes;
mod patterns;
mod phases;

// Theory.
pub mod theory;
