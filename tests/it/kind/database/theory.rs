//! One hot row, and replicas: what queueing theory says of locks and of the binary log.

mod locking;
mod replicating;
