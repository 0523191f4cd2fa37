//! The clean table that is polluted: invented, nine columns, a header and 83 rows, with the
//! quotes, delimiters, accents and blanks that real tables have.

/// The header.
pub(super) const HEADER: [&str; 9] = [
    "DATE",
    "TIME",
    "Qty",
    "PRODUCTID",
    "Price",
    "ProductType",
    "ProductDescription",
    "URL",
    "Comments",
];

const TYPES: [&str; 5] = ["Lamp", "Garden bench", "Kettle", "Rug", "Shelf"];
const DESCRIPTIONS: [&str; 7] = [
    "A lamp of brass, 40 cm high",
    "Bench for two, oak",
    "Kettle with a \"whistle\" and a long spout, enamelled",
    "Rug",
    "Étagère en noyer",
    "Shelf, white, 80 x 20",
    "Brass lamp; dims",
];
const COMMENTS: [&str; 6] = [
    "",
    "sold out, ask again",
    "new",
    "last one: \"as seen\"",
    "see the catalogue",
    "second choice; scratched",
];

/// The header and all rows.
pub(super) fn table() -> Vec<Vec<String>> {
    let mut rows = vec![HEADER.iter().map(ToString::to_string).collect()];
    for n in 0..83_usize {
        rows.push(vec![
            format!("{:02}/{:02}/2021", n % 12 + 1, n % 28 + 1),
            format!("{:02}:{:02}", (n * 7) % 24, (n * 13) % 60),
            (n % 9 + 1).to_string(),
            format!("P-{:04}", 4000 + n * 37 % 1000),
            format!("{}.{:02}", n * 3 % 90 + 5, n * 17 % 100),
            TYPES[n % 5].into(),
            DESCRIPTIONS[n % 7].into(),
            format!("http://shop.example.org/item?id={}&v={}", 4000 + n, n % 3),
            COMMENTS[n % 6].into(),
        ]);
    }
    rows
}
