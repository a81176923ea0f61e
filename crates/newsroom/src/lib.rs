//! A loopback newsroom for tests, the demo and benchmarks: several sites that publish articles
//! with RSS, Atom and JSON feeds, change them while they run, and misbehave on demand.
