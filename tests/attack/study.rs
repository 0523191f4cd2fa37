//! Random small studies, counted by hand and published by the program.
//!
//! In: a seed. Out: a [`Study`] with the true counts, and the files that the program publishes.

use std::path::PathBuf;

use crate::aggregate::aggregate;
use crate::classify::{Coding, Verdict};
use crate::codebook::{self, Codebook};
use crate::config::FormatName;
use crate::disclosure::Suppression;
use crate::ingest::{InputFile, Kind, Participant, QuestionSpec, SourceSpec, TableHints};
use crate::plan::{MinCell, Options, Plan};
use crate::prepare::{Corpus, Disposition, Duplicate, Language, NoContent, Prepared, Segment};
use crate::report::report;
use crate::text::{Redacted, Span};

use super::gold;

/// Numbers that look random and are the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n.max(1)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What became of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Themes, in order; empty: none of the codebook.
    Themes(Vec<usize>),
    Undecided,
    Blank,
    Foreign(bool),
    Copy(Vec<usize>),
}

/// Somebody: values by column (`None`: no value), the session, the answers.
#[derive(Debug, Clone)]
pub struct Person {
    pub groups: Vec<Option<usize>>,
    pub session: usize,
    pub answers: Vec<Answer>,
}

#[derive(Debug, Clone)]
pub struct Source {
    /// The smallest count of its people that is shown.
    pub min: u64,
    /// Questions; 0: a conversation, whose answers are turns.
    pub questions: usize,
    pub sessions: usize,
    pub columns: usize,
    pub people: Vec<Person>,
}

#[derive(Debug, Clone)]
pub struct Study {
    /// The smallest count that is shown where a source has none of its own.
    pub min: u64,
    /// For each theme the area above it.
    pub parents: Vec<Option<usize>>,
    pub sources: Vec<Source>,
}

impl Study {
    pub fn random(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(7_919) + 13);
        let min = [3, 5, 7, 11, 11][dice.below(5) as usize];
        let inside = dice.below(4) as usize;
        let alone = 1 + dice.below(3) as usize;
        let mut parents = vec![None];
        parents.extend(vec![Some(0); inside]);
        parents.extend(vec![None; alone]);
        let sources = 1 + dice.below(2);
        let source = |_| Source::random(&mut dice, min, &parents);
        let sources = (0..sources).map(source).collect();
        Self { min, parents, sources }
    }

    /// A study of more people, whose areas go together, or keep apart; some answer one question of
    /// several.
    pub fn tied(seed: u64) -> Self {
        let mut study = Self::random(seed);
        let mut dice = Dice(seed.wrapping_mul(104_729) + 7);
        for source in study.sources.iter_mut().filter(|s| s.questions > 0) {
            source.grow(&mut dice);
            source.associate(&mut dice, &study.parents);
            if source.questions > 1 && dice.chance(40) {
                source.branch(&mut dice);
            }
        }
        study
    }

    /// A study of more people, of whose first source every count is shown.
    pub fn shown(seed: u64) -> Self {
        let mut study = Self::tied(seed);
        study.sources.iter_mut().take(1).for_each(|source| source.min = 1);
        study
    }

    /// The codebook as a file.
    fn codebook(&self) -> String {
        let mut text = "[codebook]\ntitle = \"T\"\n".to_owned();
        for (t, parent) in self.parents.iter().enumerate() {
            text += &format!(
                "[[theme]]\nid = \"t{t}\"\nlabel = \"Theme {t}\"\ndefinition = \"About {t}.\"\n"
            );
            text += &parent.map(|p| format!("parent = \"t{p}\"\n")).unwrap_or_default();
        }
        text
    }

    fn people(&self) -> usize {
        self.sources.iter().map(|s| s.people.len()).sum()
    }

    /// Whether an answer carries a theme, or, for an area, a theme inside it.
    pub fn carries(&self, themes: &[usize], theme: usize) -> bool {
        themes.iter().any(|&t| t == theme || self.parents[t] == Some(theme))
    }
}

