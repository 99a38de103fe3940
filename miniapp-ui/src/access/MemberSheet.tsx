/** Somebody in the room: how they are doing, a nudge, and what the host may do about them. */
import { Show } from "solid-js";

import { useApp } from "../app/context";
import type { Member, Role } from "../generated/wire";
import { Avatar } from "../parts/Avatar";
import { Sheet } from "../parts/Sheet";
import { canBeNudged, nudge } from "../room/nudge";
import type { RoomHandle } from "../room/useRoom";
import { standing } from "../swiping/standing";
import { t } from "../text/texts";
import "./access.css";

interface Person {
  room: RoomHandle;
  member: Member;
  handOver: () => void;
  remove: () => void;
}

export default function MemberSheet(props: Person & { close: () => void }) {
  const app = useApp();
  const room = () => props.room.view.room;
  /** As they are by now; as they were, if they have gone meanwhile. */
  const member = () => room().members.find((member) => member.id === props.member.id) ?? props.member;
  const swipes = () => room().phase === "swiping";
  const state = () =>
    [
      t(`role-${member().role}`),
      t(`standing-${standing(member(), room().deck_size)}`),
      swipes() ? t("card-position", { done: member().swiped, of: room().deck_size }) : null,
    ].filter((part) => part !== null);
  const remind = async () => {
    if (await nudge(props.room, member())) app.tg.haptic("tick");
  };

  return (
    <Sheet title={member().name} close={props.close} testid="person-sheet">
      <div class="member-face">
        <Avatar member={member()} online={member().online} />
        <p class="lead">{state().join(" · ")}</p>
      </div>
      <Show when={canBeNudged(props.room, member())}>
        <div class="stack">
          <button class="big second" data-testid="nudge" onClick={() => void remind()}>
            {t("nudge")}
          </button>
        </div>
        <p class="note">{t("nudge-note", { name: member().name })}</p>
      </Show>
      <Show when={swipes() && (member().nudged_by ?? null) !== null}>
        <p class="note" role="status" data-testid="nudged">
          {t("nudged-already", { name: member().name })}
        </p>
      </Show>
      <Show when={props.room.isHost()}>
        <HostsPart {...props} member={member()} />
      </Show>
    </Sheet>
  );
}

function HostsPart(props: Person) {
  const become = (role: Role) => void props.room.now({ type: "role", member: props.member.id, role });
  return (
    <>
      <div class="list">
        <button
          class="row"
          role="switch"
          data-testid="make-moderator"
          aria-checked={props.member.role === "moderator"}
          onClick={() => {
            become(props.member.role === "moderator" ? "participant" : "moderator");
          }}
        >
          <span class="row-text">{t("role-moderator")}</span>
          <span class="switch" aria-hidden="true" />
        </button>
      </div>
      <p class="note">{t("role-moderator-note")}</p>
      <div class="list">
        <Show when={!props.member.away}>
          <button class="row" data-testid="hand-over" onClick={() => props.handOver()}>
            <span class="row-text">{t("hand-over")}</span>
          </button>
        </Show>
        <button
          class="row bad"
          data-testid={`remove-${props.member.id}`}
          aria-label={t("remove-member", { name: props.member.name })}
          onClick={() => props.remove()}
        >
          <span class="row-text">{t("remove")}</span>
        </button>
      </div>
    </>
  );
}
