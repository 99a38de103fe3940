/** Films in the document with the players: the server's own, with its policy, in Chromium, over the app's own code for it. */
import type { BrowserContext } from "@playwright/test";
import { Film, FILM_S } from "../support/film.ts";
import { expect, Stage, test } from "../support/players.ts";
import { standInForYoutube, type YoutubeManners, youtubePosition } from "../support/youtube.ts";

const VIDEO = "https://www.youtube.com/watch?v=aqz-KE-bpKQ";

for (const [name, kind, url] of [
  ["a file", "file", Film.file],
  ["HLS", "hls", Film.stream],
  ["HLS in a browser without it", "hls", Film.stream],
] as const) {
  test(`a film as ${name} plays, seeks, takes another rate and ends, and the policy has nothing to refuse`, async ({
    evening,
    phone,
    film,
  }) => {
    await film.serve(phone);
    const library: string[] = [];
    phone.on("request", (request) => {
      if (/\/hls[^/]*\.js$/.test(request.url())) library.push(request.url());
    });
    if (name.includes("without"))
      await phone.addInitScript(() => (HTMLMediaElement.prototype.canPlayType = () => ""));
    const stage = await Stage.open(phone, evening.server.url, kind, url, 2);
    await stage.hears("ready");
    await stage.tap();
    expect(await stage.does("play")).toBe("playing");
    await stage.hears("playing");
    await expect.poll(() => stage.position(), "it moves on from where it was to begin").toBeGreaterThan(2.5);
    const state = await stage.state();
    expect(state).toMatchObject({ paused: false, ad: false, error: null, rate: 1 });
    expect(state.duration_s).toBeGreaterThan(FILM_S - 1);
    expect(state.duration_s).toBeLessThan(FILM_S + 1);
    expect(await stage.page.evaluate(() => window.stage.player.capabilities)).toEqual({
      rate: true,
      seek: true,
      live: false,
      ads: false,
      exact: true,
    });

    await stage.does("rate", 1.05);
    await stage.hears("ratechange");
    expect((await stage.state()).rate).toBe(1.05);
    await stage.does("pause");
    await stage.hears("paused");
    const paused = await stage.position();
    await stage.forgets();
    await stage.does("seek", 12);
    await stage.hears("seeked");
    expect(await stage.position(), "a paused film stands where it was sent").toBeCloseTo(12, 1);
    expect(paused).toBeLessThan(12);

    await stage.does("rate", 1);
    await stage.does("seek", FILM_S - 1);
    expect(await stage.does("play")).toBe("playing");
    await stage.hears("ended");
    expect(await stage.state()).toMatchObject({ ended: true });
    expect(await stage.violations()).toEqual([]);
    if (kind === "file") expect(library, "a file needs no library").toEqual([]);
    if (name.includes("without")) expect(library, "with its own thread").toHaveLength(3);
  });
}

test("what is reported is where the picture is", async ({ evening, phone, film }) => {
  await film.serve(phone);
  const stage = await Stage.open(phone, evening.server.url, "file", Film.file);
  await stage.hears("ready");
  await stage.tap();
  await stage.does("play");
  await expect.poll(() => stage.position()).toBeGreaterThan(1);
  // Both documents are of one origin, so the test can look at the element and the report in one moment.
  const apart = await stage.page.evaluate(() => {
    const inside = window.stage.player as unknown as { frame: HTMLIFrameElement };
    const picture = inside.frame.contentDocument?.querySelector("video")?.currentTime ?? -1;
    const { position_s, measured_at, rate } = window.stage.player.state();
    return Math.abs(position_s + ((performance.now() - measured_at) / 1_000) * rate - picture);
  });
  expect(apart, "of the two clocks nothing is left").toBeLessThan(0.1);
});

test("what does not play says why", async ({ evening, phone, film }) => {
  await film.serve(phone);
  film.texts.set("broken.mp4", "no film at all");
  film.texts.set("broken.m3u8", "no stream at all");
  const host = new URL(Film.file).origin;
  for (const [kind, name, why] of [
    ["file", "gone.mp4", /^(gone|unsupported)$/],
    ["file", "broken.mp4", /^unsupported$/],
    ["hls", "gone.m3u8", /^(gone|unsupported)$/],
    ["hls", "broken.m3u8", /^(unsupported|unreachable)$/],
  ] as const) {
    const stage = await Stage.open(phone, evening.server.url, kind, `${host}/${name}`);
    await stage.hears("error");
    expect((await stage.state()).error, name).toMatch(why);
    await stage.page.close();
  }
});

