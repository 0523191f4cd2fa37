//! Whether a format publishes a number that `summary.json` does not show.
//!
//! In: `report.html`, `report.md`, `report.docx`, `workbook.xlsx`, `themes.csv` and `summary.json`
//! of one run. Out: every number in a table's row of a theme that is none of those that the summary
//! gives of that theme in that place. The tables are read by a few lines of code of their own.

use serde_json::Value;

use super::tables::{Row, csv, docx, html, markdown, xlsx};

/// Where a number stands: the whole source, a question, or a value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Table(String),
    Group(String, String),
}

/// What was compared.
#[derive(Debug, Default)]
pub struct Compared {
    /// Numbers that were read.
    pub numbers: usize,
    /// Cells of protected counts.
    pub protected: usize,
    /// Cells of pairs of areas.
    pub pairs: usize,
    /// Numbers that the summary does not give.
    pub faults: Vec<String>,
}

/// Compares the files with a summary.
pub fn compare(files: &[(String, Vec<u8>)], summary: &Value) -> Compared {
    let mut compared = Compared::default();
    for (name, bytes) in files {
        let rows = match name.as_str() {
            "report.html" => html(bytes),
            "report.md" => markdown(bytes),
            "report.docx" => docx(bytes),
            "workbook.xlsx" => xlsx(bytes),
            "themes.csv" => csv(bytes),
            _ => continue,
        };
        for row in &rows {
            match pair_of(row) {
                Some(areas) => pair(&mut compared, summary, (name, row), areas),
                None => one(&mut compared, summary, name, row),
            }
        }
    }
    compared
}

fn one(compared: &mut Compared, summary: &Value, file: &str, row: &Row) {
    let Some(theme) = theme_of(row) else { return };
    for (column, cell) in &row.cells {
        let named = |name: &str| row.cells.iter().find(|(c, _)| c == name).map(|(_, t)| t.as_str());
        let across = column.split(": ").find(|c| c.starts_with("Source "));
        let source = named("Source").or(named("source")).or(across).unwrap_or(&row.source);
        let text = [named("Question"), named("question")].into_iter().flatten().next();
        let value = named("Value").map(|v| (named("Group").unwrap_or_default(), v));
        let value = value.or(named("group").and_then(|g| g.split_once('=')));
        let place = match (&row.group, value, text) {
            _ if across.is_some() => Place::Table(String::new()),
            (_, Some((column, value)), _) => Place::Group(column.into(), value.into()),
            (Some(group), ..) if column.starts_with('V') => {
                let value = column.split([' ', '\n']).next().unwrap_or_default();
                Place::Group(group.clone(), value.into())
            }
            // A row of a chart of differences names its value behind the theme.
            (Some(group), ..) if value_of(row).is_some() => {
                Place::Group(group.clone(), value_of(row).unwrap_or_default())
            }
            (_, _, text) => Place::Table(text.unwrap_or(&row.question).into()),
        };
        let is_label = ["theme", "label", "Theme id", "question", "Question", "Source", "source"];
        let is_label = is_label.contains(&column.as_str())
            || ["group", "Group", "Value", "Area or theme", "Area", "Level"]
                .contains(&column.as_str())
            || cell.contains("Theme ");
        // The whole of a value or of a table, which stands in its head.
        let is_base = ["base", "People in all", "People in the value", "files_base"];
        if is_label || is_base.contains(&column.as_str()) || source.is_empty() {
            continue;
        }
        let Some((allowed, open)) = allowed(summary, source, &place, theme) else {
            compared.faults.push(format!("{file}: no {source} {place:?} {theme}: {cell}"));
            continue;
        };
        compared.protected += usize::from(!open);
        for number in numbers(&cell.replace(column.as_str(), " ")) {
            compared.numbers += 1;
            if !allowed.iter().any(|a| (a - number).abs() < 1e-6) {
                compared.faults.push(format!(
                    "{file}: {number} in `{cell}` ({source}, {place:?}, theme {theme}, {column})"
                ));
            }
        }
    }
}

