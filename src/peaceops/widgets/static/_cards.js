/**
 * A deck of cards that coders have coded: decide, read why, see who codes it how, go on, get a report.
 *
 * Joined between `_shared.js` and the files of the activities that show such a deck; it exports nothing.
 *
 * @typedef {Record<string, string>} Coding  has `coder`, `basis`, `certainty`, and what the activity names
 *
 * @typedef {object} Card
 * @property {string} id
 * @property {string} title
 * @property {boolean} contested
 * @property {string} contested_why
 * @property {string} answer  the fitting option of a settled card, else ""
 * @property {Coding[]} codings
 * @property {Record<string, Feedback>} feedback
 *
 * @typedef {{id: string, label: string, ids: string[]}} Scope  a part of the deck that can be gone through by itself
 *
 * @typedef {Deck & {options: Option[], coders: {id: string, label: string}[], items: Card[], blind?: boolean, scope?: string}} CardDeck
 *   `blind`: what the sources say is held back until every card is decided
 */

/** Cohen's kappa of two equally long lists of options; undefined where it has no value or no weight. */
const kappaOf = (pairs) => {
  if (pairs.length < 10) return undefined;
  const share = (side, option) => pairs.filter((pair) => pair[side] === option).length / pairs.length;
  const options = new Set(pairs.flat());
  const observed = pairs.filter(([one, other]) => one === other).length / pairs.length;
  const chance = [...options].reduce((sum, option) => sum + share(0, option) * share(1, option), 0);
  const varied = [0, 1].every((side) => new Set(pairs.map((pair) => pair[side])).size > 1);
  return varied ? (observed - chance) / (1 - chance) : undefined;
};

/**
 * Run a deck of cards.
 *
 * @param {object} given
 * @param {any} given.model
 * @param {HTMLElement} given.el
 * @param {AbortSignal} given.signal
 * @param {{one: string, many: string, title: string, coded: string, sayers: (item: Card) => string, parted?: string,
 *   fitting?: (item: Card, option: string) => string, alone?: (item: Card) => string | undefined,
 *   alsoSaid?: (item: Card, option: string) => string[]}} given.words  what a card is about, the columns of cards and of
 *   codings, who says what fits, who parts, and what stands with a decision
 * @param {(coding: Coding) => string} given.codedAs  the option that a coding names
 * @param {(coding: Coding) => string} [given.labelled]  the words for it, where they are not the option's
 * @param {(coding: Coding) => string} given.why  the reason of a coding, with its place
 * @param {(item: Card) => string} given.legend  the question
 * @param {(item: Card) => (Node | null | false)[]} given.face  what the card shows
 * @param {(item: Card, chosen?: Try) => {element: Node, read: () => object} | null} [given.more]  a further field of the form
 * @param {(item: Card, tried: Try) => (Node | null | false)[]} [given.afterwards]  what stands below the codings
 * @param {Scope[]} [given.scopes]  parts of the deck; the first is the whole
 * @param {(at: {id: string, goTo: (id: string) => void, book: AnswerBook}) => Node} [given.overview]  stands above each card
 * @param {(tools: {book: AnswerBook, frame: object}) => {label: string, title: string, build: () => Node[]}[]} [given.views]  further views
 * @param {(tools: {book: AnswerBook, decided: string[]}) => (Node | null | false)[]} [given.findings]  further parts of the report
 * @returns {() => void} what ends the activity
 */
