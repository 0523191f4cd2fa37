use super::*;

/// A column with these bases and, by theme, these counts; 0 stands for one that is protected.
fn column(bases: &[u64], counts: &[&[u64]]) -> GroupView {
    let cell = |(&k, &n): (&u64, &u64)| match wilson(k, n) {
        Some((low, high)) if k > 0 => {
            (Shown::Exactly(k), Some(ShareView { value: k as f64 / n as f64, low, high }))
        }
        _ => (Shown::Withheld, None),
    };
    let row = |(theme, of): (usize, &&[u64])| GroupRow {
        theme,
        level: 0,
        cells: of.iter().zip(bases).map(cell).collect(),
        weighted: Vec::new(),
        corrected: Vec::new(),
        differences: Vec::new(),
    };
    let value = |(at, &n): (usize, &u64)| (format!("D{}", at + 1), Shown::Exactly(n));
    GroupView {
        column: "District".into(),
        values: bases.iter().enumerate().map(value).collect(),
        effective: Vec::new(),
        too_small: 0,
        findings: Vec::new(),
        rows: counts.iter().enumerate().map(row).collect(),
    }
}

fn whole(base: u64, counts: &[u64]) -> QuestionView {
    let row = |(theme, &n): (usize, &u64)| super::super::ThemeRow {
        theme,
        level: 0,
        participants: Shown::Exactly(n),
        files: None,
        share: None,
        weighted: None,
        corrected: None,
        with_copies: None,
        share_with_copies: None,
        stances: None,
        quotes: Vec::new(),
        further: Vec::new(),
    };
    QuestionView {
        anchor: String::new(),
        text: String::new(),
        base: Shown::Exactly(base),
        effective_base: None,
        file_base: 1,
        rows: counts.iter().enumerate().map(row).collect(),
        unraised: Vec::new(),
        copies: Shown::Exactly(0),
    }
}

fn told(group: GroupView, whole: &QuestionView) -> GroupView {
    compared(group, whole, (&["Patrols"; 20], "respondents"))
}

#[test]
fn a_value_is_compared_with_everybody_outside_it() {
    // 40 of 100 in the first, 20 of the other 200, of whom 50 have no value that is shown.
    let group = told(column(&[100, 150], &[&[40, 18]]), &whole(300, &[60]));
    let d = group.rows[0].differences[0].unwrap();
    assert_eq!((d.own, d.others), (0.4, 0.1));
    assert!((d.points.value - 0.3).abs() < 1e-12 && d.points.low > 0.19 && d.points.high < 0.41);
    assert!(d.clear && !d.corrected);
    let of =
        "More by D1 than by everyone else: Patrols (40\u{a0}% against 10\u{a0}%, +30.0 points, ";
    assert!(group.findings[0].starts_with(of), "{:?}", group.findings);
    assert!(group.findings.last().unwrap().starts_with("2 shares were compared"), "{group:?}");
}

#[test]
fn of_two_values_that_are_everybody_a_difference_is_said_once() {
    let group = told(column(&[100, 200], &[&[40, 20], &[30, 60]]), &whole(300, &[60, 90]));
    assert_eq!(group.findings.len(), 2, "{:?}", group.findings);
    assert!(
        group.findings[0].starts_with("More by D1 than by D2: Patrols"),
        "{:?}",
        group.findings
    );
    let last = "2 shares of D1 were compared with those of D2; 1 differs clearly.";
    assert_eq!(group.findings[1], last);
    // Both columns of the table are marked.
    let marks = group.rows[0].differences.iter().flatten().filter(|d| d.clear);
    assert_eq!(marks.map(|d| d.points.value > 0.0).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn what_chance_may_do_is_not_called_a_difference() {
    let group = told(column(&[100, 200], &[&[22, 38]]), &whole(300, &[60]));
    assert!(!group.rows[0].differences[0].unwrap().clear);
    let said = "1 share was compared; none differs by more than chance may do among so many.";
    assert_eq!(group.findings, [said]);
}

#[test]
fn what_is_protected_or_of_few_people_is_not_compared() {
    let group = told(column(&[100, 200], &[&[0, 55]]), &whole(300, &[60]));
    assert_eq!(group.rows[0].differences[0], None, "its count is protected");
    let mut hidden = whole(300, &[60]);
    hidden.rows[0].participants = Shown::Withheld;
    let group = told(column(&[100, 200], &[&[40, 20]]), &hidden);
    assert_eq!(group.rows[0].differences, [None, None], "the whole is protected");
    let group = told(column(&[29, 271], &[&[20, 40]]), &whole(300, &[60]));
    assert_eq!(group.rows[0].differences, [None, None], "fewer than thirty on one side");
    assert!(group.findings[0].starts_with("No value was compared"), "{:?}", group.findings);
}

#[test]
fn corrected_shares_decide_where_all_values_have_one() {
    let corrected = |value: f64| {
        let share = ShareView { value, low: value - 0.05, high: value + 0.05 };
        Some(CorrectedView::Share { share, clamped: false })
    };
    let mut group = column(&[100, 100, 100], &[&[40, 20, 20]]);
    group.rows[0].corrected = vec![corrected(0.3), corrected(0.28), corrected(0.26)];
    let told_of = told(group.clone(), &whole(300, &[80]));
    let d = told_of.rows[0].differences[0].unwrap();
    assert!(d.corrected && !d.clear, "{d:?}");
    assert!((d.others - 0.27).abs() < 1e-12);
    // Of people outside the values no corrected share is known.
    let d = told(group, &whole(340, &[80])).rows[0].differences[0].unwrap();
    assert!(!d.corrected && d.clear, "{d:?}");
}

#[test]
fn among_many_shares_more_is_asked_of_each() {
    let one: &[u64] = &[34, 40];
    let alone = told(column(&[100, 200], &[one]), &whole(300, &[74]));
    assert!(alone.rows[0].differences[0].unwrap().clear);
    let equal: &[u64] = &[20, 40];
    let mut counts = vec![one];
    counts.resize(20, equal);
    let wholes: Vec<u64> = std::iter::once(74).chain(std::iter::repeat_n(60, 19)).collect();
    let among = told(column(&[100, 200], &counts), &whole(300, &wholes));
    assert!(!among.rows[0].differences[0].unwrap().clear);
}
