//! `rejects.jsonl`: every record that could not be read, with its bytes, to be mended by hand.
//!
//! In: the corpus. Out: one line of JSON a record: `source`, `file`, `line`, `offset` and `length`
//! in bytes (`offset` is `null` in formats without such places), `reason`, `bytes` in base64 and
//! whether they are `complete` (the first 64 KiB of a record are kept). This is the one output that
//! holds words as they were given, because a record that cannot be read cannot be redacted; base64
//! keeps them from being read, searched or indexed by accident.
//! Must not know: themes, counts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::aggregate::reject_reason;
use crate::plan::Plan;
use crate::prepare::Corpus;

/// The file's bytes.
pub(super) fn render(plan: &Plan, corpus: &Corpus) -> Vec<u8> {
    let mut out = Vec::new();
    for record in &corpus.rejects {
        let file = &corpus.files[usize::from(record.file)];
        let kept = record.raw.expose_for_rejects_list();
        let line = json!({
            "source": plan.sources[usize::from(file.source)].name,
            "file": file.path,
            "line": record.place,
            "offset": record.bytes.as_ref().map(|b| b.start),
            "length": record.raw.len(),
            "reason": reject_reason(&record.why),
            "bytes": STANDARD.encode(kept),
            "complete": kept.len() as u64 == record.raw.len(),
        });
        out.extend_from_slice(line.to_string().as_bytes());
        out.push(b'\n');
    }
    out
}
