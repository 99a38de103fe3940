/** Where people gather: who is here, what they bring, and the button that begins. */
import { Index, Show, createMemo, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { Member } from "../generated/wire";
import { FromMyFilms, LeaveOutSeen } from "../films/lazy";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/icons";
import { onDemand } from "../parts/onDemand";
import type { RoomHandle } from "../room/useRoom";
import { t } from "../text/texts";
import { Invite } from "../room/Invite";
import { Picks } from "./Picks";
import { RoomMenu } from "../room/lazy";
import RuleLine from "../swiping/RuleLine";
import { DeckField } from "../decks/DeckField";
import "../parts/lists.css";
import "../room/room.css";
import "./lobby.css";

const NeverLine = onDemand(() => import("../history/NeverLine"), "part");

/** More people than this sit side by side: the picks stay within a thumb's reach. */
const CROWD = 6;

export default function Lobby(props: { room: RoomHandle }) {
  const [menu, setMenu] = createSignal(false);
  const room = () => props.room.view.room;
  return (
    <main class="screen with-bar lobby" data-testid="lobby">
      <header class="room-head">
        <div class="room-title">
          <h1>{room().name}</h1>
          <p class="note">{t("room-code-is", { code: room().code })}</p>
          <RuleLine room={props.room} />
        </div>
        <button class="round" data-testid="menu" aria-label={t("room-menu")} onClick={() => setMenu(true)}>
          <Icon name="more" />
        </button>
      </header>
      <Invite room={room()} />
      <section aria-labelledby="who">
        <h2 id="who">{t("who-is-here")}</h2>
        <ul class="list" classList={{ crowd: room().members.length > CROWD }}>
          <Index each={room().members}>{(member) => <MemberRow member={member()} room={props.room} />}</Index>
        </ul>
      </section>
      <Picks room={props.room} />
      <FromMyFilms room={props.room} />
      <DeckChoice room={props.room} />
      <LeaveOutSeen room={props.room} />
      <Show when={room().veto}>
        <p class="note" data-testid="veto-explained">
          {t("veto-allowed-note")}
        </p>
      </Show>
      <NeverLine room={props.room} />
      <Begin room={props.room} />
      <Show when={menu()}>
        <RoomMenu room={props.room} close={() => setMenu(false)} />
      </Show>
    </main>
  );
}

function MemberRow(props: { member: Member; room: RoomHandle }) {
  const room = () => props.room.view.room;
  const roles = () => {
    const { member } = props;
    const all = [
      member.id === props.room.me ? t("you") : null,
      member.id === room().host ? t("host") : null,
      member.away ? t("away") : null,
    ];
    return all.filter((part) => part !== null).map((role) => `${role} · `);
  };
  return (
    <li class="row still" data-testid={`member-${props.member.id}`} data-ready={props.member.ready}>
      <Avatar member={props.member} online={props.member.online} />
      <span class="row-text">
        <span class="row-title">{props.member.name}</span>
        <span class="row-note">
          <span class="roles">{roles()}</span>
          {t("picks-progress", { count: props.member.picks, of: room().picks_per_member })}
        </span>
      </span>
      <span class="visually-hidden">{t(props.member.online ? "online" : "offline")}</span>
      <span class="ready-mark" classList={{ yes: props.member.ready }}>
        <span class="ready-word">{t(props.member.ready ? "is-ready" : "is-picking")}</span>
        <Show when={props.member.ready}>
          <Icon name="check" />
        </Show>
      </span>
    </li>
  );
}

function DeckChoice(props: { room: RoomHandle }) {
  const room = () => props.room.view.room;
  return (
    <Show when={props.room.isHost() || room().deck}>
      <DeckField
        deck={room().deck}
        none={t("choose-deck")}
        picks={room().members.reduce((sum, member) => sum + member.picks, 0)}
        choose={
          props.room.isHost()
            ? (deck) => {
                props.room.live.configure({ deck });
              }
            : null
        }
      />
    </Show>
  );
}

function Begin(props: { room: RoomHandle }) {
  const app = useApp();
  const [starting, setStarting] = createSignal(false);
  const room = () => props.room.view.room;
  const mine = createMemo(() => room().members.find((member) => member.id === props.room.me));
  const others = createMemo(() =>
    room().members.filter((member) => member.id !== props.room.me && !member.away),
  );
  const choosing = createMemo(() => others().filter((member) => !member.ready).length);
  const anything = createMemo(
    () => room().deck !== null || room().members.some((member) => member.picks > 0),
  );
  /** What is still missing, or whose turn it is: above the buttons, which keep their few words. */
  const hint = () => {
    if (!anything()) return t("start-needs-titles");
    if (choosing() > 0) return t("start-waiting", { count: choosing() });
    if (props.room.isHost()) return null;
    return t("waiting-host", {
      name: room().members.find((member) => member.id === room().host)?.name ?? "",
    });
  };
  const start = async () => {
    setStarting(true);
    await props.room.now({ type: "start" });
    setStarting(false);
  };
  return (
    <footer class="bar">
      <Show when={hint()}>{(text) => <p class="note centre">{text()}</p>}</Show>
      <div class="bar-row">
        <button
          class="big"
          classList={{ second: props.room.isHost(), on: mine()?.ready ?? false }}
          data-testid="ready"
          aria-pressed={mine()?.ready ?? false}
          onClick={() => {
            app.tg.haptic("press");
            props.room.live.ready(!(mine()?.ready ?? false));
          }}
        >
          <Show when={mine()?.ready}>
            <Icon name="check" />
          </Show>
          {t("ready")}
        </button>
        <Show when={props.room.isHost()}>
          <button
            class="big"
            data-testid="start"
            disabled={starting() || !anything()}
            onClick={() => void start()}
          >
            {t(others().length === 0 ? "start-alone" : "start")}
          </button>
        </Show>
      </div>
    </footer>
  );
}
