"""Load both of the programs that draw the course's charts into a browser page: the book's and JupyterLab's."""

import importlib.util
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAB = Path(sys.prefix) / "share" / "jupyter" / "lab" / "static"
# JupyterLab keeps its Vega in the files of a bundler: just enough of that bundler's own code to get it out.
RUNTIME = """\
window.labModules = {};
self.rspackChunk_jupyterlab_application_top = {push: chunk => Object.assign(window.labModules, chunk[1])};
window.labRequire = (() => {
  const loaded = {}, shared = SHARED;
  const need = id => {
    id = shared[id] ?? id;
    if (loaded[id]) return loaded[id].exports;
    const module = (loaded[id] = {id, exports: {}});
    // What stays in the file that starts JupyterLab is Node's "process", by which a library asks where it runs.
    const fill = window.labModules[id] ?? (empty => { empty.exports = {env: {}}; });
    fill.call(module.exports, module, module.exports, need);
    return module.exports;
  };
  need.o = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
  need.d = (exports, getters) => {
    for (const key in getters) Object.defineProperty(exports, key, {enumerable: true, get: getters[key]});
  };
  need.n = module => {
    const get = module && module.__esModule ? () => module.default : () => module;
    need.d(get, {a: get});
    return get;
  };
  need.r = exports => Object.defineProperty(exports, "__esModule", {value: true});
  need.g = window;
  return need;
})();
"""
DRAW = """\
window.draw = async (who, spec, config) => {
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  const warnings = [];
  console.warn = console.error = (...text) => warnings.push(text.join(" "));
  const logger = {level() { return this; }, error: (...text) => { warnings.push(text.join(" ")); return logger; },
    warn: (...text) => { warnings.push(text.join(" ")); return logger; }, info: () => logger, debug: () => logger};
  const embed = who === "book" ? window.peaceopsCharts.embed : window.labRequire(EMBED).default;
  const options = {renderer: "svg", actions: false, mode: "vega-lite", logger};
  if (who === "book") options.config = window.peaceopsCharts.config[config];
  const {view} = await embed(place, spec, options);
  window.view = view;
  const count = {};
  for (const group of place.querySelectorAll("svg g.role-mark")) {
    const kind = [...group.classList].find(name => /^mark-/.test(name)).slice(5);
    count[kind] = (count[kind] ?? 0) + group.querySelectorAll("path, text, line").length;
  }
  const text = [...place.querySelectorAll("svg text")].map(node => node.textContent);
  return {count, text, warnings, svg: place.querySelector("svg").outerHTML,
    foreign: place.querySelectorAll("svg script, svg img, svg foreignObject, script, img").length};
};
"""


def book_bundle():
    """Return the script that draws the book's charts, made as the book makes it."""
    found = importlib.util.spec_from_file_location("course_assets", ROOT / "book" / "_ext" / "course_assets.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module.chart_bundle()


def lab_scripts():
    """Return JupyterLab's own Vega, Vega-Lite and vega-embed as scripts, and the number of the module vega-embed.

    Raises
    ------
    LookupError
        When JupyterLab's files are no longer put together as this module expects.
    """
    main = "".join(path.read_text(encoding="utf-8") for path in LAB.glob("main.*.js"))
    chunks, shared, numbers = set(), {}, {}
    for name in ("vega", "vega-lite", "vega-embed"):
        made = re.search(rf'name:"{name}",version:"[\d.]+",factory:\(\)=>(.*?)\.then\(\(\)=>\(\)=>\w+\((\d+)\)\)', main)
        asked = re.search(rf'(\d+):\{{shareScope:"default",shareKey:"{name}"', main)
        if not made or not asked:
            raise LookupError(f"JupyterLab's files do not say where its {name} is: look at {LAB}/main.*.js.")
        chunks |= set(re.findall(r"\.e\((\d+)\)", made[1]))
        numbers[name] = int(made[2])
        shared[int(asked[1])] = numbers[name]
    files = [path for chunk in sorted(chunks) for path in LAB.glob(f"{chunk}.*.js")]
    scripts = [RUNTIME.replace("SHARED", str(shared)), *(path.read_text(encoding="utf-8") for path in files)]
    return scripts, numbers["vega-embed"]


def prepare(page):
    """Give a page the function ``draw(who, spec, config)``, ``who`` being “book” or “lab”."""
    page.set_content("<!doctype html><title>charts</title><body></body>")
    page.add_script_tag(content=book_bundle())
    scripts, embed = lab_scripts()
    for script in [*scripts, DRAW.replace("EMBED", str(embed))]:
        page.add_script_tag(content=script)
