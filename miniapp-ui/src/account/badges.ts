/** The achievements in the order in which they are shown: what is drawn on each badge, on a field of 24 × 24, and in which colours. */
export interface BadgeDrawing {
  id: string;
  /** The two ends of its gradient. */
  colours: readonly [string, string];
  /** Strokes. */
  lines: string;
}

const ROSE = ["#ff8a9b", "#d6336c"] as const;
const GOLD = ["#ffcf5c", "#d9820b"] as const;
const SKY = ["#6fb7ff", "#2f63d6"] as const;
const MINT = ["#6fdcae", "#138a66"] as const;
const DUSK = ["#b79cff", "#6a3fd1"] as const;

export const ACHIEVEMENTS: readonly BadgeDrawing[] = [
  // Two hearts' worth of one.
  {
    id: "first_match",
    colours: ROSE,
    lines: "M12 18.2 6.6 13a3.5 3.5 0 0 1 5-4.9l.4.4.4-.4a3.5 3.5 0 0 1 5 4.9z",
  },
  // Two circles that overlap.
  {
    id: "one_mind",
    colours: ROSE,
    lines: "M9.5 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM14.5 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z",
  },
  // An eye with a spark.
  {
    id: "mind_reader",
    colours: ROSE,
    lines:
      "M5 12.5C7 9.2 9.3 7.7 12 7.7s5 1.5 7 4.8c-2 3.3-4.3 4.8-7 4.8s-5-1.5-7-4.8zM12 10.3a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM12 3.5v1.6",
  },
  // A row of people.
  {
    id: "full_house",
    colours: GOLD,
    lines:
      "M12 6.4a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6zM8 17.6c0-2.6 1.6-4.2 4-4.2s4 1.6 4 4.2M6.2 9.2a1.7 1.7 0 1 0 .1 3.4M4 16.6c0-1.6.7-2.6 2-3M17.8 9.2a1.7 1.7 0 1 1-.1 3.4M20 16.6c0-1.6-.7-2.6-2-3",
  },
  // Cards in a fan.
  {
    id: "connoisseur",
    colours: MINT,
    lines:
      "M9.6 7.2h6.2a1 1 0 0 1 1 1v8.6a1 1 0 0 1-1 1H9.6a1 1 0 0 1-1-1V8.2a1 1 0 0 1 1-1zM6.4 9.4v6.8M10.9 12.6l1.4 1.4 2.5-2.9",
  },
  // A reel.
  {
    id: "end_credits",
    colours: SKY,
    lines:
      "M12 5.8a6.2 6.2 0 1 0 0 12.4h6.2M12 5.8a6.2 6.2 0 0 1 4.4 10.6M12 8.7v.1M12 15.2v.1M8.8 12h.1M15.1 12h.1M12 12v.1",
  },
  // Two tickets.
  {
    id: "double_feature",
    colours: SKY,
    lines:
      "M5.5 10.5h9.5v2a1.2 1.2 0 0 0 0 2.4v2H5.5v-2a1.2 1.2 0 0 0 0-2.4zM8.5 10.2V7.4h10v2a1.2 1.2 0 0 0 0 2.4v2h-3",
  },
  // A clapperboard.
  {
    id: "film_club",
    colours: SKY,
    lines: "M6 11h12v6.5H6zM6 11l-.7-2.5 11.6-3 .7 2.5zM9.2 7.5l1.3 2.2M13 6.5l1.3 2.2",
  },
  // The moon and the sun.
  {
    id: "day_and_night",
    colours: DUSK,
    lines: "M13.5 6.2a6 6 0 1 0 4.8 8.7 5 5 0 0 1-4.8-8.7zM17.5 5.5v2M16.5 6.5h2M19 9.6v1.2M18.4 10.2h1.2",
  },
  // A door that stands open.
  { id: "host", colours: GOLD, lines: "M8 18V6.5l6-1.2V18M14 7.5h2.5V18M6 18h12.5M11.8 12v.6" },
  // A hand that waves.
  {
    id: "welcome_guest",
    colours: GOLD,
    lines:
      "M9 12.5V8a1.2 1.2 0 0 1 2.4 0v3.5M11.4 11V6.8a1.2 1.2 0 0 1 2.4 0V11M13.8 11.3V8.2a1.2 1.2 0 0 1 2.4 0v5.3c0 2.9-1.7 4.7-4.3 4.7-2.2 0-3.3-1-4.3-2.8l-1.5-2.7c-.6-1.2.9-2.1 1.7-1.1l1.2 1.5M17.8 6.2c.7.5 1.1 1.2 1.3 2",
  },
  // A speech bubble.
  {
    id: "storyteller",
    colours: MINT,
    lines:
      "M7 6.5h10a1.8 1.8 0 0 1 1.8 1.8v5.4A1.8 1.8 0 0 1 17 15.5h-5l-3.5 2.8v-2.8H7a1.8 1.8 0 0 1-1.8-1.8V8.3A1.8 1.8 0 0 1 7 6.5zM9 11h.1M12 11h.1M15 11h.1",
  },
];
