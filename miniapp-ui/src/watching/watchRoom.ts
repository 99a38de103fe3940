/**
 * Watching in a room, for as long as somebody looks: the server's clock, what this phone asks of the screen, and the loop that keeps its
 * player in step, joined to the room's line.
 *
 * Promises: `stop` tells the others, and after it this costs nothing and calls nothing. Must never: be needed by a phone whose room shows nothing.
 */
import type { Room } from "../generated/wire";
import { ServerClock } from "../sync/clock";
import type { Phone } from "../sync/phone";
import type { Attached, Side, SidePorts } from "../sync/side";
import { ScreenCommands } from "./commands";
import type { Deed } from "./fold";
import { Playback } from "./playback";
import type { ScreenCommand } from "./types";

export interface WatchingPorts {
  me: number;
  phone: Phone;
  /** The room's own line, as long as it is held. */
  attach: <S extends Side>(make: (ports: SidePorts) => S) => Attached<S>;
  /** Who may play and pause, in an order that is the same on every phone. */
  inControl: (room: Room) => readonly number[];
  /** Something that is shown is another. */
  changed: () => void;
  done: (deed: Deed) => void;
  refused: (code: string, command: ScreenCommand) => void;
}

export interface Watching {
  playback: Playback;
  commands: ScreenCommands;
  clock: ServerClock;
  /** The room is another. */
  changed: () => void;
  stop: () => void;
}

export function watchRoom(ports: WatchingPorts): Watching {
  const clock = new ServerClock(ports.phone);
  const { side, detach } = ports.attach((line) => sideOf(joined(line, clock, ports)));
  clock.start();
  const { playback, commands, changed } = side;
  return {
    ...{ playback, commands, clock, changed },
    stop() {
      playback.stop();
      detach();
      clock.stop();
    },
  };
}

/** What the room's line is to tell to whom. */
function sideOf(parts: Joined): Joined & Side {
  const { playback, commands, changed } = parts;
  return {
    ...parts,
    opened() {
      commands.opened();
      changed();
    },
    lost() {
      commands.lost();
    },
    take(frame) {
      commands.take(frame);
      if (frame.type !== "signal") changed();
      else if (frame.signal.type === "playback") playback.heard(frame.from, frame.signal);
    },
  };
}

type Joined = Pick<Watching, "playback" | "commands" | "changed">;

function joined(line: SidePorts, clock: ServerClock, ports: WatchingPorts): Joined {
  const { me, inControl, changed, done, refused } = ports;
  const online = () =>
    line
      .room()
      .members.filter((member) => member.online)
      .map(({ id }) => id);
  const commands = new ScreenCommands({
    ...line,
    now: Date.now,
    changed() {
      playback.changed();
    },
    refused,
  });
  const playback: Playback = new Playback({
    me,
    clock,
    commands,
    screen: () => line.room().screen,
    online,
    inControl() {
      const here = online();
      return inControl(line.room()).filter((id) => here.includes(id));
    },
    signal: (signal) => {
      line.signal(signal);
    },
    changed,
    done,
    later(act, pause) {
      const timer = setTimeout(act, pause);
      return () => {
        clearTimeout(timer);
      };
    },
  });
  return {
    playback,
    commands,
    changed() {
      playback.changed();
    },
  };
}
