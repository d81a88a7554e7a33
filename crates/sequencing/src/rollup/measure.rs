use alloc::{format, vec::Vec};

use crate::{
    definitions::Decimal,
    machine::Machine,
    tracking::field::SATISFIED,
    tree::Ix,
    view::{Purpose, View},
};

impl Machine<'_> {
    /// Measure Rollup Process (RB.1.1 a): the weighted average of the children's measures.
    pub(crate) fn measure_rollup(&mut self, cluster: Ix) {
        self.write_satisfaction_of_children(cluster);
        let average = self.view().weighted_average(cluster, |view, child| {
            let weight = view.activity(child).definition().rollup.objective_measure_weight;
            (weight, view.measure(child, view.activity(child).primary(), Purpose::MeasureRollup))
        });
        self.view().note("RB.1.1 a", cluster, || format!("measure {}", shown(average)));
        self.set_measure(cluster, self.tree.activity(cluster).primary(), average);
    }

    /// See [`Readings::reading_measures_writes_satisfaction`](crate::Readings).
    fn write_satisfaction_of_children(&mut self, cluster: Ix) {
        if !self.readings.reading_measures_writes_satisfaction {
            return;
        }
        let children: Vec<Ix> = self.view().rollup_children(cluster).to_vec();
        for child in children {
            let primary = self.tree.activity(child).primary();
            let measure = self.view().measure(child, primary, Purpose::MeasureRollup);
            if let Some(measure) = measure
                && self.tree.objective(primary).satisfied_by_measure
            {
                let satisfied = measure >= self.tree.objective(primary).min_normalized_measure;
                self.write(child, primary, &SATISFIED, Some(satisfied));
            }
        }
    }

    /// Completion Measure Rollup Process (RB.1.1 b): the weighted average of the children's progress measures.
    pub(crate) fn completion_measure_rollup(&mut self, cluster: Ix) {
        if !self.tree.edition().rolls_up_progress_measures() {
            return;
        }
        let average = self.view().weighted_average(cluster, |view, child| {
            let weight = view.activity(child).definition().completion.progress_weight;
            (weight, view.progress_measure(child, view.activity(child).primary(), Purpose::Rollup))
        });
        self.view().note("RB.1.1 b", cluster, || format!("progress measure {}", shown(average)));
        self.set_progress_measure(cluster, self.tree.activity(cluster).primary(), average);
    }
}

impl View<'_> {
    /// Average over the tracked children. A child of unknown measure counts with its weight only; if no measure is
    /// known, or no child has a weight, the average is unknown.
    fn weighted_average(
        &self,
        cluster: Ix,
        weight_and_measure: impl Fn(&Self, Ix) -> (Decimal, Option<Decimal>),
    ) -> Option<Decimal> {
        let (mut total, mut weights, mut known) = (0_i128, 0_i128, false);
        for child in self.rollup_children(cluster).iter().filter(|child| self.is_tracked(**child)) {
            let (weight, measure) = weight_and_measure(self, *child);
            weights += i128::from(weight.units());
            if let Some(measure) = measure {
                total += i128::from(weight.units()) * i128::from(measure.units());
                known = true;
            }
        }
        let known = known || self.readings.unknown_measures_count_as_zero;
        (known && weights > 0).then(|| Decimal::from_units(i64::try_from(total / weights).unwrap_or(0)))
    }
}

fn shown(measure: Option<Decimal>) -> alloc::string::String {
    measure.map_or_else(|| "unknown".into(), |measure| format!("{measure}"))
}
