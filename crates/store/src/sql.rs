//! One SQL text for two databases: parameters are written `$1..$n`, as PostgreSQL wants them.
//!
//! SQLite takes `$1` for a *name* and numbers names by first appearance, so `... $2 ... $1` would silently bind the wrong
//! values. The text is therefore rewritten to `?n`, by a tokenizer that leaves literals, quoted names and comments alone.

/// What stands in the text at the moment.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Code,
    Quoted(u8),
    LineComment,
    BlockComment,
}

/// `$n` to `?n`.
pub(crate) fn to_sqlite(sql: &str) -> String {
    let bytes = sql.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut within = Within::Code;
    let mut i = 0;
    while i < bytes.len() {
        let (c, next) = (bytes[i], bytes.get(i + 1).copied().unwrap_or(0));
        let (mut put, mut pair) = (c, false);
        match within {
            Within::Code => match (c, next) {
                (b'\'' | b'"', _) => within = Within::Quoted(c),
                (b'-', b'-') => within = Within::LineComment,
                (b'/', b'*') => (within, pair) = (Within::BlockComment, true),
                (b'$', b'0'..=b'9') => put = b'?',
                _ => {}
            },
            // A doubled quote closes and opens again at once: the same result as an escape.
            Within::Quoted(quote) if c == quote => within = Within::Code,
            Within::LineComment if c == b'\n' => within = Within::Code,
            Within::BlockComment if (c, next) == (b'*', b'/') => (within, pair) = (Within::Code, true),
            Within::Quoted(_) | Within::LineComment | Within::BlockComment => {}
        }
        out.push(put);
        i += 1;
        if pair {
            // The second half of a comment's mark is never the first half of another.
            out.push(next);
            i += 1;
        }
    }
    // Only ASCII bytes were replaced by ASCII bytes.
    String::from_utf8(out).expect("replacing ASCII in UTF-8 leaves UTF-8")
}

#[cfg(test)]
mod tests {
    use super::to_sqlite;

    #[test]
    fn only_parameters_are_rewritten() {
        let cases = [
            ("SELECT $2, $1", "SELECT ?2, ?1"),
            ("WHERE a = $10 AND b = $1", "WHERE a = ?10 AND b = ?1"),
            ("SELECT '$1', \"$2\", $3", "SELECT '$1', \"$2\", ?3"),
            ("SELECT 'it''s $1' || $2", "SELECT 'it''s $1' || ?2"),
            ("SELECT $1 -- not $2\n, $3", "SELECT ?1 -- not $2\n, ?3"),
            ("SELECT /* $1 ' */ $2", "SELECT /* $1 ' */ ?2"),
            ("SELECT a - $1 / $2 * $3", "SELECT a - ?1 / ?2 * ?3"),
            ("SELECT $tag$, 'é$1', $2", "SELECT $tag$, 'é$1', ?2"),
            ("SELECT 'open $1", "SELECT 'open $1"),
            ("/**/$1", "/**/?1"),
            ("/*/ $1 */ $2", "/*/ $1 */ ?2"),
        ];
        for (source, expected) in cases {
            assert_eq!(to_sqlite(source), expected, "from {source}");
        }
    }
}
