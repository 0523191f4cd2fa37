//! A report as a real study would give it, with invented numbers: six sources, a whole codebook,
//! quotes, protected cells, breakdowns, campaign copies.
//!
//! In: nothing. Out: a [`View`]. For tests alone.

use crate::report::view::{
    AccountRow, AccountView, CorrectedView, ErrorRow, GroupRow, GroupView, MatrixCell,
    MatrixColumn, MatrixRow, MatrixView, MeasuredView, MethodsView, PlanTag, PlanView, QualityRow,
    QuestionView, QuoteView, ShareView, Shown, SourceView, StateView, ThemeRow, ThemeView, View,
};

/// (area?, id, label, definition).
const CODEBOOK: &[(bool, &str, &str, &str)] = &[
    (
        true,
        "responding-to-calls",
        "Responding to calls for help",
        "Calling the police or 911 and what comes of it, in general: whether people …",
    ),
    (
        false,
        "response-times",
        "Timely response to calls",
        "How fast or slow the police come after someone calls 911: minutes or hours …",
    ),
    (
        false,
        "proportionate-response",
        "A response that fits the call",
        "Whether what the police send matches what was reported: too many cars and officers …",
    ),
    (
        false,
        "call-taking-dispatch",
        "911 call-taking and dispatch",
        "The 911 call-taker, operator or dispatcher: being put on hold, how they talk to …",
    ),
    (
        false,
        "alternate-response",
        "Alternate response to 911 calls",
        "Sending someone other than an armed police officer to some 911 calls: a social …",
    ),
    (
        false,
        "crisis-intervention",
        "Crisis intervention and mental health",
        "How people with mental illness, suicidal thoughts, addiction or a breakdown are treated when …",
    ),
    (
        true,
        "presence-and-engagement",
        "Presence and engagement in the community",
        "Community policing as an idea or a way of work: being part of the …",
    ),
    (
        false,
        "visible-presence",
        "Visible patrol and presence",
        "Wanting to see police around, or noticing that they are or are not there: …",
    ),
    (
        false,
        "foot-bike-patrol",
        "Foot and bike patrol",
        "Officers walking the beat or riding bicycles (or horses) in place of patrol cars. …",
    ),
    (
        false,
        "proactive-engagement",
        "Proactive, everyday engagement",
        "Officers reaching out when nothing is wrong: getting out of the car, saying hello, …",
    ),
    (
        false,
        "geographic-assignment",
        "Dedicated geographic assignment",
        "Keeping the same officers assigned to one beat or neighborhood for a long time, …",
    ),
    (
        false,
        "neighborhood-knowledge",
        "Officers who know the neighborhood",
        "Whether officers are knowledgeable of the neighborhood: its people, history, streets, hot spots and …",
    ),
    (
        false,
        "too-many-police",
        "Too many police",
        "The feeling that there is too much police presence: over-policed, watched, occupied, surrounded by …",
    ),
    (
        true,
        "trust-building",
        "Trust between police and community",
        "Trust, distrust and the relationship between police and residents: building or rebuilding trust, broken …",
    ),
    (
        false,
        "respect-professionalism",
        "Respect and professionalism",
        "How officers talk to and treat people: polite or rude, patient, listening, courteous, professional, …",
    ),
    (
        false,
        "impartial-policing",
        "Fair and impartial policing",
        "Racism, bias, profiling and unequal treatment by race, income, neighborhood or who you know; …",
    ),
    (
        false,
        "general-praise",
        "General praise of police",
        "Thanks, praise or satisfaction with the police and no particular reason given: good job, …",
    ),
    (
        false,
        "general-criticism",
        "General criticism of police",
        "Anger, contempt or disappointment with the police and no particular reason given: useless, lazy, …",
    ),
    (
        true,
        "groups-and-access",
        "Young people, newcomers and other groups",
        "Understanding and serving people of different cultures, ages and backgrounds in general: cultural understanding, …",
    ),
    (
        false,
        "youth",
        "Young people",
        "Children, teenagers and young adults: how police get along with them, mentoring, sports and …",
    ),
    (
        false,
        "schools",
        "Police and safety in schools",
        "Police officers in school buildings, school safety, metal detectors, fights at dismissal and the …",
    ),
    (
        false,
        "language-access",
        "Language access",
        "Speaking to police or 911 in one's own language: interpreters, translation, bilingual officers, Spanish, …",
    ),
    (
        false,
        "immigrant-communities",
        "Immigrant communities",
        "Immigrants, refugees and undocumented people: fear of deportation or immigration agents, police and ICE, …",
    ),
    (
        false,
        "lgbtq-and-other-groups",
        "LGBTQ, disabled, older people and faith groups",
        "Safety and treatment of LGBTQ and transgender people, women harassed in public, disabled, deaf …",
    ),
    (
        true,
        "force-and-enforcement",
        "Force, stops and enforcement",
        "Arrests, tickets, chases and law enforcement in general: too harsh or too soft, enforcing …",
    ),
    (
        false,
        "use-of-force",
        "Use of force",
        "Physical force by officers: shooting, guns drawn, tasers, batons, chokeholds, tackling, beating, tight handcuffs, …",
    ),
    (
        false,
        "de-escalation",
        "De-escalation",
        "Calming a tense situation with words, time and distance: slowing down, keeping cool, talking …",
    ),
    (
        false,
        "stops-and-searches",
        "Stops and searches",
        "Being stopped, pulled over, questioned, frisked, patted down or searched by police, on foot, …",
    ),
    (
        true,
        "accountability-transparency",
        "Accountability, oversight and transparency",
        "Reform, the consent decree, the monitor, civilian oversight and the review board, and police …",
    ),
    (
        false,
        "accountability-complaints",
        "Accountability, complaints and discipline",
        "Complaints against officers and what happens to them: investigation, discipline, firing bad cops, the …",
    ),
    (
        false,
        "transparency-data",
        "Transparency and information for the public",
        "Openness and sharing of information: publishing data and reports, crime numbers, dashboards, alerts, being …",
    ),
    (
        false,
        "cameras-technology",
        "Cameras and technology",
        "Body cameras, street cameras, doorbell cameras, license plate readers, drones, gunshot sensors, face recognition, …",
    ),
    (
        false,
        "measuring-outcomes",
        "Measuring outcomes",
        "How the department knows whether it succeeds: goals, performance metrics, counting arrests and stops …",
    ),
    (
        true,
        "working-together",
        "Working together on safety",
        "Safety as a shared job of police and residents: neighbors looking out for each …",
    ),
    (
        false,
        "problem-solving",
        "Problem-solving",
        "Dealing with what lies behind a recurring problem and not just answering the same …",
    ),
    (
        false,
        "community-feedback",
        "Community feedback into decisions",
        "Residents having a say in how policing is done: being asked, listened to and …",
    ),
    (
        false,
        "community-partnerships",
        "Partnerships and violence interrupters",
        "Police and city working with, and paying for, community organisations, block clubs, churches, business …",
    ),
    (
        true,
        "officers-and-department",
        "Officers and how the department is run",
        "Support for officers and the running of the department in general: backing from the …",
    ),
    (
        false,
        "training",
        "Training",
        "Training and teaching of officers: the academy, in-service classes, scenarios, field training, what should …",
    ),
    (
        false,
        "officer-wellness",
        "Officer wellness",
        "The health and spirits of police officers: stress, trauma, burnout, morale, sleep, cancelled days …",
    ),
    (
        false,
        "supervision-leadership",
        "Supervision and leadership",
        "Sergeants, lieutenants, commanders and the chief: whether they lead, know their people, coach, set …",
    ),
    (
        false,
        "recruitment-workforce",
        "Recruitment and who becomes an officer",
        "Who is hired and who stays: recruiting, hiring standards, background checks, age, education, women …",
    ),
    (
        false,
        "staffing-workload",
        "Staffing levels and workload",
        "Too few officers for the work: short-staffed shifts, vacancies, running from call to call, …",
    ),
    (
        false,
        "promotion-incentives",
        "Promotion, recognition and incentives",
        "What officers get rewarded for: promotion, evaluations, awards, pay, choice assignments, credit for good …",
    ),
    (
        true,
        "feeling-of-safety",
        "Crime and feeling safe",
        "How safe or afraid people feel, at home, on the street, on the bus …",
    ),
    (
        false,
        "guns-and-violence",
        "Guns and violence",
        "Shootings, murders, gunfire, illegal guns, stabbings, assaults and armed robbery in public. …",
    ),
    (
        false,
        "gangs-and-drugs",
        "Gangs and drugs",
        "Gangs, cliques and drug dealing: selling on corners, dope houses, drug use and needles, …",
    ),
    (
        false,
        "property-crime",
        "Property crime",
        "Burglary, break-ins, stolen cars and bikes, packages taken off the porch, shoplifting, vandalism, smashed …",
    ),
    (
        false,
        "traffic-safety",
        "Traffic safety",
        "Speeding, running red lights and stop signs, reckless and drunk driving, street racing and …",
    ),
    (
        true,
        "victims-and-aftermath",
        "Victims and what happens after a crime",
        "Solving crimes and what the courts do: unsolved murders, detectives and evidence in general, …",
    ),
    (
        false,
        "follow-up-after-incidents",
        "Follow-up after incidents",
        "Whether the police get back to people after a call, report or crime: a …",
    ),
    (
        false,
        "victim-services",
        "Victim services",
        "Help for people hurt by crime and for families of those killed: victim advocates, …",
    ),
    (
        false,
        "domestic-violence",
        "Domestic violence",
        "Violence and abuse at home, by husbands, boyfriends, partners, exes or relatives: domestic calls, …",
    ),
    (
        true,
        "neighborhood-conditions",
        "Neighborhood conditions and root causes",
        "The state of the neighborhood in general: neglected, forgotten by the city, disinvested, run …",
    ),
    (
        false,
        "homelessness-public-order",
        "Homelessness and public order",
        "Homeless people, tents, panhandling, and disorder in public places: loitering, public drinking, noise, loud …",
    ),
    (
        false,
        "lighting-lots-services",
        "Lighting, vacant lots and city services",
        "Street lights, vacant lots, abandoned buildings, garbage, potholes, snow, graffiti, trees, alleys, rats, parking …",
    ),
    (
        false,
        "jobs-root-causes",
        "Jobs, poverty and root causes",
        "The causes of crime in people's lives and what would change them: jobs, wages, …",
    ),
];

