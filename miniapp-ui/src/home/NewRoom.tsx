/** A new room, with everything already chosen: one tap on the button is enough. */
import { createSignal } from "solid-js";
import { createStore, unwrap } from "solid-js/store";

import { useApp } from "../app/context";
import { t } from "../text/texts";
import { ChoiceFields, type Choices } from "../swiping/settings";
import "../parts/lists.css";

export default function NewRoom() {
  const app = useApp();
  const [choices, setChoices] = createStore<Choices>({
    name: "",
    rule: { kind: "unanimous" },
    goal: { kind: "whole_deck" },
    picks: 5,
    deck: null,
  });
  const [busy, setBusy] = createSignal(false);
  const create = async () => {
    setBusy(true);
    try {
      const room = await app.api.createRoom({
        name: choices.name.trim() || t("room-name-placeholder"),
        rule: choices.rule,
        goal: choices.goal,
        picks_per_member: choices.picks,
        ...(choices.deck === null ? {} : { deck: unwrap(choices.deck) }),
      });
      app.tg.haptic("success");
      app.go({ screen: "room", code: room.code, room }, { replace: true });
    } catch (error) {
      app.excuse(error);
      setBusy(false);
    }
  };
  return (
    <main class="screen with-bar" data-testid="new-room-screen">
      <h1>{t("new-room-title")}</h1>
      <ChoiceFields value={choices} change={setChoices} />
      <footer class="bar">
        <button class="big" data-testid="create-room" disabled={busy()} onClick={() => void create()}>
          {t("create-room")}
        </button>
      </footer>
    </main>
  );
}
