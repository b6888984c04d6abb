// Finding files: part of a name, or a pattern with * and ?. With a slash it is about the whole path.

/** A test for a lower-case text; null for an empty query. */
function matcher(query) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return null;
  if (!/[*?]/.test(wanted)) return (text) => text.includes(wanted);
  let pattern = "";
  for (let i = 0; i < wanted.length; i++) {
    if (wanted.startsWith("**/", i)) {
      pattern += "(?:.*/)?";
      i += 2;
    } else if (wanted.startsWith("**", i)) {
      pattern += ".*";
      i++;
    } else if (wanted[i] === "*") {
      pattern += "[^/]*";
    } else if (wanted[i] === "?") {
      pattern += "[^/]";
    } else {
      pattern += wanted[i].replace(/[\\^$.|+()[\]{}\/]/g, "\\$&");
    }
  }
  const begin = wanted.includes("/") && !wanted.startsWith("/") ? "^(?:.*/)?" : "^";
  const expression = new RegExp(begin + pattern + "$", "su");
  return (text) => expression.test(text);
}

class Search {
  constructor(files) {
    this.files = files;
  }

  /** Names and paths in lower case, made when they are first needed. */
  prepare() {
    if (this.names) return;
    const { count, names, parents } = this.files;
    this.names = new Array(count);
    this.paths = new Array(count);
    this.names[0] = "/";
    this.paths[0] = "";
    for (let f = 1; f < count; f++) {
      this.names[f] = names[f].toLowerCase();
      this.paths[f] = this.paths[parents[f]] + "/" + this.names[f];
    }
  }

  /** Which files match: 1 for those that do; null for an empty query. */
  hits(query) {
    const matches = matcher(query);
    if (!matches) return null;
    this.prepare();
    const texts = query.includes("/") ? this.paths : this.names;
    const hits = new Uint8Array(this.files.count);
    for (let f = 1; f < hits.length; f++) if (matches(texts[f])) hits[f] = 1;
    return hits;
  }
}
