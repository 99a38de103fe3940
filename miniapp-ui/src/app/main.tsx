/** The door: reads how Telegram opened the page, dresses it, and shows the app. */
import { render } from "solid-js/web";

import "./base.css";
import "../parts/parts.css";
import "../parts/poster/poster.css";
import "../swiping/swiping.css";
import { connectBackButton } from "../telegram/back";
import { settleIn, telegram } from "../telegram/client";
import { readLaunch } from "../telegram/launch";
import { followTelegram } from "../telegram/surroundings";
import { Main } from "./App";

// What startup.js has said of this browser stays.
const root = document.documentElement;
if (root.dataset.startup !== "too-old") begin();

function begin(): void {
  const tg = telegram(readLaunch(location.hash, sessionStorageOrNull()));
  followTelegram(tg);
  settleIn(tg);
  connectBackButton(tg);
  const place = document.getElementById("app");
  if (place) render(() => <Main tg={tg} />, place);
  document.getElementById("startup")?.remove();
  root.dataset.startup = "done";
}

function sessionStorageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}
