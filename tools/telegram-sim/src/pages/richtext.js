// A message's text with its entities, as elements. Offsets count UTF-16 units, as strings here do.

import { el } from "./dom.js";

const tags = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** Nodes of a text; `follow(url)` opens links, `say(text)` sends commands. */
export function richText(text, entities = [], { follow, say }) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, sorted, 0, text.length, { follow, say });
}

function build(text, entities, from, to, actions) {
  const nodes = [];
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || entity.offset >= to) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inner = entities.slice(index + 1).filter((one) => one.offset < end);
    nodes.push(wrap(entity, text, build(text, inner, entity.offset, end, actions), actions));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function wrap(entity, text, children, { follow, say }) {
  const covered = text.slice(entity.offset, entity.offset + entity.length);
  const link = (act) =>
    el("a", { href: "#", onclick: (event) => { event.preventDefault(); act(); } }, children);
  switch (entity.type) {
    case "text_link": return link(() => follow(entity.url));
    case "url": return link(() => follow(covered.includes("://") ? covered : `https://${covered}`));
    case "bot_command": return link(() => say(covered));
    case "mention": case "hashtag": return el("span", { class: "linkish" }, children);
    case "spoiler":
      return el("span", { class: "spoiler", onclick: (event) => event.currentTarget.classList.add("shown") }, children);
    default: return el(tags[entity.type] ?? "span", {}, children);
  }
}
