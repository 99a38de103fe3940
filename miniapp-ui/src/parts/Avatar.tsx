/** A person: their picture, else their initials on the colour that Telegram would give them. */
import { Show, createSignal } from "solid-js";

import type { Member } from "../generated/wire";

export function Avatar(props: { member: Pick<Member, "id" | "name" | "photo_url">; online?: boolean }) {
  const [broken, setBroken] = createSignal(false);
  const initials = () =>
    props.member.name
      .split(/\s+/)
      .slice(0, 2)
      .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 32))
      .join("")
      .toLocaleUpperCase();
  return (
    <span class={`avatar hue-${props.member.id % 7}`} classList={{ online: props.online ?? false }}>
      <Show
        when={!broken() && props.member.photo_url}
        fallback={<span aria-hidden="true">{initials()}</span>}
      >
        {(source) => <img src={source()} alt="" onError={() => setBroken(true)} />}
      </Show>
    </span>
  );
}
