/**
 * What all activities share: building elements, keeping answers, files, choices, feedback, messages.
 *
 * This text is joined in front of each activity's own file; it exports nothing. All text reaches the page as text.
 *
 * @typedef {{option: string, confidence: number, reason: string, at: string}} Try  one decision; the first one counts
 * @typedef {{tries: Try[], view: string, viewed: string}} Answer  `view`: said after seeing who codes a contested item how
 * @typedef {{id: string, label: string, hint?: string}} Option
 * @typedef {{message: string, source: string, locator: string}} Feedback
 * @typedef {{activity: string, deck: string, title: string, edition: string, references: Record<string, string>}} Deck
 */

const COURSE = "peacekeeping-partnerships";
const FORMAT = 1;
const LONGEST_TEXT = 10_000;
const LARGEST_FILE = 2_000_000;
const KEPT = "peaceops-kept";
const CONFIDENCES = [
  { value: 20, label: "a guess" },
  { value: 40, label: "leaning" },
  { value: 60, label: "fairly sure" },
  { value: 80, label: "sure" },
  { value: 100, label: "certain" },
];
const STATUSES = {
  fits: { mark: "✓", word: "Fits" },
  misfits: { mark: "✗", word: "Does not fit" },
  contested: { mark: "◇", word: "Contested" },
  noted: { mark: "…", word: "Noted" },
};

let counter = 0;
/** A name that no other element of the page has; only labels and descriptions use it. */
const uniqueName = (stem) => `po-${stem}-${++counter}-${Math.random().toString(36).slice(2, 8)}`;

/**
 * Build an element. Text is set as text, never as markup.
 *
 * @param {string} tag  such as "p" or "p.class-one.class-two"
 * @param {Record<string, any>} [attributes]  attributes; `true` sets an empty one, `false` and `undefined` none
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
const make = (tag, attributes = {}, ...children) => {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) continue;
    if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child || child === ""));
  return element;
};

/** A sentence for the reader, as opposed to a fault of the program. */
class Problem extends Error {}

const isText = (value, longest = LONGEST_TEXT) => typeof value === "string" && value.length <= longest;
const isMoment = (value) => isText(value, 40) && !Number.isNaN(Date.parse(value));
const plural = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
const percent = (share) => `${Math.round(100 * share)}\u00a0%`;

/**
 * Check what a file or the browser's storage holds.
 *
 * @param {any} file  parsed JSON
 * @param {{activity: string, deck: string, options: (item: string) => string[] | undefined}} expected
 * @returns {{answers: Map<string, Answer>, coder: string}}
 * @throws {Problem} one sentence
 */
const validated = (file, expected) => {
  if (typeof file !== "object" || file === null || Array.isArray(file) || file.course !== COURSE) {
    throw new Problem("it does not come from this course");
  }
  if (!Number.isInteger(file.format)) throw new Problem("it does not say which format it has");
  if (file.format > FORMAT) throw new Problem("a newer edition of the course wrote it; open it with that edition");
  if (file.format < FORMAT) throw new Problem("an edition of the course that can no longer be read wrote it");
  if (file.activity !== expected.activity) throw new Problem(`it belongs to another activity (${brief(file.activity)})`);
  if (file.deck !== expected.deck) {
    throw new Problem(`it holds answers to the deck ${brief(file.deck)}, and this is the deck “${expected.deck}”`);
  }
  if (typeof file.answers !== "object" || file.answers === null || Array.isArray(file.answers)) {
    throw new Problem("it holds no answers");
  }
  const answers = new Map();
  for (const [item, answer] of Object.entries(file.answers)) {
    const fault = faultOf(item, answer, expected.options(item));
    if (fault) throw new Problem(`the answer to ${brief(item)} ${fault}`);
    answers.set(item, {
      tries: answer.tries.map(({ option, confidence, reason, at }) => ({ option, confidence, reason: reason ?? "", at })),
      view: answer.view ?? "",
      viewed: answer.viewed ?? "",
    });
  }
  return { answers, coder: isText(file.coder, 200) ? file.coder : "" };
};

const brief = (value) => `“${String(value).slice(0, 60)}”`;