/// The two areas of a row that tells of a pair.
fn pair_of(row: &Row) -> Option<[u64; 2]> {
    let labels = row.cells.iter().map(|(_, text)| text.trim());
    let labels = labels.skip_while(|text| !text.starts_with("Theme "));
    let labels: Vec<&str> = labels.take_while(|text| text.starts_with("Theme ")).collect();
    let text = labels.join(" ");
    let themes = text.split("Theme ").skip(1);
    let mut themes = themes.map(|t| t.split_whitespace().next()?.parse().ok());
    Some([themes.next()??, themes.next()??])
}

/// Numbers in a row of a pair that the summary does not give of it.
fn pair(compared: &mut Compared, summary: &Value, (file, row): (&str, &Row), areas: [u64; 2]) {
    let named = row.cells.iter().find(|(column, _)| column == "Source");
    let name = named.map_or(row.source.as_str(), |(_, text)| text);
    let sources = summary["sources"].as_array().unwrap();
    let rows = sources.iter().find(|s| s["name"] == name).map(|s| &s["together"]["rows"]);
    let rows = rows.and_then(Value::as_array).into_iter().flatten();
    let ends = |r: &&Value| [&r["first"], &r["second"]].map(|e| e.as_u64().unwrap()) == areas;
    let told = rows.into_iter().find(ends);
    let mut allowed: Vec<f64> = told.and_then(|r| r["both"].as_f64()).into_iter().collect();
    for share in ["among", "others", "reverse", "difference"] {
        for end in ["value", "low", "high"] {
            if let Some(share) = told.and_then(|r| r[share][end].as_f64()).map(f64::abs) {
                let points = format!("{:.1}", share * 100.0).parse().unwrap();
                allowed.extend([
                    share,
                    share * 100.0,
                    percent(share),
                    (share * 100.0).round(),
                    points,
                ]);
            }
        }
    }
    allowed.extend(told.and_then(|r| r["p_adjusted"].as_f64()));
    for (column, cell) in &row.cells {
        if cell.trim().starts_with("Theme ") || cell == name {
            continue;
        }
        compared.pairs += 1;
        let whole = cell.trim().parse::<f64>().map(|n| vec![n.abs()]);
        for number in whole.unwrap_or_else(|_| numbers(cell)) {
            compared.numbers += 1;
            if !allowed.iter().any(|a| (a - number).abs() < 1e-6) {
                let place = format!("{name}, pair {areas:?}, {column}");
                compared.faults.push(format!("{file}: {number} in `{cell}` ({place})"));
            }
        }
    }
}

fn theme_of(row: &Row) -> Option<usize> {
    let label = row.cells.iter().find(|(_, text)| text.trim().starts_with("Theme "))?;
    label.1.trim().strip_prefix("Theme ")?.split_whitespace().next()?.parse().ok()
}

/// The value that stands behind the theme in one cell.
fn value_of(row: &Row) -> Option<String> {
    let label = row.cells.iter().find_map(|(_, text)| text.trim().strip_prefix("Theme "))?;
    let value = label.split_whitespace().nth(1)?;
    value.starts_with('V').then(|| value.to_owned())
}

/// Numbers in a text; commas stand between thousands.
fn numbers(text: &str) -> Vec<f64> {
    let text = text.replace("95 % interval", " ").replace(',', "");
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    parts.filter_map(|p| p.trim_matches('.').parse().ok()).collect()
}

