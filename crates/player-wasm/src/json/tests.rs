use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{MAX_DEPTH, from_str};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Shape {
    text: String,
    number: i64,
    size: u64,
    flag: bool,
    word: Word,
    maybe: Option<String>,
    list: Vec<(String, u16)>,
    by_number: BTreeMap<u64, u32>,
    by_name: BTreeMap<String, Shape>,
    wrapped: Wrapped,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    #[default]
    One,
    TwoWords,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Wrapped(u32);

/// What `serde_json` reads, this reads alike.
#[test]
fn reads_what_serde_json_reads() {
    let texts = [
        "{}",
        " {\n\t\"text\" : \"a\" , \"number\":-1 } \r\n",
        r#"{"text":"","number":0,"size":18446744073709551615,"flag":true}"#,
        r#"{"number":-9223372036854775808,"flag":false,"wrapped":7}"#,
        r#"{"text":"\"\\\/\b\f\n\r\t\u0000\u00e4\ud83d\ude00 ä€😀"}"#,
        r#"{"word":"two_words","maybe":null,"list":[]}"#,
        r#"{"maybe":"x","list":[["a",1],["b",65535]]}"#,
        r#"{"by_number":{"0":1,"18446744073709551615":2},"by_name":{"ä":{"number":5,"by_name":{"x":{}}}}}"#,
        r#"{"unknown":{"a":[1,-2.5e+10,null,true,"}]"],"b":{"c":{}}},"number":3}"#,
    ];
    for text in texts {
        let expected: Shape = serde_json::from_str(text).expect(text);
        assert_eq!(from_str::<Shape>(text), Ok(expected), "{text}");
    }
}

/// What `serde_json` refuses, this refuses too, and says where.
#[test]
fn refuses_what_is_no_json() {
    let texts = [
        ("", 0),
        ("{", 1),
        ("{}x", 2),
        (r#"{"text":1}"#, 8),
        (r#"{"text":"a}"#, 11),
        ("{\"text\":\"a\nb\"}", 10),
        (r#"{"text":"\x"}"#, 11),
        (r#"{"text":"\ud83d"}"#, 15),
        (r#"{"text":"\udc00"}"#, 15),
        (r#"{"text":"a",}"#, 12),
        (r#"{"number":}"#, 10),
        (r#"{"number":1.5}"#, 11),
        (r#"{"number":-9223372036854775809}"#, 30),
        (r#"{"size":18446744073709551616}"#, 27),
        (r#"{"word":"three"}"#, 15),
        (r#"{"flag":tru}"#, 8),
        (r#"{"list":[["a",1,2]]}"#, 15),
        (r#"{"by_number":{"x":1}}"#, 17),
        (r#"{"unknown":[1,}"#, 14),
    ];
    for (text, at) in texts {
        assert!(serde_json::from_str::<Shape>(text).is_err(), "{text}");
        let refused = from_str::<Shape>(text).map_err(|error| error.at);
        assert_eq!(refused, Err(at), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |n: usize| format!(r#"{{"unknown":{}{}}}"#, "[".repeat(n), "]".repeat(n));
    let most = MAX_DEPTH as usize - 1;
    assert!(from_str::<Shape>(&nested(most)).is_ok());
    assert!(from_str::<Shape>(&nested(most + 1)).is_err());
    assert!(from_str::<Shape>(&nested(1_000_000)).is_err());
}
