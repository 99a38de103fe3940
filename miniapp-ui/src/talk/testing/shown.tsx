/** The talk of a room in a document, for tests: what it shows, and what it does to its timeline. */
import { configure, fireEvent, render, screen } from "@solidjs/testing-library";
import { createSignal } from "solid-js";
import { vi } from "vitest";

import { type Keep, inMemory } from "../../net/keep";
import { connectBackButton } from "../../telegram/back";
import { telegram } from "../../telegram/client";
import { readLaunch } from "../../telegram/launch";
import { layOut } from "../../testing/laidOut";
import { type Language, speak } from "../../text/texts";
import Talk from "../Talk";
import { type FakeTimeline, fakeTimeline } from "./fakeTimeline.ts";

export const [ME, ANNA, BEN] = [1, 2, 3] as const;

/** Nothing has a size in this document; the list has to see some to show its rows. */
const ROW = { width: 390, height: 60 };
const WINDOW = { width: 390, height: 700 };

class Sizes implements ResizeObserver {
  readonly #told: ResizeObserverCallback;
  constructor(told: ResizeObserverCallback) {
    this.#told = told;
  }
  observe(target: Element): void {
    const contentRect = target.matches("li") ? ROW : WINDOW;
    queueMicrotask(() => {
      this.#told([{ target, contentRect } as unknown as ResizeObserverEntry], this);
    });
  }
  unobserve(): void {
    // What has a size here keeps it.
  }
  disconnect(): void {
    // The same.
  }
}

// A busy machine takes its time; what comes at all comes.
configure({ asyncUtilTimeout: 5_000 });

/** What browsers have and this document lacks. */
export function stubLayout(): void {
  layOut();
  vi.stubGlobal("ResizeObserver", Sizes);
  vi.stubGlobal("CSS", { supports: () => true });
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined }));
  Element.prototype.getAnimations = () => [];
  Element.prototype.setPointerCapture = () => undefined;
  Element.prototype.scrollTo = () => undefined;
  Element.prototype.scrollBy = () => undefined;
  Object.defineProperty(HTMLElement.prototype, "offsetParent", { get: () => document.body });
}

const tg = telegram(readLaunch("", null));
connectBackButton(tg);

export interface Around {
  room: FakeTimeline;
  keep: Keep;
  notified: string[];
  setConnected: (connected: boolean) => void;
}

/** Shows the bar of a room's talk, and opens the panel unless told otherwise. */
export async function talkIn(
  language: Language,
  prepare: (room: FakeTimeline) => void = () => undefined,
  { keep = inMemory(), closed = false }: { keep?: Keep; closed?: boolean } = {},
): Promise<Around> {
  await speak(language);
  const room = fakeTimeline(ME, Date.now() - 3_600_000);
  prepare(room);
  const notified: string[] = [];
  const [connected, setConnected] = createSignal(true);
  const member = (id: number, name: string) => ({ id, name, photo_url: null, online: true });
  const members = [member(ME, "Misha"), member(ANNA, "Anna"), member(BEN, "Ben")];
  render(() => (
    <Talk
      timeline={room}
      room="7H3M00NS"
      title="Film night"
      members={members}
      summary={room.summary()}
      connected={connected()}
      keep={keep}
      tg={tg}
      notify={(text) => notified.push(text)}
      place={null}
    />
  ));
  const bar = await screen.findByTestId("talk-peek");
  if (!closed) fireEvent.click(bar);
  return { room, keep, notified, setConnected };
}

/** The bubble with this text. */
export function bubble(text: string): HTMLElement {
  const found = screen.getAllByTestId("message").find((one) => one.textContent.includes(text));
  if (!found) throw new Error(`no message says ${text}`);
  return found;
}

export async function said(text: string): Promise<HTMLElement> {
  await screen.findByText(text, { selector: ".said-text" });
  return bubble(text);
}

/** Writes into the composer and presses its button. */
export function write(text: string): void {
  fireEvent.input(screen.getByTestId("composer"), { target: { value: text } });
  fireEvent.click(screen.getByTestId("send"));
}

/** Opens the menu of a message, and takes one of its lines. */
export async function choose(message: HTMLElement, line: string): Promise<void> {
  fireEvent.contextMenu(message);
  fireEvent.click(await screen.findByRole("menuitem", { name: line }));
}
