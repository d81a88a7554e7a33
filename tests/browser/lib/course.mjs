// Writes small courses for single tests: a manifest and whatever files the test brings along.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { scratch } from './places.mjs';

const MANIFESTS = {
  1.2: ({ title, launch, item }) => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="test" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="o">
    <organization identifier="o"><title>${title}</title><item identifier="i" identifierref="r"><title>${title}</title>${item}</item></organization>
  </organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="${launch}"><file href="${launch}"/></resource></resources>
</manifest>
`,
  2004: ({ title, launch, item, organization }) => `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="test" version="1.0" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="o">
    <organization identifier="o"><title>${title}</title><item identifier="i" identifierref="r"><title>${title}</title>${item}</item>${organization}</organization>
  </organizations>
  <resources><resource identifier="r" type="webcontent" adlcp:scormType="sco" href="${launch}"><file href="${launch}"/></resource></resources>
</manifest>
`,
};

/** A course folder of one SCO that goes away with the test. `standard` is `1.2` or `2004`; `item` is put into its item, `organization` (2004 only) behind it. */
export function writeCourse(t, { standard, title, launch = 'index.html', item = '', organization = '', files }) {
  const folder = scratch(t, 'course');
  writeFileSync(path.join(folder, 'imsmanifest.xml'), MANIFESTS[standard]({ title, launch, item, organization }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}
