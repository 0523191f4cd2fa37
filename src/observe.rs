//! Leaf: how a running pipeline tells what it is doing, without knowing who listens.
//!
//! In: calls from the stages. Out: whatever the implementor makes of them (progress bars in the
//! binary, nothing in tests). Must not know: terminals, indicatif, any stage's types.

/// The stages that a user sees, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Files are read.
    Read,
    /// Text is redacted, segmented, recognised and deduplicated.
    Prepare,
    /// The codebook is turned into prototypes.
    Learn,
    /// Segments are encoded and compared with the codebook.
    Code,
    /// A model learns from coded answers.
    Train,
    /// Codings are counted.
    Count,
    /// Reports are written.
    Write,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Stage; 7] = [
        Stage::Read,
        Stage::Prepare,
        Stage::Learn,
        Stage::Code,
        Stage::Train,
        Stage::Count,
        Stage::Write,
    ];

    /// What the user reads in front of the bar.
    pub fn verb(self) -> &'static str {
        match self {
            Stage::Read => "reading",
            Stage::Prepare => "preparing",
            Stage::Learn => "codebook",
            Stage::Code => "coding",
            Stage::Train => "learning",
            Stage::Count => "counting",
            Stage::Write => "writing",
        }
    }
}

/// Listens to a run. Calls may come from several threads.
pub trait Observer: Sync {
    /// A stage starts; `total` is the number of items, where it is known.
    fn begin(&self, stage: Stage, total: Option<u64>);
    /// `n` more items of the stage are done.
    fn advance(&self, stage: Stage, n: u64);
    /// The stage is finished.
    fn end(&self, stage: Stage);
    /// The work on `n` more items is kept: a later run need not do it again.
    fn kept(&self, _n: u64) {}
    /// Does `work`, which must not be cut off by a signal. Called once, for the outputs.
    fn uninterrupted(&self, work: &mut dyn FnMut()) {
        work();
    }
}

/// Nobody listens.
impl Observer for () {
    fn begin(&self, _: Stage, _: Option<u64>) {}
    fn advance(&self, _: Stage, _: u64) {}
    fn end(&self, _: Stage) {}
}
