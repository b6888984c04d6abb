// The list of instructions with the layers they made, and the bar of their sizes.

class Layers {
  /** onSelect is told the first and the last layer of what is selected; -1 for the whole image. */
  constructor(onSelect) {
    this.box = byId("layers");
    this.bar = byId("bar");
    this.onSelect = onSelect;
    this.box.addEventListener("click", (event) => this.click(event.target.closest(".step[data-layer]"), event.shiftKey));
    this.bar.addEventListener("click", (event) => this.click(event.target.closest("button"), event.shiftKey));
    this.box.addEventListener("keydown", (event) => this.key(event));
    byId("empty").addEventListener("change", () => this.drawList());
  }

  load(files) {
    this.files = files;
    this.drawBar();
    this.drawList();
    this.select(-1, false);
  }

  drawBar() {
    const { layers } = this.files;
    // What is empty is still to be seen and to be hit.
    const segments = layers.map((layer, number) => {
      const segment = element("button", { type: "button", tabIndex: -1, title: "Layer " + (number + 1) + ": " + sizeText(layer.bytes) + (layer.wasted ? ", " + sizeText(layer.wasted) + " of it wasted" : "") });
      segment.dataset.layer = number;
      segment.style.flexGrow = layer.bytes || 0.0001;
      if (layer.wasted) {
        const part = element("i");
        part.style.width = (100 * layer.wasted) / layer.bytes + "%";
        segment.append(part);
      }
      return segment;
    });
    this.bar.replaceChildren(...segments);
  }

  drawList() {
    const { steps, layers, written } = this.files;
    const most = Math.max(1, ...layers.map((layer) => layer.bytes));
    const rows = [this.wholeImage(layers, written)];
    for (const [instruction, place, number, recorded] of steps) {
      if (number >= 0) rows.push(this.step(instruction, recorded, place, number, layers[number], most));
      else if (byId("empty").checked) rows.push(this.emptyStep(instruction, recorded, place));
    }
    this.box.replaceChildren(...rows);
    this.mark();
  }

  wholeImage(layers, written) {
    const line = element("div", { className: "line" }, element("span", { className: "name" }, "Whole image"), element("span", { className: "number" }, sizeText(written)));
    return this.option(-1, line, element("div", { className: "muted" }, layers.length > 1 ? "all layers together, compared with the lowest" : "of one layer"));
  }

  step(instruction, recorded, place, number, layer, most) {
    const { A, M, P, R, D } = layer.counts;
    const counts = element("span", { className: "counts" });
    for (const [kind, sign, count, word] of [["A", "+", A, "added"], ["M", "~", M + P + R, "changed"], ["D", "−", D, "removed"]]) {
      if (count) counts.append(element("span", { className: "kind-" + kind, title: countText(count) + " " + word }, sign + countText(count)));
    }
    const bar = element("b");
    bar.style.width = (100 * layer.bytes) / most + "%";
    return this.option(
      number,
      element(
        "div",
        { className: "line" },
        element("span", { className: "muted number" }, String(number + 1)),
        element("span", { className: "place mono" }, ...shown(place)),
        counts,
        element("span", { className: "number" }, sizeText(layer.bytes)),
      ),
      element("div", { className: "instruction mono", title: shownText(recorded) }, ...this.instruction(instruction)),
      element("div", { className: "share" }, bar),
    );
  }

  instruction(text) {
    const word = /^[A-Z]+(?= )/.exec(text);
    if (word) return [element("b", {}, word[0]), ...shown(text.slice(word[0].length))];
    return text ? shown(text) : [element("span", { className: "muted" }, "not in the image's history")];
  }

  option(number, ...children) {
    const option = element("div", { className: "step", id: "layer-" + number, role: "option" }, ...children);
    option.dataset.layer = number;
    return option;
  }

  emptyStep(instruction, recorded, place) {
    const title = (place ? place + ": " : "") + shownText(recorded);
    return element("div", { className: "step none", role: "presentation" }, element("div", { className: "instruction mono", title }, ...this.instruction(instruction)));
  }

  click(step, extend) {
    if (step) this.select(Number(step.dataset.layer), extend);
  }

  /** With extend, all from the layer that was selected before. */
  select(number, extend) {
    const anchor = extend && number >= 0 && this.anchor >= 0 ? this.anchor : number;
    this.anchor = anchor;
    this.current = number;
    this.from = Math.min(anchor, number);
    this.to = Math.max(anchor, number);
    this.mark();
    this.onSelect(this.from, this.to);
  }

  mark() {
    for (const step of this.box.children) {
      if (step.dataset.layer === undefined) continue;
      const number = Number(step.dataset.layer);
      step.setAttribute("aria-selected", number >= this.from && number <= this.to);
      step.classList.toggle("current", number === this.current);
    }
    for (const segment of this.bar.children) {
      const number = Number(segment.dataset.layer);
      segment.classList.toggle("selected", number >= this.from && number <= this.to && this.from >= 0);
    }
    this.box.setAttribute("aria-activedescendant", "layer-" + this.current);
    this.box.setAttribute("aria-multiselectable", "true");
  }

  key(event) {
    const last = this.files.layers.length - 1;
    const target = { ArrowDown: this.current + 1, ArrowUp: this.current - 1, Home: -1, End: last }[event.key];
    if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.select(Math.min(Math.max(target, -1), last), event.shiftKey);
    byId("layer-" + this.current).scrollIntoView({ block: "nearest" });
  }
}
