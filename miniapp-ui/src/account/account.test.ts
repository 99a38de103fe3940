import { describe, expect, it } from "vitest";

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
    askToWrite: () => Promise.resolve(true),
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

describe("messages about matches", () => {
  it("are turned on with Telegram's leave", async () => {
    const { account, user } = person();
    expect(await account.notify(true)).toBe("done");
    expect(user().notifications).toBe(true);
  });

  it("are turned on where Telegram has no such question", async () => {
    const { account, asked } = person({ askToWrite: () => Promise.resolve(null) });
    expect(await account.notify(true)).toBe("done");
    expect(asked).toEqual([{ notifications: true }]);
  });

  it("stay off for somebody who tells Telegram no", async () => {
    const { account, asked, user } = person({ askToWrite: () => Promise.resolve(false) });
    expect(await account.notify(true)).toBe("declined");
    expect(asked).toEqual([]);
    expect(user().notifications).toBe(false);
  });

  it("are turned off without a question", async () => {
    const questions: string[] = [];
    const { account, asked } = person({
      askToWrite: () => {
        questions.push("asked");
        return Promise.resolve(false);
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
