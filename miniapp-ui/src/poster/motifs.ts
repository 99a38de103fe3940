/**
 * The pictures on the posters: one small scene for each kind of story, drawn from a seed on a field of
 * 200 × 300. Markup is built from numbers and our own colours only; no word of anybody's ever gets in here.
 */
import type { Chance } from "./chance";
import type { Mood, Palette } from "./palette";

export type Draw = (chance: Chance, colours: Palette) => string;

export interface Motif {
  moods: readonly [Mood, ...Mood[]];
  draw: readonly [Draw, ...Draw[]];
}

const n = (value: number) => String(Math.round(value * 10) / 10);
const circle = (x: number, y: number, r: number, rest: string) =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" ${rest}/>`;
const path = (d: string, rest: string) => `<path d="${d}" ${rest}/>`;
const rect = (x: number, y: number, w: number, h: number, rest: string) =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" ${rest}/>`;
const fill = (colour: string, opacity = 1) =>
  opacity === 1 ? `fill="${colour}"` : `fill="${colour}" fill-opacity="${n(opacity)}"`;
const line = (colour: string, width: number, opacity = 1) =>
  `fill="none" stroke="${colour}" stroke-width="${n(width)}" stroke-opacity="${String(opacity)}"`;
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join("");

const stars: Draw = (chance, { pale }) =>
  times(26, () =>
    circle(chance.between(4, 196), chance.between(4, 210), chance.between(0.4, 1.5), fill(pale, 0.8)),
  );

/** A line of hills from side to side, filled down to the bottom. */
function hills(chance: Chance, top: number, rough: number, rest: string, jagged = false): string {
  const steps = chance.whole(4, 7);
  const points = Array.from({ length: steps + 1 }, (_, index) => ({
    x: (200 / steps) * index,
    y: top + chance.between(-rough, rough),
  }));
  const [start] = points;
  if (!start) return "";
  const ridge = points.slice(1).map((to, index) => {
    const from = points[index] ?? start;
    const middle = (from.x + to.x) / 2;
    return jagged
      ? `L${n(to.x)} ${n(to.y)}`
      : `C${n(middle)} ${n(from.y)} ${n(middle)} ${n(to.y)} ${n(to.x)} ${n(to.y)}`;
  });
  return path(`M0 ${n(start.y)}${ridge.join("")}V300H0Z`, rest);
}

const planet: Draw = (chance, c) => {
  const [x, y, r] = [chance.between(70, 130), chance.between(90, 130), chance.between(42, 62)];
  const tilt = chance.whole(-32, 32);
  const ring = (from: 0 | 1) =>
    path(
      `M${n(x - r * 1.7)} ${n(y)}A${n(r * 1.7)} ${n(r * 0.45)} 0 0 ${from} ${n(x + r * 1.7)} ${n(y)}`,
      line(c.pale, 3.2, 0.95),
    );
  return (
    stars(chance, c) +
    `<g transform="rotate(${tilt} ${n(x)} ${n(y)})">` +
    ring(1) +
    circle(x, y, r, fill(c.bright)) +
    circle(x + r * 0.22, y + r * 0.18, r * 0.78, fill(c.ground, 0.35)) +
    rect(x - r * 0.94, y - r * 0.3, r * 1.88, r * 0.12, fill(c.pale, 0.3)) +
    ring(0) +
    "</g>" +
    circle(chance.between(20, 50), chance.between(30, 60), chance.between(5, 11), fill(c.pale))
  );
};

const orbits: Draw = (chance, c) => {
  const [x, y] = [chance.between(60, 140), chance.between(95, 135)];
  return (
    stars(chance, c) +
    times(5, (index) => {
      const r = 24 + index * 24;
      const angle = chance.between(0, Math.PI * 2);
      return (
        circle(x, y, r, line(c.pale, 1, 0.45)) +
        circle(
          x + r * Math.cos(angle),
          y + r * Math.sin(angle),
          chance.between(3, 9),
          fill(chance.heads() ? c.bright : c.pale),
        )
      );
    }) +
    circle(x, y, 14, fill(c.bright))
  );
};

const ranges: Draw = (chance, c) =>
  circle(chance.between(50, 150), chance.between(70, 110), chance.between(26, 44), fill(c.bright)) +
  hills(chance, 140, 30, fill(c.pale, 0.5), true) +
  hills(chance, 170, 26, fill(c.bright, 0.55), true) +
  hills(chance, 200, 20, fill(c.deep, 0.75), true);

