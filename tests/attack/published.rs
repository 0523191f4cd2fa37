//! What the published files say of people, number by number.
//!
//! In: `summary.json`, `themes.csv` and `report.md` of a run. Out: for every place of a table the
//! lowest and highest count that agree with what stands there, in any of the files, as a number, a
//! share or a rounded percentage; `None` where nothing does.

use std::collections::BTreeMap;

use serde_json::Value;

/// Lowest and highest count.
pub type Limits = Option<(u64, u64)>;

/// A table of themes.
#[derive(Debug, Default, Clone)]
pub struct Table {
    pub base: Mark,
    /// By theme; themes that have no row are in `unraised`.
    pub rows: BTreeMap<usize, Cell>,
    pub unraised: Vec<usize>,
    /// Answers that are copies.
    pub copies: Mark,
}

/// How a protected count is printed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Number(u64),
    Fewer(u64),
    #[default]
    Withheld,
}

#[derive(Debug, Default, Clone, Copy)]
pub struct Cell {
    pub mark: Mark,
    pub limits: Limits,
    /// Counts with copies, and people with copies in all, where they follow.
    pub with_copies: Option<(u64, u64)>,
}

#[derive(Debug, Default, Clone)]
pub struct Column {
    /// Value and base.
    pub values: Vec<(String, u64)>,
    pub too_small: usize,
    /// By theme and value.
    pub cells: BTreeMap<usize, Vec<Cell>>,
}

#[derive(Debug, Default, Clone)]
pub struct Source {
    pub whole: Table,
    pub questions: Vec<Table>,
    pub columns: Vec<(String, Column)>,
    pub rows: Mark,
    pub responses: Mark,
    pub states: States,
    /// Pairs of areas and how many people raised both.
    pub pairs: Vec<(usize, usize, u64)>,
}

/// Responses by state.
#[derive(Debug, Default, Clone)]
pub struct States {
    /// In the order of the ledger's states; `None`: told as part of another number.
    pub alone: [Option<Mark>; 8],
    /// Without content or in another language, where these are one number.
    pub aside: Option<Mark>,
}

#[derive(Debug, Default, Clone)]
pub struct Published {
    pub sources: Vec<Source>,
    pub languages: Vec<Mark>,
}

impl Published {
    pub fn read(files: &[(String, String)]) -> Self {
        let file = |name: &str| {
            let found = files.iter().find(|(n, _)| n == name);
            found.map(|(_, text)| text.as_str()).unwrap_or_else(|| panic!("no {name}"))
        };
        let summary: Value = serde_json::from_str(file("summary.json")).unwrap();
        let mut published = from_summary(&summary);
        add_csv(&mut published, file("themes.csv"));
        add_markdown(&mut published, file("report.md"));
        published
    }
}

fn mark(v: &Value) -> Mark {
    match (v["exactly"].as_u64(), v["fewer-than"].as_u64()) {
        (Some(n), _) => Mark::Number(n),
        (_, Some(n)) => Mark::Fewer(n),
        _ => Mark::Withheld,
    }
}

/// A count from a share that is given to `digits` places, and its base.
fn of_share(share: f64, base: u64, digits: i32) -> Limits {
    let half = 0.5 * 10f64.powi(-digits) + 1e-9;
    let n = base as f64;
    let low = ((share - half) * n).ceil().max(0.0) as u64;
    Some((low, (((share + half) * n).floor().max(0.0) as u64).min(base)))
}

impl Cell {
    fn add(&mut self, limits: Limits) {
        let Some((low, high)) = limits else { return };
        let (a, b) = self.limits.unwrap_or((0, u64::MAX));
        self.limits = Some((a.max(low), b.min(high)));
    }

    fn of(shown: &Value, share: &Value, base: Mark) -> Self {
        let mut cell = Cell { mark: mark(shown), ..Cell::default() };
        if let Mark::Number(n) = cell.mark {
            cell.add(Some((n, n)));
        }
        if let (Some(share), Mark::Number(base)) = (share["value"].as_f64(), base) {
            cell.add(of_share(share, base, 9));
        }
        cell
    }
}