test("another film is shown in the same document, and nothing of the first is said any more", async ({
  evening,
  phone,
  film,
}) => {
  await film.serve(phone);
  const stage = await Stage.open(phone, evening.server.url, "file", Film.file);
  await stage.hears("ready");
  await stage.tap();
  await stage.does("play");
  await expect.poll(() => stage.position()).toBeGreaterThan(0.5);
  await stage.page.evaluate((url) => {
    window.stage.events.length = 0;
    window.stage.player.show({ media: { kind: "hls", url } });
  }, Film.stream);
  expect(await stage.state()).toMatchObject({ position_s: 0, paused: true, duration_s: null });
  await stage.hears("ready");
  expect(await stage.does("play"), "what a tap allowed stays allowed").toBe("playing");
  expect(await stage.violations()).toEqual([]);
});

test.describe("subtitles", () => {
  const line = (stage: Stage) => stage.document.locator(".subtitles");
  const srt =
    "1\r\n00:00:00,000 --> 00:00:05,000\r\nПривет, <b>кино</b>\r\n\r\n2\r\n00:00:05,000 --> 00:00:15,000\r\nДальше\r\n";

  test("of an address or of a file of the phone stand over the film, where the offset puts them", async ({
    evening,
    phone,
    film,
  }) => {
    await film.serve(phone);
    const host = new URL(Film.file).origin;
    film.texts.set("film.vtt", "WEBVTT\n\n00:00.000 --> 00:10.000\n<script>alert(1)</script>A line\n");
    film.texts.set("picture.vtt", "no subtitles");
    const stage = await Stage.open(phone, evening.server.url, "file", Film.file);
    await stage.hears("ready");
    const use = (source: { text: string } | { url: string } | null) =>
      stage.page.evaluate((it) => {
        window.stage.subtitles.length = 0;
        window.stage.player.subtitles(it);
      }, source);
    const outcome = () => stage.page.evaluate(() => window.stage.subtitles);

    await use({ url: `${host}/film.vtt` });
    await expect(line(stage)).toHaveText("alert(1)A line");
    await expect(line(stage).locator("script"), "its text is never HTML").toHaveCount(0);
    expect(await outcome()).toEqual(["shown"]);

    await use({ text: srt });
    await expect(line(stage)).toHaveText("Привет, кино");
    await stage.page.evaluate(() => {
      window.stage.player.shiftSubtitles(-6_000, true);
    });
    await expect(line(stage), "six seconds earlier it is the next one's turn").toHaveText("Дальше");
    await stage.page.evaluate(() => {
      window.stage.player.shiftSubtitles(0, false);
    });
    await expect(line(stage)).toHaveText("");

    await use({ url: `${host}/picture.vtt` });
    await expect.poll(outcome).toEqual(["unsupported"]);
    await use({ url: `${host}/none.vtt` });
    await expect.poll(outcome).toEqual(["unreachable"]);
    expect(await stage.violations()).toEqual([]);
  });
});

test.describe("YouTube", () => {
  const opened = async (context: BrowserContext, server: string, manners: Partial<YoutubeManners> = {}) => {
    await standInForYoutube(context, manners);
    return Stage.open(context, server, "youtube", VIDEO);
  };

  test("plays in step with what it reports, at the rates that it has", async ({ evening, phone }) => {
    const stage = await opened(phone, evening.server.url);
    await stage.hears("ready");
    expect(await stage.page.evaluate(() => window.stage.player.capabilities)).toEqual({
      rate: true,
      seek: true,
      live: false,
      ads: true,
      exact: false,
    });
    await stage.does("seek", 42);
    expect(await stage.does("play")).toBe("playing");
    await expect.poll(() => stage.position(), "it begins where it was sent before").toBeGreaterThan(42.5);
    const frame = stage.page
      .frames()
      .find((one) => one.url().startsWith("https://www.youtube-nocookie.com/"));
    expect(frame, "it is framed").toBeDefined();
    if (frame === undefined) return;
    await expect
      .poll(async () => Math.abs((await youtubePosition(frame)) - (await stage.position())))
      .toBeLessThan(0.3);

    await stage.does("rate", 1.05);
    await stage.does("rate", 1.6);
    await stage.hears("ratechange");
    expect((await stage.state()).rate, "it has no such rate, and says so").toBe(1.5);
    await stage.does("pause");
    await stage.hears("paused");
    await stage.forgets();
    await stage.does("seek", 300);
    await stage.hears("seeked");
    expect(await stage.state()).toMatchObject({ paused: true, duration_s: 600, error: null });
    expect(await stage.position()).toBeCloseTo(300, 0);
    await stage.does("play");
    await stage.does("seek", 599);
    await stage.hears("ended");
    expect(await stage.violations()).toEqual([]);
  });

  test("an advertisement before the film and one within it are told from the film", async ({
    evening,
    phone,
  }) => {
    const stage = await opened(phone, evening.server.url, {
      preroll_s: 3,
      midrolls: [{ at_s: 1, lasts_s: 4 }],
    });
    await stage.hears("ready");
    expect(await stage.does("play"), "it has begun, though not with the film").toBe("playing");
    const told = async () => (await stage.events()).filter((event) => /^(ad|playing)/.test(event));
    await expect.poll(told, { timeout: 30_000 }).toEqual(["ad", "adEnded", "playing", "ad", "adEnded"]);
    await expect.poll(() => stage.position(), "and goes on").toBeGreaterThan(1.5);
    expect(await stage.state()).toMatchObject({ ad: false, paused: false });
  });

  test("that wants a tap says so, and a tap on it is seen", async ({ evening, phone }) => {
    const stage = await opened(phone, evening.server.url, { blocked: true });
    await stage.hears("ready");
    expect(await stage.does("play")).toBe("blocked");
    await stage.document.frameLocator("iframe").locator("output").click();
    await stage.hears("playing");
  });

  for (const [error, why] of [
    [100, "gone"],
    [150, "not_allowed_to_embed"],
  ] as const) {
    test(`that shows error ${error} is ${why}`, async ({ evening, phone }) => {
      const stage = await opened(phone, evening.server.url, { error });
      await stage.hears("error");
      expect((await stage.state()).error).toBe(why);
    });
  }

  test("gets the referrer without which it plays nothing, and no more than the origin", async ({
    evening,
    phone,
  }) => {
    const asked = phone.waitForEvent("request", (request) => request.url().includes("youtube-nocookie.com"));
    const stage = await opened(phone, evening.server.url);
    expect(await (await asked).headerValue("referer")).toBe(`${evening.server.url}/`);
    await stage.hears("ready");
    expect((await stage.state()).error).toBeNull();
  });
});

