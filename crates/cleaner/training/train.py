#!/usr/bin/env python3
"""Grow the trees of src/text/forest.txt: python3 train.py PAGES EVALUATION [--check FILE]

PAGES        what EVALUATION/pages.py prints (NDJSON with id, url and html)
EVALUATION   the folder with gold/<dataset>.jsonl ({"id", "url", "text", "with", "without"}) and score.py
--check      writes no table. Five times over, trees are grown without a fifth of the domains, and the whole
             cleaner reads that fifth's pages by them; FILE gets what it made of each, for score.py to read

A block's label is the share of its words that stand in the gold; its weight is the
share of the page's words that it is, so that what is learned is what the scorer counts.
"""
import argparse
import json
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

import lightgbm
import numpy

FOLDS = 5
# Hand-made gold counts more than silver; snippets label few blocks.
DATASET_WEIGHTS = {"scrapinghub": 2.0, "fundus_tests": 1.5, "wcxb_dev": 1.0, "trafilatura_eval": 0.4}
GROWTH = {
    "objective": "cross_entropy",
    "learning_rate": 0.08,
    "num_leaves": 24,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 2.0,
    "min_sum_hessian_in_leaf": 0.2,
    "use_missing": False,
    "seed": 7,
    "deterministic": True,
    # Two threads wait for each other longer than one works.
    "num_threads": 1,
    "max_bin": 63,
    "verbose": -1,
}
TREES = 120
TABLE = Path(__file__).parent.parent / "src/text/forest.txt"
NAMES = []
# What can only speak for the story, and what can only speak against it, whatever a few pages say.
FOR = """ends_sentence in_article in_body in_article_body body_share in_best signature_share own_signature_share
before1_sentence after1_sentence same_box_as_last_good same_box_as_next_good tag_article tag_main""".split()
AGAINST = """link_density repeated echo_before is_machine in_related in_teaser in_share in_comment in_promo in_advert in_media in_author
in_chrome in_hidden in_unseen hidden_echo in_dialog tag_aside tag_footer tag_figure tag_form promo related credit copyright consent comment
is_caption heading_related heading_promo heading_comment starts_related starts_promo starts_credit""".split()


class Page:
    def __init__(self, line, gold, scorer):
        self.id, self.texts = line["id"], line["texts"]
        self.dataset = self.id.split("/")[0]
        self.rows = numpy.array(line["rows"], dtype=numpy.float32).reshape(-1, len(NAMES))
        self.gold = gold
        self.domain = domain(gold.get("url") or "") or self.id
        self.fold = zlib.crc32(self.domain.encode()) % FOLDS
        self.labels, self.weights = label(self, scorer)


def domain(url):
    host = url.split("//")[-1].split("/")[0].split(":")[0].lower()
    parts = host.split(".")
    keep = 3 if len(parts) > 2 and len(parts[-2]) <= 3 and len(parts[-1]) == 2 else 2
    return ".".join(parts[-keep:])


# ---- Labels ----


def label(page, scorer):
    words = [scorer.WORD.findall(text) for text in page.texts]
    sizes = numpy.array([max(len(w), len("".join(w)) / 12) for w in words], dtype=float)
    if page.gold.get("text"):
        labels = by_gold(words, scorer.WORD.findall(page.gold["text"]))
        total = max(len(scorer.WORD.findall(page.gold["text"])), 40)
        weights = numpy.minimum((sizes + 1) / total, 0.5)
    else:
        labels, weights = by_snippets(page, scorer)
    return labels, weights * DATASET_WEIGHTS[page.dataset]


def by_gold(words, gold):
    """Share of each block's words inside the gold, in an order that fits the blocks around it."""
    left = Counter(zip(*(gold[i:] for i in range(4))))
    joined = " " + " ".join(gold) + " "
    labels = numpy.zeros(len(words))
    counts = Counter(map(tuple, words))
    def take(i):
        runs = list(zip(*(words[i][k:] for k in range(4))))
        found = [run for run in runs if left[run] > 0]
        share = len(found) / len(runs)
        if share > 0.3:
            for run in found:
                left[run] -= 1
        return share
    long = [i for i in range(len(words)) if len(words[i]) >= 4]
    for i in long:
        if counts[tuple(words[i])] == 1:
            labels[i] = take(i)
    # Of blocks that say the same, those among the story's blocks are the story's.
    def company(i):
        return sum(labels[j] / (1 + abs(i - j)) for j in range(max(0, i - 8), min(len(words), i + 9)) if j != i)
    repeated = [i for i in long if counts[tuple(words[i])] > 1]
    for i in sorted(repeated, key=company, reverse=True):
        labels[i] = take(i)
    for order in (range(len(words)), range(len(words) - 1, -1, -1)):
        for i in order:
            if not words[i] or len(words[i]) >= 4 or labels[i] > 0:
                continue
            here = " ".join(words[i])
            before = next((words[j] for j in range(i - 1, max(-1, i - 4), -1) if labels[j] > 0.5), None)
            after = next((words[j] for j in range(i + 1, min(len(words), i + 4)) if labels[j] > 0.5), None)
            if before and f" {' '.join(before[-3:])} {here} " in joined:
                labels[i] = 1
            if after and f" {here} {' '.join(after[:3])} " in joined:
                labels[i] = 1
    return labels


