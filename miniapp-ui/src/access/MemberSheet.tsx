/** Somebody in the room, and what its host may do about them. */
import { Show } from "solid-js";

import type { Member, Role } from "../generated/wire";
import { Avatar } from "../parts/Avatar";
import { Sheet } from "../parts/Sheet";
import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";
import "./access.css";

export default function MemberSheet(props: {
  room: RoomHandle;
  member: Member;
  handOver: () => void;
  remove: () => void;
  close: () => void;
}) {
  /** As they are by now; as they were, if they have gone meanwhile. */
  const member = () =>
    props.room.view.room.members.find((member) => member.id === props.member.id) ?? props.member;
  const become = (role: Role) => void props.room.now({ type: "role", member: member().id, role });

  return (
    <Sheet title={member().name} close={props.close} testid="person-sheet">
      <div class="member-face">
        <Avatar member={member()} online={member().online} />
        <span class="lead">{t(`role-${member().role}`)}</span>
      </div>
      <div class="list">
        <button
          class="row"
          role="switch"
          data-testid="make-moderator"
          aria-checked={member().role === "moderator"}
          onClick={() => {
            become(member().role === "moderator" ? "participant" : "moderator");
          }}
        >
          <span class="row-text">{t("role-moderator")}</span>
          <span class="switch" aria-hidden="true" />
        </button>
      </div>
      <p class="note">{t("role-moderator-note")}</p>
      <div class="list">
        <Show when={!member().away}>
          <button class="row" data-testid="hand-over" onClick={() => props.handOver()}>
            <span class="row-text">{t("hand-over")}</span>
          </button>
        </Show>
        <button
          class="row bad"
          data-testid={`remove-${member().id}`}
          aria-label={t("remove-member", { name: member().name })}
          onClick={() => props.remove()}
        >
          <span class="row-text">{t("remove")}</span>
        </button>
      </div>
    </Sheet>
  );
}
