//! Vocabularies of the standards, and what content means when it misses them slightly.

use crate::decimal::Decimal;

/// The words that a vocabulary element takes.
#[derive(Debug)]
pub struct Vocabulary {
    /// Exactly these, with this case.
    pub words: &'static [&'static str],
    /// Other spellings that tolerant mode understands, and the word they mean. Words of the other
    /// line of standards may stand for themselves.
    pub aliases: &'static [(&'static str, &'static str)],
}

impl Vocabulary {
    const fn exact(words: &'static [&'static str]) -> Self {
        Self { words, aliases: &[] }
    }

    /// Is this one of the words, to the letter?
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        self.words.contains(&text)
    }

    /// The word that is meant: case and blanks around do not matter, aliases count.
    #[must_use]
    pub fn meaning(&self, text: &str) -> Option<&'static str> {
        let text = text.trim();
        let alias =
            |(alias, word): &(&'static str, &'static str)| alias.eq_ignore_ascii_case(text).then_some(*word);
        self.words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(text))
            .copied()
            .or_else(|| self.aliases.iter().find_map(alias))
    }
}

/// RTE 1.2 `CMIVocabulary (Status)` for `cmi.core.lesson_status`. `not attempted` is the LMS's to give.
pub static LESSON_STATUS: Vocabulary = Vocabulary {
    words: &["passed", "completed", "failed", "incomplete", "browsed"],
    aliases: &[
        ("not attempted", "not attempted"),
        ("not_attempted", "not attempted"),
        ("notattempted", "not attempted"),
        ("n", "not attempted"),
        ("p", "passed"),
        ("pass", "passed"),
        ("c", "completed"),
        ("complete", "completed"),
        ("f", "failed"),
        ("fail", "failed"),
        ("i", "incomplete"),
        ("b", "browsed"),
        ("browse", "browsed"),
    ],
};

/// RTE 1.2 `CMIVocabulary (Status)` for objectives and AICC tries.
pub static OBJECTIVE_STATUS: Vocabulary = Vocabulary {
    words: &["passed", "completed", "failed", "incomplete", "browsed", "not attempted"],
    aliases: LESSON_STATUS.aliases,
};

/// RTE 1.2 `CMIVocabulary (Exit)`.
pub static CMI_EXIT: Vocabulary = Vocabulary {
    words: &["time-out", "suspend", "logout", ""],
    aliases: &[
        ("normal", "normal"),
        ("timeout", "time-out"),
        ("time_out", "time-out"),
        ("log-out", "logout"),
        ("t", "time-out"),
        ("s", "suspend"),
        ("l", "logout"),
    ],
};

/// RTE 2004 4.2.8.
pub static EXIT: Vocabulary = Vocabulary {
    words: &["time-out", "suspend", "logout", "normal", ""],
    aliases: &[("timeout", "time-out"), ("time_out", "time-out"), ("log-out", "logout")],
};

/// RTE 2004 4.2.4.
pub static COMPLETION_STATUS: Vocabulary = Vocabulary {
    words: &["completed", "incomplete", "not attempted", "unknown"],
    aliases: &[
        ("complete", "completed"),
        ("not_attempted", "not attempted"),
        ("notattempted", "not attempted"),
    ],
};

/// RTE 2004 4.2.22.
pub static SUCCESS_STATUS: Vocabulary = Vocabulary {
    words: &["passed", "failed", "unknown"],
    aliases: &[("pass", "passed"), ("fail", "failed")],
};

/// RTE 1.2 `CMIVocabulary (Interaction)`.
pub static CMI_INTERACTION_TYPE: Vocabulary = Vocabulary {
    words: &["true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"],
    aliases: &[
        ("true/false", "true-false"),
        ("truefalse", "true-false"),
        ("fillin", "fill-in"),
        ("long-fill-in", "long-fill-in"),
        ("other", "other"),
        ("t", "true-false"),
        ("c", "choice"),
        ("f", "fill-in"),
        ("m", "matching"),
        ("p", "performance"),
        ("s", "sequencing"),
        ("l", "likert"),
        ("n", "numeric"),
    ],
};

