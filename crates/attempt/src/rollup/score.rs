//! What the course makes of its units' scores ([`ScoreRollup`]).

use alloc::string::ToString;
use alloc::vec::Vec;

use lyceum_cmi::Decimal;

use super::Unit;
use crate::plan::Kind;
use crate::settings::{ScoreRollup, Settings};
use crate::summary::Score;

/// Score of the course. An average is scaled only; raw, min and max belong to one unit.
pub(super) fn of_course(settings: &Settings, units: &[Unit]) -> Score {
    let scaled: Vec<Decimal> = units.iter().filter_map(|unit| scaled(&unit.status.score)).collect();
    let scos = units.iter().filter(|unit| unit.kind == Kind::Sco).count();
    let average = |by: usize| mean(&scaled, by);
    match settings.score_rollup {
        ScoreRollup::ProvidedByCourse => only(units).unwrap_or_else(|| average(scaled.len())),
        ScoreRollup::AverageOfAll => average(scos),
        ScoreRollup::AverageOfScored => average(scaled.len()),
        ScoreRollup::FixedAverage if settings.scoring_units == 0 => average(scos),
        ScoreRollup::FixedAverage => average(usize::try_from(settings.scoring_units).unwrap_or(usize::MAX)),
        ScoreRollup::AverageOfNonzero => {
            let above: Vec<Decimal> = scaled.iter().copied().filter(|score| *score > Decimal::ZERO).collect();
            // Where all are zero the course has a score, and it is zero.
            if above.is_empty() { average(scaled.len()) } else { mean(&above, above.len()) }
        }
        ScoreRollup::Last => {
            let last = units.iter().rev().find(|unit| unit.kind == Kind::Sco);
            last.map(|unit| unit.status.score.clone()).unwrap_or_default()
        }
    }
}

/// The score of the only unit that has one, or none where no unit has.
fn only(units: &[Unit]) -> Option<Score> {
    let mut scored = units.iter().map(|unit| &unit.status.score).filter(|score| **score != Score::default());
    let first = scored.next().cloned().unwrap_or_default();
    scored.next().is_none().then_some(first)
}

fn scaled(score: &Score) -> Option<Decimal> {
    Decimal::parse_lenient(score.scaled.as_deref()?)
}

/// No scores have no mean; it is never over 1, although a fixed number may be smaller than that of the scores.
fn mean(scores: &[Decimal], by: usize) -> Score {
    let by = i64::try_from(by).unwrap_or(i64::MAX);
    if scores.is_empty() || by == 0 {
        return Score::default();
    }
    let sum = scores.iter().map(|score| score.units()).fold(0_i64, i64::saturating_add);
    let share = (sum / by).clamp(-Decimal::SCALE, Decimal::SCALE);
    Score { scaled: Some(Decimal::from_units(share).to_string()), ..Score::default() }
}
