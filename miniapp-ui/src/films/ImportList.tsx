/** A list from elsewhere: a file or a pasted text, what it names, and what becomes of that. Nothing happens before it is said. */
import { For, Match, Show, Switch, createSignal } from "solid-js";

import { useApp } from "../app/context";
import type { ImportedList, Mark, RejectedLine } from "../generated/wire";
import { Refused } from "../net/api";
import { Icon } from "../parts/icons";
import { Sheet } from "../parts/Sheet";
import { Poster } from "../parts/poster/Poster";
import type { RoomHandle } from "../room/useRoom";
import { titleFacts } from "../text/names";
import { markAll, readFile } from "./api";
import { marksOf } from "./marks";
import { picksOf } from "./picks";
import { word } from "./words";
import "./films.css";

/** The server takes no larger file, in bytes. */
const MAX_FILE = 2 * 1024 * 1024;
/** So many lines of each kind are shown; the others are counted. */
const SHOWN = 40;

/** With a room, what is named can become picks there. */
export default function ImportList(props: { room?: RoomHandle; close: () => void }) {
  const app = useApp();
  const [list, setList] = createSignal<ImportedList | null>(null);
  const [reading, setReading] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [text, setText] = createSignal("");

  const read = async (file: Blob, name: string | null) => {
    setProblem(null);
    if (file.size > MAX_FILE) {
      setProblem(word("import-too-large"));
      return;
    }
    setReading(true);
    try {
      setList(await readFile(app.api, file, name));
    } catch (error) {
      if (error instanceof Refused && error.status === 422) setProblem(word("import-no-list"));
      else app.excuse(error);
    } finally {
      setReading(false);
    }
  };
  return (
    <Sheet title={word("films-import")} close={props.close} testid="import-sheet">
      <Show
        when={list()}
        fallback={
          <>
            <p class="lead">{word("import-lead")}</p>
            <label class="big import-file" classList={{ busy: reading() }}>
              <Icon name="plus" />
              {word(reading() ? "import-reading" : "import-file")}
              <input
                type="file"
                data-testid="import-file"
                accept=".csv,.tsv,.txt,.zip,text/csv,text/plain,application/zip"
                disabled={reading()}
                onChange={(event) => {
                  const [file] = event.currentTarget.files ?? [];
                  // The same file chosen again is another try.
                  event.currentTarget.value = "";
                  if (file !== undefined) void read(file, file.name);
                }}
              />
            </label>
            <textarea
              class="field import-text"
              data-testid="import-text"
              aria-label={word("import-paste")}
              placeholder={word("import-paste")}
              value={text()}
              onInput={(event) => setText(event.currentTarget.value)}
            />
            <Show when={text().trim() !== ""}>
              <button
                class="big second"
                data-testid="import-read"
                disabled={reading()}
                onClick={() => void read(new Blob([text()]), null)}
              >
                {word("import-read")}
              </button>
            </Show>
            <p class="note bad" role="alert" data-testid="import-problem">
              {problem()}
            </p>
          </>
        }
      >
        {(list) => (
          <Named
            list={list()}
            room={props.room}
            again={() => setList(null)}
            done={(said) => {
              app.tg.haptic("success");
              app.say(said);
              props.close();
            }}
          />
        )}
      </Show>
    </Sheet>
  );
}

