/**
 * Quiz: short questions with an explanation for every option, and questions of earlier chapters that are due again.
 *
 * @typedef {object} Question
 * @property {string} id
 * @property {string} chapter
 * @property {string} prompt
 * @property {Option[]} options
 * @property {string} answer
 * @property {Record<string, Feedback>} feedback
 *
 * @typedef {Deck & {chapter: string, items: Question[]}} QuizDeck  `items`: of all chapters, so that answers to them are known
 */

const DAY_MS = 86_400_000;
/** Days until a question comes back, after so many fitting answers in a row. */
const INTERVALS = [0, 1, 3, 7, 21, 60];
const REVIEWED_AT_ONCE = 3;

/** When a question is due again (ms), and on how many days in a row it was answered fittingly; never asked is always due. */
const dueOf = (question, answer) => {
  if (!answer) return { due: 0, row: 0 };
  let [row, day] = [0, ""];
  for (const { option, at } of answer.tries) {
    const fitting = option === question.answer;
    if (!fitting) row = 0;
    else if (at.slice(0, 10) !== day) row += 1; // once a day: to repeat at once is not to remember
    day = fitting ? at.slice(0, 10) : "";
  }
  const days = INTERVALS[Math.min(row, INTERVALS.length - 1)];
  return { due: Date.parse(answer.tries.at(-1).at) + days * DAY_MS, row };
};

const render = ({ model, el }) => {
  const controller = new AbortController();
  const { signal } = controller;
  /** @type {QuizDeck} */
  const deck = model.get("deck");
  const frame = makeFrame({ el, deck, signal, title: deck.title });
  const { main, button } = frame;
  const questions = new Map(deck.items.map((item) => [item.id, item]));
  const book = new AnswerBook({
    deck,
    model,
    signal,
    say: frame.say,
    options: (item) => questions.get(item)?.options.map(({ id }) => id),
    changed: () => {
      for (const id of fresh.keys()) if (!book.get(id)) fresh.delete(id);
      if (frame.isBegun()) tools.refresh();
      else show();
    },
  });
  const tools = makeTools({
    frame,
    book,
    what: "questions",
    changed: () => {
      fresh.clear();
      restart();
    },
  });

  const own = deck.items.filter(({ chapter }) => chapter === deck.chapter).map(({ id }) => id);
  /** Questions of earlier chapters that are due: missed ones first, then those never asked, then the longest due. */
  const due = () =>
    deck.items
      .filter(({ chapter }) => chapter < deck.chapter)
      .map((item) => ({ id: item.id, asked: Boolean(book.get(item.id)), ...dueOf(item, book.get(item.id)) }))
      .filter((one) => one.due <= Date.now())
      .sort((a, b) => Number(b.asked && !b.row) - Number(a.asked && !a.row) || a.due - b.due)
      .slice(0, REVIEWED_AT_ONCE)
      .map(({ id }) => id);

  /** `again`: in another round the earlier answers are not shown, or there would be nothing to remember. */
  const at = { sequence: own, index: 0, report: false, again: false };
  /** Chosen once a run, so that an answer does not change the row of cards under the reader. */
  const start = () => Object.assign(at, { sequence: [...own, ...due()], index: 0, report: false, again: false });
  const restart = () => {
    start();
    show();
  };
  /** Questions answered since this run began. */
  const fresh = new Map();

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
  const show = () => {
    frame.place(...(at.report ? [report()] : card()));
    tools.refresh();
  };

  const card = () => {
    const item = questions.get(at.sequence[at.index]);
    const earlier = item.chapter !== deck.chapter;
    const chosen = fresh.get(item.id) ?? (earlier || at.again ? undefined : book.last(item.id));
    const place = make("div");
    const form = makeForm({
      frame,
      legend: item.prompt,
      options: item.options,
      chosen,
      submit: chosen ? "Answer again" : "Answer",
      decided: (decision) => {
        frame.settle();
        book.decide(item.id, decision);
        fresh.set(item.id, book.last(item.id));
        form.querySelector("button[type=submit]").textContent = "Answer again";
        tools.refresh();
        tell(item, decision.option, place).focus();
      },
    });
    if (chosen) tell(item, chosen.option, place);
    const last = at.index === at.sequence.length - 1;
    return [
      make(
        "div.po-progress",
        {},
        make(
          "h4.po-card__title.po-progress__where",
          { tabindex: "-1" },
          `Question ${at.index + 1} of ${at.sequence.length}${earlier ? `, ${book.get(item.id) ? "again " : ""}from chapter ${Number(item.chapter)}` : ""}`,
        ),
        make("progress", { max: at.sequence.length, value: at.index + (chosen ? 1 : 0), "aria-label": "Questions answered" }),
      ),
      form,
      place,
      make(
        "div.po-row.po-steps",
        {},
        at.index > 0 && button("Previous question", () => go(at.index - 1)),
        last ? button("To the result", toReport) : button("Next question", () => go(at.index + 1)),
      ),
    ];
  };

  const tell = (item, option, place) => {
    const fitting = option === item.answer;
    const feedback = makeFeedback({
      deck,
      status: fitting ? "fits" : "misfits",
      lead: fitting ? "" : "Read why, then answer again.",
      feedback: item.feedback[option],
    });
    place.replaceChildren(feedback.box);
    return feedback;
  };

  const report = () => {
    // Of this chapter's own questions: those of earlier chapters were chosen because they had been missed.
    const asked = own.filter((id) => book.get(id) && book.knows(id));
    const fitting = (id, one) => one.option === questions.get(id).answer;
    const judged = asked.map((id) => ({ confidence: book.first(id).confidence, fits: fitting(id, book.first(id)) }));
    const now = asked.filter((id) => fitting(id, book.last(id))).length;
    const again = at.sequence.filter((id) => book.get(id) && book.last(id).option !== questions.get(id).answer);
    const waiting = deck.items.filter((item) => book.get(item.id) && dueOf(item, book.get(item.id)).due > Date.now()).length;
    return make(
      "div.po-report",
      {},
      make("h4.po-report__title", { tabindex: "-1" }, "Your result"),
      make(
        "p",
        {},
        asked.length
          ? `You have answered ${asked.length} of this chapter's ${plural(own.length, "question")}; ${judged.filter((one) => one.fits).length} fitted at the first go, ${now} fit by now.`
          : "You have not answered any question yet.",
      ),
      makeCalibration(judged),
      waiting > 0 &&
        make(
          "p",
          {},
          `${plural(waiting, "question")} will come back in the quizzes of later chapters, as far as there are any: after a day, then at growing distances, for as long as you get them right.`,
        ),
      make(
        "div.po-row.po-steps",
        {},
        again.length > 0 &&
          button(`Go through ${plural(again.length, "missed question")}`, () => {
            for (const id of again) fresh.delete(id);
            Object.assign(at, { sequence: again, again: true });
            go(0);
          }),
        button("All questions again", () => {
          fresh.clear();
          start();
          at.again = true;
          go(0);
        }),
      ),
    );
  };

  start();
  const next = at.sequence.findIndex((id) => !book.get(id));
  at.index = Math.max(0, next);
  show();
  frame.root.append(tools.element);
  return () => {
    controller.abort();
    el.replaceChildren();
  };
};

export default { render };
