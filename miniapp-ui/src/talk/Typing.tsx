/** Who is typing: their faces, three dots, and a line. */
import { For, Show } from "solid-js";

import { Avatar } from "../parts/Avatar";
import { useTalkView, type TalkView } from "./useTalk.ts";
import "./typing.css";

export function Typing() {
  const view = useTalkView();
  const people = () => typingPeople(view);
  return (
    <div class="talk-typing" classList={{ there: people().length > 0 }} data-testid="typing">
      <Show when={people().length > 0}>
        <span class="talk-typing-faces" aria-hidden="true">
          <For each={people().slice(0, 3)}>{(member) => <Avatar member={view.person(member)} />}</For>
        </span>
        <span>{typingText(view)}</span>
        <Dots />
      </Show>
    </div>
  );
}

export function Dots() {
  return (
    <span class="talk-dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}

/** Those of them who are in the room. */
function typingPeople({ talk, props }: TalkView): number[] {
  return Object.keys(talk.state().typing)
    .map(Number)
    .filter((id) => props.members.some((member) => member.id === id));
}

export function typingText(view: TalkView): string {
  const [one, other, ...more] = typingPeople(view);
  if (one === undefined) return "";
  if (other === undefined) return view.word("talk-typing-one", { name: view.name(one) });
  if (more.length > 0) return view.word("talk-typing-many", { count: more.length + 2 });
  return view.word("talk-typing-two", { name: view.name(one), other: view.name(other) });
}
