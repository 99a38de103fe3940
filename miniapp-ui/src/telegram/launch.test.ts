import { describe, expect, it } from "vitest";

import { readLaunch, readTheme } from "./launch";

const initData =
  'user={"id":5000000001,"first_name":"\\u0410\\/\\"","language_code":"ru"}&auth_date=1&start_param=7H3M00NS&hash=ab';
const fragment = new URLSearchParams({
  tgWebAppData: initData,
  tgWebAppVersion: "9.1",
  tgWebAppPlatform: "android",
  tgWebAppThemeParams: '{"bg_color":"#17212b","text_color":"red;}body{display:none}"}',
}).toString();

describe("a launch", () => {
  it("is read from the fragment without touching the signed string", () => {
    const launch = readLaunch(`#${fragment}`, null);
    expect(launch.initData).toBe(initData);
    expect(launch.user).toEqual({ id: 5_000_000_001, language: "ru" });
    expect(launch).toMatchObject({ startParam: "7H3M00NS", version: "9.1", platform: "android", hash: "ab" });
  });

  it("outside of Telegram is empty and harmless", () => {
    for (const odd of ["", "#", "#tgWebAppData=%7B&tgWebAppThemeParams=[", "#tgWebAppData=user%3Dnull"]) {
      expect(readLaunch(odd, null).user).toBeNull();
    }
  });

  it("takes nothing from a theme but colours", () => {
    expect(readLaunch(`#${fragment}`, null).theme).toEqual({ bg_color: "#17212b" });
    expect(readTheme({ "--x": "#ffffff", text_color: 7 })).toEqual({});
  });
});