/** What is wrong with one answer, in words that follow “the answer to … ”; nothing when all is well. */
const faultOf = (item, answer, options) => {
  if (!isText(item, 200)) return "has a name that is too long";
  if (typeof answer !== "object" || answer === null || !Array.isArray(answer.tries)) return "is not an answer";
  if (answer.tries.length < 1 || answer.tries.length > 1000) return "has no decision";
  for (const one of answer.tries) {
    if (typeof one !== "object" || one === null) return "holds something that is not a decision";
    if (!isText(one.option, 100)) return "names no option";
    if (options && !options.includes(one.option)) return `names ${brief(one.option)}, which is not one of: ${options.join(", ")}`;
    if (!CONFIDENCES.some(({ value }) => value === one.confidence)) {
      return `has the confidence ${brief(one.confidence)}, which is not one of: ${CONFIDENCES.map((c) => c.value).join(", ")}`;
    }
    if (!isText(one.reason ?? "")) return `has a reason that is no text or longer than ${LONGEST_TEXT} characters`;
    if (!isMoment(one.at)) return "has no readable date";
  }
  if (!isText(answer.view ?? "")) return `has a view that is no text or longer than ${LONGEST_TEXT} characters`;
  if (answer.viewed && !isMoment(answer.viewed)) return "has no readable date";
  return "";
};

