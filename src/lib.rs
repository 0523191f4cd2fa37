//! canvass turns what people said into theme reports that a planner can rely on.
//!
//! A study is a folder with a `study.toml`, inputs and a codebook. A run takes it through seven
//! stages, each a folder here, each importing only earlier stages and the leaves:
//!
//! ```text
//! files ─ingest→ Intake{Verbatim} ─prepare→ Corpus{Redacted, segments, uniques}
//!       ─encode→ vectors, window by window ─classify→ Verdicts
//!       ─aggregate→ Summary (true counts) ─disclosure→ Disclosure (which counts are published)
//!       ─report→ View (what is shown) → bytes
//! ```
//!
//! [`plan`] decides and checks everything before the first file is read; [`pipeline`] is the run
//! on one screen; [`init`] writes a study from a heap of files. Leaves: [`text`] (raw text is a
//! type that cannot be printed), [`codebook`], [`model`], [`config`], [`observe`], [`released`],
//! [`fsx`], [`follow_up`], [`stance`] (praise, criticism, a request), [`store`] (finished work that a later run uses again), [`measure`] (statistics).
//! [`coded`] reads answers that people coded, [`gold`] those of a gold sample that [`mod@sample`]
//! drew; [`train`] learns a model from them, and [`mod@answers`] codes a table of answers without
//! a study; [`mod@compare`] puts two finished runs side by side. Only the binary prints, and only
//! `encode/bert.rs` and `train/finetune/` name the engine.

pub mod aggregate;
#[cfg(feature = "engine")]
pub mod answers;
pub mod classify;
pub mod codebook;
pub mod coded;
pub mod compare;
pub mod config;
pub mod disclosure;
pub mod encode;
pub mod error;
pub mod evaluate;
pub mod follow_up;
pub mod fsx;
pub mod gold;
pub mod ingest;
pub mod init;
pub mod measure;
pub mod model;
pub mod observe;
#[cfg(feature = "engine")]
pub mod pipeline;
pub mod plan;
pub mod prepare;
pub mod released;
pub mod report;
pub mod sample;
pub mod stance;
pub mod store;
pub mod text;
#[cfg_attr(not(feature = "engine"), allow(dead_code, reason = "the engine's part drives the rest"))]
pub mod train;

pub use error::Error;
