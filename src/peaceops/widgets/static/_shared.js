/**
 * What all activities share: building elements, keeping answers, files, choices, feedback, messages.
 *
 * This text is joined in front of each activity's own file; it exports nothing. All text reaches the page as text.
 *
 * @typedef {{option: string, confidence: number, reason: string, at: string, since?: string}} Try  one decision; the first one
 *   counts; `since`: the id of the step with which the option begins, where the activity asks for it
 * @typedef {{tries: Try[], view: string, viewed: string}} Answer  `view`: said after seeing who codes a contested item how
 * @typedef {{id: string, label: string, hint?: string}} Option
 * @typedef {{message: string, source: string, locator: string}} Feedback
 * @typedef {{activity: string, deck: string, title: string, edition: string, references: Record<string, string>}} Deck
 */

const COURSE = "peacekeeping-partnerships";
const FORMAT = 1;
const LONGEST_TEXT = 10_000;
const LARGEST_FILE = 5_000_000; // what a browser can store at most
const MOST_TRIES = 1000;
const LONGEST_NAME = 200;
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
const isMoment = (value) => isText(value, 40) && /^20\d\d-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
const plural = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;
const percent = (share) => `${Math.round(100 * share)}\u00a0%`;

/**
 * Check what a file or the browser's storage holds.
 *
 * An option that this edition does not know is kept when another edition wrote it; in a file of this edition somebody has
 * changed it by hand.
 *
 * @param {any} file  parsed JSON
 * @param {{activity: string, deck: string, edition?: string, options: (item: string) => string[] | undefined}} expected
 * @returns {{answers: Map<string, Answer>, coder: string}}
 * @throws {Problem} one sentence; `newer` when an edition to come wrote it
 */
const validated = (file, expected) => {
  if (typeof file !== "object" || file === null || Array.isArray(file) || file.course !== COURSE) {
    throw new Problem("it does not come from this course");
  }
  if (!Number.isInteger(file.format)) throw new Problem("it does not say which format it has");
  if (file.format > FORMAT) {
    throw Object.assign(new Problem("a newer edition of the course wrote it; open it with that edition"), { newer: true });
  }
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
    const fault = faultOf(item, answer, file.edition === expected.edition ? expected.options(item) : undefined);
    if (fault) throw new Problem(`the answer to ${brief(item)} ${fault}`);
    answers.set(item, {
      tries: answer.tries.map(({ option, confidence, reason, at, since }) => ({
        option,
        confidence,
        reason: reason ?? "",
        at,
        ...(since && { since }),
      })),
      view: answer.view ?? "",
      viewed: answer.viewed ?? "",
    });
  }
  return { answers, coder: isText(file.coder, LONGEST_NAME) ? file.coder : "" };
};

const brief = (value) => `“${String(value).slice(0, 60)}”`;