impl Source {
    fn random(dice: &mut Dice, min: u64, parents: &[Option<usize>]) -> Self {
        let talk = dice.chance(20);
        let questions = if talk { 0 } else { 1 + dice.below(3) as usize };
        let columns = dice.below(3) as usize;
        let sessions = if talk { 1 + dice.below(5) as usize } else { 1 };
        let people = min / 2 + dice.below(min * 6);
        let min = if dice.chance(35) { [1, 3, 5, 7, 11][dice.below(5) as usize] } else { min };
        let rates: Vec<u64> =
            parents.iter().map(|_| [2, 5, 10, 20, 50, 85, 97][dice.below(7) as usize]).collect();
        let values: Vec<u64> = (0..columns).map(|_| 2 + dice.below(4)).collect();
        let (blank_group, blank, foreign) =
            ([0, 0, 10][dice.below(3) as usize], dice.below(25), [0, 0, 6][dice.below(3) as usize]);
        let campaign = if !talk && dice.chance(20) { dice.below(30) } else { 0 };
        let campaign_themes = themes(dice, &rates);
        let person = |_| {
            let group = |&n: &u64| {
                let value = dice.below(n).min(dice.below(n)) as usize;
                (!dice.chance(blank_group)).then_some(value)
            };
            let groups = values.iter().map(group).collect();
            let session = dice.below(sessions as u64) as usize;
            let answers = if talk { 1 + dice.below(3) as usize } else { questions };
            let answer = |_| match dice.below(100) {
                n if n < blank => Answer::Blank,
                n if n < blank + foreign => Answer::Foreign(dice.chance(70)),
                _ if dice.chance(campaign) => Answer::Copy(campaign_themes.clone()),
                _ if dice.chance(6) => Answer::Undecided,
                _ => Answer::Themes(themes(dice, &rates)),
            };
            let answers = (0..answers).map(answer).collect();
            Person { groups, session, answers }
        };
        let people = (0..people).map(person).collect();
        Self { min, questions, sessions, columns, people }
    }

    /// Many more of the same people.
    fn grow(&mut self, dice: &mut Dice) {
        let more = self.min.max(5) * (4 + dice.below(14));
        let known = self.people.len() as u64;
        for _ in 0..if known > 0 { more } else { 0 } {
            let mut like = self.people[dice.below(known) as usize].clone();
            like.groups = self.people[dice.below(known) as usize].groups.clone();
            self.people.push(like);
        }
    }

    /// Whoever raises one area raises another one more often, or less often, than the rest.
    fn associate(&mut self, dice: &mut Dice, parents: &[Option<usize>]) {
        let roots: Vec<usize> = (0..parents.len()).filter(|&t| parents[t].is_none()).collect();
        let of = |theme: usize, area: usize| theme == area || parents[theme] == Some(area);
        for pair in
            roots.windows(2).map(|w| [w[0], w[1]]).chain([[roots[0], roots[roots.len() - 1]]])
        {
            let [first, second] = if dice.chance(50) { pair } else { [pair[1], pair[0]] };
            let (often, strength) = (dice.chance(70), 30 + dice.below(60));
            if first == second || dice.chance(30) {
                continue;
            }
            for person in &mut self.people {
                for answer in &mut person.answers {
                    let Answer::Themes(themes) = answer else { continue };
                    if dice.chance(20) {
                        themes.retain(|&t| !of(t, first));
                    }
                    let raised = themes.iter().any(|&t| of(t, first));
                    if !dice.chance(strength) {
                        continue;
                    }
                    if raised == often && !themes.iter().any(|&t| of(t, second)) {
                        themes.push(second);
                        themes.sort_unstable();
                    } else if raised != often {
                        themes.retain(|&t| !of(t, second));
                    }
                }
            }
        }
    }

