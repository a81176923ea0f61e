//! What is left in the paragraphs and is no story: echoes, credits, datelines, prompts.

mod agency;

pub(crate) use agency::agency_of;