fn table(v: &Value, labels: &[String]) -> Table {
    let base = mark(&v["base"]);
    let row = |r: &Value| {
        let mut cell = Cell::of(&r["participants"], &r["share"], base);
        if !matches!(cell.mark, Mark::Number(_)) {
            assert!(r["files"].is_null() && r["corrected"].is_null(), "{r}");
            assert!(r["with_copies"].is_null() && r["share_with_copies"].is_null(), "{r}");
        }
        if let (Some(n), Some(share)) =
            (r["with_copies"]["exactly"].as_u64(), r["share_with_copies"].as_f64())
        {
            cell.with_copies = Some((n, (n as f64 / share).round() as u64));
        }
        (r["theme"].as_u64().unwrap() as usize, cell)
    };
    let unraised = v["unraised"].as_array().unwrap().iter();
    let theme = |l: &Value| labels.iter().position(|x| l.as_str() == Some(x)).unwrap();
    Table {
        base,
        rows: v["rows"].as_array().unwrap().iter().map(row).collect(),
        unraised: unraised.map(theme).collect(),
        copies: mark(&v["copies"]),
    }
}

fn column(v: &Value) -> Column {
    let value = |p: &Value| {
        let Mark::Number(base) = mark(&p[1]) else { panic!("a group without a base") };
        (p[0].as_str().unwrap().to_owned(), base)
    };
    let values: Vec<(String, u64)> = v["values"].as_array().unwrap().iter().map(value).collect();
    let row = |r: &Value| {
        let cells = r["cells"].as_array().unwrap().iter().zip(&values);
        let cells = cells.map(|(c, (_, base))| Cell::of(&c[0], &c[1], Mark::Number(*base)));
        (r["theme"].as_u64().unwrap() as usize, cells.collect())
    };
    Column {
        cells: v["rows"].as_array().unwrap().iter().map(row).collect(),
        too_small: v["too_small"].as_u64().unwrap() as usize,
        values,
    }
}

/// Pairs of areas; a number of people by its share must be the same.
fn pairs(source: &Value) -> Vec<(usize, usize, u64)> {
    let one = |r: &Value| {
        let theme = |end: &str| r[end].as_u64().unwrap() as usize;
        (theme("first"), theme("second"), r["both"].as_u64().unwrap())
    };
    source["together"]["rows"].as_array().map_or(Vec::new(), |rows| rows.iter().map(one).collect())
}

const STATES: [&str; 8] = [
    "coded",
    "no-theme",
    "undecided",
    "no-content",
    "unsupported-language",
    "duplicate",
    "moderator",
    "rejected",
];

fn from_summary(summary: &Value) -> Published {
    let labels: Vec<String> = summary["themes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["label"].as_str().unwrap().to_owned())
        .collect();
    let account = &summary["account"];
    let ids: Vec<&str> =
        account["states"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect();
    let states = |row: &Value| {
        let of = |id: &str| Some(mark(&row["states"][ids.iter().position(|i| *i == id)?]));
        States { alone: STATES.map(of), aside: of("no-content-or-language") }
    };
    let source = |(v, row): (&Value, &Value)| {
        let tables = v["questions"].as_array().unwrap().iter().map(|q| table(q, &labels));
        let mut tables: Vec<Table> = tables.collect();
        let groups = v["groups"].as_array().unwrap().iter();
        Source {
            whole: tables.remove(0),
            questions: tables,
            columns: groups
                .map(|g| (g["column"].as_str().unwrap().to_owned(), column(g)))
                .collect(),
            rows: mark(&row["rows"]),
            responses: mark(&row["responses"]),
            states: states(row),
            pairs: pairs(v),
        }
    };
    let sources = summary["sources"].as_array().unwrap().iter();
    let rows = account["rows"].as_array().unwrap();
    let languages = account["languages"].as_array().unwrap().iter();
    Published {
        sources: sources.zip(rows).map(source).collect(),
        languages: languages.map(|l| mark(&l[1])).collect(),
    }
}

fn source_number(name: &str) -> usize {
    name.strip_prefix("Source ").unwrap().parse().unwrap()
}

fn add_csv(published: &mut Published, text: &str) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    for record in reader.records() {
        let record = record.unwrap();
        let cell = |name: &str| &record[header.iter().position(|h| h == name).unwrap()];
        let source = source_number(cell("source"));
        let theme: usize = cell("theme")[1..].parse().unwrap();
        let of = &mut published.sources[source];
        let found = match cell("group").split_once('=') {
            Some((name, value)) => {
                let (_, column) = of.columns.iter_mut().find(|(n, _)| n == name).unwrap();
                let at = column.values.iter().position(|(v, _)| v == value).unwrap();
                &mut column.cells.get_mut(&theme).unwrap()[at]
            }
            None => {
                let asked: Option<usize> =
                    cell("question").strip_prefix('Q').and_then(|q| q.parse().ok());
                let table = match asked {
                    Some(q) if !of.questions.is_empty() => &mut of.questions[q],
                    _ => &mut of.whole,
                };
                let table: &mut Table = table;
                table.rows.get_mut(&theme).unwrap()
            }
        };
        if let Ok(n) = cell("participants").parse() {
            found.add(Some((n, n)));
        }
        if let (Ok(share), Ok(base)) = (cell("share").parse(), cell("base").parse()) {
            found.add(of_share(share, base, 6));
        }
        for name in [
            "participants_with_copies",
            "low",
            "corrected_share",
            "files",
            "difference",
            "others_share",
        ] {
            let protected = !matches!(found.mark, Mark::Number(_));
            assert!(!protected || cell(name).is_empty(), "{name} of a protected count");
        }
    }
}

/// Adds what the tables of the report print, percentages as they were rounded.
fn add_markdown(published: &mut Published, text: &str) {
    let (mut section, mut part) = (String::new(), String::new());
    let mut header: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.replace('\\', "").replace(['\u{a0}', '*'], " ");
        if let Some(title) = line.strip_prefix("## ") {
            (section, part) = (title.to_owned(), String::new());
        } else if let Some(title) = line.strip_prefix("### ") {
            part = title.to_owned();
        }
        if !line.starts_with('|') {
            header.clear();
            continue;
        }
        let cells: Vec<String> =
            line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
        if header.is_empty() {
            header = cells;
            continue;
        }
        let label = cells[0].rsplit("Theme ").next().unwrap_or_default();
        let Some(theme) =
            label.trim().parse::<usize>().ok().filter(|_| header[0] == "Area or theme")
        else {
            continue;
        };
        for (name, printed) in header.iter().zip(&cells).skip(1) {
            add_printed(published, (&section, &part), theme, name, printed);
        }
    }
}

