// The page: the head, what is selected, and how the parts tell each other.

const about = JSON.parse(byId("about").textContent);
let files = null;
let search = null;

const rows = new Rows((file) => drawDetails(files, file));
const layers = new Layers((from, to) => showLayers(from, to));

function showPlatform(number) {
  files = new ImageFiles(JSON.parse(byId("platform-" + number).textContent));
  search = new Search(files);
  // Typing is not to wait for it.
  (window.requestIdleCallback || setTimeout)(() => search.prepare());
  rows.load(files);
  layers.load(files);
  drawFigures();
  drawWasted(files, reveal);
  drawLargest(files, reveal);
  byId("tab-wasted").replaceChildren("Wasted ", element("small", {}, countText(files.wastefulFiles)));
  byId("digest").textContent = files.digest;
}

/** A layer shows what it changes; the whole image shows what is in it. */
function showLayers(from, to) {
  const last = files.layers.length - 1;
  byId("only").checked = from >= 0;
  compare(from >= 0 ? from : 1, from >= 0 ? to : last, true);
}

function compare(from, to, fresh) {
  rows.compare(files.compare(from, to), byId("only").checked, fresh);
  find();
  drawDetails(files, rows.selected);
}

function find() {
  const query = byId("search").value;
  const plain = /[*?/]/.test(query) ? "" : query.trim().toLowerCase();
  const hits = search.hits(query);
  rows.find(hits, plain);
  const { there, altered } = rows.comparison;
  byId("found").textContent = hits ? countText(rows.found()) + " found" : rows.only ? plural(altered, "change") : plural(there, "file");
}

function reveal(file) {
  byId("search").value = "";
  if (layers.from >= 0) layers.select(-1, false);
  byId("only").checked = false;
  compare(rows.comparison.from, rows.comparison.to, true);
  showTab(byId("tab-files"));
  rows.reveal(file);
  byId("tree").focus();
}

function drawFigures() {
  const efficiency = files.written ? files.smallest / files.written : 1;
  const figures = [
    ["Efficiency", percentText(efficiency), ""],
    ["Wasted", sizeText(files.wasted), "in " + plural(files.wastefulFiles, "file")],
    ["Files", sizeText(files.written), "in all layers"],
    ["Layers", countText(files.layers.length), sizeText(files.size) + " as stored"],
  ];
  byId("figures").replaceChildren(
    ...figures.map(([name, value, more]) => element("div", {}, element("dt", {}, ...(name === "Wasted" ? [element("i")] : []), name), element("dd", {}, value, " ", element("small", {}, more)))),
  );
}

// Tabs: arrows go from one to the next.

const tabs = [...document.querySelectorAll("[role=tab]")];

function showTab(tab) {
  for (const each of tabs) {
    each.setAttribute("aria-selected", each === tab);
    each.tabIndex = each === tab ? 0 : -1;
    byId(each.getAttribute("aria-controls")).hidden = each !== tab;
  }
  rows.schedule();
}

for (const [i, tab] of tabs.entries()) {
  tab.addEventListener("click", () => showTab(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(i + step + tabs.length) % tabs.length];
    showTab(next);
    next.focus();
  });
}

function sortBy(order) {
  rows.sort = order;
  byId("by-name").classList.toggle("sorted", order === "name");
  byId("by-size").classList.toggle("sorted", order === "size");
  if (rows.comparison) rows.refresh();
}

byId("by-name").addEventListener("click", () => sortBy("name"));
byId("by-size").addEventListener("click", () => sortBy("size"));
byId("only").addEventListener("change", () => compare(rows.comparison.from, rows.comparison.to, true));
byId("search").addEventListener("input", find);
byId("search").addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  byId("tree").focus();
  rows.go(0);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  showTab(byId("tab-files"));
  byId("search").select();
});

byId("digest").addEventListener("click", () => {
  const range = document.createRange();
  range.selectNodeContents(byId("digest"));
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  if (navigator.clipboard) navigator.clipboard.writeText(files.digest).catch(() => {});
});

// Light and dark follow the system until the button says otherwise.

const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme || (systemDark.matches ? "dark" : "light")) === "dark";

function drawTheme() {
  byId("theme").textContent = "◐ " + (isDark() ? "Light" : "Dark");
  byId("theme").title = "Show the page on a " + (isDark() ? "light" : "dark") + " ground";
}

byId("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  drawTheme();
});
systemDark.addEventListener("change", drawTheme);

byId("name").append(...shown(about.name));
byId("platform").append(...about.platforms.map((platform, number) => element("option", { value: number }, platform)));
byId("platforms").hidden = about.platforms.length < 2;
byId("platform").addEventListener("change", (event) => showPlatform(event.target.value));
drawTheme();
sortBy("name");
showPlatform(0);
