/** What can be done with the room besides swiping: settings, people, the end of a round, leaving. */
import { For, Match, Show, Switch, createSignal } from "solid-js";
import { createStore, unwrap } from "solid-js/store";

import { useApp } from "../app/context";
import type { Member, Room } from "../generated/wire";
import { Avatar } from "../parts/Avatar";
import { Icon } from "../parts/icons";
import { Confirm, Sheet } from "../parts/Sheet";
import { type RoomHandle, plain } from "./useRoom";
import { t } from "../text/texts";
import { Invite } from "./Invite";
import AccessSheet from "../access/AccessSheet";
import MemberSheet from "../access/MemberSheet";
import RemovedPeople from "../access/RemovedPeople";
import Report from "../access/Report";
import { createFullscreen } from "../telegram/fullscreen";
import { AccountSheet } from "../account/lazy";
import ExtendSheet from "../swiping/ExtendSheet";
import { HistorySheet } from "../history/lazy";
import { ChoiceFields, type Choices } from "../swiping/settings";
import { standing } from "../swiping/standing";

type Page =
  | {
      page: "menu" | "settings" | "access" | "report" | "account" | "history" | "leave" | "finish" | "extend";
    }
  | { page: "member" | "remove" | "hand-over"; member: Member };

/** `at`: the id of a member, and it opens there. */
export default function RoomMenu(props: { room: RoomHandle; at?: boolean | number; close: () => void }) {
  const app = useApp();
  const room = () => props.room.view.room;
  const others = () => room().members.filter((member) => member.id !== props.room.me);
  // eslint-disable-next-line solid/reactivity -- where it opens is not where it stays
  const wanted = others().find((member) => member.id === props.at);
  const [page, setPage] = createSignal<Page>(
    wanted === undefined ? { page: "menu" } : { page: "member", member: plain(wanted) },
  );

  const screen = createFullscreen(app.tg);
  const turn = async () => {
    const answer = await screen.ask(!screen.is());
    if (answer === "done") props.close();
    else app.say(t("fullscreen-refused"));
  };
  const leave = async () => {
    if (!(await props.room.now({ type: "leave" }))) return;
    props.room.live.forget();
    app.go({ screen: "home" });
  };
  const finish = async () => {
    await props.room.now({ type: "finish" });
    props.close();
  };
  const remove = async (member: number) => {
    await props.room.now({ type: "remove", member });
    back();
  };
  /** The titles' names come in the language of the asking. */
  const reopen = () => {
    app.go({ screen: "room", code: room().code, room: null }, { replace: true });
  };
  const back = () => {
    if (wanted === undefined) setPage({ page: "menu" });
    else props.close();
  };
  const about = (what: "member" | "remove" | "hand-over") => {
    const now = page();
    return now.page === what && "member" in now ? now.member : null;
  };
  const handOver = async (member: number) => {
    await props.room.now({ type: "hand_over", member });
    props.close();
  };

  return (
    <Switch>
      <Match when={page().page === "menu"}>
        <Sheet title={room().name} close={props.close} testid="room-menu">
          <Show when={room().phase !== "lobby"}>
            <Invite room={room()} />
          </Show>
          <div class="list">
            <MenuRow
              icon="play"
              text={t("watch-together")}
              testid="watch-together"
              act={() => {
                props.close();
                props.room.openCinema(true);
              }}
            />
            <Show when={screen.can}>
              <MenuRow
                icon="full"
                text={t(screen.is() ? "fullscreen-leave" : "fullscreen")}
                testid="fullscreen"
                act={() => void turn()}
              />
            </Show>
            <Show when={props.room.isHost() && room().phase === "lobby"}>
              <MenuRow
                icon="gear"
                text={t("settings")}
                testid="settings"
                act={() => setPage({ page: "settings" })}
              />
            </Show>
            <Show when={props.room.isHost()}>
              <MenuRow
                icon="link"
                text={t("access")}
                testid="access"
                act={() => setPage({ page: "access" })}
              />
            </Show>
            <Show when={props.room.isHost() && room().phase === "swiping" && room().ends_at}>
              <MenuRow
                icon="plus"
                text={t("extend")}
                testid="extend"
                act={() => setPage({ page: "extend" })}
              />
            </Show>
            <Show when={props.room.isHost() && room().phase === "swiping"}>
              <MenuRow
                icon="flag"
                text={t("finish-round")}
                testid="finish"
                act={() => setPage({ page: "finish" })}
              />
            </Show>
            <MenuRow
              icon="calendar"
              text={t("evenings")}
              testid="evenings"
              act={() => setPage({ page: "history" })}
            />
            <MenuRow
              icon="person"
              text={t("account")}
              testid="account"
              act={() => setPage({ page: "account" })}
            />
            <Show when={!props.room.isHost() && room().access.listed}>
              <MenuRow
                icon="info"
                text={t("report")}
                testid="report"
                act={() => setPage({ page: "report" })}
              />
            </Show>
            <MenuRow
              icon="leave"
              text={t("leave")}
              testid="leave"
              bad
              act={() => setPage({ page: "leave" })}
            />
          </div>
          <Show when={others().length > 0}>
            <h2>{t("who-is-here")}</h2>
            <ul class="list">
              <For each={others()}>
                {(member) => (
                  <li>
                    <button
                      class="row"
                      data-testid={`person-${member.id}`}
                      onClick={() => setPage({ page: "member", member: plain(member) })}
                    >
                      <Avatar member={member} online={member.online} />
                      <span class="row-text">
                        <span class="row-title">{member.name}</span>
                        <span class="row-note">{personNote(room(), member)}</span>
                      </span>
                      <Icon name="chevron" />
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <RemovedPeople room={props.room} />
        </Sheet>
      </Match>
      <Match when={page().page === "settings"}>
        <Settings room={props.room} close={props.close} />
      </Match>
      <Match when={page().page === "access"}>
        <AccessSheet room={props.room} close={back} />
      </Match>
      <Match when={page().page === "report"}>
        <Report code={room().code} close={back} />
      </Match>
      <Match when={page().page === "history"}>
        <HistorySheet room={props.room} close={back} />
      </Match>
      <Match when={page().page === "account"}>
        <AccountSheet close={back} spoke={reopen} />
      </Match>
      <Match when={page().page === "leave"}>
        <Confirm
          title={t("leave-confirm")}
          text={t("leave-confirm-lead")}
          yes={t("leave-yes")}
          act={() => void leave()}
          close={back}
        />
      </Match>
      <Match when={page().page === "finish"}>
        <Confirm
          title={t("finish-confirm")}
          text={t("finish-confirm-lead")}
          yes={t("finish-yes")}
          act={() => void finish()}
          close={back}
        />
      </Match>
      <Match when={page().page === "extend"}>
        <ExtendSheet room={props.room} close={props.close} />
      </Match>
      <Match when={about("member")} keyed>
        {(member) => (
          <MemberSheet
            room={props.room}
            member={member}
            handOver={() => setPage({ page: "hand-over", member })}
            remove={() => setPage({ page: "remove", member })}
            close={back}
          />
        )}
      </Match>
      <Match when={about("hand-over")} keyed>
        {(member) => (
          <Confirm
            title={t("hand-over-confirm", { name: member.name })}
            text={t("hand-over-confirm-lead")}
            yes={t("hand-over-yes")}
            act={() => void handOver(member.id)}
            close={back}
          />
        )}
      </Match>
      <Match when={about("remove")} keyed>
        {(member) => (
          <Confirm
            title={t("remove-confirm", { name: member.name })}
            text={t("remove-confirm-lead")}
            yes={t("remove")}
            act={() => void remove(member.id)}
            close={back}
          />
        )}
      </Match>
    </Switch>
  );
}

/** What there is to know of somebody in a list. */
function personNote(room: Room, member: Member): string {
  const state = standing(member, room.deck_size);
  const notes = [
    member.role === "participant" ? null : t(`role-${member.role}`),
    room.phase === "swiping" && state !== "done"
      ? t("card-position", { done: member.swiped, of: room.deck_size })
      : null,
    t(`standing-${state}`),
  ];
  return notes.filter((note) => note !== null).join(" · ");
}

function MenuRow(props: {
  icon: "plus" | "play" | "full" | "gear" | "flag" | "person" | "leave" | "link" | "info" | "calendar";
  text: string;
  testid: string;
  bad?: boolean;
  act: () => void;
}) {
  return (
    <button
      class="row"
      classList={{ bad: props.bad ?? false }}
      data-testid={props.testid}
      onClick={() => props.act()}
    >
      <span class="row-icon">
        <Icon name={props.icon} />
      </span>
      <span class="row-text">
        <span class="row-title">{props.text}</span>
      </span>
    </button>
  );
}

function Settings(props: { room: RoomHandle; close: () => void }) {
  // eslint-disable-next-line solid/reactivity -- a form starts from what is and is then the person's own
  const { room } = props.room.view;
  const [choices, setChoices] = createStore<Choices>({
    name: room.name,
    rule: { ...room.rule },
    goal: { ...room.goal },
    picks: room.picks_per_member,
    deck: room.deck,
    veto: room.veto,
  });
  const save = () => {
    props.room.live.configure({
      name: choices.name.trim() || room.name,
      rule: { ...choices.rule },
      goal: { ...choices.goal },
      picks_per_member: choices.picks,
      deck: unwrap(choices.deck),
      veto: choices.veto ?? room.veto,
    });
    props.close();
  };
  return (
    <Sheet title={t("settings")} close={props.close} testid="settings-sheet">
      <ChoiceFields value={choices} change={setChoices} />
      <div class="stack">
        <button class="big" data-testid="save-settings" onClick={save}>
          {t("save")}
        </button>
      </div>
    </Sheet>
  );
}