/// (name, kind, kind in words, perspective, unit, file unit, people, files).
type Source =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, u64, u64);

const SOURCES: [Source; 6] = [
    (
        "Listening sessions",
        "session-notes",
        "Notes of listening sessions",
        "Community",
        "statements",
        "sessions",
        712,
        16,
    ),
    ("Online survey", "survey", "Online survey answers", "Community", "respondents", "", 1_536, 1),
    (
        "Oversight and advocacy partners",
        "interview",
        "Interviews",
        "Partners",
        "speakers",
        "interviews",
        30,
        12,
    ),
    (
        "District focus groups",
        "focus-group",
        "Focus groups",
        "Members",
        "speakers",
        "groups",
        148,
        15,
    ),
    ("Peer departments", "interview", "Interviews", "National", "speakers", "interviews", 41, 17),
    (
        "Comments on the draft policy",
        "comments",
        "Public comments",
        "Community",
        "people who commented",
        "",
        402,
        1,
    ),
];

const QUOTES: [&str; 6] = [
    "I called about the car on my block and it took [NUMBER] hours before anybody came.",
    "Get out of the car and say hello, that is all I ask.",
    "Quiero que me hablen con respeto, aunque no hable inglés.",
    "同じ警官がずっと同じ地区にいれば、顔を覚えられると思います。",
    "أريد أن أشعر بالأمان عندما أمشي إلى المدرسة مع أطفالي.",
    "They come, they take a report, and you never hear from them again. Nobody calls back. I had to go down to [PLACE] three times to ask what became of it.",
];

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

