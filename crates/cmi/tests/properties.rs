//! What holds for any sequence of calls and any text.

use lyceum_cmi::element::{Access, Table};
use lyceum_cmi::pattern::{self, Side};
use lyceum_cmi::{
    Decimal, Edition, Flags, Inputs, InteractionType, Model, NavRequest, NoHost, Rules, Runtime, Strictness,
    language, time, vocabulary,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

/// Every run draws the same cases.
const SEED: u64 = 148_411;
const CASES: u32 = 256;

fn editions() -> impl Strategy<Value = Edition> {
    select(Edition::ALL.to_vec())
}

fn rules() -> impl Strategy<Value = Rules> {
    (editions(), any::<bool>(), any::<bool>()).prop_map(|(edition, is_strict, extensions)| Rules {
        edition,
        strictness: if is_strict { Strictness::Strict } else { Strictness::Tolerant },
        extensions,
        ..Rules::strict(edition)
    })
}

/// Names of elements with small indices, and a few that are none.
fn elements() -> impl Strategy<Value = String> {
    let names: Vec<&'static str> = Edition::ALL
        .into_iter()
        .flat_map(|edition| Table::of(edition).elements().map(|element| element.name))
        .collect();
    let known = (select(names), 0..3_u32, 0..3_u32).prop_map(|(name, first, second)| {
        let mut indices = [first, second].into_iter();
        let part = |part: &str| match part {
            "n" => indices.next().unwrap_or_default().to_string(),
            part => part.to_owned(),
        };
        name.split('.').map(part).collect::<Vec<_>>().join(".")
    });
    let others = select(vec![
        "vendor.state",
        "cmi.nothing",
        "cmi.objectives.9.id",
        "cmi.objectives.x.id",
        "",
        "cmi",
        "n",
    ])
    .prop_map(str::to_owned);
    prop_oneof![12 => known, 1 => others, 1 => "\\PC{0,40}"]
}

/// Values that some element takes, and some that none does.
fn values() -> impl Strategy<Value = String> {
    let words = vec![
        "",
        "a",
        "b",
        "true",
        "false",
        "passed",
        "completed",
        "incomplete",
        "unknown",
        "suspend",
        "choice",
        "true-false",
        "sequencing",
        "matching",
        "numeric",
        "performance",
        "correct",
        "wrong",
        "0",
        "1",
        "0.5",
        "-1",
        "85",
        "150",
        "PT1H",
        "PT0.5S",
        "00:10:00",
        "0001:00:00.00",
        "12:30:00",
        "2004-04-01T10:00:00",
        "a[,]b",
        "a[.]b",
        "1[:]2",
        "en",
        "Completed",
        "{lang=en}x",
        "{case_matters=true}x",
        "{order_matters=false}a[.]b",
        "{target=x}choice",
        "continue",
        "two words",
    ];
    prop_oneof![8 => select(words).prop_map(str::to_owned), 1 => "\\PC{0,60}", 1 => "x{0,300}"]
}

#[derive(Clone, Debug)]
enum Call {
    Initialize(String),
    Terminate(String),
    Commit(String),
    Get(String),
    Set(String, String),
    Diagnostic(String),
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let argument = || prop_oneof![6 => Just(String::new()), 1 => "\\PC{0,6}"];
    let call = prop_oneof![
        1 => argument().prop_map(Call::Initialize),
        1 => "\\PC{1,6}".prop_map(Call::Terminate),
        1 => argument().prop_map(Call::Commit),
        8 => elements().prop_map(Call::Get),
        30 => (elements(), values()).prop_map(|(element, value)| Call::Set(element, value)),
        1 => "[0-9]{0,4}".prop_map(Call::Diagnostic),
    ];
    prop::collection::vec(call, 0..120)
}

/// Runs calls on a fresh instance and gives it back with everything that it answered.
fn run(rules: Rules, calls: &[Call]) -> (Runtime, String, Model) {
    let mut runtime = Runtime::new(rules, &Inputs::default(), Model::new(rules.edition));
    let mut fold = runtime.model().clone();
    let mut answers = String::new();
    runtime.initialize("");
    for call in calls {
        let (value, flags) = match call {
            Call::Initialize(argument) => outcome(runtime.initialize(argument)),
            Call::Terminate(argument) => outcome(runtime.terminate(argument)),
            Call::Commit(argument) => outcome(runtime.commit(argument)),
            Call::Get(element) => outcome(runtime.get_value(element, &NoHost)),
            Call::Set(element, value) => {
                let reply = outcome(runtime.set_value(element, value));
                if runtime.last_error().is_none() {
                    let is_part = Flags::from_bits(reply.1).contains(Flags::APPENDED);
                    let step = if is_part { Model::append } else { Model::restore };
                    step(&mut fold, element, value).expect("what was accepted can be folded");
                }
                reply
            }
            Call::Diagnostic(code) => (runtime.diagnostic(code).into_owned(), 0),
        };
        answers.push_str(&format!("{value:?} {} {flags}\n", runtime.last_error()));
        assert!(runtime.diagnostic("").chars().count() < 255);
    }
    (runtime, answers, fold)
}

fn outcome(reply: lyceum_cmi::Reply<'_>) -> (String, u16) {
    (reply.value.into_owned(), reply.flags.bits())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, rng_seed: RngSeed::Fixed(SEED), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calls_never_panic_and_two_instances_agree(rules in rules(), calls in calls()) {
        let (one, one_answers, _) = run(rules, &calls);
        let (other, other_answers, _) = run(rules, &calls);
        prop_assert_eq!(one_answers, other_answers);
        prop_assert_eq!(one.model().hash(), other.model().hash());
    }

    #[test]
    fn the_fold_of_accepted_sets_is_the_live_state(rules in rules(), calls in calls()) {
        let (runtime, _, fold) = run(rules, &calls);
        prop_assert_eq!(fold.hash(), runtime.model().hash());
        prop_assert_eq!(fold.iter().collect::<Vec<_>>(), runtime.model().iter().collect::<Vec<_>>());
        prop_assert_eq!(fold.bytes(), runtime.model().bytes());
    }

    #[test]
    fn a_stored_model_is_restored_whole(rules in rules(), calls in calls()) {
        let (runtime, _, _) = run(rules, &calls);
        let mut restored = Model::new(rules.edition);
        for (element, value) in runtime.model().iter() {
            restored.restore(&element, value).expect("what was stored can be restored");
        }
        prop_assert_eq!(restored.hash(), runtime.model().hash());
        prop_assert_eq!(&restored, runtime.model());
    }

    #[test]
    fn what_was_accepted_is_read_back(rules in rules(), calls in calls(), element in elements(), value in values()) {
        let (mut runtime, _, _) = run(rules, &calls);
        let reply = runtime.set_value(&element, &value);
        if reply.is_ok() && !reply.flags.contains(Flags::APPENDED) {
            let stored = runtime.model().value(&element).map(str::to_owned);
            prop_assert_eq!(stored.as_deref(), Some(value.as_str()));
            let reply = runtime.get_value(&element, &NoHost);
            let (read, is_read) = (reply.value.into_owned(), reply.error.is_none());
            if is_read {
                let is_response = element.ends_with("_response") || element.ends_with(".pattern");
                prop_assert!(read == value || is_response && value.ends_with(&read), "{element}: {read:?} for {value:?}");
            } else {
                let name = element.split('.').map(|part| if part.parse::<u32>().is_ok() { "n" } else { part });
                let definition = Table::of(rules.edition).named(&name.collect::<Vec<_>>().join("."));
                prop_assert_eq!(definition.map(|found| found.access), Some(Access::WriteOnly), "{}", element);
            }
        }
    }

    #[test]
    fn parsers_take_any_text(text in prop_oneof!["\\PC{0,80}", "[-+PTYMWDHS0-9:.,Ze /]{0,30}", "[{}a-z=\\[\\],.:]{0,40}"]) {
        parse_everything(&text);
    }

    #[test]
    fn any_name_is_answered(rules in rules(), element in "[cmi.a-z_0-9{}=]{0,60}", value in "\\PC{0,20}") {
        let mut runtime = Runtime::new(rules, &Inputs::default(), Model::new(rules.edition));
        runtime.initialize("");
        runtime.set_value(&element, &value);
        runtime.get_value(&element, &NoHost);
        prop_assert!(runtime.diagnostic("").chars().count() < 255);
    }

    #[test]
    fn durations_are_read_as_written(hundredths in 0_u64..10_u64.pow(15)) {
        prop_assert_eq!(time::parse_duration(&time::format_duration(hundredths)), Some(hundredths));
    }

    #[test]
    fn timespans_are_read_as_written(hundredths in 0..10_000 * time::HOUR) {
        let text = time::format_timespan(hundredths);
        prop_assert_eq!(time::parse_timespan(&text), Some(hundredths));
        prop_assert_eq!(time::parse_any_interval(&text), Some(hundredths));
    }

    #[test]
    fn decimals_are_read_as_written(units in any::<i64>().prop_filter("has a magnitude", |units| *units != i64::MIN)) {
        let number = Decimal::from_units(units);
        prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
    }

    #[test]
    fn exact_forms_are_sloppy_forms(text in "[-PTYMWDHS0-9:.]{0,20}") {
        if let Some(exact) = time::parse_duration(&text).or_else(|| time::parse_timespan(&text)) {
            prop_assert_eq!(time::parse_any_interval(&text), Some(exact));
        }
        if let Some(exact) = time::parse_timestamp(&text) {
            prop_assert_eq!(time::parse_any_timestamp(&text), Some(exact));
        }
    }
}

/// Every public parser; the body of the fuzz target as well.
fn parse_everything(text: &str) {
    let _ = (time::parse_timespan(text), time::parse_time_of_day(text), time::parse_duration(text));
    let _ = (time::parse_timestamp(text), time::parse_any_interval(text), time::parse_any_time_of_day(text));
    let _ = time::parse_any_timestamp(text).map(|time| time.unix_hundredths());
    let _ = (
        Decimal::parse(text),
        Decimal::parse_lenient(text),
        language::is_valid_tag(text),
        NavRequest::parse(text),
    );
    let _ = vocabulary::InteractionResult::parse(text);
    for kind in vocabulary::INTERACTION_TYPE.words.iter().filter_map(|word| InteractionType::parse(word)) {
        for side in [Side::Response, Side::Pattern] {
            let _ = pattern::check(kind, side, text);
            let shown = pattern::without_defaults(kind, side, text);
            assert_eq!(pattern::without_defaults(kind, side, &shown), shown, "shown twice is shown once");
        }
        assert!(pattern::same_pattern(kind, text, text));
    }
}
