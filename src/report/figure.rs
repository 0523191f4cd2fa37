//! Native charts of Office documents: bars with 95 % intervals for shares, bars up to the number
//! of groups, interviews or sessions for the rest.
//!
//! In: rows of the view. Out: a [`Figure`] (the largest rows, its heading, its words for people
//! who do not see it), its table of numbers in a sheet, and the chart over that table. A row
//! whose share is protected is not drawn. Must not know: where the chart is put.

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisLabelPosition, ChartErrorBars, ChartErrorBarsType,
    ChartFont, ChartLine, ChartPoint, ChartRange, ChartSolidFill, ChartType, Format, FormatAlign,
    Worksheet, XlsxError,
};

use super::view::{QuestionView, SourceView, ThemeRow, View};
use super::words::{interval_in_words, label, largest};

/// Rows in a chart.
const LIMIT: usize = 15;
/// Colours of areas, and of the themes inside them, from the axis outwards.
const AREA: [u32; 3] = [0x1d_5578, 0x6d_9cba, 0xd3_e3ee];
const THEME: [u32; 3] = [0x6b_7178, 0xa9_afb5, 0xe3_e6e8];

/// How the interval of a share is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawn {
    /// As a whisker on the bar.
    Whiskers,
    /// As the paler pieces of the bar: not every program that opens a document draws whiskers of
    /// a chart in it.
    Graded,
}

impl Drawn {
    /// What a caption says of it.
    fn in_words(self) -> &'static str {
        match self {
            Self::Whiskers => "The whisker is the 95 % interval.",
            Self::Graded => {
                "The 95 % interval begins where the dark piece of a bar ends, and ends where the \
                 palest does; the share lies where the middle piece ends."
            }
        }
    }
}

/// What is drawn.
#[derive(Debug)]
pub(super) struct Figure {
    /// What it shows, in a sentence or two.
    pub(super) caption: String,
    /// Every bar in words.
    pub(super) alt: String,
    /// What it is, in the few words that a sheet allows.
    brief: String,
    /// Where the axis ends.
    end: f64,
    /// Whether the bars are shares of people.
    shares: bool,
    /// What the bars count: `Share` or `Raised in`.
    measure: String,
    rows: Vec<Bar>,
}

/// One bar; lengths are shares or numbers of files.
#[derive(Debug)]
struct Bar {
    label: String,
    area: bool,
    value: f64,
    /// From the lower end to the value, and from there to the upper end.
    reach: (f64, f64),
}

/// The figure of one question, where there is anything to draw.
pub(super) fn figure(
    view: &View,
    source: &SourceView,
    question: &QuestionView,
    drawn: Drawn,
) -> Option<Figure> {
    if source.shares {
        shares(view, source, question, drawn)
    } else if question.file_base > 0 && !source.file_unit.is_empty() {
        files(view, source, question)
    } else {
        None
    }
}

fn shares(view: &View, source: &SourceView, question: &QuestionView, how: Drawn) -> Option<Figure> {
    let drawable: Vec<&ThemeRow> = question.rows.iter().filter(|r| r.share.is_some()).collect();
    let rows = largest(&drawable, LIMIT, |row| row.share.map_or(0.0, |s| s.value));
    let mut bars = Vec::new();
    let mut words = Vec::new();
    for row in rows {
        let Some(share) = row.share else { continue };
        let label = label(view, row.theme).to_owned();
        words.push(format!("{label}: {}", interval_in_words(&share)));
        let reach = (share.value - share.low, share.high - share.value);
        bars.push(Bar { label, area: row.level == 0, value: share.value, reach });
    }
    let highest = bars.iter().map(|b| b.value + b.reach.1).fold(0.0, f64::max);
    let drawn = heading(bars.len(), question.rows.len());
    Some(Figure {
        caption: format!(
            "{drawn} Share of {} who raised it. {} Blue bars are areas, which cover their themes; \
             grey bars are themes.",
            source.unit,
            how.in_words(),
        ),
        alt: format!("Bar chart. {drawn} {}.", words.join("; ")),
        brief: format!("Bar chart. {drawn} Shares with intervals, as in the table beside it."),
        end: (highest * 10.0 - 1e-9).ceil().clamp(2.0, 10.0) / 10.0,
        shares: true,
        measure: "Share".into(),
        rows: bars,
    })
    .filter(|f| !f.rows.is_empty())
}

fn files(view: &View, source: &SourceView, question: &QuestionView) -> Option<Figure> {
    let raised: Vec<&ThemeRow> = question.rows.iter().filter(|r| r.files > Some(0)).collect();
    let rows = largest(&raised, LIMIT, |row| row.files.unwrap_or(0) as f64);
    let (base, unit) = (question.file_base, source.file_unit.as_str());
    let bar = |row: &&ThemeRow| Bar {
        label: label(view, row.theme).to_owned(),
        area: row.level == 0,
        value: row.files.unwrap_or(0) as f64,
        reach: (0.0, 0.0),
    };
    let bars: Vec<Bar> = rows.iter().map(bar).collect();
    let words: Vec<String> =
        bars.iter().map(|b| format!("{}: {} of {base}", b.label, b.value)).collect();
    let drawn = heading(bars.len(), question.rows.len());
    Some(Figure {
        caption: format!(
            "{drawn} In how many of the {base} {unit} it was raised; these are not percentages of \
             people. Blue bars are areas, which cover their themes; grey bars are themes.",
        ),
        alt: format!("Bar chart. {drawn} {}.", words.join("; ")),
        brief: format!("Bar chart. {drawn} Numbers of {unit}, as in the table beside it."),
        end: base as f64,
        shares: false,
        measure: format!("Raised in, of {base} {unit}"),
        rows: bars,
    })
    .filter(|f| !f.rows.is_empty())
}