/// The whole report.
pub fn view() -> View {
    let sources: Vec<SourceView> = SOURCES.iter().enumerate().map(source).collect();
    let matrix = matrix(&sources);
    View {
        title: "Community-focused policing: what people told us".to_owned(),
        notice: Some("Sample study. The city, its people and every answer are invented.".to_owned()),
        validated: false,
        measured: None,
        account: account(),
        plans: plans(&matrix),
        matrix,
        sources,
        themes: themes(),
        methods: methods(),
        warnings: vec!["86 survey answers in Chinese were read but not coded: the model was not made for that language.".to_owned()],
    }
}

fn themes() -> Vec<ThemeView> {
    let mut parent = None;
    let theme = |(index, row): (usize, &(bool, &str, &str, &str))| {
        let above = if row.0 { None } else { parent };
        if row.0 {
            parent = Some(index);
        }
        ThemeView {
            id: row.1.to_owned(),
            label: row.2.to_owned(),
            definition: row.3.to_owned(),
            parent: above,
            tags: vec!["plan-element:engagement-and-visibility".to_owned()],
        }
    };
    CODEBOOK.iter().enumerate().map(theme).collect()
}

fn source((index, row): (usize, &Source)) -> SourceView {
    let (name, kind, kind_label, perspective, unit, file_unit, people, _) = *row;
    let shares = file_unit.is_empty();
    let anchor = format!("source-{}", index + 1);
    let texts: &[&str] = if kind == "survey" {
        &[
            "All questions together",
            "What would make you feel safer with the police in your neighborhood?",
            "What should the department do first?",
        ]
    } else {
        &["All questions together"]
    };
    let question = |(number, text): (usize, &&str)| QuestionView {
        anchor: format!("{anchor}-question-{number}"),
        ..question(row, text, (index * 10 + number) as u64)
    };
    SourceView {
        kind: kind.to_owned(),
        kind_label: kind_label.to_owned(),
        perspective: perspective.to_owned(),
        unit: unit.to_owned(),
        file_unit: file_unit.to_owned(),
        shares,
        name: name.to_owned(),
        base_sentence: format!("{people} {unit} gave at least one answer that could be coded."),
        findings: vec![
            "Most raised: Responding to calls for help.".to_owned(),
            "Also often raised: Trust between police and community.".to_owned(),
        ],
        questions: texts.iter().enumerate().map(question).collect(),
        groups: groups(kind),
        anchor,
    }
}

