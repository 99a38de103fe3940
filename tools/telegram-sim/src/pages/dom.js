// Elements without a framework: one function that makes them, one set of icons.

/** Makes an element; `on…` properties become listeners, others attributes. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style" && typeof value === "object") {
      for (const [name, css] of Object.entries(value)) node.style.setProperty(name, css);
    } else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const paths = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M4 12l16-8-5 16-3.5-6.5L4 12z",
  sun: "M12 8a4 4 0 100 8 4 4 0 000-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 019.5 4 8.5 8.5 0 1020 14.5z",
  wifi: "M3 9.5a13 13 0 0118 0M6 13a8.5 8.5 0 0112 0M9 16.4a4.2 4.2 0 016 0M12 19.8v.01",
  plane: "M21 15.5l-7.5-4.6V5.2a1.5 1.5 0 00-3 0v5.7L3 15.5v1.8l7.5-2.2v3.7l-2 1.4v1.3l3.5-1 3.5 1v-1.3l-2-1.4v-3.7l7.5 2.2v-1.8z",
  pause: "M8.5 6v12M15.5 6v12",
  link: "M8 16L17 7M10 7h7v7",
  app: "M5 7.5A2.5 2.5 0 017.5 5h9A2.5 2.5 0 0119 7.5v9a2.5 2.5 0 01-2.5 2.5h-9A2.5 2.5 0 015 16.5v-9zM5 9.5h14",
  menu: "M5 8h14M5 12h14M5 16h14",
  reload: "M19 12a7 7 0 11-2.1-5M19 4v4h-4",
  gear: "M12 9a3 3 0 100 6 3 3 0 000-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1",
  globe: "M12 3a9 9 0 100 18 9 9 0 000-18zM3.5 9.5h17M3.5 14.5h17M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18",
  down: "M6 9l6 6 6-6",
  forward: "M13 6l6 6-6 6M19 12H8a4 4 0 00-4 4v2",
};

/** A line icon that takes the colour of its text. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

const hues = ["#e17076", "#eda86c", "#a695e7", "#7bc862", "#6ec9cb", "#65aadd", "#ee7aae"];
const inks = ["#c03d33", "#b5651d", "#7a54d6", "#3a9a2b", "#1b9197", "#2f7fc1", "#c7508b"];

const hue = (id) => Math.abs(id) % 7;

/** The colour of a person's name. */
export const ink = (id) => inks[hue(id)];

/** A round picture, or initials on Telegram's colours. */
export function avatar(id, name, size = 40, photo = null) {
  const initials = name.split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]).join("");
  const node = el("span", {
    class: "avatar",
    "aria-hidden": "true",
    style: { "--size": `${size}px`, "--hue": hues[hue(id)] },
  }, initials);
  if (photo) node.append(el("img", { src: photo, alt: "" }));
  return node;
}

export const time = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
