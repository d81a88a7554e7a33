//! Our own conformance tables: text transcripts of API calls with the answer and the error code that
//! the standards give. `transcripts/README.md` describes the notation.

use lyceum_cmi::{Edition, Flags, Host, Inputs, Model, NavRequest, Rules, Runtime, Strictness, Validity};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The fewest calls that all tables together have to hold.
const WANTED_CALLS: usize = 1_500;

/// Continue is possible, Previous is not; `known` is an activity, others are not.
struct Sequencer;

impl Host for Sequencer {
    fn request_valid(&self, request: NavRequest<'_>) -> Validity {
        match request {
            NavRequest::Continue | NavRequest::Choice("known") | NavRequest::Jump("known") => Validity::True,
            NavRequest::Previous => Validity::False,
            _ => Validity::Unknown,
        }
    }
}

/// What stands in the file so far, and the SCO that is running.
struct Transcript {
    rules: Rules,
    inputs: Inputs,
    source: String,
    runtime: Option<Runtime>,
    calls: usize,
    blocks: usize,
    failures: String,
}

/// The expectation after `->`.
struct Expected {
    /// `None` for `*`: any value.
    value: Option<String>,
    error: u16,
    flags: Option<Flags>,
}

impl Transcript {
    fn new() -> Self {
        Self {
            rules: Rules::strict(Edition::Scorm12),
            inputs: Inputs::default(),
            source: String::new(),
            runtime: None,
            calls: 0,
            blocks: 0,
            failures: String::new(),
        }
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "" | "#" => Ok(()),
            "rules" => self.set_rules(rest),
            "input" => {
                self.inputs = serde_json::from_str(rest).map_err(|error| format!("inputs: {error}"))?;
                Ok(())
            }
            "==" => self.begin(rest, true),
            "=-" => self.begin(rest, false),
            "resume" => self.resume(),
            _ => self.call(word, rest),
        }
    }

    fn set_rules(&mut self, rest: &str) -> Result<(), String> {
        let mut words = rest.split_whitespace();
        let edition = words.next().unwrap_or_default().parse().map_err(|error| format!("{error}"))?;
        let mut rules = Rules::strict(edition);
        for word in words {
            match word {
                "strict" => rules.strictness = Strictness::Strict,
                "tolerant" => rules.strictness = Strictness::Tolerant,
                "extensions" => rules.extensions = true,
                other => return Err(format!("no such rule: {other}")),
            }
        }
        self.rules = rules;
        self.inputs = Inputs::default();
        Ok(())
    }

    /// A new block: a freshly launched SCO, and where the expectations come from.
    fn begin(&mut self, source: &str, initialize: bool) -> Result<(), String> {
        if source.is_empty() {
            return Err("a block names its source".to_owned());
        }
        source.clone_into(&mut self.source);
        self.blocks += 1;
        let mut runtime = Runtime::new(self.rules, &self.inputs, Model::new(self.rules.edition));
        if initialize {
            self.calls += 1;
            assert!(runtime.initialize("").is_ok(), "{source}: Initialize");
        }
        self.runtime = Some(runtime);
        Ok(())
    }

    /// A second session of the same attempt.
    fn resume(&mut self) -> Result<(), String> {
        let mut model = self.runtime.take().ok_or("resume comes after a block's first line")?.into_model();
        model.start_session();
        let mut runtime = Runtime::new(self.rules, &self.inputs, model);
        self.calls += 1;
        assert!(runtime.initialize("").is_ok());
        self.runtime = Some(runtime);
        Ok(())
    }

    fn call(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let (arguments, expected) = rest.rsplit_once("->").ok_or("a call needs -> and an expectation")?;
        let arguments = tokens(arguments)?;
        let expected = expectation(expected)?;
        match word {
            "set" => {
                let (element, values) = arguments.split_first().ok_or("set needs an element")?;
                if values.is_empty() {
                    return Err("set needs a value".to_owned());
                }
                for value in values {
                    self.check(&format!("set {element} {value:?}"), &expected, |api| {
                        let reply = api.set_value(element, value);
                        (reply.value.into_owned(), reply.flags)
                    })?;
                }
            }
            "get" => {
                for element in &arguments {
                    self.check(&format!("get {element}"), &expected, |api| {
                        let reply = api.get_value(element, &Sequencer);
                        (reply.value.into_owned(), reply.flags)
                    })?;
                }
            }
            _ => {
                for argument in &arguments {
                    self.check(&format!("{word} {argument:?}"), &expected, |api| {
                        state_call(api, word, argument)
                    })?;
                }
            }
        }
        Ok(())
    }

    fn check(
        &mut self,
        call: &str,
        expected: &Expected,
        run: impl FnOnce(&mut Runtime) -> (String, Flags),
    ) -> Result<(), String> {
        let runtime = self.runtime.as_mut().ok_or("a call comes after a block's first line")?;
        let (value, flags) = run(runtime);
        let error = runtime.last_error().0;
        self.calls += 1;
        let is_value = expected.value.as_ref().is_none_or(|wanted| *wanted == value);
        let is_flags = expected.flags.is_none_or(|wanted| wanted == flags);
        if !(is_value && is_flags && error == expected.error) {
            let names: Vec<&str> = flags.names().collect();
            let _ = writeln!(
                self.failures,
                "[{}] {}: got {value:?} {error} {names:?}, expected {:?} {} ({})",
                self.source,
                call.chars().take(120).collect::<String>(),
                expected.value.as_deref().unwrap_or("*"),
                expected.error,
                runtime.diagnostic(""),
            );
        }
        Ok(())
    }
}

