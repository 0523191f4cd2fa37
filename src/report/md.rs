//! md
use crate::report::view::View;
/// md
pub fn render(_view: &View) -> Vec<u8> { Vec::new() }