const waves: Draw = (chance, c) =>
  circle(chance.between(60, 140), chance.between(70, 100), chance.between(24, 40), fill(c.pale)) +
  times(5, (index) => hills(chance, 130 + index * 22, 9, fill(index % 2 ? c.deep : c.bright, 0.5)));

const mesas: Draw = (chance, c) => {
  const left = chance.between(10, 40);
  const right = chance.between(120, 150);
  const mesa = (x: number, w: number, top: number) =>
    path(
      `M${n(x - 8)} 300L${n(x + 2)} ${n(top + 26)}H${n(x + 6)}V${n(top)}H${n(x + w - 6)}V${n(top + 26)}H${n(x + w - 2)}L${n(x + w + 8)} 300Z`,
      fill(c.deep, 0.82),
    );
  return (
    circle(chance.between(85, 115), chance.between(105, 130), chance.between(48, 62), fill(c.bright)) +
    times(4, (index) => rect(30, 128 + index * 9, 140, 2 + index * 1.3, fill(c.ground))) +
    hills(chance, 196, 6, fill(c.pale, 0.35)) +
    mesa(left, chance.between(38, 54), chance.between(140, 160)) +
    mesa(right, chance.between(32, 46), chance.between(120, 150)) +
    hills(chance, 224, 5, fill(c.deep))
  );
};

const twoCircles: Draw = (chance, c) => {
  const y = chance.between(95, 120);
  const r = chance.between(44, 54);
  const apart = r * chance.between(0.52, 0.72);
  const lens = Math.sqrt(r * r - apart * apart);
  return (
    circle(100 - apart, y, r, fill(c.bright)) +
    circle(100 + apart, y, r, fill(c.pale)) +
    path(
      `M100 ${n(y - lens)}A${n(r)} ${n(r)} 0 0 1 100 ${n(y + lens)}A${n(r)} ${n(r)} 0 0 1 100 ${n(y - lens)}Z`,
      fill(c.deep, 0.85),
    ) +
    times(6, () =>
      circle(chance.between(10, 190), chance.between(16, 210), chance.between(1, 2.6), fill(c.pale, 0.8)),
    )
  );
};

const petals: Draw = (chance, c) => {
  const [x, y] = [chance.between(80, 120), chance.between(95, 120)];
  const count = chance.whole(6, 10);
  const length = chance.between(58, 76);
  return (
    path(
      `M${n(x)} ${n(y)}C${n(x + 14)} ${n(y + 60)} ${n(x - 18)} ${n(y + 110)} ${n(x + 4)} 300`,
      line(c.deep, 4),
    ) +
    times(
      count,
      (index) =>
        `<g transform="rotate(${n((360 / count) * index)} ${n(x)} ${n(y)})">` +
        path(
          `M${n(x)} ${n(y)}C${n(x + 26)} ${n(y - length * 0.4)} ${n(x + 16)} ${n(y - length)} ${n(x)} ${n(y - length)}C${n(x - 16)} ${n(y - length)} ${n(x - 26)} ${n(y - length * 0.4)} ${n(x)} ${n(y)}Z`,
          fill(index % 2 ? c.bright : c.pale, 0.9),
        ) +
        "</g>",
    ) +
    circle(x, y, 11, fill(c.deep))
  );
};

const eye: Draw = (chance, c) => {
  const y = chance.between(100, 125);
  const open = chance.between(44, 66);
  const look = chance.between(-14, 14);
  return (
    times(3, (index) =>
      path(
        `M6 ${n(y)}Q100 ${n(y - open * 2 - index * 26)} 194 ${n(y)}`,
        line(c.bright, 1.5, 0.75 - index * 0.2),
      ),
    ) +
    path(
      `M12 ${n(y)}Q100 ${n(y - open * 1.6)} 188 ${n(y)}Q100 ${n(y + open * 1.6)} 12 ${n(y)}Z`,
      fill(c.pale),
    ) +
    circle(100 + look, y, open * 0.66, fill(c.bright)) +
    circle(100 + look, y, open * 0.34, fill(c.deep)) +
    circle(100 + look + open * 0.2, y - open * 0.22, open * 0.1, fill(c.pale))
  );
};

