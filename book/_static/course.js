/** Small mends that every page needs; loaded deferred, after Sphinx's own options. */
(() => {
  "use strict";

  // A page opened from a disk may not read other pages: search then shows titles without excerpts.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  /** A box that scrolls sideways must be reachable by keyboard and have a name. */
  const nameScrollers = () => {
    for (const box of document.querySelectorAll(".pst-scrollable-table-container, .cell_output > .output, pre")) {
      const scrolls = box.scrollWidth > box.clientWidth;
      box.toggleAttribute("data-scrolls", scrolls);
      if (scrolls) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", box.matches("pre") ? "Code" : "Table");
      } else if (box.getAttribute("role") === "region") {
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  };
  window.addEventListener("load", nameScrollers);
  window.addEventListener("resize", nameScrollers);
})();
