/** Another member at the cards: how far they are, and whether they are here. A tap opens what there is to do about them. */
import { Show } from "solid-js";

import type { Member } from "../generated/wire";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/icons";
import { t } from "../text/texts";
import { standing } from "./standing";

export function Face(props: { member: Member; of: number; open: () => void }) {
  const state = () => standing(props.member, props.of);
  const left = () => (props.of === 0 ? 100 : 100 - Math.min(100, (100 * props.member.swiped) / props.of));
  return (
    <li data-testid={`progress-${props.member.id}`} data-swiped={props.member.swiped} data-state={state()}>
      <button
        class="face"
        aria-label={t("member-progress", {
          name: props.member.name,
          swiped: props.member.swiped,
          of: props.of,
          state: state(),
        })}
        onClick={() => props.open()}
      >
        <Avatar member={props.member} online={state() === "here"} />
        <svg class="ring" viewBox="0 0 36 36" aria-hidden="true">
          <circle cx="18" cy="18" r="15.9155" />
          <circle cx="18" cy="18" r="15.9155" style={{ "stroke-dashoffset": `${left()}` }} />
        </svg>
        <Show when={state() === "done" || state() === "away"}>
          <span class="face-mark">
            <Icon name={state() === "done" ? "check" : "moon"} />
          </span>
        </Show>
      </button>
    </li>
  );
}
