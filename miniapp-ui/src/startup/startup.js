/**
 * The page's first words: inline in index.html, before anything is loaded. It says why the app does not begin where that is
 * so: the browser is too old for it, its files do not come, or it fails at once. The app itself takes it away (main.tsx).
 *
 * Must run in browsers far below the supported ones: ES5, and nothing that is not asked for first.
 * `WORDS` is put before it when the page is built, from the same texts as the screens (plugin.ts).
 */
/** @type {Record<"en" | "ru", Record<string, string>>} */
var WORDS;
(function () {
  "use strict";
  var root = document.documentElement;
  /** Longer than a slow network needs for the app's files, in ms. */
  var PATIENCE = 25000;

  /** What the oldest supported browsers have, and older ones lack: Safari 15 is the last to have learned the first of these. */
  function isSupported() {
    return (
      !!window.CSS &&
      !!CSS.supports &&
      CSS.supports("aspect-ratio", "1 / 1") &&
      CSS.supports("inset", "0") &&
      "noModule" in document.createElement("script") &&
      "replaceAll" in String.prototype &&
      "fromEntries" in Object &&
      "AbortController" in window &&
      "ResizeObserver" in window &&
      "getRandomValues" in (window.crypto || {})
    );
  }

  function words() {
    return /^(ru|be|uk|kk)/i.test(navigator.language || "") ? WORDS.ru : WORDS.en;
  }

  function system() {
    var agent = navigator.userAgent;
    if (/Android/i.test(agent)) return "android";
    return /iPhone|iPad|iPod/i.test(agent) ? "ios" : "desktop";
  }

  /** Telegram's own colours, if it said them as it should. */
  function paint() {
    var found = /tgWebAppThemeParams=([^&]+)/.exec(location.hash);
    if (!found) return;
    try {
      var theme = JSON.parse(decodeURIComponent(found[1] || ""));
      /** @type {Record<string, "backgroundColor" | "color">} */
      var names = { bg_color: "backgroundColor", text_color: "color" };
      for (var name in names) {
        var property = names[name];
        if (property && /^#[0-9a-f]{6}$/i.test(theme[name])) document.body.style[property] = theme[name];
      }
    } catch (error) {
      // The page's own colours will do.
    }
  }

  /**
   * @param {"h1" | "p" | "button"} name
   * @param {string | undefined} text
   */
  function element(name, text) {
    var made = document.createElement(name);
    made.appendChild(document.createTextNode(text || ""));
    return made;
  }

  /**
   * Says it once; what was said first is nearest to the cause.
   * @param {"too-old" | "failed"} state
   * @param {string | undefined} title
   * @param {string | undefined} lead
   */
  function say(state, title, lead) {
    if (root.getAttribute("data-startup")) return;
    root.setAttribute("data-startup", state);
    function show() {
      if (root.getAttribute("data-startup") !== state) return;
      var place = document.createElement("div");
      place.id = "startup";
      place.setAttribute("role", "alert");
      place.appendChild(element("h1", title));
      place.appendChild(element("p", lead));
      if (state === "failed") {
        var button = element("button", words().reload);
        button.onclick = function () {
          location.reload();
        };
        place.appendChild(button);
      }
      root.lang = words().language || "";
      document.body.appendChild(place);
      paint();
    }
    if (document.body) show();
    else document.addEventListener("DOMContentLoaded", show);
  }

  function sayTooOld() {
    say("too-old", words().old, words()["old-" + system()]);
  }

  function sayFailed() {
    say("failed", words().failed, words()["failed-lead"]);
  }

  if (!isSupported()) {
    sayTooOld();
    return;
  }
  window.addEventListener(
    "error",
    function (event) {
      // A picture or a style that does not come is not the end of it.
      var element = /** @type {Partial<Element>} */ (event.target);
      if (event.target !== window && element.nodeName !== "SCRIPT") return;
      if (/SyntaxError/.test(event.message)) sayTooOld();
      else sayFailed();
    },
    true
  );
  setTimeout(sayFailed, PATIENCE);
})();
