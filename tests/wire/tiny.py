"""A language model of random weights, made in a moment: it knows nothing, and every token it may say it says."""

import re
from pathlib import Path

import gguf
import numpy as np

WIDTH, LAYERS, HEADS, INNER = 32, 1, 2, 64
CONTEXT = 16_384
SPACE = "\u2581"
BYTES = range(3, 3 + 256)
"""Ids of the tokens that are one byte."""
WORDS = """
I we my our the a of to in and it that was for with on at after before because then when how what which who much many
team customers billing service database export query table script invoices logs support weeks minutes seconds result
situation action measured found wrote changed tested asked told decided owned learned shipped moved rewrote planned
question answer problem reason number evidence cost risk time people change first last nightly orders complaints
"""


def write(path: Path, seed: int = 7) -> Path:
    """The model as a GGUF file of the llama architecture: byte tokens, printable characters and some whole words.

    Keys and tensors are those that github.com/ggml-org/ggml/blob/master/docs/gguf.md names for llama.
    """
    out = gguf.GGUFWriter(path, "llama")
    out.add_name("tiny")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(INNER)
    out.add_head_count(HEADS)
    out.add_head_count_kv(HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_rope_dimension_count(WIDTH // HEADS)
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    size = _add_tokens(out)
    _add_weights(out, size, np.random.default_rng(seed))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path


def _add_tokens(out: gguf.GGUFWriter) -> int:
    kinds = gguf.TokenType
    tokens: list[tuple[str, int]] = [
        ("<unk>", kinds.UNKNOWN),
        ("<s>", kinds.CONTROL),
        ("</s>", kinds.CONTROL),
    ]
    tokens += [(f"<0x{byte:02X}>", kinds.BYTE) for byte in range(256)]
    tokens += [(SPACE, kinds.NORMAL), *((chr(code), kinds.NORMAL) for code in range(33, 127))]
    tokens += [(f"{SPACE}{word}", kinds.NORMAL) for word in dict.fromkeys(WORDS.split())]
    out.add_tokenizer_model("llama")
    out.add_vocab_size(len(tokens))
    out.add_token_list([text.encode() for text, _ in tokens])
    out.add_token_scores([-float(n) for n in range(len(tokens))])
    out.add_token_types([int(kind) for _, kind in tokens])
    out.add_unk_token_id(0)
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    out.add_add_bos_token(True)
    out.add_add_space_prefix(False)
    return len(tokens)


def _add_weights(out: gguf.GGUFWriter, size: int, random: np.random.Generator) -> None:
    def matrix(rows: int, columns: int) -> np.ndarray:
        return (random.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)

    ones = np.ones(WIDTH, dtype=np.float32)
    out.add_tensor("token_embd.weight", matrix(size, WIDTH))
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        out.add_tensor(f"{block}.attn_norm.weight", ones)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            out.add_tensor(f"{block}.{name}.weight", matrix(WIDTH, WIDTH))
        out.add_tensor(f"{block}.ffn_norm.weight", ones)
        out.add_tensor(f"{block}.ffn_gate.weight", matrix(INNER, WIDTH))
        out.add_tensor(f"{block}.ffn_up.weight", matrix(INNER, WIDTH))
        out.add_tensor(f"{block}.ffn_down.weight", matrix(WIDTH, INNER))
    out.add_tensor("output_norm.weight", ones)
    out.add_tensor("output.weight", matrix(size, WIDTH))


def token_of(text: str) -> int:
    """The id of a printable character."""
    assert re.fullmatch(r"[!-~]", text)
    return 3 + 256 + 1 + ord(text) - 33
