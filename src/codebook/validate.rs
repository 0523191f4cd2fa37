//! What every codebook must satisfy, whatever file it came from.
//! In: drafts. Out: themes with resolved parents, or the first fault in file order.
//! Must not know: file formats.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Draft, Error, Fault, Theme, shown};

pub(super) fn validate(path: &Path, drafts: Vec<Draft>) -> Result<Vec<Theme>, Error> {
    if drafts.is_empty() {
        return Err(Error::NoTheme { path: path.to_owned() });
    }
    if drafts.len() > usize::from(u16::MAX) {
        return Err(Error::TooMany { path: path.to_owned(), found: drafts.len() });
    }
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    for (i, draft) in drafts.iter().enumerate() {
        let number = (i + 1).to_string();
        let id = if draft.id.is_empty() { &number } else { &draft.id };
        let fail = |fault| Err(Error::Theme { path: path.to_owned(), id: shown(id), fault });
        if let Some(fault) = own_fault(draft) {
            return fail(fault);
        }
        if index.insert(draft.id.clone(), i).is_some() {
            return fail(Fault::DuplicateId);
        }
    }
    let parent_of = |draft: &Draft| -> Result<Option<usize>, Fault> {
        let Some(name) = &draft.parent else { return Ok(None) };
        let &at = index.get(name).ok_or_else(|| Fault::NoSuchParent(shown(name)))?;
        match drafts[at].parent {
            Some(_) => Err(Fault::TooDeep(shown(name))),
            None => Ok(Some(at)),
        }
    };
    let finish = |draft: &Draft| -> Result<Theme, Error> {
        let parent = parent_of(draft).map_err(|fault| Error::Theme {
            path: path.to_owned(),
            id: shown(&draft.id),
            fault,
        })?;
        let d = draft.clone();
        let (id, label, definition) = (d.id, d.label, d.definition);
        let (include, exclude, examples, tags) = (d.include, d.exclude, d.examples, d.tags);
        Ok(Theme { id, label, definition, include, exclude, examples, parent, tags })
    };
    drafts.iter().map(finish).collect()
}

/// What is wrong with a theme taken alone.
fn own_fault(draft: &Draft) -> Option<Fault> {
    let safe = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    if draft.id.trim().is_empty() {
        Some(Fault::NoId)
    } else if !draft.id.chars().all(safe) {
        Some(Fault::BadId)
    } else if draft.label.trim().is_empty() {
        Some(Fault::NoLabel)
    } else if draft.definition.trim().is_empty() {
        Some(Fault::NoDefinition)
    } else {
        None
    }
}
