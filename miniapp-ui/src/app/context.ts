/** What every screen may reach: Telegram, the server, where we are, and a line to say something in passing. */
import { type Accessor, createContext, useContext } from "solid-js";

import type { User } from "../generated/wire";
import type { Api } from "../net/api";
import type { Keep } from "../net/keep";
import type { Phone } from "../sync/phone";
import type { Telegram } from "../telegram/client";
import type { Router } from "./router";
import type { Session } from "./session";

export interface App {
  tg: Telegram;
  session: Session;
  api: Api;
  keep: Keep;
  /** What this page has open. */
  phone: Phone;
  user: Accessor<User>;
  /** Shows the person as they are now. */
  showUser: (user: User) => void;
  /** The server has erased this person: nothing of theirs stays here either. */
  forgotten: () => void;
  go: Router["go"];
  /** Shows a line for a moment. */
  say: (text: string) => void;
  /** Tells calmly why something did not work. */
  excuse: (error: unknown) => void;
}

export const AppContext = createContext<App>();

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("a screen outside of the app");
  return app;
}
