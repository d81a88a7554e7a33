//! Whether what the courses of a learner share is what her attempts have left.
//!
//! Each value was left by a commit, and that attempt still stands at it: whatever it changes later, it leaves again. So a value
//! that no attempt of the learner stands at is nobody's. Values that changed while this was looked through are passed over.

use std::collections::{BTreeMap, HashSet};

use lyceum_attempt::Millis;
use lyceum_attempt::plan::Plan;
use lyceum_attempt::state::State;
use lyceum_sequencing::ObjectiveValues;
use lyceum_store::registrations::Registration;
use lyceum_store::shared::{Kind, Shared as Row, unchanged_since};
use lyceum_store::{LearnerId, RegistrationId, Tenant};
use sha2::{Digest as _, Sha256};

use super::verify::{Trouble, Verification};
use crate::app::App;
use crate::error::AppError;
use crate::shared::Shared;

/// What the attempts of a tenant's learners have left, as digests: values may be long, and learners many.
pub(super) struct Left {
    /// Only what has not changed since this moment is judged.
    began: Millis,
    learners: BTreeMap<LearnerId, Of>,
}

struct Of {
    /// One of the learner's registrations, to find her by.
    registration: RegistrationId,
    values: HashSet<[u8; 32]>,
    /// Some attempt could not be followed to its end.
    is_in_doubt: bool,
}

impl Left {
    pub(super) fn new(began: Millis) -> Self {
        Self { began, learners: BTreeMap::new() }
    }

    /// An attempt has been followed; `state` is none where its contents were erased or damaged.
    pub(super) fn attempt(&mut self, of: &Registration, plan: &Plan, state: Option<&State>) {
        let (objectives, stores) = plan.shared_with_other_courses();
        if objectives.is_empty() && stores.is_empty() {
            return;
        }
        let learner = self.learners.entry(of.learner.id).or_insert_with(|| Of {
            registration: of.id,
            values: HashSet::new(),
            is_in_doubt: false,
        });
        learner.is_in_doubt |= state.is_none();
        let known = state.map(|state| Shared::of(plan, state).rows()).unwrap_or_default();
        learner.values.extend(known.iter().map(digest));
    }
}

fn digest(row: &Row) -> [u8; 32] {
    let kind = match row.kind {
        Kind::Data => 0_u8,
        Kind::Objective => 1,
    };
    let id = (row.id.len() as u64).to_be_bytes();
    Sha256::new()
        .chain_update([kind])
        .chain_update(id)
        .chain_update(&row.id)
        .chain_update(&row.value)
        .finalize()
        .into()
}

/// A rollback leaves this of what the attempt did not know at the earlier moment.
fn is_unknown(row: &Row) -> bool {
    match row.kind {
        Kind::Data => row.value.is_empty(),
        Kind::Objective => serde_json::from_str::<ObjectiveValues>(&row.value)
            .is_ok_and(|values| values == ObjectiveValues::default()),
    }
}

impl App {
    pub(super) async fn verify_shared(
        &self,
        tenant: Tenant,
        left: Left,
        found: &mut Verification,
    ) -> Result<(), AppError> {
        for learner in left.learners.into_values().filter(|learner| !learner.is_in_doubt) {
            let (id, began) = (learner.registration, left.began);
            let rows = self.0.db.read(move |tx| unchanged_since(tenant, tx, id, began)).await?;
            for row in rows.iter().filter(|row| !is_unknown(row) && !learner.values.contains(&digest(row))) {
                let what = match row.kind {
                    Kind::Data => "shared data",
                    Kind::Objective => "global objective",
                };
                let message = format!("no attempt of the learner has left the {what} {} as it is", row.id);
                found.tell(Trouble::Shared, &id.to_string(), (None, None), message);
            }
        }
        Ok(())
    }
}