test("Twitch wants room: too narrow it says so, and loads once the phone is turned", async ({
  evening,
  phone,
}) => {
  const requests: string[] = [];
  await phone.route("https://player.twitch.tv/**", (route) => {
    requests.push(route.request().url());
    return route.fulfill({
      contentType: "text/html",
      body: `<script>parent.postMessage({ namespace: "twitch-embed", eventName: "ready" }, "*")</script>`,
    });
  });
  const stage = await Stage.open(phone, evening.server.url, "twitch", "https://www.twitch.tv/somebody");
  await stage.hears("ready");
  await stage.page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(async () => (await stage.state()).error).toBe("too_narrow");
  await stage.page.setViewportSize({ width: 844, height: 480 });
  await expect.poll(async () => (await stage.state()).error).toBeNull();
  expect(requests, "it was not loaded again").toHaveLength(1);
  expect(new URL(requests[0] ?? "").searchParams.getAll("parent")).toContain("web.telegram.org");
  expect(await stage.page.evaluate(() => window.stage.player.capabilities.live)).toBe(true);
});

test("any other page opens after a tap, in a sandbox out of which it cannot lead", async ({
  evening,
  phone,
}) => {
  await phone.route("https://elsewhere.sovpalo-tests.ru/**", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<p>A film</p><script>try { top.location = "https://elsewhere.sovpalo-tests.ru/led-away" } catch {}</script>`,
    }),
  );
  const url = "https://elsewhere.sovpalo-tests.ru/watch";
  const stage = await Stage.open(phone, evening.server.url, "frame", url);
  const open = stage.document.getByRole("button", { name: "Open" });
  await expect(open).toBeVisible();
  expect(stage.page.frames().map((frame) => frame.url())).not.toContain(url);
  expect(await stage.does("play"), "nobody waits for it").toBe("playing");
  await expect(open, "and it opens for a tap alone").toBeVisible();
  await open.click();
  await expect(stage.document.frameLocator("iframe").getByText("A film")).toBeVisible();
  await stage.hears("playing");
  expect(stage.page.url(), "the app is where it was").toContain(evening.server.url);
  expect(await stage.violations()).toEqual([]);
});

test("the app's page frames the players' document and no other page, and the document obeys the app alone", async ({
  evening,
  phone,
}) => {
  const page = await phone.newPage();
  await phone.route("https://elsewhere.sovpalo-tests.ru/**", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<iframe src="${evening.server.url}/player"></iframe>`,
    }),
  );
  await page.goto(`${evening.server.url}/`);
  const said = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => {
      violations.push(violatedDirective);
    });
    const frame = (src: string) => {
      const made = document.createElement("iframe");
      made.src = src;
      document.body.append(made);
      return made;
    };
    const hello = new Promise((done) => {
      window.addEventListener("message", ({ data }: MessageEvent<{ type?: string }>) => {
        if (data.type === "hello") done("hello");
      });
    });
    frame("/player");
    const heard = await hello;
    frame("https://elsewhere.sovpalo-tests.ru/");
    while (violations.length === 0) await new Promise(requestAnimationFrame);
    return { heard, violations };
  });
  expect(said).toEqual({ heard: "hello", violations: ["frame-src"] });

  const stranger = await phone.newPage();
  await stranger.goto("https://elsewhere.sovpalo-tests.ru/");
  const inside = stranger.frames()[1];
  const opened = await inside?.evaluate(() => document.getElementById("film") !== null);
  expect(opened, "a stranger's page frames an error instead").toBe(false);
});
