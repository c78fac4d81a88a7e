/**
 * MissionClassifier: decide which framework fits a case, and see why each source says what it says.
 *
 * A card of this deck has besides: place, period, summary, facts ({label, text}) and sources; a coding has framework, reason
 * and locator.
 */

const render = ({ model, el }) => {
  const controller = new AbortController();
  /** Who says what fits: of many cases the course alone. */
  const sayers = ({ codings }) => {
    if (!codings.length) return "this deck's author says";
    return codings.every(({ coder }) => coder.startsWith("course")) ? "the course says; neither paper codes it," : "the sources and the course say";
  };
  const end = runCards({
    model,
    el,
    signal: controller.signal,
    words: { one: "case", many: "cases", title: "Case", coded: "Framework", sayers },
    codedAs: ({ framework }) => framework,
    why: ({ reason, locator }) => `${reason} (${locator})`,
    legend: () => "Which framework describes this relationship?",
    face: (item) => [
      make("p.po-card__where", {}, [item.place, item.period].filter(Boolean).join(" · ")),
      make("p.po-card__summary", {}, item.summary),
      makeFacts(item.facts),
      item.sources && make("details.po-more", {}, make("summary", {}, "Sources of this card"), make("p", {}, item.sources)),
    ],
  });
  return () => {
    controller.abort();
    end();
  };
};

export default { render };