const runCards = ({ model, el, signal, words, codedAs, labelled, why, legend, face, more, afterwards, scopes, overview, views, findings }) => {
  /** @type {CardDeck} */
  const deck = model.get("deck");
  const frame = makeFrame({ el, deck, signal, title: deck.title });
  const { main, button, speak } = frame;
  const cards = new Map(deck.items.map((item) => [item.id, item]));
  const names = new Map(deck.options.map(({ id, label }) => [id, label]));
  const nameOf = (option) => names.get(option) ?? option;
  const optionIds = deck.options.map(({ id }) => id);
  const wordsOf = labelled ?? ((coding) => nameOf(codedAs(coding)));
  /** A coding may cover two options, such as “start-up/maintenance”: it agrees with either. */
  const agree = (option, coding) => codedAs(coding).split("/").includes(option);
  const book = new AnswerBook({
    deck,
    model,
    signal,
    say: frame.say,
    options: (item) => (cards.has(item) ? optionIds : undefined),
    changed: () => (frame.isBegun() ? tools.refresh() : show()),
  });
  const tools = makeTools({ frame, book, what: words.many, changed: () => restart() });

  const whole = deck.items.map(({ id }) => id);
  const parts = scopes ?? [{ id: "all", label: "", ids: whole }];
  const extra = views ? views({ book, frame }) : [];
  /** The part gone through, the cards of it, the place among them, and what is shown instead of a card. */
  const at = { scope: parts.find(({ id }) => id === deck.scope) ?? parts[0], sequence: whole, index: 0, shown: "card", review: false };
  at.sequence = at.scope.ids;
  const all = () => at.scope.ids;
  const decidedIn = (ids) => ids.filter((id) => book.get(id));
  const fits = (id) => book.first(id)?.option === cards.get(id).answer;
  const settled = () => decidedIn(all()).filter((id) => !cards.get(id).contested && book.knows(id));
  /** Whether the reader may see what the sources say. */
  const isOpen = () => !deck.blind || decidedIn(whole).length === whole.length;
  const missed = () => settled().filter((id) => book.last(id).option !== cards.get(id).answer);

  /** Go to a card; focus its heading, so that a screen reader reads it. */
  const go = (index) => {
    Object.assign(at, { index, shown: "card" });
    show();
    main.querySelector(".po-card__title")?.focus();
  };
  const goTo = (id) => {
    if (!at.sequence.includes(id)) Object.assign(at, { scope: parts[0], sequence: parts[0].ids, review: false });
    go(at.sequence.indexOf(id));
  };
  const toReport = () => {
    at.shown = "report";
    show();
    main.querySelector(".po-report__title").focus();
  };
  const restart = () => {
    Object.assign(at, { sequence: all(), index: 0, shown: "card", review: false });
    show();
  };
  const show = () => {
    const view = extra.find(({ label }) => label === at.shown);
    frame.place(...(view ? seen(view) : at.shown === "report" ? [report()] : card()));
    tools.refresh();
  };

  // ---- the card ----

  const progress = () => {
    const number = decidedIn(all()).length;
    const place = `${at.index + 1} of ${at.sequence.length}`;
    const chooser = make(
      "select.po-select",
      { "aria-label": "Go to a card" },
      ...at.sequence.map((id, index) =>
        make("option", { value: String(index) }, `${index + 1}. ${cards.get(id).title}${book.get(id) ? " (decided)" : ""}`),
      ),
    );
    chooser.value = String(at.index);
    frame.on(chooser, "change", () => {
      go(Number(chooser.value));
      main.querySelector(".po-progress .po-select").focus(); // an arrow key in a closed list is a change too
    });
    return make(
      "div.po-progress",
      {},
      make("p.po-progress__where", {}, `${at.review ? "Missed card" : "Card"} ${place}. ${number} of ${all().length} decided.`),
      make("progress", { max: all().length, value: number, "aria-label": "Cards decided" }),
      chooser,
    );
  };

  const countOf = ({ label, ids }) => `${label} (${decidedIn(ids).length} of ${ids.length} decided)`;
  /** Choose which part of the deck to go through. */
  const scopeChooser = () => {
    const chooser = make(
      "select.po-select.po-scope",
      {},
      ...parts.map((part) => make("option", { value: part.id }, countOf(part))),
    );
    chooser.value = at.scope.id;
    frame.on(chooser, "change", () => {
      at.scope = parts.find(({ id }) => id === chooser.value);
      const next = at.scope.ids.findIndex((id) => !book.get(id));
      Object.assign(at, { sequence: at.scope.ids, index: Math.max(0, next), review: false });
      show();
      main.querySelector(".po-scope").focus();
    });
    return make("label.po-field", {}, make("span", {}, "What to go through"), chooser);
  };

  /** What was begun on a card and not decided; it stays until the page is left. */
  const drafts = new Map();
  const noteDraft = (item, form, field) =>
    drafts.set(item.id, {
      option: form.querySelector(".po-options input:checked")?.value,
      confidence: Number(form.querySelector(".po-confidence input:checked")?.value),
      reason: form.querySelector(".po-reason").value,
      ...field?.read(),
    });

  const card = () => {
    const item = cards.get(at.sequence[at.index]);
    const last = book.last(item.id);
    const draft = drafts.get(item.id);
    const chosen = draft ?? (at.review ? undefined : last);
    const place = make("div");
    const field = more?.(item, chosen);
    const form = makeForm({
      frame,
      legend: legend(item),
      options: deck.options,
      chosen,
      more: field?.element,
      reasonLabel: "Your reason, in a sentence (optional)",
      submit: last ? "Decide again" : "Decide",
      decided: (decision) => {
        frame.settle();
        drafts.delete(item.id);
        book.decide(item.id, { ...decision, ...field?.read() });
        form.querySelector("button[type=submit]").textContent = "Decide again";
        main.querySelector(".po-progress").replaceWith(progress());
        main.querySelector(".po-steps").replaceWith(steps());
        main.querySelectorAll(".po-scope option").forEach((part, number) => (part.textContent = countOf(parts[number])));
        main.querySelector(".po-overview")?.replaceChildren(overview({ id: item.id, goTo, book }));
        tools.refresh();
        answer(item, place).focus();
      },
    });
    frame.on(form, "input", () => noteDraft(item, form, field));
    if (last && !at.review) answer(item, place);
    return [
      parts.length > 1 && scopeChooser(),
      overview && make("div.po-overview", {}, overview({ id: item.id, goTo, book })),
      progress(),
      make("article.po-card", {}, make("h4.po-card__title", { tabindex: "-1" }, item.title), ...face(item)),
      draft && make("p.po-small", {}, "You had begun this card and not decided it: here is what you had."),
      form,
      place,
      steps(),
    ];
  };

  const steps = () =>
    make(
      "div.po-row.po-steps",
      {},
      at.index > 0 && button("Previous card", () => go(at.index - 1)),
      at.index < at.sequence.length - 1 ? button("Next card", () => go(at.index + 1)) : button("To the report", toReport),
      at.index < at.sequence.length - 1 && decidedIn(all()).length > 0 && button("Report so far", toReport),
      ...extra.map(({ label }) => button(label, () => toView(label))),
      at.review && button("Back to all cards", restart),
    );

  /** Who chose the same on a contested card, in words. */
  const companyOf = (item, option) => {
    const same = item.codings.filter((coding) => agree(option, coding)).map(({ coder }) => deck.coders.find(({ id }) => id === coder)?.label ?? coder);
    const all = [...same, ...(words.alsoSaid?.(item, option) ?? [])];
    return all.length ? `The same as you: ${all.join(", ")}.` : "Nobody named here says the same as you.";
  };

  /** Show what the reader is told about the last decision on a card. */
  const answer = (item, place) => {
    const tried = book.last(item.id);
    const { option } = tried;
    if (!isOpen()) {
      const lead = `You chose ${nameOf(option)}. What the sources say follows when you have decided all cards.`;
      const noted = makeFeedback({ deck, status: "noted", lead });
      place.replaceChildren(noted.box);
      return noted;
    }
    const status = item.contested ? "contested" : option === item.answer ? "fits" : "misfits";
    const lead = {
      contested: `You chose ${nameOf(option)}. ${item.codings.length ? `${words.parted ?? "The coders part"} on this ${words.one}. ${companyOf(item, option)}` : "This deck's author marks the case so."}`,
      fits: words.fitting?.(item, nameOf(option)) ?? `${nameOf(option)} is what ${words.sayers(item)} of this ${words.one}.`,
      misfits: `You chose ${nameOf(option)}. ${words.alone?.(item) ?? ""}Read what speaks against it, then decide again.`,
    }[status];
    const codings = make("div");
    const feedback = makeFeedback({
      deck,
      status,
      lead,
      feedback: item.feedback[option],
      children: [
        item.contested && make("p", {}, item.contested_why),
        codings,
        item.contested && view(item),
      ],
    });
    /** What names the fitting option: held back after a wrong answer, until the reader asks. */
    const reveal = () =>
      item.codings.length && codings.replaceChildren(codingsTable(item), ...(afterwards?.(item, tried) ?? []).filter(Boolean));
    if (status === "misfits" && item.codings.length) {
      const opener = button("Show who codes it how", () => {
        reveal();
        codings.querySelector("[tabindex]").focus();
      });
      codings.append(make("div.po-row", {}, opener));
    } else {
      reveal();
    }
    place.replaceChildren(feedback.box);
    return feedback;
  };

  const codingsTable = (item) =>
    makeTable(
      `Who codes this ${words.one} how`,
      ["Source", words.coded, "How sure", "Why, and where"],
      item.codings.map((coding) => [
        deck.coders.find(({ id }) => id === coding.coder)?.label ?? coding.coder,
        `${wordsOf(coding)}${coding.basis === "inferred_by_course" ? " (inferred by the course)" : ""}`,
        coding.certainty,
        why(coding),
      ]),
    );

  const view = (item) => {
    const text = make("textarea.po-reason", { rows: 3, maxlength: LONGEST_TEXT, value: book.get(item.id).view });
    frame.on(text, "change", () => book.setView(item.id, text.value.trim()));
    return make(
      "div.po-view",
      {},
      make("label.po-field", {}, make("span", {}, "Which reading do you find stronger, and why?"), text),
      make(
        "div.po-row",
        {},
        button("Keep my view", () => {
          book.setView(item.id, text.value.trim());
          speak("Your view is kept.");
        }),
      ),
    );
  };

  // ---- further views ----

  const toView = (label) => {
    at.shown = label;
    show();
    main.querySelector(".po-report__title").focus();
  };
  const back = () => button("Back to the cards", () => go(at.index));
  const seen = ({ title, build }) => [
    make("div.po-report", {}, make("h4.po-report__title", { tabindex: "-1" }, title), ...build(), make("div.po-row.po-steps", {}, back())),
  ];

  // ---- the report ----

  const report = () => {
    const decided = decidedIn(all());
    const open = all().length - decided.length;
    const judged = settled().map((id) => ({ confidence: book.first(id).confidence, fits: fits(id) }));
    const again = missed();
    const contested = decided.filter((id) => cards.get(id).contested);
    const told = isOpen() && decided.some((id) => cards.get(id).codings.length);
    return make(
      "div.po-report",
      {},
      make("h4.po-report__title", { tabindex: "-1" }, open ? "Your report so far" : "Your report"),
      make(
        "p",
        {},
        !isOpen()
          ? `You have decided ${decided.length} of ${plural(all().length, words.one, words.many)}. What the sources say follows when you have decided all of them.`
          : decided.length
            ? `You decided ${decided.length} of ${plural(all().length, words.one, words.many)}. Settled: your first answer fits ${judged.filter((one) => one.fits).length} of ${judged.length}. Contested: ${contested.length}, which count neither way.`
            : `You have not decided any ${words.one} yet.`,
      ),
      ...(told ? [agreement(decided), partings(decided), ...(findings?.({ book, decided }) ?? [])] : []),
      isOpen() && makeCalibration(judged),
      make(
        "div.po-row.po-steps",
        {},
        isOpen() &&
          again.length > 0 &&
          button(`Review ${plural(again.length, "missed card")}`, () => {
            Object.assign(at, { sequence: again, review: true });
            go(0);
          }),
        button("Back to the cards", () => {
          Object.assign(at, { sequence: all(), review: false });
          go(Math.max(0, all().findIndex((id) => !book.get(id))));
        }),
      ),
    );
  };

  /** A source's coding of a card, if it codes it. */
  const codingBy = (id, coder) => cards.get(id).codings.find((coding) => coding.coder === coder);

  /** Compare first answers with each source, over the cards that both have coded. */
  const agreement = (decided) => {
    const rows = deck.coders
      .map(({ id: coder, label }) => {
        const both = decided.filter((id) => codingBy(id, coder));
        const same = both.filter((id) => agree(book.first(id).option, codingBy(id, coder))).length;
        // A coding that covers two options is taken for the one that the reader chose, if that is one of them.
        const kappa = kappaOf(
          both.map((id) => {
            const [own, theirs] = [book.first(id).option, codingBy(id, coder)];
            return [own, agree(own, theirs) ? own : codedAs(theirs)];
          }),
        );
        return both.length
          ? [label, String(both.length), String(same), percent(same / both.length), kappa === undefined ? "–" : kappa.toFixed(2).replace("-", "−")]
          : null;
      })
      .filter(Boolean);
    return make(
      "div",
      {},
      makeTable(
        "How often your first answer agrees with each source",
        ["Source", `${words.many[0].toUpperCase()}${words.many.slice(1)} both coded`, "The same", "Share", "Kappa"],
        rows,
      ),
      make(
        "p.po-small",
        {},
        "Kappa is agreement beyond chance: 1 is full, 0 what chance alone would bring; below ten none is given. Few answers make a shaky figure. Chapter 4 shows how to read it.",
      ),
    );
  };

  const partings = (decided) => {
    const rows = decided
      .map((id) => {
        const own = book.first(id).option;
        const theirs = deck.coders.map(({ id: coder }) => codingBy(id, coder));
        return {
          row: [cards.get(id).title, nameOf(own), ...theirs.map((one) => (one ? wordsOf(one) : "–"))],
          parts: theirs.some((one) => one && !agree(own, one)),
        };
      })
      .filter(({ parts }) => parts)
      .map(({ row }) => row);
    return rows.length
      ? makeTable("Where you and a source part", [words.title, "You, first", ...deck.coders.map(({ label }) => label)], rows)
      : make("p", {}, `Your first answers agree with every source that has coded these ${words.many}.`);
  };

  const next = at.sequence.findIndex((id) => !book.get(id));
  at.index = Math.max(0, next);
  show();
  frame.root.append(tools.element);
  return () => el.replaceChildren();
};