/** Join two records of the same answers: every decision once, in the order of time. */
const merged = (mine, theirs) => {
  const joined = new Map(mine);
  for (const [item, answer] of theirs) {
    const own = joined.get(item);
    if (!own) {
      joined.set(item, answer);
      continue;
    }
    const tries = new Map([...own.tries, ...answer.tries].map((one) => [`${one.at} ${one.option}`, one]));
    const newer = answer.viewed > own.viewed ? answer : own;
    joined.set(item, {
      tries: [...tries.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
      view: newer.view,
      viewed: newer.viewed,
    });
  }
  return joined;
};

/**
 * The reader's answers to one deck: in the browser's storage, in the notebook's model, and in files.
 *
 * Storage is read again before every write, so that a second tab loses nothing.
 */
class AnswerBook {
  /**
   * @param {object} given
   * @param {Deck} given.deck
   * @param {(item: string) => string[] | undefined} given.options  the option ids of an item of this edition
   * @param {any} given.model  anywidget's model, or the host's stand-in
   * @param {AbortSignal} given.signal
   * @param {() => void} given.changed  called when another tab or a file changed the answers
   * @param {(sentence: string) => void} given.say  shows a notice
   */
  constructor({ deck, options, model, signal, changed, say }) {
    Object.assign(this, { deck, options, model, changed, say });
    this.key = `${COURSE}:${deck.activity}:${deck.deck}`;
    this.coder = "";
    /** @type {Map<string, Answer>} */
    this.answers = new Map();
    this.takeFromModel();
    this.takeFromStorage();
    if (this.answers.size) this.tellModel();
    addEventListener(
      "storage",
      (event) => {
        if (event.key !== this.key && event.key !== null) return;
        if (event.newValue === null) this.answers = new Map();
        else this.takeFromStorage();
        this.tellModel();
        this.changed();
      },
      { signal },
    );
    // The same answers in another place of this page, such as a prediction and the look back at it.
    addEventListener(
      KEPT,
      ({ detail }) => {
        if (detail === this || detail.key !== this.key) return;
        this.answers = detail.answers.size ? merged(this.answers, detail.answers) : new Map();
        this.tellModel();
        this.changed();
      },
      { signal },
    );
  }

  /** @returns {Answer | undefined} */
  get(item) {
    return this.answers.get(item);
  }

  /** @returns {Try | undefined} */
  first(item) {
    return this.answers.get(item)?.tries[0];
  }

  /** @returns {Try | undefined} */
  last(item) {
    return this.answers.get(item)?.tries.at(-1);
  }

  decide(item, { option, confidence, reason }) {
    const answer = this.answers.get(item) ?? { tries: [], view: "", viewed: "" };
    const one = { option, confidence, reason: reason.slice(0, LONGEST_TEXT), at: new Date().toISOString() };
    this.answers.set(item, { ...answer, tries: [...answer.tries, one] });
    this.keep();
  }

  setView(item, view) {
    const answer = { ...this.answers.get(item), view: view.slice(0, LONGEST_TEXT), viewed: new Date().toISOString() };
    this.answers.set(item, answer);
    this.keep();
  }

  setCoder(coder) {
    this.coder = coder.slice(0, 200);
    this.keep();
  }

  clear() {
    this.answers = new Map();
    this.coder = "";
    try {
      localStorage.removeItem(this.key);
    } catch {
      // without storage there is nothing to remove
    }
    this.tellModel();
    dispatchEvent(new CustomEvent(KEPT, { detail: this }));
  }

  /** Ids of answered items that this edition of the deck no longer has. */
  retired() {
    return [...this.answers.keys()].filter((item) => !this.options(item));
  }

  file() {
    return {
      course: COURSE,
      format: FORMAT,
      activity: this.deck.activity,
      deck: this.deck.deck,
      edition: this.deck.edition,
      coder: this.coder,
      answers: Object.fromEntries(this.answers),
    };
  }

  /** Add a file's answers to these; those here stay. */
  async take(file) {
    if (file.size > LARGEST_FILE) throw new Problem("it is too large to be a file of answers");
    let content;
    try {
      content = JSON.parse(await file.text());
    } catch {
      throw new Problem("it is cut off, or not a file of answers at all");
    }
    const { answers, coder } = validated(content, this.expected());
    this.answers = merged(this.answers, answers);
    this.coder ||= coder;
    this.keep();
    return answers.size;
  }

  expected() {
    return { activity: this.deck.activity, deck: this.deck.deck, options: this.options };
  }

  takeFromModel() {
    const answers = this.model.get("answers");
    if (!answers || !Object.keys(answers).length) return;
    try {
      this.answers = validated({ ...this.file(), answers }, this.expected()).answers;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.say(`The answers given to this activity in Python were left out: ${error.message}.`);
    }
  }

  takeFromStorage() {
    let text = null;
    try {
      text = localStorage.getItem(this.key);
    } catch {
      this.cannotKeep();
      return;
    }
    if (text === null) return;
    try {
      const { answers, coder } = validated(JSON.parse(text), this.expected());
      this.answers = merged(this.answers, answers);
      this.coder = coder || this.coder;
    } catch (error) {
      if (!(error instanceof Problem || error instanceof SyntaxError)) throw error;
      this.setAside(text);
    }
  }

  /** What was stored cannot be read: move it out of the way instead of writing over it. */
  setAside(text) {
    try {
      localStorage.setItem(`${this.key}:unreadable`, text);
      localStorage.removeItem(this.key);
      this.say("Answers stored earlier in this browser could not be read. They were put aside, not deleted; you start with none.");
    } catch {
      this.cannotKeep();
    }
  }

  keep() {
    this.takeFromStorageQuietly();
    try {
      localStorage.setItem(this.key, JSON.stringify(this.file()));
    } catch {
      this.cannotKeep();
    }
    this.tellModel();
    dispatchEvent(new CustomEvent(KEPT, { detail: this }));
  }

  takeFromStorageQuietly() {
    try {
      const { answers } = validated(JSON.parse(localStorage.getItem(this.key)), this.expected());
      this.answers = merged(answers, this.answers);
    } catch {
      // nothing readable there: what is in memory is all there is
    }
  }

  cannotKeep() {
    this.say("This browser does not keep answers for this page: its storage is switched off or full. Export them before you leave.");
  }

  tellModel() {
    this.model.set("answers", Object.fromEntries(this.answers));
    this.model.save_changes();
  }
}

/**
 * The frame of every activity: heading, notices, a place for what changes, and the tools below.
 *
 * @param {object} given
 * @param {HTMLElement} given.el
 * @param {Deck} given.deck
 * @param {AbortSignal} given.signal
 * @param {string} given.title
 */
const makeFrame = ({ el, deck, signal, title }) => {
  const on = (target, type, listener) => (target.addEventListener(type, listener, { signal }), target);
  const name = uniqueName("title");
  const notices = make("div.po-notices", { role: "status" });
  const spoken = make("p.po-spoken", { role: "status" });
  const main = make("div");
  const root = make(
    "section.po-activity-frame",
    { "aria-labelledby": name, "data-activity": deck.activity, "data-lm-suppress-shortcuts": true },
    make("h3.po-activity-title", { id: name }, title),
    notices,
    main,
    spoken,
  );
  // JupyterLab would take single letters for commands.
  on(root, "keydown", (event) => event.stopPropagation());
  el.append(root);

  const shown = new Set();
  const say = (sentence) => {
    if (shown.has(sentence)) return;
    shown.add(sentence);
    notices.append(make("p.po-notice", {}, sentence));
  };
  const speak = (sentence) => {
    spoken.textContent = "";
    setTimeout(() => (spoken.textContent = sentence), 30); // the same words twice are read twice
  };
  const button = (label, listener, attributes = {}) =>
    on(make("button.po-button", { type: "button", ...attributes }, label), "click", listener);
  return { root, main, on, say, speak, button };
};

/**
 * A question with options, a confidence and, if asked for, a reason.
 *
 * @param {object} given
 * @param {ReturnType<typeof makeFrame>} given.frame
 * @param {string} given.legend
 * @param {Option[]} given.options
 * @param {Try} [given.chosen]
 * @param {string} [given.reasonLabel]  asks for a reason when given
 * @param {string} given.submit  the button's words
 * @param {(decision: {option: string, confidence: number, reason: string}) => void} given.decided
 */
const makeForm = ({ frame, legend, options, chosen, reasonLabel, submit, decided }) => {
  const group = uniqueName("choice");
  const level = uniqueName("confidence");
  const missing = make("p.po-missing", { role: "alert" });
  const radio = (of, value, label, checked, hint) =>
    make(
      "label.po-choice",
      {},
      make("input", { type: "radio", name: of, value, checked }),
      make("span.po-choice__label", {}, label),
      hint && make("span.po-choice__hint", {}, hint),
    );
  const reason = reasonLabel && make("textarea.po-reason", { rows: 2, maxlength: LONGEST_TEXT, value: chosen?.reason ?? "" });
  const form = make(
    "form.po-form",
    { novalidate: true },
    make(
      "fieldset.po-options",
      {},
      make("legend", {}, legend),
      ...options.map(({ id, label, hint }) => radio(group, id, label, chosen?.option === id, hint)),
    ),
    make(
      "fieldset.po-confidence",
      {},
      make("legend", {}, "How sure are you?"),
      ...CONFIDENCES.map(({ value, label }) => radio(level, String(value), percent(value / 100), chosen?.confidence === value, label)),
    ),
    reason && make("label.po-field", {}, make("span", {}, reasonLabel), reason),
    missing,
    make("div.po-row", {}, make("button.po-button.po-button--main", { type: "submit" }, submit)),
  );
  frame.on(form, "submit", (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const absent = [!given.get(group) && "an answer", !given.get(level) && "how sure you are"].filter(Boolean);
    missing.textContent = absent.length ? `Choose ${absent.join(" and ")} first.` : "";
    if (absent.length) {
      form.querySelector(`input[name="${given.get(group) ? level : group}"]`).focus();
      return;
    }
    decided({ option: given.get(group), confidence: Number(given.get(level)), reason: reason ? reason.value.trim() : "" });
  });
  return form;
};

/** Where a fact comes from; a link to the references where the page belongs to the book. */
const makeSource = (deck, { source, locator }) => {
  const root = document.documentElement.dataset.content_root;
  const label = deck.references?.[source] ?? source;
  const page = /^[SA]\//.test(source) ? "resolutions" : source;
  return make(
    "p.po-source",
    {},
    "Source: ",
    root !== undefined && source ? make("a", { href: `${root}book/references.html#${page}` }, label) : label,
    locator ? `, ${locator}` : "",
  );
};

/** What the reader is told about a decision; takes the focus, so that it is read out and the next key goes on from here. */
const makeFeedback = ({ deck, status, lead, feedback, children = [] }) => {
  const { mark, word } = STATUSES[status];
  const heading = make(
    "p.po-feedback__head",
    { tabindex: "-1" },
    make("span.po-feedback__mark", { "aria-hidden": "true" }, mark),
    make("strong", {}, `${word}. `),
    lead,
  );
  const box = make(
    "div.po-feedback-box",
    { "data-status": status },
    heading,
    feedback && make("p.po-feedback__message", {}, feedback.message),
    feedback && makeSource(deck, feedback),
    ...children,
  );
  return { box, focus: () => heading.focus() };
};

/** A table that scrolls in its own box when it is too wide; a column of sentences gets room. */
const makeTable = (caption, head, rows) =>
  make(
    "div.po-scrollbox",
    { tabindex: "0", role: "group", "aria-label": caption },
    make(
      "table.po-activity-table",
      {},
      make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...head.map((cell) => make("th", { scope: "col" }, cell)))),
      make(
        "tbody",
        {},
        ...rows.map(([first, ...others]) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, first),
            ...others.map((cell) => make(cell.length > 40 ? "td.po-wide" : "td", {}, cell)),
          ),
        ),
      ),
    ),
  );

