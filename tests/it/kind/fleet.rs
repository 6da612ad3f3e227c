//! Fleets: what becomes of an instance from its launch to its end, and how its CPU is shared.

// By hand.
mod boot;
mod cluster;
mod cold;
mod cores;
mod credits;
mod deploy;
mod fargate;
mod hooks;
mod in_service;
mod limit;
mod maintenance;
mod memory;
mod mixed;
mod network;
mod phases;
mod protect;
mod refresh;
mod replacement;
mod resize;
mod shortage;
mod sockets;
mod spot;
mod standby;
mod suspend;
mod taken_out;
mod termination;
mod versions;
mod warm_pool;

// Theory.
mod theory;
