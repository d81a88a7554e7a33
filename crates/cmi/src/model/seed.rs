//! What the LMS puts into a model at launch.

use super::{Model, RestoreError, write_name};
use crate::element::{Collection, Place, objective, shared};
use crate::inputs::{Inputs, SeedObjective};
use alloc::string::String;

impl Model {
    /// Puts in what the LMS knows at launch: known objectives, shared data and initial values. Doing
    /// it again with the same inputs changes nothing.
    ///
    /// Objectives are matched by identifier; missing ones go behind those that are there. Shared data
    /// stores become exactly those of the inputs.
    ///
    /// # Errors
    /// [`RestoreError::Full`] where the limits do not hold them all; those before are in.
    pub fn seed(&mut self, inputs: &Inputs) -> Result<(), RestoreError> {
        for known in &inputs.objectives {
            self.seed_objective(known)?;
        }
        self.clear_shared_data();
        for (index, store) in inputs.shared_data.iter().enumerate() {
            self.put_field(Collection::SharedData, index, shared::ID, Some(&store.id))?;
            self.put_field(Collection::SharedData, index, shared::STORE, store.value.as_ref())?;
        }
        for (element, value) in &inputs.initial {
            self.restore(element, value)?;
        }
        Ok(())
    }

    fn seed_objective(&mut self, known: &SeedObjective) -> Result<(), RestoreError> {
        let index = self.objective_with_id(&known.id).unwrap_or_else(|| self.count(Collection::Objectives));
        for (field, value) in [
            (objective::ID, Some(&known.id)),
            (objective::SUCCESS, known.success_status.as_ref()),
            (objective::COMPLETION, known.completion_status.as_ref()),
            (objective::PROGRESS, known.progress_measure.as_ref()),
            (objective::SCALED, known.score_scaled.as_ref()),
            (objective::RAW, known.score_raw.as_ref()),
            (objective::MIN, known.score_min.as_ref()),
            (objective::MAX, known.score_max.as_ref()),
            (objective::DESCRIPTION, known.description.as_ref()),
        ] {
            self.put_field(Collection::Objectives, index, field, value)?;
        }
        Ok(())
    }

    /// Stores a field, if there is a value and the edition has the field.
    fn put_field(
        &mut self,
        of: Collection,
        record: usize,
        field: u8,
        value: Option<&String>,
    ) -> Result<(), RestoreError> {
        let (Some(value), Some(element)) = (value, self.table.at(Place::Field(of, field))) else {
            return Ok(());
        };
        let mut name = String::new();
        write_name(&mut name, element.name, [record, 0]);
        self.restore(&name, value)
    }

    fn clear_shared_data(&mut self) {
        for record in core::mem::take(&mut self.collections[Collection::SharedData as usize]) {
            self.bytes -= crate::limits::RECORD_COST;
            for value in record.fields.iter().flatten() {
                self.forget(value);
            }
        }
    }
}