/// The numbers that the summary gives of a theme, as they are and as percentages; and whether it
/// gives a count.
fn allowed(summary: &Value, source: &str, place: &Place, theme: usize) -> Option<(Vec<f64>, bool)> {
    let array = |v: &'_ Value| v.as_array().cloned().unwrap_or_default();
    let source = array(&summary["sources"]).into_iter().find(|s| s["name"] == source)?;
    let is_theme = |r: &Value| r["theme"].as_u64() == Some(theme as u64);
    let mut numbers = Vec::new();
    let (count, share, corrected, weighted) = match place {
        Place::Table(text) => {
            let tables = array(&source["questions"]);
            let table = tables.iter().find(|q| q["text"] == *text).or(tables.first())?.clone();
            let Some(row) = array(&table["rows"]).into_iter().find(is_theme) else {
                // Nobody raised it.
                return Some((vec![0.0], true));
            };
            if let Some(files) = row["files"].as_u64() {
                numbers.extend([files as f64, table["file_base"].as_f64()?]);
            }
            numbers.extend(row["with_copies"]["exactly"].as_f64());
            if let Some(share) = row["share_with_copies"].as_f64() {
                numbers.extend([share, percent(share)]);
            }
            let parts = array(&row["stances"]["parts"]);
            let people = parts.iter().map(|p| &p["people"]).chain([&row["stances"]["rest"]]);
            let people: Vec<f64> = people.filter_map(Value::as_f64).collect();
            let whole: f64 = people.iter().sum();
            numbers.extend(people.iter().flat_map(|n| [*n, percent(n / whole)]));
            let told = people.iter().rev().skip(1).map(|n| percent(n / whole));
            numbers.push(100.0 - told.sum::<f64>());
            let [count, share] = [&row["participants"], &row["share"]].map(Value::clone);
            (count, share, row["corrected"].clone(), row["weighted"].clone())
        }
        Place::Group(column, value) => {
            let group = array(&source["groups"]).into_iter().find(|g| g["column"] == *column)?;
            let at = array(&group["values"]).iter().position(|v| v[0] == *value)?;
            let row = array(&group["rows"]).into_iter().find(is_theme)?;
            let [count, share] = [&row["cells"][at][0], &row["cells"][at][1]].map(Value::clone);
            let apart = &row["differences"][at];
            follows(apart, &source, &group, at, &row);
            numbers.extend(apart["others"].as_f64());
            numbers.extend(apart["p_adjusted"].as_f64());
            for end in ["value", "low", "high"] {
                // A sign is not read; points are printed with one decimal.
                if let Some(part) = apart["points"][end].as_f64().map(f64::abs) {
                    numbers.extend([part, part * 100.0, (part * 1_000.0).round() / 10.0]);
                }
            }
            (count, share, row["corrected"][at].clone(), row["weighted"][at].clone())
        }
    };
    numbers.extend(count["exactly"].as_f64());
    numbers.extend(count["fewer-than"].as_f64());
    for share in [&share, &corrected["share"]["share"], &weighted] {
        for end in ["value", "low", "high"] {
            if let Some(share) = share[end].as_f64() {
                let rounded = (share * 100.0).round();
                numbers.extend([share, percent(share), rounded]);
            }
        }
    }
    let open = count["exactly"].is_u64();
    if !open {
        let none = share.is_null() && corrected.is_null() && weighted.is_null();
        assert!(none, "{place:?} {theme}");
        numbers.retain(|n| count["fewer-than"].as_f64() == Some(*n));
    }
    Some((numbers, open))
}

/// A difference is what the shown counts of a value and of the whole give, and nothing else.
fn follows(apart: &Value, source: &Value, group: &Value, at: usize, row: &Value) {
    if apart.is_null() {
        return;
    }
    let all = &source["questions"][0];
    let of_all = all["rows"].as_array().unwrap().iter().find(|r| r["theme"] == row["theme"]);
    let shown =
        |count: &Value| count["exactly"].as_f64().unwrap_or_else(|| panic!("{apart}: {count}"));
    let (k, n) = (shown(&row["cells"][at][0]), shown(&group["values"][at][1]));
    let (with, base) = (shown(&of_all.unwrap()["participants"]), shown(&all["base"]));
    if apart["corrected"] == true {
        let corrected = row["corrected"].as_array().unwrap();
        assert!(corrected.iter().all(|c| c["share"].is_object()), "{row}");
        return;
    }
    let near = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-9;
    let others = (with - k) / (base - n);
    assert!(near(&apart["own"], k / n) && near(&apart["others"], others), "{apart}");
    assert!(near(&apart["points"]["value"], k / n - others), "{apart}");
}

/// A percentage as it is printed: next to none is "<1", next to all ">99".
fn percent(share: f64) -> f64 {
    match share {
        s if s > 0.0 && s < 0.005 => 1.0,
        s if (0.995..1.0).contains(&s) => 99.0,
        s => (s * 100.0).round(),
    }
}
