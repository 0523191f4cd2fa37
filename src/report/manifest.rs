//! `manifest.json`: what went in, what computed, what came out, each by its hash.
//!
//! In: plan, corpus, the rendered files. Out: JSON without clock, path of the machine or number
//! of threads: equal inputs, engine, precision and instruction set give equal bytes.
//! Must not know: counts of people.

use serde_json::{Value, json};

use crate::encode::{instruction_limits, instruction_set};
use crate::fsx::sha256;
use crate::gold::Gold;
use crate::plan::Plan;
use crate::prepare::Corpus;
use crate::released::Released;

/// The file's bytes.
pub(super) fn render(plan: &Plan, corpus: &Corpus, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let input = |f: &crate::ingest::InputFile| {
        json!({
            "source": plan.sources[usize::from(f.source)].name,
            "path": f.path,
            "sha256": f.sha256,
            "bytes": f.bytes,
            "format": f.format,
            "rows": f.rows,
        })
    };
    let output = |(name, bytes): &(String, Vec<u8>)| {
        json!({
            "path": name,
            "sha256": sha256(bytes),
            "bytes": bytes.len(),
            "for": if super::is_for_publication(name) { "publication" } else { "work" },
        })
    };
    let manifest = json!({
        "program": "canvass",
        "version": env!("CARGO_PKG_VERSION"),
        "engine": {
            "model": plan.model.manifest.name,
            "model_sha256": plan.model.hash,
            "precision": plan.precision.name(),
            "instruction_set": instruction_set(),
            // Limits that the engine obeys and that change its last digits.
            "instruction_limits": instruction_limits(),
            "libtorch": env!("CANVASS_LIBTORCH"),
        },
        "trained_model": plan.trained.as_ref().map(|t| json!({
            "sha256": t.hash,
            "program": t.record.program,
            "method": t.record.method,
            "data_sha256": t.record.training.data_sha256,
        })),
        "settings": settings(plan),
        "study": { "path": plan.study.0, "sha256": plan.study.1 },
        "codebook": { "path": plan.codebook_path, "sha256": plan.codebook.hash },
        "gold": plan.gold.as_ref().map(gold),
        "inputs": corpus.files.iter().map(input).collect::<Vec<Value>>(),
        "outputs": files.iter().map(output).collect::<Vec<Value>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn settings(plan: &Plan) -> Value {
    json!({
        "threshold": format!("{:.4}", plan.threshold),
        "abstain": format!("{:.4}", crate::classify::ABSTAIN),
        "min_cell": plan.privacy.min_cell,
        "min_cell_of_sources": min_cells(plan),
        "sessions": format!("{:?}", plan.privacy.sessions).to_lowercase(),
        "quotes": format!("{:?}", plan.privacy.quotes).to_lowercase(),
        "released_quotes": plan.released.as_ref().map(released),
    })
}

/// The sources whose smallest count is not the study's.
fn min_cells(plan: &Plan) -> Vec<Value> {
    let own = |(spec, cell): (&crate::ingest::SourceSpec, &crate::plan::MinCell)| {
        let differs = cell.min != plan.privacy.min_cell;
        let reason = cell.reason.as_deref();
        differs.then(|| json!({ "source": spec.name, "min_cell": cell.min, "reason": reason }))
    };
    plan.sources.iter().zip(&plan.min_cells).filter_map(own).collect()
}

/// The coded tables, and how their answers were drawn.
fn gold(gold: &Gold) -> Value {
    let table = |(path, sha256): &(String, String)| json!({ "path": path, "sha256": sha256 });
    json!({
        "tables": gold.files.iter().map(table).collect::<Vec<Value>>(),
        "design_sha256": gold.design.as_ref().map(|d| sha256(&d.to_bytes())),
    })
}

/// The hash of what was released: ids and words, each behind its length.
fn released(list: &Released) -> String {
    let part = |s: &str| format!("{}:{s}", s.len());
    let quotes = list.quotes().map(|(id, words)| part(id) + &part(words));
    sha256(quotes.collect::<String>().as_bytes())
}
