//! Scores blocks with the trees that `training/train.py` grew.

use std::sync::{LazyLock, OnceLock};

use super::features::{NAMES, Row};

/// Regression trees whose leaves add up to the log odds of a block being the story's.
struct Forest {
    nodes: Vec<Node>,
    trees: Vec<Tree>,
}

struct Node {
    /// The threshold, or a leaf's worth.
    value: f32,
    /// The number asked for; a leaf asks none.
    feature: u16,
    /// How much further to go when it is above `value`; when it is not, the next node.
    right: u16,
}

const LEAF: u16 = u16::MAX;

struct Tree {
    root: usize,
    /// The least and the most that this tree and all after it can add.
    rest: (f32, f32),
}

static FOREST: OnceLock<Forest> = OnceLock::new();

fn forest() -> &'static Forest {
    FOREST.get_or_init(|| {
        Forest::read(include_str!("forest.txt")).expect("forest.txt is what train.py writes")
    })
}

/// Judges by another table from now on; false where it is none or where judging has begun.
pub(crate) fn plant(table: &str) -> bool {
    Forest::read(table).is_some_and(|forest| FOREST.set(forest).is_ok())
}

/// Log odds taken off a block in such a box. The trees ask for these boxes only where the training
/// pages had no better sign, and so pass comments that read like a story. Five folds by domain:
/// scrapinghub F1 .966 to .972, fundus_tests .971 to .975, wcxb_dev word F1 +.001, trafilatura_eval
/// segment F1 −.002.
const PREJUDICE: &[(&str, f32)] = &[
    ("hidden_echo", 5.0),
    ("in_comment", 3.0),
    ("tag_aside", 2.0),
    ("in_promo", 1.5),
    ("in_hidden", 1.0),
    ("in_unseen", 1.0),
    ("in_dialog", 1.0),
    ("is_caption", 1.0),
    ("tag_figure", 1.0),
];

static PREJUDICED: LazyLock<Vec<(usize, f32)>> = LazyLock::new(|| {
    let place = |name| NAMES.iter().position(|known| *known == name);
    PREJUDICE
        .iter()
        .map(|(name, odds)| (place(*name).expect("a name of features.rs"), *odds))
        .collect()
});

/// How surely a block is the story's, 0 to 1; of what is sure no more than that it is.
pub(crate) fn score(row: &Row) -> f32 {
    let odds = forest().odds(row, prejudice(row));
    1.0 / (1.0 + (-odds).exp())
}

/// How many reasons are worth reading.
const REASONS_MAX: usize = 4;

/// The numbers that moved the score most, strongest first. Each question moves what is expected
/// from the mean of the leaves below it to that of those on the side taken.
pub(crate) fn reasons(row: &Row) -> Vec<(&'static str, f32)> {
    let forest = forest();
    let mut moved = [0.0_f32; NAMES.len()];
    for (at, against) in PREJUDICED.iter().filter(|(at, _)| row[*at] > 0.0) {
        moved[*at] -= against;
    }
    for tree in &forest.trees {
        let mut at = tree.root;
        while forest.nodes[at].feature != LEAF {
            let (feature, before) = (usize::from(forest.nodes[at].feature), forest.mean(at).0);
            at = forest.next(at, row);
            moved[feature] += forest.mean(at).0 - before;
        }
    }
    let mut reasons: Vec<_> = NAMES.iter().copied().zip(moved).collect();
    reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    reasons.truncate(REASONS_MAX);
    reasons
}

fn prejudice(row: &Row) -> f32 {
    let applies = |(at, _): &&(usize, f32)| row[*at] > 0.0;
    let against = PREJUDICED.iter().filter(applies).map(|(_, odds)| odds);
    -against.sum::<f32>()
}

impl Forest {
    /// One tree a line, nodes in preorder: `feature<threshold>right` or a leaf's worth.
    fn read(table: &str) -> Option<Self> {
        let mut forest = Self {
            nodes: Vec::new(),
            trees: Vec::new(),
        };
        for line in table.lines() {
            let root = forest.nodes.len();
            for (at, cell) in line.split(' ').enumerate() {
                forest.nodes.push(match cell.split_once('<') {
                    Some((feature, rest)) => {
                        let (threshold, right) = rest.split_once('>')?;
                        let right = right.parse::<usize>().ok()?.checked_sub(at)?;
                        Node {
                            value: threshold.parse().ok()?,
                            feature: feature.parse().ok()?,
                            right: u16::try_from(right).ok()?,
                        }
                    }
                    None => Node {
                        value: cell.parse().ok()?,
                        feature: LEAF,
                        right: 0,
                    },
                });
            }
            let rest = (0.0, 0.0);
            forest.trees.push(Tree { root, rest });
        }
        let (mut end, mut rest) = (forest.nodes.len(), (0.0, 0.0));
        for tree in forest.trees.iter_mut().rev() {
            let leaves = forest.nodes[tree.root..end].iter();
            let worths = leaves.filter(|node| node.feature == LEAF);
            let (least, most) = worths.fold((f32::MAX, f32::MIN), |(least, most), leaf| {
                (least.min(leaf.value), most.max(leaf.value))
            });
            rest = (rest.0 + least, rest.1 + most);
            (tree.rest, end) = (rest, tree.root);
        }
        Some(forest)
    }

    /// Log odds, from those before any question. Trees are skipped that can no longer make a sure
    /// block unsure; the mean of what they could add stands for them.
    fn odds(&self, row: &Row, before: f32) -> f32 {
        let mut odds = before;
        for tree in &self.trees {
            let (least, most) = tree.rest;
            if odds + least > SURE || odds + most < -SURE {
                return odds + (least + most) / 2.0;
            }
            odds += self.leaf(tree.root, row);
        }
        odds
    }

    fn leaf(&self, root: usize, row: &Row) -> f32 {
        let mut at = root;
        while self.nodes[at].feature != LEAF {
            at = self.next(at, row);
        }
        self.nodes[at].value
    }

    #[inline]
    fn next(&self, at: usize, row: &Row) -> usize {
        let node = &self.nodes[at];
        let is_above = row[usize::from(node.feature)] > node.value;
        at + if is_above { usize::from(node.right) } else { 1 }
    }

    /// The mean of the leaves below a node, and how many they are.
    fn mean(&self, at: usize) -> (f32, f32) {
        let node = &self.nodes[at];
        if node.feature == LEAF {
            return (node.value, 1.0);
        }
        let (left, right) = (self.mean(at + 1), self.mean(at + usize::from(node.right)));
        let count = left.1 + right.1;
        ((left.0 * left.1 + right.0 * right.1) / count, count)
    }
}

/// Log odds from which a block is sure: .98.
const SURE: f32 = 4.0;

#[cfg(test)]
mod tests {
    use super::super::features::COUNT;
    use super::*;

    #[test]
    fn reads_and_follows_a_tree() {
        let forest = Forest::read("0<1.5>2 -4 1<0>4 0.5 4\n0.25").expect("it is well written");
        let mut row = [0.0; COUNT];
        assert_eq!(forest.odds(&row, 0.0), -3.75);
        row[0] = 2.0;
        assert_eq!(forest.odds(&row, 0.0), 0.75);
        row[1] = 1.0;
        assert_eq!(forest.odds(&row, 0.0), 4.25);
        assert_eq!(forest.odds(&row, -20.0), -19.75);
    }

    #[test]
    fn every_number_asked_for_exists() {
        assert!(
            forest()
                .nodes
                .iter()
                .all(|node| node.feature == LEAF || usize::from(node.feature) < COUNT)
        );
        assert!(forest().trees.len() > 50);
    }
}
