/** What a room's people think of one title: watched together, five faces, and never again. */
import { For, Show } from "solid-js";

import type { Member, RoomMark, RoomMarkChange } from "../generated/wire";
import { Avatar } from "../parts/Avatar";
import type { Words } from "../text/words";
import { FACES, emojiOf, faceOf } from "./faces";

export function Mark(props: {
  word: Words;
  me: number;
  members: Member[];
  mark: RoomMark;
  say: (change: Omit<RoomMarkChange, "title">) => void;
}) {
  const mine = () => faceOf(props.mark, props.me);
  const name = (id: number) => props.members.find((member) => member.id === id);
  const seen = () =>
    props.mark.faces.flatMap(({ member, face }) => {
      const who = name(member);
      return who === undefined ? [] : [{ who, face }];
    });
  return (
    <div class="match-mark" data-testid="mark">
      <button
        class="row"
        role="switch"
        data-testid="mark-watched"
        aria-checked={props.mark.watched_at !== null}
        onClick={() => props.say({ watched: props.mark.watched_at === null })}
      >
        <span class="row-text">{props.word("evenings-watched")}</span>
        <span class="switch" aria-hidden="true" />
      </button>
      <div class="mark-how" role="group" aria-label={props.word("evenings-how")}>
        <For each={FACES}>
          {([face, emoji]) => (
            <button
              class="mark-face"
              data-testid={`face-${face}`}
              aria-pressed={mine() === face}
              aria-label={props.word(`evenings-face-${face}`)}
              onClick={() => props.say({ face: mine() === face ? null : face })}
            >
              {emoji}
            </button>
          )}
        </For>
      </div>
      <Show when={seen().length > 0}>
        <ul class="mark-people">
          <For each={seen()}>
            {({ who, face }) => (
              <li>
                <span
                  role="img"
                  aria-label={props.word("evenings-said", {
                    name: who.name,
                    face: props.word(`evenings-face-${face}`),
                  })}
                >
                  <Avatar member={who} />
                  <span class="mark-badge" aria-hidden="true">
                    {emojiOf(face)}
                  </span>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <button
        class="row"
        role="switch"
        data-testid="mark-never"
        aria-checked={props.mark.never}
        onClick={() => props.say({ never: !props.mark.never })}
      >
        <span class="row-text">
          <span class="row-title">{props.word("evenings-never")}</span>
          <span class="row-note">{props.word("evenings-never-note")}</span>
        </span>
        <span class="switch" aria-hidden="true" />
      </button>
    </div>
  );
}
