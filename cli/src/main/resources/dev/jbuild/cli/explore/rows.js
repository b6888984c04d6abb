// The tree of files. Only the rows that are to be seen are in the page, however many files there are.

const ROW = 24;
const SPARE_ROWS = 6;
const MANY_ROWS = 60;
// Browsers end an element somewhere above 16 million pixels: longer lists scroll in proportion.
const TALLEST = 12_000_000;
const DEEPEST_INDENT = 30;
const KIND_WORDS = { A: "added", M: "changed", P: "mode or owner changed", R: "written again", D: "removed", ".": "changes inside" };

class Rows {
  constructor(onSelect) {
    this.box = byId("tree");
    this.holder = byId("rows");
    this.onSelect = onSelect;
    this.list = new Int32Array(0);
    this.sort = "name";
    this.selected = -1;
    this.box.addEventListener("scroll", () => this.schedule(), { passive: true });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.holder.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.schedule()).observe(this.box);
  }

  /** Shows another image: the root open, everything else closed. */
  load(files) {
    this.files = files;
    this.ownOpen = new Uint8Array(files.count);
    this.ownOpen[0] = 1;
    this.open = this.ownOpen;
    this.searchOpen = null;
    this.hits = null;
    this.selected = -1;
    this.openLonelyDirectories();
  }

  // A directory alone in its directory hides nothing by being open.
  openLonelyDirectories() {
    let f = 0;
    while (f + 1 < this.files.count && this.files.end[f + 1] === this.files.end[f] && this.files.isDirectory(f + 1)) {
      this.ownOpen[++f] = 1;
    }
  }

  /** Shows a comparison, all of it or the changes only; `fresh` opens the way to what is changed. */
  compare(comparison, only, fresh) {
    this.comparison = comparison;
    this.only = only;
    if (fresh) this.open = only ? this.wayToChanges() : this.ownOpen;
    this.refresh();
  }

  // Level by level, while the rows stay few enough to look over.
  wayToChanges() {
    const { files, comparison } = this;
    const open = new Uint8Array(files.count);
    let level = [0];
    let shownRows = 0;
    while (level.length) {
      const next = [];
      for (const directory of level) {
        const children = this.children(directory).filter((child) => comparison.marks[child] !== "");
        if (directory !== 0 && shownRows + children.length > MANY_ROWS) continue;
        open[directory] = 1;
        shownRows += children.length;
        for (const child of children) if (files.isDirectory(child) && comparison.marks[child] !== "D") next.push(child);
      }
      level = next;
    }
    return open;
  }

  /** Shows the files that were found, and the way to each; null shows all. */
  find(hits, matches) {
    this.hits = hits;
    this.matches = matches;
    this.searchOpen = hits ? new Uint8Array(this.files.count) : null;
    if (hits) {
      this.way = new Uint8Array(this.files.count);
      for (let f = this.files.count - 1; f > 0; f--) {
        if ((hits[f] && this.passes(f)) || this.way[f]) this.way[this.files.parents[f]] = 1;
      }
      for (let f = 0; f < this.files.count; f++) this.searchOpen[f] = this.way[f];
    }
    this.refresh();
  }

  /** How many of the found files there are to be seen. */
  found() {
    let count = 0;
    for (let f = 0; f < this.files.count; f++) if (this.hits[f] && this.passes(f)) count++;
    return count;
  }

  passes(file) {
    return this.comparison.changes[file] >= 0 && (!this.only || this.comparison.marks[file] !== "");
  }

  isOpen(file) {
    return (this.searchOpen || this.open)[file] === 1;
  }

  refresh() {
    this.list = this.flatten();
    if (this.selected >= 0 && !this.list.includes(this.selected)) this.select(-1);
    const height = this.list.length * ROW;
    this.scale = height > TALLEST ? TALLEST / height : 1;
    this.holder.style.height = height * this.scale + "px";
    byId("head").style.setProperty("--bar", this.box.offsetWidth - this.box.clientWidth + "px");
    this.box.setAttribute("aria-rowcount", this.list.length);
    this.draw();
  }

  // Without recursion: paths of hostile images are deep.
  flatten() {
    const { files, hits, way } = this;
    const list = [];
    const stack = [[0, false]];
    while (stack.length) {
      const [file, inHit] = stack.pop();
      if (!this.passes(file) && file !== 0) continue;
      const hit = hits !== null && hits[file] === 1;
      if (hits && !hit && !way[file] && !inHit) continue;
      if (file !== 0 || files.count === 1) list.push(file);
      if (!this.isOpen(file)) continue;
      const children = this.children(file);
      for (let i = children.length - 1; i >= 0; i--) stack.push([children[i], inHit || hit]);
    }
    return Int32Array.from(list);
  }

  children(file) {
    const { end } = this.files;
    const children = [];
    for (let f = file + 1; f < end[file]; f = end[f]) children.push(f);
    if (this.sort === "size") children.sort((a, b) => this.size(b) - this.size(a) || a - b);
    return children;
  }

  size(file) {
    const { sizes, changed, gone, marks } = this.comparison;
    if (marks[file] === "D") return gone[file];
    return this.only ? changed[file] : sizes[file];
  }

  schedule() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    if (!this.files) return;
    const top = this.box.scrollTop / this.scale;
    const fit = Math.ceil(this.box.clientHeight / ROW);
    const from = Math.max(0, Math.floor(top / ROW) - SPARE_ROWS);
    const to = Math.min(this.list.length, from + fit + 2 * SPARE_ROWS);
    // Scaled lists move by whole rows at the place where the box is scrolled to.
    const shift = this.box.scrollTop - top;
    const rows = [];
    for (let i = from; i < to; i++) rows.push(this.row(i, i * ROW + shift));
    if (!this.list.length) rows.push(element("p", { className: "nothing" }, this.hits ? "No such file here." : "Nothing here: no file is changed."));
    this.holder.replaceChildren(...rows);
    this.activate();
  }

  row(index, y) {
    const { files, comparison } = this;
    const file = this.list[index];
    const change = comparison.changes[file];
    const mark = comparison.marks[file];
    const directory = files.isDirectory(file);
    const opens = directory && files.end[file] > file + 1;
    const name = file === 0 ? "/" : files.names[file];
    const link = change >= 0 ? files.linkOf.get(change) : undefined;
    const permissions = files.permissions(change);
    const size = directory || permissions[0] === "-" ? sizeText(this.size(file)) : "";
    const layer = change >= 0 ? files.layerOf[change] + 1 : "";
    const label = element("span", { className: "label" }, ...this.marked(name));
    const nameCell = element(
      "span",
      { className: "name", role: "gridcell", title: shownText(files.path(file)) },
      element("span", { className: "twist", "aria-hidden": "true" }, opens ? (this.isOpen(file) ? "▼" : "▶") : ""),
      label,
    );
    nameCell.style.setProperty("--depth", Math.min(files.depth[file] - 1, DEEPEST_INDENT));
    if (link !== undefined) {
      nameCell.append(element("span", { className: "target" }, permissions[0] === "h" ? "same file as " : "→ ", ...shown(link)));
    }
    const row = element(
      "div",
      {
        className: "row" + (directory ? " directory" : "") + (mark === "D" ? " gone" : ""),
        id: "row-" + file,
        role: "row",
        "aria-level": Math.max(files.depth[file], 1),
        "aria-rowindex": index + 1,
        "aria-selected": file === this.selected,
      },
      element(
        "span",
        { className: "mark " + (mark === "." ? "inside" : "kind-" + mark), role: "gridcell", title: KIND_WORDS[mark] || "", "aria-label": KIND_WORDS[mark] || "unchanged" },
        mark === "." ? "·" : mark,
      ),
      nameCell,
      element("span", { className: "mode", role: "gridcell" }, permissions),
      element("span", { className: "owner", role: "gridcell", title: "user and group" }, files.owner(change)),
      element("span", { className: "layer", role: "gridcell" }, String(layer)),
      element("span", { className: "size", role: "gridcell" }, size),
    );
    if (opens) row.setAttribute("aria-expanded", this.isOpen(file));
    row.style.top = y + "px";
    return row;
  }

  /** The name with what was searched for marked in it. */
  marked(name) {
    const wanted = this.matches;
    const at = this.hits && wanted ? name.toLowerCase().indexOf(wanted) : -1;
    if (at < 0 || name.length !== name.toLowerCase().length) return shown(name);
    const end = at + wanted.length;
    return [...shown(name.slice(0, at)), element("mark", {}, ...shown(name.slice(at, end))), ...shown(name.slice(end))];
  }

  activate() {
    const there = this.selected >= 0 && byId("row-" + this.selected);
    if (there) this.box.setAttribute("aria-activedescendant", there.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  select(file) {
    const before = byId("row-" + this.selected);
    if (before) before.setAttribute("aria-selected", "false");
    this.selected = file;
    const now = byId("row-" + file);
    if (now) now.setAttribute("aria-selected", "true");
    this.activate();
    this.onSelect(file);
  }

  toggle(file, open = !this.isOpen(file)) {
    if (!this.files.isDirectory(file)) return;
    (this.searchOpen || this.open)[file] = open ? 1 : 0;
    this.refresh();
  }

  /** Opens the way to a file, and shows it. */
  reveal(file) {
    for (let f = this.files.parents[file]; f >= 0; f = this.files.parents[f]) this.open[f] = 1;
    this.refresh();
    const index = this.list.indexOf(file);
    if (index < 0) return;
    this.box.scrollTop = Math.max(0, index * ROW - this.box.clientHeight / 3) * this.scale;
    this.draw();
    this.select(file);
  }

  click(event) {
    const row = event.target.closest(".row");
    if (!row) return;
    const file = Number(row.id.slice(4));
    this.select(file);
    if (row.hasAttribute("aria-expanded")) this.toggle(file);
    this.box.focus({ preventScroll: true });
  }

  go(index) {
    if (!this.list.length) return;
    const at = Math.min(Math.max(index, 0), this.list.length - 1);
    const top = at * ROW * this.scale;
    const inner = this.box.clientHeight - ROW;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top > this.box.scrollTop + inner) this.box.scrollTop = top - inner;
    this.draw();
    this.select(this.list[at]);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.list.indexOf(this.selected);
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1);
    const file = this.selected;
    const keys = {
      ArrowDown: () => this.go(at + 1),
      ArrowUp: () => this.go(at < 0 ? 0 : at - 1),
      PageDown: () => this.go(at + page),
      PageUp: () => this.go(at - page),
      Home: () => this.go(0),
      End: () => this.go(this.list.length - 1),
      Enter: () => file >= 0 && this.toggle(file),
      " ": () => file >= 0 && this.toggle(file),
      ArrowRight: () => {
        if (file < 0) this.go(0);
        else if (this.files.end[file] > file + 1 && !this.isOpen(file)) this.toggle(file, true);
        else if (this.isOpen(file)) this.go(at + 1);
      },
      ArrowLeft: () => {
        if (file < 0) return;
        if (this.isOpen(file) && this.files.end[file] > file + 1) this.toggle(file, false);
        else if (this.files.parents[file] > 0) this.go(this.list.indexOf(this.files.parents[file]));
      },
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }
}