function Named(props: {
  list: ImportedList;
  room: RoomHandle | undefined;
  again: () => void;
  done: (said: string) => void;
}) {
  const app = useApp();
  const [busy, setBusy] = createSignal(false);
  const ids = (mark?: Mark) =>
    props.list.recognised
      .filter((line) => mark === undefined || line.mark === mark)
      .map((line) => line.title.id);
  /** What an export says by itself, where it says more than nothing. */
  const isMarked = () => props.list.recognised.some((line) => line.mark !== null);
  const picks = () => (props.room === undefined ? [] : picksOf(props.list, props.room.view.room));

  const put = async (groups: readonly (readonly [Mark, readonly string[]])[]) => {
    setBusy(true);
    try {
      for (const [mark, ids] of groups) {
        await markAll(app.api, ids, mark);
        marksOf(app.api).confirm(ids, mark);
      }
      props.done(word("import-done", { count: groups.reduce((sum, [, ids]) => sum + ids.length, 0) }));
    } catch (error) {
      app.excuse(error);
    }
    setBusy(false);
  };
  const asExported = (): [Mark, string[]][] => [
    ["wanted", ids("wanted")],
    ["watched", ids("watched")],
  ];
  const pick = () => {
    const found = picks();
    for (const title of found) props.room?.pick(title);
    props.done(word("import-picked", { count: found.length }));
  };
  const counted = () => asExported().reduce((sum, [, ids]) => sum + ids.length, 0);

  return (
    <>
      <p class="import-sum" role="status" data-testid="import-sum">
        <span class="good">{word("import-recognised", { count: props.list.recognised.length })}</span>
        <Show when={props.list.typed.length > 0}>
          <span>{word("import-typed", { count: props.list.typed.length })}</span>
        </Show>
        <Show when={props.list.rejected.length > 0}>
          <span>{word("import-rejected", { count: props.list.rejected.length })}</span>
        </Show>
      </p>
      <div class="stack">
        <Switch>
          <Match when={props.room}>
            <button class="big" data-testid="import-pick" disabled={picks().length === 0} onClick={pick}>
              {word("import-pick", { count: picks().length })}
            </button>
          </Match>
          <Match when={ids().length > 0}>
            <Show when={isMarked()}>
              <button
                class="big"
                data-testid="import-as-exported"
                disabled={busy()}
                onClick={() => void put(asExported())}
              >
                <span class="two-lines">
                  {word("import-as-exported", { count: counted() })}
                  <small>
                    {word("import-as-exported-note", {
                      wanted: ids("wanted").length,
                      watched: ids("watched").length,
                    })}
                  </small>
                </span>
              </button>
            </Show>
            <button
              class="big"
              classList={{ second: isMarked() }}
              data-testid="import-wanted"
              disabled={busy()}
              onClick={() => void put([["wanted", ids()]])}
            >
              {word("import-wanted", { count: ids().length })}
            </button>
            <button
              class="big second"
              data-testid="import-watched"
              disabled={busy()}
              onClick={() => void put([["watched", ids()]])}
            >
              {word("import-watched", { count: ids().length })}
            </button>
          </Match>
        </Switch>
        <button class="big plain" data-testid="import-again" disabled={busy()} onClick={() => props.again()}>
          {word("import-again")}
        </button>
      </div>
      <Lines list={props.list} forRoom={props.room !== undefined} />
    </>
  );
}

function Lines(props: { list: ImportedList; forRoom: boolean }) {
  const rest = (count: number) => Math.max(0, count - SHOWN);
  const Rest = (more: { count: number }) => (
    <Show when={rest(more.count) > 0}>
      <p class="note">{word("import-more", { count: rest(more.count) })}</p>
    </Show>
  );
  return (
    <>
      <Show when={props.list.recognised.length > 0}>
        <section>
          <h2>{word("import-recognised-title")}</h2>
          <ul class="list" data-testid="import-recognised">
            <For each={props.list.recognised.slice(0, SHOWN)}>
              {({ title }) => (
                <li class="row found">
                  <span class="row-poster">
                    <Poster title={title} size="mark" />
                  </span>
                  <span class="row-text">
                    <span class="row-title">{title.name}</span>
                    <span class="row-note">{titleFacts(title).join(" · ")}</span>
                  </span>
                </li>
              )}
            </For>
          </ul>
          <Rest count={props.list.recognised.length} />
        </section>
      </Show>
      <Show when={props.list.typed.length > 0}>
        <section>
          <h2>{word("import-typed-title")}</h2>
          <p class="note">{word(props.forRoom ? "import-typed-room" : "import-typed-note")}</p>
          <ul class="list" data-testid="import-typed">
            <For each={props.list.typed.slice(0, SHOWN)}>
              {({ text }) => (
                <li class="row">
                  <span class="row-text">
                    <span class="row-title">{text}</span>
                  </span>
                </li>
              )}
            </For>
          </ul>
          <Rest count={props.list.typed.length} />
        </section>
      </Show>
      <Show when={props.list.rejected.length > 0}>
        <section>
          <h2>{word("import-rejected-title")}</h2>
          <ul class="list" data-testid="import-rejected">
            <For each={props.list.rejected.slice(0, SHOWN)}>{(line) => <RejectedRow line={line} />}</For>
          </ul>
          <Rest count={props.list.rejected.length} />
        </section>
      </Show>
    </>
  );
}

function RejectedRow(props: { line: RejectedLine }) {
  /** A reason that this page does not know yet is said as the server says it. */
  const reason = () => word(`import-why-${props.line.code.replace(/_/g, "-")}`) || props.line.reason;
  return (
    <li class="row">
      <span class="row-text">
        <span class="row-title">
          {[word("import-line", { line: props.line.line }), props.line.file].filter(Boolean).join(" · ")}
        </span>
        <span class="row-note">{reason()}</span>
      </span>
    </li>
  );
}
