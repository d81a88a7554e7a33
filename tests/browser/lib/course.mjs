// Writes small courses for single tests: a manifest and whatever files the test brings along.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { scratch } from './places.mjs';

/** An item for each part; `item` goes into every one of them. */
const items = ({ title, parts, item }) => (parts ?? [title])
  .map((name, n) => `<item identifier="i${n || ''}" identifierref="r"><title>${name}</title>${item}</item>`)
  .join('');

const MANIFESTS = {
  1.2: (course) => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="test" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="o">
    <organization identifier="o"><title>${course.title}</title>${items(course)}</organization>
  </organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="${course.launch}"><file href="${course.launch}"/></resource></resources>
</manifest>
`,
  2004: (course) => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="test" version="1.0" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="o">
    <organization identifier="o"><title>${course.title}</title>${items(course)}${course.organization}</organization>
  </organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormType="sco" href="${course.launch}"><file href="${course.launch}"/></resource></resources>
</manifest>
`,
};

/**
 * A course folder that goes away with the test: one SCO, or as many as `parts` has titles, all with the same files. `standard` is
 * `1.2` or `2004`; `item` is put into every item, `organization` (2004 only) behind them.
 */
export function writeCourse(t, { standard, title, parts = null, launch = 'index.html', item = '', organization = '', files }) {
  const folder = scratch(t, 'course');
  writeFileSync(path.join(folder, 'imsmanifest.xml'), MANIFESTS[standard]({ title, parts, launch, item, organization }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}