fn question(source: &Source, text: &str, seed: u64) -> QuestionView {
    let (_, kind, _, _, _, file_unit, people, files) = *source;
    let mut dice = Dice(seed + 7);
    let mut areas: Vec<(u64, Vec<ThemeRow>)> = Vec::new();
    let mut unraised = Vec::new();
    for (theme, (area, _, label, _)) in CODEBOOK.iter().enumerate() {
        let count =
            if *area { people / 14 + dice.below(people / 3) } else { dice.below(people / 12) };
        if !*area && dice.below(6) == 0 {
            unraised.push((*label).to_owned());
            continue;
        }
        let raised_in = if file_unit.is_empty() { 1 } else { 1 + dice.below(files) };
        let mut row = theme_row(theme, u8::from(!*area), count.max(1), people);
        row.files = raised_in;
        row.share = row.share.filter(|_| file_unit.is_empty());
        if kind == "comments" && dice.below(4) == 0 && row.share.is_some() {
            row.with_copies = Some(Shown::Exactly(count + 220));
            row.share_with_copies = Some((count + 220) as f64 / (people + 220) as f64);
        }
        if dice.below(3) == 0 {
            row.quotes = (0..=dice.below(2)).map(|_| quote(&mut dice)).collect();
        }
        match areas.last_mut() {
            Some((_, rows)) if !*area => rows.push(row),
            _ => areas.push((count, vec![row])),
        }
    }
    for (count, rows) in &mut areas {
        cover(&mut rows[..], count, people);
    }
    areas.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    QuestionView {
        anchor: String::new(),
        text: text.to_owned(),
        base: Shown::Exactly(people),
        file_base: files,
        rows: areas.into_iter().flat_map(|(_, rows)| rows).collect(),
        unraised,
        copies: if kind == "comments" { 220 } else { 0 },
    }
}

/// An area is raised wherever one of its themes is.
fn cover(rows: &mut [ThemeRow], count: &mut u64, people: u64) {
    let Some((area, themes)) = rows.split_first_mut() else { return };
    for theme in themes {
        area.files = area.files.max(theme.files);
        if let Shown::Exactly(n) = theme.participants {
            *count = (*count).max(n);
        }
    }
    area.participants = protect(*count);
    area.share = area.share.map(|_| share(*count, people));
}

fn quote(dice: &mut Dice) -> QuoteView {
    let text = QUOTES[dice.below(QUOTES.len() as u64) as usize];
    QuoteView { id: format!("r{}#1", dice.below(2_000)), text: text.to_owned() }
}

fn theme_row(theme: usize, level: u8, count: u64, base: u64) -> ThemeRow {
    ThemeRow {
        theme,
        level,
        participants: protect(count),
        files: 1,
        share: (count >= 11).then(|| share(count, base)),
        with_copies: None,
        share_with_copies: None,
        corrected: None,
        quotes: Vec::new(),
    }
}

fn protect(count: u64) -> Shown {
    if (1..11).contains(&count) { Shown::FewerThan(11) } else { Shown::Exactly(count) }
}

