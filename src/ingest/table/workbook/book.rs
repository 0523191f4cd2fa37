//! The parts of an XLSX workbook: which sheets it has and where they lie.
//!
//! In: an [`Archive`]. Out: a [`Book`]. Vocabulary of ECMA-376 parts 1 and 2, in both namespaces
//! and under any prefix. Must not know: cells.

use super::xml::{Node, Xml};
use super::{Request, Sheet, broken};
use crate::ingest::Error;
use crate::ingest::archive::{Archive, Stop};

/// References of one part to others beyond this are damage.
const MAX_RELATIONS: usize = 100_000;

/// What stands in the workbook's own part.
pub(super) struct Book {
    /// Worksheets, each with the name of its part.
    pub(super) sheets: Vec<(Sheet, String)>,
    /// The part with the shared strings.
    pub(super) strings: Option<String>,
    /// The part with the styles.
    pub(super) styles: Option<String>,
    /// Whether dates count from 1904.
    pub(super) since_1904: bool,
}

/// A reference of one part to another.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

impl Book {
    /// Reads the parts that lead to the sheets.
    pub(super) fn read(request: &Request<'_>, zip: &mut Archive<'_>) -> Result<Self, Error> {
        let file = request.file;
        let root = relations(file, zip, "")?;
        let named = root.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.part);
        let main = named.filter(|part| zip.has(part)).unwrap_or_else(|| "xl/workbook.xml".into());
        let relations = relations(file, zip, &main)?;
        let part = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.part.clone());
        let mut book = Self {
            sheets: Vec::new(),
            strings: part("sharedStrings"),
            styles: part("styles"),
            since_1904: false,
        };
        let stream = zip.stream(&main)?;
        let stream = stream.ok_or_else(|| broken(file, format!("`{main}` is missing")))?;
        let mut xml = Xml::new(stream);
        book.list(&mut xml, request, &relations).map_err(|stop| stop.into_error(file, &main))?;
        Ok(book)
    }

    fn list<R: std::io::Read>(
        &mut self,
        xml: &mut Xml<R>,
        request: &Request<'_>,
        relations: &[Relation],
    ) -> Result<(), Stop> {
        let mut n_sheets = 0;
        while let Some(node) = xml.next()? {
            let tag = match node {
                Node::Start(tag) => tag,
                Node::End(tag) if tag.is("sheets") => break,
                _ => continue,
            };
            if tag.is("workbookPr") {
                let flag = tag.attribute("date1904")?.unwrap_or_default();
                self.since_1904 = matches!(flag.as_str(), "1" | "true" | "on");
            } else if tag.is("sheet") {
                n_sheets += 1;
                if n_sheets > request.limits.sheets {
                    let limit = request.limits.sheets.to_string();
                    return Err(Stop::TooBig { what: "its number of sheets", limit });
                }
                let id = tag.attribute("id")?.unwrap_or_default();
                let relation = relations.iter().find(|r| r.id == id);
                // Charts and dialogues have tabs too, but no cells.
                let Some(relation) = relation.filter(|r| r.kind == "worksheet") else { continue };
                let hidden = tag.attribute("state")?.is_some_and(|s| s != "visible");
                let sheet = Sheet { name: tag.attribute("name")?.unwrap_or_default(), hidden };
                self.sheets.push((sheet, relation.part.clone()));
            }
        }
        Ok(())
    }
}

/// The references of a part (of the archive itself where the name is empty) to other parts of
/// the archive.
fn relations(file: &str, zip: &mut Archive<'_>, of: &str) -> Result<Vec<Relation>, Error> {
    let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
    let slash = if folder.is_empty() { "" } else { "/" };
    let part = format!("{folder}{slash}_rels/{name}.rels");
    let Some(stream) = zip.stream(&part)? else { return Ok(Vec::new()) };
    let mut xml = Xml::new(stream);
    let mut found = Vec::new();
    let mut read = || -> Result<(), Stop> {
        while let Some(node) = xml.next()? {
            let Node::Start(tag) = node else { continue };
            if !tag.is("Relationship")
                || tag.attribute("TargetMode")?.is_some_and(|m| m == "External")
            {
                continue;
            }
            let kind = tag.attribute("Type")?.unwrap_or_default();
            found.push(Relation {
                id: tag.attribute("Id")?.unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_string(),
                part: resolve(folder, &tag.attribute("Target")?.unwrap_or_default()),
            });
            if found.len() > MAX_RELATIONS {
                let limit = MAX_RELATIONS.to_string();
                return Err(Stop::TooBig { what: "its number of references", limit });
            }
        }
        Ok(())
    };
    read().map_err(|stop| stop.into_error(file, &part))?;
    Ok(found)
}

/// A part's name from a reference: absolute, or relative to a folder.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|s| !s.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            name => path.push(name),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_to_parts() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/./worksheets//a.xml"), "xl/worksheets/a.xml");
        assert_eq!(resolve("xl", "..\\..\\..\\a.xml"), "a.xml");
    }
}
