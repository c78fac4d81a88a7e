/**
 * LifecycleBoard: put dated steps of two organizations into phases, and see what each rule and coder makes of them.
 *
 * @typedef {object} Step
 * @property {string} id
 * @property {number} at  the date as a fraction of a year
 * @property {number | null} end  where it lasts
 * @property {boolean} lasts  whether it still runs
 * @property {string} written  the date in words
 * @property {string} writtenEnd  the end in words, where it has one
 * @property {string} title
 * @property {string} kind
 * @property {"paper" | "field" | "broken"} place
 * @property {boolean} predecessor
 * @property {string} summary
 * @property {string} sources
 *
 * @typedef {{from: number, phase: string, step: string}} Border  from then on the pair is in that phase
 * @typedef {{id: string, label: string, steps: Step[], rules: Record<string, Border[]>}} Pair
 *
 * A card of this deck has besides: pair, year, until (fraction of a year), when ("at the end of 2007") and summary; a coding has
 * phase, reason and locator. The deck has besides: pairs, rules ({id, label, hint}), first and last (fractions of a year).
 */

const render = ({ model, el }) => {
  const controller = new AbortController();
  const { signal } = controller;
  const deck = model.get("deck");
  const pairs = new Map(deck.pairs.map((pair) => [pair.id, pair]));
  const cards = new Map(deck.items.map((item) => [item.id, item]));
  const steps = new Map(deck.pairs.flatMap((pair) => pair.steps.map(({ id, title, written }) => [id, `“${title}”, ${written}`])));
  const names = new Map(deck.options.map(({ id, label }) => [id, label]));
  const nameOf = (phase) => names.get(phase) ?? phase.split("/").map((part) => names.get(part) ?? part).join(" or ");
  const stepsOf = (pair, until) => pairs.get(pair).steps.filter(({ at }) => at <= until);
  const titleOf = (pair, id) => {
    const step = pairs.get(pair).steps.find((one) => one.id === id);
    return step ? `“${step.title}” (${step.written})` : "no step";
  };
  /** When a step was, as far as one could know at a date. */
  const when = ({ written, writtenEnd, lasts, end }, until) =>
    lasts ? `${written}, still going on` : writtenEnd ? `${written}${end <= until ? ` to ${writtenEnd}` : ", still going on"}` : written;
  const borderAt = (pair, rule, until) => pairs.get(pair).rules[rule].findLast(({ from }) => from <= until);
  const x = (at) => `${(100 * (Math.min(Math.max(at, deck.first), deck.last) - deck.first)) / (deck.last - deck.first)}%`;

  // ---- the axis ----

  /** Put marks into as few rows as possible without one touching the next. */
  const inRows = (marks) => {
    const ends = [];
    return marks.map((mark) => {
      let row = ends.findIndex((end) => end <= mark.at);
      if (row < 0) row = ends.length;
      ends[row] = Math.max(mark.end ?? 0, mark.at) + 1.15;
      return { ...mark, row };
    });
  };
  const MARKS = { paper: "●", field: "■", broken: "✕" };
  const mark = ({ at, end, row, place, predecessor, title, written }, until) => {
    const last = Math.min(end ?? at, until);
    const kind = `.po-mark--${place}${predecessor ? ".po-mark--predecessor" : ""}`;
    return [
      last - at > 0.7 && make(`span.po-span${kind}`, { style: `--at:${x(at)};--wide:calc(${x(last)} - ${x(at)});--row:${row}` }),
      make(`span.po-mark${kind}`, { style: `--at:${x(at)};--row:${row}`, title: `${written}: ${title}` }, predecessor ? "○" : MARKS[place]),
    ];
  };
  const lane = (label, kind, steps, until) => {
    const marks = inRows(steps.map((step) => ({ ...step, end: step.lasts ? deck.last : step.end })));
    const rows = Math.max(1, ...marks.map(({ row }) => row + 1));
    return make(
      `div.po-lane.po-lane--${kind}`,
      { style: `--rows:${rows}` },
      make("span.po-lane__label", {}, label),
      make("div.po-lane__area", {}, ...marks.flatMap((one) => mark(one, until))),
    );
  };
  const SHORT = { none: "–", courtship: "C", negotiation: "N", "start-up": "S", maintenance: "M", ending: "E", "start-up/maintenance": "S/M" };
  /** A band: from each border on the pair is in a phase. */
  const band = (label, borders, until) =>
    make(
      "div.po-lane.po-lane--band",
      {},
      make("span.po-lane__label", {}, label),
      make(
        "div.po-lane__area",
        {},
        ...borders
          .filter(({ from }) => from <= until)
          .map(({ from, phase }, index, all) => {
            const to = Math.min(until, all[index + 1]?.from ?? until);
            return make(
              "span.po-band",
              { "data-phase": phase, style: `--at:${x(from)};--wide:calc(${x(to)} - ${x(from)})`, title: nameOf(phase) },
              to - from > 1.4 && SHORT[phase],
            );
          }),
      ),
    );
  /** Single codings at their dates. */
  const points = (label, codings, until) =>
    make(
      "div.po-lane.po-lane--band",
      {},
      make("span.po-lane__label", {}, label),
      make(
        "div.po-lane__area",
        {},
        ...codings
          .filter(({ at }) => at <= until)
          .map(({ at, phase }) => make(`span.po-point${at > deck.last - 1 ? ".po-point--last" : ""}`, { "data-phase": phase, style: `--at:${x(at)}`, title: nameOf(phase) }, SHORT[phase])),
      ),
    );
  const years = () =>
    make(
      "div.po-lane.po-lane--years",
      {},
      make("span.po-lane__label", {}, ""),
      make("div.po-lane__area", {}, ...[1990, 2000, 2010, 2020].map((year) => make("span.po-year", { style: `--at:${x(year)}` }, String(year)))),
    );
  /** The steps of a pair up to a date; `tracks` adds what rules and coders make of them. A list of the steps says the same in words. */
  const axis = (pair, until, tracks = []) => {
    const steps = stepsOf(pair, until);
    const of = (place) => steps.filter((step) => step.place === place);
    return make(
      "div.po-axis",
      { "aria-hidden": "true", style: `--until:${x(until)}` },
      lane("On paper", "paper", of("paper"), until),
      lane("In the field", "field", of("field"), until),
      of("broken").length > 0 && lane("Disputes, ends", "broken", of("broken"), until),
      ...tracks,
      years(),
    );
  };
  const key = (tracks) =>
    make(
      "p.po-small",
      {},
      "● on paper or at headquarters, ■ in the field, ✕ disputed, ended or taken back, ○ a predecessor’s step, which the rules do not count.",
      tracks ? " C courtship, N negotiation, S start-up, M maintenance, E ending, – none." : "",
    );

  /** The steps in words, the newest last; those up to the date before are folded. */
  const lists = (item) => {
    const before = Math.max(0, ...deck.items.map(({ until }) => until).filter((until) => until < item.until));
    const steps = stepsOf(item.pair, item.until);
    const earlier = steps.filter(({ at }) => at <= before);
    const since = before ? Math.floor(before) + 1 : deck.first;
    return [
      earlier.length > 0 && list(`Up to ${since - 1}: ${plural(earlier.length, "step")}`, earlier, false, item.until),
      list(`Since ${since}: ${plural(steps.length - earlier.length, "step")}`, steps.slice(earlier.length), true, item.until),
    ];
  };
  const list = (label, steps, open, until) =>
    make(
      "details.po-more.po-list",
      { open },
      make("summary", {}, label),
      steps.length
        ? make(
            "ol",
            {},
            ...steps.map((step) =>
              make(
                "li",
                {},
                make(
                  "details.po-step",
                  {},
                  make(
                    "summary",
                    {},
                    make("span.po-step__when", {}, when(step, until)),
                    make("span.po-step__title", {}, step.title),
                    make("span.po-step__kind", {}, `${step.kind}${step.predecessor ? ", by a predecessor" : ""}`),
                  ),
                  make("p", {}, step.summary),
                  make("p.po-source", {}, `Sources: ${step.sources}`),
                  step.unconfirmed && make("p.po-source", {}, `Nobody has confirmed: ${step.unconfirmed}`),
                ),
              ),
            ),
          )
        : make("p", {}, "The course knows none."),
    );

  // ---- what rules and coders make of it ----

  /**
   * The reader's own borders, from their last decisions: a phase begins with the step named, or else with the date itself, but
   * not before an earlier date at which they saw another phase.
   */
  const ownBorders = (pair, book) => {
    const borders = [];
    for (const { id, until } of deck.items.filter((item) => item.pair === pair && book.get(item.id))) {
      const { option, since } = book.last(id);
      const from = stepsOf(pair, until).find((step) => step.id === since)?.at ?? until;
      const before = borders.at(-1);
      if (before?.phase === option) Object.assign(before, { from: Math.min(before.from, Math.max(from, before.least)), until });
      else borders.push({ from: Math.max(from, before?.until ?? 0), least: before?.until ?? 0, until, phase: option });
    }
    return borders;
  };
  const ownPoints = (pair, book) =>
    deck.items.filter((item) => item.pair === pair && book.get(item.id)).map(({ id, until }) => ({ at: until, phase: book.last(id).option }));
  const tracksOf = (pair, until, book) => [
    band("Your borders", ownBorders(pair, book), until),
    points("You, last", ownPoints(pair, book), until),
    ...deck.rules.map(({ id, label }) => band(label, pairs.get(pair).rules[id], until)),
    ...deck.coders
      .filter(({ id }) => id !== "haugevik_rule")
      .map(({ id, label }) =>
        points(
          label,
          deck.items
            .filter((item) => item.pair === pair)
            .flatMap((item) => item.codings.filter(({ coder }) => coder === id).map(({ phase }) => ({ at: item.until, phase }))),
          until,
        ),
      ),
  ];
  const rulesTable = (chosen, until, caption) =>
    makeTable(
      caption,
      ["Rule", ...chosen.flatMap((pair) => [pairs.get(pair).label, "Begun by"])],
      deck.rules.map(({ id, label }) => [
        label,
        ...chosen.flatMap((pair) => {
          const border = borderAt(pair, id, until);
          return [nameOf(border.phase), border.step ? titleOf(pair, border.step) : "–"];
        }),
      ]),
    );

  /** In words what the axis shows of the reader and the coders; the axis is hidden from screen readers. */
  const phasesTable = (pair, until, book) => {
    const dates = deck.items.filter((item) => item.pair === pair && item.until <= until);
    return (
      dates.length > 0 &&
      makeTable(
        `${pairs.get(pair).label}: which phase you, last, and each coder saw`,
        ["Date", "You, last", "Begun by", ...deck.coders.map(({ label }) => label)],
        dates.map((item) => {
          const own = book.last(item.id);
          const coded = deck.coders.map(({ id }) => item.codings.find(({ coder }) => coder === id));
          return [
            String(item.year),
            own ? nameOf(own.option) : "–",
            own?.since ? titleOf(pair, own.since) : "–",
            ...coded.map((one) => (one ? nameOf(one.phase) : "–")),
          ];
        }),
      )
    );
  };

  const rulesInWords = () =>
    make(
      "details.po-more",
      {},
      make("summary", {}, "The rules in words"),
      makeFacts(deck.rules.map(({ label, hint }) => ({ label, text: `${hint}.` }))),
      make("p", {}, "No rule finds an ending: the paper names that phase and gives no mark of it."),
    );

  const end = runCards({
    model,
    el,
    signal,
    words: {
      one: "date",
      many: "dates",
      title: "Relationship and date",
      coded: "Phase",
      parted: "Coders or rules part",
      alsoSaid: (item, option) =>
        deck.rules.filter(({ id }) => id !== "text" && borderAt(item.pair, id, item.until).phase === option).map(({ label }) => `the rule ${label}`),
      sayers: ({ codings }) => (codings.some(({ coder }) => coder.startsWith("haugevik")) ? "every coder and every rule says" : "the course says"),
    },
    scopes: [
      { id: "all", label: "All six relationships", ids: deck.items.map(({ id }) => id) },
      ...deck.pairs.map(({ id, label }) => ({ id, label, ids: deck.items.filter(({ pair }) => pair === id).map((item) => item.id) })),
    ],
    codedAs: ({ phase }) => phase,
    labelled: ({ phase }) => nameOf(phase),
    // A coding's place may be steps: they are named as the reader knows them.
    why: ({ reason, locator }) => `${reason} (${locator.split("; ").map((part) => steps.get(part) ?? part).join("; ")})`,
    legend: (item) => `Which phase had the relationship reached ${item.when}?`,
    face: (item) => [
      make("p.po-card__summary", {}, item.summary),
      axis(item.pair, item.until),
      key(false),
      ...lists(item),
      make(
        "details.po-more",
        {},
        make("summary", {}, "How the course decides"),
        make("p", {}, "It asks in this order; the first line that holds at the date decides. Predecessors’ steps do not count."),
        makeFacts(deck.codebook),
      ),
    ],
    more: (item, chosen) => {
      const steps = stepsOf(item.pair, item.until);
      if (!steps.length) return null;
      const { field, select } = makeSelect(
        "With which step did this phase begin? (optional: it draws your border)",
        [{ value: "", label: "no step chosen" }, ...steps.map(({ id, written, title }) => ({ value: id, label: `${written}: ${title}` }))],
        steps.some(({ id }) => id === chosen?.since) ? chosen.since : "",
      );
      return { element: field, read: () => ({ since: select.value }) };
    },
    afterwards: (item, tried) => [
      stepsOf(item.pair, item.until).some(({ id }) => id === tried.since) &&
        make(
          "p",
          {},
          `You let ${nameOf(tried.option)} begin with ${titleOf(item.pair, tried.since)}. By the rule made of her text the phase reached ${item.when}, ${nameOf(borderAt(item.pair, "text", item.until).phase)}, began with ${titleOf(item.pair, borderAt(item.pair, "text", item.until).step)}.`,
        ),
      rulesTable([item.pair], item.until, `What each rule makes of the steps ${item.when}`),
      rulesInWords(),
    ],
    views: ({ book, frame }) => [
      {
        label: "Compare, and apply rules",
        title: "Two relationships, year by year",
        build: () => compare(book, frame),
      },
    ],
    findings: ({ book, decided }) => [
      ...[...new Set(decided.map((id) => cards.get(id).pair))].map((pair) =>
        make(
          "div",
          {},
          make("p.po-prompt", {}, `${pairs.get(pair).label}: your borders and theirs`),
          axis(pair, deck.last, tracksOf(pair, deck.last, book)),
          phasesTable(pair, deck.last, book),
          rulesTable([pair], deck.last, `What each rule makes of ${pairs.get(pair).label}`),
        ),
      ),
      key(true),
    ],
  });

  /** Two relationships under each other, up to a year that the reader moves. */
  const chosen = { one: "un-nato", other: "nato-au", year: 2007 };
  const compare = (book, frame) => {
    const place = make("div");
    const every = deck.pairs.map(({ id, label }) => ({ value: id, label }));
    const one = makeSelect("Relationship", every, chosen.one);
    const other = makeSelect("Compared with", every, chosen.other);
    const year = make("input.po-range", { type: "range", min: "1990", max: String(Math.floor(deck.last)), step: "1", value: String(chosen.year) });
    // No output element: the label would name it instead of the range.
    const shown = make("span.po-range__value", { "aria-hidden": "true" }, String(chosen.year));
    const draw = () => {
      Object.assign(chosen, { one: one.select.value, other: other.select.value, year: Number(year.value) });
      const until = Math.min(chosen.year + 0.9999, deck.last);
      shown.textContent = String(chosen.year);
      const both = chosen.one === chosen.other ? [chosen.one] : [chosen.one, chosen.other];
      place.replaceChildren(
        ...both.map((pair) =>
          make(
            "div.po-compared",
            {},
            make("p.po-prompt", {}, `${pairs.get(pair).label} up to ${chosen.year}`),
            axis(pair, until, tracksOf(pair, until, book)),
            phasesTable(pair, until, book),
            list(`${plural(stepsOf(pair, until).length, "step")} in words`, stepsOf(pair, until), false, until),
          ),
        ),
        rulesTable(both, until, `What each rule makes of it by ${chosen.year}`),
        rulesInWords(),
      );
    };
    /** Draw, and say in one sentence what axes and tables show. */
    const move = () => {
      draw();
      const until = Math.min(chosen.year + 0.9999, deck.last);
      const said = [...new Set([chosen.one, chosen.other])].map(
        (pair) => `${pairs.get(pair).label}: ${plural(stepsOf(pair, until).length, "step")}, by her text’s rule ${nameOf(borderAt(pair, "text", until).phase)}`,
      );
      frame.speak(`Up to ${chosen.year}. ${said.join("; ")}.`);
    };
    frame.on(one.select, "change", move);
    frame.on(other.select, "change", move);
    frame.on(year, "input", move);
    draw();
    return [
      make("p", {}, "These rows show what rules and coders say. Decide first, if you want to judge for yourself."),
      make("div.po-two", {}, one.field, other.field),
      make("label.po-field", {}, make("span", {}, "Up to the end of the year ", shown), year),
      place,
      key(true),
    ];
  };

  return () => {
    controller.abort();
    end();
  };
};

export default { render };
