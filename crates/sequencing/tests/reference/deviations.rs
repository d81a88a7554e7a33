//! Where the Sample RTE departs from the SN book: `deviations.txt`, read.

use std::collections::BTreeMap;

/// The list, beside this file.
const LIST: &str = include_str!("deviations.txt");

/// What the Sample RTE does differently, and a walk that depends on it.
pub struct Reading {
    pub paragraph: &'static str,
    pub witness: &'static str,
}

/// Whether a text names a paragraph: a process such as `RB.1.5 3`, or a chapter of a book.
pub fn is_paragraph(text: &str) -> bool {
    let books = ["OP.", "NB.", "TB.", "SB.", "RB.", "SR.", "DB.", "UP.", "SN ", "RTE "];
    !text.is_empty()
        && text.split(", ").all(|one| {
            books.iter().any(|book| one.starts_with(book))
                || one.starts_with(|first: char| first.is_ascii_digit())
        })
}

/// All deviations.
#[derive(Default)]
pub struct Deviations {
    /// By the name of the field of `Readings`: followed all the way.
    pub readings: BTreeMap<&'static str, Reading>,
    /// By their name, with their paragraph: a walk is not followed beyond them.
    pub kinds: BTreeMap<&'static str, &'static str>,
    /// The step at which a walk ends, and the kind that is to blame.
    pub ends: BTreeMap<&'static str, (usize, &'static str)>,
}

impl Deviations {
    pub fn read() -> Self {
        let mut list = Self::default();
        let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', ' ']));
        for line in lines {
            list.add(line);
        }
        list
    }

    fn add(&mut self, line: &'static str) {
        let words: Vec<&'static str> = line.split(" | ").collect();
        match words[..] {
            [name, paragraph, witness] if name.starts_with("reading ") => {
                self.readings.insert(&name["reading ".len()..], Reading { paragraph, witness });
            }
            [name, paragraph] if name.starts_with("kind ") => {
                self.kinds.insert(&name["kind ".len()..], paragraph);
            }
            [walk] => {
                let [walk, step, kind] = walk.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("not a line of deviations.txt: {line}");
                };
                assert!(self.kinds.contains_key(kind), "{line}: the kind has no paragraph");
                self.ends.insert(walk, (step.parse().expect("the number of a step"), kind));
            }
            _ => panic!("not a line of deviations.txt: {line}"),
        }
    }
}
