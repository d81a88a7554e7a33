// A person who takes the golf courses of scorm.com: turns the pages of a lesson, answers its quizzes, with or without an idea.

/** Turns all pages of a lesson but the first, which is there already. */
export async function readLesson(course, pages) {
  for (let page = 1; page < pages; page += 1) await course.locator('#butNext').click();
}

/** Fills the quiz in the frame, rightly or not at all, and hands it in; waits for the score. */
export async function takeQuiz(course, { right }) {
  const quiz = course.frameLocator('#contentFrame');
  await quiz.getByRole('button', { name: 'Submit Answers' }).waitFor();
  if (right) {
    for (const radio of await quiz.locator('.correctAnswer input[type="radio"]').all()) await radio.check();
    for (const line of await quiz.locator('.correctAnswer:has(input[type="text"])').all()) {
      const [, wanted] = /\((.*)\)/.exec(await line.textContent());
      await line.locator('input').fill(wanted);
    }
  }
  await quiz.getByRole('button', { name: 'Submit Answers' }).click();
  await quiz.getByText(right ? /Score: 100/ : /Score: \d/).waitFor();
}

/** One of the courses takes jQuery from the web, for its window of notes; tests speak to nobody outside. */
export async function standInForJquery(context) {
  const body = `window.$ = (selector) => ({
    dialog() {},
    val(text) {
      const field = document.querySelector(selector);
      if (text === undefined) return field.value;
      field.value = text;
    },
  });`;
  await context.route('http://ajax.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/javascript', body }));
}
