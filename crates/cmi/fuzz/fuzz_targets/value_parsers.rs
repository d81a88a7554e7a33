//! Any text through every parser of values.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lyceum_cmi::pattern::{self, Side};
use lyceum_cmi::{Decimal, InteractionType, NavRequest, language, time, vocabulary};

fuzz_target!(|text: &str| {
    let exact = time::parse_duration(text).or_else(|| time::parse_timespan(text));
    if exact.is_some() {
        assert_eq!(time::parse_any_interval(text), exact, "the exact form is one of the sloppy ones");
    }
    if let Some(point) = time::parse_any_timestamp(text) {
        let _ = point.unix_hundredths();
    }
    let _ = time::parse_any_time_of_day(text);
    if let Some(number) = Decimal::parse(text) {
        assert_eq!(Decimal::parse_lenient(text), Some(number));
    }
    let _ = (language::is_valid_tag(text), NavRequest::parse(text), vocabulary::InteractionResult::parse(text));
    for kind in vocabulary::INTERACTION_TYPE.words.iter().filter_map(|word| InteractionType::parse(word)) {
        for side in [Side::Response, Side::Pattern] {
            let _ = pattern::check(kind, side, text);
            let _ = pattern::without_defaults(kind, side, text);
        }
    }
});
