//! Where the columns stand that a source names.
//!
//! In: a [`Header`] and the source. Out: [`Columns`], or an error that names the column.
//! Must not know: formats, what cells hold.

use super::header::{Header, is_code_of, is_quoted_form_of};
use super::{plain, wanted_names};
use crate::ingest::error::nearest;
use crate::ingest::{Context, Error, Role};

/// Where the wanted columns stand.
#[derive(Debug)]
pub(super) struct Columns {
    /// Row or line of the header.
    pub(super) row: u32,
    pub(super) id: Option<usize>,
    pub(super) participant: Option<usize>,
    pub(super) groups: Vec<usize>,
    pub(super) weight: Option<usize>,
    pub(super) questions: Vec<usize>,
}

impl Columns {
    /// Finds every column that the source names.
    pub(super) fn find(context: &Context<'_>, header: &Header) -> Result<Self, Error> {
        let spec = context.spec;
        let find = |wanted: &str, role| position(context, header, wanted, role);
        let optional = |wanted: &Option<String>, role| {
            wanted.as_deref().map(|name| find(name, role)).transpose()
        };
        Ok(Self {
            row: header.place,
            id: optional(&spec.id, Role::Id)?,
            participant: optional(&spec.participant, Role::Participant)?,
            weight: optional(&spec.weight, Role::Weight)?,
            groups: spec
                .groups
                .iter()
                .map(|name| find(name, Role::Group))
                .collect::<Result<_, _>>()?,
            questions: spec
                .questions
                .iter()
                .map(|q| find(&q.column, Role::Question))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Every column that has a role; one may come twice.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        let people = self.id.iter().chain(&self.participant).chain(&self.weight);
        people.chain(&self.groups).chain(&self.questions).copied()
    }
}

/// The only column of a name: by a cell of the header's first row, of a later one, by the joined
/// form, by its code, with stray quotes.
fn position(
    context: &Context<'_>,
    header: &Header,
    wanted: &str,
    role: Role,
) -> Result<usize, Error> {
    let name = plain(wanted);
    let mut n_most = 0;
    for found in candidates(header, &name) {
        if let [only] = found.as_slice() {
            return Ok(*only);
        }
        n_most = n_most.max(found.len());
    }
    let (file, row) = (context.file.to_string(), header.place);
    if n_most > 1 {
        return Err(Error::DuplicateColumn { file, row, column: name, role, count: n_most });
    }
    let columns: Vec<String> = (0..header.width()).map(|c| header.name(c)).collect();
    let n_found = wanted_names(context.spec).filter(|n| is_there(header, &plain(n))).count();
    Err(Error::NoSuchColumn {
        file,
        row,
        wanted: wanted.into(),
        role,
        is_header: 2 * n_found >= wanted_names(context.spec).count(),
        suggestion: nearest(&name, &columns),
        columns,
    })
}

/// The only column that a study can mean by a name, by the first rule that finds just one.
pub(super) fn resolve(header: &Header, name: &str) -> Option<usize> {
    candidates(header, &plain(name)).find_map(|found| match found[..] {
        [only] => Some(only),
        _ => None,
    })
}

fn is_there(header: &Header, name: &str) -> bool {
    candidates(header, name).any(|found| !found.is_empty())
}

/// The columns of a name, by one rule after another.
fn candidates(header: &Header, name: &str) -> impl Iterator<Item = Vec<usize>> {
    let width = header.width();
    let by = move |fits: &dyn Fn(usize) -> bool| (0..width).filter(|c| fits(*c)).collect();
    let rows =
        header.rows.iter().map(move |row| by(&|c| row.get(c).is_some_and(|cell| cell == name)));
    let joined = std::iter::once_with(move || by(&|c| header.name(c) == name));
    let code =
        std::iter::once_with(move || by(&|c| header.cells(c).any(|cell| is_code_of(cell, name))));
    let quoted = std::iter::once_with(move || {
        by(&|c| header.cells(c).any(|cell| is_quoted_form_of(cell, name)))
    });
    rows.chain(joined).chain(code).chain(quoted)
}
