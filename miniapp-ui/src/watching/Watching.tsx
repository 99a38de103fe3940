/**
 * Watching together, as a room shows it: a bar while something is on, and the cinema over the room. Loaded after the first card, with
 * its words and styles.
 */
import { Show, createEffect, onMount, untrack } from "solid-js";

import { useApp } from "../app/context";
import type { RoomHandle } from "../room/useRoom";
import { type Words, createWords } from "../text/words";
import { type BesideFilm, Cinema } from "./Cinema";
import { CinemaContext } from "./cinema";
import { createCinema } from "./createCinema";
import { NowPlaying } from "./NowPlaying";
import { isSentTo } from "./sentTo";
import { isWished, takeWish } from "./wish";

export type { BesideFilm };

export default function Watching(props: { room: RoomHandle; places: (places: BesideFilm | null) => void }) {
  const word = createWords({
    en: () => import("../../../locales/en/watching.ftl"),
    ru: () => import("../../../locales/ru/watching.ftl"),
  });
  const app = useApp();
  // A room's screen is keyed by its code: another room is another component.
  const room = untrack(() => props.room);
  const screen = () => room.view.room.screen;
  onMount(() => {
    if (isSentTo(room.view.room.code, app.tg.launch)) room.openCinema(true);
  });
  createEffect(() => {
    // Nothing that is celebrated hides behind a film. Whoever wants to watch what matched gets there after the last of them.
    if (room.view.uncelebrated.length > 0) room.openCinema(false);
    else if (isWished(room)) room.openCinema(true);
  });

  return (
    <Show when={word("cinema")}>
      <Show
        when={room.cinema()}
        fallback={
          <Show when={screen()}>
            {(on) => <NowPlaying screen={on()} word={word} open={() => room.openCinema(true)} />}
          </Show>
        }
      >
        <Hall room={room} word={word} places={props.places} />
      </Show>
    </Show>
  );
}

/** The cinema while it is open. */
function Hall(props: { room: RoomHandle; word: Words; places: (places: BesideFilm | null) => void }) {
  const app = useApp();
  const { room, word } = untrack(() => ({ room: props.room, word: props.word }));
  const cinema = createCinema(app, room, word);
  const name = (id: number) =>
    room.view.room.members.find((member) => member.id === id)?.name ?? word("cinema-someone");
  const matched = () => room.view.room.matches.map((match) => match.title).reverse();
  const wanted = takeWish(room);
  return (
    <CinemaContext.Provider value={cinema}>
      <Cinema
        close={() => room.openCinema(false)}
        places={props.places}
        name={name}
        matched={matched()}
        wanted={wanted}
      />
    </CinemaContext.Provider>
  );
}
