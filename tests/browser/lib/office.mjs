// What an administrator does at a running server, by the same forms that its pages send.

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

export class Office {
  #app;

  /** @param {string} appUrl where the application is */
  constructor(appUrl) {
    this.#app = appUrl.replace(/\/$/, '');
  }

  /** Imports a package: the course's id. */
  async import(name, bytes) {
    const form = new FormData();
    form.append('package', new Blob([bytes], { type: 'application/zip' }), `${name}.zip`);
    const answer = await this.#post('/courses', form);
    const page = answer.headers.get('location') ?? await answer.text();
    const found = new RegExp(`/courses/(${UUID.source})`).exec(page);
    if (!found) throw new Error(`${name} was not imported: ${page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 600)}`);
    return found[1];
  }

  /** Changes settings of a course. */
  async set(course, settings) {
    await this.#led(`/courses/${course}/settings`, settings);
  }

  /** Puts a learner on a course: the registration's id. Doing it again answers the same. */
  async enrol(course, learner) {
    const to = await this.#led(`/courses/${course}/registrations`, { learner });
    return UUID.exec(to)[0];
  }

  /** A launch link. */
  async launch(registration) {
    return this.#led(`/registrations/${registration}/launch`, {});
  }

  /** One of the server's numbers; a counter that was never needed is zero. */
  async metric(name) {
    const text = await (await fetch(`${this.#app}/metrics`)).text();
    const values = text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
    return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Sends a form that leads on; where to. */
  async #led(path, fields) {
    const answer = await this.#post(path, new URLSearchParams(fields));
    const to = answer.headers.get('location');
    if (answer.status !== 303 || !to) throw new Error(`POST ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 400)}`);
    return to;
  }

  #post(path, body) {
    return fetch(this.#app + path, { method: 'POST', body, redirect: 'manual', headers: { origin: this.#app } });
  }
}