const spikes: Draw = (chance, c) => {
  const teeth = (top: boolean) => {
    const count = chance.whole(6, 9);
    const w = 200 / count;
    return times(count, (index) => {
      const tip = chance.between(34, 78);
      const x = index * w;
      return top
        ? path(`M${n(x)} 0H${n(x + w)}L${n(x + w / 2)} ${n(tip)}Z`, fill(c.deep))
        : path(`M${n(x)} 232H${n(x + w)}L${n(x + w / 2)} ${n(232 - tip)}Z`, fill(c.deep));
    });
  };
  return (
    circle(100, 116, chance.between(46, 58), fill(c.bright)) +
    circle(100 + chance.between(-10, 10), 116, chance.between(18, 28), fill(c.deep)) +
    teeth(true) +
    teeth(false) +
    rect(0, 231, 200, 70, fill(c.deep))
  );
};

const blinds: Draw = (chance, c) => {
  const lamp = chance.between(60, 140);
  return (
    path(`M${n(lamp)} 0L${n(lamp - 90)} 240H${n(lamp + 90)}Z`, fill(c.pale, 0.28)) +
    circle(lamp, chance.between(96, 116), chance.between(38, 50), fill(c.bright)) +
    times(12, (index) => rect(0, index * 20 + 4, 200, chance.between(5, 11), fill(c.deep, 0.78)))
  );
};

const city: Draw = (chance, c) => {
  const tower = (x: number, w: number, top: number) =>
    rect(x, top, w, 300 - top, fill(c.deep, 0.9)) +
    times(14, (index) =>
      chance.unit() < 0.42
        ? rect(
            x + 4 + (index % 2) * (w / 2 - 2),
            top + 9 + Math.floor(index / 2) * 13,
            w / 2 - 7,
            6,
            fill(c.bright),
          )
        : "",
    );
  return (
    circle(chance.between(50, 150), chance.between(50, 80), chance.between(20, 34), fill(c.pale)) +
    times(6, (index) => rect(index * 36 - 8, chance.between(110, 160), 32, 200, fill(c.deep, 0.35))) +
    times(5, (index) =>
      tower(index * 42 - 6 + chance.between(-3, 3), chance.between(28, 36), chance.between(90, 185)),
    )
  );
};

const confetti: Draw = (chance, c) =>
  times(22, (index) => {
    const [x, y, size] = [chance.between(0, 200), chance.between(0, 220), chance.between(7, 24)];
    const paint = fill(index % 3 === 0 ? c.deep : index % 3 === 1 ? c.bright : c.pale, 0.95);
    const turn = `transform="rotate(${chance.whole(0, 180)} ${n(x)} ${n(y)})"`;
    const kind = chance.whole(0, 3);
    if (kind === 0) return circle(x, y, size / 2, paint);
    if (kind === 1) return rect(x, y, size, size * 0.4, `rx="2" ${paint} ${turn}`);
    if (kind === 2)
      return path(`M${n(x)} ${n(y)}a${n(size / 2)} ${n(size / 2)} 0 0 1 ${n(size)} 0Z`, `${paint} ${turn}`);
    return path(`M${n(x)} ${n(y)}l${n(size)} 0l${n(-size / 2)} ${n(size * 0.9)}Z`, `${paint} ${turn}`);
  });

const smile: Draw = (chance, c) => {
  const [x, y, r] = [chance.between(88, 112), chance.between(98, 118), chance.between(66, 82)];
  const wink = chance.heads();
  return (
    circle(x, y, r, fill(c.bright)) +
    circle(x - r * 0.34, y - r * 0.2, r * 0.1, fill(c.deep)) +
    (wink
      ? path(
          `M${n(x + r * 0.2)} ${n(y - r * 0.2)}q${n(r * 0.14)} ${n(-r * 0.16)} ${n(r * 0.28)} 0`,
          line(c.deep, r * 0.08),
        )
      : circle(x + r * 0.34, y - r * 0.2, r * 0.1, fill(c.deep))) +
    path(
      `M${n(x - r * 0.56)} ${n(y + r * 0.18)}A${n(r * 0.58)} ${n(r * 0.58)} 0 0 0 ${n(x + r * 0.56)} ${n(y + r * 0.18)}Z`,
      fill(c.deep),
    ) +
    path(
      `M${n(x - r * 0.3)} ${n(y + r * 0.6)}Q${n(x)} ${n(y + r * 0.36)} ${n(x + r * 0.3)} ${n(y + r * 0.6)}Q${n(x)} ${n(y + r * 0.8)} ${n(x - r * 0.3)} ${n(y + r * 0.6)}Z`,
      fill(c.pale, 0.9),
    )
  );
};