/// RTE 2004 4.2.9.
pub static INTERACTION_TYPE: Vocabulary = Vocabulary {
    words: &[
        "true-false",
        "choice",
        "fill-in",
        "long-fill-in",
        "likert",
        "matching",
        "performance",
        "sequencing",
        "numeric",
        "other",
    ],
    aliases: &[("true/false", "true-false"), ("truefalse", "true-false"), ("fillin", "fill-in")],
};

/// RTE 1.2 `CMIVocabulary (Result)`; a `CMIDecimal` is allowed as well.
pub static CMI_RESULT: Vocabulary = Vocabulary {
    words: &["correct", "wrong", "unanticipated", "neutral"],
    aliases: &[
        ("incorrect", "wrong"),
        ("c", "correct"),
        ("w", "wrong"),
        ("u", "unanticipated"),
        ("n", "neutral"),
    ],
};

/// RTE 2004 4.2.9; a real number is allowed as well.
pub static RESULT: Vocabulary = Vocabulary {
    words: &["correct", "incorrect", "unanticipated", "neutral"],
    aliases: &[("wrong", "incorrect")],
};

/// RTE 2004 4.2.13.
pub static AUDIO_CAPTIONING: Vocabulary = Vocabulary {
    words: &["-1", "0", "1"],
    aliases: &[("-1.0", "-1"), ("0.0", "0"), ("1.0", "1"), ("+1", "1")],
};

/// RTE 1.2 `CMIVocabulary (Credit)`, RTE 2004 4.2.6.
pub static CREDIT: Vocabulary = Vocabulary::exact(&["credit", "no-credit"]);
/// RTE 1.2 `CMIVocabulary (Entry)`, RTE 2004 4.2.7.
pub static ENTRY: Vocabulary = Vocabulary::exact(&["ab-initio", "resume", ""]);
/// RTE 1.2 `CMIVocabulary (Mode)`, RTE 2004 4.2.16.
pub static MODE: Vocabulary = Vocabulary::exact(&["browse", "normal", "review"]);
/// RTE 1.2 `CMIVocabulary (TimeLimitAction)`, RTE 2004 4.2.24.
pub static TIME_LIMIT_ACTION: Vocabulary =
    Vocabulary::exact(&["exit,message", "continue,message", "exit,no message", "continue,no message"]);
/// CMI001 `Why_Left`.
pub static WHY_LEFT: Vocabulary = Vocabulary {
    words: &["student selected", "lesson directed", "exit", "directed departure"],
    aliases: &[
        ("s", "student selected"),
        ("l", "lesson directed"),
        ("e", "exit"),
        ("d", "directed departure"),
    ],
};

/// SN 2004 5.6.4 in the 2nd edition; `{target=ID}choice` as well.
pub static NAV_REQUEST_ED2: Vocabulary = Vocabulary::exact(&[
    "continue",
    "previous",
    "choice",
    "exit",
    "exitAll",
    "abandon",
    "abandonAll",
    "_none_",
]);
/// SN 2004 5.6.4 in the 3rd edition; `{target=ID}choice` as well.
pub static NAV_REQUEST_ED3: Vocabulary = Vocabulary::exact(&[
    "continue",
    "previous",
    "choice",
    "exit",
    "exitAll",
    "abandon",
    "abandonAll",
    "suspendAll",
    "_none_",
]);
/// SN 2004 5.6.4 in the 4th edition; `{target=ID}choice` and `{target=ID}jump` as well.
pub static NAV_REQUEST_ED4: Vocabulary = Vocabulary::exact(&[
    "continue",
    "previous",
    "choice",
    "jump",
    "exit",
    "exitAll",
    "abandon",
    "abandonAll",
    "suspendAll",
    "_none_",
]);

