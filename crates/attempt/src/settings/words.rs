//! The settings that are one word of a few.

use core::fmt;

use serde::{Deserialize, Serialize};

/// Declares an enumeration that is stored, shown and set by its words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// All words.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// By its word, in capitals or not.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                $(if text.eq_ignore_ascii_case($word) { return Some(Self::$variant); })+
                None
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// When an activity's run-time data starts afresh as it is delivered again.
    ResetRunTimeData {
        /// What the edition says: never in SCORM 1.1, 1.2 and AICC; in SCORM 2004 with each new learner attempt, which begins
        /// when the last one ended without suspend (RTE 2004 2.1.1).
        #[default]
        Standard = "STANDARD",
        /// Never.
        Never = "NEVER",
        /// Whenever the last visit ended without `cmi.exit` suspend.
        WhenExitIsNotSuspend = "WHEN_EXIT_IS_NOT_SUSPEND",
        /// Whenever the activity's attempt is a new one for the sequencer. Where nothing sequences, each visit that does not
        /// resume a suspended one is a new attempt.
        OnEachNewSequencingAttempt = "ON_EACH_NEW_SEQUENCING_ATTEMPT",
    }
}

words! {
    /// Why the learner is here (`cmi.mode`, RTE 2004 4.2.16; `cmi.core.lesson_mode`, RTE 1.2 3.4.4).
    Mode {
        /// To learn: data counts.
        #[default]
        Normal = "normal",
        /// To look: nothing counts.
        Browse = "browse",
        /// To look again at what was done: nothing counts.
        Review = "review",
    }
}

words! {
    /// Where the course's score comes from. Averages are of scaled scores.
    ScoreRollup {
        /// From the course itself: the sequencer's root where there is one, else the only score as it stands, else the mean of
        /// all scores.
        #[default]
        ProvidedByCourse = "SCORE_PROVIDED_BY_COURSE",
        /// Sum of the scores by the number of SCOs.
        AverageOfAll = "AVERAGE_SCORE_OF_ALL_UNITS",
        /// Sum of the scores by the number of SCOs that have one.
        AverageOfScored = "AVERAGE_SCORE_OF_ALL_UNITS_WITH_SCORES",
        /// Sum of the scores by a fixed number.
        FixedAverage = "FIXED_AVERAGE",
        /// Sum of the scores by the number of SCOs whose score is above zero.
        AverageOfNonzero = "AVERAGE_SCORE_OF_ALL_UNITS_WITH_NONZERO_SCORES",
        /// The score of the last SCO of the course.
        Last = "LAST_SCO_SCORE",
    }
}

words! {
    /// When the course is complete.
    StatusRollup {
        /// When the course itself says so: the sequencer's root where there is one, else the only SCO, else when all units are
        /// completed.
        #[default]
        ProvidedByCourse = "STATUS_PROVIDED_BY_COURSE",
        /// When all units are completed, failed ones too.
        AllComplete = "COMPLETE_WHEN_ALL_UNITS_COMPLETE",
        /// When all units are completed and none is failed.
        AllCompleteNotFailed = "COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_NOT_FAILED",
        /// When the course's score reaches the threshold.
        Threshold = "COMPLETE_WHEN_THRESHOLD_SCORE_IS_MET",
        /// When all units are completed, none is failed, and the course's score reaches the threshold.
        AllCompleteAndThreshold = "COMPLETE_WHEN_ALL_UNITS_COMPLETE_AND_THRESHOLD_SCORE_IS_MET",
        /// When all SCOs are passed.
        AllPassed = "COMPLETE_WHEN_ALL_UNITS_ARE_PASSED",
    }
}

words! {
    /// When a launch begins a new attempt by itself; otherwise it resumes the newest one.
    NewAttempt {
        /// Never.
        #[default]
        Never = "NEVER",
        /// When the newest attempt is completed.
        Complete = "WHEN_EXISTING_REG_IS_COMPLETE",
        /// When the newest attempt is passed.
        Satisfied = "WHEN_EXISTING_REG_IS_SATISFIED",
        /// When the course has a newer version than the newest attempt runs on.
        NewerVersion = "WHEN_NEWER_PACKAGE_VERSION_EXISTS",
        /// When the newest attempt is completed and the course has a newer version.
        CompleteAndNewerVersion = "WHEN_EXISTING_REG_IS_COMPLETE_AND_NEWER_PACKAGE_VERSION_EXISTS",
        /// When the newest attempt is passed and the course has a newer version.
        SatisfiedAndNewerVersion = "WHEN_EXISTING_REG_IS_SATISFIED_AND_NEWER_PACKAGE_VERSION_EXISTS",
    }
}

words! {
    /// What the player does when content has exited and asked for no navigation.
    ExitAction {
        /// What the standard says of the exit; where it says nothing, the learner decides.
        #[default]
        Standard = "STANDARD",
        /// Leaves the course.
        ExitCourse = "EXIT_COURSE",
        /// Asks whether to leave the course.
        ExitCourseAfterConfirm = "EXIT_COURSE_AFTER_CONFIRM",
        /// Goes on with the next unit.
        GoToNextSco = "GO_TO_NEXT_SCO",
        /// Says that the part is finished and what can be done now.
        DisplayMessage = "DISPLAY_MESSAGE",
        /// Leaves the content where it is.
        DoNothing = "DO_NOTHING",
    }
}
