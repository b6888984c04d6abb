// The image for one platform: its files, and what each layer does to them.
//
// Files are numbers. They are in the order of a walk through the tree, a directory before what is in it, so that
// everything below the file f has the numbers from f + 1 to end[f] - 1.

class ImageFiles {
  constructor(data) {
    Object.assign(this, {
      platform: data.platform,
      digest: data.digest,
      written: data.written,
      smallest: data.smallest,
      wasted: data.wasted,
      size: data.size,
      wasteful: data.wasteful,
      wastefulFiles: data.wastefulFiles,
      largest: data.largest,
      steps: data.steps,
      layers: data.layers,
      names: data.names,
      attributes: data.attributes,
      links: data.links,
    });
    this.count = data.names.length;
    this.parents = Int32Array.from(data.parents);
    this.walk();
    this.readChanges(data.layers);
  }

  walk() {
    this.end = new Int32Array(this.count);
    this.depth = new Int32Array(this.count);
    for (let f = 1; f < this.count; f++) this.depth[f] = this.depth[this.parents[f]] + 1;
    for (let f = this.count - 1; f >= 0; f--) {
      this.end[f] = Math.max(this.end[f], f + 1);
      const parent = this.parents[f];
      if (parent >= 0) this.end[parent] = Math.max(this.end[parent], this.end[f]);
    }
  }

  /** All changes of the file f are those from first[f] to first[f + 1] - 1, in the order of the layers. */
  readChanges(layers) {
    const total = layers.reduce((sum, layer) => sum + layer.f.length, 0);
    this.first = new Int32Array(this.count + 1);
    for (const layer of layers) {
      let file = 0;
      for (const step of layer.f) this.first[(file += step) + 1]++;
    }
    for (let f = 0; f < this.count; f++) this.first[f + 1] += this.first[f];
    this.layerOf = new Int32Array(total);
    this.kindOf = new Array(total);
    this.attributesOf = new Int32Array(total);
    this.sizeOf = new Float64Array(total);
    this.linkOf = new Map();
    const next = this.first.slice();
    layers.forEach((layer, number) => {
      layer.counts = { A: 0, M: 0, P: 0, R: 0, D: 0 };
      let file = 0;
      layer.f.forEach((step, i) => {
        const change = next[(file += step)]++;
        this.layerOf[change] = number;
        this.kindOf[change] = layer.k[i];
        this.attributesOf[change] = layer.a[i];
        this.sizeOf[change] = layer.s[i];
        if (layer.l[i] !== undefined) this.linkOf.set(change, this.links[layer.l[i]]);
        layer.counts[layer.k[i]]++;
      });
      layer.f = layer.k = layer.a = layer.s = layer.l = null;
    });
  }

  /** The last change of a file up to a layer; -1 if there is none. */
  change(file, layer) {
    for (let c = this.first[file + 1] - 1; c >= this.first[file]; c--) {
      if (this.layerOf[c] <= layer) return c;
    }
    return -1;
  }

  permissions(change) {
    return change < 0 ? "" : this.attributes[this.attributesOf[change]][0];
  }

  owner(change) {
    if (change < 0) return "";
    const [, , uid, gid] = this.attributes[this.attributesOf[change]];
    return uid + ":" + gid;
  }

  isDirectory(file) {
    return this.end[file] > file + 1 || this.permissions(this.first[file + 1] - 1).startsWith("d");
  }

  path(file) {
    if (file === 0) return "/";
    let path = "";
    for (let f = file; f > 0; f = this.parents[f]) path = "/" + this.names[f] + path;
    return path;
  }

  /**
   * What there is after the layer `to`, and how it differs from what there was before the layer `from`.
   *
   * marks: the kind of change; "" for none, "." for a directory with changes in it.
   * sizes, changed, gone: the bytes that are there, that are there and new, and that were removed; of a directory,
   * the sums of what is in it.
   * changes: the change that tells of each file; -1 if it is neither there nor was changed.
   */
  compare(from, to) {
    const marks = new Array(this.count).fill("");
    const sizes = new Float64Array(this.count);
    const changed = new Float64Array(this.count);
    const gone = new Float64Array(this.count);
    const changes = new Int32Array(this.count).fill(-1);
    let there = 0;
    let altered = 0;
    for (let f = this.count - 1; f >= 0; f--) {
      const last = this.change(f, to);
      if (last >= 0) {
        const isThere = this.kindOf[last] !== "D";
        const isNew = this.layerOf[last] >= from;
        if (isThere || isNew) {
          changes[f] = last;
          if (isNew) {
            marks[f] = this.markBetween(f, last, from);
            altered++;
          }
          if (isThere) {
            sizes[f] += this.sizeOf[last];
            if (isNew) changed[f] += this.sizeOf[last];
            if (!this.permissions(last).startsWith("d")) there++;
          } else {
            gone[f] += this.sizeOf[last];
          }
        }
      }
      const parent = this.parents[f];
      if (parent >= 0) {
        sizes[parent] += sizes[f];
        changed[parent] += changed[f];
        gone[parent] += gone[f];
        if (marks[f] && !marks[parent]) marks[parent] = ".";
      }
    }
    return { from, to, marks, sizes, changed, gone, changes, there, altered };
  }

  markBetween(file, last, from) {
    if (this.kindOf[last] === "D") return "D";
    const before = this.change(file, from - 1);
    if (before < 0 || this.kindOf[before] === "D") return "A";
    let mark = this.kindOf[last];
    for (let c = last; c > before; c--) {
      if (this.kindOf[c] === "M" || this.kindOf[c] === "D" || this.kindOf[c] === "A") mark = "M";
    }
    return mark;
  }
}
