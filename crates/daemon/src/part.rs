//! The parts of copydesk that can be held back or stand still, as log, page, probes and metrics
//! name them.

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Committing to the state.
    State,
    /// Reading it, apart: the one may work while the other does not.
    StateReading,
    /// The index of near-duplicates.
    Index,
    /// Writing lines.
    Output,
    /// Compressing and closing the files of lines.
    Closing,
    /// The stages that a beat travels.
    Schedule,
    Clean,
    Desk,
    Writer,
}

impl Part {
    pub const ALL: [Part; 9] = [
        Self::State,
        Self::StateReading,
        Self::Index,
        Self::Output,
        Self::Closing,
        Self::Schedule,
        Self::Clean,
        Self::Desk,
        Self::Writer,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::StateReading => "reading state",
            Self::Index => "index",
            Self::Output => "output",
            Self::Closing => "closing",
            Self::Schedule => "schedule",
            Self::Clean => "clean",
            Self::Desk => "desk",
            Self::Writer => "writer",
        }
    }
}
