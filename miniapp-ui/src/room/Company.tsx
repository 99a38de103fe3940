/** Says quietly who comes and who goes once people swipe, and who nudges me. It shows nothing by itself. */
import { createEffect, on } from "solid-js";

import { useApp } from "../app/context";
import { t } from "../text/texts";
import type { RoomHandle } from "./useRoom";

export default function Company(props: { room: RoomHandle }) {
  const app = useApp();
  const room = () => props.room.view.room;
  const people = () =>
    room()
      .members.filter((member) => member.id !== props.room.me)
      .map(({ id, name }) => ({ id, name }));
  const nudgedBy = () => room().members.find((member) => member.id === props.room.me)?.nudged_by ?? null;

  createEffect(
    on(people, (now, before) => {
      // The lobby shows everybody anyway.
      if (before === undefined || room().phase === "lobby") return;
      const missing = (some: typeof now, among: typeof now) =>
        some.filter(({ id }) => !among.some((one) => one.id === id)).map(({ name }) => name);
      const [came, went] = [missing(now, before), missing(before, now)];
      const [first] = came.length > 0 ? came : went;
      if (first === undefined) return;
      const others = Math.max(came.length > 0 ? came.length : went.length, 1) - 1;
      app.say(t(came.length > 0 ? "toast-joined" : "toast-left", { name: first, others }));
    }),
  );
  createEffect(
    on(
      nudgedBy,
      (by) => {
        const name = room().members.find((member) => member.id === by)?.name;
        if (name === undefined) return;
        app.tg.haptic("press");
        app.say(t("toast-nudged", { name }));
      },
      { defer: true },
    ),
  );
  return null;
}
