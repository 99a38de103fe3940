/** A film on phones in a room: where its picture is, and what people do to it. */
import { expect } from "@playwright/test";
import type { Phone } from "./phone.ts";

/** So far apart two phones may be that are in step, in seconds, on a machine that is busy with other tests. */
export const APART = 0.6;

export interface Picture {
  readonly at: number;
  readonly paused: boolean;
  /** How much of the film is there, as a video element says it: 0 nothing, 4 enough. */
  readonly ready: number;
  /** What went wrong with it, as a video element says it. */
  readonly error: number | null;
  /** Which film it is. */
  readonly url: string;
}

/** Where the picture is on a phone, and whether it moves. */
export async function picture(phone: Phone): Promise<Picture | null> {
  const document = phone.page.frames().find((frame) => frame.url().endsWith("/player"));
  return (
    document?.evaluate(() => {
      const video = globalThis.document.querySelector("video");
      if (video === null) return null;
      const { currentTime: at, paused, readyState: ready, currentSrc: url, error } = video;
      return { at, paused, ready, url, error: error?.code ?? null };
    }) ?? null
  );
}

/** The picture, and what the app says of it: a test that waits in vain tells what there was. */
async function stateOf(phone: Phone): Promise<{ picture: Picture | null; stage: string | null }> {
  const stage = phone.part("stage");
  const player = (await stage.count()) > 0 ? stage.getAttribute("data-player") : null;
  return { picture: await picture(phone), stage: await player };
}

/** Waits until the film runs there. */
export async function plays(phone: Phone): Promise<void> {
  await expect
    .poll(() => stateOf(phone), `the film runs on ${phone.name}'s phone`)
    .toMatchObject({ picture: { paused: false } });
}

/** Waits until the film stands still there. */
export async function stands(phone: Phone): Promise<void> {
  await expect
    .poll(async () => (await picture(phone))?.paused, `the film stands on ${phone.name}'s phone`)
    .toBe(true);
}

/** How far apart they are, looked at as nearly at once as a test can. */
export async function apart(one: Phone, other: Phone): Promise<number> {
  const [here, there] = await Promise.all([picture(one), picture(other)]);
  return here && there ? Math.abs(here.at - there.at) : Infinity;
}

/** Plays or pauses, as a thumb does it. */
export async function tapsFilm(phone: Phone): Promise<void> {
  // The controls may have gone; a tap brings them, and is none of theirs.
  const toggle = phone.part("film-toggle");
  const controls = phone.part("film-controls");
  if (await controls.evaluate((element) => element.classList.contains("away")))
    await controls.tap({ position: { x: 20, y: 110 } });
  // One that refuses says why when it is tapped, and would be waited for.
  const force = (await toggle.getAttribute("aria-disabled")) === "true";
  await toggle.click({ force });
}

/** From the room's menu into a cinema in which nothing is on. */
export async function goesToCinema(phone: Phone): Promise<void> {
  await phone.part("menu").click();
  await phone.part("watch-together").click();
  await expect(phone.part("cinema-empty"), `${phone.name} is in the cinema`).toBeVisible();
}

/** Pastes an address where nothing is on; the film starts. */
export async function putsOn(phone: Phone, address: string): Promise<void> {
  await phone.part("address").fill(address);
  await phone.part("address-take").click();
}

/** Comes to the film by the bar of the room, from a lobby in which it was not on before. */
export async function follows(phone: Phone): Promise<void> {
  await phone.part("now-playing").click();
  await expect(phone.part("cinema"), `${phone.name} is in the cinema`).toBeVisible();
}
