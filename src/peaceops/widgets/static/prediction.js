/**
 * Prediction: commit to an answer and a confidence before the evidence, and look back at it afterwards.
 *
 * @typedef {Deck & {item: {id: string, prompt: string, options: Option[], feedback: Record<string, Feedback>}, look_back: boolean}} PredictionDeck
 */

const render = ({ model, el }) => {
  const controller = new AbortController();
  const { signal } = controller;
  /** @type {PredictionDeck} */
  const deck = model.get("deck");
  const { item } = deck;
  const frame = makeFrame({ el, deck, signal, title: deck.title, name: `${deck.title}: ${item.prompt}` });
  const names = new Map(item.options.map(({ id, label }) => [id, label]));
  const book = new AnswerBook({
    deck,
    model,
    signal,
    say: frame.say,
    options: (id) => (id === item.id ? [...names.keys()] : undefined),
    changed: () => (frame.isBegun() ? tools.refresh() : show()),
  });
  const tools = makeTools({ frame, book, what: "predictions", changed: () => show() });

  const sentence = ({ option, confidence }) => `You predicted: ${names.get(option) ?? option} (${confidence} % sure).`;

  const before = () => {
    const place = make("div");
    const tell = () => {
      const feedback = makeFeedback({ deck, status: "noted", lead: `${sentence(book.last(item.id))} The evidence follows; you will come back to this.` });
      place.replaceChildren(feedback.box);
      return feedback;
    };
    const form = makeForm({
      frame,
      legend: item.prompt,
      options: item.options,
      chosen: book.last(item.id),
      reasonLabel: "Because … (optional)",
      submit: "Keep my prediction",
      decided: (decision) => {
        frame.settle();
        book.decide(item.id, decision);
        tools.refresh();
        tell().focus();
      },
    });
    if (book.get(item.id)) tell();
    return [form, place];
  };

  const after = () => {
    const first = book.first(item.id);
    const others = item.options.filter(({ id }) => id !== first?.option);
    const reading = ({ id, label }) =>
      make(
        "div.po-reading",
        {},
        make("p", {}, make("strong", {}, `${label}. `), item.feedback[id]?.message ?? ""),
        item.feedback[id] && makeSource(deck, item.feedback[id]),
      );
    return [
      make("p.po-prompt", {}, item.prompt),
      first
        ? makeFeedback({ deck, status: "noted", lead: sentence(first), feedback: item.feedback[first.option] }).box
        : make("p", {}, "You made no prediction in this browser. What speaks for each answer:"),
      first
        ? make("details.po-more", {}, make("summary", {}, "What speaks for the other answers"), ...others.map(reading))
        : make("div", {}, ...others.map(reading)),
    ];
  };

  const show = () => {
    frame.place(...(deck.look_back ? after() : before()));
    tools.refresh();
  };
  show();
  if (!deck.look_back) frame.root.append(tools.element);
  return () => {
    controller.abort();
    el.replaceChildren();
  };
};

export default { render };
