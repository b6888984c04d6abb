// Text and elements. Whatever comes from the image becomes text nodes, never markup.

const byId = (id) => document.getElementById(id);

/** An element with properties (a name with a hyphen, or "role", is an attribute) and children. */
function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name === "role" || name.includes("-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Three digits and a unit, powers of a thousand, as the command prints sizes. */
function sizeText(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return value.toFixed(digits) + " " + UNITS[unit];
}

const countText = (number) => number.toLocaleString("en");

/** "1 file", "2 files". */
const plural = (number, noun) => countText(number) + " " + noun + (number === 1 ? "" : "s");

/** Rounded down: what is told as 100 % is whole. */
const percentText = (share) => (Math.floor(share * 1000) / 10).toFixed(1) + " %";

// Controls, marks of direction, separators of lines, and characters that take no place.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/u;

/** Nodes that show a text from outside with everything in it that is not to be seen. */
function shown(text) {
  if (!UNSEEN.test(text)) return [document.createTextNode(text)];
  const nodes = [];
  let plain = "";
  for (const character of text) {
    if (UNSEEN.test(character)) {
      nodes.push(document.createTextNode(plain), unseen(character));
      plain = "";
    } else {
      plain += character;
    }
  }
  nodes.push(document.createTextNode(plain));
  return nodes;
}

function unseen(character) {
  const number = "U+" + character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return element("span", { className: "control", title: "a character that is not to be seen" }, number);
}

/** The same in one string, for labels and titles. */
function shownText(text) {
  return UNSEEN.test(text) ? shown(text).map((node) => node.textContent).join("") : text;
}
