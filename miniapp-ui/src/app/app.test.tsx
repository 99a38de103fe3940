// @vitest-environment jsdom
import { fireEvent, screen } from "@solidjs/testing-library";
import { describe, expect, it, vi } from "vitest";

import { LANGUAGES, around, expectSpoken, show } from "../testing/screen";
import { t } from "../text/texts";
import { Main } from "./App";
import Ended from "./Ended";
import { Guard } from "./Guard";
import Waiting from "./Waiting";
import { createToasts } from "./toasts";

describe.each(LANGUAGES)("the app in %s", (language) => {
  it("outside of Telegram says where it belongs", async () => {
    const here = await around(language);
    vi.spyOn(navigator, "language", "get").mockReturnValue(language);
    show(here, () => <Main tg={here.app.tg} />);
    await screen.findByTestId("outside");
    expectSpoken(language, "outside");
    vi.restoreAllMocks();
  });

  it.each(["init_data_expired", "clock_differs", "of the year 2030"])(
    "says what helps when signing in ended (%s)",
    async (code) => {
      const here = await around(language);
      const again: string[] = [];
      show(here, () => <Ended tg={here.app.tg} code={code} room={null} retry={() => again.push("again")} />);
      expectSpoken(language, "session-ended");
      const retry = screen.queryByTestId("retry");
      if (retry) fireEvent.click(retry);
      expect(again).toHaveLength(retry ? 1 : 0);
    },
  );

  it("counts down when the server asks for a pause, and goes on by itself", async () => {
    const here = await around(language);
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const over: string[] = [];
    show(here, () => <Waiting seconds={3} over={() => over.push("over")} />);
    expectSpoken(language, "waiting-for-server");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(over).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(over).toEqual(["over"]);
    vi.useRealTimers();
  });

  it("says so where a screen cannot be drawn, and loads again", async () => {
    const here = await around(language);
    const said = vi.spyOn(console, "error").mockReturnValue();
    const reload = vi.fn();
    const Faulty = () => {
      throw new Error("a mistake of ours");
    };
    show(here, () => (
      <Guard reload={reload}>
        <Faulty />
      </Guard>
    ));
    expectSpoken(language, "fault");
    expect(said).toHaveBeenCalledOnce();
    fireEvent.click(screen.getByRole("button"));
    expect(reload).toHaveBeenCalledOnce();
    said.mockRestore();
  });

  it("says a line for a moment", async () => {
    const here = await around(language);
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const toasts = createToasts();
    show(here, () => toasts.view());
    toasts.say(t("refused-offline"));
    expect(screen.getByTestId("toast").textContent).toBe(t("refused-offline"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(screen.queryByTestId("toast")).toBeNull();
    vi.useRealTimers();
  });
});