const rainbow: Draw = (chance, c) => {
  const x = chance.between(70, 130);
  const bands = [c.bright, c.pale, c.deep, c.bright, c.pale];
  const cloud = (cx: number, cy: number, s: number) =>
    circle(cx, cy, 14 * s, fill("#ffffff", 0.92)) +
    circle(cx + 15 * s, cy + 4 * s, 11 * s, fill("#ffffff", 0.92)) +
    circle(cx - 15 * s, cy + 5 * s, 10 * s, fill("#ffffff", 0.92));
  return (
    bands.map((colour, index) => circle(x, 190, 118 - index * 15, line(colour, 14))).join("") +
    hills(chance, 196, 10, fill(c.deep, 0.6)) +
    hills(chance, 216, 8, fill(c.deep)) +
    cloud(chance.between(26, 60), chance.between(40, 64), chance.between(0.8, 1.2)) +
    cloud(chance.between(135, 170), chance.between(70, 110), chance.between(0.6, 1))
  );
};

const balloons: Draw = (chance, c) =>
  hills(chance, 205, 10, fill(c.deep, 0.5)) +
  times(5, (index) => {
    const [x, y, r] = [
      26 + index * 37 + chance.between(-6, 6),
      chance.between(46, 130),
      chance.between(16, 26),
    ];
    const colour = index % 2 ? c.bright : c.pale;
    return (
      path(
        `M${n(x)} ${n(y + r)}q${n(chance.between(-12, 12))} 40 ${n((100 - x) * 0.4)} ${n(200 - y)}`,
        line(c.deep, 1, 0.6),
      ) +
      path(
        `M${n(x)} ${n(y + r * 1.25)}C${n(x - r * 1.3)} ${n(y + r * 0.4)} ${n(x - r)} ${n(y - r)} ${n(x)} ${n(y - r)}S${n(x + r * 1.3)} ${n(y + r * 0.4)} ${n(x)} ${n(y + r * 1.25)}Z`,
        fill(colour),
      ) +
      circle(x - r * 0.3, y - r * 0.4, r * 0.16, fill("#ffffff", 0.7))
    );
  }) +
  hills(chance, 228, 6, fill(c.deep));

const castle: Draw = (chance, c) => {
  const tower = (x: number, w: number, top: number) =>
    rect(x, top, w, 240 - top, fill(c.deep)) +
    path(`M${n(x - 3)} ${n(top)}h${n(w + 6)}l${n(-w / 2 - 3)} ${n(-w * 1.25)}Z`, fill(c.bright)) +
    rect(x + w / 2 - 2, top + 12, 4, 9, `rx="2" ${fill(c.pale)}`);
  const x = chance.between(66, 92);
  return (
    stars(chance, c) +
    circle(chance.between(120, 165), chance.between(45, 75), chance.between(22, 34), fill(c.pale)) +
    hills(chance, 190, 22, fill(c.bright, 0.35), true) +
    tower(x, 20, chance.between(100, 125)) +
    tower(x + 26, 26, chance.between(75, 95)) +
    tower(x + 58, 18, chance.between(115, 140)) +
    rect(x - 4, 168, 90, 90, fill(c.deep)) +
    hills(chance, 214, 8, fill(c.deep))
  );
};

const vinyl: Draw = (chance, c) => {
  const [x, y] = [chance.between(70, 130), chance.between(100, 120)];
  return (
    circle(x, y, 86, fill(c.deep)) +
    times(8, (index) => circle(x, y, 80 - index * 6.4, line(c.pale, 0.8, 0.28))) +
    circle(x, y, 27, fill(c.bright)) +
    circle(x, y, 19, line(c.pale, 1, 0.7)) +
    circle(x, y, 3.4, fill(c.deep)) +
    path(
      `M${n(x)} ${n(y)}L${n(x + 60)} ${n(y - 60)}A86 86 0 0 1 ${n(x + 82)} ${n(y - 24)}Z`,
      fill(c.pale, 0.16),
    )
  );
};

const equaliser: Draw = (chance, c) =>
  times(11, (index) => {
    const tall = chance.between(40, 165) * (1 - Math.abs(index - 5) * 0.08);
    return rect(
      9 + index * 17,
      210 - tall,
      11,
      tall,
      `rx="5.5" ${fill(index % 3 === 1 ? c.pale : c.bright)}`,
    );
  });

