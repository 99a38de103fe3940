import { describe, expect, it, vi } from "vitest";

import type { User } from "../generated/wire";
import { Refused, Unreachable } from "../net/problem";
import { Account, type AccountPorts } from "./account";

function person(change: Partial<AccountPorts> = {}) {
  let user = { id: 1001, first_name: "Anna", language: "ru", notifications: false } as User;
  const spoken: string[] = [];
  const shown: User[] = [];
  const asked: object[] = [];
  const account = new Account({
    change: (part) => {
      asked.push(part);
      return Promise.resolve({ ...user, ...part });
    },
    erase: () => Promise.resolve(),
    askToWrite: () => Promise.resolve("allowed"),
    speak: (language) => {
      spoken.push(language);
      return Promise.resolve();
    },
    user: () => user,
    show: (next) => {
      user = next;
      shown.push(next);
    },
    ...change,
  });
  return { account, spoken, shown, asked, user: () => user };
}

const away = () => Promise.reject(new Unreachable("no network"));

describe("a language", () => {
  it("is spoken at once and told to the server", async () => {
    const { account, spoken, asked, shown, user } = person();
    await account.choose("en");
    expect(spoken).toEqual(["en"]);
    expect(asked).toEqual([{ language: "en" }]);
    expect(shown[0]?.language, "shown before the server has answered").toBe("en");
    expect(user().language).toBe("en");
  });

  it("that the server did not take is the old one again", async () => {
    const { account, spoken, user } = person({ change: away });
    await expect(account.choose("en")).rejects.toBeInstanceOf(Unreachable);
    expect(spoken).toEqual(["en", "ru"]);
    expect(user().language).toBe("ru");
  });
});

describe("two changes at once", () => {
  it("reach the server in order, and an answer to the first takes nothing of the second back", async () => {
    const asked: object[] = [];
    const answers: (() => void)[] = [];
    const { account, shown, user } = person({
      change: (part) => {
        asked.push(part);
        // The server's answer knows nothing of what it has not been told yet.
        const answer = { id: 1001, first_name: "Anna", language: "ru", notifications: true, ...part } as User;
        return new Promise((resolve) => answers.push(() => resolve(answer)));
      },
    });
    const both = [account.notify(true), account.choose("en")];
    await vi.waitFor(() => expect(user()).toMatchObject({ language: "en", notifications: true }));
    expect(asked).toEqual([{ notifications: true }]);
    answers[0]?.();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    answers[1]?.();
    await Promise.all(both);
    const since = shown.findIndex((one) => one.language === "en");
    expect(shown.slice(since).map((one) => one.language)).not.toContain("ru");
  });
});

describe("messages about matches", () => {
  it("are turned on with Telegram's leave", async () => {
    const { account, user } = person();
    expect(await account.notify(true)).toBe("done");
    expect(user().notifications).toBe(true);
  });

  it("are turned on where Telegram has no such question", async () => {
    const { account, asked } = person({ askToWrite: () => Promise.resolve("cannot") });
    expect(await account.notify(true)).toBe("done");
    expect(asked).toEqual([{ notifications: true }]);
  });

  it("stay off for somebody who tells Telegram no", async () => {
    const { account, asked, user } = person({ askToWrite: () => Promise.resolve("declined") });
    expect(await account.notify(true)).toBe("declined");
    expect(asked).toEqual([]);
    expect(user().notifications).toBe(false);
  });

  it("stay off while Telegram says nothing, and go on when its leave comes late", async () => {
    let late: () => void = () => undefined;
    const { account, asked, user } = person({
      askToWrite: (whenLate) => {
        late = whenLate;
        return Promise.resolve("silent");
      },
    });
    expect(await account.notify(true)).toBe("silent");
    expect(asked).toEqual([]);
    late();
    await vi.waitFor(() => expect(asked).toEqual([{ notifications: true }]));
    expect(user().notifications).toBe(true);
  });

  it("hold nothing else up while Telegram is asked", async () => {
    const { account, user } = person({ askToWrite: () => new Promise(() => undefined) });
    void account.notify(true);
    await account.choose("en");
    expect(user().language).toBe("en");
  });

  it("are turned off without a question", async () => {
    const questions: string[] = [];
    const { account, asked } = person({
      askToWrite: () => {
        questions.push("asked");
        return Promise.resolve("declined");
      },
    });
    await account.notify(false);
    expect(questions).toEqual([]);
    expect(asked).toEqual([{ notifications: false }]);
  });

  it("show what is so again when the server refuses", async () => {
    const { account, shown } = person({ change: () => Promise.reject(new Refused(429, "too_many", "")) });
    await expect(account.notify(true)).rejects.toBeInstanceOf(Refused);
    expect(shown.map((user) => user.notifications)).toEqual([true, false]);
  });
});

describe("erasing", () => {
  it("forgets on this phone only after the server has forgotten", async () => {
    const order: string[] = [];
    const { account } = person({
      erase: () => {
        order.push("server");
        return Promise.resolve();
      },
    });
    await account.erase(() => order.push("phone"));
    expect(order).toEqual(["server", "phone"]);
  });

  it("that did not reach the server leaves everything as it was", async () => {
    const { account } = person({ erase: away });
    const forget = () => {
      throw new Error("nothing may be forgotten here yet");
    };
    await expect(account.erase(forget)).rejects.toBeInstanceOf(Unreachable);
  });
});