    /// One question or another, by what was said before: hardly anybody answers two.
    fn branch(&mut self, dice: &mut Dice) {
        let questions = self.questions as u64;
        for person in &mut self.people {
            let kept = dice.below(questions) as usize;
            let both = dice.chance(4);
            for (q, answer) in person.answers.iter_mut().enumerate() {
                if q != kept && !both {
                    *answer = Answer::Blank;
                }
            }
        }
    }
}

fn themes(dice: &mut Dice, rates: &[u64]) -> Vec<usize> {
    (0..rates.len()).filter(|&t| dice.chance(rates[t])).collect()
}

/// A plan to publish by.
pub struct Workplace {
    folder: tempfile::TempDir,
    plan: Plan,
}

impl Workplace {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let tiny = concat!(env!("CARGO_MANIFEST_DIR"), "/models/tiny");
        let study = format!(
            "[study]\ntitle = \"T\"\ncodebook = \"codebook.toml\"\n[[source]]\nname = \"S\"\nkind = \"survey\"\nperspective = \"P\"\npath = \"s.csv\"\n[[source.question]]\ncolumn = \"Q\"\n[encoder]\nmodel = \"{tiny}\"\n[report]\nformats = [\"csv\", \"json\", \"md\"]\n"
        );
        std::fs::write(at("study.toml"), study).unwrap();
        std::fs::write(at("s.csv"), "Q\nyes\n").unwrap();
        let book = "[codebook]\ntitle = \"T\"\n[[theme]]\nid = \"a\"\nlabel = \"A\"\ndefinition = \"A.\"\n";
        std::fs::write(at("codebook.toml"), book).unwrap();
        let plan = Plan::new(folder.path(), &Options::default()).unwrap();
        Self { folder, plan }
    }

    /// The files of a study that may be published, by name.
    pub fn publish(&mut self, study: &Study, suppression: Suppression) -> Vec<(String, String)> {
        let text = |(name, bytes): (String, Vec<u8>)| (name, String::from_utf8(bytes).unwrap());
        self.plan.formats = vec![FormatName::Csv, FormatName::Json, FormatName::Md];
        self.files(study, suppression, None).into_iter().map(text).collect()
    }

    /// The same in every format that has tables, with shares corrected as if people had coded some
    /// answers.
    pub fn publish_all(
        &mut self,
        study: &Study,
        suppression: Suppression,
    ) -> Vec<(String, Vec<u8>)> {
        use FormatName::{Csv, Docx, Html, Json, Md, Xlsx};
        self.plan.formats = vec![Html, Docx, Xlsx, Csv, Json, Md];
        self.files(study, suppression, Some(Dice(study.people() as u64)))
    }

    fn files(
        &mut self,
        study: &Study,
        suppression: Suppression,
        coders: Option<Dice>,
    ) -> Vec<(String, Vec<u8>)> {
        let book = self.folder.path().join("codebook.toml");
        std::fs::write(&book, study.codebook()).unwrap();
        let codebook: Codebook = codebook::read(&book).unwrap();
        self.plan.codebook = codebook;
        self.plan.privacy.min_cell = u32::try_from(study.min).unwrap();
        let cell = |s: &Source| MinCell { min: u32::try_from(s.min).unwrap(), reason: None };
        self.plan.min_cells = study.sources.iter().map(cell).collect();
        self.plan.suppression = suppression;
        self.plan.sources = study.sources.iter().enumerate().map(spec).collect();
        let (corpus, verdicts) = corpus(study);
        let mut summary =
            aggregate(&corpus, &verdicts, &self.plan.codebook, &self.plan.sources).unwrap();
        summary.measured = coders.map(|dice| gold::measured(dice, &summary));
        let files = report(&self.plan, &corpus, &verdicts, &summary).unwrap();
        let public = |(name, _): &(String, Vec<u8>)| crate::report::is_for_publication(name);
        files.into_iter().filter(public).collect()
    }
}