fn add_printed(
    published: &mut Published,
    (section, part): (&str, &str),
    theme: usize,
    name: &str,
    printed: &str,
) {
    let glance = section == "At a glance";
    let source = if glance { name.rsplit(": ").next() } else { section.split(" (").next() };
    let Some(source) = source.filter(|s| s.starts_with("Source ")).map(source_number) else {
        return;
    };
    let of = &mut published.sources[source];
    let group = part.strip_prefix("By ").filter(|_| !glance);
    let (cell, base) = match group {
        Some(column) => {
            let (_, column) = of.columns.iter_mut().find(|(n, _)| n == column).unwrap();
            let value = name.split(" (").next().unwrap();
            let at = column.values.iter().position(|(v, _)| v == value).unwrap();
            (column.cells.get_mut(&theme).map(|c| &mut c[at]), Mark::Number(column.values[at].1))
        }
        None => {
            let asked = part.strip_prefix('Q').and_then(|q| q.parse::<usize>().ok());
            let table = match asked {
                Some(q) if !glance && !of.questions.is_empty() => &mut of.questions[q],
                _ => &mut of.whole,
            };
            (table.rows.get_mut(&theme), table.base)
        }
    };
    let Some(cell) = cell else {
        assert!(printed == "–" || printed == "not shown", "{printed} of a theme without a row");
        return;
    };
    if name == "What they say of it" {
        let open = matches!(cell.mark, Mark::Number(_));
        assert!(
            open || matches!(printed, "not told" | ""),
            "`{printed}` of a protected count in `{section}`"
        );
        return;
    }
    let copies = name == "With the copies";
    let words = printed.split(['(', '<', '>']).next().unwrap_or_default().trim();
    if let (Some(percent), Mark::Number(base), false) = (words.strip_suffix('%'), base, copies) {
        cell.add(of_share(percent.trim().parse::<f64>().unwrap() / 100.0, base, 2));
    } else if let (Ok(n), false) = (words.parse::<u64>(), copies || name.starts_with("Raised in")) {
        cell.add(Some((n, n)));
    } else if !matches!(cell.mark, Mark::Number(_)) {
        let rest = printed.replace("fewer than ", "");
        let digits = rest.chars().filter(char::is_ascii_digit).count();
        let allowed = if rest == printed { 0 } else { rest.len() };
        assert_eq!(digits, allowed, "`{printed}` of a protected count in `{section}`");
    }
}
