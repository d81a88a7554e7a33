// The lines of the table of contents as objects. The engine says of each in one number what may change; the rest stands in the
// plan. A course may have thousands of lines, and this is asked after everything that happens: what has not changed costs nothing.

const COMPLETION = ['unknown', 'incomplete', 'completed'];
const SUCCESS = ['unknown', 'passed', 'failed'];
/** Above these bits stands the place in the plan. */
const BITS = 8;

export class Contents {
  #activities;
  #depths;
  #items = [];

  /** @param {object[]} activities of the plan, parents before their children */
  constructor(activities) {
    this.#activities = activities;
    this.#depths = [];
    for (const { parent } of activities) this.#depths.push(parent === undefined ? 0 : this.#depths[parent] + 1);
  }

  /**
   * @param {Uint32Array} words the engine's lines, see `TocLine::packed`
   * @returns {object[]} `{id, title, depth, parent, kind, visible, current, disabled, completion, success, word}`; `parent` is an id.
   *   The same objects each time, with what changed, as long as the course has the same lines
   */
  update(words) {
    const items = this.#items;
    const isSame = words.length === items.length && words.every((word, i) => word >>> BITS === items[i].place);
    if (!isSame) this.#items = this.#build(words);
    else for (let i = 0; i < words.length; i += 1) if (items[i].word !== words[i]) say(items[i], words[i]);
    return this.#items;
  }

  /** The course itself is a line only where it can be chosen. */
  #build(words) {
    const hasRoot = words.length > 0 && words[0] >>> BITS === 0;
    return Array.from(words, (word) => {
      const place = word >>> BITS;
      const { id, title, kind, parent } = this.#activities[place];
      const above = parent === undefined || (parent === 0 && !hasRoot) ? undefined : this.#activities[parent].id;
      return say({ id, title, depth: this.#depths[place] - (hasRoot ? 0 : 1), parent: above, kind, place }, word);
    });
  }
}

function say(item, word) {
  item.word = word;
  item.visible = (word & 1) !== 0;
  item.current = (word & 2) !== 0;
  item.disabled = (word & 4) !== 0;
  item.completion = COMPLETION[(word >>> 3) & 3];
  item.success = SUCCESS[(word >>> 5) & 3];
  return item;
}
