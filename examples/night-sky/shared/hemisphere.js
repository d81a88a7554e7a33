// From which half of the Earth the learner looks up: asked on several screens, kept for all lessons.

/**
 * Keeps every hemisphere switch on the page in step and calls `update` with `north` or `south`.
 * The choice is shared between the lessons where the platform can do that, and kept in this one otherwise.
 */
export function followHemisphere(lesson, update) {
  const groups = [...document.querySelectorAll('.hemisphere')];
  groups.forEach((group, index) => {
    for (const input of group.querySelectorAll('input')) {
      // One name per group: the browser would take them all for a single one.
      input.name = `hemisphere-${index}`;
      input.addEventListener('change', () => choose(input.value));
    }
  });

  function show(half) {
    for (const group of groups) group.querySelector(`[value="${half}"]`).checked = true;
    update(half);
  }

  function choose(half) {
    lesson.state.hemisphere = half;
    lesson.record.hemisphere = half;
    lesson.save();
    show(half);
  }

  show(lesson.record.hemisphere || lesson.state.hemisphere || 'north');
}
