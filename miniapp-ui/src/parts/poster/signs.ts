/** Scenes of one large sign: what stories feel like. */
import { type Draw, circle, fill, line, n, path, rect, times } from "./strokes";

export const twoCircles: Draw = (chance, c) => {
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

export const petals: Draw = (chance, c) => {
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

export const eye: Draw = (chance, c) => {
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

export const spikes: Draw = (chance, c) => {
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

export const blinds: Draw = (chance, c) => {
  const lamp = chance.between(60, 140);
  return (
    path(`M${n(lamp)} 0L${n(lamp - 90)} 240H${n(lamp + 90)}Z`, fill(c.pale, 0.28)) +
    circle(lamp, chance.between(96, 116), chance.between(38, 50), fill(c.bright)) +
    times(12, (index) => rect(0, index * 20 + 4, 200, chance.between(5, 11), fill(c.deep, 0.78)))
  );
};

export const confetti: Draw = (chance, c) =>
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

export const smile: Draw = (chance, c) => {
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

export const vinyl: Draw = (chance, c) => {
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

export const equaliser: Draw = (chance, c) =>
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

export const rays: Draw = (chance, c) => {
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

export const speed: Draw = (chance, c) =>
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

export const lanes: Draw = (chance, c) =>
  times(7, (index) =>
    circle(chance.between(-12, -8), 232, 70 + index * 26, line(index % 2 ? c.pale : c.bright, 13, 0.92)),
  ) + circle(chance.between(130, 165), chance.between(36, 60), chance.between(13, 20), fill(c.pale));

export const keyhole: Draw = (chance, c) => {
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

export const spiral: Draw = (chance, c) => {
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

export const contours: Draw = (chance, c) => {
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

export const pane: Draw = (chance, c) => {
  const lean = chance.between(-26, 26);
  const glass = (row: number, column: number) => {
    const [x, y] = [52 + column * 50, 52 + row * 62];
    return rect(x, y, 46, 58, fill(chance.unit() < 0.3 ? c.pale : c.bright));
  };
  return (
    path(`M52 172H148L${n(176 + lean)} 300H${n(24 + lean)}Z`, fill(c.bright, 0.28)) +
    times(4, (index) => glass(Math.floor(index / 2), index % 2)) +
    circle(chance.between(70, 130), chance.between(80, 108), chance.between(11, 18), fill(c.deep, 0.8))
  );
};

export const ribbons: Draw = (chance, c) =>
  times(6, (index) => {
    const y = 20 + index * 36;
    const [a, b] = [chance.between(-40, 40), chance.between(-40, 40)];
    return path(
      `M-10 ${n(y)}C60 ${n(y + a)} 140 ${n(y + b)} 210 ${n(y + a / 2)}`,
      line([c.bright, c.pale, c.deep][index % 3] ?? c.bright, chance.between(8, 20), 0.9),
    );
  });

export const fan: Draw = (chance, c) => {
  const step = chance.between(38, 50);
  const scale = (x: number, y: number) =>
    [c.deep, c.bright, c.ground, c.pale, c.bright]
      .map((colour, index) => circle(x, y, step * (0.98 - index * 0.19), fill(colour)))
      .join("");
  return times(6, (row) =>
    times(5, (column) => scale(column * step * 2 - (row % 2 ? 0 : step) - step, row * step * 0.9 + 10)),
  );
};

export const halftone: Draw = (chance, c) => {
  const [x, y] = [chance.between(40, 160), chance.between(60, 150)];
  return (
    times(170, (index) => {
      const [px, py] = [
        (index % 13) * 16 + (Math.floor(index / 13) % 2) * 8,
        Math.floor(index / 13) * 16 + 6,
      ];
      return circle(px, py, Math.max(1, 8.4 - Math.hypot(px - x, py - y) * 0.058), fill(c.deep, 0.55));
    }) +
    circle(x, y, chance.between(34, 46), fill(c.bright)) +
    circle(x - 9, y - 9, chance.between(12, 17), fill(c.pale, 0.85))
  );
};

export const onlookers: Draw = (chance, c) => {
  const look = chance.between(-0.4, 0.4);
  const pair = (x: number, y: number, r: number) =>
    [x - r * 1.06, x + r * 1.06]
      .map(
        (at) =>
          circle(at, y, r, fill(c.pale)) +
          circle(at + r * look, y + r * 0.2, r * 0.46, fill(c.deep)) +
          circle(at + r * look + r * 0.15, y + r * 0.03, r * 0.13, fill(c.pale)),
      )
      .join("");
  return (
    pair(chance.between(60, 140), chance.between(44, 58), chance.between(13, 17)) +
    pair(chance.between(70, 130), chance.between(104, 116), chance.between(26, 34)) +
    pair(chance.between(40, 160), chance.between(164, 176), chance.between(10, 14))
  );
};
