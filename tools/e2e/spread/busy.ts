/** How busy the machine is, with all its processes: on a saturated machine the figures say nothing of phones. */
import { cpus } from "node:os";

interface Times {
  readonly idle: number;
  readonly all: number;
}

function times(): Times {
  const each = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({
    idle,
    all: user + nice + sys + idle + irq,
  }));
  return each.reduce((sum, one) => ({ idle: sum.idle + one.idle, all: sum.all + one.all }), {
    idle: 0,
    all: 0,
  });
}

export class Busy {
  readonly #begin = times();

  /** The share of all processors' time since the beginning in which they worked. */
  get share(): number {
    const now = times();
    return 1 - (now.idle - this.#begin.idle) / Math.max(1, now.all - this.#begin.all);
  }
}
