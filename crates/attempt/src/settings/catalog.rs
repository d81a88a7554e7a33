//! Every setting by name: for command lines, forms, APIs and `docs/settings.md`.

mod entries;

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::{self, Write as _};

use lyceum_cmi::Decimal;

use super::Settings;
pub use entries::ALL;

/// What a setting can be.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// `yes` or `no`.
    YesNo,
    /// One of these.
    Words(&'static [&'static str]),
    /// A number between two, or one of these words.
    Number(i64, i64, &'static [&'static str]),
    /// A whole number between two, or one of these words.
    Count(u32, u32, &'static [&'static str]),
    /// Any text of at most so many characters; empty by default.
    Text(usize),
}

/// Which question a setting belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What content is answered.
    Content,
    /// What a single activity counts as.
    Activity,
    /// What the course makes of its activities.
    Course,
    /// When another attempt begins, and how long one may take.
    Attempt,
    /// What follows an exit.
    Exit,
}

/// One setting.
#[derive(Debug)]
pub struct Entry {
    /// Its name: the field of [`Settings`], for exits `exit_` and the case.
    pub name: &'static str,
    /// Its id in SCORM Cloud's API, where that has one.
    pub cloud_id: Option<&'static str>,
    /// The question it belongs to.
    pub group: Group,
    /// What it can be.
    pub values: Values,
    /// What it does.
    pub what: &'static str,
    /// The paragraph that the default follows.
    pub source: &'static str,
    read: fn(&Settings) -> String,
    write: fn(&mut Settings, &str),
}

/// Why a setting was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingError {
    /// There is none of this name.
    Unknown(String),
    /// It cannot have this value.
    Value {
        /// Name of the setting.
        name: &'static str,
        /// What it was to be.
        value: String,
        /// What it can be.
        allowed: String,
    },
}

impl Group {
    /// All groups, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Content, Self::Activity, Self::Course, Self::Attempt, Self::Exit];

    /// A heading for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Content => "What content is answered",
            Self::Activity => "Status and score of an activity",
            Self::Course => "Status and score of the course",
            Self::Attempt => "Attempts and their limits",
            Self::Exit => "After content has exited",
        }
    }
}

impl Values {
    /// The value as it is kept, or `None` where it is none of these. Yes and no can be written true and false.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let word =
            |words: &[&'static str]| words.iter().find(|word| word.eq_ignore_ascii_case(text)).copied();
        match *self {
            Self::YesNo => {
                let is = |words: [&str; 2]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
                is(["yes", "true"]).then_some("yes").or(is(["no", "false"]).then_some("no")).map(String::from)
            }
            Self::Words(words) => word(words).map(String::from),
            Self::Number(min, max, words) => word(words).map(String::from).or_else(|| {
                let number = Decimal::parse(text)?;
                let inside = (Decimal::from_integer(min)..=Decimal::from_integer(max)).contains(&number);
                inside.then(|| number.to_string())
            }),
            Self::Count(min, max, words) => word(words).map(String::from).or_else(|| {
                let number: u32 = text.parse().ok()?;
                (min..=max).contains(&number).then(|| number.to_string())
            }),
            Self::Text(max) => (text.chars().count() <= max).then(|| text.to_string()),
        }
    }

    /// Words that can be chosen.
    #[must_use]
    pub fn words(&self) -> &'static [&'static str] {
        match self {
            Self::YesNo => &["yes", "no"],
            Self::Words(words) | Self::Number(_, _, words) | Self::Count(_, _, words) => words,
            Self::Text(_) => &[],
        }
    }
}

impl fmt::Display for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::YesNo | Self::Words(_) => {}
            Self::Number(min, max, _) => write!(f, "a number from {min} to {max}, ")?,
            Self::Count(min, max, _) => write!(f, "a whole number from {min} to {max}, ")?,
            Self::Text(max) => write!(f, "a text of at most {max} characters")?,
        }
        let words = self.words();
        for (at, word) in words.iter().enumerate() {
            let before = match at {
                0 => "",
                _ if at + 1 == words.len() => " or ",
                _ => ", ",
            };
            let only = if words.len() == 1 { "or " } else { "" };
            write!(f, "{before}{only}{word}")?;
        }
        Ok(())
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => {
                write!(f, "there is no setting \"{name}\"; the settings are ")?;
                ALL.iter().enumerate().try_for_each(|(at, entry)| {
                    write!(f, "{}{}", if at == 0 { "" } else { ", " }, entry.name)
                })
            }
            Self::Value { name, value, allowed } => {
                write!(f, "{name} cannot be \"{value}\": it is {allowed}")
            }
        }
    }
}

impl core::error::Error for SettingError {}

impl Entry {
    /// The value in these settings, as text.
    #[must_use]
    pub fn value(&self, settings: &Settings) -> String {
        (self.read)(settings)
    }

