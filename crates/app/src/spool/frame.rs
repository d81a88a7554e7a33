//! A record's frame: a mark, the length, a checksum. A tail that was torn off by a crash shows, and so does damage, behind which
//! the next mark is looked for.

const MARK: [u8; 4] = *b"LYC1";
/// Bytes before the contents.
pub(super) const HEAD: usize = 12;

pub(super) fn frame(contents: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(HEAD + contents.len());
    framed.extend_from_slice(&MARK);
    // Bodies are bounded far below four gigabytes.
    framed.extend_from_slice(&u32::try_from(contents.len()).unwrap_or(u32::MAX).to_le_bytes());
    framed.extend_from_slice(&crc32fast::hash(contents).to_le_bytes());
    framed.extend_from_slice(contents);
    framed
}

/// The contents of the frame that begins here.
pub(super) fn contents(bytes: &[u8]) -> Option<&[u8]> {
    let number = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if !bytes.starts_with(&MARK) {
        return None;
    }
    let contents = bytes.get(HEAD..HEAD.checked_add(number(4)? as usize)?)?;
    (crc32fast::hash(contents) == number(8)?).then_some(contents)
}

/// All whole records with their places, and how many bytes between them make no sense. What follows the last one is a torn
/// tail: nobody was told that it is there.
pub(super) fn scan(bytes: &[u8]) -> (Vec<(usize, &[u8])>, usize) {
    let (mut found, mut at, mut damaged, mut skipped) = (Vec::new(), 0, 0, 0);
    while at < bytes.len() {
        if let Some(contents) = contents(&bytes[at..]) {
            damaged += skipped;
            skipped = 0;
            found.push((at, contents));
            at += HEAD + contents.len();
        } else {
            at += 1;
            skipped += 1;
        }
    }
    (found, damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torn_tails_and_damage_cost_nothing_else() {
        let all: Vec<u8> = [&b"one"[..], b"", b"three"].iter().flat_map(|contents| frame(contents)).collect();
        let texts = |bytes: &[u8]| -> Vec<String> {
            scan(bytes).0.iter().map(|(_, contents)| String::from_utf8_lossy(contents).into_owned()).collect()
        };
        assert_eq!(texts(&all), ["one", "", "three"]);
        assert_eq!(scan(&all).1, 0);
        for cut in 1..HEAD + 5 {
            let torn = &all[..all.len() - cut];
            assert_eq!((texts(torn), scan(torn).1), (vec!["one".to_owned(), String::new()], 0), "{cut}");
        }
        for at in 0..HEAD + 3 {
            let mut damaged = all.clone();
            damaged[at] ^= 1;
            assert_eq!(
                (texts(&damaged), scan(&damaged).1),
                (vec![String::new(), "three".to_owned()], HEAD + 3),
                "{at}"
            );
        }
    }
}
