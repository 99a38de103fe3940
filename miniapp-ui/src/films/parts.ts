/** All of my films, as one piece: every piece has its name in the page, which each phone loads before the first card. */
export { default as FromMyFilms } from "./FromMyFilms";
export { default as LeaveOutSeen } from "./LeaveOutSeen";
export { default as MarkButtons } from "./MarkButtons";
export { default as MyFilms } from "./MyFilms";
export { default as SaveButton } from "./SaveButton";