/** How often the reader was right at each confidence; only items with one fitting option count. */
const calibrationOf = (judged) =>
  CONFIDENCES.map(({ value, label }) => {
    const at = judged.filter(({ confidence }) => confidence === value);
    return { value, label, decided: at.length, fitting: at.filter(({ fits }) => fits).length };
  }).filter(({ decided }) => decided > 0);

/** The calibration as a table, each row with a bar: filled as far as the reader was right, a line where they said. */
const makeCalibration = (judged) => {
  const rows = calibrationOf(judged);
  if (!rows.length) return null;
  const said = judged.reduce((sum, { confidence }) => sum + confidence, 0) / judged.length;
  const held = (100 * judged.filter(({ fits }) => fits).length) / judged.length;
  const gap = Math.round(said) - Math.round(held);
  const reading =
    judged.length < 5
      ? "That is too few to say whether your confidence is well placed."
      : Math.abs(gap) <= 10
        ? "The two lie close together: your confidence is well placed so far."
        : gap > 0
          ? "You were surer than your answers bear out."
          : "You were less sure than your answers would allow.";
  const bar = ({ value, decided, fitting }) =>
    make(
      "span.po-bar",
      { "aria-hidden": "true", style: `--held:${(100 * fitting) / decided}%;--said:${value}%` },
      make("span.po-bar__held"),
      make("span.po-bar__said"),
    );
  return make(
    "div",
    {},
    make("p", {}, `On average you were ${percent(said / 100)} sure, and ${percent(held / 100)} of your first answers fit. ${reading}`),
    makeTable(
      "How sure you were, and how often your first answer fits",
      ["You said", "First answers", "Fitting", "Said (line) and fitting (bar)"],
      rows.map((row) => [
        `${percent(row.value / 100)}, ${row.label}`,
        String(row.decided),
        `${row.fitting} (${percent(row.fitting / row.decided)})`,
        bar(row),
      ]),
    ),
  );
};

