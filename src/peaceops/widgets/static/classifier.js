/**
 * MissionClassifier: decide which framework fits a case, and see why each source says what it says.
 *
 * @typedef {object} Coding
 * @property {string} coder
 * @property {string} framework
 * @property {string} basis
 * @property {string} certainty
 * @property {string} reason
 * @property {string} locator
 *
 * @typedef {object} Case
 * @property {string} id
 * @property {string} title
 * @property {string} place
 * @property {string} period
 * @property {string} summary
 * @property {{label: string, text: string}[]} facts
 * @property {string} sources
 * @property {boolean} contested
 * @property {string} contested_why
 * @property {string} answer  the fitting framework of a settled case, else ""
 * @property {Coding[]} codings
 * @property {Record<string, Feedback>} feedback
 *
 * @typedef {Deck & {options: Option[], coders: {id: string, label: string}[], items: Case[], blind?: boolean}} ClassifierDeck
 *   `blind`: what the sources say is held back until every card is decided
 */

const render = ({ model, el }) => {
  const controller = new AbortController();
  const { signal } = controller;
  /** @type {ClassifierDeck} */
  const deck = model.get("deck");
  const frame = makeFrame({ el, deck, signal, title: deck.title });
  const { main, button, speak } = frame;
  const cases = new Map(deck.items.map((item) => [item.id, item]));
  const names = new Map(deck.options.map(({ id, label }) => [id, label]));
  const optionIds = deck.options.map(({ id }) => id);
  const book = new AnswerBook({
    deck,
    model,
    signal,
    say: frame.say,
    options: (item) => (cases.has(item) ? optionIds : undefined),
    changed: () => (frame.isBegun() ? tools.refresh() : show()),
  });
  const tools = makeTools({ frame, book, what: "cases", changed: () => restart() });

  const all = deck.items.map(({ id }) => id);
  /** The cards to go through, the place among them, and whether the report is shown. */
  const at = { sequence: all, index: 0, report: false, review: false };
  const decidedIn = (ids) => ids.filter((id) => book.get(id));
  const fits = (id) => book.first(id)?.option === cases.get(id).answer;
  const settled = () => decidedIn(all).filter((id) => !cases.get(id).contested && book.knows(id));
  /** Whether the reader may see what the sources say. */
  const isOpen = () => !deck.blind || decidedIn(all).length === all.length;
  const missed = () => settled().filter((id) => book.last(id).option !== cases.get(id).answer);

  /** Go to a card; focus its heading, so that a screen reader reads it. */
  const go = (index) => {
    Object.assign(at, { index, report: false });
    show();
    main.querySelector(".po-card__title")?.focus();
  };
  const toReport = () => {
    at.report = true;
    show();
    main.querySelector(".po-report__title").focus();
  };
  const restart = () => {
    Object.assign(at, { sequence: all, index: 0, report: false, review: false });
    show();
  };
  const show = () => {
    frame.place(...(at.report ? [report()] : card()));
    tools.refresh();
  };

  // ---- the card ----

  const progress = () => {
    const number = decidedIn(all).length;
    const where = at.review ? `Missed card ${at.index + 1} of ${at.sequence.length}` : `Card ${at.index + 1} of ${at.sequence.length}`;
    const chooser = make(
      "select.po-select",
      { "aria-label": "Go to a card" },
      ...at.sequence.map((id, index) =>
        make("option", { value: String(index) }, `${index + 1}. ${cases.get(id).title}${book.get(id) ? " (decided)" : ""}`),
      ),
    );
    chooser.value = String(at.index);
    frame.on(chooser, "change", () => {
      go(Number(chooser.value));
      main.querySelector(".po-select").focus(); // an arrow key in a closed list is a change too
    });
    return make(
      "div.po-progress",
      {},
      make("p.po-progress__where", {}, `${where}. ${number} of ${all.length} decided.`),
      make("progress", { max: all.length, value: number, "aria-label": "Cards decided" }),
      chooser,
    );
  };

  const card = () => {
    const item = cases.get(at.sequence[at.index]);
    const last = book.last(item.id);
    const place = make("div");
    const form = makeForm({
      frame,
      legend: "Which framework describes this relationship?",
      options: deck.options,
      chosen: at.review ? undefined : last,
      reasonLabel: "Your reason, in a sentence (optional)",
      submit: last ? "Decide again" : "Decide",
      decided: (decision) => {
        frame.settle();
        book.decide(item.id, decision);
        form.querySelector("button[type=submit]").textContent = "Decide again";
        main.querySelector(".po-progress").replaceWith(progress());
        tools.refresh();
        answer(item, place).focus();
      },
    });
    const parts = [
      progress(),
      make(
        "article.po-card",
        {},
        make("h4.po-card__title", { tabindex: "-1" }, item.title),
        make("p.po-card__where", {}, [item.place, item.period].filter(Boolean).join(" · ")),
        make("p.po-card__summary", {}, item.summary),
        make("dl.po-facts", {}, ...item.facts.map(({ label, text }) => make("div", {}, make("dt", {}, label), make("dd", {}, text)))),
        item.sources && make("details.po-more", {}, make("summary", {}, "Sources of this card"), make("p", {}, item.sources)),
      ),
      form,
      place,
      steps(),
    ];
    if (last && !at.review) answer(item, place);
    return parts;
  };

  const steps = () =>
    make(
      "div.po-row.po-steps",
      {},
      at.index > 0 && button("Previous card", () => go(at.index - 1)),
      at.index < at.sequence.length - 1
        ? button("Next card", () => go(at.index + 1))
        : button("To the report", toReport),
      at.index < at.sequence.length - 1 && decidedIn(all).length > 0 && button("Report so far", toReport),
      at.review && button("Back to all cards", restart),
    );

  /** Show what the reader is told about the last decision on a case. */
  const answer = (item, place) => {
    const { option } = book.last(item.id);
    if (!isOpen()) {
      const lead = `You chose ${names.get(option) ?? option}. What the sources say follows when you have decided all cards.`;
      const noted = makeFeedback({ deck, status: "noted", lead });
      place.replaceChildren(noted.box);
      return noted;
    }
    const status = item.contested ? "contested" : option === item.answer ? "fits" : "misfits";
    const lead = {
      contested: `You chose ${names.get(option) ?? option}. ${item.codings.length ? "The coders part on this case." : "This deck's author marks the case so."}`,
      fits: `${names.get(option)} is what ${sayers(item)} of this case.`,
      misfits: `You chose ${names.get(option) ?? option}. Read what speaks against it, then decide again.`,
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
    const reveal = () => item.codings.length && codings.replaceChildren(codingsTable(item));
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

  /** Who says what fits: of many cases the course alone. */
  const sayers = ({ codings }) => {
    if (!codings.length) return "this deck's author says";
    return codings.every(({ coder }) => coder.startsWith("course")) ? "the course says; neither paper codes it," : "the sources and the course say";
  };

  const codingsTable = (item) =>
    makeTable(
      "Who codes this case how",
      ["Source", "Framework", "How sure", "Why, and where"],
      item.codings.map((coding) => [
        deck.coders.find(({ id }) => id === coding.coder)?.label ?? coding.coder,
        `${names.get(coding.framework) ?? coding.framework}${coding.basis === "stated" ? "" : " (inferred by the course)"}`,
        coding.certainty,
        `${coding.reason} (${coding.locator})`,
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

  // ---- the report ----

  const report = () => {
    const decided = decidedIn(all);
    const open = all.length - decided.length;
    const judged = settled().map((id) => ({ confidence: book.first(id).confidence, fits: fits(id) }));
    const again = missed();
    const contested = decided.filter((id) => cases.get(id).contested);
    return make(
      "div.po-report",
      {},
      make("h4.po-report__title", { tabindex: "-1" }, open ? "Your report so far" : "Your report"),
      make(
        "p",
        {},
        !isOpen()
          ? `You have decided ${decided.length} of ${plural(all.length, "case")}. What the sources say follows when you have decided all of them.`
          : decided.length
          ? `You decided ${decided.length} of ${plural(all.length, "case")}. Settled: your first answer fits ${judged.filter((one) => one.fits).length} of ${judged.length}. Contested: ${contested.length}, which count neither way.`
          : "You have not decided any case yet.",
      ),
      ...(isOpen() && decided.some((id) => cases.get(id).codings.length) ? [agreement(decided), partings(decided)] : []),
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
          Object.assign(at, { sequence: all, review: false });
          go(Math.max(0, all.findIndex((id) => !book.get(id))));
        }),
      ),
    );
  };

  /** Compare first answers with each source, over the cases that both have coded. */
  const agreement = (decided) => {
    const rows = deck.coders
      .map(({ id: coder, label }) => {
        const both = decided
          .map((id) => ({ own: book.first(id).option, theirs: cases.get(id).codings.find((coding) => coding.coder === coder)?.framework }))
          .filter(({ theirs }) => theirs);
        const same = both.filter(({ own, theirs }) => own === theirs).length;
        return both.length ? [label, String(both.length), String(same), percent(same / both.length)] : null;
      })
      .filter(Boolean);
    return make(
      "div",
      {},
      makeTable("How often your first answer agrees with each source", ["Source", "Cases both coded", "The same", "Share"], rows),
      make("p.po-small", {}, "Few cases make a shaky share; and some agreement comes by chance. Chapter 4 shows how to allow for it."),
    );
  };

  const partings = (decided) => {
    const rows = decided
      .map((id) => {
        const { codings, title } = cases.get(id);
        const own = book.first(id).option;
        const theirs = deck.coders.map(({ id: coder }) => codings.find((coding) => coding.coder === coder)?.framework);
        return { row: [title, names.get(own) ?? own, ...theirs.map((one) => (one ? names.get(one) : "–"))], parts: theirs.some((one) => one && one !== own) };
      })
      .filter(({ parts }) => parts)
      .map(({ row }) => row);
    return rows.length
      ? makeTable("Where you and a source part", ["Case", "You, first", ...deck.coders.map(({ label }) => label)], rows)
      : make("p", {}, "Your first answers agree with every source that has coded these cases.");
  };

  show();
  frame.root.append(tools.element);
  const next = all.findIndex((id) => !book.get(id));
  if (next > 0) {
    at.index = next;
    show();
  }
  return () => {
    controller.abort();
    el.replaceChildren();
  };
};

export default { render };
