"""Captions and transcripts: a million cues or speakers, one endless turn."""

from .base import MEGA, TALK, blocks, case, written


@case(TALK, "WebVTT: 1,000,000 cues")
def many_cues(folder):
    cue = b"".join(b"00:%02d:%02d.000 --> 00:%02d:%02d.900\n<v P%d>It is dark here\n\n"
                   % (i // 60 % 60, i % 60, i // 60 % 60, i % 60, i % 2) for i in range(10_000))
    return blocks(folder / "a.vtt", b"WEBVTT\n\n", cue, 100)


@case(TALK, "SubRip: 1,000,000 cues")
def many_srt(folder):
    cue = b"".join(b"%d\n00:%02d:%02d,000 --> 00:%02d:%02d,900\nP%d: It is dark here\n\n"
                   % (i, i // 60 % 60, i % 60, i // 60 % 60, i % 60, i % 2) for i in range(10_000))
    return blocks(folder / "a.srt", b"", cue, 100)


@case(TALK, "TXT: a turn of 200 MB")
def long_turn(folder):
    return blocks(folder / "a.txt", b"Speaker 1: ", b"word " * 200_000, 200)


@case(TALK, "TXT: 1,000,000 speakers")
def many_speakers(folder):
    lines = "".join(f"P{i:06}: it is dark\nP{i:06}: yes\n" for i in range(500_000))
    return written(folder / "a.txt", lines.encode())


@case(TALK, "TXT: 100 MB of blank lines")
def blank_lines(folder):
    return blocks(folder / "a.txt", b"Speaker 1: a\n", b"\n" * MEGA, 100, b"Speaker 2: b\n")


@case(TALK, "TXT: one line of 2,000,000 combining marks and bidirectional controls")
def marks(folder):
    text = "Speaker 1: a" + "\u0301" * 1_000_000 + "\u202e" * 1_000_000 + "\nSpeaker 2: b\n"
    return written(folder / "a.txt", text.encode())
