//! The report as one self-contained HTML page: no network, no external font, one
//! script of its own that filters and opens what stands there.
//!
//! In: the [`View`]. Out: the bytes of `report.html`. Must not know: files, raw text, how a number
//! came about; it counts and hides nothing, it only lays out what the view holds.

use crate::report::view::View;

mod account;
mod behind;
pub(crate) mod change;
mod chart;
mod codebook;
mod difference;
mod filter;
#[cfg(test)]
pub mod fixture;
mod groups;
mod matrix;
mod measured;
pub mod methods;
mod page;
pub mod plan;
mod question;
mod saturation;
mod source;
#[cfg(test)]
mod tests;
mod together;

pub(crate) use page::{framed, scroll_box};

/// The page as UTF-8. Equal views give equal bytes.
pub fn render(view: &View) -> Vec<u8> {
    crate::report::words::neutralised(&page::page(view).into_string()).into_bytes()
}
