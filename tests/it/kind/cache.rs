//! Caches: what is kept and for how long, misses that fill, a shard that is full.

// By hand.
mod expiry;
mod fill;
mod phases;

// Theory.
mod theory;