/// Declares an enumeration whose values are words of vocabularies.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident in $($vocabulary:ident),+ { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The word as the standard spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// By meaning: other spellings that tolerant mode accepts count too.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let word = None$(.or_else(|| $vocabulary.meaning(text)))+?;
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// `cmi.completion_status` and that of objectives (RTE 2004 4.2.4).
    CompletionStatus in COMPLETION_STATUS {
        /// No statement.
        Unknown = "unknown",
        /// Not begun in the course's own view.
        NotAttempted = "not attempted",
        /// Begun.
        Incomplete = "incomplete",
        /// Done.
        Completed = "completed",
    }
}

words! {
    /// `cmi.success_status` and that of objectives (RTE 2004 4.2.22).
    SuccessStatus in SUCCESS_STATUS {
        /// No statement.
        Unknown = "unknown",
        /// Mastered.
        Passed = "passed",
        /// Not mastered.
        Failed = "failed",
    }
}

words! {
    /// `cmi.core.lesson_status` and `cmi.objectives.n.status` (RTE 1.2 3.4.4).
    LessonStatus in OBJECTIVE_STATUS {
        /// Never launched, or launched and nothing said.
        NotAttempted = "not attempted",
        /// Begun.
        Incomplete = "incomplete",
        /// Done, without a statement on mastery.
        Completed = "completed",
        /// Mastered.
        Passed = "passed",
        /// Not mastered.
        Failed = "failed",
        /// Looked at in browse mode.
        Browsed = "browsed",
    }
}

words! {
    /// How the course says it was left (RTE 1.2 `cmi.core.exit`, RTE 2004 `cmi.exit`).
    Exit in EXIT, CMI_EXIT {
        /// The empty string: no statement.
        Unstated = "",
        /// Normally (2004).
        Normal = "normal",
        /// To be resumed.
        Suspend = "suspend",
        /// A time limit was exceeded.
        TimeOut = "time-out",
        /// The learner wants to leave the whole course.
        Logout = "logout",
    }
}

words! {
    /// What kind of question an interaction is.
    InteractionType in INTERACTION_TYPE, CMI_INTERACTION_TYPE {
        /// Two choices.
        TrueFalse = "true-false",
        /// One or several of many.
        Choice = "choice",
        /// Short texts.
        FillIn = "fill-in",
        /// A long text (2004).
        LongFillIn = "long-fill-in",
        /// A position on a scale.
        Likert = "likert",
        /// Pairs.
        Matching = "matching",
        /// Steps.
        Performance = "performance",
        /// An order.
        Sequencing = "sequencing",
        /// A number.
        Numeric = "numeric",
        /// Anything else (2004).
        Other = "other",
    }
}

/// The judgement on a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InteractionResult {
    /// Right.
    Correct,
    /// Wrong (`wrong` in SCORM 1.x, `incorrect` in 2004).
    Incorrect,
    /// Not foreseen.
    Unanticipated,
    /// Neither right nor wrong.
    Neutral,
    /// A number of the course's own scale.
    Number(Decimal),
}

impl InteractionResult {
    /// By meaning, in the words of either line of standards.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match RESULT.meaning(text).or_else(|| CMI_RESULT.meaning(text)) {
            Some("correct") => Some(Self::Correct),
            Some("incorrect" | "wrong") => Some(Self::Incorrect),
            Some("unanticipated") => Some(Self::Unanticipated),
            Some("neutral") => Some(Self::Neutral),
            _ => Decimal::parse_lenient(text).map(Self::Number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings() {
        assert_eq!(LessonStatus::parse("Completed"), Some(LessonStatus::Completed));
        assert_eq!(LessonStatus::parse("p"), Some(LessonStatus::Passed));
        assert_eq!(Exit::parse(""), Some(Exit::Unstated));
        assert_eq!(Exit::parse("normal"), Some(Exit::Normal));
        assert_eq!(InteractionType::parse("m"), Some(InteractionType::Matching));
        assert_eq!(InteractionResult::parse("wrong"), Some(InteractionResult::Incorrect));
        assert_eq!(InteractionResult::parse("0.5"), Decimal::parse("0.5").map(InteractionResult::Number));
        assert_eq!(CompletionStatus::parse("passed"), None);
        assert_eq!(InteractionResult::parse("maybe"), None);
    }
}