fn share(count: u64, base: u64) -> ShareView {
    let (n, p) = (base as f64, count as f64 / base as f64);
    let margin = 1.96 * (p * (1.0 - p) / n).sqrt();
    ShareView { value: p, low: (p - margin).max(0.0), high: (p + margin).min(1.0) }
}

fn groups(kind: &str) -> Vec<GroupView> {
    match kind {
        "survey" => vec![
            group("District", &(1..=11).map(|n| format!("District {n}")).collect::<Vec<_>>(), 2),
            group("Age", &["Under 25", "25–44", "45–64", "65 and over"].map(str::to_owned), 0),
        ],
        "focus-group" => {
            vec![group("Rank", &["Officer", "Sergeant and above"].map(str::to_owned), 1)]
        }
        _ => Vec::new(),
    }
}

fn group(column: &str, values: &[String], too_small: usize) -> GroupView {
    let mut dice = Dice(values.len() as u64);
    let bases: Vec<u64> = values.iter().map(|_| 60 + dice.below(200)).collect();
    let row = |(theme, entry): (usize, &(bool, &str, &str, &str))| GroupRow {
        theme,
        level: u8::from(!entry.0),
        cells: bases
            .iter()
            .map(|&base| {
                let count = dice.below(if entry.0 { base / 2 } else { base / 5 });
                (protect(count), (count == 0 || count >= 11).then(|| share(count, base)))
            })
            .collect(),
        corrected: Vec::new(),
    };
    GroupView {
        column: column.to_owned(),
        rows: CODEBOOK.iter().enumerate().map(row).collect(),
        values: values
            .iter()
            .cloned()
            .zip(bases.iter().map(|&base| Shown::Exactly(base)))
            .collect(),
        too_small,
    }
}

fn matrix(sources: &[SourceView]) -> MatrixView {
    let mut order: Vec<&SourceView> = sources.iter().collect();
    order.sort_by_key(|source| source.perspective != "Community");
    let column = |source: &&SourceView| MatrixColumn {
        perspective: source.perspective.clone(),
        source: source.name.clone(),
        anchor: source.anchor.clone(),
        shares: source.shares,
    };
    let rows = CODEBOOK.iter().enumerate().map(|(theme, entry)| MatrixRow {
        theme,
        level: u8::from(!entry.0),
        cells: order.iter().map(|source| matrix_cell(source, theme)).collect(),
    });
    MatrixView {
        columns: order.iter().map(column).collect(),
        rows: rows.collect(),
        findings: vec![
            "Every perspective raised: Responding to calls for help; Trust between police and community; Training.".to_owned(),
            "Only Members raised: Promotion, recognition and incentives.".to_owned(),
        ],
    }
}

fn matrix_cell(source: &SourceView, theme: usize) -> MatrixCell {
    let all = &source.questions[0];
    let Some(row) = all.rows.iter().find(|row| row.theme == theme) else {
        return MatrixCell { text: "–".to_owned(), strength: 0.0 };
    };
    match (source.shares, row.share) {
        (true, Some(share)) => {
            MatrixCell { text: format!("{:.0}\u{a0}%", share.value * 100.0), strength: share.value }
        }
        (true, None) => MatrixCell { text: "fewer than 11".to_owned(), strength: 0.05 },
        (false, _) => MatrixCell {
            text: format!("{} of {} {}", row.files, all.file_base, source.file_unit),
            strength: row.files as f64 / all.file_base as f64,
        },
    }
}

fn plans(matrix: &MatrixView) -> Vec<PlanView> {
    let group = |name: &str, tags: &[&str], every: usize| PlanView {
        group: name.to_owned(),
        tags: tags
            .iter()
            .enumerate()
            .map(|(index, tag)| PlanTag {
                label: (*tag).to_owned(),
                rows: matrix.rows.iter().skip(index).step_by(every).cloned().collect(),
            })
            .collect(),
    };
    vec![
        group(
            "Plan element",
            &[
                "Engagement and visibility",
                "Respect and professionalism",
                "Problem solving and partnership",
                "Workforce allocation",
            ],
            6,
        ),
        group(
            "Consent-decree section",
            &["Community policing", "Impartial policing", "Crisis intervention"],
            9,
        ),
    ]
}

