//! Leaf: the gold sample: answers drawn by chance and coded by people who did not see the
//! program's codes.
//!
//! In: coded tables and, beside them, `gold-design.json`, which `canvass sample` wrote. Out: a
//! [`Gold`]: for each answer what people decided, how it was drawn, and what each coder said.
//! Must not know: the machine's codes, reports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::codebook::Codebook;
use crate::coded::{self, CodedTable, Columns};

mod design;
mod error;
#[cfg(test)]
mod tests;

pub use design::{DESIGN, Design, Purpose, Stratum, TRAINING, Unit, fingerprint};
pub use error::Error;

/// The name of a coder whose word decides where others differ.
pub const ADJUDICATED: &str = "adjudicated";

/// What people coded.
#[derive(Debug, Clone)]
pub struct Gold {
    /// How the answers were drawn; `None` where the tables come from elsewhere. Then quality can
    /// be measured, but no share corrected.
    pub design: Option<Design>,
    /// What was decided, by response id: themes, ascending.
    pub answers: BTreeMap<String, Vec<usize>>,
    /// Themes that every table speaks of, ascending.
    pub themes: Vec<usize>,
    /// Coders, ascending, whoever adjudicated left out.
    pub coders: Vec<String>,
    /// What each of them said, by response id, in the order of the coders.
    pub ratings: BTreeMap<String, Vec<Option<Vec<usize>>>>,
    /// The tables: path as shown, SHA-256.
    pub files: Vec<(String, String)>,
    /// Things that a user should know.
    pub warnings: Vec<String>,
}

impl Gold {
    /// Reads the tables of a gold sample: (path, path as shown), at least one.
    ///
    /// # Errors
    /// A table cannot be read; rows are not coded yet; coders differ and nobody decided; the
    /// tables do not hold the answers that were drawn; the design is of another codebook.
    pub fn read(files: &[(PathBuf, String)], codebook: &Codebook) -> Result<Self, Error> {
        let folder = files.first().and_then(|(path, _)| path.parent()).unwrap_or(Path::new(""));
        let design = Design::beside(folder)?;
        match &design {
            Some(design) if design.purpose != Purpose::Gold => {
                return Err(Error::Training { folder: folder.to_owned() });
            }
            Some(design) => design.is_of_codebook(codebook)?,
            None if folder.join(TRAINING).is_file() => {
                return Err(Error::Training { folder: folder.to_owned() });
            }
            None => {}
        }
        let columns = Columns { text: None, ..Columns::default() };
        let mut reading = Reading::default();
        let mut gold = Self {
            design,
            answers: BTreeMap::new(),
            themes: (0..codebook.themes.len()).collect(),
            coders: Vec::new(),
            ratings: BTreeMap::new(),
            files: Vec::new(),
            warnings: Vec::new(),
        };
        for (path, shown) in files {
            if coded::is_project(path) {
                return Err(Error::Project { file: shown.clone() });
            }
            let table = coded::read_as(path, shown, codebook, &columns)?;
            if let Some((row, _)) = table.unfilled.first() {
                let (file, row, rows) = (shown.clone(), *row, table.unfilled.len());
                return Err(Error::Unfilled { file, row, rows });
            }
            gold.themes.retain(|theme| table.themes.contains(theme));
            gold.files.push((shown.clone(), table.sha256.clone()));
            gold.warnings.extend(table.warnings.iter().cloned());
            let usual = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            reading.take(shown, &usual, table, gold.design.as_ref())?;
        }
        reading.finish(&mut gold)?;
        gold.is_whole()?;
        Ok(gold)
    }

    /// The sample without those who gave any of these answers; what coders said of them stays. Where
    /// nobody knows who gave an answer, the answers alone are left out.
    pub fn without(&self, answers: &std::collections::BTreeSet<&str>) -> Self {
        let gave = |u: &&Unit| u.responses.iter().any(|r| answers.contains(r.as_str()));
        let units = self.design.iter().flat_map(|d| &d.units).filter(gave);
        let theirs: std::collections::BTreeSet<&str> =
            units.flat_map(|u| &u.responses).map(String::as_str).collect();
        let mut left = self.clone();
        left.answers
            .retain(|id, _| !answers.contains(id.as_str()) && !theirs.contains(id.as_str()));
        left
    }

    /// How many people of a source the sample was drawn from.
    pub fn people_of(&self, source: &str) -> usize {
        let strata = self.design.iter().flat_map(|d| &d.strata);
        strata.filter(|s| s.source == source).map(|s| s.size).sum()
    }

    /// Whether every answer that was drawn is there.
    fn is_whole(&self) -> Result<(), Error> {
        let Some(design) = &self.design else { return Ok(()) };
        let drawn = || design.units.iter().flat_map(|u| &u.responses);
        let missing = drawn().filter(|id| !self.answers.contains_key(*id)).count();
        match missing {
            0 => Ok(()),
            missing => Err(Error::Missing { missing, drawn: drawn().count() }),
        }
    }
}

/// What coders said, while tables are read.
#[derive(Default)]
struct Reading {
    /// By response id, then coder: themes.
    said: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

impl Reading {
    fn take(
        &mut self,
        shown: &str,
        usual: &str,
        table: CodedTable,
        design: Option<&Design>,
    ) -> Result<(), Error> {
        for row in table.rows {
            if design.is_some_and(|d| !d.holds(&row.id)) {
                return Err(Error::NotDrawn { file: shown.into(), row: row.row });
            }
            let coder = row.coder.unwrap_or_else(|| usual.to_owned());
            let said = self.said.entry(row.id).or_default();
            if said.get(&coder).is_some_and(|codes| *codes != row.codes) {
                return Err(Error::Twice { file: shown.into(), row: row.row });
            }
            said.insert(coder, row.codes);
        }
        Ok(())
    }

    fn finish(self, gold: &mut Gold) -> Result<(), Error> {
        let mut coders: Vec<String> =
            self.said.values().flat_map(BTreeMap::keys).cloned().collect();
        coders.sort();
        coders.dedup();
        coders.retain(|c| c != ADJUDICATED);
        let (mut differ, mut all) = (0, 0);
        for (id, mut said) in self.said {
            for codes in said.values_mut() {
                codes.retain(|theme| gold.themes.contains(theme));
            }
            all += 1;
            let decided = said.remove(ADJUDICATED);
            let first = said.values().next();
            let agree = said.values().all(|codes| Some(codes) == first);
            let answer = match (decided, first) {
                (Some(decided), _) => decided,
                (None, Some(codes)) if agree => codes.clone(),
                _ => {
                    differ += 1;
                    continue;
                }
            };
            gold.ratings.insert(id.clone(), coders.iter().map(|c| said.get(c).cloned()).collect());
            gold.answers.insert(id, answer);
        }
        gold.coders = coders;
        match differ {
            0 => Ok(()),
            differ => Err(Error::Undecided { differ, answers: all }),
        }
    }
}
