//! Service stations: servers on a timetable, and the order of service.

// By hand.
mod servers;

// Theory.
mod theory;
