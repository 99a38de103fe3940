/** The room's rule about what somebody has seen: the host's choice, said aloud to everybody. */
import { Show } from "solid-js";

import { useApp } from "../app/context";
import type { RoomHandle } from "../room/useRoom";
import { word } from "./words";

export default function LeaveOutSeen(props: { room: RoomHandle }) {
  const app = useApp();
  const room = () => props.room.view.room;
  return (
    <Show when={props.room.isHost() || room().leave_out_seen}>
      <section data-testid="leave-out-seen">
        <Show when={props.room.isHost()}>
          <div class="list">
            <button
              class="row"
              role="switch"
              data-testid="leave-out-switch"
              aria-checked={room().leave_out_seen}
              onClick={() => {
                app.tg.haptic("tick");
                props.room.live.configure({ leave_out_seen: !room().leave_out_seen });
              }}
            >
              <span class="row-text">{word("leave-out")}</span>
              <span class="switch" aria-hidden="true" />
            </button>
          </div>
        </Show>
        <p class="note" role="status">
          {word(room().leave_out_seen ? "leave-out-on" : "leave-out-off")}
        </p>
      </section>
    </Show>
  );
}
