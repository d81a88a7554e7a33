//! The settings of a course.

use lyceum_app::{CourseSettings, SettingSource};

use super::table;

pub(crate) fn settings(of: &CourseSettings) -> String {
    let head = ["SETTING", "VALUE", "SET BY"].map(str::to_owned);
    let rows = of.settings.iter().map(|setting| {
        let source = match setting.source {
            SettingSource::Course => format!("course (default: {})", setting.default),
            SettingSource::Default => "default".to_owned(),
        };
        [setting.name.to_owned(), setting.value.clone(), source]
    });
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}