fn state_call(api: &mut Runtime, word: &str, argument: &str) -> (String, Flags) {
    let reply = match word {
        "init" => api.initialize(argument),
        "term" => api.terminate(argument),
        "commit" => api.commit(argument),
        "string" => return (api.error_string(argument).to_owned(), Flags::NONE),
        "diagnostic" => return (api.diagnostic(argument).into_owned(), Flags::NONE),
        "lasterror" => return (api.last_error().to_string(), Flags::NONE),
        "nav" => return (api.nav_request().unwrap_or_default().to_owned(), Flags::NONE),
        "hash" => return (api.model().hash().to_string(), Flags::NONE),
        other => panic!("no such call: {other}"),
    };
    (reply.value.into_owned(), reply.flags)
}

/// Words, JSON strings, and `x*255` for a repeated text.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if rest.starts_with('"') {
            let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<String>();
            let value = stream.next().ok_or("string")?.map_err(|error| format!("{error} in {rest}"))?;
            rest = &rest[stream.byte_offset()..];
            found.push(value);
        } else {
            let end = rest.find(' ').unwrap_or(rest.len());
            found.push(expanded(&rest[..end]));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(found)
}

fn expanded(word: &str) -> String {
    match word.rsplit_once('*') {
        Some((text, count)) => count.parse().map_or_else(|_| word.to_owned(), |count| text.repeat(count)),
        None => word.to_owned(),
    }
}

/// Value, error code, and the flags where they matter: `"true" 0 over_spm coerced`.
fn expectation(text: &str) -> Result<Expected, String> {
    let is_any = text.trim_start().starts_with("* ");
    let mut words = tokens(text)?.into_iter();
    let value = words.next().ok_or("an expectation has a value")?;
    let error = words.next().ok_or("an expectation has an error code")?;
    let error = error.parse().map_err(|_| format!("{error} is no error code"))?;
    let mut flags = None;
    for word in words {
        let flag = Flags::ALL.into_iter().find(|(_, name)| *name == word).map(|(flag, _)| flag);
        let flag = match word.as_str() {
            "plain" => Some(Flags::NONE),
            _ => flag,
        };
        let flag = flag.ok_or_else(|| format!("{word} is no flag"))?;
        flags = Some(flags.unwrap_or(Flags::NONE) | flag);
    }
    Ok(Expected { value: if is_any { None } else { Some(value) }, error, flags })
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the transcripts are part of the crate")
        .map(|entry| entry.expect("readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    files
}

#[test]
#[allow(clippy::print_stdout, reason = "the number of calls is part of what is shown")]
fn transcripts_hold() {
    let (mut calls, mut blocks, mut failures) = (0, 0, String::new());
    for path in files() {
        let text = fs::read_to_string(&path).expect("readable transcript");
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut transcript = Transcript::new();
        for (number, line) in text.lines().enumerate() {
            transcript.line(line.trim()).unwrap_or_else(|error| panic!("{name}:{}: {error}", number + 1));
        }
        println!("{name}: {} calls in {} blocks", transcript.calls, transcript.blocks);
        calls += transcript.calls;
        blocks += transcript.blocks;
        for failure in transcript.failures.lines() {
            let _ = writeln!(failures, "{name}: {failure}");
        }
    }
    println!("all: {calls} calls in {blocks} blocks");
    assert!(failures.is_empty(), "{} deviations:\n{failures}", failures.lines().count());
    assert!(calls >= WANTED_CALLS, "{calls} calls are fewer than {WANTED_CALLS}");
}
