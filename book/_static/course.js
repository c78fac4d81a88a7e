/** Small mends that every page needs; loaded deferred, after Sphinx's own options. */
(() => {
  "use strict";

  // A page opened from a disk may not read other pages: search then shows titles without excerpts.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  // The theme's buttons that unfold a part of the navigation have no name.
  for (const summary of document.querySelectorAll(".bd-docs-nav summary")) {
    const link = summary.closest("li").querySelector("a");
    summary.setAttribute("aria-label", `Pages below ${link.textContent.trim()}`);
  }

  /** A box that scrolls sideways must be reachable by keyboard and have a name. */
  const nameScrollers = () => {
    for (const box of document.querySelectorAll(".pst-scrollable-table-container, .cell_output > .output, pre")) {
      if (box.scrollWidth > box.clientWidth) {
        box.dataset.scrolls = "";
        box.tabIndex = 0;
        box.setAttribute("role", "group"); // a region would be one landmark more for each table
        box.setAttribute("aria-label", box.matches("pre") ? "Code" : "Table");
      } else if ("scrolls" in box.dataset) {
        for (const name of ["data-scrolls", "tabindex", "role", "aria-label"]) box.removeAttribute(name);
      }
    }
  };
  window.addEventListener("load", nameScrollers);
  window.addEventListener("resize", nameScrollers);
  document.addEventListener("toggle", nameScrollers, true); // code and tables inside a box that opens
})();
