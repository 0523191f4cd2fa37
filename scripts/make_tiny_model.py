#!/usr/bin/env python3
"""Makes models/tiny: a BERT of random numbers, so that the real engine adapter runs in every test.

In: nothing (a fixed seed, and words from samples/community-safety/codebook.toml). Out:
models/tiny/{config.json, tokenizer.json, model.safetensors, model.toml}, a few hundred kB. It
knows nothing: texts that share words get similar vectors, and that is all. Standard library only.
"""
import hashlib, json, math, random, re, struct, tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "models" / "tiny"
HIDDEN, LAYERS, HEADS, INTER, POSITIONS, WORDS = 32, 2, 2, 64, 128, 1200


def vocabulary():
    """Special tokens, letters, letter continuations, and the commonest words of the codebook."""
    book = tomllib.loads((ROOT / "samples/community-safety/codebook.toml").read_text("utf-8"))
    text = " ".join(
        " ".join([t["label"], t["definition"], *t["examples"]]) for t in book["theme"]
    ).lower()
    counts = {}
    for word in re.findall(r"[a-z]{2,}", text):
        counts[word] = counts.get(word, 0) + 1
    words = sorted(counts, key=lambda w: (-counts[w], w))[:WORDS]
    marks = list("abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"()[]-/&%$#")
    pieces = ["##" + c for c in "abcdefghijklmnopqrstuvwxyz0123456789"]
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + marks + pieces + words


def tokenizer(vocab):
    special = [
        {"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for i, t in enumerate(vocab[:5])
    ]
    cls, sep = {"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}
    a, b = {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}
    sep_b = {"SpecialToken": {"id": "[SEP]", "type_id": 1}}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing", "single": [cls, a, sep], "pair": [cls, a, sep, b, sep_b],
            "special_tokens": {t: {"id": t, "ids": [vocab.index(t)], "tokens": [t]} for t in ("[CLS]", "[SEP]")},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": {t: i for i, t in enumerate(vocab)}},
    }


def tensors(n_words):
    """Name → (shape, numbers), in rust-bert's and Hugging Face's names, sorted."""
    rng = random.Random(7)
    normal = lambda shape, sd: (shape, [rng.gauss(0, sd) for _ in range(math.prod(shape))])
    constant = lambda shape, x: (shape, [x] * math.prod(shape))
    t = {
        "embeddings.word_embeddings.weight": normal([n_words, HIDDEN], 1.0),
        "embeddings.position_embeddings.weight": normal([POSITIONS, HIDDEN], 0.02),
        "embeddings.token_type_embeddings.weight": normal([2, HIDDEN], 0.02),
        "pooler.dense.weight": normal([HIDDEN, HIDDEN], 0.02),
        "pooler.dense.bias": constant([HIDDEN], 0.0),
    }
    norms = ["embeddings.LayerNorm"]
    for i in range(LAYERS):
        p = f"encoder.layer.{i}."
        norms += [p + "attention.output.LayerNorm", p + "output.LayerNorm"]
        shapes = {"attention.self.query": (HIDDEN, HIDDEN), "attention.self.key": (HIDDEN, HIDDEN),
                  "attention.self.value": (HIDDEN, HIDDEN), "attention.output.dense": (HIDDEN, HIDDEN),
                  "intermediate.dense": (INTER, HIDDEN), "output.dense": (HIDDEN, INTER)}
        for name, (rows, cols) in shapes.items():
            t[p + name + ".weight"] = normal([rows, cols], 0.05)
            t[p + name + ".bias"] = constant([rows], 0.0)
    for name in norms:
        t[name + ".weight"], t[name + ".bias"] = constant([HIDDEN], 1.0), constant([HIDDEN], 0.0)
    return dict(sorted(t.items()))


def safetensors(all_tensors):
    header, body = {}, b""
    for name, (shape, numbers) in all_tensors.items():
        data = struct.pack(f"<{len(numbers)}f", *numbers)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + body


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    vocab = vocabulary()
    config = {"hidden_act": "gelu", "attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0,
              "hidden_size": HIDDEN, "initializer_range": 0.02, "intermediate_size": INTER,
              "max_position_embeddings": POSITIONS, "num_attention_heads": HEADS,
              "num_hidden_layers": LAYERS, "type_vocab_size": 2, "vocab_size": len(vocab),
              "model_type": "bert", "pad_token_id": 0}
    files = {
        "config.json": json.dumps(config, indent=2).encode() + b"\n",
        "tokenizer.json": json.dumps(tokenizer(vocab), ensure_ascii=False, separators=(",", ":")).encode() + b"\n",
        "model.safetensors": safetensors(tensors(len(vocab))),
    }
    manifest = ('# A BERT of random numbers for tests, made by scripts/make_tiny_model.py. It knows nothing.\n'
                f'name = "tiny"\nkind = "bert"\ndim = {HIDDEN}\nmax_tokens = {POSITIONS}\npooling = "mean"\n'
                'normalize = true\nlicence = "Apache-2.0"\nsource = "the canvass project: random numbers"\n')
    for name, data in files.items():
        (OUT / name).write_bytes(data)
        manifest += f'\n[[file]]\npath = "{name}"\nsha256 = "{hashlib.sha256(data).hexdigest()}"\nbytes = {len(data)}\n'
    (OUT / "model.toml").write_text(manifest, "utf-8")
    print(sum(map(len, files.values())), "bytes")


if __name__ == "__main__":
    main()
