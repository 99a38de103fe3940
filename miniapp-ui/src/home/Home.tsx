/** My rooms, a new one, and the way into somebody else's. */
import { For, Show, createSignal } from "solid-js";

import { useApp } from "../app/context";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/icons";
import { Poster } from "../parts/poster/Poster";
import { typedTitle } from "../net/api";
import { t } from "../text/texts";
import { AccountSheet } from "../account/lazy";
import { JoinByCode } from "./JoinByCode";
import { MyRooms } from "./MyRooms";
import "../parts/lists.css";
import "./home.css";

/** Three evenings that could be: drawn like any title's face. */
const FAN = [
  { ...typedTitle("Solaris"), kind: "film" as const, genres: ["sci-fi"], year: 1972 },
  { ...typedTitle("Amélie"), kind: "film" as const, genres: ["romance"], year: 2001 },
  { ...typedTitle("Stagecoach"), kind: "film" as const, genres: ["western"], year: 1939 },
];

export default function Home() {
  const app = useApp();
  const [account, setAccount] = createSignal(false);
  return (
    <main class="screen home" data-testid="home">
      <header class="hero">
        <div class="hero-top">
          <strong class="brand">{t("app-name")}</strong>
          <button
            class="round me"
            data-testid="account"
            aria-label={t("account")}
            onClick={() => setAccount(true)}
          >
            <Avatar
              member={{ ...app.user(), name: app.user().first_name, photo_url: app.user().photo_url }}
            />
          </button>
        </div>
        <div class="hero-fan" aria-hidden="true">
          <For each={FAN}>{(title) => <Poster title={title} size="mark" />}</For>
        </div>
        <h1>{t("home-title")}</h1>
        <p class="lead">{t("home-lead")}</p>
        <button class="big" data-testid="new-room" onClick={() => app.go({ screen: "new" })}>
          <Icon name="plus" />
          {t("new-room")}
        </button>
      </header>

      <MyRooms />
      <section>
        <div class="list">
          <button class="row" data-testid="find-rooms" onClick={() => app.go({ screen: "find" })}>
            <span class="row-icon">
              <Icon name="search" />
            </span>
            <span class="row-text">
              <span class="row-title">{t("find-title")}</span>
            </span>
            <Icon name="chevron" />
          </button>
        </div>
      </section>
      <JoinByCode />
      <Show when={account()}>
        <AccountSheet close={() => setAccount(false)} />
      </Show>
    </main>
  );
}
