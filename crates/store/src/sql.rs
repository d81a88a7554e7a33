//! One SQL text for two databases: parameters are written `$1..$n`, as PostgreSQL wants them.
//!
//! SQLite takes `$1` for a *name* and numbers names by first appearance, so `... $2 ... $1` would silently bind the wrong
//! values. The text is therefore rewritten to `?n`, by a tokenizer that leaves literals, quoted names and comments alone. The
//! migrations' few words that differ are translated in the same way.

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
    let mut out = String::with_capacity(sql.len());
    for (within, piece) in pieces(sql) {
        let is_parameter = |at: usize| piece.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
        match within {
            Within::Code => {
                out.extend(
                    piece.char_indices().map(|(at, c)| if c == '$' && is_parameter(at) { '?' } else { c }),
                );
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// A migration's words as PostgreSQL wants them.
pub(crate) fn to_postgres(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    for (within, piece) in pieces(sql) {
        match within {
            Within::Code => translate(piece, &mut out),
            _ => out.push_str(piece),
        }
    }
    out
}

fn translate(code: &str, out: &mut String) {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut rest = code;
    while let Some(start) = rest.find(is_of_word) {
        let (before, tail) = rest.split_at(start);
        let (word, tail) = tail.split_at(tail.find(|c| !is_of_word(c)).unwrap_or(tail.len()));
        out.push_str(before);
        out.push_str(match word {
            "INTEGER" => "BIGINT",
            "BLOB" => "BYTEA",
            "TEXT" => "TEXT COLLATE \"C\"",
            "STRICT" => "",
            other => other,
        });
        rest = tail;
    }
    out.push_str(rest);
}

/// The text in pieces of code, literals, quoted names and comments.
fn pieces(sql: &str) -> Vec<(Within, &str)> {
    let bytes = sql.as_bytes();
    let (mut all, mut from, mut within) = (Vec::new(), 0, Within::Code);
    let mut i = 0;
    while i < bytes.len() {
        let (c, next) = (bytes[i], bytes.get(i + 1).copied().unwrap_or(0));
        // Where the present piece ends, and what the next one is. A mark belongs to what it opens or closes.
        let (end, then, skip) = match within {
            Within::Code => match (c, next) {
                (b'\'' | b'"', _) => (i, Within::Quoted(c), 1),
                (b'-', b'-') => (i, Within::LineComment, 2),
                (b'/', b'*') => (i, Within::BlockComment, 2),
                _ => (i, within, 1),
            },
            // A doubled quote closes and opens again at once: the same result as an escape.
            Within::Quoted(quote) if c == quote => (i + 1, Within::Code, 1),
            Within::LineComment if c == b'\n' => (i + 1, Within::Code, 1),
            Within::BlockComment if (c, next) == (b'*', b'/') => (i + 2, Within::Code, 2),
            Within::Quoted(_) | Within::LineComment | Within::BlockComment => (i, within, 1),
        };
        if then != within {
            // All marks are ASCII, so these are borders of characters.
            all.push((within, &sql[from..end]));
            (from, within) = (end, then);
        }
        i += skip;
    }
    all.push((within, &sql[from..]));
    all
}

#[cfg(test)]
mod tests {
    use super::{to_postgres, to_sqlite};

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

    #[test]
    fn four_words_of_migrations_are_translated() {
        let cases = [
            ("id INTEGER NOT NULL,", "id BIGINT NOT NULL,"),
            ("a TEXT, b BLOB) STRICT;", "a TEXT COLLATE \"C\", b BYTEA) ;"),
            ("-- TEXT and BLOB\nx INTEGER", "-- TEXT and BLOB\nx BIGINT"),
            ("text TEXT DEFAULT 'BLOB'", "text TEXT COLLATE \"C\" DEFAULT 'BLOB'"),
            ("BLOB_ID, INTEGERS, \"STRICT\"", "BLOB_ID, INTEGERS, \"STRICT\""),
        ];
        for (source, expected) in cases {
            assert_eq!(to_postgres(source), expected, "from {source}");
        }
    }
}