fn spec((at, source): (usize, &Source)) -> SourceSpec {
    let question = |q: usize| QuestionSpec { column: format!("Q{q}"), text: format!("Q{q}") };
    SourceSpec {
        name: format!("Source {at}"),
        kind: if source.questions == 0 { Kind::FocusGroup } else { Kind::Survey },
        perspective: "P".into(),
        files: vec![(PathBuf::new(), String::new())],
        id: None,
        participant: None,
        weight: None,
        groups: (0..source.columns).map(|c| format!("C{c}")).collect(),
        questions: (0..source.questions).map(question).collect(),
        moderators: Vec::new(),
        parts: false,
        table: TableHints::default(),
        sheet: None,
    }
}

/// The study as if it had been read, prepared and coded.
fn corpus(study: &Study) -> (Corpus, Vec<Verdict>) {
    let (mut corpus, mut verdicts) = (Corpus::default(), Vec::new());
    for (at, source) in study.sources.iter().enumerate() {
        let first_file = corpus.files.len();
        for session in 0..source.sessions {
            let of = source.people.iter().filter(|p| p.session == session);
            let rows: usize = match source.questions {
                0 => of.map(|p| p.answers.len()).sum(),
                _ => of.count(),
            };
            corpus.files.push(InputFile {
                source: at as u16,
                session: (first_file + session) as u16,
                path: format!("{at}-{session}"),
                sha256: String::new(),
                bytes: 0,
                format: String::new(),
                rows: rows as u32,
            });
        }
        for person in &source.people {
            let number = corpus.participants.len();
            let value = |g: &Option<usize>| g.map(|v| format!("V{v}")).unwrap_or_default();
            let file = (first_file + person.session) as u16;
            corpus.participants.push(Participant {
                source: at as u16,
                id: format!("p{number}"),
                file,
                weight: None,
                groups: person.groups.iter().map(value).collect(),
            });
            for (n, answer) in person.answers.iter().enumerate() {
                let (disposition, verdict) = coded(answer);
                corpus.responses.push(Prepared {
                    source: at as u16,
                    question: if source.questions == 0 { 0 } else { n as u16 },
                    participant: Some(number as u32),
                    file,
                    row: number as u32,
                    id: format!("p{number}:{n}"),
                    disposition,
                    text: Redacted::default(),
                    segments: vec![said((number * 7 + n * 3) % SAID.len())],
                });
                verdicts.push(verdict);
            }
        }
    }
    corpus.uniques = SAID.map(str::to_owned).to_vec();
    (corpus, verdicts)
}

/// What people say of whatever they raise: criticism mostly, so that some parts are told.
const SAID: [&str; 7] = [
    "It is bad.",
    "It is slow.",
    "It is good.",
    "Please fix it.",
    "A house.",
    "It is bad.",
    "Why?",
];

/// The only sentence of an answer.
fn said(unique: usize) -> Segment {
    Segment { bytes: 0..0, span: Span { start: 0, end: 0 }, unique: unique as u32 }
}

fn coded(answer: &Answer) -> (Disposition, Verdict) {
    let verdict = |themes: &[usize]| {
        let coding = |&theme: &usize| Coding { theme, score: 1.0, evidence: vec![(0, 1.0)] };
        let codings: Vec<Coding> = themes.iter().map(coding).collect();
        if codings.is_empty() { Verdict::NoTheme } else { Verdict::Coded(codings) }
    };
    match answer {
        Answer::Themes(themes) => (Disposition::Codable, verdict(themes)),
        Answer::Undecided => (Disposition::Codable, Verdict::Undecided),
        Answer::Blank => (Disposition::NoContent(NoContent::Blank), Verdict::Aside),
        Answer::Foreign(often) => {
            let language = if *often { Language::Chinese } else { Language::Arabic };
            (Disposition::UnsupportedLanguage(language), Verdict::Aside)
        }
        Answer::Copy(themes) => {
            (Disposition::Duplicate(Duplicate::Campaign { of: 0 }), verdict(themes))
        }
    }
}