/**
 * Export, import, code name and starting afresh.
 *
 * @param {object} given
 * @param {ReturnType<typeof makeFrame>} given.frame
 * @param {AnswerBook} given.book
 * @param {string} given.what  what the answers are to, in the plural: "cases", "questions"
 * @param {() => void} given.changed
 */
const makeTools = ({ frame, book, what, changed }) => {
  const { on, button, speak } = frame;
  const outcome = make("p.po-outcome", { role: "status" });
  const state = make("p.po-kept");
  const ask = make("div.po-ask", { hidden: true });
  const file = make("input.po-file__input", { type: "file", accept: ".json,application/json" });
  const coder = make("input.po-text", { type: "text", maxlength: 200, value: book.coder, autocomplete: "off" });

  const download = () => {
    const text = JSON.stringify({ ...book.file(), exported: new Date().toISOString() }, null, 1);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = make("a", { href: url, download: `${COURSE}-${book.deck.activity}-${book.deck.deck}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    outcome.textContent = `Your ${plural(book.answers.size, "answer")} went to a file in your downloads.`;
  };
  on(file, "change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    try {
      const number = await book.take(chosen);
      outcome.textContent = `${plural(number, "answer")} from ${brief(chosen.name)} added to yours.`;
      coder.value = book.coder;
      changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      outcome.textContent = `The file ${brief(chosen.name)} was not taken: ${error.message}. Your answers here are as they were.`;
    }
    file.value = "";
    refresh();
  });
  on(coder, "change", () => book.setCoder(coder.value.trim()));

  const startAfresh = button("Not you? Start fresh", () => {
    ask.hidden = false;
    ask.querySelector("button").focus();
  });
  ask.append(
    make("p", {}, `Delete all answers to these ${what} from this browser? A file that you exported stays.`),
    make(
      "div.po-row",
      {},
      button("Keep them", () => {
        ask.hidden = true;
        startAfresh.focus();
      }),
      button("Delete them", () => {
        book.clear();
        coder.value = "";
        ask.hidden = true;
        outcome.textContent = "Deleted: you start with no answers.";
        changed();
        refresh();
        startAfresh.focus();
      }),
    ),
  );

  const refresh = () => {
    const gone = book.retired();
    state.textContent = gone.length
      ? `${plural(gone.length, "answer belongs", "answers belong")} to ${what} that this edition no longer has (${gone.slice(0, 5).join(", ")}${gone.length > 5 ? ", …" : ""}). They are kept and exported.`
      : "";
  };
  refresh();
  const element = make(
    "details.po-tools",
    {},
    make("summary", {}, "Your answers: export, import, start fresh"),
    make(
      "p",
      {},
      location.protocol === "file:"
        ? "Your answers stay in this browser. Opened from a disk, some browsers keep them for this page only: carry them by export and import."
        : "Your answers stay in this browser and are sent to nobody. To use them elsewhere, or to hand them in, export them.",
    ),
    make("label.po-field", {}, make("span", {}, "Code name for the file, if your class uses one"), coder),
    make(
      "div.po-row",
      {},
      button("Export answers", download),
      make("label.po-button.po-file", {}, file, make("span", {}, "Import answers")),
      startAfresh,
    ),
    ask,
    outcome,
    state,
  );
  return { element, refresh };
};
