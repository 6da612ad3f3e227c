//! Databases: connections of pools, the order of locks, replicas that are late.

// By hand.
mod consistency;
mod contention;
mod durable;
mod far;
mod growth;
mod pools;
mod postgres;
mod proxy;
mod readers;
mod restore;
mod serverless;
mod twice;
mod volumes;

// Theory.
mod theory;
