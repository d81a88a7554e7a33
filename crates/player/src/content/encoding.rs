//! `Accept-Encoding` (RFC 9110, 12.5.3), as far as the choice between identity and gzip needs it.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// Whether the client takes gzip, and likes it at least as much as identity where it names both.
pub(super) fn prefers_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut identity, mut any) = (None, None, None);
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    for item in values.flat_map(|value| value.split(',')) {
        let (name, weight) =
            item.split_once(';').map_or((item, 1_000), |(name, rest)| (name, thousandths(rest)));
        let name = name.trim();
        if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            gzip = Some(weight);
        } else if name.eq_ignore_ascii_case("identity") {
            identity = Some(weight);
        } else if name == "*" {
            any = Some(weight);
        }
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// The weight `q=0.5` in thousandths (12.4.2). What is no weight counts as none given.
fn thousandths(parameter: &str) -> u32 {
    let value =
        parameter.trim().strip_prefix(['q', 'Q']).and_then(|rest| rest.trim_start().strip_prefix('='));
    let weight = value.and_then(|value| value.trim().parse::<f32>().ok()).filter(|q| (0.0..=1.0).contains(q));
    weight.map_or(1_000, |q| (q * 1_000.0) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_those_who_want_it() {
        let cases: [(&[&str], bool); 18] = [
            (&[], false),
            (&[""], false),
            (&["gzip"], true),
            (&["gzip, deflate, br, zstd"], true),
            (&["br", "GZip"], true),
            (&["x-gzip"], true),
            (&["br"], false),
            (&["gzip;q=0"], false),
            (&["gzip; q=0.000"], false),
            (&["gzip;q=0.001"], true),
            (&["*"], true),
            (&["*;q=0"], false),
            (&["gzip;q=0, *"], false),
            (&["identity;q=1, *;q=0"], false),
            (&["identity, gzip"], true),
            (&["identity, gzip;q=0.5"], false),
            (&["gzip;q=abc"], true),
            (&["gzipped"], false),
        ];
        for (values, expected) in cases {
            let headers = values.iter().map(|v| (ACCEPT_ENCODING, v.parse().unwrap()));
            let headers = headers.fold(HeaderMap::new(), |mut map, (name, value)| {
                map.append(name, value);
                map
            });
            assert_eq!(prefers_gzip(&headers), expected, "{values:?}");
        }
    }
}
