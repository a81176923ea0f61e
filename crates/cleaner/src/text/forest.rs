//! Scores blocks with the trees that `training/train.py` grew.

use std::sync::{LazyLock, OnceLock};

use super::features::{NAMES, Row};

/// Regression trees whose leaves add up to the log odds of a block being the story's.
struct Forest {
    nodes: Vec<Node>,
    roots: Vec<u32>,
}

struct Node {
    /// The number asked for; a leaf asks none.
    feature: u16,
    /// Where to go on when it is above `value`; when it is not, the next node.
    right: u32,
    /// The threshold, or a leaf's worth.
    value: f32,
}

const LEAF: u16 = u16::MAX;

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

/// One score for each row, 0 to 1.
pub(crate) fn scores(rows: &[Row]) -> Vec<f32> {
    let mut odds = forest().odds(rows);
    for (row, odds) in rows.iter().zip(&mut odds) {
        for (at, against) in PREJUDICED.iter() {
            if row[*at] > 0.0 {
                *odds -= against;
            }
        }
    }
    odds.into_iter()
        .map(|odds| 1.0 / (1.0 + (-odds).exp()))
        .collect()
}

impl Forest {
    /// One tree a line, nodes in preorder: `feature<threshold>right` or a leaf's worth.
    fn read(table: &str) -> Option<Self> {
        let mut forest = Self {
            nodes: Vec::new(),
            roots: Vec::new(),
        };
        for line in table.lines() {
            let root = u32::try_from(forest.nodes.len()).ok()?;
            forest.roots.push(root);
            for cell in line.split(' ') {
                forest.nodes.push(match cell.split_once('<') {
                    Some((feature, rest)) => {
                        let (threshold, right) = rest.split_once('>')?;
                        Node {
                            feature: feature.parse().ok()?,
                            right: root + right.parse::<u32>().ok()?,
                            value: threshold.parse().ok()?,
                        }
                    }
                    None => Node {
                        feature: LEAF,
                        right: 0,
                        value: cell.parse().ok()?,
                    },
                });
            }
        }
        Some(forest)
    }

    /// Tree by tree, so that each stays in the nearest cache for all rows.
    fn odds(&self, rows: &[Row]) -> Vec<f32> {
        let mut odds = vec![0.0; rows.len()];
        for &root in &self.roots {
            for (row, odds) in rows.iter().zip(&mut odds) {
                *odds += self.leaf(root, row);
            }
        }
        odds
    }

    fn leaf(&self, root: u32, row: &Row) -> f32 {
        let mut at = root as usize;
        loop {
            let node = &self.nodes[at];
            if node.feature == LEAF {
                return node.value;
            }
            at = if row[usize::from(node.feature)] <= node.value {
                at + 1
            } else {
                node.right as usize
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::COUNT;
    use super::*;

    #[test]
    fn reads_and_follows_a_tree() {
        let forest = Forest::read("0<1.5>2 -4 1<0>4 0.5 4\n0.25").expect("it is well written");
        let mut row = [0.0; COUNT];
        assert_eq!(forest.odds(&[row]), [-3.75]);
        row[0] = 2.0;
        assert_eq!(forest.odds(&[row]), [0.75]);
        row[1] = 1.0;
        assert_eq!(forest.odds(&[row]), [4.25]);
    }

    #[test]
    fn every_number_asked_for_exists() {
        assert!(
            forest()
                .nodes
                .iter()
                .all(|node| node.feature == LEAF || usize::from(node.feature) < COUNT)
        );
        assert!(forest().roots.len() > 50);
    }
}