    /// The default value, as text.
    #[must_use]
    pub fn default_value(&self) -> String {
        self.value(&Settings::default())
    }

    /// Sets it and answers the value as it is kept.
    ///
    /// # Errors
    /// When it cannot have this value; says what it can be.
    pub fn set(&self, settings: &mut Settings, value: &str) -> Result<String, SettingError> {
        let kept = self.values.read(value).ok_or_else(|| SettingError::Value {
            name: self.name,
            value: value.to_string(),
            allowed: self.values.to_string(),
        })?;
        (self.write)(settings, &kept);
        Ok(kept)
    }
}

/// A setting by its name or its id in SCORM Cloud, in capitals or not.
///
/// # Errors
/// [`SettingError::Unknown`], which lists all names.
pub fn find(name: &str) -> Result<&'static Entry, SettingError> {
    let is_it = |entry: &&Entry| {
        entry.name.eq_ignore_ascii_case(name)
            || entry.cloud_id.is_some_and(|id| id.eq_ignore_ascii_case(name))
    };
    ALL.iter().find(is_it).ok_or_else(|| SettingError::Unknown(name.to_string()))
}

/// The page `docs/settings.md`.
#[must_use]
pub fn markdown() -> String {
    let mut page = String::from(HEAD);
    for group in Group::ALL {
        let _ = write!(page, "\n## {}\n\n", group.title());
        page.push_str(
            "| setting | values | default | what it does | source of the default | SCORM Cloud id |\n",
        );
        page.push_str("|---|---|---|---|---|---|\n");
        for entry in ALL.iter().filter(|entry| entry.group == group) {
            let id = entry.cloud_id.map_or_else(String::new, |id| format!("`{id}`"));
            let _ = writeln!(
                page,
                "| `{}` | {} | {} | {} | {} | {id} |",
                entry.name,
                entry.values,
                Some(entry.default_value())
                    .filter(|value| !value.is_empty())
                    .unwrap_or_else(|| "none".into()),
                entry.what,
                entry.source,
            );
        }
    }
    page.push_str(MODES);
    page
}

const MODES: &str = "
## The modes in full

Averages are of scaled scores; a SCORM 1.2 score is raw within min and max where both are given, else raw of 100. Units are the
activities that launch something; an asset is completed once it was visited, and has no score.

| `score_rollup` | the course's score is |
|---|---|
| SCORE_PROVIDED_BY_COURSE | that of the sequencer's root where there is one, else the only score as it stands, else the mean of all scores |
| AVERAGE_SCORE_OF_ALL_UNITS | the sum of the scores by the number of SCOs |
| AVERAGE_SCORE_OF_ALL_UNITS_WITH_SCORES | the sum of the scores by the number of SCOs that have one |
| FIXED_AVERAGE | the sum of the scores by `scoring_units` |
| AVERAGE_SCORE_OF_ALL_UNITS_WITH_NONZERO_SCORES | the mean of the scores above zero |
| LAST_SCO_SCORE | that of the last SCO in the course's order |

| `status_rollup` | the course is completed |
|---|---|
| STATUS_PROVIDED_BY_COURSE | when the sequencer's root is, where there is one, else when all units are |
| COMPLETE_WHEN_ALL_UNITS_COMPLETE | when all units are, failed ones too |
| COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED | when all units are and none is failed |
| COMPLETE_WHEN_THRESHOLD_SCORE_IS_MET | when its score is at least `threshold_score` |
| COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_THRESHOLD_SCORE_IS_MET | when all units are, none is failed, and its score is at least `threshold_score` |
| COMPLETE_WHEN_ALL_UNITS_ARE_PASSED | when all SCOs are passed |
";

const HEAD: &str = "# Settings of a course

This page is written by the program from the same table that it runs on (`crates/attempt/src/settings/catalog/entries.rs`);
a test compares them.

    lyceum course settings COURSE_ID                      shows what is in force
    lyceum course settings COURSE_ID mastery_score=80     changes it for later sessions
    lyceum course settings COURSE_ID mastery_score=       goes back to the default

Names can be given as here or as in SCORM Cloud's API, in capitals or not; `yes` and `no` also as `true` and `false`. A session
keeps the settings that it was opened with, and what was recorded is never judged again. A sequenced SCORM 2004 course has the
status and score of the sequencer's root unless `status_rollup` or `score_rollup` say otherwise.
";

impl Settings {
    /// The settings where these values are set, and all others have their default. What this version does not know, or does
    /// not take any more, is passed over: its names come second.
    #[must_use]
    pub fn from_values<'a>(
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> (Self, alloc::vec::Vec<String>) {
        let (mut settings, mut unknown) = (Self::default(), alloc::vec::Vec::new());
        for (name, value) in values {
            if find(name).and_then(|entry| entry.set(&mut settings, value)).is_err() {
                unknown.push(name.to_string());
            }
        }
        (settings, unknown)
    }
}
