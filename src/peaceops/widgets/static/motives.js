/**
 * MotiveMatrix: code which motives drive which relationship, and compare with the figure, the text and the course.
 *
 * A card of this deck has besides: pair, motive and facts ({label, text}); a coding has present, evidence and locator. The deck
 * has besides: pairs ({id, label}) and motives ({id, label, category, definition, test}).
 */

const SIGNS = { yes: "●", no: "○", not_stated: "–" };

const render = ({ model, el }) => {
  const controller = new AbortController();
  const { signal } = controller;
  const deck = model.get("deck");
  const items = new Map(deck.items.map((item) => [item.id, item]));
  const motives = new Map(deck.motives.map((motive) => [motive.id, motive]));
  const names = new Map(deck.options.map(({ id, label }) => [id, label]));
  const cell = (pair, motive) => deck.items.find((item) => item.pair === pair && item.motive === motive);
  const coded = (item, coder) => item.codings.find((coding) => coding.coder === coder);
  const labelled = ({ coder, present }) => (coder === "haugevik_figure" && present === "no" ? "Not listed" : names.get(present) ?? present);
  const own = (item, book) => book.first(item.id)?.option;
  const signOf = (option) => (option ? (SIGNS[option] ?? "?") : "");

  // ---- the matrix above each card ----

  /** One button a cell; Tab comes to the present one, arrow keys move among them. */
  const matrix = ({ id, goTo, book }) => {
    const button = (item) => {
      const option = own(item, book);
      return make(
        "button.po-cell",
        {
          type: "button",
          "data-item": item.id,
          tabindex: item.id === id ? "0" : "-1",
          "aria-current": item.id === id ? "true" : undefined,
          "aria-label": `${item.title}: ${option ? `your first answer is ${names.get(option) ?? option}` : "not decided"}`,
        },
        signOf(option) || "·",
      );
    };
    const table = make(
      "table.po-matrix",
      {},
      make("caption", {}, "Your first answers: ● yes, ○ no, – not stated, · not decided. Arrow keys move in it."),
      make("thead", {}, make("tr", {}, make("td"), ...deck.motives.map(({ label }) => make("th", { scope: "col" }, make("span", {}, label))))),
      make(
        "tbody",
        {},
        ...deck.pairs.map((pair) =>
          make("tr", {}, make("th", { scope: "row" }, pair.label), ...deck.motives.map(({ id: motive }) => make("td", {}, button(cell(pair.id, motive))))),
        ),
      ),
    );
    table.addEventListener("click", ({ target }) => target.dataset.item && goTo(target.dataset.item), { signal });
    table.addEventListener(
      "keydown",
      (event) => {
        const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
        const at = event.target.closest("td");
        if (!step || !at) return;
        event.preventDefault();
        const [row, column] = [at.parentElement.sectionRowIndex + step[0], at.cellIndex + step[1]];
        table.tBodies[0].rows[row]?.cells[column]?.querySelector("button")?.focus();
      },
      { signal },
    );
    return make("div.po-scrollbox", { tabindex: "-1" }, table);
  };

  // ---- counts and comparisons ----

  const sources = (book) => [
    { id: "own", label: "You", of: (item) => own(item, book) },
    ...deck.coders.map(({ id, label }) => ({ id, label, of: (item) => coded(item, id)?.present })),
  ];
  const wordOf = (source, option) =>
    option === undefined ? "not decided" : source.id === "haugevik_figure" && option === "no" ? "not listed" : names.get(option) ?? option;

  /** For how many relationships each source sees each motive, against the paper's sentence on ideational motives. */
  const counts = ({ book }) => {
    const rows = deck.motives.map(({ id, label, category }) => [
      `${label} (${category})`,
      ...sources(book).map((source) => {
        const cells = deck.pairs.map((pair) => source.of(cell(pair.id, id)));
        const known = cells.filter((one) => one !== undefined).length;
        return known ? `${cells.filter((one) => one === "yes").length} of ${known}` : "–";
      }),
    ]);
    const ideational = deck.motives.filter(({ category }) => category === "ideational");
    const inAll = (source) => ideational.filter(({ id }) => deck.pairs.every((pair) => source.of(cell(pair.id, id)) === "yes")).map(({ label }) => label);
    const isWhole = (source) => ideational.every(({ id }) => deck.pairs.every((pair) => source.of(cell(pair.id, id)) !== undefined));
    const said = sources(book).map((source) => `${source.label}: ${isWhole(source) ? inAll(source).join(", ") || "none" : "not all decided"}`);
    return [
      makeTable("For how many relationships each source says yes", ["Motive", ...sources(book).map(({ label }) => label)], rows),
      make(
        "p",
        {},
        `Haugevik writes that ideational motives “are highly present in all of the cases” (H:322). Ideational motives to which a source says yes in all six relationships: ${said.join("; ")}.`,
      ),
    ];
  };

  const chosen = { one: "un-nato", other: "nato-au" };
  const compare = (book, frame) => {
    const place = make("div");
    const every = deck.pairs.map(({ id, label }) => ({ value: id, label }));
    const one = makeSelect("Relationship", every, chosen.one);
    const other = makeSelect("Compared with", every, chosen.other);
    const table = (pair) =>
      makeTable(
        `${pair.label}: who sees which motive`,
        ["Motive", ...sources(book).map(({ label }) => label)],
        deck.motives.map(({ id, label }) => [
          label,
          ...sources(book).map((source) => {
            const option = source.of(cell(pair.id, id));
            return `${signOf(option)} ${wordOf(source, option)}`.trim();
          }),
        ]),
      );
    const draw = () => {
      Object.assign(chosen, { one: one.select.value, other: other.select.value });
      const both = deck.pairs.filter(({ id }) => id === chosen.one || id === chosen.other);
      place.replaceChildren(make("div.po-side", {}, ...both.map(table)));
    };
    const change = () => {
      draw();
      frame.speak(`The tables show ${[...new Set([chosen.one, chosen.other])].map((pair) => deck.pairs.find(({ id }) => id === pair).label).join(" and ")}.`);
    };
    frame.on(one.select, "change", change);
    frame.on(other.select, "change", change);
    draw();
    return [
      make("p", {}, "These tables show what each source says. Decide first, if you want to judge for yourself."),
      make("div.po-two", {}, one.field, other.field),
      place,
    ];
  };

  /** Where figure and text part, with the evidence that the text gives. */
  const partings = () => {
    const rows = deck.items
      .filter((item) => (coded(item, "haugevik_figure")?.present === "yes") !== (coded(item, "haugevik_text")?.present === "yes"))
      .map((item) => {
        const [figure, text, course] = ["haugevik_figure", "haugevik_text", "course"].map((coder) => coded(item, coder));
        return [item.title, labelled(figure), labelled(text), `${text.evidence} (${text.locator})`, labelled(course)];
      });
    const unlisted = deck.items.filter(
      (item) => motives.get(item.motive).category === "ideational" && coded(item, "haugevik_figure")?.present !== "yes",
    );
    const perMotive = deck.motives
      .map(({ id, label }) => [label, unlisted.filter(({ motive }) => motive === id).length])
      .filter(([, number]) => number)
      .map(([label, number]) => `${label} ${number}`);
    return [
      make("p", {}, `Figure 2 sums up the paper’s text. In ${plural(rows.length, "cell")} of ${deck.items.length} the two do not say the same.`),
      makeTable("Where Figure 2 and the text part", ["Cell", "Figure 2", "Text", "What the text says", "This course"], rows),
      make(
        "p",
        {},
        `The summary of her section names the three ideational motives and calls them “highly present in all of the cases” (H:322). Read motive by motive, that sentence parts from the figure in ${plural(unlisted.length, "more cell")}: ${perMotive.join(", ")}.`,
      ),
    ];
  };

  const end = runCards({
    model,
    el,
    signal,
    words: {
      one: "cell",
      many: "cells",
      title: "Cell",
      coded: "Motive present",
      sayers: ({ codings }) => (codings.every(({ present }) => present === "yes") ? "figure, text and course say" : "the course says, where figure and text are silent,"),
      fitting: ({ codings }, option) =>
        codings.every(({ present }) => present === "yes")
          ? `${option} is what figure, text and course say of this cell.`
          : `${option} is what the course says of this cell; figure and text are silent.`,
      alone: ({ answer }) => (answer === "yes" ? undefined : "Figure and text are silent here; the course, which alone has looked, says otherwise. "),
    },
    scopes: [
      { id: "all", label: "All 36 cells", ids: deck.items.map(({ id }) => id) },
      ...deck.pairs.map(({ id, label }) => ({ id, label: `One relationship: ${label}`, ids: deck.items.filter(({ pair }) => pair === id).map((item) => item.id) })),
      ...deck.motives.map(({ id, label }) => ({ id, label: `One motive: ${label}`, ids: deck.items.filter(({ motive }) => motive === id).map((item) => item.id) })),
    ],
    // A figure can only list or leave out: what it leaves out is neither “no” nor “not stated” alone.
    codedAs: ({ coder, present }) => (coder === "haugevik_figure" && present === "no" ? "no/not_stated" : present),
    labelled,
    why: ({ evidence, locator }) => `${evidence} (${locator})`,
    legend: (item) => `Does this evidence show the motive “${motives.get(item.motive).label}” at work?`,
    overview: matrix,
    face: (item) => {
      const { category, definition, test } = motives.get(item.motive);
      return [
        make("p.po-card__where", {}, `${category} motive`),
        make("p.po-card__summary", {}, definition),
        make("p.po-card__summary", {}, make("strong", {}, "Ask: "), test),
        makeFacts(item.facts),
        make("details.po-more", {}, make("summary", {}, "Sources of this card"), make("p", {}, item.sources)),
      ];
    },
    views: ({ book, frame }) => [
      { label: "Compare two relationships", title: "Two relationships side by side", build: () => compare(book, frame) },
      { label: "Figure against text", title: "Where the figure and the text part", build: partings },
    ],
    findings: counts,
  });
  return () => {
    controller.abort();
    end();
  };
};

export default { render };
