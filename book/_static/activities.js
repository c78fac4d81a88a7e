/**
 * Starts the activities of a page: no kernel, no module loader, no request.
 *
 * Each `div.po-activity` names its activity and either what it needs from the items that the site stores once, or carries
 * its own deck. The activity's `render` gets what anywidget gives it in JupyterLab, with a model that keeps values only.
 */
(() => {
  "use strict";

  /** The deck of a placeholder, as the Python side would have put it together. */
  const deckOf = (place) => {
    const own = place.querySelector(".po-activity__deck");
    if (own) return JSON.parse(own.textContent);
    const stored = window.peaceopsDecks[place.dataset.activity];
    const wanted = JSON.parse(place.dataset.stored);
    return ASSEMBLE[place.dataset.activity](stored, wanted);
  };

  const ASSEMBLE = {
    classifier: ({ decks, items, ...frame }, { deck, ...more }) => ({
      ...frame,
      ...more,
      deck,
      title: `Classify missions: ${decks[deck].title}`,
      items: decks[deck].items.map((id) => items[id]),
    }),
    lifecycle: (stored, { scope }) => ({ ...stored, scope }),
    motives: (stored, { scope }) => ({ ...stored, scope }),
    quiz: (stored, { chapter }) => ({ ...stored, chapter, title: `Quiz of chapter ${Number(chapter)}` }),
    prediction: ({ items, ...frame }, { question, look_back }) => ({
      ...frame,
      deck: question,
      look_back,
      title: look_back ? "What you predicted" : "Predict, before you read on",
      item: items.find(({ id }) => id === question),
    }),
  };

  /** What anywidget's model is to an activity, without a kernel behind it. */
  const makeModel = (values) => {
    const kept = { ...values };
    return {
      get: (name) => kept[name],
      set: (name, value) => (kept[name] = value),
      save_changes: () => {},
      on: () => {},
      off: () => {},
      send: () => {},
    };
  };

  /** Start one activity; gives back what ends it. */
  const mount = (place) => {
    const el = document.createElement("div");
    place.append(el);
    const end = window.peaceopsActivities[place.dataset.activity].render({
      model: makeModel({ deck: deckOf(place), answers: {} }),
      el,
      signal: new AbortController().signal,
    });
    return () => {
      end();
      el.remove();
    };
  };
  window.peaceopsMount = mount; // the tests start and end activities many times over

  for (const place of document.querySelectorAll(".po-activity")) {
    try {
      mount(place);
    } catch (error) {
      console.error(`Activity ${place.dataset.activity}:`, error);
      const sentence = document.createElement("p");
      sentence.textContent = "This activity could not start. Reload the page; if that does not help, tell the course's authors.";
      place.append(sentence);
    }
  }
})();
