//! One trace an entry, for those who look at many programs in one place: its way through poll, fetch,
//! clean, judge and commit, with the waiting between them. Sent by OTLP where the configuration names
//! a collector, and where copydesk was built with the feature `opentelemetry`; otherwise all this is
//! empty.

#[cfg(feature = "opentelemetry")]
mod otlp;
#[cfg(feature = "opentelemetry")]
mod queue;
#[cfg(feature = "opentelemetry")]
pub use otlp::{Trace, Traces};

#[cfg(not(feature = "opentelemetry"))]
mod off;
#[cfg(not(feature = "opentelemetry"))]
pub use off::{Trace, Traces};

use std::time::Instant;

/// From when to when the poll was made that listed the entry.
pub type Polled = (Instant, Instant);
