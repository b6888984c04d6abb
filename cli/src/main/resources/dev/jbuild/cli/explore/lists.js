// What is told of one file, and the lists of wasteful and of large files.

/** The versions of a file in all layers. */
function drawDetails(files, file) {
  const box = byId("details");
  if (file < 0) {
    const legend = element("ol", { className: "muted" });
    for (const kind of ["A", "M", "P", "R", "D"]) legend.append(element("li", {}, element("b", { className: "kind-" + kind }, kind), " " + KIND_WORDS[kind]));
    box.replaceChildren(element("p", { className: "muted" }, "Select a file to see what each layer does to it. Keys: arrows, Enter, / to find."), legend);
    return;
  }
  const last = files.first[file + 1] - 1;
  const link = files.linkOf.get(last);
  const extended = last < files.first[file] ? [] : files.attributes[files.attributesOf[last]].slice(4);
  const path = element("div", { className: "path mono" }, ...shown(files.path(file)));
  if (link !== undefined) path.append(files.permissions(last)[0] === "h" ? ", the same file as " : " → ", ...shown(link));
  if (extended.length) path.append(element("span", { className: "muted" }, " · ", ...shown(extended.join(", "))));
  const versions = element("ol");
  for (let c = files.first[file]; c <= last; c++) versions.append(version(files, c, c < last));
  box.replaceChildren(path, versions);
}

function version(files, change, hidden) {
  const kind = files.kindOf[change];
  const item = element("li", {}, "layer " + (files.layerOf[change] + 1) + " ", element("b", { className: "kind-" + kind }, kind), " " + KIND_WORDS[kind]);
  if (kind === "D") return item;
  const permissions = files.permissions(change);
  const mode = files.attributes[files.attributesOf[change]][1];
  const size = permissions[0] === "-" ? ", " + sizeText(files.sizeOf[change]) : "";
  item.append(element("span", { className: "muted" }, size + ", " + permissions + " " + mode + " " + files.owner(change)));
  if (hidden && files.sizeOf[change] > 0) item.append(element("span", { className: "kind-D" }, ", wasted"));
  return item;
}

function table(headings, rows) {
  const head = element("tr", {}, ...headings.map((heading) => element("th", { scope: "col" }, heading)));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
}

function fileRow(files, file, cells, onReveal) {
  const button = element("button", { type: "button", className: "mono" }, ...shown(files.path(file)));
  button.addEventListener("click", () => onReveal(file));
  return element("tr", {}, ...cells.map((cell) => element("td", {}, cell)), element("td", {}, button));
}

/** Files of which a layer has bytes that the image does not show. */
function drawWasted(files, onReveal) {
  const rows = files.wasteful.map((file) => {
    let bytes = 0;
    let versions = 0;
    const last = files.first[file + 1] - 1;
    const places = [];
    for (let c = files.first[file]; c <= last; c++) {
      places.push(files.layerOf[c] + 1 + (files.kindOf[c] === "D" ? " (removed)" : ""));
      if (files.kindOf[c] === "D") continue;
      versions++;
      if (c < last) bytes += files.sizeOf[c];
    }
    return fileRow(files, file, [sizeText(bytes), String(versions), places.join(", ")], onReveal);
  });
  const more = files.wastefulFiles - rows.length;
  const text = rows.length
    ? sizeText(files.wasted) + " in " + plural(files.wastefulFiles, "file") + " are in a layer and not in the image, since a later layer overwrites or removes them. They are pulled and stored all the same."
    : "Nothing is wasted: no layer overwrites or removes a file of a layer below.";
  const box = byId("wasted");
  box.replaceChildren(element("p", { className: "lead" }, text));
  if (rows.length) box.append(table(["Wasted", "Versions", "Layers", "File"], rows));
  if (more > 0) box.append(element("p", { className: "lead" }, "And " + plural(more, "smaller one") + "."));
}

/** The largest files of the image. */
function drawLargest(files, onReveal) {
  const rows = files.largest.map((file) => {
    const last = files.first[file + 1] - 1;
    return fileRow(files, file, [sizeText(files.sizeOf[last]), String(files.layerOf[last] + 1)], onReveal);
  });
  const box = byId("largest");
  if (rows.length) box.replaceChildren(table(["Size", "Layer", "File"], rows));
  else box.replaceChildren(element("p", { className: "lead" }, "The image has no files with content."));
}