fn heading(drawn: usize, all: usize) -> String {
    if drawn < all {
        format!("The {drawn} areas and themes raised most, of {all}.")
    } else {
        "Areas and themes that were raised.".to_owned()
    }
}

impl Figure {
    /// How many rows its table takes, header included.
    pub(super) fn height(&self) -> u32 {
        self.rows.len() as u32 + 1
    }

    /// Pixels that show every label.
    pub(super) fn pixels(&self) -> (u32, u32) {
        (640, 70 + 24 * self.rows.len() as u32)
    }

    /// Writes the table of numbers with its upper left cell at (`top`, `left`).
    pub(super) fn table(
        &self,
        sheet: &mut Worksheet,
        top: u32,
        left: u16,
    ) -> Result<(), XlsxError> {
        let head = Format::new().set_bold().set_align(FormatAlign::Right);
        let number = Format::new().set_num_format(if self.shares { "0.0%" } else { "0" });
        sheet.write_string_with_format(top, left, "Area or theme", &Format::new().set_bold())?;
        sheet.write_string_with_format(top, left + 1, &self.measure, &head)?;
        if self.shares {
            sheet.write_string_with_format(top, left + 2, "Down to the lower end", &head)?;
            sheet.write_string_with_format(top, left + 3, "Up to the upper end", &head)?;
            sheet.write_string_with_format(top, left + 4, "Lower end", &head)?;
        }
        for (row, bar) in (top + 1..).zip(&self.rows) {
            sheet.write_string(row, left, super::workbook::cell(&bar.label).as_ref())?;
            sheet.write_number_with_format(row, left + 1, bar.value, &number)?;
            if self.shares {
                sheet.write_number_with_format(row, left + 2, bar.reach.0, &number)?;
                sheet.write_number_with_format(row, left + 3, bar.reach.1, &number)?;
                sheet.write_number_with_format(row, left + 4, bar.value - bar.reach.0, &number)?;
            }
        }
        Ok(())
    }

    /// The chart over a table that [`Figure::table`] wrote into the sheet of that name.
    pub(super) fn chart(&self, sheet: &str, (top, left): (u32, u16), drawn: Drawn) -> Chart {
        let (first, last) = (top + 1, top + self.rows.len() as u32);
        let column = |c: u16| ChartRange::new_from_range(sheet, first, left + c, last, left + c);
        let graded = self.shares && drawn == Drawn::Graded;
        let kind = if graded { ChartType::BarStacked } else { ChartType::Bar };
        let mut chart = Chart::new(kind);
        // (column, name, shade): the pieces of each bar, from the axis outwards.
        let pieces: &[(u16, &str, usize)] = if graded {
            &[(4, "Lower end", 0), (2, "Up to the share", 1), (3, "Up to the upper end", 2)]
        } else {
            &[(1, &self.measure, 0)]
        };
        for &(values, name, shade) in pieces {
            let fill = |b: &Bar| {
                let colour = if b.area { AREA[shade] } else { THEME[shade] };
                ChartPoint::new().set_format(&mut *ChartSolidFill::new().set_color(colour))
            };
            let series = chart.add_series();
            series
                .set_name(name)
                .set_categories(&column(0))
                .set_values(&column(values))
                .set_points(&self.rows.iter().map(fill).collect::<Vec<_>>())
                .set_gap(45);
            if self.shares && !graded {
                let custom = ChartErrorBarsType::Custom(column(3), column(2));
                series.set_x_error_bars(ChartErrorBars::new().set_type(custom));
            }
            if graded {
                series.set_overlap(100);
            }
        }
        self.axes(&mut chart);
        let (width, height) = self.pixels();
        chart.set_width(width).set_height(height).set_alt_text(&self.brief);
        chart
    }

    fn axes(&self, chart: &mut Chart) {
        let small = ChartFont::new().set_name("Calibri").set_size(9).clone();
        let grid = ChartLine::new().set_color(0xd5_d9dd).set_width(0.5).clone();
        let (step, form) = if self.shares {
            (if self.end > 0.5 { 0.2 } else { 0.1 }, "0%")
        } else {
            ((self.end / 8.0).ceil(), "0")
        };
        chart.x_axis().set_min(0).set_max(self.end).set_major_unit(step).set_num_format(form);
        chart.x_axis().set_font(&small).set_major_gridlines_line(&grid);
        chart.y_axis().set_reverse().set_font(&small).set_crossing(ChartAxisCrossing::Max);
        chart.y_axis().set_label_position(ChartAxisLabelPosition::Low);
        chart.title().set_hidden();
        chart.legend().set_hidden();
    }
}