const searchlights: Draw = (chance, c) =>
  times(5, () => {
    const from = chance.between(0, 200);
    const to = chance.between(0, 200);
    return path(`M${n(from)} 240L${n(to - 22)} 0H${n(to + 22)}Z`, fill(c.pale, 0.22));
  }) +
  circle(chance.between(60, 140), chance.between(60, 90), chance.between(18, 28), fill(c.bright)) +
  hills(chance, 196, 14, fill(c.deep, 0.6), true) +
  hills(chance, 216, 10, fill(c.deep), true);

const rays: Draw = (chance, c) => {
  const [x, y] = [chance.between(60, 140), chance.between(100, 140)];
  const count = chance.whole(9, 14);
  const turn = chance.between(0, Math.PI);
  return (
    times(count, (index) => {
      const a = turn + (index / count) * Math.PI * 2;
      const b = a + Math.PI / count;
      const at = (angle: number) => `${n(x + 320 * Math.cos(angle))} ${n(y + 320 * Math.sin(angle))}`;
      return path(`M${n(x)} ${n(y)}L${at(a)}L${at(b)}Z`, fill(index % 2 ? c.bright : c.pale, 0.5));
    }) +
    circle(x, y, chance.between(30, 40), fill(c.deep)) +
    circle(x, y, chance.between(16, 24), fill(c.bright))
  );
};

const speed: Draw = (chance, c) =>
  `<g transform="rotate(${chance.whole(-34, -20)} 100 120)">` +
  times(13, (index) => {
    const colour = [c.bright, c.pale, c.deep][index % 3] ?? c.bright;
    const start = chance.between(-60, 110);
    return rect(
      start,
      -10 + index * 20,
      chance.between(60, 190),
      chance.between(5, 15),
      `rx="7" ${fill(colour, 0.9)}`,
    );
  }) +
  "</g>";

const lanes: Draw = (chance, c) =>
  times(7, (index) =>
    circle(chance.between(-12, -8), 232, 70 + index * 26, line(index % 2 ? c.pale : c.bright, 13, 0.92)),
  ) + circle(chance.between(130, 165), chance.between(36, 60), chance.between(13, 20), fill(c.pale));

const keyhole: Draw = (chance, c) => {
  const y = chance.between(82, 100);
  const r = chance.between(28, 36);
  return (
    times(5, (index) => circle(100, y + 24, 62 + index * 17, line(c.bright, 2, 0.9 - index * 0.16))) +
    circle(100, y, r, fill(c.pale)) +
    path(
      `M${n(100 - r * 0.5)} ${n(y)}L${n(100 - r)} ${n(y + r * 3)}H${n(100 + r)}L${n(100 + r * 0.5)} ${n(y)}Z`,
      fill(c.pale),
    ) +
    circle(100, y, r * 0.34, fill(c.deep))
  );
};

const spiral: Draw = (chance, c) => {
  const [x, y] = [chance.between(84, 116), chance.between(100, 122)];
  const way = chance.heads() ? 1 : -1;
  const points = Array.from({ length: 90 }, (_, index) => {
    const angle = way * index * 0.28;
    const r = index * 0.98;
    return `${index ? "L" : "M"}${n(x + r * Math.cos(angle))} ${n(y + r * Math.sin(angle))}`;
  });
  return (
    path(points.join(""), `${line(c.bright, 7)} stroke-linecap="round" stroke-linejoin="round"`) +
    circle(x, y, 9, fill(c.pale))
  );
};

const contours: Draw = (chance, c) => {
  const [x, y] = [chance.between(60, 140), chance.between(80, 130)];
  const bumps = chance.whole(3, 5);
  const phase = chance.between(0, 6);
  const ring = (r: number) => {
    const at = Array.from({ length: 49 }, (_, index) => {
      const angle = (index / 48) * Math.PI * 2;
      const reach = r * (1 + 0.14 * Math.sin(bumps * angle + phase) + 0.06 * Math.cos(2 * angle - phase));
      return `${index ? "L" : "M"}${n(x + reach * Math.cos(angle))} ${n(y + reach * Math.sin(angle))}`;
    });
    return at.join("") + "Z";
  };
  return (
    path(ring(34), fill(c.bright)) +
    times(8, (index) => path(ring(34 + index * 15), line(c.pale, 1.6, 0.85 - index * 0.08)))
  );
};

