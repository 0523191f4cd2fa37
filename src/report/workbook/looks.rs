//! The formats of cells, made once. In: nothing. Out: [`Looks`]. Must not know: what is shown.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Fills by strength, from none to all: the steps of the report's page.
const SHADES: [u32; 9] = [
    0xff_ffff, 0xf1_f6f9, 0xe3_edf4, 0xd3_e3ee, 0xc2_d9e7, 0xb1_cee0, 0x9f_c2d8, 0x8d_b6d0,
    0x7b_aac8,
];
const RULE: u32 = 0xd5_d9dd;
const QUIET: u32 = 0x58_6069;

/// Formats by purpose.
pub(super) struct Looks {
    pub(super) title: Format,
    pub(super) heading: Format,
    pub(super) note: Format,
    pub(super) warning: Format,
    pub(super) quiet: Format,
    pub(super) head: Format,
    pub(super) head_number: Format,
    pub(super) text: Format,
    pub(super) strong: Format,
    pub(super) indented: Format,
    pub(super) number: Format,
    pub(super) share: Format,
    pub(super) ratio: Format,
    pub(super) points: Format,
    pub(super) chance: Format,
    pub(super) protected: Format,
    pub(super) date: Format,
    pub(super) plain: Format,
    pub(super) label: Format,
    pub(super) link: Format,
}

impl Looks {
    pub(super) fn new() -> Self {
        let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let text =
            plain.clone().set_border_bottom(FormatBorder::Hair).set_border_bottom_color(RULE);
        let number = text.clone().set_align(FormatAlign::Right).set_num_format("#,##0");
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Bottom)
            .set_background_color(SHADES[2])
            .set_border_bottom(FormatBorder::Thin);
        Self {
            title: Format::new().set_bold().set_font_size(15).set_font_color(0x1d_5578),
            heading: Format::new().set_bold().set_font_size(12).set_font_color(0x1d_5578),
            note: Format::new().set_font_color(QUIET).set_italic(),
            warning: Format::new().set_bold().set_font_color(0x8a_4b00),
            quiet: plain.clone().set_font_color(QUIET),
            head_number: head.clone().set_align(FormatAlign::Right),
            head,
            strong: text.clone().set_bold(),
            indented: text.clone().set_indent(1),
            share: number.clone().set_num_format("0%"),
            ratio: number.clone().set_num_format("0.00"),
            points: number.clone().set_num_format("+0.0;−0.0;0.0"),
            chance: number.clone().set_num_format("0.000"),
            protected: number.clone().set_font_color(QUIET).set_italic(),
            date: text.clone().set_num_format("yyyy-mm-dd"),
            label: plain.clone().set_bold(),
            link: Format::new()
                .set_font_color(0x1d_5578)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            number,
            text,
            plain,
        }
    }
}

/// A format with the fill of a step from 0 to 8.
pub(super) fn shaded(format: &Format, step: u8) -> Format {
    match SHADES.get(usize::from(step)) {
        Some(&rgb) if step > 0 => format.clone().set_background_color(Color::RGB(rgb)),
        _ => format.clone(),
    }
}