/** What is wrong with one answer, in words that follow “the answer to … ”; nothing when all is well. */
const faultOf = (item, answer, options) => {
  if (!isText(item, LONGEST_NAME)) return "has a name that is too long";
  if (typeof answer !== "object" || answer === null || !Array.isArray(answer.tries)) return "is not an answer";
  if (answer.tries.length < 1) return "has no decision";
  if (answer.tries.length > MOST_TRIES) return `has more than ${MOST_TRIES} decisions`;
  for (const one of answer.tries) {
    if (typeof one !== "object" || one === null) return "holds something that is not a decision";
    if (!isText(one.option, 100)) return "names no option";
    if (options && !options.includes(one.option)) return `names ${brief(one.option)}, which is not one of: ${options.join(", ")}`;
    if (!CONFIDENCES.some(({ value }) => value === one.confidence)) {
      return `has the confidence ${brief(one.confidence)}, which is not one of: ${CONFIDENCES.map((c) => c.value).join(", ")}`;
    }
    if (!isText(one.reason ?? "")) return `has a reason that is no text or longer than ${LONGEST_TEXT} characters`;
    if (!isMoment(one.at)) return "has no readable date";
    if (!isText(one.since ?? "", LONGEST_NAME)) return "names a step that is none";
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
    const tries = new Map([...answer.tries, ...own.tries].map((one) => [`${one.at} ${one.option}`, one]));
    const newer = answer.viewed > own.viewed ? answer : own;
    joined.set(item, {
      tries: [...tries.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(0, MOST_TRIES),
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
    /** What is stored belongs to a newer edition, or cannot be put aside: then it is left alone. */
    this.leaveAlone = false;
    this.takeFromModel();
    this.takeFromStorage();
    if (this.answers.size) this.tellModel();
    addEventListener(
      "storage",
      (event) => {
        if (event.key !== this.key && event.key !== null) return;
        if (event.newValue === null) Object.assign(this, { answers: new Map(), coder: "" });
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
        this.coder = detail.coder;
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

  decide(item, { option, confidence, reason, since }) {
    const answer = this.answers.get(item) ?? { tries: [], view: "", viewed: "" };
    // A clock that was set back must not make this decision an earlier one.
    const after = answer.tries.length ? Date.parse(answer.tries.at(-1).at) + 1 : 0;
    const at = new Date(Math.max(Date.now(), after)).toISOString();
    const one = { option, confidence, reason: reason.slice(0, LONGEST_TEXT), at, ...(since && { since }) };
    this.answers.set(item, { ...answer, tries: [...answer.tries.slice(0, MOST_TRIES - 1), one] });
    this.keep();
  }

  setView(item, view) {
    const own = this.answers.get(item);
    if (!own) return; // deleted meanwhile, in another tab or place
    const answer = { ...own, view: view.slice(0, LONGEST_TEXT), viewed: new Date().toISOString() };
    this.answers.set(item, answer);
    this.keep();
  }

  setCoder(coder) {
    this.keep(coder.slice(0, LONGEST_NAME));
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

  /** Whether this edition has the item and every option that was chosen for it. */
  knows(item) {
    return this.answers.get(item).tries.every(({ option }) => this.options(item)?.includes(option));
  }

  /** Ids of answered items that this edition of the deck no longer has, or no longer with the option chosen. */
  retired() {
    return [...this.answers.keys()].filter((item) => !this.knows(item));
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
    const { answers, coder } = validated(content, { ...this.expected(), edition: this.deck.edition });
    this.answers = merged(this.answers, answers);
    this.keep(this.coder || coder);
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
    const stored = this.stored();
    if (!stored) return;
    this.answers = merged(this.answers, stored.answers);
    this.coder = stored.coder;
  }

  /** What the browser keeps, if it can be read; if not, it is put aside or left alone, never lost. */
  stored() {
    let text = null;
    try {
      text = localStorage.getItem(this.key);
    } catch {
      this.cannotKeep();
    }
    if (text === null) return undefined;
    try {
      return validated(JSON.parse(text), this.expected());
    } catch (error) {
      if (!(error instanceof Problem || error instanceof SyntaxError)) throw error;
      if (error.newer) {
        this.leaveAlone = true;
        this.say("A newer edition of the course has stored answers here. They are left as they are; reload this page to use them.");
      } else {
        this.putAside(text);
      }
      return undefined;
    }
  }

  /** Copy what cannot be read before the next decision takes its place. */
  putAside(text) {
    try {
      let number = 1;
      const slot = () => `${this.key}:unreadable${number > 1 ? `:${number}` : ""}`;
      while (![null, text].includes(localStorage.getItem(slot()))) number += 1;
      localStorage.setItem(slot(), text);
      this.say("Answers stored earlier in this browser could not be read. They were put aside, not deleted; you start with none.");
    } catch {
      this.leaveAlone = true;
      this.cannotKeep();
    }
  }

  /** Store the answers, after adding what another tab has stored meanwhile. */
  keep(coder) {
    const stored = this.stored();
    if (stored) this.answers = merged(stored.answers, this.answers);
    this.coder = coder ?? stored?.coder ?? this.coder;
    try {
      if (!this.leaveAlone) localStorage.setItem(this.key, JSON.stringify(this.file()));
    } catch {
      this.cannotKeep();
    }
    this.tellModel();
    dispatchEvent(new CustomEvent(KEPT, { detail: this }));
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
 * @param {string} [given.name]  what a screen reader calls it, where the title alone would stand twice on a page
 */
const makeFrame = ({ el, deck, signal, title, name }) => {
  const on = (target, type, listener) => (target.addEventListener(type, listener, { signal }), target);
  const heading = uniqueName("title");
  const notices = make("div.po-notices", { role: "status" });
  const spoken = make("p.po-spoken", { role: "status" });
  const main = make("div");
  const root = make(
    "section.po-activity-frame",
    { ...(name ? { "aria-label": name } : { "aria-labelledby": heading }), "data-activity": deck.activity, "data-lm-suppress-shortcuts": true, tabindex: "-1" },
    make("h3.po-activity-title", { id: heading }, title),
    notices,
    main,
    spoken,
  );
  // JupyterLab would take single letters for commands; a click on the text must not give the focus to the cell.
  on(root, "keydown", (event) => event.stopPropagation());
  el.append(root);
  /** Whether the reader has begun something in the card shown, which nothing from outside may throw away. */
  let begun = false;
  on(main, "input", () => (begun = true));
  const place = (...parts) => {
    begun = false;
    main.replaceChildren(...parts.filter(Boolean));
  };

  const shown = new Set();
  const say = (sentence) => {
    if (shown.has(sentence)) return;
    shown.add(sentence);
    // A region that is born with its text stays silent.
    setTimeout(() => notices.append(make("p.po-notice", {}, sentence)), 30);
  };
  const speak = (sentence) => {
    spoken.textContent = "";
    setTimeout(() => (spoken.textContent = sentence), 30); // the same words twice are read twice
  };
  const button = (label, listener, attributes = {}) =>
    on(make("button.po-button", { type: "button", ...attributes }, label), "click", listener);
  return { root, main, on, say, speak, button, place, isBegun: () => begun, settle: () => (begun = false) };
};

/**
 * A question with options, a confidence and, if asked for, a reason.
 *
 * @param {object} given
 * @param {ReturnType<typeof makeFrame>} given.frame
 * @param {string} given.legend
 * @param {Option[]} given.options
 * @param {Try} [given.chosen]
 * @param {Node} [given.more]  a further field, between the options and the confidence
 * @param {string} [given.reasonLabel]  asks for a reason when given
 * @param {string} given.submit  the button's words
 * @param {(decision: {option: string, confidence: number, reason: string}) => void} given.decided
 */
const makeForm = ({ frame, legend, options, chosen, more, reasonLabel, submit, decided }) => {
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
    more,
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
    locator ? `${source ? ", " : ""}${locator}` : "",
  );
};

/** What the reader is told about a decision; takes the focus, so that it is read out and the next key goes on from here. */
const makeFeedback = ({ deck, status, lead, feedback, children = [] }) => {
  const { mark, word } = STATUSES[status];
  const message = feedback && make("p.po-feedback__message", { id: uniqueName("why") }, feedback.message);
  const heading = make(
    "p.po-feedback__head",
    { tabindex: "-1", "aria-describedby": message?.id },
    make("span.po-feedback__mark", { "aria-hidden": "true" }, mark),
    make("strong", {}, `${word}. `),
    lead,
  );
  const box = make(
    "div.po-feedback-box",
    { "data-status": status },
    heading,
    message,
    feedback && makeSource(deck, feedback),
    ...children,
  );
  return { box, focus: () => heading.focus() };
};

/** What is known of an item, as terms and texts. */
const makeFacts = (facts) =>
  make("dl.po-facts", {}, ...facts.map(({ label, text }) => make("div", {}, make("dt", {}, label), make("dd", {}, text))));

/** A select with its label. @param {{value: string, label: string}[]} options */
const makeSelect = (label, options, value) => {
  const select = make("select.po-select", {}, ...options.map((one) => make("option", { value: one.value }, one.label)));
  select.value = value;
  return { field: make("label.po-field", {}, make("span", {}, label), select), select };
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
            ...others.map((cell, column) => make(cell.length > 40 ? "td.po-wide" : "td", { "data-head": head[column + 1] }, cell)),
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
  // How far apart the two come, in points, for 95 of 100 readers whose confidence is well placed.
  const variance = judged.reduce((sum, { confidence }) => sum + (confidence / 100) * (1 - confidence / 100), 0);
  const allowance = (196 * Math.sqrt(variance)) / judged.length;
  const reading =
    judged.length < 10
      ? "That is too few to say whether your confidence is well placed."
      : Math.abs(gap) <= Math.max(10, allowance)
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
  const { on, button } = frame;
  const outcome = make("p.po-outcome", { role: "status" });
  const state = make("p.po-kept");
  const ask = make("div.po-ask", { hidden: true });
  const file = make("input.po-file__input", { type: "file", accept: ".json,application/json" });
  const coder = make("input.po-text", { type: "text", maxlength: LONGEST_NAME, value: book.coder, autocomplete: "off" });

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
      changed();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      outcome.textContent = `The file ${brief(chosen.name)} was not taken: ${error.message}. Your answers here are as they were.`;
    } finally {
      file.value = "";
      refresh();
    }
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
    coder.value = book.coder;
    const gone = book.retired();
    state.textContent = gone.length
      ? `${plural(gone.length, "answer belongs", "answers belong")} to ${what} or options that this edition no longer has (${gone.slice(0, 5).join(", ")}${gone.length > 5 ? ", …" : ""}). They are kept and exported.`
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
