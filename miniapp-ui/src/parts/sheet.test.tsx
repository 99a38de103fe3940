// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@solidjs/testing-library";
import { Show, createSignal } from "solid-js";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { connectBackButton } from "../telegram/back";
import { telegram } from "../telegram/client";
import { readLaunch } from "../telegram/launch";
import { layOut } from "../testing/laidOut";
import { speak } from "../text/texts";
import { Confirm, Sheet } from "./Sheet";
import { copied } from "./clipboard";

beforeAll(async () => {
  layOut();
  connectBackButton(telegram(readLaunch("", null)));
  await speak("en");
});
afterEach(cleanup);

/** A button that opens a sheet, in which another opens a question. */
function Page() {
  const [open, setOpen] = createSignal(false);
  const [asking, setAsking] = createSignal(false);
  return (
    <>
      <button onClick={() => setOpen(true)}>Open</button>
      <button>Beside</button>
      <Show when={open()}>
        <Sheet title="The sheet" close={() => setOpen(false)}>
          <input aria-label="Words" />
          <button onClick={() => setAsking(true)}>Ask</button>
          <button disabled>Not yet</button>
        </Sheet>
      </Show>
      <Show when={asking()}>
        <Confirm title="Really?" text="…" yes="Yes" act={() => undefined} close={() => setAsking(false)} />
      </Show>
    </>
  );
}

const named = (name: string) => screen.getByRole("button", { name });
const dialog = (name: string) => screen.getByRole("dialog", { name });
const focused = () => document.activeElement;

function press(button: HTMLElement): void {
  button.focus();
  fireEvent.click(button);
}

function tab(shiftKey = false): void {
  fireEvent.keyDown(focused() ?? document.body, { key: "Tab", shiftKey });
}

describe("a sheet", () => {
  it("takes the focus, and gives it back to what opened it", () => {
    render(() => <Page />);
    press(named("Open"));
    expect(focused()).toBe(dialog("The sheet"));
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(focused()).toBe(named("Open"));
  });

  it("keeps the Tab key inside, also where its last button is disabled or its whole has the focus", () => {
    render(() => <Page />);
    press(named("Open"));
    tab(true);
    expect(focused()).toBe(named("Ask"));
    tab();
    expect(focused()).toBe(screen.getByRole("button", { name: /close/i }));
    tab(true);
    expect(focused()).toBe(named("Ask"));
  });

  it("has the focus again that something beside it took", () => {
    render(() => <Page />);
    press(named("Open"));
    screen.getByLabelText("Words").focus();
    named("Beside").focus();
    expect(focused()).toBe(screen.getByLabelText("Words"));
  });

  it("leaves the focus to a question over it until that is answered", () => {
    render(() => <Page />);
    press(named("Open"));
    press(named("Ask"));
    expect(focused()).toBe(dialog("Really?"));
    tab(true);
    expect(dialog("Really?").contains(focused())).toBe(true);
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(screen.queryByRole("dialog", { name: "Really?" })).toBeNull();
    expect(focused()).toBe(named("Ask"));
    tab();
    expect(dialog("The sheet").contains(focused())).toBe(true);
  });

  it("lets a text be copied the old way, for which something else has the focus for a moment", async () => {
    let selected = "";
    const execCommand = () => {
      const field = focused();
      selected = field instanceof HTMLTextAreaElement ? field.value : "nothing";
      return true;
    };
    Object.assign(document, { execCommand });
    render(() => <Page />);
    press(named("Open"));
    named("Ask").focus();
    expect(await copied("7H3M00NS")).toBe(true);
    expect(selected).toBe("7H3M00NS");
    expect(focused()).toBe(named("Ask"));
  });
});