def by_snippets(page, scorer):
    labels = numpy.zeros(len(page.texts))
    weights = numpy.zeros(len(page.texts))
    for wanted, snippets in ((1, page.gold.get("with", [])), (0, page.gold.get("without", []))):
        for snippet in map(scorer.one_spaced, snippets):
            hits = [i for i, text in enumerate(page.texts) if snippet in scorer.one_spaced(text)]
            for i in hits:
                if wanted or labels[i] == 0:
                    labels[i], weights[i] = wanted, 0.15 / len(hits)
    return labels, weights


# ---- Growing ----


def grow(pages):
    rows = numpy.concatenate([page.rows for page in pages])
    labels = numpy.concatenate([page.labels for page in pages])
    weights = numpy.concatenate([page.weights for page in pages])
    used = weights > 0
    weights = weights[used] * used.sum() / weights.sum()
    data = lightgbm.Dataset(rows[used], labels[used], weight=weights)
    constraints = [(name in FOR) - (name in AGAINST) for name in NAMES]
    return lightgbm.train({**GROWTH, "monotone_constraints": constraints, "monotone_constraints_method": "intermediate"}, data, TREES)


# ---- Folds ----


def check(pages, lines, out):
    """What the cleaner makes of each page by trees that saw no page of its domain."""
    for fold in range(FOLDS):
        table = grow([page for page in pages if page.fold != fold])
        held_out = [lines[page.id] for page in pages if page.fold == fold]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(written(table))
            file.flush()
            out.writelines(run("clean", held_out, file.name))


def run(example, lines, *arguments):
    """What an example of the crate answers to the lines."""
    command = ["cargo", "run", "--quiet", "--release", "--package", "copydesk-cleaner", "--example", example, "--"]
    answer = subprocess.run([*command, *arguments], input="".join(lines), stdout=subprocess.PIPE, text=True, check=True)
    return answer.stdout.splitlines(keepends=True)


# ---- The table ----


def written(booster):
    """A line a tree: nodes in preorder, `feature<threshold>right child's place`, or a leaf's value."""
    lines = []
    for tree in booster.dump_model()["tree_info"]:
        cells = []
        walk(tree["tree_structure"], cells)
        lines.append(" ".join(cells))
    return "\n".join(lines) + "\n"


def walk(node, cells):
    at = len(cells)
    cells.append("")
    if "leaf_value" in node:
        cells[at] = f"{node['leaf_value']:.4g}"
        return
    walk(node["left_child"], cells)
    cells[at] = f"{node['split_feature']}<{numpy.float32(node['threshold']):.6g}>{len(cells)}"
    walk(node["right_child"], cells)


def main():
    parser = argparse.ArgumentParser(description="Grow the trees of src/text/forest.txt.")
    parser.add_argument("pages", type=Path)
    parser.add_argument("evaluation", type=Path)
    parser.add_argument("--check", type=Path)
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.evaluation))
    import score as scorer

    gold = {row["id"]: row for path in (arguments.evaluation / "gold").glob("*.jsonl") for row in map(json.loads, path.open())}
    with arguments.pages.open(encoding="utf-8") as file:
        lines = {json.loads(line)["id"]: line for line in file}
    names, *blocks = run("blocks", lines.values())
    NAMES[:] = json.loads(names)["names"]
    pages = [Page(block, gold[block["id"]], scorer) for block in map(json.loads, blocks)]
    if arguments.check:
        with arguments.check.open("w", encoding="utf-8") as out:
            check(pages, lines, out)
    else:
        TABLE.write_text(written(grow(pages)))


if __name__ == "__main__":
    main()
