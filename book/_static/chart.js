/**
 * Turns the still pictures of a page's charts into live charts.
 *
 * Each `figure.po-chart` carries its Vega-Lite specification. The script that draws (about 300 KB compressed) is loaded
 * once, when the first chart comes near. Without it, and on paper, the pictures stay.
 */
(() => {
  "use strict";

  const script = document.currentScript;
  const bundleUrl = new URL(script.dataset.bundle, script.src).href;
  const FAILED = "The interactive chart could not start; the picture shows its first state.";
  const ANNOUNCE_AFTER_MS = 250; // a slider in motion would otherwise be read out at every step

  /** @type {Promise<{embed: Function, config: {light: object, dark: object}}> | undefined} */
  let bundle;

  /** Load the drawing script once. */
  const load = () =>
    (bundle ??= new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = bundleUrl;
      element.onload = () => resolve(window.peaceopsCharts);
      element.onerror = () => reject(new Error(`${bundleUrl} could not be loaded`));
      document.head.append(element);
    }));

  const mode = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

  /** Views side by side keep their own widths and scroll; all others take the width there is. */
  const takesWidth = (spec) => !["concat", "hconcat", "vconcat", "facet", "repeat"].some((key) => key in spec);

  /** Values that the reader has set: those of parameters and of the inputs bound to them, not computed ones. */
  const readerState = (view, spec, vgSpec) => {
    const own = (spec.params ?? []).filter((param) => !("expr" in param) && !("select" in param));
    const names = new Set(own.map((param) => param.name));
    for (const signal of vgSpec.signals ?? []) if (signal.bind) names.add(signal.name);
    return [...names].map((name) => [name, view.signal(name)]);
  };

  /** Vega names its inputs by position only: give a group of radio buttons its name and role. */
  const nameInputs = (canvas, id) => {
    canvas.querySelectorAll(".vega-bind").forEach((bind, index) => {
      const name = bind.querySelector(".vega-bind-name");
      const group = bind.querySelector(".vega-bind-radio");
      if (!group || !name) return;
      name.id = `${id}-input-${index}`;
      group.setAttribute("role", "radiogroup");
      group.setAttribute("aria-labelledby", name.id);
    });
  };

  class LiveChart {
    /** @param {HTMLElement} figure */
    constructor(figure) {
      this.figure = figure;
      this.spec = JSON.parse(figure.querySelector(".po-chart__spec").textContent);
      this.place = figure.querySelector(".po-chart__view");
      this.live = figure.querySelector(".po-chart__live");
      this.drawing = Promise.resolve();
    }

    /** Draw, or draw again in the other colours; one drawing after another, never two at once. */
    draw() {
      this.drawing = this.drawing.then(() => this.redraw()).catch((error) => this.fail(error));
      return this.drawing;
    }

    async redraw() {
      const [{ embed, config }] = await Promise.all([load(), document.fonts.load("1em 'Source Sans 3'")]);
      const state = this.result ? readerState(this.result.view, this.spec, this.result.vgSpec) : [];
      const focused = this.focusedInput();
      const canvas = document.createElement("div");
      canvas.className = "po-chart__canvas";
      this.place.append(canvas);
      const spec = { ...this.spec };
      if (takesWidth(spec)) {
        spec.width = this.place.clientWidth;
        spec.autosize = { type: "fit-x", contains: "padding" };
      }
      let result;
      try {
        result = await embed(canvas, spec, {
          mode: "vega-lite",
          renderer: "svg",
          actions: false,
          defaultStyle: false,
          tooltip: { disableDefaultStyle: true },
          config: config[mode()],
        });
      } catch (error) {
        canvas.remove();
        throw error;
      }
      for (const [name, value] of state) result.view.signal(name, value);
      await result.view.runAsync();
      this.retire();
      this.result = result;
      this.canvas = canvas;
      // The description and the table say what the drawing shows; hundreds of unnamed marks would only be noise.
      canvas.querySelector("svg").setAttribute("aria-hidden", "true");
      nameInputs(canvas, this.figure.id);
      this.figure.dataset.live = mode();
      canvas.querySelectorAll(".vega-bind input, .vega-bind select")[focused]?.focus();
      this.announce(result.view);
      this.follow(canvas, result.view, spec.width);
    }

    /** Which of the inputs has the focus: a change of colours must not take it away. */
    focusedInput() {
      return [...this.place.querySelectorAll(".vega-bind input, .vega-bind select")].indexOf(document.activeElement);
    }

    /** Remove the drawing that a new one replaces. */
    retire() {
      this.observer?.disconnect();
      this.result?.finalize();
      this.canvas?.remove();
    }

    /** Show the sentence that the chart computes, and read it out when the reader changes something. */
    announce(view) {
      if (!(this.spec.params ?? []).some((param) => param.name === "announcement")) return;
      let timer;
      if (this.live.textContent === "") {
        // shown from the start, but not read out while the reader is still elsewhere
        this.live.setAttribute("aria-live", "off");
        this.live.textContent = view.signal("announcement");
        setTimeout(() => this.live.setAttribute("aria-live", "polite"));
      }
      view.addSignalListener("announcement", (_, text) => {
        clearTimeout(timer);
        timer = setTimeout(() => (this.live.textContent = text), ANNOUNCE_AFTER_MS);
      });
    }

    /** Keep the drawing as wide as its place. */
    follow(canvas, view, width) {
      if (!takesWidth(this.spec)) return;
      this.observer = new ResizeObserver(() => {
        const now = this.place.clientWidth;
        if (now > 0 && now !== width) view.width((width = now)).runAsync();
      });
      this.observer.observe(this.place);
    }

    /** Leave the pictures and say so in one sentence. */
    fail(error) {
      console.error(`Chart ${this.figure.id}:`, error);
      if (!this.result) this.live.textContent = FAILED;
    }
  }

  const charts = new Map();
  const start = (figure) => {
    near.unobserve(figure);
    if (charts.has(figure)) return;
    const chart = new LiveChart(figure);
    charts.set(figure, chart);
    chart.draw();
  };
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => start(entry.target)),
    { rootMargin: "600px" },
  );
  const figures = [...document.querySelectorAll("figure.po-chart")];
  for (const figure of figures) near.observe(figure);

  // The Tab key must find a chart's inputs before the reader has scrolled to them: draw those charts once the page is idle.
  const hasInputs = (figure) => figure.querySelector(".po-chart__spec").textContent.includes('"bind":');
  addEventListener("load", () => (window.requestIdleCallback ?? setTimeout)(() => figures.filter(hasInputs).forEach(start)));

  new MutationObserver(() => {
    for (const [figure, chart] of charts) if (figure.dataset.live !== mode()) chart.draw();
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
})();
