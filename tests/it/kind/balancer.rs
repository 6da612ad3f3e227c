//! Balancers: which target gets a request, and what becomes of it where none answers.

// By hand.
mod classic;
mod counts;
mod few;
mod growth;
mod keep_alive;
mod network;
mod nodes;
mod rules;
mod split;
mod sticky;
mod targets;
mod turns;
mod weights;

// Theory.
mod theory;