const arches: Draw = (chance, c) => {
  const count = chance.whole(3, 4);
  const w = 176 / count;
  const arch = (x: number, width: number, top: number, rest: string) =>
    path(`M${n(x)} 236V${n(top + width / 2)}a${n(width / 2)} ${n(width / 2)} 0 0 1 ${n(width)} 0V236Z`, rest);
  return (
    circle(chance.between(60, 140), chance.between(50, 70), chance.between(20, 30), fill(c.pale)) +
    times(count, (index) => {
      const x = 12 + index * w;
      return arch(x + 3, w - 6, 96, fill(c.bright)) + arch(x + 10, w - 20, 110, fill(c.deep, 0.85));
    }) +
    rect(6, 226, 188, 12, fill(c.bright)) +
    rect(0, 238, 200, 62, fill(c.deep))
  );
};

const window_: Draw = (chance, c) => {
  const lean = chance.between(-26, 26);
  const pane = (row: number, column: number) => {
    const [x, y] = [52 + column * 50, 52 + row * 62];
    return rect(x, y, 46, 58, fill(chance.unit() < 0.3 ? c.pale : c.bright));
  };
  return (
    path(`M52 172H148L${n(176 + lean)} 300H${n(24 + lean)}Z`, fill(c.bright, 0.28)) +
    times(4, (index) => pane(Math.floor(index / 2), index % 2)) +
    circle(chance.between(70, 130), chance.between(80, 108), chance.between(11, 18), fill(c.deep, 0.8))
  );
};

const horizon: Draw = (chance, c) => {
  const y = chance.between(128, 150);
  const r = chance.between(50, 66);
  return (
    circle(100, y, r, fill(c.bright)) +
    rect(0, y, 200, 180, fill(c.deep, 0.82)) +
    times(7, (index) =>
      rect(
        100 - (r - index * 6) * chance.between(0.6, 1),
        y + 6 + index * 11,
        (r - index * 6) * 1.7,
        3.4,
        fill(c.bright, 0.85),
      ),
    ) +
    path(`M${n(chance.between(30, 70))} ${n(y - 74)}q7 -8 13 0q7 -8 13 0`, line(c.pale, 2))
  );
};

const ribbons: Draw = (chance, c) =>
  times(6, (index) => {
    const y = 20 + index * 36;
    const [a, b] = [chance.between(-40, 40), chance.between(-40, 40)];
    return path(
      `M-10 ${n(y)}C60 ${n(y + a)} 140 ${n(y + b)} 210 ${n(y + a / 2)}`,
      line([c.bright, c.pale, c.deep][index % 3] ?? c.bright, chance.between(8, 20), 0.9),
    );
  });

/** Which scenes tell of which genre; the first known genre of a title decides. */
export const MOTIFS: Partial<Record<string, Motif>> = {
  "sci-fi": { moods: ["cool", "dark"], draw: [planet, orbits] },
  fantasy: { moods: ["cool", "soft", "dark"], draw: [castle, ranges] },
  adventure: { moods: ["warm", "earth", "cool"], draw: [ranges, waves] },
  western: { moods: ["earth", "warm"], draw: [mesas] },
  romance: { moods: ["soft", "warm"], draw: [twoCircles, petals] },
  horror: { moods: ["dark"], draw: [spikes, eye] },
  thriller: { moods: ["dark", "cool"], draw: [eye, spiral, blinds] },
  mystery: { moods: ["dark", "cool"], draw: [keyhole, spiral] },
  crime: { moods: ["dark", "earth"], draw: [city, blinds] },
  noir: { moods: ["dark"], draw: [blinds, city] },
  comedy: { moods: ["warm", "soft"], draw: [smile, confetti, rays] },
  animation: { moods: ["soft", "warm"], draw: [rainbow, balloons] },
  family: { moods: ["soft", "warm"], draw: [balloons, rainbow] },
  short: { moods: ["soft", "warm", "cool"], draw: [confetti, ribbons] },
  music: { moods: ["warm", "dark", "cool"], draw: [vinyl, equaliser] },
  musical: { moods: ["warm", "soft"], draw: [equaliser, vinyl, ribbons] },
  war: { moods: ["earth", "dark"], draw: [searchlights] },
  action: { moods: ["warm", "dark", "cool"], draw: [rays, speed] },
  sport: { moods: ["warm", "cool"], draw: [lanes, speed] },
  documentary: { moods: ["earth", "cool"], draw: [contours] },
  history: { moods: ["earth"], draw: [arches, contours] },
  biography: { moods: ["earth", "cool"], draw: [contours, window_] },
  drama: { moods: ["cool", "earth", "warm"], draw: [horizon, window_, waves] },
};

/** For titles that nobody has described. */
export const ANY_MOTIF: Motif = {
  moods: ["warm", "cool", "soft", "earth"],
  draw: [ribbons, confetti, contours],
};