fn account() -> AccountView {
    const STATES: [(&str, &str, &str); 8] = [
        ("coded", "Coded", "At least one theme of the codebook was found in it."),
        (
            "no-theme",
            "No theme",
            "It says something, but nothing that the codebook has a theme for.",
        ),
        ("undecided", "Undecided", "The program was not sure enough to say."),
        ("no-content", "No content", "Blank, “n/a”, a refusal, or not a word."),
        (
            "unsupported-language",
            "Unsupported language",
            "Written in a language that the model was not made for.",
        ),
        ("duplicate", "Duplicate", "The same row twice, or one text handed in by many people."),
        ("moderator", "Moderator", "Spoken by the person who led the conversation."),
        ("rejected", "Rejected", "It could not be read; the ledger says why."),
    ];
    let states = [
        [2_210, 420, 310, 96, 140, 0, 0, 0],
        [3_105, 402, 288, 640, 86, 12, 0, 3],
        [388, 41, 22, 9, 0, 0, 260, 0],
        [1_420, 160, 120, 44, 0, 0, 690, 0],
        [602, 50, 33, 10, 0, 0, 410, 0],
        [402, 31, 24, 6, 2, 220, 0, 0],
    ];
    let row = |(source, states): (&Source, [u64; 8])| AccountRow {
        name: source.0.to_owned(),
        files: source.7,
        rows: states.iter().sum::<u64>() / if source.1 == "survey" { 2 } else { 1 },
        responses: states.iter().sum(),
        states: states.to_vec(),
    };
    let rows: Vec<AccountRow> = SOURCES.iter().zip(states).map(row).collect();
    let total = AccountRow {
        name: "All sources".to_owned(),
        files: rows.iter().map(|row| row.files).sum(),
        rows: rows.iter().map(|row| row.rows).sum(),
        responses: rows.iter().map(|row| row.responses).sum(),
        states: (0..8).map(|i| rows.iter().map(|row| row.states[i]).sum()).collect(),
    };
    let state = |(id, label, meaning): (&str, &str, &str)| StateView {
        id: id.to_owned(),
        label: label.to_owned(),
        meaning: meaning.to_owned(),
    };
    AccountView {
        rows,
        total,
        states: STATES.into_iter().map(state).collect(),
        redactions: vec![
            ("[PHONE]".to_owned(), 31),
            ("[EMAIL]".to_owned(), 12),
            ("[NUMBER]".to_owned(), 204),
        ],
        languages: vec![("Chinese".to_owned(), 86), ("Polish".to_owned(), 2)],
    }
}

fn methods() -> MethodsView {
    MethodsView {
        program: "canvass 0.1.0".to_owned(),
        codebook: "Community-focused policing, 56 themes, 3f9c2ab81d07".to_owned(),
        engine: "all-MiniLM-L12-v2, 32-bit floating point, AVX2".to_owned(),
        classifier: "Each answer was compared with the definition and the examples of every theme. It was given a theme where it stood closer to that theme than a fixed limit.".to_owned(),
        min_cell: 11,
        quotes: "Only quotes that a person released are shown.".to_owned(),
        notes: vec!["The answers come from people who chose to answer.".to_owned()],
    }
}

/// What a gold sample would say, and corrected shares in the first table of a view.
pub fn measured() -> MeasuredView {
    let some = Some(ShareView { value: 0.7, low: 0.6, high: 0.8 });
    let people = Shown::FewerThan(11);
    MeasuredView {
        findings: vec!["Against people the program reaches a micro-F1 of 0.70.".to_owned()],
        themes: vec![QualityRow {
            theme: 1,
            people,
            precision: some,
            recall: some,
            f1: None,
            alpha: Some(0.8),
        }],
        groups: vec![ErrorRow {
            source: "Survey".to_owned(),
            column: "District".to_owned(),
            value: "North <b>".to_owned(),
            people: Shown::Exactly(40),
            missed: some,
            added: None,
        }],
        appendix: vec!["Sample. People were drawn by chance.".to_owned()],
    }
}

/// Gives the first two rows of the first source with shares a corrected share.
pub fn correct(view: &mut View) {
    let Some(source) = view.sources.iter_mut().find(|s| s.shares) else { return };
    let rows = &mut source.questions[0].rows;
    let share = ShareView { value: 0.123, low: 0.09, high: 0.17 };
    rows[0].corrected = Some(CorrectedView::Share { share, clamped: false });
    rows[1].corrected = Some(CorrectedView::TooFew);
}
