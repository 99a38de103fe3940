/** Scenes with a sky and a ground: where stories happen. */
import type { Chance } from "./chance";
import { type Draw, circle, fill, line, n, path, rect, times } from "./strokes";

export const stars: Draw = (chance, { pale }) =>
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

export const planet: Draw = (chance, c) => {
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

export const orbits: Draw = (chance, c) => {
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

export const ranges: Draw = (chance, c) =>
  circle(chance.between(50, 150), chance.between(70, 110), chance.between(26, 44), fill(c.bright)) +
  hills(chance, 140, 30, fill(c.pale, 0.5), true) +
  hills(chance, 170, 26, fill(c.bright, 0.55), true) +
  hills(chance, 200, 20, fill(c.deep, 0.75), true);

export const waves: Draw = (chance, c) =>
  circle(chance.between(60, 140), chance.between(70, 100), chance.between(24, 40), fill(c.pale)) +
  times(5, (index) => hills(chance, 130 + index * 22, 9, fill(index % 2 ? c.deep : c.bright, 0.5)));

export const mesas: Draw = (chance, c) => {
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

export const city: Draw = (chance, c) => {
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

export const rainbow: Draw = (chance, c) => {
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

export const balloons: Draw = (chance, c) =>
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

export const castle: Draw = (chance, c) => {
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

export const searchlights: Draw = (chance, c) =>
  times(5, () => {
    const from = chance.between(0, 200);
    const to = chance.between(0, 200);
    return path(`M${n(from)} 240L${n(to - 22)} 0H${n(to + 22)}Z`, fill(c.pale, 0.22));
  }) +
  circle(chance.between(60, 140), chance.between(60, 90), chance.between(18, 28), fill(c.bright)) +
  hills(chance, 196, 14, fill(c.deep, 0.6), true) +
  hills(chance, 216, 10, fill(c.deep), true);

export const arches: Draw = (chance, c) => {
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

export const horizon: Draw = (chance, c) => {
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

export const gridland: Draw = (chance, c) => {
  const y = chance.between(126, 142);
  const r = chance.between(44, 58);
  return (
    stars(chance, c) +
    circle(100, y - 6, r, fill(c.bright)) +
    times(5, (index) => rect(30, y - 30 + index * 9, 140, 1.6 + index * 0.9, fill(c.ground))) +
    rect(0, y, 200, 180, fill(c.deep, 0.9)) +
    times(8, (index) => rect(0, y + index * index * 2.6, 200, 1.3, fill(c.pale, 0.75))) +
    times(13, (index) => path(`M100 ${n(y)}L${n(-240 + index * 57)} 300`, line(c.pale, 1.1, 0.65)))
  );
};

export const beam: Draw = (chance, c) => {
  const x = chance.between(80, 120);
  const y = chance.between(56, 74);
  return (
    stars(chance, c) +
    path(`M${n(x - 24)} ${n(y)}L${n(x - 74)} 240H${n(x + 74)}L${n(x + 24)} ${n(y)}Z`, fill(c.bright, 0.42)) +
    path(`M${n(x - 12)} ${n(y)}L${n(x - 40)} 240H${n(x + 40)}L${n(x + 12)} ${n(y)}Z`, fill(c.pale, 0.4)) +
    path(`M${n(x - 24)} ${n(y - 4)}a24 24 0 0 1 48 0Z`, fill(c.pale)) +
    `<ellipse cx="${n(x)}" cy="${n(y)}" rx="58" ry="13" ${fill(c.bright)}/>` +
    times(5, (index) => circle(x - 40 + index * 20, y + 1, 3, fill(c.deep))) +
    hills(chance, 214, 12, fill(c.deep))
  );
};

export const stairs: Draw = (chance, c) => {
  const count = chance.whole(5, 7);
  const w = 200 / count;
  return (
    circle(150, chance.between(52, 66), chance.between(24, 32), fill(c.pale)) +
    times(count, (index) => {
      const top = 214 - index * (128 / count);
      return (
        rect(index * w, top, w + 0.5, 300 - top, fill(c.bright)) +
        rect(index * w, top, w * 0.45, 300 - top, fill(c.deep, 0.55)) +
        rect(index * w, top, w + 0.5, 5, fill(c.pale))
      );
    })
  );
};

export const moonPath: Draw = (chance, c) => {
  const x = chance.between(64, 90);
  return (
    circle(x, 74, chance.between(28, 40), fill(c.pale)) +
    rect(0, 126, 200, 180, fill(c.deep, 0.7)) +
    times(9, (index) => {
      const w = chance.between(14, 34) + index * 5;
      return rect(
        x - w / 2 + chance.between(-8, 8),
        131 + index * 10,
        w,
        3.6,
        `rx="1.8" ${fill(c.pale, 0.85)}`,
      );
    }) +
    path("M134 128h40l-8 11h-24Z", fill(c.bright)) +
    path("M154 126V84l22 40Z", fill(c.bright))
  );
};
